import { Module } from '@nestjs/common';
import { Registry as MetricsRegistry } from 'prom-client';

import { logged, Repeating } from '../background/repeating.js';
import { sightOf, StandingAside } from '../batch/standing-aside.js';
import { CERTIFICATE_STATUS, type CertificateStatusView } from '../certificate-status/certificate-status-view.js';
import { AnswerKeys } from '../check-in/answer-keys.js';
import { CheckInModule } from '../check-in/check-in.module.js';
import { VerifyEligibility } from '../check-in/verify-eligibility.js';
import {
  JOURNAL_HAS_ROOM,
  OPEN_ROW,
  PAST_CHECKS,
  type OpenRow,
  type PastChecksReader,
} from '../check-log/check-log.js';
import { newWriter } from '../check-log/journal.js';
import { StraightChain } from '../check-log/straight-chain.js';
import { CLOCK, systemClock, type Clock } from '../clock/clock.js';
import { CheckStore } from '../coverage-store/check-store.js';
import { FactsStore } from '../coverage-store/facts-store.js';
import { RecheckMetrics } from '../metrics/recheck-metrics.js';
import { ReplyMetrics } from '../metrics/reply-metrics.js';
import { cardOf, type PersonRow } from '../replica/replica-file.js';
import { keeps, ROLE, type Role } from '../runtime/role.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { FiledChangesWatch, type ChangedPerson } from './filed-changes.js';
import { RecheckRunner } from './recheck-runner.js';
import { RecheckWatch } from './recheck-watch.js';
import { RechecksController } from './rechecks.controller.js';
import { FILED_CHANGES, RECHECKS, type FiledChanges, type Rechecks } from './rechecks.js';

const LOOK_FOR_RECHECKS_EVERY_MS = 1_000;
const LOOK_FOR_CHANGES_EVERY_MS = 1_000;
const READ_FIGURES_EVERY_MS = 5_000;
const FORGET_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;

const RECHECK_TASKS = Symbol('recheck-tasks');
const RECHECK_ASIDE = Symbol('recheck-aside');

/** Answers that are checked again by themselves: those that were degraded, and those that something filed reaches back to. */
@Module({
  imports: [CheckInModule],
  controllers: [RechecksController],
  providers: [
    {
      provide: RECHECK_ASIDE,
      inject: [SETTINGS, ReplyMetrics],
      useFactory: (settings: Settings, replies: ReplyMetrics) =>
        new StandingAside(
          settings.BATCH_ASIDE_PERCENT / 100,
          sightOf(() => replies.count),
        ),
    },
    {
      provide: RecheckWatch,
      inject: [RECHECKS],
      useFactory: (rechecks: Rechecks) => new RecheckWatch(rechecks),
    },
    {
      provide: RecheckMetrics,
      inject: [MetricsRegistry, RecheckWatch, CLOCK],
      useFactory: (registry: MetricsRegistry, watch: RecheckWatch, clock: Clock) =>
        new RecheckMetrics(registry, { figures: () => watch.figures, now: () => clock.now() }),
    },
    {
      provide: RecheckRunner,
      inject: [
        RECHECKS,
        VerifyEligibility,
        CheckStore,
        OPEN_ROW,
        PAST_CHECKS,
        AnswerKeys,
        CLOCK,
        CERTIFICATE_STATUS,
        RECHECK_ASIDE,
        JOURNAL_HAS_ROOM,
        RecheckMetrics,
        SETTINGS,
      ],
      useFactory: (
        rechecks: Rechecks,
        verify: VerifyEligibility,
        store: CheckStore,
        openRow: OpenRow,
        past: PastChecksReader,
        keys: AnswerKeys,
        clock: Clock,
        certificates: CertificateStatusView,
        aside: StandingAside,
        hasRoom: () => boolean,
        metrics: RecheckMetrics,
        settings: Settings,
      ) => {
        // Nobody waits for these, so they need no journal; they have a chain like those that are committed straight.
        const chain = new StraightChain({ writer: newWriter(systemClock.now()), store, openRow });
        return new RecheckRunner({
          rechecks,
          workOut: (asking, ask, now, today) => verify.workOut(asking, ask, now, today),
          commit: (checks) => chain.commit(checks),
          before: (institutionCode, checkId) => past.shipped(institutionCode, checkId),
          keys,
          clock,
          // The database is back where this can be asked of it; whether the replica has caught up the answer itself says.
          back: () => [
            'database-unavailable',
            'replica-behind',
            'retroactive-change',
            ...(certificates.isAway ? [] : ['registry-unavailable' as const]),
          ],
          hasRoom,
          betweenSlices: () => aside.betweenSlices(),
          concurrency: settings.RECHECK_CONCURRENCY,
          counted: (reason, outcomes) => metrics.counted(reason, outcomes),
        });
      },
    },
    {
      provide: FiledChangesWatch,
      inject: [FILED_CHANGES, FactsStore, PAST_CHECKS, AnswerKeys, CLOCK, RECHECK_ASIDE, SETTINGS],
      useFactory: (
        changes: FiledChanges,
        facts: FactsStore,
        past: PastChecksReader,
        keys: AnswerKeys,
        clock: Clock,
        aside: StandingAside,
        settings: Settings,
      ) =>
        new FiledChangesWatch({
          changes,
          people: async (ids) => (await facts.peopleOf(ids, [])).map(({ text }) => changedPerson(text)),
          before: (institutionCode, checkId) => past.shipped(institutionCode, checkId),
          keys,
          clock,
          plannedTables: settings.PLANNED_TABLES === 'on',
          lookbackDays: settings.RECHECK_LOOKBACK_DAYS,
          lookedAtAfterMs: settings.RECHECK_CHANGES_AFTER_MS,
          betweenSlices: () => aside.betweenSlices(),
        }),
    },
    {
      provide: RECHECK_TASKS,
      inject: [RecheckRunner, FiledChangesWatch, RECHECKS, RecheckWatch, RecheckMetrics, CLOCK, SETTINGS, ROLE],
      useFactory: (
        runner: RecheckRunner,
        filed: FiledChangesWatch,
        rechecks: Rechecks,
        watch: RecheckWatch,
        metrics: RecheckMetrics,
        clock: Clock,
        settings: Settings,
        role: Role,
      ) =>
        new Repeating(
          keeps(role)
            ? [
                logged({
                  name: 'rechecks',
                  everyMs: LOOK_FOR_RECHECKS_EVERY_MS,
                  run: (signal) => runner.run(signal),
                }),
                logged({
                  name: 'filed-changes',
                  everyMs: LOOK_FOR_CHANGES_EVERY_MS,
                  run: (signal) => filed.look(signal),
                }),
                logged({ name: 'recheck-figures', everyMs: READ_FIGURES_EVERY_MS, run: () => watch.look() }),
                logged({
                  name: 'recheck-retention',
                  everyMs: FORGET_EVERY_MS,
                  run: async () => {
                    const now = clock.now();
                    metrics.gaveUp(await rechecks.giveUp(now - settings.RECHECK_GIVE_UP_HOURS * HOUR_MS, now));
                    await rechecks.forget(now - settings.RECHECKS_KEPT_DAYS * 24 * HOUR_MS);
                  },
                }),
              ]
            : [],
        ),
    },
  ],
})
export class RechecksModule {}

const changedPerson = (text: string): ChangedPerson => {
  const row = JSON.parse(text) as PersonRow;
  const cards = row.certificates.flatMap(({ serial }) => {
    const card = cardOf(row, serial);
    return card === undefined ? [] : [[serial, card] as const];
  });
  return { facts: row.facts, cards: new Map(cards), numbers: row.numbers };
};
