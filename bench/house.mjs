import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as after } from 'node:timers/promises';

import { BoundedLog } from '../scripts/launcher/bounded-log.mjs';
import { prepareEmbedded, quoted, withClient } from '../scripts/launcher/database.mjs';
import { withNodeOptions } from '../scripts/launcher/node-options.mjs';
import { takeLock } from '../scripts/launcher/pid-lock.mjs';
import { freePort, startCluster, superuser } from '../scripts/launcher/postgres.mjs';
import { hasCode, Problem } from '../scripts/launcher/problem.mjs';
import { fetchToken } from '../scripts/launcher/running-copy.mjs';
import { build, isBuilt } from '../scripts/stage-zero/build.mjs';
import { checkout, dist } from '../scripts/stage-zero/paths.mjs';
import { runQuietly } from '../scripts/stage-zero/run.mjs';
import { childrenOf, cpuMsOf, move, places } from './cores.mjs';
import { fillPopulation, POPULATION_VERSION } from './population.mjs';
import { startServer } from './server-process.mjs';

const readyWithinMs = 300_000;
const asking = /** @type {const} */ (['demo-clinic', 'demo-clinic-2', 'demo-pharmacy']);
const OPERATOR = 'demo-operator';
const TOKENS_PER_CLIENT = 4;

/**
 * @typedef {object} Population
 * @property {number} size
 * @property {string} database
 * @property {string} dataDir secrets and clients
 * @property {import('../scripts/launcher/database-urls.mjs').DatabaseUrls} urls
 * @property {string} superuserUrl
 */

/**
 * @typedef {{ replica?: { current: boolean, people?: number, cards?: number, readyAnswers?: number,
 *   loading?: { done: number, total: number } } }} CounterState
 */

/**
 * @typedef {object} Counter
 * @property {string} name
 * @property {number} port
 * @property {string} url
 * @property {number} pid
 * @property {string} dataDir
 * @property {Population} population
 * @property {import('./server-process.mjs').ServerProcess} process
 * @property {() => Promise<CounterState>} state what it says of itself
 * @property {(name: string) => Promise<Map<string, number>>} metric its figures by labels, as /metrics has them
 * @property {() => Promise<string[]>} tokens access tokens, renewed before they end
 * @property {(how?: 'orderly' | 'hurried') => Promise<void>} stop
 */

/**
 * What a benchmark runs on: a PostgreSQL of its own with the populations, the mock registry, and the counters under test.
 * Populations are kept between runs, in BENCH_DATA_DIR (default: shikaku-bench in the system's folder for temporary files).
 */
export class BenchHouse {
  folder = resolve(process.env.BENCH_DATA_DIR || join(tmpdir(), 'shikaku-bench'));
  #residents;
  /** @type {{ release: () => void } | undefined} */
  #lock;
  #password = '';
  /** @type {import('../scripts/launcher/postgres.mjs').Cluster | undefined} */
  #cluster;
  /** @type {import('./server-process.mjs').ServerProcess | undefined} */
  #registry;
  #registryPort = 0;
  /** @type {Set<{ stop: (how?: 'orderly' | 'hurried') => Promise<void> }>} */
  #started = new Set();
  /** @type {Map<number, Population>} */
  #populations = new Map();
  /** Nothing starts once somebody wants to stop. */
  #closed = new AbortController();

  /**
   * @param {{ residents?: number }} [options] how many people the registry knows beside the scenario people. None for the
   *   benchmark: its feed then names nobody of the benchmark's
   */
  constructor({ residents = 0 } = {}) {
    this.#residents = residents;
  }

  /** @param {(text: string) => void} note */
  async open(note) {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const lock = takeLock(join(this.folder, 'running.lock'), 'runs the benchmark');
    if (!lock.taken)
      throw new Problem(
        `A benchmark is running already (process ${lock.holder.pid}). Two at a time would measure each other.`,
      );
    this.#lock = lock;
    if (!isBuilt()) await build(process.execPath);
    note('starting PostgreSQL and the registry');
    this.#password = readOrMake(join(this.folder, 'password'), () => randomBytes(18).toString('base64url'));
    await this.startDatabase();
    this.#registryPort = await freePort();
    this.#registry = await startServer({
      name: 'the registry',
      entry: join(dist, 'apps/mock-jlis/src/main.js'),
      env: {
        HOST: '127.0.0.1',
        MOCK_JLIS_PORT: String(this.#registryPort),
        POPULATION: String(this.#residents),
        LOG_LEVEL: 'warn',
      },
      place: places.others,
      log: this.log('mock-jlis'),
      signal: this.#closed.signal,
    });
  }

