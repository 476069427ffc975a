import { Logger, Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { collectDefaultMetrics, Registry as MetricsRegistry } from 'prom-client';

import { AccessModule } from './access/access.module.js';
import { ClientDirectory } from './access/clients.js';
import { TokenController } from './access/token.controller.js';
import { Repeating } from './background/repeating.js';
import { CertificateStatus } from './certificate-status/certificate-status.js';
import { CertificateStatusModule } from './certificate-status/certificate-status.module.js';
import { CheckInModule } from './check-in/check-in.module.js';
import { CLOCK, type Clock } from './clock/clock.js';
import { CommonModule } from './common.module.js';
import { StoreModule } from './coverage-store/store.module.js';
import { Readiness } from './health/readiness.js';
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

const reporting = (event: string) => (error: unknown) => {
  new Logger('Background').warn({ event, code: (error as { code?: string }).code, cause: (error as Error).name });
};

/** The process that answers clinics and pharmacies. */
@Module({})
export class CounterModule implements OnApplicationBootstrap {
  constructor(
    private readonly readiness: Readiness,
    private readonly background: Repeating,
  ) {}

  static with(settings: Settings, clock: Clock): DynamicModule {
    return {
      module: CounterModule,
      imports: [
        CommonModule.with(settings, clock),
        StoreModule,
        ReplicaModule,
        RegistryModule,
        CertificateStatusModule,
        AccessModule,
        CheckInModule,
      ],
      controllers: [TokenController, OperationsController],
      providers: [
        {
          provide: RegistryFaults,
          inject: [SETTINGS],
          useFactory: ({ REGISTRY_FAULTS_URL }: Settings) => new RegistryFaults(REGISTRY_FAULTS_URL),
        },
        {
          provide: Repeating,
          inject: [KeptFacts, CertificateStatus, ClientDirectory, GuardedRegistry, MetricsRegistry, CLOCK, SETTINGS],
          useFactory: (
            facts: KeptFacts,
            certificates: CertificateStatus,
            clients: ClientDirectory,
            registry: GuardedRegistry,
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
            return new Repeating([
              {
                name: 'changes',
                everyMs: HEAR_CHANGES_EVERY_MS,
                run: () => facts.hear(),
                failed: reporting('changes-unheard'),
              },
              {
                name: 'clients',
                everyMs: REFRESH_CLIENTS_EVERY_MS,
                run: () => clients.refresh(),
                failed: reporting('clients-unread'),
              },
              {
                name: 'certificates',
                everyMs: REGISTRY_FEED_INTERVAL_MS,
                run: (signal) => certificates.catchUp(signal),
                failed: reporting('certificates-unread'),
              },
            ]);
          },
        },
      ],
    };
  }

  /** Ready after everything has been tried once: an unreachable registry delays by its deadline, and does not prevent. */
  onApplicationBootstrap(): void {
    void this.background.triedOnce().then(() => this.readiness.started());
  }
}
