import { fileURLToPath } from 'node:url';
import { setTimeout as after } from 'node:timers/promises';

import { withNodeOptions } from '../../../scripts/launcher/node-options.mjs';
import { count } from '../../report/numbers.mjs';
import { allFromMs, countOf, quantile, questionsOf } from '../analysis.mjs';
import { atTheCounter, KNOWN } from '../mixes.mjs';
import { fatesTable, settledRecords, timelineOf } from '../outage.mjs';

/** Until the load begins, and it is seen which day the counter has. */
const STARTS_WITHIN_MS = 90_000;
/** Where whatever a new day needs is seen, if it is. */
const NIGHT_MS = 5_000;
const TOKYO_OFFSET_MS = 9 * 3_600_000;
const ANSWERED = /** @type {const} */ (['fresh', 'degraded', 'unavailable']);

/** @type {import('../context.mjs').Scenario} */
export const midnight = {
  name: 'midnight',
  about: 'a day ends in Tokyo, and a month with it: answers are of the day on which they are given',
  run: async ({ stage, options, doing }) => {
    const { beforeMs, afterMs } = options;
    const month = nextMonth(Date.now());
    const laterMs = month - STARTS_WITHIN_MS - beforeMs - Date.now();
    const { counter, cards } = await doing('Starting a counter whose month is about to end', async (note) => {
      const started = await stage.counter('midnight', {
        env: {
          NODE_OPTIONS: withNodeOptions(`--import ${fileURLToPath(new URL('../later-clock.mjs', import.meta.url))}`),
          CHAOS_LATER_MS: String(laterMs),
        },
        note,
      });
      return { counter: started, cards: await stage.cards(started, options.cards) };
    });
    try {
      const title = 'A month ends in Tokyo';
      const before = await settledRecords(stage);
      const leftMs = month - laterMs - Date.now();
      if (leftMs < beforeMs)
        throw new Error(`the counter took too long to start: the month ends in ${Math.round(leftMs / 1000)} s`);
      await doing('Waiting for the last seconds of the month', () => after(leftMs - beforeMs));
      return await doing(title, async (note) => {
        let begunAt = Number.NaN;
        const result = await stage.generator.openMix(
          {
            kind: 'open',
            host: '127.0.0.1',
            port: counter.port,
            question: { kind: 'mix', tokens: await counter.tokens(), asks: atTheCounter, cards, isEachKept: true },
            seed: 12,
            perSecond: options.perSecond,
            arrivals: 'poisson',
            connections: 20,
            warmMs: 0,
            measureMs: beforeMs + afterMs,
          },
          { onMeasuring: () => (begunAt = Date.now()) },
        );
        const midnightMs = month - laterMs - begunAt;
        note('is every answer on record, under its day?');
        const { missing } = await stage.untilOnRecord(result.checkIds, note);
        const beyond = (await stage.checksOnRecord()) - before - (result.checkIds.length - missing);
        const { days, otherDay } = await stage.daysOnRecord(result.checkIds);
        await counter.stop();
        const verification = await stage.verifyCheckLog(counter);
        const p99 = (/** @type {number} */ fromMs, /** @type {number} */ untilMs) =>
          quantile(
            questionsOf(result, { fates: ANSWERED, fromMs, untilMs }).map(({ latencyMs }) => latencyMs),
            0.99,
          );
        const told = countOf(result, ANSWERED);
        return {
          name: 'midnight',
          title: `A month ends in Tokyo: ${days.join(' becomes ')}`,
          timelines: [timelineOf(result, title, [{ label: '0:00', from: midnightMs / 1000, to: midnightMs / 1000 }])],
          tables: [fatesTable(result)],
          requirements: [
            {
              what: 'midnight: questions that were answered',
              bound: 'at least',
              limit: 100,
              got: (100 * told) / countOf(result, ['planned']),
              unit: '%',
            },
            {
              what: 'midnight: known cards that were not answered fresh',
              bound: 'at most',
              limit: 0,
              got: countOf(result, ['degraded', 'unavailable', 'refused', 'error'], KNOWN),
              unit: '',
            },
            {
              what: 'midnight: answers about another day than that of their instant',
              bound: 'at most',
              limit: 0,
              got: otherDay,
              unit: '',
              also: `of ${count(result.checkIds.length)}, on ${days.length} days`,
            },
            { what: 'midnight: days', bound: 'at least', limit: 2, got: days.length, unit: '' },
            {
              what: 'midnight: answers given that are not on record',
              bound: 'at most',
              limit: 0,
              got: missing,
              unit: '',
            },
            {
              what: 'midnight: chains of the check log that do not verify',
              bound: 'at most',
              limit: 0,
              got: verification.isOk ? 0 : 1,
              unit: '',
              also: verification.isOk ? `${count(verification.records)} records` : verification.text,
            },
          ],
          notes: [
            `p99 until then ${p99(0, midnightMs).toFixed(1)} ms, in the first ${NIGHT_MS / 1000} s of the month ${p99(midnightMs, midnightMs + NIGHT_MS).toFixed(1)} ms, then ${p99(midnightMs + NIGHT_MS, beforeMs + afterMs).toFixed(1)} ms. The last known card that was not answered fresh was asked about ${(allFromMs(result, { fromMs: midnightMs, names: KNOWN, fates: ['fresh'] }) / 1000).toFixed(1)} s after it.`,
            `${count(result.checkIds.length)} answers given, ${count(beyond)} on record that were not answered to the caller. The clock of all processes of the counter was ${(laterMs / 86_400_000).toFixed(2)} days later than the machine's, PostgreSQL's and the registry's.`,
            ...(Object.keys(result.faults).length > 0 ? [`Errors: ${JSON.stringify(result.faults)}.`] : []),
          ],
          data: { days, otherDay, result: { ...result, checkIds: result.checkIds.length, each: result.each.length } },
        };
      });
    } finally {
      await counter.stop();
    }
  },
};

/**
 * The instant at which the next month begins in Tokyo.
 *
 * @param {number} now
 */
function nextMonth(now) {
  const there = new Date(now + TOKYO_OFFSET_MS);
  return Date.UTC(there.getUTCFullYear(), there.getUTCMonth() + 1, 1) - TOKYO_OFFSET_MS;
}
