import { Global, Logger, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';

import { CHECK_LOG, PAST_CHECKS } from '../check-log/check-log.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { CheckStore } from './check-store.js';
import { ClientStore } from './client-store.js';
import { CredentialStore } from './credential-store.js';
import { dataSourceOptions } from './data-source.js';
import { FactsStore } from './facts-store.js';

/** PostgreSQL, by TypeORM. The schema is migrated by `prepare`, under the owner's role; these connections could not. */
@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [SETTINGS],
      useFactory: (settings: Settings) => ({
        ...dataSourceOptions({
          url: settings.DATABASE_URL,
          poolMax: settings.DATABASE_POOL_MAX,
          timeoutMs: settings.DATABASE_TIMEOUT_MS,
          applicationName: 'shikaku',
        }),
        retryAttempts: 30,
        retryDelay: 1_000,
        // The reason is in the log; the connection's address and role need not be.
        toRetry: (error: unknown) => {
          new Logger('Store').warn({ event: 'store-unreachable', code: (error as { code?: string }).code });
          return true;
        },
        verboseRetryLog: false,
      }),
    }),
  ],
  providers: [
    ...[FactsStore, CredentialStore, ClientStore, CheckStore].map((Store) => ({
      provide: Store,
      inject: [getDataSourceToken()],
      useFactory: (dataSource: DataSource) => new Store(dataSource),
    })),
    { provide: CHECK_LOG, useExisting: CheckStore },
    { provide: PAST_CHECKS, useExisting: CheckStore },
  ],
  exports: [FactsStore, CredentialStore, ClientStore, CheckStore, CHECK_LOG, PAST_CHECKS],
})
export class StoreModule {}
