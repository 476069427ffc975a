import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { collectDefaultMetrics, Registry as MetricsRegistry } from 'prom-client';

import { AccessModule } from './access/access.module.js';
import { ClientDirectory } from './access/clients.js';
import { logged, Repeating } from './background/repeating.js';
import { CertificateStatus } from './certificate-status/certificate-status.js';
import { CertificateStatusModule } from './certificate-status/certificate-status.module.js';
import { CheckInModule } from './check-in/check-in.module.js';
import { CheckLogModule } from './check-log/check-log.module.js';
import { Journal } from './check-log/journal.js';
import { JournalShipper } from './check-log/journal-shipper.js';
import { CLOCK, systemClock, type Clock } from './clock/clock.js';
import { CommonModule } from './common.module.js';
import { CalculatorsController } from './counter/calculators.controller.js';
import { StoreModule } from './coverage-store/store.module.js';
import { Readiness } from './health/readiness.js';
import { registerJournalMetrics } from './metrics/journal-metrics.js';
import { registerStateMetrics } from './metrics/registry-metrics.js';
import { OperationsController } from './operations/operations.controller.js';
import { RegistryFaults } from './operations/registry-faults.js';
import { GuardedRegistry } from './registry/guarded-registry.js';
import { RegistryModule } from './registry/registry.module.js';
import { KeptFacts } from './replica/kept-facts.js';
import { ReplicaModule } from './replica/replica.module.js';
import { SETTINGS, type Settings } from './settings/index.js';

const HEAR_CHANGES_EVERY_MS = 250;
const REFRESH_CLIENTS_EVERY_MS = 5_000;
/** Other machines find a check within five seconds. */
const SHIP_EVERY_MS = 250;
/** Looks whether the breaker waits for a call; it does so once every REGISTRY_BREAKER_RESET_MS. */
const PROBE_EVERY_MS = 250;

/** The process that answers clinics and pharmacies. */
@Module({})
export class CounterModule implements OnApplicationBootstrap {
  constructor(
    private readonly readiness: Readiness,
    private readonly background: Repeating,
    private readonly certificates: CertificateStatus,
  ) {}

  static with(settings: Settings, clock: Clock): DynamicModule {
    return {
      module: CounterModule,
      imports: [
        CommonModule.with(settings, clock),
        StoreModule,
        CheckLogModule,
        ReplicaModule,
        RegistryModule,
        CertificateStatusModule,
        AccessModule.issuing(),
        CheckInModule,
      ],
      controllers: [OperationsController, CalculatorsController],
      providers: [
        {
          provide: RegistryFaults,
          inject: [SETTINGS],
          useFactory: ({ REGISTRY_FAULTS_URL }: Settings) => new RegistryFaults(REGISTRY_FAULTS_URL),
        },
        {
          provide: Repeating,
          inject: [
            KeptFacts,
            CertificateStatus,
            ClientDirectory,
            GuardedRegistry,
            Journal,
            JournalShipper,
            MetricsRegistry,
            CLOCK,
            SETTINGS,
          ],
          useFactory: (
            facts: KeptFacts,
            certificates: CertificateStatus,
            clients: ClientDirectory,
            registry: GuardedRegistry,
            journal: Journal,
            shipper: JournalShipper,
            metrics: MetricsRegistry,
            time: Clock,
            { REGISTRY_FEED_INTERVAL_MS }: Settings,
          ) => {
            collectDefaultMetrics({ register: metrics });
            registerStateMetrics(metrics, {
              breaker: () => registry.state,
              feedAgeSeconds: () =>
                certificates.confirmedAt === undefined ? Number.NaN : (time.now() - certificates.confirmedAt) / 1000,
              facts: () => facts.state,
            });
            registerJournalMetrics(metrics, {
              journal: () => journal.state,
              shipper: () => shipper.state,
              now: () => systemClock.now(),
            });
            return new Repeating([
              logged({ name: 'changes', everyMs: HEAR_CHANGES_EVERY_MS, run: () => facts.hear() }),
              logged({ name: 'shipping', everyMs: SHIP_EVERY_MS, run: (signal) => shipper.ship(signal) }),
              logged({ name: 'clients', everyMs: REFRESH_CLIENTS_EVERY_MS, run: () => clients.refresh() }),
              logged({
                name: 'certificates',
                everyMs: REGISTRY_FEED_INTERVAL_MS,
                run: (signal) => certificates.catchUp(signal),
              }),
              logged({ name: 'registry-probe', everyMs: PROBE_EVERY_MS, run: () => registry.probe() }),
            ]);
          },
        },
      ],
    };
  }

  /**
   * Ready when clients are known, changes are heard and certificates are usable: confirmed within policy by an earlier life of
   * this process, or else tried once. An unreachable registry delays by its deadline, and does not prevent.
   */
  async onApplicationBootstrap(): Promise<void> {
    const usable = await this.certificates.resume();
    void this.background
      .triedOnce('changes', 'clients', ...(usable ? [] : ['certificates']))
      .then(() => this.readiness.started());
  }
}
