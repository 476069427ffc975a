import {
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { collectDefaultMetrics, Registry as MetricsRegistry } from 'prom-client';

import { AccessModule } from './access/access.module.js';
import { ClientDirectory } from './access/clients.js';
import { Bell, logged, Repeating } from './background/repeating.js';
import { BatchModule } from './batch/batch.module.js';
import { CertificateStatus } from './certificate-status/certificate-status.js';
import { CertificateStatusModule } from './certificate-status/certificate-status.module.js';
import { AnswersModule } from './check-in/answers.module.js';
import { CheckInModule } from './check-in/check-in.module.js';
import { CheckLogModule } from './check-log/check-log.module.js';
import { Journal } from './check-log/journal.js';
import { JournalShipper } from './check-log/journal-shipper.js';
import { CLOCK, systemClock, type Clock } from './clock/clock.js';
import { CommonModule } from './common.module.js';
import { CalculatorsController } from './counter/calculators.controller.js';
import { ChangeListener } from './coverage-store/change-listener.js';
import { FactsStore } from './coverage-store/facts-store.js';
import { StoreModule } from './coverage-store/store.module.js';
import { Readiness } from './health/readiness.js';
import { registerJournalMetrics } from './metrics/journal-metrics.js';
import { replicaStatus } from './replica/replica-status.js';
import { registerStateMetrics } from './metrics/registry-metrics.js';
import { OperationsController } from './operations/operations.controller.js';
import { RegistryFaults } from './operations/registry-faults.js';
import { GuardedRegistry } from './registry/guarded-registry.js';
import { RegistryModule } from './registry/registry.module.js';
import { Keeper } from './replica/keeper.js';
import { ReplicaModule } from './replica/replica.module.js';
import { ReplicaReader } from './replica/replica-reader.js';
import { ReplicatedFacts } from './replica/replicated-facts.js';
import { SETTINGS, type Settings } from './settings/index.js';

/** Changes are heard as they are committed; this is for a notice that was lost, and says that nothing has changed. */
const HEAR_CHANGES_EVERY_MS = 250;
/** How soon a process sees what the keeper, which may be another process, has written. */
const TAKE_SNAPSHOT_EVERY_MS = 50;
const BUILD_READY_EVERY_MS = 250;
const PRUNE_OUTBOX_EVERY_MS = 60_000;
const REFRESH_CLIENTS_EVERY_MS = 5_000;
/** Other machines find a check within five seconds. */
const SHIP_EVERY_MS = 250;
/** Looks whether the breaker waits for a call; it does so once every REGISTRY_BREAKER_RESET_MS. */
const PROBE_EVERY_MS = 250;

/** The process that answers clinics and pharmacies. */
@Module({})
export class CounterModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly readiness: Readiness,
    private readonly background: Repeating,
    private readonly certificates: CertificateStatus,
    private readonly keeper: Keeper,
    private readonly replica: ReplicaReader,
    private readonly changes: ChangeListener,
    private readonly changed: Bell,
  ) {}

  static with(settings: Settings, clock: Clock): DynamicModule {
    return {
      module: CounterModule,
      imports: [
        CommonModule.with(settings, clock),
        StoreModule,
        AnswersModule,
        CheckLogModule,
        ReplicaModule,
        RegistryModule,
        CertificateStatusModule,
        AccessModule.issuing(),
        CheckInModule,
        BatchModule,
      ],
      controllers: [OperationsController, CalculatorsController],
      providers: [
        {
          provide: RegistryFaults,
          inject: [SETTINGS],
          useFactory: ({ REGISTRY_FAULTS_URL }: Settings) => new RegistryFaults(REGISTRY_FAULTS_URL),
        },
        { provide: Bell, useValue: new Bell() },
        {
          provide: ChangeListener,
          inject: [SETTINGS],
          useFactory: ({ DATABASE_URL, DATABASE_TIMEOUT_MS }: Settings) =>
            new ChangeListener({
              url: DATABASE_URL,
              timeoutMs: DATABASE_TIMEOUT_MS,
              applicationName: 'shikaku-listener',
            }),
        },
        {
          provide: Repeating,
          inject: [
            Keeper,
            ReplicaReader,
            ReplicatedFacts,
            FactsStore,
            Bell,
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
            keeper: Keeper,
            replica: ReplicaReader,
            facts: ReplicatedFacts,
            store: FactsStore,
            changed: Bell,
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
              replica: () => replicaStatus(keeper, replica, facts, time.now()),
            });
            registerJournalMetrics(metrics, {
              journal: () => journal.state,
              shipper: () => shipper.state,
              now: () => systemClock.now(),
            });
            return new Repeating([
              logged({
                name: 'changes',
                everyMs: HEAR_CHANGES_EVERY_MS,
                bell: changed,
                run: async (signal) => {
                  await keeper.hear(signal);
                  replica.refresh();
                },
              }),
              logged({
                name: 'replica-snapshot',
                everyMs: TAKE_SNAPSHOT_EVERY_MS,
                run: async () => replica.refresh(),
              }),
              logged({
                name: 'ready-answers',
                everyMs: BUILD_READY_EVERY_MS,
                run: (signal) => keeper.buildReady(signal),
              }),
              logged({ name: 'outbox-pruning', everyMs: PRUNE_OUTBOX_EVERY_MS, run: () => store.prune() }),
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
   * Ready when clients are known and certificates are usable: confirmed within policy by an earlier life of this process, or
   * else tried once. An unreachable registry delays by its deadline, and does not prevent. A replica that stands is answered
   * from at once; while one is being loaded PostgreSQL answers.
   */
  async onApplicationBootstrap(): Promise<void> {
    this.keeper.resume();
    this.replica.refresh();
    this.changes.start(() => this.changed.ring());
    const usable = await this.certificates.resume();
    void this.background.triedOnce('clients', ...(usable ? [] : ['certificates'])).then(() => this.readiness.started());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.changes.stop();
  }
}
