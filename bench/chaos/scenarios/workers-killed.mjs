import { execFileSync } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';

import { places } from '../../cores.mjs';
import { count } from '../../report/numbers.mjs';
import { countOf } from '../analysis.mjs';
import { atTheCounter } from '../mixes.mjs';
import { settledRecords, timelineOf } from '../outage.mjs';

const WORKERS = 2;
const LOAD_MS = 4_000;
const KILL_AT_MS = 1_500;
const BACK_WITHIN_MS = 30_000;
/** More under way when it happens than at the rate of the other scenarios. */
const TIMES_RATE = 3;

/** @type {import('../context.mjs').Scenario} */
export const workersKilled = {
  name: 'worker-killed',
  about: 'a worker is killed with -9 under load, again and again',
  run: async (context) => {
    const { stage, options, doing } = context;
    const title = `A worker is killed with -9 under load, ${options.kills} times`;
    const { counter, cards } = await doing('Starting a counter of two workers', async (note) => {
      const started = await stage.counter('worker-killed', {
        env: { WORKERS: String(WORKERS) },
        place: places.servers,
        note,
      });
      return { counter: started, cards: await stage.cards(started, options.cards) };
    });
    /** @type {{ result: import('../outage.mjs').OpenMixResult, killedMs: number, missing: number }[]} */
    const repetitions = [];
    try {
      const before = await settledRecords(stage);
      await doing(title, async (note) => {
        for (let number = 1; number <= options.kills; number += 1) {
          note(`${number} of ${options.kills}`);
          repetitions.push(await killOnce(context, counter, cards, number));
        }
      });
      const beyond =
        (await settledRecords(stage)) -
        before -
        repetitions.reduce((sum, { result, missing }) => sum + result.checkIds.length - missing, 0);
      await counter.stop();
      const verification = await stage.verifyCheckLog(counter);
      const sum = (/** @type {(one: (typeof repetitions)[number]) => number} */ of) =>
        repetitions.reduce((total, one) => total + of(one), 0);
      const answered = sum(({ result }) => result.checkIds.length);
      return {
        name: 'worker-killed',
        title,
        timelines: [glued(repetitions, title)],
        tables: [
          {
            title: '',
            columns: ['repetition', 'asked', 'answered', 'ended without a reply', 'not on record'],
            rows: repetitions.map(({ result, missing }, at) => [
              String(at + 1),
              count(countOf(result, ['planned'])),
              count(result.checkIds.length),
              count(countOf(result, ['error'])),
              count(missing),
            ]),
          },
        ],
        requirements: [
          {
            what: 'worker-killed: repetitions',
            bound: 'at least',
            limit: options.kills,
            got: repetitions.length,
            unit: '',
          },
          {
            what: 'worker-killed: answers given that are not on record',
            bound: 'at most',
            limit: 0,
            got: sum(({ missing }) => missing),
            unit: '',
            also: `of ${count(answered)}`,
          },
          {
            what: 'worker-killed: chains of the check log that do not verify',
            bound: 'at most',
            limit: 0,
            got: verification.isOk ? 0 : 1,
            unit: '',
            also: verification.isOk ? `${count(verification.records)} records` : verification.text,
          },
        ],
        notes: [
          `${count(beyond)} checks are on record whose replies the kill kept from the caller: on record first, told afterwards.`,
          `Errors: ${JSON.stringify(repetitions.map(({ result }) => result.faults))}.`,
        ],
        data: repetitions.map(({ result, ...rest }) => ({
          ...rest,
          result: { ...result, checkIds: result.checkIds.length, each: result.each.length },
        })),
      };
    } finally {
      await counter.stop();
    }
  },
};

/**
 * @param {import('../context.mjs').Context} context
 * @param {import('../../house.mjs').Counter} counter
 * @param {readonly import('../../load/mix.mjs').Card[]} cards
 * @param {number} number
 */
async function killOnce({ stage, options }, counter, cards, number) {
  const victims = await untilWorkers(counter.pid);
  const begun = Promise.withResolvers();
  const loading = stage.generator.openMix(
    {
      kind: 'open',
      host: '127.0.0.1',
      port: counter.port,
      question: { kind: 'mix', tokens: await counter.tokens(), asks: atTheCounter, cards, isEachKept: true },
      seed: 100 + number,
      perSecond: options.perSecond * TIMES_RATE,
      arrivals: 'poisson',
      connections: 20,
      warmMs: 0,
      measureMs: LOAD_MS,
    },
    { onMeasuring: () => begun.resolve(undefined) },
  );
  loading.catch(() => {});
  await Promise.race([begun.promise, loading]);
  await after(KILL_AT_MS);
  process.kill(/** @type {number} */ (victims[number % victims.length]), 'SIGKILL');
  const result = await loading;
  const { missing } = await stage.untilOnRecord(result.checkIds);
  return { result, killedMs: KILL_AT_MS, missing };
}

/**
 * @param {number} pid of the counter
 * @returns {Promise<number[]>} all its workers, when all are there
 */
async function untilWorkers(pid) {
  const began = performance.now();
  for (;;) {
    const workers = workersOf(pid);
    if (workers.length === WORKERS) return workers;
    if (performance.now() - began > BACK_WITHIN_MS) throw new Error('a worker that was killed did not come back');
    await after(100);
  }
}

/** @param {number} pid */
const workersOf = (pid) =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [own, parent, stat = '', ...args] = line.trim().split(/\s+/);
      return Number(parent) === pid && !stat.startsWith('Z') && args.at(-1) === 'worker' ? [Number(own)] : [];
    });

/**
 * @param {readonly { result: import('../outage.mjs').OpenMixResult, killedMs: number }[]} repetitions
 * @param {string} title
 * @returns {import('../../context.mjs').Timeline}
 */
function glued(repetitions, title) {
  const lasts = LOAD_MS / 1000;
  const parts = repetitions.map(({ result }) => timelineOf(result, title, []));
  const [first] = parts;
  const values = (/** @type {number[][]} */ all) =>
    all.flatMap((one) => Array.from({ length: lasts }, (_, at) => one[at] ?? 0));
  return {
    title,
    unit: 'questions a second',
    areas: (first?.areas ?? []).map(({ label, colour }, at) => ({
      label,
      colour,
      values: values(parts.map(({ areas }) => areas[at]?.values ?? [])),
    })),
    outline: { label: 'offered', values: values(parts.map(({ outline }) => outline.values)) },
    marks: repetitions.map(({ killedMs }, at) => {
      const second = at * lasts + killedMs / 1000;
      return { label: at === 0 ? 'kill -9' : '', from: second, to: second };
    }),
  };
}
