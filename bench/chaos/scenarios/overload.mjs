import { count, percent, ratio } from '../../report/numbers.mjs';
import { countOf, wellFromSecond } from '../analysis.mjs';
import { amongLower, checksAlone, LOWER, withUnknown } from '../mixes.mjs';
import { fatesTable, settledRecords, timelineOf } from '../outage.mjs';

const CHECK = ['check'];
const CONNECTIONS = 50;
/** As long as an answer may take at a counter. */
const PATIENCE_MS = 1_000;
const WARM_MS = 2_000;
/** Counters ask for check-in and nothing else; the rest comes from elsewhere. */
const CALLERS = [
  { asks: ['check', 'unknown card'], count: 6_000 },
  { asks: LOWER, count: 1_000 },
];
const KNEE_MS = 4_000;
const KNEE_STEP = 0.93;
const KNEE_TRIES = 12;
const GRACE_MS = 3_000;
/** Where a caller at a counter notices nothing. */
const NORMAL_P99_MS = 100;
const NORMAL_SHARE = 0.99;

/**
 * How many checks a second this counter answers when nothing else is asked, with all callers there and a wait that none of them notices:
 * a closed loop on fifty connections says where to look, which is a fifth too high for thousands.
 *
 * @param {import('../context.mjs').Context} context
 * @param {import('../../house.mjs').Counter} counter
 * @param {readonly import('../../load/mix.mjs').Card[]} cards
 * @returns {Promise<number>}
 */
function kneeOf(context, counter, cards) {
  const { stage, doing } = context;
  return doing('Looking for the knee', async (note) => {
    const { perSecond } = await stage.generator.closedMix({
      kind: 'closed',
      host: '127.0.0.1',
      port: counter.port,
      question: { kind: 'mix', tokens: await counter.tokens(), asks: checksAlone, cards, isEachKept: false },
      seed: 0,
      connections: CONNECTIONS,
      warmMs: 4_000,
      measureMs: KNEE_MS,
    });
    for (let tried = perSecond, seed = 1; seed <= KNEE_TRIES; tried *= KNEE_STEP, seed += 1) {
      note(`${count(tried)} a second`);
      await settledRecords(stage);
      const found = await load(context, counter, cards, checksAlone, { perSecond: tried, measureMs: KNEE_MS, seed });
      const [checks] = found.asks;
      const share = countOf(found, ['fresh']) / countOf(found, ['planned']);
      if (share >= NORMAL_SHARE && (checks?.latencyMs['99'] ?? Number.POSITIVE_INFINITY) <= NORMAL_P99_MS)
        return countOf(found, ['fresh']) / found.seconds;
    }
    throw new Error('this counter has no knee: it keeps callers waiting at any rate');
  });
}

/**
 * @param {import('../context.mjs').Context} context
 * @param {import('../../house.mjs').Counter} counter
 * @param {readonly import('../../load/mix.mjs').Card[]} cards
 * @param {readonly import('../../load/mix.mjs').Ask[]} asks
 * @param {{ perSecond: number, measureMs: number, seed: number, warmMs?: number }} load
 */
const load = async ({ stage }, counter, cards, asks, { perSecond, measureMs, seed, warmMs = WARM_MS }) =>
  stage.generator.callers({
    kind: 'callers',
    host: '127.0.0.1',
    port: counter.port,
    question: { kind: 'mix', tokens: await counter.tokens(), asks, cards, isEachKept: false },
    seed,
    perSecond,
    callers: CALLERS,
    patienceMs: PATIENCE_MS,
    warmMs,
    measureMs,
    graceMs: GRACE_MS,
  });

/**
 * @param {string} label
 * @param {Awaited<ReturnType<typeof load>>} result
 */
