import { Module } from '@nestjs/common';
import { Registry as MetricsRegistry } from 'prom-client';

import { ClientDirectory } from '../access/clients.js';
import { Bell, logged, Repeating } from '../background/repeating.js';
import { AnswerKeys, readAnswerKey } from '../check-in/answer-keys.js';
import { CheckInModule } from '../check-in/check-in.module.js';
import { VerifyEligibility } from '../check-in/verify-eligibility.js';
import { JOURNAL_HAS_ROOM } from '../check-log/check-log.js';
import { CLOCK, type Clock } from '../clock/clock.js';
import { RequestShapes } from '../http/request-validation.js';
import { BatchMetrics } from '../metrics/batch-metrics.js';
import { ReplyMetrics } from '../metrics/reply-metrics.js';
import { keeps, ROLE, type Role } from '../runtime/role.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { AskPerson } from './ask-person.js';
import { BatchResults } from './batch-results.js';
import { BatchRunner } from './batch-runner.js';
import { BatchSeal } from './batch-seal.js';
import { BatchController, BatchParts } from './batch.controller.js';
import { BATCHES, type Batches } from './batches.js';
import { QueueWatch } from './queue-watch.js';
import { sightOf, StandingAside } from './standing-aside.js';
import { SubmitBatch } from './submit-batch.js';

/** For batches that another process accepted or left; one accepted here begins at once. */
const LOOK_FOR_BATCHES_EVERY_MS = 100;
const READ_FIGURES_EVERY_MS = 5_000;
const FORGET_EVERY_MS = 60_000;
const STORE_AWAY_PAUSE_MS = 1_000;
const HOUR_MS = 3_600_000;

const BATCH_TASKS = Symbol('batch-tasks');
const BATCH_ACCEPTED = Symbol('batch-accepted');

/** Validators are compiled from the document, which is there when the first of them is needed and not before. */
const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

/** A millisecond of work where answers are ready. */
const SLICE = 32;

/** Tomorrow's appointments: accepted whole, asked about in the background, fetched when they are there. */
@Module({
  imports: [CheckInModule],
  controllers: [BatchController],
  providers: [
    {
      provide: BatchSeal,
      inject: [SETTINGS],
      useFactory: async (settings: Settings) => new BatchSeal(await readAnswerKey(settings.SECRETS_DIR)),
    },
    {
      provide: StandingAside,
      inject: [SETTINGS, ReplyMetrics],
      useFactory: (settings: Settings, replies: ReplyMetrics) =>
        new StandingAside(
          settings.BATCH_ASIDE_PERCENT / 100,
          sightOf(() => replies.count),
        ),
    },
    {
      provide: AskPerson,
      inject: [VerifyEligibility, RequestShapes, SETTINGS],
      useFactory: (verify: VerifyEligibility, shapes: RequestShapes, settings: Settings) => {
        const faults = once(() => shapes.of('EligibilityBatchItem'));
        return new AskPerson({
          verify,
          concurrency: settings.BATCH_CONCURRENCY,
          faultsOf: (person) => faults()(person),
        });
      },
    },
    {
      provide: SubmitBatch,
      inject: [BATCHES, BatchSeal, RequestShapes, AnswerKeys, CLOCK, SETTINGS, BATCH_ACCEPTED, JOURNAL_HAS_ROOM],
      useFactory: (
        batches: Batches,
        seal: BatchSeal,
        shapes: RequestShapes,
        keys: AnswerKeys,
        clock: Clock,
        settings: Settings,
        bell: Bell,
        hasRoom: () => boolean,
      ) => {
        // People are counted and looked at one by one.
        const faults = once(() => shapes.of('EligibilityBatchRequest', { people: { type: 'array' } }));
        return new SubmitBatch({
          batches,
          seal,
          clock,
          keys,
          faultsOf: (envelope) => faults()(envelope),
          accepted: () => bell.ring(),
          hasRoom,
          limits: { unfinishedOfClientMax: settings.BATCH_UNFINISHED_MAX, unfinishedMax: settings.BATCH_QUEUE_MAX },
        });
      },
    },
    { provide: BATCH_ACCEPTED, useFactory: () => new Bell() },
    {
      provide: QueueWatch,
      inject: [BATCHES],
      useFactory: (batches: Batches) => new QueueWatch(batches),
    },
    {
      provide: BatchMetrics,
      inject: [MetricsRegistry, QueueWatch, StandingAside, CLOCK],
      useFactory: (registry: MetricsRegistry, watch: QueueWatch, aside: StandingAside, clock: Clock) =>
        new BatchMetrics(registry, {
          figures: () => watch.figures,
          now: () => clock.now(),
          aside: () => aside.aside,
        }),
    },
    {
      provide: BatchResults,
      inject: [BATCHES, BatchSeal],
      useFactory: (batches: Batches, seal: BatchSeal) => new BatchResults(batches, seal),
    },
    {
      provide: BatchRunner,
      inject: [
        BATCHES,
        AskPerson,
        BatchSeal,
        StandingAside,
        CLOCK,
        ClientDirectory,
        BatchMetrics,
        SETTINGS,
        JOURNAL_HAS_ROOM,
      ],
      useFactory: (
        batches: Batches,
        ask: AskPerson,
        seal: BatchSeal,
        aside: StandingAside,
        clock: Clock,
        clients: ClientDirectory,
        metrics: BatchMetrics,
        settings: Settings,
        hasRoom: () => boolean,
      ) =>
        new BatchRunner({
          batches,
          ask,
          seal,
          aside,
          clock,
          isClient: (clientId) => clients.find(clientId) !== undefined,
          slice: SLICE,
          counted: (counts) => metrics.counted(counts),
          hasRoom,
          storeAwayPauseMs: STORE_AWAY_PAUSE_MS,
        }),
    },
    {
      provide: BatchParts,
      inject: [BATCHES, BatchResults, BatchRunner, CLOCK, SETTINGS],
      useFactory: (batches: Batches, results: BatchResults, runner: BatchRunner, clock: Clock, settings: Settings) =>
        new BatchParts(batches, results, runner, () => clock.now(), settings.BATCH_KEPT_HOURS),
    },
    {
      // A Repeating of its own: Nest tells it of start and stop, whatever it is provided as.
      provide: BATCH_TASKS,
      inject: [BatchRunner, BATCHES, QueueWatch, CLOCK, SETTINGS, BATCH_ACCEPTED, ROLE],
      useFactory: (
        runner: BatchRunner,
        batches: Batches,
        watch: QueueWatch,
        clock: Clock,
        settings: Settings,
        bell: Bell,
        role: Role,
      ) =>
        new Repeating(
          // Whoever answers at the counter has nothing to do with batches; where one process does all, they stand aside.
          keeps(role)
            ? [
                logged({
                  name: 'batches',
                  everyMs: LOOK_FOR_BATCHES_EVERY_MS,
                  run: (signal) => runner.run(signal),
                  bell,
                }),
                logged({ name: 'batch-queue', everyMs: READ_FIGURES_EVERY_MS, run: () => watch.look() }),
                logged({
                  name: 'batch-retention',
                  everyMs: FORGET_EVERY_MS,
                  run: () => batches.forget(clock.now() - settings.BATCH_KEPT_HOURS * HOUR_MS),
                }),
              ]
            : [],
        ),
    },
  ],
  exports: [SubmitBatch, BatchResults, BatchSeal],
})
export class BatchModule {}
