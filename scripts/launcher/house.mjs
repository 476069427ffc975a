import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

import { dist } from '../stage-zero/paths.mjs';
import { withProgress } from '../stage-zero/progress.mjs';
import { BoundedLog } from './bounded-log.mjs';
import { writeWhole } from './data-folder.mjs';
import { databaseUrls } from './database-urls.mjs';
import { readPeople } from './people.mjs';
import { withNodeOptions } from './node-options.mjs';
import { startCluster, superuser } from './postgres.mjs';
import { hasCode, messageOf, Problem } from './problem.mjs';
import { runTask, startService } from './service.mjs';
import { Supervised } from './supervised.mjs';
import { welcome } from './welcome.mjs';

const database = 'shikaku';
const readyWithinMs = 120_000;
/** npm passes Ctrl-C on to a process that the terminal told already: that is one wish, not two. */
const sameWishMs = 1_000;

/** Everything that npm start runs: PostgreSQL, the registry, the counter and the office. */
export class House {
  #settings;
  #secrets;
  #asked = new AbortController();
  /** @type {Set<Supervised>} */
  #services = new Set();
  /** What the services stand on, and what therefore stops after them. @type {Set<Supervised>} */
  #foundations = new Set();
  /** @type {Map<string, number>} */
  #pids = new Map();
  /** Where the embedded PostgreSQL listens. @type {{ host: string, port: number } | undefined} */
  #database;
  /** @type {Promise<void> | undefined} */
  #closing;

  /**
   * @param {import('./settings.mjs').LauncherSettings} settings
   * @param {import('./data-folder.mjs').DatabaseSecrets} secrets
   */
  constructor(settings, secrets) {
    this.#settings = settings;
    this.#secrets = secrets;
  }

  /** Resolves when everything answers, or when it was asked to close meanwhile. */
  async open() {
    try {
      await this.#bringUp();
    } catch (error) {
      const wasAsked = this.#asked.signal.aborted;
      await this.close();
      if (!wasAsked) throw error;
    }
  }

