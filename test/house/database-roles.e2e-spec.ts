import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { withClient } from '../../scripts/launcher/database.mjs';
import { type FreshDatabase, freshDatabase } from '../support/fresh-database.js';

describe('the roles of a prepared database', () => {
  let database: FreshDatabase;
  let other: FreshDatabase;
  beforeAll(async () => {
    [database, other] = [await freshDatabase('roles'), await freshDatabase('roles')];
  });
  afterAll(async () => {
    await database.drop();
    await other.drop();
  });

  it('let the owner make tables and extensions without being superuser', async () => {
    await withClient(database.ownerUrl, async (client) => {
      await client.query('CREATE EXTENSION btree_gist');
      await client.query('CREATE TABLE kept (id int)');
      await client.query('GRANT SELECT ON kept TO shikaku_counter');
      const { rows } = await client.query('SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user');
      expect(rows).toEqual([{ rolsuper: false, rolcreaterole: false }]);
    });
  });

  it('give the counter what its group was granted, and the office nothing of it', async () => {
    await withClient(database.counterUrl, async (client) => {
      expect((await client.query('SELECT * FROM kept')).rows).toEqual([]);
      await expect(client.query('CREATE TABLE mine (id int)')).rejects.toThrow('permission denied for schema public');
    });
    await withClient(database.officeUrl, async (client) => {
      await expect(client.query('SELECT * FROM kept')).rejects.toThrow('permission denied for table kept');
    });
  });

  it('keep the counter of one database out of another', async () => {
    const stray = new URL(database.counterUrl);
    stray.pathname = new URL(other.counterUrl).pathname;
    await expect(withClient(stray.href, async () => {})).rejects.toThrow('permission denied for database');
  });

  it('want the password even on the socket', async () => {
    const wrong = new URL(database.counterUrl);
    wrong.password = 'guessed';
    await expect(withClient(wrong.href, async () => {})).rejects.toThrow('password authentication failed');
  });
});
