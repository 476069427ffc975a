import { Gauge, type Registry } from 'prom-client';

import type { ReplicaStatus } from '../replica/replica-status.js';
import type { BreakerState } from '../registry/guarded-calls.js';

interface Observed {
  readonly breaker: () => BreakerState;
  readonly feedAgeSeconds: () => number;
  readonly replica: () => ReplicaStatus;
  readonly replicaReadingSeconds: () => number;
}

/** Gauges of one kind of call to the registry, read when somebody scrapes. @param prefix of their names */
export const registerBreakerMetrics = (registry: Registry, prefix: string, read: () => BreakerState): void => {
  void new Gauge({
    name: `${prefix}_breaker_state`,
    help: '1 for the state the breaker to the national registry is in',
    labelNames: ['state'],
    registers: [registry],
    aggregator: 'max',
    collect() {
      const { breaker } = read();
      for (const state of ['closed', 'half-open', 'open']) this.set({ state }, state === breaker ? 1 : 0);
    },
  });
  const count = (name: string, help: string, of: keyof BreakerState['counts']): void => {
    void new Gauge({
      name: `${prefix}_${name}`,
      help,
      registers: [registry],
      aggregator: 'max',
      collect() {
        this.set(read().counts[of]);
      },
    });
  };
  count('calls', 'Calls let through to the registry', 'fires');
  count('failures', 'Calls to the registry that failed', 'failures');
  count('retries', 'Calls to the registry that were a second try', 'retries');
  count('rejects', 'Calls refused by the open breaker', 'rejects');
};

/** Gauges read when somebody scrapes: the breaker, the feed, the replica. */
export const registerStateMetrics = (registry: Registry, observed: Observed): void => {
  const gauge = (name: string, help: string, read: () => number, aggregator: 'max' | 'min' = 'max'): void => {
    // The registry holds it; nobody else needs to.
    void new Gauge({
      name,
      help,
      registers: [registry],
      aggregator,
      collect() {
        this.set(read());
      },
    });
  };
  registerBreakerMetrics(registry, 'shikaku_registry', observed.breaker);
  gauge(
    'shikaku_certificate_feed_age_seconds',
    'Since the feed of certificate changes was last read to its end',
    observed.feedAgeSeconds,
  );
  const { replica } = observed;
  gauge('shikaku_replica_current', '1 while checks are answered from the replica', () => (replica().current ? 1 : 0));
  gauge('shikaku_replica_lag_seconds', 'Since the instant the replica is as of', () => replica().lagSeconds);
  gauge('shikaku_replica_age_seconds', 'Since the snapshot of this generation was begun', () => replica().ageSeconds);
  gauge('shikaku_replica_people', 'People the replica holds', () => replica().people);
  gauge('shikaku_replica_cards', 'Certificates the replica holds', () => replica().cards);
  gauge('shikaku_replica_ready_answers', 'Certificates with a ready answer', () => replica().readyAnswers);
  gauge(
    'shikaku_replica_people_stale',
    'People known to have changed and not yet read, about whom PostgreSQL is asked',
    () => replica().stale,
  );
  gauge(
    'shikaku_replica_people_unready',
    'People whose ready answers are of before a change, and are worked out until they are made anew',
    () => replica().unready,
  );
  gauge(
    'shikaku_replica_loading_ratio',
    'How much of a snapshot being loaded is in; 1 while none is',
    () => replica().loading,
    // One process loads, and the others have nothing to say.
    'min',
  );
  gauge(
    'shikaku_outbox_held_back_seconds',
    'For how long one transaction of the database has held back the watermark of the outbox',
    () => replica().heldBackSeconds,
  );
  gauge(
    'shikaku_replica_reading_seconds',
    'What reading the replica’s file through took, the last time',
    observed.replicaReadingSeconds,
  );
  gauge('shikaku_replica_keeper', '1 in the process that keeps the replica', () => (replica().keeper ? 1 : 0));
};
