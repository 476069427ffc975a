import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * Which process runs on which core, and how much of a core it had. Where there is no `taskset` (macOS) nothing is pinned, and
 * where there is no /proc nothing is known of processor time: the results say so.
 */

const cores = availableParallelism();

/** @returns {boolean} */
const canPin = () => {
  if (process.platform !== 'linux' || cores < 2) return false;
  try {
    execFileSync('taskset', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

export const isPinned = canPin();

/**
 * The server under test has a core to itself; load generator, PostgreSQL and registry share the others.
 */
export const places = {
  server: '0',
  /** With two worker processes. */
  servers: '0,1',
  load: cores > 3 ? '2' : String(cores - 1),
  others: cores > 3 ? `3-${cores - 1}` : String(cores - 1),
  everywhere: `0-${cores - 1}`,
};

/**
 * A command, kept to its place.
 *
 * @param {string | undefined} place
 * @param {string} program
 * @param {...string} args
 * @returns {[string, ...string[]]}
 */
export const withPlace = (place, program, ...args) =>
  isPinned && place !== undefined ? ['taskset', '-c', place, program, ...args] : [program, ...args];

/**
 * Moves a process and its children that run already.
 *
 * @param {number} pid
 * @param {string} place
 */
export function move(pid, place) {
  moveAlone([pid, ...childrenOf(pid)], place);
}

/**
 * Moves what a process has started, and leaves the process where it is.
 *
 * @param {number} pid
 * @param {string} place
 */
export function moveChildren(pid, place) {
  moveAlone(childrenOf(pid), place);
}

/**
 * @param {number[]} pids
 * @param {string} place
 */
function moveAlone(pids, place) {
  if (!isPinned) return;
  for (const one of pids)
    try {
      execFileSync('taskset', ['-a', '-c', '-p', place, String(one)], { stdio: 'ignore' });
    } catch {
      // It ended in the meantime.
    }
}

/**
 * @param {number} pid
 * @returns {number[]}
 */
export function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Linux counts in hundredths of a second whatever the kernel's own tick is. */
const MS_PER_TICK = 10;

/**
 * Processor time that a process and its children have used, those that have ended included, in milliseconds; undefined where
 * nobody counts it.
 *
 * @param {number} pid
 * @returns {number | undefined}
 */
export function cpuMsOf(pid) {
  const times = cpuTimesOf(pid);
  if (times === undefined) return undefined;
  return childrenOf(pid).reduce((sum, child) => {
    const { ownMs = 0, endedMs = 0 } = cpuTimesOf(child) ?? {};
    return sum + ownMs + endedMs;
  }, times.ownMs + times.endedMs);
}

/**
 * The same without its children.
 *
 * @param {number} pid
 * @returns {number | undefined}
 */
export const ownCpuMsOf = (pid) => cpuTimesOf(pid)?.ownMs;

/**
 * Of a process, and of its children that have ended and were waited for.
 *
 * @param {number} pid
 * @returns {{ ownMs: number, endedMs: number } | undefined}
 */
function cpuTimesOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold spaces and brackets; what follows the last bracket does not.
    const [utime = 0, stime = 0, cutime = 0, cstime = 0] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
      .map(Number);
    return { ownMs: (utime + stime) * MS_PER_TICK, endedMs: (cutime + cstime) * MS_PER_TICK };
  } catch {
    return undefined;
  }
}

/**
 * Processor time that a core has been busy with anything, in milliseconds.
 *
 * @param {string} core
 * @returns {number | undefined}
 */
export function busyMsOf(core) {
  try {
    const line = readFileSync('/proc/stat', 'utf8')
      .split('\n')
      .find((one) => one.startsWith(`cpu${core} `));
    if (line === undefined) return undefined;
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(/ +/).slice(1).map(Number);
    return (user + nice + system + irq + softirq + steal) * MS_PER_TICK;
  } catch {
    return undefined;
  }
}

/**
 * Memory of a process that is its own (heap, buffers) and in all (with mapped files, which the system may take back).
 *
 * @param {number} pid
 * @returns {{ residentMb: number, ownMb: number } | undefined}
 */
export function memoryOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mb = (/** @type {string} */ name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
    return { residentMb: mb('VmRSS'), ownMb: mb('RssAnon') };
  } catch {
    try {
      const kb = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
      return { residentMb: kb / 1024, ownMb: Number.NaN };
    } catch {
      return undefined;
    }
  }
}
