import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BoundedLog } from '../../scripts/launcher/bounded-log.mjs';
import { type Cluster, startCluster } from '../../scripts/launcher/postgres.mjs';

export interface ThrowawayCluster {
  readonly cluster: Cluster;
  /** What a test file needs to reach it; plain data, so that it crosses from Vitest's main process to its workers. */
  readonly address: PostgresAddress;
  /** Stops the server and leaves its data, as a power cut or a maintenance window would. */
  stop(how?: 'orderly' | 'hurried'): Promise<void>;
  /** Starts it again on the same data and the same address. */
  start(): Promise<void>;
  /** Stops the server and removes everything of it. */
  remove(): Promise<void>;
}

export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly superuserPassword: string;
}

/** A PostgreSQL of its own for tests, in a temporary folder; about a second to make. */
export async function startThrowawayCluster(): Promise<ThrowawayCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'shikaku-pg-'));
  chmodSync(folder, 0o700);
  const superuserPassword = randomBytes(18).toString('base64url');
  const log = new BoundedLog(join(folder, 'postgres.log'));
  const start = (): Promise<Cluster> => startCluster({ folder, password: superuserPassword, log, lasting: false });
  let cluster = await start().catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const address = { host: cluster.host, port: cluster.port, superuserPassword };
  return {
    get cluster() {
      return cluster;
    },
    address,
    stop: (how) => cluster.stop(how),
    start: async () => {
      cluster = await start();
    },
    remove: async () => {
      await cluster.stop('hurried');
      log.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
