import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { join } from 'node:path';

import { CertificateStatus } from '../certificate-status/certificate-status.js';
import { CERTIFICATE_STATUS, type CertificateStatusView } from '../certificate-status/certificate-status-view.js';
import { CLOCK, type Clock } from '../clock/clock.js';
import { FactsStore } from '../coverage-store/facts-store.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { FACTS_READER } from './facts-reader.js';
import { GuardedSource } from './guarded-source.js';
import { Keeper, readyVersionOf } from './keeper.js';
import { ReplicaFolder } from './replica-folder.js';
import { ReplicaKeys, readReplicaKey } from './replica-keys.js';
import { ReplicaReader } from './replica-reader.js';
import { KEPT_ROWS, READY_BUILDER, REPLICA_VIEW, type ReadyBuilder } from './replica-view.js';
import { ReplicatedFacts } from './replicated-facts.js';
import { WarmPages } from './warm-pages.js';

@Global()
@Module({
  providers: [
    {
      provide: ReplicaKeys,
      inject: [SETTINGS],
      useFactory: async (settings: Settings) => new ReplicaKeys(await readReplicaKey(settings.SECRETS_DIR)),
    },
    {
      provide: ReplicaFolder,
      inject: [SETTINGS],
      useFactory: (settings: Settings) => new ReplicaFolder(join(settings.DATA_DIR, 'replica')),
    },
    {
      provide: Keeper,
      inject: [
        FactsStore,
        ReplicaFolder,
        ReplicaKeys,
        CLOCK,
        CertificateStatus,
        SETTINGS,
        { token: READY_BUILDER, optional: true },
      ],
      useFactory: (
        store: FactsStore,
        folder: ReplicaFolder,
        keys: ReplicaKeys,
        clock: Clock,
        certificates: CertificateStatus,
        settings: Settings,
        builder?: ReadyBuilder,
      ) =>
        new Keeper(store, folder, keys, clock, builder, () => certificates.confirmedAt, {
          sealed: settings.REPLICA_SEAL === 'on',
          insurers: (settings.REPLICA_INSURERS ?? '')
            .split(',')
            .filter((insurer) => insurer !== '')
            .toSorted(),
        }),
    },
    {
      provide: ReplicaReader,
      inject: [ReplicaFolder, ReplicaKeys, SETTINGS, { token: READY_BUILDER, optional: true }],
      useFactory: (folder: ReplicaFolder, keys: ReplicaKeys, settings: Settings, builder?: ReadyBuilder) =>
        new ReplicaReader(folder, keys, {
          sealed: settings.REPLICA_SEAL === 'on',
          readyVersion: readyVersionOf(builder?.version ?? ''),
        }),
    },
    {
      provide: ReplicatedFacts,
      inject: [ReplicaReader, FactsStore, CLOCK, CERTIFICATE_STATUS, SETTINGS],
      useFactory: (
        view: ReplicaReader,
        store: FactsStore,
        clock: Clock,
        certificates: CertificateStatusView,
        settings: Settings,
      ) =>
        new ReplicatedFacts(view, new GuardedSource(store), clock, {
          behindMs: settings.REPLICA_BEHIND_MS,
          certificatesConfirmedAt: () => certificates.confirmedAt,
        }),
    },
    {
      provide: WarmPages,
      inject: [ReplicaFolder],
      useFactory: (folder: ReplicaFolder) =>
        new WarmPages({ folder, availableMemory: () => process.availableMemory(), now: () => performance.now() }),
    },
    { provide: REPLICA_VIEW, useExisting: ReplicaReader },
    { provide: KEPT_ROWS, useExisting: ReplicaKeys },
    { provide: FACTS_READER, useExisting: ReplicatedFacts },
  ],
  exports: [
    ReplicaFolder,
    ReplicaKeys,
    Keeper,
    ReplicaReader,
    ReplicatedFacts,
    WarmPages,
    REPLICA_VIEW,
    KEPT_ROWS,
    FACTS_READER,
  ],
})
export class ReplicaModule implements OnApplicationShutdown {
  constructor(
    private readonly keeper: Keeper,
    private readonly reader: ReplicaReader,
  ) {}

  /** After the tasks that use them have ended. */
  onApplicationShutdown(): void {
    this.keeper.close();
    this.reader.close();
  }
}
