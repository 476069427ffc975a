import { spawn } from 'node:child_process';

import { Problem } from '../launcher/problem.mjs';

/** What is running now, so that Ctrl-C reaches it. @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Runs a program quietly; its output is shown only when it fails.
 *
 * @param {string} what for the message
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void }} options
 * @returns {Promise<void>}
 */
export function runQuietly(what, program, args, { cwd, env = process.env, onLine = () => {} }) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    /** @type {string[]} */
    const lines = [];
    /** @param {Buffer} chunk */
    const read = (chunk) => {
      for (const line of chunk.toString('utf8').split('\n')) {
        if (line.trim() === '') continue;
        lines.push(line);
        onLine(line);
      }
      lines.splice(0, Math.max(0, lines.length - 200));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', (error) => {
      running.delete(child);
      fail(new Problem(`${what} could not be started: ${error.message}`));
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      if (code === 0) return done();
      const shown = lines.filter((line) => !/^npm (http|info|verbose|silly)/.test(line)).slice(-30);
      fail(new Problem(`${what} failed (${signal ?? `exit code ${code}`}):\n${shown.join('\n')}`));
    });
  });
}

/** @param {NodeJS.Signals} signal */
export function signalRunning(signal) {
  for (const child of running) child.kill(signal);
}
