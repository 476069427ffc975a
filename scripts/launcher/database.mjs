import { Client, escapeIdentifier } from 'pg';

import { databaseUrls, loginRole, ownerRole } from './database-urls.mjs';
import { hasCode, messageOf, Problem } from './problem.mjs';

/**
 * Migrations grant to these; nobody logs in as them. They belong to the whole server, so that the same migrations serve
 * every database on it.
 */
const groupRoles = Object.freeze({ counter: 'shikaku_counter', office: 'shikaku_office' });

const schemaMajor = 18;

/**
 * @typedef {import('./database-urls.mjs').Passwords} Passwords
 * @typedef {import('./database-urls.mjs').DatabaseUrls} DatabaseUrls
 */

/**
 * A database of ours on a server where we are superuser: an owner who is none, and the two processes' own roles.
 *
 * @param {(user: string, password: string, database: string) => string} url
 * @param {{ superuser: string, superuserPassword: string, database: string, passwords: Passwords }} wanted
 * @returns {Promise<DatabaseUrls>}
 */
export async function prepareEmbedded(url, { superuser, superuserPassword, database, passwords }) {
  await withClient(url(superuser, superuserPassword, 'postgres'), async (client) => {
    await ensureLogin(client, ownerRole, passwords.owner);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) {
      await client.query(`CREATE DATABASE ${quoted(database)} OWNER ${quoted(ownerRole)}`);
    }
    await ensureProcessRoles(client, database, passwords);
  });
  return databaseUrls(url, database, passwords);
}

/**
 * The same in a database that somebody else runs, to which DATABASE_URL connects as its owner.
 *
 * @param {string} ownerUrl
 * @param {Passwords} passwords
 * @returns {Promise<DatabaseUrls>}
 */
export async function prepareGiven(ownerUrl, passwords) {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query(
      `SELECT current_database() AS database, current_user AS owner, current_setting('server_version_num')::int / 10000 AS major,
              (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user) AS "mayCreateRoles"`,
    );
    const { database, owner, major, mayCreateRoles } = rows[0];
    if (major < schemaMajor) {
      throw new Problem(`DATABASE_URL leads to PostgreSQL ${major}; Shikaku needs ${schemaMajor} or newer.`);
    }
    if (!mayCreateRoles) {
      throw new Problem(
        `The role ${owner} of DATABASE_URL may not create roles, and the counter and the office each need their own.\n` +
          `As a superuser run:  ALTER ROLE ${quoted(owner)} CREATEROLE;`,
      );
    }
    try {
      await ensureProcessRoles(client, database, passwords);
    } catch (error) {
      // 42501: the role exists, made by somebody who did not let this owner grant it on.
      if (!hasCode(error, '42501')) throw error;
      throw new Problem(
        `The role ${owner} of DATABASE_URL may not manage Shikaku's roles (${messageOf(error)}).\n` +
          `As a superuser run:  GRANT ${Object.values(groupRoles).join(', ')} TO ${quoted(owner)} WITH ADMIN OPTION;`,
      );
    }
    /** @param {'counter' | 'office'} process */
    const urlOf = (process) => {
      const url = new URL(ownerUrl);
      url.username = encodeURIComponent(loginRole(database, process));
      url.password = encodeURIComponent(passwords[process]);
      return url.href;
    };
    return { ownerUrl, counterUrl: urlOf('counter'), officeUrl: urlOf('office') };
  });
}

/**
 * @param {Client} client
 * @param {string} database
 * @param {Passwords} passwords
 */
async function ensureProcessRoles(client, database, passwords) {
  for (const process of /** @type {const} */ (['counter', 'office'])) {
    const login = loginRole(database, process);
    await ensureGroup(client, groupRoles[process]);
    await ensureLogin(client, login, passwords[process]);
    await client.query(`GRANT ${quoted(groupRoles[process])} TO ${quoted(login)}`);
  }
  // Roles are the server's, so without this the counter of one database could look into another.
  await client.query(`REVOKE CONNECT, TEMPORARY ON DATABASE ${quoted(database)} FROM PUBLIC`);
  await client.query(
    `GRANT CONNECT ON DATABASE ${quoted(database)} TO ${quoted(loginRole(database, 'counter'))}, ${quoted(loginRole(database, 'office'))}`,
  );
}

/**
 * @param {Client} client
 * @param {string} role
 */
async function ensureGroup(client, role) {
  if (await roleExists(client, role)) return;
  await client.query(`CREATE ROLE ${quoted(role)} NOLOGIN`).catch(unlessMadeMeanwhile);
}

/**
 * @param {Client} client
 * @param {string} role
 * @param {string} password
 */
async function ensureLogin(client, role, password) {
  if (!(await roleExists(client, role))) {
    await client.query(`CREATE ROLE ${quoted(role)} LOGIN`).catch(unlessMadeMeanwhile);
  }
  await client.query(`ALTER ROLE ${quoted(role)} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
}

/**
 * @param {Client} client
 * @param {string} role
 */
async function roleExists(client, role) {
  return (await client.query('SELECT FROM pg_roles WHERE rolname = $1', [role])).rowCount === 1;
}

/**
 * Another copy preparing its own database on the same server may have been a moment faster.
 *
 * @param {unknown} error
 */
function unlessMadeMeanwhile(error) {
  if (!hasCode(error, '42710', '23505')) throw error;
}

/**
 * @template T
 * @param {string} connectionString
 * @param {(client: Client) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withClient(connectionString, use) {
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: 10_000,
    application_name: 'shikaku-launcher',
  });
  // Without a listener, a server that goes away while we talk to it would end the whole launcher; the query says so too.
  client.on('error', () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** @param {string} name */
export function quoted(name) {
  return escapeIdentifier(name);
}