  /** Starts PostgreSQL, where it listened before. */
  async startDatabase() {
    const before = this.#cluster;
    this.#cluster = await startCluster({
      folder: this.folder,
      password: this.#password,
      log: this.log('postgres'),
      signal: this.#closed.signal,
      ...(before !== undefined && { at: { host: before.host, port: before.port } }),
    });
    this.pinDatabase(places.others);
  }

  /** Kills PostgreSQL with all its processes, as the end of a machine would. */
  async killDatabase() {
    const cluster = this.#cluster;
    if (cluster === undefined) return;
    for (const pid of [cluster.pid, ...childrenOf(cluster.pid)])
      try {
        process.kill(pid, 'SIGKILL');
      } catch (error) {
        if (!hasCode(error, 'ESRCH')) throw error;
      }
    await cluster.exited;
  }

  /** Where PostgreSQL listens. @returns {{ host: string, port: number } | { path: string }} */
  get databaseAddress() {
    if (this.#cluster === undefined) throw new Error('the house is not open');
    const { host, port } = this.#cluster;
    return host.startsWith('/') ? { path: join(host, `.s.PGSQL.${port}`) } : { host, port };
  }

  /** Where the registry listens. */
  get registryAddress() {
    return { host: '127.0.0.1', port: this.#registryPort };
  }

  /** Processor time that PostgreSQL has used, in milliseconds. */
  databaseCpuMs() {
    return this.#cluster === undefined ? undefined : cpuMsOf(this.#cluster.pid);
  }

  /** @param {string} place */
  pinDatabase(place) {
    if (this.#cluster !== undefined) move(this.#cluster.pid, place);
  }

  /** @param {string} name */
  log(name) {
    return new BoundedLog(join(this.folder, 'logs', `${name}.log`));
  }

  /** @param {Record<string, string>} own */
  #environment(own) {
    return {
      JLIS_URL: `http://127.0.0.1:${this.#registryPort}`,
      HOST: '127.0.0.1',
      NODE_COMPILE_CACHE: join(this.folder, 'compile-cache'),
      NODE_ENV: 'production',
      // `prepare` made them, for this run alone.
      GENERATED_KEYS: 'allowed',
      ...own,
    };
  }

  /**
   * A database with so many people, made or found.
   *
   * @param {number} size
   * @param {(text: string) => void} note
   * @returns {Promise<Population>}
   */
  async population(size, note) {
    const known = this.#populations.get(size);
    if (known !== undefined) return known;
    const database = `bench_${size}`;
    const dataDir = join(this.folder, database);
    const superuserUrl = this.#superuserUrl(database);
    const fingerprint = `${POPULATION_VERSION} ${size} ${definitionsHash()}`;
    const fresh = await this.#isFilled(superuserUrl, fingerprint);
    if (!fresh) await this.#dropDatabase(database, dataDir);
    const urls = await this.#prepareDatabase(database, dataDir, String(size));
    // Before it is filled: preparing loads the scenario people, and must find nobody else. Later it makes what is missing: a
    // migration that leaves facts alone, a key.
    await this.#prepare(urls.ownerUrl, dataDir, 0);
    if (!fresh) {
      /** @type {import('./population.mjs').Numbers} */
      const numbers = await import(pathToFileURL(join(dist, 'apps/eligibility-api/src/demo/numbers.js')).href);
      await fillPopulation({ superuserUrl, size, numbers, note });
      await withClient(superuserUrl, (client) =>
        client.query(`comment on database ${quoted(database)} is ${client.escapeLiteral(fingerprint)}`),
      );
    }
    const population = { size, database, dataDir, urls, superuserUrl };
    await this.forgetChecks(population);
    this.#populations.set(size, population);
    return population;
  }

  /**
   * A database made anew, with the people whom the registry knows and nobody else: what a check says and what the registry
   * says of a card belong together. Chains of its check log begin with it.
   *
   * @param {string} database
   * @returns {Promise<Population>}
   */
  async residents(database) {
    const dataDir = join(this.folder, database);
    await this.#dropDatabase(database, dataDir);
    const urls = await this.#prepareDatabase(database, dataDir, database);
    await this.#prepare(urls.ownerUrl, dataDir, this.#residents);
    return { size: this.#residents, database, dataDir, urls, superuserUrl: this.#superuserUrl(database) };
  }

  /** @param {string} database */
  #superuserUrl(database) {
    if (this.#cluster === undefined) throw new Error('the house is not open');
    return this.#cluster.url(superuser, this.#password, database);
  }

  /**
   * @param {string} database
   * @param {string} dataDir
   */
  async #dropDatabase(database, dataDir) {
    await withClient(this.#superuserUrl('postgres'), (client) =>
      client.query(`drop database if exists ${quoted(database)} with (force)`),
    );
    rmSync(dataDir, { recursive: true, force: true });
  }

  /**
   * @param {string} database
   * @param {string} dataDir
   * @param {string} mark which keeps the passwords of databases apart
   */
  #prepareDatabase(database, dataDir, mark) {
    if (this.#cluster === undefined) throw new Error('the house is not open');
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const passwords = JSON.parse(
      readOrMake(join(this.folder, 'roles.json'), () => {
        const password = () => randomBytes(18).toString('base64url');
        return JSON.stringify({ owner: password(), counter: password(), office: password() });
      }),
    );
    return prepareEmbedded(this.#cluster.url, {
      superuser,
      superuserPassword: this.#password,
      database,
      passwords: { ...passwords, counter: `${passwords.counter}${mark}`, office: `${passwords.office}${mark}` },
    });
  }

  /**
   * @param {string} superuserUrl
   * @param {string} fingerprint
   */
  async #isFilled(superuserUrl, fingerprint) {
    try {
      return await withClient(superuserUrl, async (client) => {
        const { rows } = await client.query(
          `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = current_database()`,
        );
        return rows[0]?.comment === fingerprint;
      });
    } catch (error) {
      // 3D000: there is no such database.
      if (hasCode(error, '3D000')) return false;
      throw error;
    }
  }

  /**
   * @param {string} ownerUrl
   * @param {string} dataDir
   * @param {number} size of the demo population
   */
  async #prepare(ownerUrl, dataDir, size) {
    await runQuietly(
      'preparing the database',
      process.execPath,
      [join(dist, 'apps/eligibility-api/src/main.js'), 'prepare'],
      {
        cwd: checkout,
        env: {
          ...process.env,
          ...this.#environment({
            DATABASE_URL: ownerUrl,
            DATA_DIR: dataDir,
            SECRETS_DIR: join(dataDir, 'secrets'),
            VAULT_SECRETS_DIR: join(dataDir, 'vault-secrets'),
            POPULATION: String(size),
          }),
        },
      },
    );
  }

  /**
   * Checks of earlier runs, which would make this one slower than the first.
   *
   * @param {Population} population
   */
  async forgetChecks({ superuserUrl }) {
    await withClient(superuserUrl, async (client) => {
      const { rows } = await client.query(
        `select string_agg(quote_ident(relname), ', ') as tables from pg_class
         where relname in ('eligibility_check', 'consent', 'check_answer') and relkind in ('r', 'p')`,
      );
      await client.query(`truncate ${rows[0].tables} cascade`);
    });
  }

  /**
   * Starts a counter on a population and waits until it takes callers. What it keeps on disk, its replica above all, is kept
   * from one to the next and from one run to the next: it catches up as after any restart. `disk` names another one, for two
   * at a time; an empty one is what a first start finds.
   *
   * @param {string} name
   * @param {Population} population
   * @param {{ env?: Record<string, string>, place?: string, disk?: string, isEmpty?: boolean, isInspected?: boolean,
   *   note?: (text: string) => void }} [options]
   * @returns {Promise<Counter>}
   */
  async counter(
    name,
    population,
    { env = {}, place = places.server, disk = 'disk', isEmpty = false, isInspected = false } = {},
  ) {
    const dataDir = join(population.dataDir, disk);
    if (isEmpty) rmSync(dataDir, { recursive: true, force: true });
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const secretsDir = join(population.dataDir, 'secrets');
    const log = this.log(name);
    const started = await startServer({
      name,
      entry: join(dist, 'apps/eligibility-api/src/main.js'),
      args: ['counter'],
      env: this.#environment({
        // As npm start and the image run it.
        NODE_OPTIONS: withNodeOptions(process.env.NODE_OPTIONS),
        DATABASE_URL: population.urls.counterUrl,
        PORT: String(port),
        DATA_DIR: dataDir,
        SECRETS_DIR: secretsDir,
        LOG_LEVEL: 'warn',
        // One client asks for all clinics of the country.
        CLIENT_QUOTA_REQUESTS: '1000000000',
        ...env,
      }),
      place,
      isInspected,
      log,
      signal: this.#closed.signal,
    });
    this.#started.add(started);
    await this.#untilReady(url);
    const secrets = JSON.parse(readFileSync(join(secretsDir, 'demo-clients.json'), 'utf8'));
    const operator = renewing(async () => [await fetchToken(url, { id: OPERATOR, secret: secrets[OPERATOR] })]);
    return {
      name,
      port,
      url,
      pid: started.pid,
      dataDir,
      population,
      process: started,
      state: async () => {
        const [token] = await operator();
        const response = await fetch(`${url}/v1/operations/state`, { headers: { authorization: `Bearer ${token}` } });
        return /** @type {any} */ (await response.json());
      },
      metric: async (wanted) => {
        const text = await (await fetch(`${url}/metrics`)).text();
        return new Map(
          [...text.matchAll(/^(\w+)\{(.*)\} (\S+)$/gm)].flatMap(([, metric, labels = '', value]) =>
            metric === wanted ? [[labels, Number(value)]] : [],
          ),
        );
      },
      tokens: renewing(() =>
        Promise.all(
          asking.flatMap((id) =>
            Array.from({ length: TOKENS_PER_CLIENT }, () => fetchToken(url, { id, secret: secrets[id] })),
          ),
        ),
      ),
      stop: async (how) => {
        this.#started.delete(started);
        await started.stop(how);
      },
    };
  }

  /**
   * Starts a comparator, which belongs to the benchmark.
   *
   * @param {string} name
   * @param {{ entry: string, env: Record<string, string> }} command
   */
  async comparator(name, { entry, env }) {
    const port = await freePort();
    const started = await startServer({
      name,
      entry,
      env: { ...env, PORT: String(port), NODE_ENV: 'production' },
      place: places.server,
      log: this.log(name),
      signal: this.#closed.signal,
    });
    this.#started.add(started);
    return { name, port, url: `http://127.0.0.1:${port}`, pid: started.pid, stop: () => started.stop('hurried') };
  }

  /**
   * @param {string} url
   */
  async #untilReady(url) {
    const limit = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(readyWithinMs)]);
    while (!limit.aborted) {
      try {
        const response = await fetch(`${url}/health/ready`, { signal: limit });
        await response.text();
        if (response.status === 200) return;
      } catch {
        // Not listening yet.
      }
      await after(20, undefined, { signal: limit }).catch(() => {});
    }
    this.#closed.signal.throwIfAborted();
    throw new Problem(`${url} was not ready within ${readyWithinMs / 1000} s. See ${join(this.folder, 'logs')}.`);
  }

  /** Whether a setting is known to this counter: measurements of what it does not have yet are skipped. @param {string} name */
  knowsSetting(name) {
    return readFileSync(join(checkout, 'docs/settings.md'), 'utf8').includes(`| \`${name}\` |`);
  }

  /** @param {string} path */
  knowsPath(path) {
    const { paths } = JSON.parse(readFileSync(join(checkout, 'docs/openapi.json'), 'utf8'));
    return path in paths;
  }

  async close() {
    this.#closed.abort();
    await Promise.all([...this.#started].map((one) => one.stop('hurried')));
    await this.#registry?.stop('hurried');
    await this.#cluster?.stop('orderly');
    this.#lock?.release();
  }
}

/** What a population is made from. Where it changed, the population is made anew; preparing would else do away with it. */
function definitionsHash() {
  const folders = [
    'apps/eligibility-api/src/coverage-store/migrations',
    'apps/eligibility-api/src/demo',
    'apps/mock-jlis/src/population',
  ];
  const hash = createHash('sha256');
  for (const folder of folders.map((one) => join(checkout, one)))
    for (const name of readdirSync(folder).toSorted())
      if (!name.endsWith('.spec.ts')) hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

const RENEW_AFTER_MS = 240_000;

/**
 * @param {() => Promise<string[]>} fetchAll
 * @returns {() => Promise<string[]>}
 */
function renewing(fetchAll) {
  /** Those who ask at once share it. @type {Promise<string[]> | undefined} */
  let tokens;
  let since = 0;
  return async () => {
    if (tokens === undefined || Date.now() - since > RENEW_AFTER_MS) {
      since = Date.now();
      const fetching = fetchAll();
      tokens = fetching;
      fetching.catch(() => {
        if (tokens === fetching) tokens = undefined;
      });
    }
    return tokens;
  };
}

/**
 * @param {string} path
 * @param {() => string} make
 */
function readOrMake(path, make) {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const text = make();
  writeFileSync(path, text, { mode: 0o600 });
  return text;
}
