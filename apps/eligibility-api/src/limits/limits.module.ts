import { Global, Module } from '@nestjs/common';
import { Gauge, Registry as MetricsRegistry } from 'prom-client';

import { CLOCK, type Clock } from '../clock/clock.js';
import { Tally } from '../metrics/tally.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { Admission } from './admission.js';
import { EventLoopDelay } from './event-loop-delay.js';
import { FixedRefusals } from './fixed-refusals.js';
import { Gate } from './gate.js';
import { Guesses } from './guesses.js';
import { Quotas } from './quotas.js';
import { Rests } from './rests.js';

/** What keeps a process that is asked too much answering. */
@Global()
@Module({
  providers: [
    {
      provide: EventLoopDelay,
      inject: [MetricsRegistry],
      useFactory: (metrics: MetricsRegistry) => {
        const delay = new EventLoopDelay(() => performance.now());
        // The registry holds it; nobody else needs to.
        void new Gauge({
          name: 'shikaku_standing_delay_seconds',
          help: 'How much later than due things came to their turn, for all of the last tenth of a second',
          registers: [metrics],
          aggregator: 'max',
          collect() {
            this.set(delay.standingMs / 1000);
          },
        });
        return delay;
      },
    },
    {
      provide: Admission,
      inject: [EventLoopDelay, MetricsRegistry, SETTINGS],
      useFactory: (delay: EventLoopDelay, metrics: MetricsRegistry, settings: Settings) => {
        const shed = new Tally(['class', 'because'], {
          name: 'shikaku_shed_total',
          help: 'Requests turned away, by class and by what there was too much of',
          registers: [metrics],
        });
        return new Admission({
          delay,
          delayMsMax: settings.OVERLOAD_DELAY_MS,
          underWayMax: settings.REQUESTS_UNDER_WAY_MAX,
          shed: (what, because) => shed.count(what, because),
          now: () => performance.now(),
        });
      },
    },
    {
      provide: Quotas,
      inject: [SETTINGS],
      useFactory: ({ CLIENT_QUOTA_REQUESTS, CLIENT_QUOTA_SECONDS }: Settings) =>
        new Quotas({ requests: CLIENT_QUOTA_REQUESTS, seconds: CLIENT_QUOTA_SECONDS }),
    },
    {
      provide: Guesses,
      inject: [MetricsRegistry, SETTINGS],
      useFactory: (metrics: MetricsRegistry, { GUESSES_MAX, GUESS_HOLD_MS, WORKERS }: Settings) => {
        const wrong = new Tally(['slowed'], {
          name: 'shikaku_wrong_keys_total',
          help: 'Numbers and birthdates that nobody has, each counted once for a client in an hour; past its limit each time',
          registers: [metrics],
        });
        const guesses = new Guesses({
          // What a machine allows is shared by its processes: a caller's connections reach any of them.
          keysMax: Math.ceil(GUESSES_MAX / WORKERS),
          holdMs: GUESS_HOLD_MS,
          noted: (slowed) => wrong.count(String(slowed)),
          now: () => performance.now(),
        });
        void new Gauge({
          name: 'shikaku_slowed_clients',
          help: 'Clients that have asked about too many numbers that nobody has',
          registers: [metrics],
          aggregator: 'max',
          collect() {
            this.set(guesses.slowed);
          },
        });
        return guesses;
      },
    },
    { provide: FixedRefusals, inject: [CLOCK], useFactory: (clock: Clock) => new FixedRefusals(clock) },
    {
      provide: Rests,
      inject: [Admission, SETTINGS],
      useFactory: (admission: Admission, { OVERLOAD_REST_MS }: Settings) =>
        new Rests({ restMs: OVERLOAD_REST_MS, perMs: (resting) => admission.returnsPerMs(resting) }),
    },
    {
      provide: Gate,
      inject: [Admission, FixedRefusals, Rests],
      useFactory: (admission: Admission, refusals: FixedRefusals, rests: Rests) =>
        new Gate({ admission, refusals, rests }),
    },
  ],
  exports: [Admission, Quotas, Guesses, FixedRefusals, Rests, Gate],
})
export class LimitsModule {}
