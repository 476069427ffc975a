import { Counter, Gauge, type Registry } from 'prom-client';

import type { Counts, QueueFigures } from '../batch/batches.js';

/** Batches by state as last read from the store, and the people this process asked about. */
export class BatchMetrics {
  private readonly people: Counter<'outcome'>;

  constructor(registry: Registry, observed: { figures(): QueueFigures; now(): number; aside(): boolean }) {
    this.people = new Counter({
      name: 'shikaku_batch_people_total',
      help: 'People of batches this process asked about, by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    });
    // The registry holds them; nobody else needs to.
    void new Gauge({
      name: 'shikaku_batches',
      help: 'Unfinished batches of all counters, by state',
      labelNames: ['state'],
      // Every process that keeps says the same of all counters.
      aggregator: 'max',
      registers: [registry],
      collect() {
        const { queued, running } = observed.figures();
        this.set({ state: 'queued' }, queued);
        this.set({ state: 'running' }, running);
      },
    });
    void new Gauge({
      name: 'shikaku_batch_queue_age_seconds',
      help: 'Since the oldest unfinished batch was submitted; 0 when there is none',
      aggregator: 'max',
      registers: [registry],
      collect() {
        const { oldestSubmittedAt } = observed.figures();
        this.set(oldestSubmittedAt === undefined ? 0 : (observed.now() - oldestSubmittedAt) / 1000);
      },
    });
    void new Gauge({
      name: 'shikaku_batch_standing_aside',
      help: '1 while the batch of this process all but stops because of its callers',
      aggregator: 'max',
      registers: [registry],
      collect() {
        this.set(observed.aside() ? 1 : 0);
      },
    });
  }

  counted(counts: Counts): void {
    for (const outcome of ['answered', 'unavailable', 'refused'] as const)
      if (counts[outcome] > 0) this.people.inc({ outcome }, counts[outcome]);
  }
}
