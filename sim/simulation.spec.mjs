import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { buildSimulation } from './build.mjs';
import { runSeeds } from './seeds.mjs';

const SEEDS = 200;
const jobs = Math.max(1, availableParallelism() - 1);
const PLANTS = [
  'no-staleness-cap',
  'negative-from-lagging-replica',
  'record-skipped',
  'rejects-unheard',
  'revocation-unseen',
  'breaker-ignored',
  'another-person',
  'outage-not-told',
  'yesterday-stays',
];

/** @type {string} */
let built;
beforeAll(async () => {
  built = await buildSimulation();
});

/**
 * @param {{ from?: number, to: number, plant?: string }} which
 * @param {boolean} goesOn after a violation too
 */
const outcomesOf = async ({ from = 1, to, plant }, goesOn = true) => {
  /** @type {import('./seeds.mjs').Outcome[]} */
  const outcomes = [];
  await runSeeds(built, { from, to, jobs, plant }, (outcome) => {
    outcomes.push(outcome);
    return goesOn || outcome.violation === undefined;
  });
  return outcomes;
};

/** @param {import('./seeds.mjs').Outcome[]} outcomes */
const violations = (outcomes) =>
  outcomes.flatMap(({ seed, violation }) =>
    violation === undefined
      ? []
      : [`seed ${seed}, step ${violation.step}: ${violation.invariant}, ${violation.detail}`],
  );

describe('F-01: whatever befalls it, the counter does not say what it does not know', () => {
  it(`${SEEDS} seeds`, async () => {
    const outcomes = await outcomesOf({ to: SEEDS });
    expect(violations(outcomes)).toEqual([]);
    expect(outcomes).toHaveLength(SEEDS);
    // A simulation in which nothing happens proves nothing.
    const answers = new Set(outcomes.flatMap((outcome) => Object.keys(outcome.answers)));
    expect([...answers]).toEqual(
      expect.arrayContaining(['valid', 'valid (degraded)', 'invalid', 'not-found', 'multiple', 'unavailable']),
    );
    const faults = new Set(outcomes.flatMap((outcome) => Object.keys(outcome.faults)));
    expect(faults.size).toBeGreaterThan(20);
  }, 300_000);

  it('a seed is the same each time, to the byte', async () => {
    const [first, again] = [await outcomesOf({ from: 7, to: 9 }), await outcomesOf({ from: 7, to: 9 })];
    expect(first.map(({ digest }) => digest).toSorted()).toEqual(again.map(({ digest }) => digest).toSorted());
    expect(new Set(first.map(({ digest }) => digest)).size).toBe(3);
  }, 60_000);
});

it('a seed that ends its process is told, and those behind it are run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sim-'));
  const falls = join(folder, 'process.mjs');
  writeFileSync(
    falls,
    `const at = (name) => Number(process.argv[process.argv.indexOf(name) + 1]);
    for (let seed = at('--from'); seed <= at('--to'); seed += at('--step')) {
      if (seed === 3) process.exit(7);
      process.stdout.write(JSON.stringify({ seed }) + '\\n');
    }`,
  );
  /** @type {import('./seeds.mjs').Outcome[]} */
  const outcomes = [];
  await runSeeds(falls, { from: 1, to: 5, jobs: 2 }, (outcome) => outcomes.push(outcome) > 0);
  rmSync(folder, { recursive: true });
  expect(new Set(outcomes.map(({ seed }) => seed))).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(outcomes).toHaveLength(5);
  expect(violations(outcomes)).toEqual(['seed 3, step 0: crash, the process of the simulation ended with 7']);
});

describe(`a bug that is put in is found within ${SEEDS} seeds`, () => {
  it.each(PLANTS)(
    '%s',
    async (plant) => {
      const outcomes = await outcomesOf({ to: SEEDS, plant }, false);
      expect(violations(outcomes)).not.toEqual([]);
    },
    300_000,
  );
});
