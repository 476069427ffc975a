import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * @typedef {{ invariant: string, says: string, detail: string, step: number, trace: string[] }} Violation
 * @typedef {{ seed: number, digest: string, steps: number, simulatedMs: number, answers: Record<string, number>,
 *   faults: Record<string, number>, violation?: Violation }} Outcome
 */

/**
 * Runs seeds in processes of their own, each of which takes every so many.
 *
 * @param {string} built the simulation's file
 * @param {{ from: number, to: number, jobs: number, plant?: string | undefined, trace?: boolean }} which
 * @param {(outcome: Outcome) => boolean} told returns whether to go on
 * @param {(line: string) => void} [traced]
 */
export async function runSeeds(built, { from, to, jobs, plant, trace = false }, told, traced = () => {}) {
  const children = Array.from({ length: Math.min(jobs, to - from + 1) }, (_, i) =>
    spawn(
      process.execPath,
      [
        built,
        '--from',
        String(from + i),
        '--to',
        String(to),
        '--step',
        String(jobs),
        ...(plant === undefined ? [] : ['--plant', plant]),
        ...(trace ? ['--trace'] : []),
      ],
      { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
    ),
  );
  let stopped = false;
  const stop = () => {
    stopped = true;
    for (const child of children) child.kill('SIGTERM');
  };
  await Promise.all(
    children.map(async (child) => {
      const { stdout } = child;
      if (stdout === null) throw new Error('a process of the simulation has no output');
      const ended = new Promise((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      });
      for await (const line of createInterface({ input: stdout })) {
        if (!line.startsWith('{"seed":')) traced(line);
        else if (!stopped && !told(JSON.parse(line))) stop();
      }
      const code = await ended;
      if (code !== 0 && !stopped) {
        stop();
        throw new Error(`a process of the simulation ended with ${String(code)}`);
      }
    }),
  );
}
