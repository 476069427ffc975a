import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { ACCESSES } from '../accesses/accesses.js';
import { BATCHES } from '../batch/batches.js';
import { DOCUMENT_PEOPLE } from '../documents/document-people.js';
import { RECEPTIONS } from '../oqs/receptions.js';
import { REFERENCE_NUMBERS } from '../oqs/reference-numbers.js';
import { FILED_CHANGES, RECHECKS } from '../rechecks/rechecks.js';
import { ReplicaFolder } from '../replica/replica-folder.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { SignedAnchors } from './anchor-store.js';
import { BatchStore } from './batch-store.js';
import { CheckStore } from './check-store.js';
import { ClientStore } from './client-store.js';
import { connectStore, connectWhenPossible } from './connect-store.js';
import { CredentialStore } from './credential-store.js';
import { AccessStore } from './access-store.js';
import { DocumentStore } from './document-store.js';
import { FactsStore } from './facts-store.js';
import { ReceptionStore } from './reception-store.js';
import { RecheckStore } from './recheck-store.js';
import { ReferenceNumberStore } from './reference-number-store.js';
import { UsedIdStore } from './used-id-store.js';

/** A transaction that stays open holds the outbox's watermark back for everybody. */
const TRANSACTION_TIMEOUT_MS = 10_000;

const stores = [
  FactsStore,
  CredentialStore,
  ClientStore,
  CheckStore,
  SignedAnchors,
  BatchStore,
  RecheckStore,
  DocumentStore,
  AccessStore,
  UsedIdStore,
  ReferenceNumberStore,
  ReceptionStore,
];

/** Ends the attempts to connect when the process ends. */
class Stopping extends AbortController {}

/** PostgreSQL, by TypeORM. The schema is migrated by `prepare`, under the owner's role; these connections could not. */
@Global()
@Module({
  providers: [
    Stopping,
    {
      provide: DataSource,
      // A process with a replica that stands has something to answer from, and does not wait for PostgreSQL.
      inject: [SETTINGS, Stopping, { token: ReplicaFolder, optional: true }],
      useFactory: (settings: Settings, stopping: Stopping, replica?: ReplicaFolder) => {
        const connection = {
          url: settings.DATABASE_URL,
          poolMax: settings.DATABASE_POOL_MAX,
          timeoutMs: settings.DATABASE_TIMEOUT_MS,
          transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
          applicationName: 'shikaku',
        };
        return replica?.current() === undefined
          ? connectStore(connection)
          : connectWhenPossible(connection, stopping.signal);
      },
    },
    ...stores.map((Store) => ({
      provide: Store,
      inject: [DataSource],
      useFactory: (dataSource: DataSource) => new Store(dataSource),
    })),
    { provide: BATCHES, useExisting: BatchStore },
    { provide: RECHECKS, useExisting: RecheckStore },
    { provide: FILED_CHANGES, useExisting: RecheckStore },
    { provide: DOCUMENT_PEOPLE, useExisting: DocumentStore },
    { provide: ACCESSES, useExisting: AccessStore },
    { provide: REFERENCE_NUMBERS, useExisting: ReferenceNumberStore },
    { provide: RECEPTIONS, useExisting: ReceptionStore },
  ],
  exports: [
    DataSource,
    ...stores,
    BATCHES,
    RECHECKS,
    FILED_CHANGES,
    DOCUMENT_PEOPLE,
    ACCESSES,
    REFERENCE_NUMBERS,
    RECEPTIONS,
  ],
})
export class StoreModule implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    private readonly stopping: Stopping,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
