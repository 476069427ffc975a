import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

import { takeLock, runningHolder } from '../launcher/pid-lock.mjs';
import { describe, Problem, runEntry } from '../launcher/problem.mjs';
import { commandLine, parentOf } from '../launcher/process-identity.mjs';
import { build, isBuilt } from './build.mjs';
import { install, isInstalled, projectNode } from './install.mjs';
import { checkout, dist, modules } from './paths.mjs';
import { withProgress } from './progress.mjs';
import { signalRunning } from './run.mjs';

const lock = join(dist, '.preparing.lock');

/** Asking for a process costs nothing on Linux and starts a program elsewhere. */
const lookForParentMs = process.platform === 'linux' ? 500 : 2_000;

/** Installs and builds what is missing, then hands over to the launcher under the project's own Node. */
export function start() {
  return runEntry(async () => handOver(join(checkout, 'scripts/launcher/main.mjs'), await prepareCheckout()));
}

/** The same, then every test. Whatever happens, the last line counts. */
export function test() {
  return runEntry(async () => {
    /** @type {string} */
    let node;
    try {
      node = await prepareCheckout();
    } catch (error) {
      process.stdout.write(`${error instanceof Problem ? error.message : describe(error)}\n0 passed, 1 failed\n`);
      return 1;
    }
    return handOver(join(checkout, 'scripts/checks/main.mjs'), node);
  });
}

/**
 * Installs and builds what is missing.
 *
 * @returns {Promise<string>} the Node to go on with
 */
export async function prepareCheckout() {
  if (isInstalled() && isBuilt()) return projectNode();
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    signalRunning('SIGINT');
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.on(signal, interrupt);
  const release = await lockCheckout();
  try {
    if (!isInstalled()) await install();
    const node = projectNode();
    if (!isBuilt()) await build(node);
    return node;
  } catch (error) {
    throw interrupted ? new Problem('\nInterrupted; the next start goes on from here.') : error;
  } finally {
    release();
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/** Two copies started at once in one checkout: the second waits for the first to install and build for both. */
async function lockCheckout() {
  const first = takeLock(lock, 'installs and builds');
  if (first.taken) return first.release;
  return withProgress(`Waiting for process ${first.holder.pid}, which is installing or building here`, async () => {
    for (;;) {
      await lockChanges();
      const again = takeLock(lock, 'installs and builds');
      if (again.taken) return again.release;
    }
  });
}

/** When the lock is gone, or its holder is: a killed process removes nothing, so that has to be looked for. */
function lockChanges() {
  return new Promise((done) => {
    const watcher = watch(dist, (_event, name) => {
      if (name === null || name === basename(lock)) finish();
    });
    const look = setInterval(() => {
      if (runningHolder(lock) === null) finish();
    }, 1_000);
    const finish = () => {
      watcher.close();
      clearInterval(look);
      done(undefined);
    };
    if (runningHolder(lock) === null) finish();
  });
}

/**
 * @param {string} entry
 * @param {string} node
 * @returns {Promise<number>} its exit code
 */
function handOver(entry, node) {
  return new Promise((done, fail) => {
    const child = spawn(node, [entry, ...process.argv.slice(2)], {
      cwd: checkout,
      // The channel tells the other side when we are gone, however we went.
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        PATH: [dirname(node), join(modules, '.bin'), process.env['PATH'] ?? ''].join(delimiter),
      },
    });
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => child.kill(signal));
    }
    stopWithParent(() => child.kill('SIGTERM'));
    child.once('error', fail);
    child.once('exit', (code, signal) => done(code ?? (signal === null ? 1 : 128)));
  });
}

/**
 * npm runs us through a shell. The shell dies of SIGTERM without passing it on, npm may be killed above it, and nothing
 * else would tell us that either is gone.
 *
 * @param {() => void} stop
 */
function stopWithParent(stop) {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  // Some shells put themselves between npm and us, others let us take their place.
  const isShell = /^\S*sh -c /.test(commandLine(parent) ?? '');
  const grandparent = isShell ? parentOf(parent) : null;
  const look = setInterval(() => {
    if (process.ppid === parent && (grandparent === null || parentOf(parent) === grandparent)) return;
    clearInterval(look);
    stop();
  }, lookForParentMs);
  look.unref();
}
