import { setTimeout as after } from 'node:timers/promises';

import { FATES } from '../load/timeline.mjs';
import { count } from '../report/numbers.mjs';
import { allFromMs, countOf, quantile, questionsOf } from './analysis.mjs';
import { atTheCounter, KNOWN } from './mixes.mjs';

const LOOK_EVERY_MS = 50;
/** Where a caller sees nothing of a fault, once what was under way is over. */
const SETTLED_MS = 5_000;

/**
 * @typedef {Awaited<ReturnType<import('../load/generator.mjs').Generator['openMix']>>} OpenMixResult
 *
 * @typedef {object} Outage what one run with a fault was like; instants are milliseconds since its beginning
 * @property {OpenMixResult} result
 * @property {number} faultMs
 * @property {number} repairMs
 * @property {number | undefined} breakerOpenMs after the fault
 * @property {number} missing answers that are not on record
 * @property {number} beyond checks on record that nobody was answered: a reply that did not arrive
 * @property {number} shippedMs until all were on record, after the load
 * @property {{ isOk: boolean, records: number, text: string }} verification
 * @property {{ name: string, title: string }} scenario
 */

/**
 * Asks at a steady rate while something is away and comes back, and then looks whether every answer is on record.
 *
 * @param {import('./context.mjs').Context} context
 * @param {{ name: string, title: string, env?: Record<string, string>, begin: () => Promise<unknown>, end: () => Promise<unknown> }} scenario
 * @returns {Promise<Outage>}
 */
export async function runOutage({ stage, options, doing }, { name, title, env = {}, begin, end }) {
  const { counter, cards } = await doing(`Starting a counter (${name})`, async (note) => {
    const started = await stage.counter(name, { env, note });
    return { counter: started, cards: await stage.cards(started, options.cards) };
  });
  try {
    return await doing(title, async (note) => {
      // What was asked to choose the cards is on record first.
      const before = await settledRecords(stage);
      const { beforeMs, faultMs: lastsMs, afterMs } = options;
      const begun = Promise.withResolvers();
      const loading = stage.generator.openMix(
        {
          kind: 'open',
          host: '127.0.0.1',
          port: counter.port,
          question: { kind: 'mix', tokens: await counter.tokens(), asks: atTheCounter, cards, isEachKept: true },
          seed: 11,
          perSecond: options.perSecond,
          arrivals: 'poisson',
          connections: 20,
          warmMs: 0,
          measureMs: beforeMs + lastsMs + afterMs,
        },
        { onMeasuring: () => begun.resolve(undefined) },
      );
      // Where it fails before anybody waits for it.
      loading.catch(() => {});
      await Promise.race([begun.promise, loading]);
      const zero = performance.now();
      const now = () => performance.now() - zero;
      note('all is well');
      await after(beforeMs);
      await begin();
      const faultMs = now();
      note('the fault is there');
      const breaker = watchBreaker(counter, now);
      await after(Math.max(0, beforeMs + lastsMs - now()));
      await end();
      const repairMs = now();
      note('it is repaired');
      const result = await loading;
      const openAt = await breaker.stop();
      note('is every answer on record?');
      const { missing, waitedMs } = await stage.untilOnRecord(result.checkIds, note);
      const beyond = (await stage.checksOnRecord()) - before - (result.checkIds.length - missing);
      await counter.stop();
      return {
        result,
        faultMs,
        repairMs,
        breakerOpenMs: openAt === undefined ? undefined : openAt - faultMs,
        missing,
        beyond,
        shippedMs: waitedMs,
        verification: await stage.verifyCheckLog(counter),
        scenario: { name, title },
      };
    });
  } finally {
    // Twice does no harm, and whatever happened, the next scenario begins with everything well.
    await end();
    await counter.stop();
  }
}

/** @param {import('./stage.mjs').Stage} stage */
export async function settledRecords(stage) {
  for (let last = -1; ;) {
    const records = await stage.checksOnRecord();
    if (records === last) return records;
    last = records;
    await after(1_000);
  }
}

/**
 * @param {import('../house.mjs').Counter} counter
 * @param {() => number} now
 */
function watchBreaker(counter, now) {
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      const asked = now();
      /** @type {any} */
      const state = await counter.state().catch(() => undefined);
      if (state?.registry?.breaker === 'open') return asked;
      await after(LOOK_EVERY_MS, undefined, { signal: over.signal }).catch(() => {});
    }
    return undefined;
  })();
  return {
    stop: () => {
      over.abort();
      return watching;
    },
  };
}

const COLOURS = { fresh: '#0b6e6e', degraded: '#d9a406', unavailable: '#7b8794', refused: '#5b4bb7', error: '#c0392b' };

/**
 * @param {import('../load/timeline.mjs').TimelineResult} result
 * @param {string} title
 * @param {import('../context.mjs').Timeline['marks']} marks
 * @returns {import('../context.mjs').Timeline}
 */
export function timelineOf({ asks }, title, marks) {
  const seconds = Math.max(0, ...asks.map(({ seconds }) => seconds.length));
  const by = (/** @type {keyof import('../load/timeline.mjs').Counts} */ kind) =>
    Array.from({ length: seconds }, (_, at) => asks.reduce((sum, ask) => sum + (ask.seconds[at]?.[kind] ?? 0), 0));
  return {
    title,
    unit: 'questions a second, by when they were meant to be asked',
    areas: FATES.map((fate) => ({ label: fate, colour: COLOURS[fate], values: by(fate) })),
    outline: { label: 'offered', values: by('planned') },
    marks,
  };
}

