import { Module } from '@nestjs/common';
import { join } from 'node:path';
import { Registry as MetricsRegistry } from 'prom-client';

import { Bearer } from '../access/bearer.js';
import { RememberedTokens } from '../access/remembered-tokens.js';
import { CERTIFICATE_STATUS, type CertificateStatusView } from '../certificate-status/certificate-status-view.js';
import {
  CHECK_LOG,
  PAST_CHECKS,
  type CheckJournal,
  type CheckLog,
  type PastChecksReader,
} from '../check-log/check-log.js';
import { CLOCK, systemClock, type Clock } from '../clock/clock.js';
import { IdempotencyKeys } from '../idempotency/idempotency-keys.js';
import { KeyFile } from '../idempotency/key-file.js';
import { Admission } from '../limits/admission.js';
import { FixedRefusals } from '../limits/fixed-refusals.js';
import { Guesses } from '../limits/guesses.js';
import { Rests } from '../limits/rests.js';
import { CheckMetrics } from '../metrics/check-metrics.js';
import { REGISTRY, type CertificateStatus, type Registry } from '../registry/registry.js';
import { HeardSince } from '../replica/heard-since.js';
import { ReplicatedFacts } from '../replica/replicated-facts.js';
import { FACTS_READER, type FactsReader } from '../replica/facts-reader.js';
import { REPLICA_VIEW, type ReplicaView } from '../replica/replica-view.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { AnswerKeys } from './answer-keys.js';
import { AskOnce } from './ask-once.js';
import { isOver } from './card-facts.js';
import { CheckInController } from './check-in.controller.js';
import { Corridor } from './corridor.js';
import { freshnessPolicyOf } from './degraded-policy.js';
import { FrontDoor } from './front-door.js';
import { FRESHNESS_POLICY, type FreshnessPolicy } from './freshness-policy.js';
import { PastChecksController } from './past-checks.controller.js';
import { ReadyAnswers } from './ready-answers.js';
import { VerifyEligibility } from './verify-eligibility.js';

@Module({
  controllers: [CheckInController, PastChecksController],
  providers: [
    {
      provide: KeyFile,
      inject: [SETTINGS],
      // Ten minutes are ten minutes of the machine's own clock, which all its processes share.
      useFactory: ({ DATA_DIR }: Settings) => new KeyFile(join(DATA_DIR, 'idempotency', 'keys.db'), systemClock),
    },
    {
      provide: CheckMetrics,
      inject: [MetricsRegistry],
      useFactory: (registry: MetricsRegistry) => new CheckMetrics(registry),
    },
    {
      provide: AskOnce,
      inject: [VerifyEligibility, CHECK_LOG, PAST_CHECKS, AnswerKeys, KeyFile, CLOCK],
      useFactory: (
        verify: VerifyEligibility,
        log: CheckLog,
        past: PastChecksReader,
        keys: AnswerKeys,
        file: KeyFile,
        clock: Clock,
      ) => new AskOnce({ verify, log, past, keys, idempotencyKeys: new IdempotencyKeys(file, systemClock), clock }),
    },
    {
      provide: FRESHNESS_POLICY,
      inject: [SETTINGS],
      useFactory: freshnessPolicyOf,
    },
    { provide: HeardSince, useFactory: () => new HeardSince<CertificateStatus>(({ status }) => isOver(status)) },
    {
      provide: ReadyAnswers,
      inject: [REPLICA_VIEW, CERTIFICATE_STATUS, AnswerKeys, FRESHNESS_POLICY, SETTINGS, ReplicatedFacts, HeardSince],
      useFactory: (
        replica: ReplicaView,
        certificates: CertificateStatusView,
        keys: AnswerKeys,
        policy: FreshnessPolicy,
        settings: Settings,
        facts: ReplicatedFacts,
        words: HeardSince<CertificateStatus>,
      ) =>
        new ReadyAnswers({
          replica,
          certificates,
          keys,
          policy,
          behindAfterMs: settings.REPLICA_BEHIND_MS,
          knowsNewer: (serial, asOf, verifiedAt, now) =>
            words.after(serial, verifiedAt, now) !== undefined || facts.knowsNewer(serial, asOf),
        }),
    },
    {
      provide: Corridor,
      inject: [RememberedTokens, ReadyAnswers, CHECK_LOG, CLOCK, CheckMetrics, Admission, Guesses],
      useFactory: (
        tokens: RememberedTokens,
        ready: ReadyAnswers,
        journal: CheckJournal,
        clock: Clock,
        metrics: CheckMetrics,
        admission: Admission,
        guesses: Guesses,
      ) => new Corridor({ tokens, ready, journal, clock, metrics, admission, guesses }),
    },
    {
      provide: FrontDoor,
      inject: [Corridor, Bearer, VerifyEligibility, CHECK_LOG, CheckMetrics, Admission, FixedRefusals, Rests],
      useFactory: (
        corridor: Corridor,
        bearer: Bearer,
        verify: VerifyEligibility,
        journal: CheckJournal,
        metrics: CheckMetrics,
        admission: Admission,
        refusals: FixedRefusals,
        rests: Rests,
      ) => new FrontDoor({ corridor, bearer, verify, journal, metrics, admission, refusals, rests }),
    },
    {
      provide: VerifyEligibility,
      inject: [
        FACTS_READER,
        REGISTRY,
        CERTIFICATE_STATUS,
        HeardSince,
        ReadyAnswers,
        CHECK_LOG,
        AnswerKeys,
        CLOCK,
        FRESHNESS_POLICY,
        Guesses,
        SETTINGS,
      ],
      useFactory: (
        facts: FactsReader,
        registry: Registry,
        certificates: CertificateStatusView,
        words: HeardSince<CertificateStatus>,
        ready: ReadyAnswers,
        log: CheckJournal,
        keys: AnswerKeys,
        clock: Clock,
        policy: FreshnessPolicy,
        guesses: Guesses,
        settings: Settings,
      ) =>
        new VerifyEligibility({
          facts,
          registry,
          certificates,
          words,
          ready,
          log,
          keys,
          clock,
          policy,
          guesses,
          deadlineMs: settings.CHECK_DEADLINE_MS,
          plannedTables: settings.PLANNED_TABLES === 'on',
        }),
    },
  ],
  exports: [VerifyEligibility, AskOnce, CheckMetrics],
})
export class CheckInModule {}
