import { Counter, Histogram, type Registry } from 'prom-client';

import { Kept } from './kept.js';

export interface AnsweredCheck {
  readonly verdict: string;
  readonly source: string;
  readonly degraded: boolean;
}

/** Checks answered, by verdict and source, and how long they took. No label holds anything of a person or a caller. */
export class CheckMetrics {
  private readonly checks: Kept<Counter.Internal>;
  private readonly seconds: Kept<Histogram.Internal<'source'>>;
  private readonly corridor: Kept<Counter.Internal>;

  constructor(registry: Registry) {
    const checks = new Counter({
      name: 'shikaku_eligibility_checks_total',
      help: 'Eligibility checks answered',
      labelNames: ['verdict', 'source', 'degraded'],
      registers: [registry],
    });
    const seconds = new Histogram({
      name: 'shikaku_eligibility_check_duration_seconds',
      help: 'From the handler beginning to the answer being on record',
      labelNames: ['source'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 2.5, 20],
      registers: [registry],
    });
    const corridor = new Counter({
      name: 'shikaku_corridor_requests_total',
      help: 'Requests that the corridor answered, and those it looked at and passed on to the ordinary route',
      labelNames: ['outcome'],
      registers: [registry],
    });
    this.checks = new Kept((verdict, source, degraded) => checks.labels({ verdict, source, degraded }));
    this.seconds = new Kept((source) => seconds.labels({ source }));
    this.corridor = new Kept((outcome) => corridor.labels({ outcome }));
  }

  answered({ verdict, source, degraded }: AnsweredCheck, tookMs: number): void {
    this.checks.of(verdict, source, degraded ? 'true' : 'false').inc();
    this.seconds.of(source).observe(tookMs / 1000);
  }

  /** What became of a request that stood in the corridor. */
  corridorTook(outcome: 'answered' | 'passed-on'): void {
    this.corridor.of(outcome).inc();
  }
}
