import { fork } from 'node:child_process';
import { finished } from 'node:stream/promises';
import { setTimeout as after } from 'node:timers/promises';

import { Problem } from './problem.mjs';

const orderlyMs = 4_000;

/**
 * @typedef {object} ServiceCommand
 * @property {string} name
 * @property {string} entry built file
 * @property {string[]} args
 * @property {NodeJS.ProcessEnv} env
 * @property {import('./bounded-log.mjs').BoundedLog} log
 * @property {AbortSignal} signal ends it before it is ready
 */

/**
 * Starts one of our processes; its output goes to its log. It says `{ ready: true }` when it listens, and ends by itself
 * when the channel to us closes, so that even a killed launcher leaves nothing running.
 *
 * @param {ServiceCommand} command
 * @returns {Promise<import('./supervised.mjs').Running & { pid: number }>}
 */
export async function startService({ name, entry, args, env, log, signal }) {
  const child = forkQuietly({ entry, args, env, log });
  const exited = endOf(child);
  const giveUp = () => child.kill('SIGKILL');
  signal.addEventListener('abort', giveUp, { once: true });
  /** @type {Promise<void>} */
  const ready = new Promise((done, fail) => {
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'ready' in message) done();
    });
    void exited.then((how) => fail(new Problem(endedEarly(name, how, log))));
  });
  await ready.finally(() => signal.removeEventListener('abort', giveUp));
  return {
    pid: child.pid ?? 0,
    exited,
    stop: async (how = 'orderly') => {
      if (how === 'hurried') child.kill('SIGKILL');
      else if (child.connected) child.disconnect();
      else child.kill('SIGTERM');
      const ended = new AbortController();
      const insist = after(orderlyMs, undefined, { signal: ended.signal }).then(
        () => child.kill('SIGKILL'),
        () => undefined,
      );
      await exited;
      ended.abort();
      await insist;
    },
  };
}

/**
 * Runs one of our processes to its end.
 *
 * @param {ServiceCommand & { onProgress: (text: string) => void }} command
 */
export async function runTask({ name, entry, args, env, log, signal, onProgress }) {
  const child = forkQuietly({ entry, args, env, log });
  // What it says last is how far it is.
  child.stdout?.on('data', (chunk) => onProgress(String(chunk).trimEnd().split('\n').at(-1) ?? ''));
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  const how = await endOf(child);
  signal.removeEventListener('abort', stop);
  if (how !== 'exit code 0') throw new Problem(endedEarly(name, how, log));
}

/** @param {Omit<ServiceCommand, 'name' | 'signal'>} command */
function forkQuietly({ entry, args, env, log }) {
  const child = fork(entry, args, {
    env,
    execArgv: [],
    // A session of its own: Ctrl-C reaches the launcher alone, which decides in which order things stop.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.on('data', (chunk) => log.write(chunk));
  child.stderr?.on('data', (chunk) => log.write(chunk));
  return child;
}

/**
 * How it ended, after its last line was read. (Not the event 'close': after a disconnect() of ours Node never sends it.)
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<string>}
 */
async function endOf(child) {
  const outputs = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : [finished(stream)]));
  /** @type {string} */
  const how = await new Promise((done) => {
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, signal) => done(signal ?? `exit code ${code}`));
  });
  await Promise.allSettled(outputs);
  return how;
}

/**
 * @param {string} name
 * @param {string} how
 * @param {import('./bounded-log.mjs').BoundedLog} log
 */
function endedEarly(name, how, log) {
  const lines = log.lastLines().map((line) => `  ${line.slice(0, 400)}`);
  return [`${name} ended before it was ready (${how}). Its log, ${log.path}, ends with:`, ...lines].join('\n');
}
