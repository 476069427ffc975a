import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { withClient } from '../../scripts/launcher/database.mjs';
import { clusterUrl, superuser } from '../../scripts/launcher/postgres.mjs';
import { startThrowawayCluster, type ThrowawayCluster } from '../support/throwaway-cluster.js';

const run = promisify(execFile);
const script = join(resolve(import.meta.dirname, '../..'), 'scripts/prepare-database.mjs');

describe('scripts/prepare-database.mjs, as compose runs it', () => {
  // One of its own: the script gives the owner, whom all databases of a server share, the password it is told.
  let postgres: ThrowawayCluster;
  beforeAll(async () => {
    postgres = await startThrowawayCluster();
  });
  afterAll(() => postgres.remove());

  it('makes the database and lets each process in as itself', async () => {
    const { address } = postgres;
    const env = {
      PATH: process.env['PATH'],
      DATABASE_URL: clusterUrl(address, superuser, address.superuserPassword, 'postgres'),
      OWNER_PASSWORD: 'of the owner',
      COUNTER_PASSWORD: 'of the counter',
      OFFICE_PASSWORD: 'of the office',
    };
    await run(process.execPath, [script], { env });
    // Compose runs it at every start.
    const { stdout } = await run(process.execPath, [script], { env });
    expect(stdout).toBe('The database shikaku of shikaku_owner is ready for its processes.\n');
    for (const [role, password] of [
      ['shikaku_owner', 'of the owner'],
      ['shikaku_counter_login', 'of the counter'],
      ['shikaku_office_login', 'of the office'],
    ] as const) {
      const { rows } = await withClient(clusterUrl(address, role, password, 'shikaku'), (client) =>
        client.query('SELECT current_user AS role'),
      );
      expect(rows).toEqual([{ role }]);
    }
  });

  it('says everything that is missing at once', async () => {
    const failed = run(process.execPath, [script], {
      env: { PATH: process.env['PATH'], OWNER_PASSWORD: 'of the owner' },
    });
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: 'Settings refused: DATABASE_URL is missing; COUNTER_PASSWORD is missing; OFFICE_PASSWORD is missing.\n',
    });
  });
});
