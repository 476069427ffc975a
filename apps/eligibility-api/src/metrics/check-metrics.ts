import { Counter, Histogram, type Registry } from 'prom-client';

export interface AnsweredCheck {
  readonly verdict: string;
  readonly source: string;
  readonly degraded: boolean;
}

/** Checks answered, by verdict and source, and how long they took. No label holds anything of a person or a caller. */
export class CheckMetrics {
  private readonly checks: Counter<'verdict' | 'source' | 'degraded'>;
  private readonly seconds: Histogram<'source'>;

  constructor(registry: Registry) {
    this.checks = new Counter({
      name: 'shikaku_eligibility_checks_total',
      help: 'Eligibility checks answered',
      labelNames: ['verdict', 'source', 'degraded'],
      registers: [registry],
    });
    this.seconds = new Histogram({
      name: 'shikaku_eligibility_check_duration_seconds',
      help: 'From the handler beginning to the answer being on record',
      labelNames: ['source'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 2.5, 20],
      registers: [registry],
    });
  }

  answered({ verdict, source, degraded }: AnsweredCheck, tookMs: number): void {
    this.checks.inc({ verdict, source, degraded: String(degraded) });
    this.seconds.observe({ source }, tookMs / 1000);
  }
}
