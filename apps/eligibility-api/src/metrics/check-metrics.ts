import { Histogram, type Registry } from 'prom-client';

import { Kept } from './kept.js';
import { Tally } from './tally.js';

export interface AnsweredCheck {
  readonly verdict: string;
  readonly source: string;
  readonly degraded: boolean;
}

/** Checks answered, by verdict and source, and how long they took. No label holds anything of a person or a caller. */
export class CheckMetrics {
  private readonly checks: Tally<'verdict' | 'source' | 'degraded'>;
  private readonly seconds: Kept<Histogram.Internal<'source'>>;
  private readonly corridor: Tally<'outcome'>;

  constructor(registry: Registry) {
    this.checks = new Tally(['verdict', 'source', 'degraded'], {
      name: 'shikaku_eligibility_checks_total',
      help: 'Eligibility checks answered',
      registers: [registry],
    });
    const seconds = new Histogram({
      name: 'shikaku_eligibility_check_duration_seconds',
      help: 'From the handler beginning to the answer being on record',
      labelNames: ['source'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 2.5, 20],
      registers: [registry],
    });
    this.corridor = new Tally(['outcome'], {
      name: 'shikaku_corridor_requests_total',
      help: 'Checks that the corridor answered, worked out for want of a ready answer, or looked at and passed on to the ordinary route',
      registers: [registry],
    });
    this.seconds = new Kept((source) => seconds.labels({ source }));
  }

  answered({ verdict, source, degraded }: AnsweredCheck, tookMs: number): void {
    this.checks.count(verdict, source, degraded ? 'true' : 'false');
    this.seconds.of(source).observe(tookMs / 1000);
  }

  /** What became of a request that stood in the corridor. */
  corridorTook(outcome: 'answered' | 'worked-out' | 'passed-on'): void {
    this.corridor.count(outcome);
  }
}
