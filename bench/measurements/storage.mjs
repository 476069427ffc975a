import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

import { withClient } from '../../scripts/launcher/database.mjs';
import { places } from '../cores.mjs';
import { untilPrepared } from '../lanes.mjs';
import { count } from '../report/numbers.mjs';

const SHIPPED_WITHIN_MS = 60_000;
const ASK_MS = 8_000;

/** @type {import('../context.mjs').Measurement} */
export const storage = {
  name: 'storage',
  about: 'bytes on disk: of a person in PostgreSQL and in the replica, of a check in the journal and in PostgreSQL',
  run: async (context) => {
    const { house, generator, options, doing } = context;
    /** @type {import('../house.mjs').Counter} */
    const counter = await doing('Starting a counter (storage)', async (note) => {
      const population = await house.population(options.sizes.middle, note);
      await house.forgetChecks(population);
      const started = await house.counter('counter-storage', population, { place: places.server });
      await untilPrepared(started, note);
      return started;
    });
    const { population, dataDir } = counter;
    try {
      const before = { disk: bytesByFolder(dataDir), tables: await tablesOf(population) };
      /** @type {Awaited<ReturnType<import('../load/generator.mjs').Generator['closed']>>} */
      const asked = await doing('Asking', async () =>
        generator.closed({
          kind: 'closed',
          host: '127.0.0.1',
          port: counter.port,
          question: {
            kind: 'check',
            path: '/v1/eligibility-checks',
            tokens: await counter.tokens(),
            people: { kind: 'any', size: population.size },
            isAnsweredForPerson: true,
          },
          seed: 5,
          connections: 20,
          warmMs: 0,
          measureMs: ASK_MS,
        }),
      );
      await doing('Waiting until the checks are in PostgreSQL', () => untilStored(population, asked.replies));
      await untilPrepared(counter, () => {});
      const end = { disk: bytesByFolder(dataDir), tables: await tablesOf(population) };

      const { personBytes, checkBytes, checks } = end.tables;
      const grown = Object.entries(end.disk).map(([name, bytes]) => ({
        name,
        bytes,
        grownBy: bytes - (before.disk[name] ?? 0),
      }));
      return {
        name: 'storage',
        title: `Bytes on disk, ${count(population.size)} people, ${count(asked.replies)} checks`,
        tables: [
          {
            title: 'PostgreSQL, with indexes',
            columns: ['of', 'bytes', 'rows', 'bytes each'],
            rows: [
              [
                'facts of insured people',
                count(personBytes),
                count(population.size),
                count(personBytes / population.size),
              ],
              ['checks on record', count(checkBytes), count(checks), count(checkBytes / checks)],
            ],
          },
          {
            title: 'Folders of the counter’s DATA_DIR',
            columns: ['folder', 'bytes', 'bytes a person', 'grown by', 'bytes a check'],
            rows: grown.map(({ name, bytes, grownBy }) => [
              name,
              count(bytes),
              count(bytes / population.size),
              count(grownBy),
              count(grownBy / asked.replies),
            ]),
          },
        ],
        notes: ['Files that are given their size beforehand show no growth here.'],
        data: { before, end, replies: asked.replies },
      };
    } finally {
      await counter.stop();
    }
  },
};

/**
 * @param {string} folder
 * @returns {Record<string, number>}
 */
export function bytesByFolder(folder) {
  /** @type {Record<string, number>} */
  const sizes = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1).split('/')[0] ?? '';
    // Removed in the meantime is no size.
    sizes[name] = (sizes[name] ?? 0) + (statSync(path, { throwIfNoEntry: false })?.size ?? 0);
  }
  return sizes;
}

const CHECK_TABLES = `(relname like 'eligibility_check%' or relname like 'consent%' or relname like 'check_answer%' or relname = 'check_journal')`;

/**
 * @param {import('../house.mjs').Population} population
 * @returns {Promise<{ personBytes: number, checkBytes: number, checks: number }>}
 */
const tablesOf = ({ superuserUrl }) =>
  withClient(superuserUrl, async (client) => {
    const { rows } = await client.query(`
      select coalesce(sum(pg_total_relation_size(oid)) filter (where not ${CHECK_TABLES}), 0)::float8 as "personBytes",
             coalesce(sum(pg_total_relation_size(oid)) filter (where ${CHECK_TABLES}), 0)::float8 as "checkBytes",
             (select count(*) from eligibility_check)::float8 as checks
      from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`);
    return rows[0];
  });

/**
 * @param {import('../house.mjs').Population} population
 * @param {number} checks
 */
async function untilStored(population, checks) {
  const began = Date.now();
  while (Date.now() - began < SHIPPED_WITHIN_MS) {
    if ((await tablesOf(population)).checks >= checks) return;
    await after(500);
  }
}
