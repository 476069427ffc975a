import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { hasCode } from './problem.mjs';

/**
 * When a process began, in whatever unit the system gives it, or null when there is no such process. A pid alone does
 * not name a process: after a crash and a restart (always, inside a container) another one has that number.
 *
 * @param {number} pid
 * @returns {string | null}
 */
export function startedAt(pid) {
  if (process.platform !== 'linux') return askPs(pid, 'lstart=');
  try {
    // The name in brackets may hold spaces and brackets itself, so count the fields from its end. Field 22 of all.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${bootId()}:${fields[19]}`;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return null;
    throw error;
  }
}

/**
 * The command line of a process, or null when it is gone.
 *
 * @param {number} pid
 */
export function commandLine(pid) {
  if (process.platform !== 'linux') return askPs(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return null;
    throw error;
  }
}

function bootId() {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch (error) {
    // Some sandboxes hide it; the start time within one boot still tells two processes apart.
    if (hasCode(error, 'ENOENT', 'EACCES')) return 'this-boot';
    throw error;
  }
}

/**
 * @param {number} pid
 * @param {string} column
 */
function askPs(pid, column) {
  try {
    const answer = execFileSync('ps', ['-o', column, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    }).trim();
    return answer === '' ? null : answer;
  } catch {
    // ps ends with 1 when there is no such process; that is its answer.
    return null;
  }
}