const reached = (
  label,
  { offeredPerSecond, achievedPerSecond, heldBackPerSecond, generatorBusy, faults, disconnects },
) =>
  `${label}: ${count(offeredPerSecond)} a second were meant to be asked, ${count(achievedPerSecond)} were, ${count(heldBackPerSecond)} were held back as Retry-After had it; the generator was busy for ${percent(generatorBusy)} of the time.${Object.keys(faults).length > 0 ? ` Errors: ${JSON.stringify(faults)}.` : ''}${disconnects > 0 ? ` ${count(disconnects)} connections could not be made.` : ''}`;

/** @type {import('../context.mjs').Scenario} */
export const overload = {
  name: 'overload',
  about: 'three times the knee: check-in among lower classes, then nothing but check-in',
  run: async (context) => {
    const { stage, options, doing } = context;
    const { counter, cards } = await doing('Starting a counter (overload)', async (note) => {
      const started = await stage.counter('overload', { note });
      return { counter: started, cards: await stage.cards(started, options.cards) };
    });
    try {
      const knee = await kneeOf(context, counter, cards);
      const measureMs = options.overloadMs;
      /** @type {(label: string, asks: readonly import('../../load/mix.mjs').Ask[], perSecond: number, seed: number, warmMs?: number) => ReturnType<typeof load>} */
      const run = (label, asks, perSecond, seed, warmMs = WARM_MS) =>
        doing(label, async () => {
          // What the run before left to be shipped is no load of this one; how one recovers is looked at without a pause.
          if (warmMs > 0) await settledRecords(stage);
          return load(context, counter, cards, asks, { perSecond, measureMs, seed, warmMs });
        });
      const once = await run('1 × the knee, 0.8 of it check-in', amongLower(0.8, cards), knee, 1);
      const thrice = await run('3 × the knee, 0.8 × of it check-in', amongLower(0.8 / 3, cards), 3 * knee, 2);
      const alone = await run('3 × the knee, all of it check-in', checksAlone, 3 * knee, 3);
      const rest = await run('0.5 × the knee', checksAlone, knee / 2, 4, 0);

      const p99 = (/** @type {typeof once} */ { asks }) => asks[0]?.latencyMs['99'] ?? Number.NaN;
      const planned = countOf(thrice, ['planned'], CHECK);
      const aloneGoodput = countOf(alone, ['inTime']) / alone.seconds / knee;
      const normal = wellFromSecond(rest, { fromSecond: 0, names: CHECK, share: NORMAL_SHARE, p99Ms: NORMAL_P99_MS });
      const lowerAsked = countOf(thrice, ['planned'], LOWER);
      const lowerShed = countOf(thrice, ['refused', 'unavailable'], LOWER);
      return {
        name: 'overload',
        title: `Overload; the knee is ${count(knee)} checks a second (one process, one core; p99 within ${NORMAL_P99_MS} ms)`,
        timelines: [
          timelineOf(once, '1 × the knee, of which check-in 0.8 ×', []),
          timelineOf(thrice, '3 × the knee, of which check-in 0.8 × the knee', []),
          timelineOf(alone, '3 × the knee, all of it check-in', []),
          timelineOf(rest, 'afterwards, 0.5 × the knee', []),
        ],
        tables: [
          { ...fatesTable(once), title: '1 × the knee, of which check-in 0.8 ×' },
          { ...fatesTable(thrice), title: '3 × the knee, of which check-in 0.8 × the knee' },
          { ...fatesTable(alone), title: '3 × the knee, all of it check-in' },
          { ...fatesTable(rest), title: 'Afterwards, 0.5 × the knee' },
        ],
        requirements: [
          {
            what: 'overload: goodput of check-in at 3 × the knee, itself 0.8 ×',
            bound: 'at least',
            limit: 100,
            got: (100 * countOf(thrice, ['inTime'], CHECK)) / planned,
            unit: '%',
            also: 'answered within 1 s of the intended moment',
          },
          {
            what: 'overload: its p99 against that at 1 ×',
            bound: 'at most',
            limit: 2,
            got: p99(thrice) / p99(once),
            unit: '×',
            also: `${p99(once).toFixed(1)} ms, ${p99(thrice).toFixed(1)} ms`,
          },
          {
            what: 'overload: lower classes that were shed meanwhile',
            bound: 'at least',
            limit: 0,
            got: (100 * lowerShed) / lowerAsked,
            unit: '%',
          },
          {
            what: 'overload: goodput against the knee, all of it check-in at 3 ×',
            bound: 'at least',
            limit: 60,
            got: 100 * aloneGoodput,
            unit: '%',
            also: 'answered within 1 s',
          },
          {
            what: 'overload: back to normal after it',
            bound: 'at most',
            limit: 5,
            got: normal,
            unit: 's',
            also: `${percent(NORMAL_SHARE)} answered, p99 ≤ ${NORMAL_P99_MS} ms`,
          },
        ],
        notes: [
          reached('1 ×', once),
          reached('3 ×', thrice),
          reached('3 ×, check-in alone', alone),
          reached('0.5 ×', rest),
        ],
        data: { knee, once, thrice, alone, rest },
      };
    } finally {
      await counter.stop();
    }
  },
};

