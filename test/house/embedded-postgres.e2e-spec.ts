import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BoundedLog } from '../../scripts/launcher/bounded-log.mjs';
import { withClient } from '../../scripts/launcher/database.mjs';
import { type Cluster, startCluster, superuser } from '../../scripts/launcher/postgres.mjs';
import { isRoot } from '../support/stub-checkout.js';

const password = 'of the superuser';

describe('the embedded PostgreSQL', () => {
  // Nobody but its owner may enter: what postgres runs as must get in all the same.
  const closed = mkdtempSync(join(tmpdir(), 'shikaku-closed-'));
  const folder = join(closed, 'data');
  const started: Cluster[] = [];
  beforeAll(() => {
    chmodSync(closed, 0o700);
    mkdirSync(folder);
  });
  afterAll(async () => {
    for (const cluster of started) await cluster.stop('hurried');
    rmSync(closed, { recursive: true, force: true });
  });

  const start = async (only?: string): Promise<Cluster> => {
    const log = new BoundedLog(join(closed, 'postgres.log'));
    const way = only === undefined ? {} : { way: { only } };
    const cluster = await startCluster({ folder, password, log, lasting: false, ...way });
    started.push(cluster);
    return cluster;
  };
  const version = (cluster: Cluster): Promise<string> =>
    withClient(cluster.url(superuser, password, 'postgres'), async (client) => {
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
      return rows[0]?.server_version ?? '';
    });

  it.runIf(isRoot)('serves root in a user namespace, where the files stay his', async () => {
    const cluster = await start('user namespace');
    expect(await version(cluster)).toMatch(/^18\./);
    expect(statSync(join(folder, 'postgres')).uid).toBe(0);
    await cluster.stop();
  });

  it.runIf(isRoot)('serves root on the same data where namespaces are forbidden', async () => {
    const cluster = await start('setpriv');
    expect(await version(cluster)).toMatch(/^18\./);
    expect(statSync(join(folder, 'postgres')).uid).toBe(65_534);
    await cluster.stop();
  });

  it('stops a server that was left behind before it starts its own', async () => {
    const left = await start();
    expect(await version(left)).toMatch(/^18\./);
    const next = await start();
    expect(await left.exited).toBe('exit code 0');
    expect(await version(next)).toMatch(/^18\./);
    await next.stop();
  });

  it('is not kept from starting by a pid that somebody else has now', async () => {
    writeFileSync(join(folder, 'postgres/postmaster.pid'), `${process.pid}\n${join(folder, 'postgres')}\n`);
    const cluster = await start();
    expect(await version(cluster)).toMatch(/^18\./);
    await cluster.stop();
    expect(existsSync(join(folder, 'postgres/postmaster.pid'))).toBe(false);
  });

  it('says why it does not start, with the end of its log', async () => {
    writeFileSync(join(folder, 'postgres/postgresql.auto.conf'), 'max_connections = many\n');
    await expect(start()).rejects.toThrow(/PostgreSQL did not start \(exit code 1\)\. Its log.*\n.*max_connections/s);
  });
});
