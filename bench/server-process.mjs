import { spawn } from 'node:child_process';
import { finished } from 'node:stream/promises';
import { setTimeout as after } from 'node:timers/promises';

import { Problem } from '../scripts/launcher/problem.mjs';
import { withPlace } from './cores.mjs';

const orderlyMs = 8_000;

/**
 * @typedef {object} ServerProcess
 * @property {string} name
 * @property {number} pid
 * @property {string | undefined} inspectorUrl
 * @property {Promise<string>} exited
 * @property {(how?: 'orderly' | 'hurried') => Promise<void>} stop
 */

/**
 * Starts a Node program on its core; it says `{ ready: true }` to us when it listens, and ends when the channel to us closes.
 *
 * @param {{ name: string, entry: string, args?: string[], env?: NodeJS.ProcessEnv, place?: string | undefined,
 *   isInspected?: boolean, log: { write(chunk: Buffer | string): void, lastLines(count?: number): string[], path: string },
 *   signal?: AbortSignal }} command
 * @returns {Promise<ServerProcess>}
 */
export async function startServer({ name, entry, args = [], env = {}, place, isInspected = false, log, signal }) {
  const [program, ...rest] = withPlace(
    place,
    process.execPath,
    ...(isInspected ? ['--inspect=127.0.0.1:0'] : []),
    entry,
    ...args,
  );
  const child = spawn(program, rest, {
    env: { ...process.env, ...env },
    // A session of its own: Ctrl-C reaches the benchmark alone, which decides in which order things stop.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  /** @type {string | undefined} */
  let inspectorUrl;
  child.stdout?.on('data', (chunk) => log.write(chunk));
  child.stderr?.on('data', (chunk) => {
    inspectorUrl ??= /Debugger listening on (ws:\S+)/.exec(String(chunk))?.[1];
    log.write(chunk);
  });
  const outputs = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : [finished(stream)]));
  /** @type {Promise<string>} */
  const exited = new Promise((done) => {
    child.once('error', (error) => done(error.message));
    child.once('exit', (code, killedBy) => done(killedBy ?? `exit code ${code}`));
  });
  const stop = async (/** @type {'orderly' | 'hurried'} */ how = 'orderly') => {
    if (how === 'hurried') child.kill('SIGKILL');
    else if (child.connected) child.disconnect();
    else child.kill('SIGTERM');
    const tooLong = new AbortController();
    const insist = after(orderlyMs, undefined, { signal: tooLong.signal }).then(
      () => child.kill('SIGKILL'),
      () => undefined,
    );
    await exited;
    tooLong.abort();
    await insist;
    await Promise.allSettled(outputs);
  };
  const giveUp = () => child.kill('SIGKILL');
  signal?.addEventListener('abort', giveUp, { once: true });
  /** @type {Promise<void>} */
  const ready = new Promise((done, fail) => {
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'ready' in message) done();
    });
    void exited.then((how) => fail(new Problem(endedEarly(name, how, log))));
  });
  await ready.finally(() => signal?.removeEventListener('abort', giveUp));
  return {
    name,
    pid: child.pid ?? 0,
    get inspectorUrl() {
      return inspectorUrl;
    },
    exited,
    stop,
  };
}

/**
 * @param {string} name
 * @param {string} how
 * @param {{ lastLines(count?: number): string[], path: string }} log
 */
function endedEarly(name, how, log) {
  const lines = log.lastLines().map((line) => `  ${line.slice(0, 400)}`);
  return [`${name} ended before it was ready (${how}). Its log, ${log.path}, ends with:`, ...lines].join('\n');
}
