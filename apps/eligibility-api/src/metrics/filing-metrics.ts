import { Counter, Gauge, type Registry } from 'prom-client';

import type { FilingFigures } from '../enrollment/filing-figures.js';

/** The work on filings of all offices, as last read from the store, and tries of this one that failed. */
export class FilingMetrics {
  private readonly failures: Counter<'task'>;

  constructor(registry: Registry, figures: () => FilingFigures, now: () => number) {
    this.failures = new Counter({
      name: 'shikaku_filing_tries_failed_total',
      help: 'Tries of this process at a look-up or an import that failed and are made again later',
      labelNames: ['task'],
      registers: [registry],
    });
    void new Gauge({
      name: 'shikaku_filing_jobs',
      help: 'Look-ups and imports of all offices that are not at their end: waiting for their turn, under way, or waiting to be tried again',
      labelNames: ['task', 'step'],
      registers: [registry],
      collect() {
        for (const { task, waiting, underWay, failed } of figures().jobs) {
          this.set({ task, step: 'waiting' }, waiting);
          this.set({ task, step: 'under-way' }, underWay);
          this.set({ task, step: 'failed' }, failed);
        }
      },
    });
    void new Gauge({
      name: 'shikaku_filing_job_age_seconds',
      help: 'Since the oldest look-up, or import, that is not at its end was queued; 0 when there is none',
      labelNames: ['task'],
      registers: [registry],
      collect() {
        for (const { task, oldestSeconds } of figures().jobs) this.set({ task }, oldestSeconds);
      },
    });
    void new Gauge({
      name: 'shikaku_filings_in_review',
      help: 'Filings that wait for two people to decide',
      registers: [registry],
      collect() {
        this.set(figures().inReview);
      },
    });
    void new Gauge({
      name: 'shikaku_filing_review_age_seconds',
      help: 'Since the oldest filing came in that waits for two people to decide; 0 when there is none',
      registers: [registry],
      collect() {
        const { oldestInReview } = figures();
        this.set(oldestInReview === undefined ? 0 : (now() - oldestInReview) / 1000);
      },
    });
  }

  failed(task: string): void {
    this.failures.inc({ task });
  }
}
