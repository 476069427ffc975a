import { Logger } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

import { createDataSource, type Connection } from './data-source.js';

const ATTEMPTS = 30;
const PAUSE_MS = 1_000;

/** PostgreSQL did not answer for as long as a process waits for it when it starts. */
export class StoreUnreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('PostgreSQL cannot be reached at the address of DATABASE_URL.', options);
    this.name = 'StoreUnreachable';
  }
}

/**
 * Connects now, or as soon as it can be: for a process that has something to answer from meanwhile. Until then whoever asks
 * is refused, as by a store that is away.
 */
export const connectWhenPossible = async (connection: Connection, signal: AbortSignal): Promise<DataSource> => {
  const dataSource = createDataSource(connection);
  const tryOnce = async (): Promise<boolean> => {
    try {
      await dataSource.initialize();
      return true;
    } catch {
      return false;
    }
  };
  if (!(await tryOnce())) {
    new Logger('Store').warn({ event: 'store-unreachable', goingOn: 'with the replica' });
    void (async () => {
      while (!signal.aborted && !(await tryOnce())) await setTimeout(PAUSE_MS);
    })();
  }
  return dataSource;
};

/** Connects, waiting half a minute for a database that is still starting. The log has the error's code, not the address. */
export const connectStore = async (connection: Connection): Promise<DataSource> => {
  const logger = new Logger('Store');
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await createDataSource(connection).initialize();
    } catch (error) {
      if (attempt === 1) logger.warn({ event: 'store-unreachable', code: (error as { code?: string }).code });
      if (attempt === ATTEMPTS) throw new StoreUnreachable({ cause: error });
      await setTimeout(PAUSE_MS);
    }
  }
};
