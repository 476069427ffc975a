import { createHash, randomBytes } from 'node:crypto';

import { inject } from 'vitest';

import { type DatabaseUrls, loginRole, ownerRole } from '../../scripts/launcher/database-urls.mjs';
import { prepareEmbedded, quoted, withClient } from '../../scripts/launcher/database.mjs';
import { clusterUrl, superuser } from '../../scripts/launcher/postgres.mjs';

import type { PostgresAddress } from './throwaway-cluster.js';

export interface FreshDatabase extends DatabaseUrls {
  readonly name: string;
  /** Connects as superuser: for looking behind the service's back, never for the service itself. */
  readonly adminUrl: string;
  /** Removes the database and its login roles, whoever is still connected. */
  readonly drop: () => Promise<void>;
}

/**
 * An empty database with the same roles that `npm start` makes: an owner who runs migrations, a login each for the
 * counter and the office. The suffix keeps two files (or two runs) that chose the same name apart.
 *
 * @param name a few letters that say whose it is
 * @param address a cluster of the test's own; the run's common one when left out
 */
export async function freshDatabase(
  name: string,
  address: PostgresAddress = inject('postgres'),
): Promise<FreshDatabase> {
  const database = `${name.replaceAll(/[^a-z0-9]+/g, '_').slice(0, 30)}_${randomBytes(4).toString('hex')}`;
  const url = (user: string, password: string, inDatabase: string): string =>
    clusterUrl(address, user, password, inDatabase);
  const urls = await prepareEmbedded(url, {
    superuser,
    superuserPassword: address.superuserPassword,
    database,
    passwords: {
      owner: ownerPassword(address),
      counter: randomBytes(18).toString('base64url'),
      office: randomBytes(18).toString('base64url'),
    },
  });
  const adminUrl = url(superuser, address.superuserPassword, database);
  return {
    ...urls,
    name: database,
    adminUrl,
    drop: () =>
      withClient(url(superuser, address.superuserPassword, 'postgres'), async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${quoted(database)} WITH (FORCE)`);
        for (const process of ['counter', 'office'] as const) {
          await client.query(`DROP ROLE IF EXISTS ${quoted(loginRole(database, process))}`);
        }
      }),
  };
}

/** The owner is one role for all databases of a cluster: every file that prepares one must give it the same password. */
function ownerPassword({ superuserPassword }: PostgresAddress): string {
  return createHash('sha256').update(`${ownerRole} ${superuserPassword}`).digest('base64url');
}
