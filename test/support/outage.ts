import { withClient } from '../../scripts/launcher/database.mjs';
import type { World } from './world.js';

/** The database refuses everybody and drops whoever is connected: what a pulled cable is to the service. */
export const unplug = (world: World): Promise<void> =>
  withClient(world.database.adminUrl.replace(/\/[^/?]+(\?|$)/, '/postgres$1'), async (client) => {
    await client.query(`alter database "${world.database.name}" allow_connections false`);
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
      world.database.name,
    ]);
  });

/** Puts it back. */
export const plugIn = (world: World): Promise<void> =>
  withClient(world.database.adminUrl.replace(/\/[^/?]+(\?|$)/, '/postgres$1'), async (client) => {
    await client.query(`alter database "${world.database.name}" allow_connections true`);
  });

const loginOf = (world: World): string => decodeURIComponent(new URL(world.database.counterUrl).username);

/** The counter alone is cut off from its database; everybody else goes on writing. */
export const cutOff = (world: World): Promise<void> =>
  withClient(world.database.adminUrl, async (client) => {
    await client.query(`alter role "${loginOf(world)}" nologin`);
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [loginOf(world)]);
  });

/** Lets it in again. */
export const letIn = (world: World): Promise<void> =>
  withClient(world.database.adminUrl, async (client) => {
    await client.query(`alter role "${loginOf(world)}" login`);
  });
