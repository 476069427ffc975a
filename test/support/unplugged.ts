import { withClient } from '../../scripts/launcher/database.mjs';
import type { World } from './world.js';

const beside = (world: World): string => world.database.adminUrl.replace(/\/[^/?]+(\?|$)/, '/postgres$1');

/** The database refuses everybody and drops whoever is connected: what a pulled cable is to the service. */
export const unplug = (world: World): Promise<void> =>
  withClient(beside(world), async (client) => {
    await client.query(`alter database "${world.database.name}" allow_connections false`);
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
      world.database.name,
    ]);
  });

export const plugIn = (world: World): Promise<void> =>
  withClient(beside(world), async (client) => {
    await client.query(`alter database "${world.database.name}" allow_connections true`);
  });
