import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { hasCode } from './problem.mjs';
import { startedAt } from './process-identity.mjs';

/**
 * @typedef {{ pid: number, started: string | null, what: string }} Holder
 */

/**
 * Takes the lock file, or says who holds it. A holder that is no longer running (or whose pid now belongs to another
 * process) holds nothing: its file is removed and the lock taken.
 *
 * @param {string} path
 * @param {string} what what the holder does, for the message another copy prints
 * @returns {{ taken: true, release: () => void } | { taken: false, holder: Holder }}
 */
export function takeLock(path, what) {
  mkdirSync(dirname(path), { recursive: true });
  if (place(path, what)) return { taken: true, release: () => release(path) };
  const holder = currentHolder(path);
  if (holder !== null && isRunning(holder)) return { taken: false, holder };

  // Only one process at a time may clear a stale lock away, or the second would clear away the first one's fresh lock.
  const clearing = `${path}.clearing`;
  const clearer = place(clearing, 'clears a stale lock') ? null : currentHolder(clearing);
  if (clearer !== null && isRunning(clearer)) return { taken: false, holder: clearer };
  try {
    const again = currentHolder(path);
    if (again !== null && isRunning(again)) return { taken: false, holder: again };
    rmSync(path, { force: true });
    if (place(path, what)) return { taken: true, release: () => release(path) };
    return { taken: false, holder: currentHolder(path) ?? { pid: 0, started: null, what } };
  } finally {
    rmSync(clearing, { force: true });
  }
}

/**
 * Who holds the lock now, or null: nobody, or a process that has ended.
 *
 * @param {string} path
 */
export function runningHolder(path) {
  const holder = currentHolder(path);
  return holder !== null && isRunning(holder) ? holder : null;
}

/**
 * Writes the file whole and only if it is not there: a link appears at once with its content, an open-then-write does
 * not.
 *
 * @param {string} path
 * @param {string} what
 */
function place(path, what) {
  const draft = `${path}.${process.pid}`;
  const text = `${JSON.stringify({ pid: process.pid, started: startedAt(process.pid), what })}\n`;
  writeFileSync(draft, text, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    if (hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) return placeWithoutLink(path, text);
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * On a file system without hard links. A copy that looks in the instant between opening and writing may take the lock
 * for stale; there is nothing better to be had there.
 *
 * @param {string} path
 * @param {string} text
 */
function placeWithoutLink(path, text) {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @returns {Holder | null}
 */
function currentHolder(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // A file that is not JSON was written by nobody who could be running: treat it as stale.
    if (hasCode(error, 'ENOENT') || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** @param {Holder} holder */
function isRunning(holder) {
  return holder.started !== null && startedAt(holder.pid) === holder.started;
}

/** @param {string} path */
function release(path) {
  if (currentHolder(path)?.pid === process.pid) rmSync(path, { force: true });
}
