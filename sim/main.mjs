import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { Problem, runEntry } from '../scripts/launcher/problem.mjs';
import { withProgress } from '../scripts/stage-zero/progress.mjs';
import { buildSimulation } from './build.mjs';
import { runSeeds } from './seeds.mjs';

/*
 * npm run sim. See README.md here. The last line counts; the exit code is 1 where an invariant did not hold.
 */

const HELP = `npm run sim -- [options]

  --seeds <n>    how many (10000)
  --from <n>     the first one (1)
  --seed <n>     this one alone, twice, and whether both were the same
  --trace        with --seed: every step of it
  --plant <bug>  puts a bug in and looks for it: see README.md for their names
  --jobs <n>     processes side by side (one less than there are processors)
  --go-on        after a violation too`;

await runEntry(async () => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10000' },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      trace: { type: 'boolean', default: false },
      plant: { type: 'string' },
      jobs: { type: 'string', default: String(Math.max(1, availableParallelism() - 1)) },
      'go-on': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const built = await buildSimulation();
  const { plant } = values;
  if (values.seed !== undefined) return replay(built, whole('seed', values.seed), plant, values.trace);
  const from = whole('from', values.from);
  const seeds = whole('seeds', values.seeds);
  return many(built, { from, to: from + seeds - 1, jobs: whole('jobs', values.jobs), plant }, values['go-on']);
});

/**
 * @param {string} name
 * @param {string} text
 */
function whole(name, text) {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Problem(`--${name} is a whole number from 1 on.`);
  return number;
}

/**
 * @param {string} built
 * @param {number} seed
 * @param {string | undefined} plant
 * @param {boolean} trace
 */
async function replay(built, seed, plant, trace) {
  /** @type {import('./seeds.mjs').Outcome[]} */
  const outcomes = [];
  for (const aloud of [trace, false])
    await runSeeds(
      built,
      { from: seed, to: seed, jobs: 1, plant, trace: aloud },
      (outcome) => outcomes.push(outcome) > 0,
      (line) => process.stdout.write(`${line}\n`),
    );
  const [first, second] = outcomes;
  if (first === undefined || second === undefined) throw new Error('the seed was not run');
  if (first.violation !== undefined) report(first, plant, first.violation);
  process.stdout.write(`seed ${seed}: trace ${first.digest}\n`);
  if (first.digest !== second.digest) {
    process.stdout.write(`NOT THE SAME when run again: trace ${second.digest}\n`);
    return 1;
  }
  process.stdout.write('the same when run again\n');
  return first.violation === undefined ? 0 : 1;
}

/**
 * @param {string} built
 * @param {{ from: number, to: number, jobs: number, plant?: string | undefined }} which
 * @param {boolean} goOn
 */
async function many(built, which, goOn) {
  const began = Date.now();
  const total = which.to - which.from + 1;
  const sums = { seeds: 0, steps: 0, simulatedMs: 0 };
  /** @type {Record<string, number>} */
  const answers = {};
  /** @type {Record<string, number>} */
  const faults = {};
  /** @type {Map<number, string>} */
  const digests = new Map();
  /** @type {(import('./seeds.mjs').Outcome & { violation: import('./seeds.mjs').Violation })[]} */
  const violated = [];
  const minutes = () => (Date.now() - began) / 60_000;

  await withProgress(`${total} seeds`, (note) =>
    runSeeds(built, which, (outcome) => {
      sums.seeds += 1;
      sums.steps += outcome.steps;
      sums.simulatedMs += outcome.simulatedMs;
      add(answers, outcome.answers);
      add(faults, outcome.faults);
      digests.set(outcome.seed, outcome.digest);
      const { violation } = outcome;
      if (violation !== undefined) violated.push({ ...outcome, violation });
      const left = (minutes() / sums.seeds) * (total - sums.seeds);
      const estimate = left < 1.5 ? `${Math.ceil(left * 60)} s` : `${Math.ceil(left)} min`;
      note(`${sums.seeds} done, ${violated.length} violations, about ${estimate} left`);
      return violation === undefined || goOn;
    }),
  );

  const [first] = violated.toSorted((a, b) => a.seed - b.seed);
  if (first !== undefined) report(first, which.plant, first.violation);
  const hours = sums.simulatedMs / 3_600_000;
  const all = createHash('sha256');
  for (const [seed, digest] of [...digests].toSorted(([a], [b]) => a - b)) all.update(`${seed} ${digest}\n`);
  process.stdout.write(
    [
      `answers: ${counts(answers)}`,
      `faults: ${counts(faults)}`,
      `${sums.seeds} seeds, ${sums.steps} steps, ${Math.round(hours)} simulated hours in ${(minutes() * 60).toFixed(0)} s: ${Math.round(hours / minutes())} hours a minute, ${which.jobs} process(es)`,
      `trace of all: ${all.digest('hex')}`,
      `${violated.length} violations`,
      '',
    ].join('\n'),
  );
  if (which.plant === undefined) return violated.length === 0 ? 0 : 1;
  process.stdout.write(
    first === undefined ? `${which.plant} was NOT found\n` : `${which.plant} was found by seed ${first.seed}\n`,
  );
  return first === undefined ? 1 : 0;
}

/**
 * @param {Record<string, number>} sums
 * @param {Record<string, number>} more
 */
function add(sums, more) {
  for (const [name, n] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + n;
}

/** @param {Record<string, number>} sums */
function counts(sums) {
  return Object.entries(sums)
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, n]) => `${name} ${n}`)
    .join(', ');
}

/**
 * @param {{ seed: number }} outcome
 * @param {string | undefined} plant
 * @param {import('./seeds.mjs').Violation} violation
 */
function report({ seed }, plant, { invariant, says, detail, step, trace }) {
  process.stdout.write(
    [
      `seed ${seed}, step ${step}: ${invariant} does not hold (${says})`,
      `  ${detail}`,
      'the last steps:',
      ...trace.map((line) => `  ${line}`),
      `again: npm run sim -- --seed ${seed} --trace${plant === undefined ? '' : ` --plant ${plant}`}`,
      '',
    ].join('\n'),
  );
}