/**
 * @param {import('../load/timeline.mjs').TimelineResult} result
 * @returns {import('../context.mjs').Table}
 */
export const fatesTable = ({ asks }) => ({
  title: '',
  columns: ['question', 'asked', ...FATES, 'p50 ms', 'p99 ms', 'max ms'],
  rows: asks.map(({ name, counts, latencyMs }) => [
    name,
    count(counts.planned),
    ...FATES.map((fate) => count(counts[fate])),
    ...['50', '99', '100'].map((at) => (latencyMs[at] ?? 0).toFixed(1)),
  ]),
});

/**
 * What is asked of every fault but one of the journal: everybody is answered, and everything answered is on record.
 *
 * @param {Outage} outage
 * @param {{ isBreakerAsked?: boolean, freshWithinMs?: number | undefined, also?: import('../context.mjs').Requirement[] }} [asked]
 * @returns {import('../context.mjs').Finding}
 */
export function outageFinding(outage, { isBreakerAsked = false, freshWithinMs, also = [] } = {}) {
  const { result, faultMs, repairMs, breakerOpenMs, missing, beyond, shippedMs, verification, scenario } = outage;
  const of = (/** @type {string} */ what) => `${scenario.name}: ${what}`;
  const planned = countOf(result, ['planned']);
  const told = countOf(result, ['fresh', 'degraded', 'unavailable']);
  const notAnswered = countOf(result, ['unavailable', 'refused', 'error'], KNOWN);
  const latencies = questionsOf(result, {
    fates: ['fresh', 'degraded', 'unavailable'],
    fromMs: faultMs + SETTLED_MS,
    untilMs: repairMs,
  }).map(({ latencyMs }) => latencyMs);
  const first = questionsOf(result, {
    fates: ['fresh', 'degraded', 'unavailable'],
    fromMs: faultMs,
    untilMs: faultMs + SETTLED_MS,
  }).map(({ latencyMs }) => latencyMs);
  // Who was turned away was told nothing that is not fresh; that is counted above.
  const fresh = allFromMs(result, { fromMs: repairMs, names: KNOWN, fates: ['fresh', 'refused'] });
  return {
    name: scenario.name,
    title: scenario.title,
    timelines: [
      timelineOf(result, scenario.title, [{ label: scenario.name, from: faultMs / 1000, to: repairMs / 1000 }]),
    ],
    tables: [fatesTable(result)],
    requirements: [
      {
        what: of('questions that were answered'),
        bound: 'at least',
        limit: 100,
        got: (100 * told) / planned,
        unit: '%',
      },
      {
        what: of('5xx, refusals or wrong answers for known cards'),
        bound: 'at most',
        limit: 0,
        got: notAnswered,
        unit: '',
      },
      ...(isBreakerAsked
        ? [
            /** @type {import('../context.mjs').Requirement} */ ({
              what: of('breaker open after'),
              bound: 'at most',
              limit: 3,
              got: (breakerOpenMs ?? Number.POSITIVE_INFINITY) / 1000,
              unit: 's',
            }),
          ]
        : []),
      ...(freshWithinMs === undefined
        ? []
        : [
            /** @type {import('../context.mjs').Requirement} */ ({
              what: of('all known cards fresh again after the repair within'),
              bound: 'at most',
              limit: freshWithinMs / 1000,
              got: fresh / 1000,
              unit: 's',
            }),
          ]),
      { what: of('answers given that are not on record'), bound: 'at most', limit: 0, got: missing, unit: '' },
      {
        what: of('chains of the check log that do not verify'),
        bound: 'at most',
        limit: 0,
        got: verification.isOk ? 0 : 1,
        unit: '',
        also: verification.isOk ? `${count(verification.records)} records` : verification.text,
      },
      ...also,
    ],
    notes: [
      `Fault from ${(faultMs / 1000).toFixed(1)} s to ${(repairMs / 1000).toFixed(1)} s. In its first ${SETTLED_MS / 1000} s p99 was ${quantile(first, 0.99).toFixed(1)} ms, then ${quantile(latencies, 0.99).toFixed(1)} ms (max ${Math.max(0, ...latencies).toFixed(1)} ms), from the intended moment.`,
      `${count(result.checkIds.length)} answers given, ${count(result.checkIds.length - missing)} of them on record${missing > 0 ? `, ${missing} MISSING` : ''}; ${count(beyond)} on record that were not answered to the caller. All on record ${(shippedMs / 1000).toFixed(1)} s after the load.`,
      ...(Object.keys(result.faults).length > 0 ? [`Errors: ${JSON.stringify(result.faults)}.`] : []),
      ...(result.achievedPerSecond < result.offeredPerSecond * 0.98
        ? [
            `The generator asked ${count(result.achievedPerSecond)} of ${count(result.offeredPerSecond)} a second in time; the lateness is in the times.`,
          ]
        : []),
    ],
    data: { ...outage, result: { ...result, checkIds: result.checkIds.length, each: result.each.length } },
  };
}
