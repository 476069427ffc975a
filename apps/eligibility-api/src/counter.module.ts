import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { collectDefaultMetrics, Registry as MetricsRegistry } from 'prom-client';

import { AccessKeys } from './access/access-keys.js';
import { AccessModule } from './access/access.module.js';
import { ClientDirectory } from './access/clients.js';
import { UsedOnce } from './access/used-once.js';
import { Bell, logged, Repeating } from './background/repeating.js';
import { BatchModule } from './batch/batch.module.js';
import { CertificateStatus } from './certificate-status/certificate-status.js';
import { CERTIFICATE_STATUS, type CertificateStatusView } from './certificate-status/certificate-status-view.js';
import { CertificateStatusModule } from './certificate-status/certificate-status.module.js';
import { AnswersModule } from './check-in/answers.module.js';
import { CheckInModule } from './check-in/check-in.module.js';
import { Anchors } from './check-log/anchors.js';
import { CheckLogModule } from './check-log/check-log.module.js';
import { Journal } from './check-log/journal.js';
import { EndedWriters } from './check-log/ended-writers.js';
import { JournalShipper } from './check-log/journal-shipper.js';
import { Retention } from './check-log/retention.js';
import { SpareSegments } from './check-log/spare-segments.js';
import { CLOCK, systemClock, type Clock } from './clock/clock.js';
import { CommonModule } from './common.module.js';
import { CalculatorsController } from './counter/calculators.controller.js';
import { ChangeListener } from './coverage-store/change-listener.js';
import { FactsStore } from './coverage-store/facts-store.js';
import { StoreModule } from './coverage-store/store.module.js';
import { Readiness } from './health/readiness.js';
import { Admission } from './limits/admission.js';
import { registerJournalMetrics } from './metrics/journal-metrics.js';
import { replicaStatus } from './replica/replica-status.js';
import type { GatherMetrics } from './metrics/metrics.controller.js';
import { registerStateMetrics } from './metrics/registry-metrics.js';
import { OperationsController } from './operations/operations.controller.js';
import { RegistryFaults } from './operations/registry-faults.js';
import { GuardedRegistry } from './registry/guarded-registry.js';
import { OqsModule } from './oqs/oqs.module.js';
import { RegistryModule } from './registry/registry.module.js';
import { RechecksModule } from './rechecks/rechecks.module.js';
import { Keeper } from './replica/keeper.js';
import { ReplicaModule } from './replica/replica.module.js';
import { ReplicaReader } from './replica/replica-reader.js';
import { ReplicatedFacts } from './replica/replicated-facts.js';
import { WarmPages } from './replica/warm-pages.js';
import { keeps, ROLE, type Role } from './runtime/role.js';
import { SETTINGS, type Settings } from './settings/index.js';