/** Of what is asked at a cold start, so much is about cards nobody of ours has. */
const COLD_UNKNOWN = 0.2;
const RECOVERS_WITHIN_S = 30;
const RECOVERED_SHARE = 0.95;

/** @type {import('../context.mjs').Scenario} */
export const coldStart = {
  name: 'cold-start',
  about: 'an empty disk, a registry that fails, unknown cards, 1.5 × the knee; then 0.5 ×',
  run: async (context) => {
    const { stage, options, doing } = context;
    const { knee, cards } = await doing('Starting a counter (cold-start)', async (note) => {
      const warm = await stage.counter('cold-start-knee', { note });
      try {
        const known = await stage.cards(warm, options.cards);
        return { cards: known, knee: await kneeOf(context, warm, known) };
      } finally {
        await warm.stop();
      }
    });
    await stage.registry.set('reset');
    const counter = await doing('Starting a counter on an empty disk', () =>
      stage.counter('cold-start', { disk: 'cold', isEmpty: true, isPrepared: false }),
    );
    try {
      const asks = withUnknown(COLD_UNKNOWN);
      const storm = await doing('1.5 × the knee, the registry fails', () =>
        load(context, counter, cards, asks, { perSecond: 1.5 * knee, measureMs: options.overloadMs, seed: 5 }),
      );
      const rest = await doing('0.5 × the knee, the registry fails', () =>
        load(context, counter, cards, asks, {
          perSecond: 0.5 * knee,
          measureMs: Math.max(options.overloadMs, options.isQuick ? 0 : (RECOVERS_WITHIN_S + 5) * 1000),
          seed: 6,
          warmMs: 0,
        }),
      );
      const well = wellFromSecond(rest, { fromSecond: 0, names: CHECK, share: RECOVERED_SHARE, p99Ms: 1_000 });
      return {
        name: 'cold-start',
        title: `Cold start at 1.5 × the knee (${count(knee)} checks a second), ${percent(COLD_UNKNOWN)} unknown cards, the registry failing`,
        timelines: [timelineOf(storm, '1.5 × the knee', []), timelineOf(rest, 'then 0.5 × the knee', [])],
        tables: [
          { ...fatesTable(storm), title: '1.5 × the knee' },
          { ...fatesTable(rest), title: 'Then 0.5 × the knee' },
        ],
        requirements: [
          {
            what: 'cold-start: recovers by itself within',
            bound: 'at most',
            limit: RECOVERS_WITHIN_S,
            got: well,
            unit: 's',
            also: `${percent(RECOVERED_SHARE)} of known cards answered in time, ${ratio(countOf(storm, ['inTime'], CHECK) / storm.seconds)} a second during the storm`,
          },
        ],
        notes: [reached('1.5 ×', storm), reached('0.5 ×', rest)],
        data: { knee, storm, rest },
      };
    } finally {
      await counter.stop();
      await stage.registry.set('pass');
    }
  },
};
