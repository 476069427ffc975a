import { Gauge, type Registry } from 'prom-client';

import type { KeptFactsState } from '../replica/facts-reader.js';
import type { BreakerState } from '../registry/guarded-registry.js';

interface Observed {
  readonly breaker: () => BreakerState;
  readonly feedAgeSeconds: () => number;
  readonly facts: () => KeptFactsState;
}

/** Gauges read when somebody scrapes: the breaker, the feed, the kept facts. */
export const registerStateMetrics = (registry: Registry, observed: Observed): void => {
  const gauge = (name: string, help: string, read: () => number): void => {
    // The registry holds it; nobody else needs to.
    void new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  void new Gauge({
    name: 'shikaku_registry_breaker_state',
    help: '1 for the state the breaker to the national registry is in',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { breaker } = observed.breaker();
      for (const state of ['closed', 'half-open', 'open']) this.set({ state }, state === breaker ? 1 : 0);
    },
  });
  gauge('shikaku_registry_calls', 'Calls let through to the registry', () => observed.breaker().counts.fires);
  gauge('shikaku_registry_failures', 'Calls to the registry that failed', () => observed.breaker().counts.failures);
  gauge('shikaku_registry_rejects', 'Calls refused by the open breaker', () => observed.breaker().counts.rejects);
  gauge(
    'shikaku_certificate_feed_age_seconds',
    'Since the feed of certificate changes was last read to its end',
    observed.feedAgeSeconds,
  );
  gauge('shikaku_facts_kept', 'People whose facts are kept in memory', () => observed.facts().people);
  gauge('shikaku_facts_hits', 'Readings answered from kept facts', () => observed.facts().hits);
  gauge('shikaku_facts_misses', 'Readings that went to the store', () => observed.facts().misses);
  gauge('shikaku_facts_listening', '1 while changes are being heard', () => (observed.facts().listening ? 1 : 0));
};
