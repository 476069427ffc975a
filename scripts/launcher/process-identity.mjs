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
  const fields = statFields(pid);
  // Field 22 of all.
  return fields === null ? null : `${bootId()}:${fields[19]}`;
}

/**
 * The fields of /proc/<pid>/stat from the third on, or null when the process is gone or has only its end left to report.
 *
 * @param {number} pid
 */
function statFields(pid) {
  try {
    // The name in brackets may hold spaces and brackets itself, so count from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : fields;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH')) return null;
    throw error;
  }
}

/**
 * Whose child a process is, or null when it is gone.
 *
 * @param {number} pid
 * @returns {number | null}
 */
export function parentOf(pid) {
  if (process.platform !== 'linux') {
    const parent = askPs(pid, 'ppid=');
    return parent === null ? null : Number(parent);
  }
  const fields = statFields(pid);
  return fields === null ? null : Number(fields[1]);
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
