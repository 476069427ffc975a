import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

import { quoted, withClient } from './database.mjs';
import { Problem } from './problem.mjs';

/**
 * A backup is a folder: a manifest, and for each table its rows as PostgreSQL writes them as JSON, one a line, compressed. It is
 * taken in one transaction, so that everything in it is of one instant, over any connection of the owner: the embedded
 * PostgreSQL brings no pg_dump, and the system's may be too old for the server.
 */

/** Says so first, so that a backup of another kind is not taken for one of ours. */
const FORMAT = 'shikaku-backup-1';
const MANIFEST = 'manifest.json';
/** What a transaction number means is lost with the server. Counters begin with a snapshot, as after any move. */
const NOT_KEPT = ['outbox', 'fact_change', 'migrations'];
const ROWS_AT_ONCE = 1_000;

/**
 * @typedef {object} Manifest
 * @property {string} format
 * @property {string} takenAt instant of the transaction (RFC 3339)
 * @property {string[]} migrations names, in their order
 * @property {string[]} months first days of those of which there are partitions
 * @property {{ name: string, rows: number, sha256: string }[]} tables in the order in which they can be filled
 * @property {{ table: string, column: string, next: string }[]} sequences
 *
 * @typedef {(text: string) => void} Note told how far it is
 */

/**
 * @param {string} ownerUrl
 * @param {string} folder that is not there yet
 * @param {Note} [note]
 * @returns {Promise<Manifest>}
 */
