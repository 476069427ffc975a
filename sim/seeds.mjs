import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * @typedef {{ invariant: string, says: string, detail: string, step: number, trace: string[] }} Violation
 * @typedef {{ seed: number, digest: string, steps: number, simulatedMs: number, answers: Record<string, number>,
 *   faults: Record<string, number>, violation?: Violation }} Outcome
 */

/**
 * Runs seeds in processes of their own, each of which takes every so many. A seed that ends its process is told like any other
 * violation, and another process goes on behind it.
 *
 * @param {string} built the simulation's file
 * @param {{ from: number, to: number, jobs: number, plant?: string | undefined, trace?: boolean }} which
 * @param {(outcome: Outcome) => boolean} told returns whether to go on
 * @param {(line: string) => void} [traced]
 */
export async function runSeeds(built, { from, to, jobs, plant, trace = false }, told, traced = () => {}) {
  /** @param {number} first */
  const start = (first) =>
    spawn(
      process.execPath,
      [
        built,
        '--from',
        String(first),
        '--to',
        String(to),
        '--step',
        String(jobs),
        ...(plant === undefined ? [] : ['--plant', plant]),
        ...(trace ? ['--trace'] : []),
      ],
      { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
    );
  /** @type {Set<ReturnType<typeof start>>} */
  const children = new Set();
  let stopped = false;
  /** @param {Outcome} outcome */
  const tell = (outcome) => {
    if (stopped || told(outcome)) return;
    stopped = true;
    for (const child of children) child.kill('SIGTERM');
  };

  /** @param {number} first */
  const runFrom = async (first) => {
    for (let seed = first; seed <= to;) {
      if (stopped) return;
      const child = start(seed);
      children.add(child);
      const { stdout } = child;
      if (stdout === null) throw new Error('a process of the simulation has no output');
      const ended = new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, signal) => resolve(code ?? signal));
      });
      for await (const line of createInterface({ input: stdout })) {
        if (line.startsWith('{"seed":')) {
          tell(JSON.parse(line));
          seed += jobs;
        } else traced(line);
      }
      const code = await ended;
      children.delete(child);
      if (seed <= to) tell(endedIn(seed, String(code)));
      else if (code !== 0 && !stopped) throw new Error(`a process of the simulation ended with ${String(code)}`);
      seed += jobs;
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, to - from + 1) }, (_, i) => runFrom(from + i)));
}

/**
 * A seed whose process ended before it did; what that process said of it is on its error output.
 *
 * @param {number} seed
 * @param {string} code
 * @returns {Outcome}
 */
const endedIn = (seed, code) => ({
  seed,
  digest: '',
  steps: 0,
  simulatedMs: 0,
  answers: {},
  faults: {},
  violation: {
    invariant: 'crash',
    says: 'the code under test does not fall over',
    detail: `the process of the simulation ended with ${code}`,
    step: 0,
    trace: [],
  },
});
