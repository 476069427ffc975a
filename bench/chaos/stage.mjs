import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';

import { withClient } from '../../scripts/launcher/database.mjs';
import { dist } from '../../scripts/stage-zero/paths.mjs';
import { untilPrepared } from '../lanes.mjs';
import { numberOf } from '../load/timeline.mjs';
import { FaultProxy } from './fault-proxy.mjs';

export const CHECKS = '/v1/eligibility-checks';
const AT_ONCE = 8;
const ON_RECORD_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

/**
 * Where the scenarios happen: a house whose registry knows everybody, one database, and a proxy before each of the two.
 */
export class Stage {
  /** @type {import('./fault-proxy.mjs').FaultProxy} */
  registry;
  /** @type {import('./fault-proxy.mjs').FaultProxy} */
  database;

  /**
   * @param {import('../house.mjs').BenchHouse} house
   * @param {import('../load/generator.mjs').Generator} generator
   * @param {import('../house.mjs').Population} population
   * @param {{ registry: FaultProxy, database: FaultProxy }} proxies
   */
  constructor(house, generator, population, { registry, database }) {
    this.house = house;
    this.generator = generator;
    this.population = population;
    this.registry = registry;
    this.database = database;
  }

  /**
   * @param {import('../house.mjs').BenchHouse} house open
   * @param {import('../load/generator.mjs').Generator} generator
   */
  static async set(house, generator) {
    const population = await house.residents('chaos');
    return new Stage(house, generator, population, {
      registry: await FaultProxy.to(house.registryAddress),
      database: await FaultProxy.to(house.databaseAddress),
    });
  }

  async close() {
    await this.registry.close();
    await this.database.close();
  }

  /**
   * A counter behind the proxies, its replica loaded and its answers ready.
   *
   * @param {string} name
   * @param {{ env?: Record<string, string>, disk?: string, isEmpty?: boolean, place?: string,
   *   note?: (text: string) => void, isPrepared?: boolean }} [options]
   */
  async counter(name, { env = {}, note = () => {}, isPrepared = true, ...rest } = {}) {
    const url = new URL(this.population.urls.counterUrl);
    url.host = `127.0.0.1:${this.database.port}`;
    const counter = await this.house.counter(`chaos-${name}`, this.population, {
      ...rest,
      env: {
        DATABASE_URL: url.href,
        JLIS_URL: `http://127.0.0.1:${this.registry.port}`,
        ...env,
      },
    });
    if (isPrepared) await untilPrepared(counter, note);
    return counter;
  }

  /**
   * Cards of people who are covered, as the counter says while all is well: whatever else it says of them later is wrong.
   *
   * @param {import('../house.mjs').Counter} counter
   * @param {number} wanted
   * @returns {Promise<import('../load/mix.mjs').Card[]>}
   */
  async cards(counter, wanted) {
    const serials = await withClient(this.population.superuserUrl, async (client) => {
      const { rows } = await client.query(
        `select serial from credential where status = 'good' and serial < '8' order by md5(serial) limit $1`,
        [wanted * 2],
      );
      return rows.map(({ serial }) => /** @type {string} */ (serial));
    });
    /** @type {import('../load/mix.mjs').Card[]} */
    const cards = [];
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let serial = serials.pop(); serial !== undefined && cards.length < wanted; serial = serials.pop()) {
          const { answer } = await this.check(counter, serial);
          const number = numberOf(answer.results?.[0]);
          if (answer.verdict === 'valid' && number !== undefined) cards.push({ serial, number });
        }
      }),
    );
    return cards.slice(0, wanted);
  }

  /**
   * One check beside the load.
   *
   * @param {import('../house.mjs').Counter} counter
   * @param {string} serial
   * @returns {Promise<{ status: number, answer: any }>}
   */
  async check(counter, serial) {
    const [token] = await counter.tokens();
    const response = await fetch(`${counter.url}${CHECKS}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ card: { certificateSerial: serial } }),
    });
    return { status: response.status, answer: await response.json() };
  }

  /**
   * Faults of the registry itself, which a proxy cannot make.
   *
   * @param {object} faults none: all is well
   */
  async registryFaults(faults) {
    const { host, port } = this.house.registryAddress;
    const response = await fetch(`http://${host}:${port}/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(faults),
    });
    if (!response.ok) throw new Error(`the registry refused its faults: ${await response.text()}`);
  }

  /** How many checks are on record; those that a re-check wrote are not counted. @returns {Promise<number>} */
  checksOnRecord() {
    return withClient(this.population.superuserUrl, async (client) => {
      const { rows } = await client.query(
        `select count(*) as n from eligibility_check where spliced::json->>'corrects' is null`,
      );
      return Number(rows[0].n);
    });
  }

  /**
   * About which days these checks were, where none was asked for, and how many of them about another than the day in Tokyo on which
   * they were given.
   *
   * @param {readonly string[]} checkIds
   * @returns {Promise<{ days: string[], otherDay: number }>}
   */
  daysOnRecord(checkIds) {
    return withClient(this.population.superuserUrl, async (client) => {
      const { rows } = await client.query(
        `select service_date::text as day, count(*) filter (where service_date <> (checked_at at time zone 'Asia/Tokyo')::date)::int as other
         from eligibility_check where check_id = any($1) group by service_date order by service_date`,
        [checkIds],
      );
      return { days: rows.map(({ day }) => day), otherDay: rows.reduce((sum, { other }) => sum + other, 0) };
    });
  }

  /**
   * Waits until every one of these checks is on record, or for as long as that may take.
   *
   * @param {readonly string[]} checkIds
   * @param {(text: string) => void} [note]
   * @returns {Promise<{ missing: number, waitedMs: number }>}
   */
  async untilOnRecord(checkIds, note = () => {}) {
    const began = performance.now();
    for (;;) {
      const stored = await withClient(this.population.superuserUrl, async (client) => {
        const { rows } = await client.query('select count(*) as n from eligibility_check where check_id = any($1)', [
          checkIds,
        ]);
        return Number(rows[0].n);
      });
      const waitedMs = performance.now() - began;
      const missing = checkIds.length - stored;
      if (missing === 0 || waitedMs > ON_RECORD_WITHIN_MS) return { missing, waitedMs };
      note(`${missing} of ${checkIds.length} answers not on record yet`);
      await after(LOOK_EVERY_MS);
    }
  }

  /**
   * `npm run check-log:verify` on the stage's database and the journals of a counter.
   *
   * @param {import('../house.mjs').Counter} counter
   * @returns {Promise<{ isOk: boolean, records: number, text: string }>}
   */
  async verifyCheckLog(counter) {
    const run = promisify(execFile)(
      process.execPath,
      [join(dist, 'apps/eligibility-api/src/main.js'), 'check-log:verify', '--json', '--journal'],
      {
        env: {
          ...process.env,
          DATABASE_URL: this.population.urls.counterUrl,
          DATA_DIR: counter.dataDir,
          SECRETS_DIR: join(this.population.dataDir, 'secrets'),
        },
        maxBuffer: 2 ** 26,
      },
    );
    // Exit code 1 is a finding, and the report is there all the same.
    const { stdout, stderr } = await run.catch((error) => /** @type {{ stdout: string, stderr: string }} */ (error));
    try {
      const { ok, chains, findings } = JSON.parse(stdout);
      return { isOk: ok, records: chains.records, text: ok ? '' : JSON.stringify(findings[0]) };
    } catch {
      return { isOk: false, records: 0, text: stderr.trim().split('\n').at(-1) ?? 'nothing was said' };
    }
  }
}
