import { Counter, Gauge, type Registry } from 'prom-client';

import type { RecheckFigures } from '../rechecks/rechecks.js';

const REASONS = ['registry-unavailable', 'database-unavailable', 'replica-behind', 'retroactive-change'] as const;

/** Answers that are to be checked again as last read from the store, and what became of those this process asked. */
export class RecheckMetrics {
  private readonly outcomes: Counter<'reason' | 'outcome'>;

  constructor(registry: Registry, observed: { figures(): RecheckFigures; now(): number }) {
    this.outcomes = new Counter({
      name: 'shikaku_rechecks_total',
      help: 'Answers this process checked again, by reason and outcome; one that differs in two ways counts under both',
      labelNames: ['reason', 'outcome'],
      registers: [registry],
    });
    void new Gauge({
      name: 'shikaku_rechecks_pending',
      help: 'Answers of all counters that are to be checked again, by reason',
      labelNames: ['reason'],
      // Every process that keeps says the same of all counters.
      aggregator: 'max',
      registers: [registry],
      collect() {
        const { pending } = observed.figures();
        for (const reason of REASONS) this.set({ reason }, pending[reason] ?? 0);
      },
    });
    void new Gauge({
      name: 'shikaku_recheck_age_seconds',
      help: 'Since the answer was given, or the change heard of, that waits longest to be checked again; 0 when none waits',
      aggregator: 'max',
      registers: [registry],
      collect() {
        const { oldestNotedAt } = observed.figures();
        this.set(oldestNotedAt === undefined ? 0 : (observed.now() - oldestNotedAt) / 1000);
      },
    });
    void new Gauge({
      name: 'shikaku_recheck_changes_behind_seconds',
      help: 'Age of the oldest change of facts not yet looked at for answers it reaches back to; 0 when there is none',
      aggregator: 'max',
      registers: [registry],
      collect() {
        this.set(observed.figures().changesBehindMs / 1000);
      },
    });
  }

  counted(reason: string, outcomes: readonly string[]): void {
    for (const outcome of outcomes) this.outcomes.inc({ reason, outcome });
  }

  gaveUp(count: number): void {
    if (count > 0) this.outcomes.inc({ reason: 'any', outcome: 'given-up' }, count);
  }
}