/** Changes are heard as they are committed; this is for a notice that was lost, and says that nothing has changed. */
const HEAR_CHANGES_EVERY_MS = 250;
/** How soon a process sees what the keeper, which may be another process, has written. Some fifty microseconds each. */
const TAKE_SNAPSHOT_EVERY_MS = 20;
const REPORT_TURNED_AWAY_EVERY_MS = 1_000;
const BUILD_READY_EVERY_MS = 250;
/** After the end of the last reading; what puts pages out that nobody asked for takes two minutes. */
const WARM_PAGES_EVERY_MS = 30_000;
const PRUNE_OUTBOX_EVERY_MS = 60_000;
const PRUNE_USED_IDS_EVERY_MS = 60_000;
const REFRESH_CLIENTS_EVERY_MS = 5_000;
const REFRESH_KEYS_EVERY_MS = 5_000;
/** A key that an outside issuer has withdrawn is refused after this. */
const REFRESH_OUTSIDE_KEYS_EVERY_MS = 60_000;
/** Other machines find a check within five seconds. */
const SHIP_EVERY_MS = 250;
/** Half of the second within which a check is durable; its writer had the other half. */
const SYNC_ENDED_EVERY_MS = 500;
/** Segments that were taken are replaced; a machine at its limit takes one in three seconds. */
const RESERVE_EVERY_MS = 500;
/** Once a day would do; PostgreSQL may be away just then, or somebody may be reading what is to go. */
const RETAIN_EVERY_MS = 3_600_000;
/** Looks whether it is time, and whether PostgreSQL has what waits to be signed. */
const ANCHOR_EVERY_MS = 1_000;
/** How long a worker waits for the registry's first word before it answers without. */
const REGISTRY_SPEAKS_WITHIN_MS = 3_000;
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
    @Inject(ROLE) private readonly role: Role,
  ) {}

  static with(settings: Settings, clock: Clock, role: Role = 'whole', gather?: GatherMetrics): DynamicModule {
    return {
      module: CounterModule,
      imports: [
        CommonModule.with(settings, clock, role, gather),
        StoreModule,
        AnswersModule,
        CheckLogModule,
        ReplicaModule,
        RegistryModule,
        CertificateStatusModule,
        AccessModule.issuing(),
        CheckInModule,
        BatchModule,
        RechecksModule,
        OqsModule,
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
            WarmPages,
            ReplicatedFacts,
            FactsStore,
            Bell,
            CertificateStatus,
            CERTIFICATE_STATUS,
            ClientDirectory,
            UsedOnce,
            AccessKeys,
            GuardedRegistry,
            Journal,
            JournalShipper,
            EndedWriters,
            Anchors,
            SpareSegments,
            Retention,
            Admission,
            MetricsRegistry,
            CLOCK,
            SETTINGS,
          ],
          useFactory: (
            keeper: Keeper,
            replica: ReplicaReader,
            warm: WarmPages,
            facts: ReplicatedFacts,
            store: FactsStore,
            changed: Bell,
            certificates: CertificateStatus,
            seen: CertificateStatusView,
            clients: ClientDirectory,
            used: UsedOnce,
            keys: AccessKeys,
            registry: GuardedRegistry,
            journal: Journal,
            shipper: JournalShipper,
            endedWriters: EndedWriters,
            anchors: Anchors | undefined,
            spare: SpareSegments,
            retention: Retention | undefined,
            admission: Admission,
            metrics: MetricsRegistry,
            time: Clock,
            { REGISTRY_FEED_INTERVAL_MS, JOURNAL_BATCH_STOP_PERCENT }: Settings,
          ) => {
            collectDefaultMetrics({ register: metrics });
            registerStateMetrics(metrics, {
              breaker: () => registry.state,
              feedAgeSeconds: () =>
                seen.confirmedAt === undefined ? Number.NaN : (time.now() - seen.confirmedAt) / 1000,
              replica: () => replicaStatus(keeper, replica, facts, time.now()),
              replicaReadingSeconds: () => warm.readingSeconds ?? Number.NaN,
            });
            registerJournalMetrics(metrics, {
              journal: () => journal.state,
              shipper: () => shipper.state,
              anchors: () => anchors?.state,
              spareBytes: () => spare.state.bytes,
              batchStopFraction: JOURNAL_BATCH_STOP_PERCENT / 100,
              now: () => systemClock.now(),
            });
            const reading = [
              logged({
                name: 'replica-snapshot',
                everyMs: TAKE_SNAPSHOT_EVERY_MS,
                run: async () => replica.refresh(),
              }),
              logged({ name: 'clients', everyMs: REFRESH_CLIENTS_EVERY_MS, run: () => clients.refresh() }),
              logged({ name: 'access-keys', everyMs: REFRESH_KEYS_EVERY_MS, run: () => keys.refresh() }),
              logged({ name: 'issuer-keys', everyMs: REFRESH_OUTSIDE_KEYS_EVERY_MS, run: () => keys.refreshOutside() }),
              logged({ name: 'registry-probe', everyMs: PROBE_EVERY_MS, run: () => registry.probe() }),
              logged({
                name: 'turned-away',
                everyMs: REPORT_TURNED_AWAY_EVERY_MS,
                run: async () => admission.report(),
              }),
            ];
            const keeping = [
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
                name: 'ready-answers',
                everyMs: BUILD_READY_EVERY_MS,
                run: (signal) => keeper.buildReady(signal),
              }),
              logged({ name: 'replica-pages', everyMs: WARM_PAGES_EVERY_MS, run: (signal) => warm.read(signal) }),
              logged({ name: 'outbox-pruning', everyMs: PRUNE_OUTBOX_EVERY_MS, run: () => store.prune() }),
              logged({ name: 'used-ids', everyMs: PRUNE_USED_IDS_EVERY_MS, run: () => used.forget() }),
              logged({ name: 'shipping', everyMs: SHIP_EVERY_MS, run: (signal) => shipper.ship(signal) }),
              logged({ name: 'ended-writers', everyMs: SYNC_ENDED_EVERY_MS, run: () => endedWriters.sync() }),
              logged({ name: 'journal-space', everyMs: RESERVE_EVERY_MS, run: () => spare.fill() }),
              logged({
                name: 'check-log-retention',
                everyMs: RETAIN_EVERY_MS,
                run: async () => {
                  await retention?.run();
                },
              }),
              logged({ name: 'anchors', everyMs: ANCHOR_EVERY_MS, run: async () => anchors?.tick() }),
              logged({
                name: 'certificates',
                everyMs: REGISTRY_FEED_INTERVAL_MS,
                run: (signal) => certificates.catchUp(signal),
              }),
            ];
            return new Repeating(keeps(role) ? [...reading, ...keeping] : reading);
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
    this.replica.refresh();
    if (!keeps(this.role)) {
      void this.whenReadable().then(() => this.readiness.started());
      return;
    }
    this.keeper.resume();
    this.replica.refresh();
    this.changes.start(() => this.changed.ring());
    const usable = await this.certificates.resume();
    void this.background.triedOnce('clients', ...(usable ? [] : ['certificates'])).then(() => this.readiness.started());
  }

  /** A worker is ready when clients are known and the replica is loaded, with what the registry last said of certificates. */
  private async whenReadable(): Promise<void> {
    await this.background.triedOnce('clients');
    const known = (): boolean => this.replica.state?.certificatesConfirmedAt !== undefined;
    let waitedMs = 0;
    // Without the registry nobody may ever say; what was said when certificates were filed is answered from, with its age.
    while (!known() && !(this.replica.state !== undefined && waitedMs >= REGISTRY_SPEAKS_WITHIN_MS)) {
      await setTimeout(TAKE_SNAPSHOT_EVERY_MS);
      if (this.readiness.status === 'stopping') return;
      waitedMs += TAKE_SNAPSHOT_EVERY_MS;
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.changes.stop();
  }
}
