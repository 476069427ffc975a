import { DataSource, type DataSourceOptions } from 'typeorm';

import { entities } from './entities/index.js';
import { migrations } from './migrations/index.js';

export interface Connection {
  readonly url: string;
  readonly poolMax: number;
  readonly timeoutMs: number;
  /** A transaction that takes longer is ended by the server; no limit when left out. */
  readonly transactionTimeoutMs?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
}

/** What the server's own word on a statement that took too long may take to arrive. */
const SAYS_SO_WITHIN_MS = 100;

/** Every option that matters, written out: nothing here synchronises or migrates by itself. */
const dataSourceOptions = ({
  url,
  poolMax,
  timeoutMs,
  transactionTimeoutMs = 0,
  applicationName,
}: Connection): DataSourceOptions => ({
  type: 'postgres',
  url,
  applicationName,
  entities,
  migrations,
  synchronize: false,
  migrationsRun: false,
  migrationsTransactionMode: 'each',
  logging: false,
  poolSize: poolMax,
  connectTimeoutMS: timeoutMs,
  extra: {
    statement_timeout: timeoutMs,
    // A little later: a server that is there says itself that it was too slow, and one that is not says nothing.
    query_timeout: timeoutMs + SAYS_SO_WITHIN_MS,
    idle_in_transaction_session_timeout: 10_000,
    // What is committed is believed to be there: the journal's files go when PostgreSQL has their checks. A server that is set to
    // answer before it has written would lose the last of them when it is killed.
    options: `-c transaction_timeout=${transactionTimeoutMs} -c synchronous_commit=on`,
    // A connection that was cut without a word is noticed by the kernel.
    keepAlive: true,
  },
});

export const createDataSource = (connection: Connection): DataSource => new DataSource(dataSourceOptions(connection));