export async function backUp(ownerUrl, folder, note = () => {}) {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Problem(`${folder} holds something already.`);
  // Under its name only when it is whole.
  const draft = `${folder}.unfinished`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const manifest = await withClient(ownerUrl, async (client) => {
    await client.query('begin transaction isolation level repeatable read read only');
    const { rows: at } = await client.query(
      `select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at`,
    );
    /** @type {Manifest} */
    const made = {
      format: FORMAT,
      takenAt: at[0].at,
      migrations: await migrationsOf(client),
      months: await monthsOf(client),
      tables: [],
      sequences: [],
    };
    for (const name of await tablesOf(client)) {
      const hash = createHash('sha256');
      let rows = 0;
      await client.query(`declare lines no scroll cursor for select to_json(t)::text as line from ${quoted(name)} t`);
      const lines = async function* () {
        for (;;) {
          const { rows: some } = await client.query(`fetch ${ROWS_AT_ONCE} from lines`);
          if (some.length === 0) return;
          rows += some.length;
          note(`${name}: ${rows.toLocaleString('en')} rows`);
          const text = some.map(({ line }) => `${line}\n`).join('');
          hash.update(text);
          yield text;
        }
      };
      await pipeline(Readable.from(lines()), createGzip(), createWriteStream(fileOf(draft, name), { mode: 0o600 }));
      await client.query('close lines');
      made.tables.push({ name, rows, sha256: hash.digest('hex') });
    }
    made.sequences = await sequencesOf(client);
    await client.query('commit');
    return made;
  });
  writeFileSync(join(draft, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
  return manifest;
}

/**
 * Into a database whose schema was made by the same migrations and in which nobody is: all of it, or nothing.
 *
 * @param {string} ownerUrl
 * @param {string} folder
 * @param {Note} [note]
 * @returns {Promise<Manifest>}
 */
export async function restore(ownerUrl, folder, note = () => {}) {
  const manifest = readManifest(folder);
  for (const table of manifest.tables) {
    note(`looking at ${table.name}`);
    await refuseChanged(folder, table);
  }
  await withClient(ownerUrl, async (client) => {
    const migrations = await migrationsOf(client);
    if (migrations.join() !== manifest.migrations.join())
      throw new Problem(
        `The backup is of another schema (${manifest.migrations.at(-1)}) than this database (${migrations.at(-1) ?? 'none'}). ` +
          'Make the schema with the version that took the backup (migrate), restore, and then migrate further.',
      );
    const tables = manifest.tables.map(({ name }) => quoted(name));
    await client.query('begin');
    for (const name of ['person', 'eligibility_check'])
      if ((await client.query(`select from ${name} limit 1`)).rowCount !== 0)
        throw new Problem(`This database holds rows of ${name} already: restore into an empty one.`);
    // What the migrations themselves put in.
    await client.query(`truncate ${tables.join(', ')}`);
    // Nobody has heard of these rows: there is nothing to note for those who follow changes.
    for (const table of tables) await client.query(`alter table ${table} disable trigger user`);
    for (const month of manifest.months) await client.query('select make_check_partitions($1::date)', [month]);
    for (const { name, rows } of manifest.tables) {
      let done = 0;
      for await (const some of chunksOf(folder, name)) {
        await client.query(
          `insert into ${quoted(name)} overriding system value select * from json_populate_recordset(null::${quoted(name)}, $1::json)`,
          [`[${some.join(',')}]`],
        );
        done += some.length;
        note(`${name}: ${done.toLocaleString('en')} of ${rows.toLocaleString('en')} rows`);
      }
    }
    for (const { table, column, next } of manifest.sequences)
      await client.query('select setval(pg_get_serial_sequence($1, $2), $3::bigint, false)', [table, column, next]);
    for (const table of tables) await client.query(`alter table ${table} enable trigger user`);
    await client.query('truncate outbox, fact_change');
    await client.query('commit');
    note('statistics');
    await client.query('analyze');
  });
  return manifest;
}

/**
 * @param {string} folder
 * @returns {Manifest}
 */
function readManifest(folder) {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) throw new Problem(`${folder} holds no backup.`);
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  if (manifest.format !== FORMAT) throw new Problem(`${folder} holds a backup that this version does not read.`);
  return manifest;
}

/**
 * @param {string} folder
 * @param {Manifest['tables'][number]} table
 */
async function refuseChanged(folder, { name, rows, sha256 }) {
  const hash = createHash('sha256');
  let found = 0;
  const count = new Transform({
    transform(/** @type {Buffer} */ chunk, _encoding, done) {
      hash.update(chunk);
      for (const byte of chunk) if (byte === 0x0a) found += 1;
      done();
    },
  });
  count.resume();
  try {
    await pipeline(createReadStream(fileOf(folder, name)), createGunzip(), count);
  } catch {
    throw new Problem(`${name} of the backup cannot be read.`);
  }
  if (found !== rows || hash.digest('hex') !== sha256)
    throw new Problem(`${name} of the backup is not what was written there.`);
}

/**
 * First days of the months that have a partition, by its name.
 *
 * @param {import('pg').Client} client
 * @returns {Promise<string[]>}
 */
async function monthsOf(client) {
  const { rows } = await client.query(
    `select distinct regexp_replace(c.relname, '^.*_(\\d{4})_(\\d\\d)$', '\\1-\\2-01') as month from pg_class c
     where c.relispartition and c.relnamespace = 'public'::regnamespace and c.relname ~ '_\\d{4}_\\d\\d$' order by 1`,
  );
  return rows.map(({ month }) => month);
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {AsyncGenerator<string[]>}
 */
async function* chunksOf(folder, name) {
  /** @type {string[]} */
  let lines = [];
  for await (const line of createInterface({ input: createReadStream(fileOf(folder, name)).pipe(createGunzip()) })) {
    lines.push(line);
    if (lines.length < ROWS_AT_ONCE) continue;
    yield lines;
    lines = [];
  }
  if (lines.length > 0) yield lines;
}

/**
 * @param {string} folder
 * @param {string} table
 */
const fileOf = (folder, table) => join(folder, `${table}.ndjson.gz`);

/**
 * @param {import('pg').Client} client
 * @returns {Promise<string[]>}
 */
async function migrationsOf(client) {
  const { rows } = await client.query(`select to_regclass('migrations') as there`);
  if (rows[0].there === null) return [];
  return (await client.query('select name from migrations order by id')).rows.map(({ name }) => name);
}

/**
 * All tables, partitions as part of theirs, each after those it refers to.
 *
 * @param {import('pg').Client} client
 * @returns {Promise<string[]>}
 */
async function tablesOf(client) {
  const { rows: tables } = await client.query(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
  );
  const { rows: references } = await client.query(
    `select distinct c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent from pg_constraint c where c.contype = 'f' and c.conrelid <> c.confrelid`,
  );
  /** @type {string[]} */
  const ordered = [];
  let left = tables.map(({ name }) => /** @type {string} */ (name)).filter((name) => !NOT_KEPT.includes(name));
  while (left.length > 0) {
    const free = left.filter(
      (name) => !references.some(({ child, parent }) => child === name && left.includes(parent)),
    );
    if (free.length === 0) throw new Error(`tables refer to one another: ${left.join(', ')}`);
    ordered.push(...free);
    left = left.filter((name) => !free.includes(name));
  }
  return ordered;
}

/**
 * @param {import('pg').Client} client
 * @returns {Promise<Manifest['sequences']>}
 */
async function sequencesOf(client) {
  const { rows } = await client.query(
    `select c.relname as "table", a.attname as "column", pg_get_serial_sequence(quote_ident(c.relname), a.attname) as sequence
     from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and a.attidentity <> '' and c.relkind in ('r', 'p') and not c.relispartition`,
  );
  /** @type {Manifest['sequences']} */
  const sequences = [];
  for (const { table, column, sequence } of rows.filter((one) => !NOT_KEPT.includes(one.table))) {
    const { rows: state } = await client.query(
      `select (last_value + case when is_called then 1 else 0 end)::text as next from ${sequence}`,
    );
    sequences.push({ table, column, next: state[0].next });
  }
  return sequences;
}
