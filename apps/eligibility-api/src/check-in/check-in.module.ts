import { Module } from '@nestjs/common';
import { Registry as MetricsRegistry } from 'prom-client';

import { CertificateStatus } from '../certificate-status/certificate-status.js';
import { CHECK_LOG, type CheckLog } from '../check-log/check-log.js';
import { CLOCK, type Clock } from '../clock/clock.js';
import { CheckMetrics } from '../metrics/check-metrics.js';
import { REGISTRY, type Registry } from '../registry/registry.js';
import { FACTS_READER, type FactsReader } from '../replica/facts-reader.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { AnswerKeys, readAnswerKey } from './answer-keys.js';
import { CheckInController, CheckInParts } from './check-in.controller.js';
import { PastChecksController } from './past-checks.controller.js';
import { VerifyEligibility } from './verify-eligibility.js';

const HOUR_MS = 3_600_000;
/** Changes of coverage are seen within a quarter of a second; an answer is worth relying on for a few seconds. */
const FRESH_FOR_MS = 5_000;

@Module({
  controllers: [CheckInController, PastChecksController],
  providers: [
    {
      provide: AnswerKeys,
      inject: [SETTINGS],
      useFactory: async (settings: Settings) => new AnswerKeys(await readAnswerKey(settings.SECRETS_DIR)),
    },
    {
      provide: CheckMetrics,
      inject: [MetricsRegistry],
      useFactory: (registry: MetricsRegistry) => new CheckMetrics(registry),
    },
    {
      provide: CheckInParts,
      inject: [CHECK_LOG, AnswerKeys, CLOCK],
      useFactory: (log: CheckLog, keys: AnswerKeys, clock: Clock) => new CheckInParts(log, keys, clock),
    },
    {
      provide: VerifyEligibility,
      inject: [FACTS_READER, REGISTRY, CertificateStatus, CHECK_LOG, AnswerKeys, CLOCK, SETTINGS],
      useFactory: (
        facts: FactsReader,
        registry: Registry,
        certificates: CertificateStatus,
        log: CheckLog,
        keys: AnswerKeys,
        clock: Clock,
        settings: Settings,
      ) =>
        new VerifyEligibility({
          facts,
          registry,
          certificates,
          log,
          keys,
          clock,
          policy: {
            credentialMaxAgeMs: settings.CREDENTIAL_MAX_AGE_HOURS * HOUR_MS,
            coverageMaxAgeMs: settings.COVERAGE_MAX_AGE_HOURS * HOUR_MS,
            freshForMs: FRESH_FOR_MS,
          },
          plannedTables: settings.PLANNED_TABLES === 'on',
        }),
    },
  ],
  exports: [VerifyEligibility],
})
export class CheckInModule {}