  async #bringUp() {
    const registry = this.#settings.jlisUrl === undefined ? this.#startRegistry() : Promise.resolve();
    // Waited for below; if the database fails first, that is what is reported.
    registry.catch(() => {});
    const urls = await this.#openDatabase();
    this.#asked.signal.throwIfAborted();
    if (!this.#isPrepared()) {
      await registry;
      await this.#prepare(urls.ownerUrl);
    }
    // Before anybody can find the counter ready, so that whoever does can ask for a token at once.
    this.#writeRunning();
    // Loading code is what a start spends its time on, and two at a time is what a small machine has room for: first what
    // a check needs, then the office.
    await Promise.all([registry, this.#startOwn('counter', urls.counterUrl)]);
    const office = this.#startOwn('office', urls.officeUrl);
    // Awaited below; whatever fails first is what is reported.
    office.catch(() => {});
    const counter = this.#urls().url;
    const isReady = new AbortController();
    const shown = this.#showReplica(counter, AbortSignal.any([this.#asked.signal, isReady.signal]));
    try {
      await this.#untilReady(counter);
    } finally {
      isReady.abort();
      await shown;
    }
    process.stdout.write(welcome(this.#settings, this.#urls(), readPeople(this.#settings.dataDir)));
    await office;
    await this.#untilReady(this.#urls().officeUrl);
    this.#writeRunning();
    say('Ready. Ctrl-C stops everything.');
  }

  /**
   * How far the counter's copy of everybody's facts is: with a large population that is what a first start waits for.
   *
   * @param {string} url
   * @param {AbortSignal} signal
   */
  async #showReplica(url, signal) {
    await withProgress('Loading the replica', async (note) => {
      while (!signal.aborted) {
        const share = await loadedShare(url, signal).catch(() => 1);
        if (share < 1) note(bar(share));
        await after(250, undefined, { signal }).catch(() => {});
      }
    });
  }

  /** @returns {Promise<import('./database-urls.mjs').DatabaseUrls>} */
  async #openDatabase() {
    const { databaseUrl, dataDir } = this.#settings;
    if (databaseUrl !== undefined) {
      try {
        const { prepareGiven } = await import('./database.mjs');
        return await prepareGiven(databaseUrl, this.#secrets);
      } catch (error) {
        if (error instanceof Problem || !(error instanceof Error && 'code' in error)) throw error;
        throw new Problem(`The database of DATABASE_URL cannot be used: ${messageOf(error)}`);
      }
    }
    const log = this.#log('postgres');
    /** @type {import('./postgres.mjs').Cluster | undefined} */
    let cluster;
    const postgres = new Supervised(
      'PostgreSQL',
      async (signal) => {
        cluster = await startCluster({
          folder: dataDir,
          password: this.#secrets.superuser,
          log,
          signal,
          // The services keep the address they were given.
          ...(cluster === undefined ? {} : { at: { host: cluster.host, port: cluster.port } }),
        });
        this.#database = { host: cluster.host, port: cluster.port };
        this.#notePid('postgres', cluster.pid);
        return cluster;
      },
      say,
    );
    this.#foundations.add(postgres);
    const isNew = !existsSync(join(dataDir, 'postgres'));
    await (isNew ? withProgress('Making the database', () => postgres.begin()) : postgres.begin());
    this.#asked.signal.throwIfAborted();
    if (cluster === undefined) throw new Error('PostgreSQL began without a cluster');
    if (this.#isPrepared()) return databaseUrls(cluster.url, database, this.#secrets);
    const { prepareEmbedded } = await import('./database.mjs');
    return prepareEmbedded(cluster.url, {
      superuser,
      superuserPassword: this.#secrets.superuser,
      database,
      passwords: this.#secrets,
    });
  }

  async #startRegistry() {
    const { mockJlisPort, population } = this.#settings;
    await this.#supervise(this.#foundations, 'mock-jlis', {
      entry: join(dist, 'apps/mock-jlis/src/main.js'),
      args: [],
      env: this.#environment({
        HOST: '127.0.0.1',
        MOCK_JLIS_PORT: String(mockJlisPort),
        POPULATION: String(population),
        // It has no database, and what it does not know it cannot give away.
        DATABASE_URL: undefined,
      }),
    });
  }

  /**
   * @param {'counter' | 'office'} name
   * @param {string} databaseUrl of its own role
   */
  async #startOwn(name, databaseUrl) {
    await this.#supervise(this.#services, name, {
      entry: join(dist, 'apps/eligibility-api/src/main.js'),
      args: [name],
      env: this.#apiEnvironment(databaseUrl, { hasVault: name === 'office' }),
    });
  }

  /**
   * @param {Set<Supervised>} group
   * @param {string} name
   * @param {{ entry: string, args: string[], env: NodeJS.ProcessEnv }} command
   */
  async #supervise(group, name, command) {
    const log = this.#log(name);
    const service = new Supervised(
      name,
      async (signal) => {
        const running = await startService({ name, ...command, log, signal });
        this.#notePid(name, running.pid);
        return running;
      },
      say,
    );
    group.add(service);
    await service.begin();
  }

  /**
   * Migrates, makes the keys that are missing, loads the demo population.
   *
   * @param {string} ownerUrl
   */
  async #prepare(ownerUrl) {
    this.#asked.signal.throwIfAborted();
    await withProgress('Preparing the schema and the demo population', (note) =>
      runTask({
        name: 'prepare',
        entry: join(dist, 'apps/eligibility-api/src/main.js'),
        args: ['prepare'],
        env: this.#apiEnvironment(ownerUrl, { hasVault: true }),
        log: this.#log('prepare'),
        signal: this.#asked.signal,
        onProgress: note,
      }),
    );
    this.#asked.signal.throwIfAborted();
    if (this.#settings.databaseUrl === undefined) writeWhole(this.#preparedFile(), this.#preparedFor());
  }

  /**
   * Whether this very data folder was prepared by this very build: then a second start need not ask.
   * A database that somebody else runs is always asked.
   */
  #isPrepared() {
    const { databaseUrl, dataDir } = this.#settings;
    if (databaseUrl !== undefined) return false;
    const needed = [
      'people.ndjson',
      'secrets/demo-clients.json',
      'vault-secrets/vault-keys.json',
      'vault-secrets/subject-key',
    ];
    return (
      readIfThere(this.#preparedFile()) === this.#preparedFor() &&
      needed.every((name) => existsSync(join(dataDir, name)))
    );
  }

  #preparedFile() {
    return join(this.#settings.dataDir, 'prepared.json');
  }

  #preparedFor() {
    const { population, jlisUrl = 'mock' } = this.#settings;
    const build = readFileSync(join(dist, '.built-from'), 'utf8');
    return `${JSON.stringify({ build, population, jlisUrl })}\n`;
  }

  /**
   * @param {string} databaseUrl
   * @param {{ hasVault: boolean }} may whether it is told where the vault's keys are
   */
  #apiEnvironment(databaseUrl, { hasVault }) {
    const { port, officePort, host, dataDir, population } = this.#settings;
    return this.#environment({
      DATABASE_URL: databaseUrl,
      HOST: host,
      PORT: String(port),
      OFFICE_PORT: String(officePort),
      NODE_OPTIONS: withNodeOptions(process.env.NODE_OPTIONS),
      JLIS_URL: this.#urls().jlisUrl,
      // A registry that somebody else runs has no switches that are ours to set.
      REGISTRY_FAULTS_URL: this.#settings.jlisUrl === undefined ? `${this.#urls().jlisUrl}/faults` : undefined,
      DATA_DIR: dataDir,
      SECRETS_DIR: join(dataDir, 'secrets'),
      // This is the demonstration that its keys are for.
      GENERATED_KEYS: 'allowed',
      VAULT_SECRETS_DIR: hasVault ? join(dataDir, 'vault-secrets') : undefined,
      POPULATION: String(population),
    });
  }

  /** @param {NodeJS.ProcessEnv} own */
  #environment(own) {
    const env = { ...process.env, NODE_COMPILE_CACHE: join(this.#settings.dataDir, 'compile-cache'), ...own };
    return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
  }

  #urls() {
    const { host, port, officePort, mockJlisPort, jlisUrl } = this.#settings;
    // A wildcard is an address to listen on, not one to call.
    const called = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
    return {
      url: `http://${called}:${port}`,
      officeUrl: `http://${called}:${officePort}`,
      jlisUrl: jlisUrl ?? `http://127.0.0.1:${mockJlisPort}`,
    };
  }

  /** @param {string} url */
  async #untilReady(url) {
    const limit = AbortSignal.any([this.#asked.signal, AbortSignal.timeout(readyWithinMs)]);
    let last = 'no answer';
    while (!limit.aborted) {
      try {
        const response = await fetch(`${url}/health/ready`, { signal: limit });
        if (response.status === 200) return;
        last = `${response.status} ${(await response.text()).slice(0, 300)}`;
      } catch (error) {
        last = messageOf(error instanceof Error ? (error.cause ?? error) : error);
      }
      // It knows when it is ready, and only by asking do we.
      await after(100, undefined, { signal: limit }).catch(() => {});
    }
    this.#asked.signal.throwIfAborted();
    throw new Problem(
      `${url} was not ready within ${readyWithinMs / 1000} s (${last}). See ${join(this.#settings.dataDir, 'logs')}.`,
    );
  }

  /** @param {string} name */
  #log(name) {
    return new BoundedLog(join(this.#settings.dataDir, 'logs', `${name}.log`), say);
  }

  /**
   * @param {string} name
   * @param {number} pid
   */
  #notePid(name, pid) {
    this.#pids.set(name, pid);
    if (existsSync(this.#runningFile())) this.#writeRunning();
  }

  #runningFile() {
    return join(this.#settings.dataDir, 'running.json');
  }

  /** For the commands that ask the running copy (token), and for whoever looks what runs. */
  #writeRunning() {
    const { port, officePort, mockJlisPort, jlisUrl } = this.#settings;
    const running = {
      ...this.#urls(),
      ports: {
        PORT: port,
        OFFICE_PORT: officePort,
        ...(jlisUrl === undefined ? { MOCK_JLIS_PORT: mockJlisPort } : {}),
      },
      ...(this.#database === undefined ? {} : { database: this.#database }),
      pids: { launcher: process.pid, ...Object.fromEntries(this.#pids) },
    };
    writeWhole(this.#runningFile(), `${JSON.stringify(running, null, 2)}\n`);
  }

  /** Closes on Ctrl-C, on SIGTERM, when the terminal closes, and when whoever started us is gone. */
  closeWhenAsked() {
    /** @type {Promise<void>} */
    const closed = new Promise((done) => {
      let firstAsked = 0;
      const ask = () => {
        if (firstAsked === 0) {
          firstAsked = Date.now();
          say('Stopping…');
          done(this.close());
        } else if (Date.now() - firstAsked > sameWishMs) {
          this.#hurry();
        }
      };
      for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, ask);
      if (process.channel) process.once('disconnect', ask);
      // The terminal may be gone before we are; stopping matters more than saying so.
      process.stdout.on('error', () => {});
      process.stderr.on('error', () => {});
    });
    const said = closed.then(() => say('Stopped.'));
    // Nobody waits for it while the house is coming up; an error is met there.
    said.catch(() => {});
    return said;
  }

  /** Stops the services, then what they stand on. */
  close() {
    this.#asked.abort();
    this.#closing ??= (async () => {
      await Promise.all([...this.#services].map((one) => one.stop('orderly')));
      await Promise.all([...this.#foundations].map((one) => one.stop('orderly')));
    })();
    return this.#closing;
  }

  #hurry() {
    for (const one of [...this.#services, ...this.#foundations]) void one.stop('hurried');
  }
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`);
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const BAR_CHARACTERS = 30;

/** @param {number} share 0 to 1 */
const bar = (share) => {
  const filled = Math.round(share * BAR_CHARACTERS);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_CHARACTERS - filled)} ${Math.floor(share * 100)} %`;
};

/**
 * 1 while nothing is being loaded.
 *
 * @param {string} url of a counter
 * @param {AbortSignal} signal
 */
async function loadedShare(url, signal) {
  const text = await (await fetch(`${url}/metrics`, { signal })).text();
  return Number(/^shikaku_replica_loading_ratio (\S+)$/m.exec(text)?.[1] ?? 1);
}
