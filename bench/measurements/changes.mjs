import { setTimeout as after } from 'node:timers/promises';

import { withClient } from '../../scripts/launcher/database.mjs';
import { randomFrom } from '../load/random.mjs';
import { count, ratio } from '../report/numbers.mjs';
import { serialOf } from '../serials.mjs';
import { PERSON_ID_BASE } from '../population.mjs';
import { askSteadily, faultsIn, pinAgain, quantileLine, quantileTicks, startUnpinned } from './open-loop.mjs';

const PEOPLE_PER_TRANSACTION = 1_000;
const BEFORE_MS = 15_000;
const SLICE_MS = 5_000;
const LAST_SEEN_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 20;

/** @type {import('../context.mjs').Measurement} */
export const changes = {
  name: 'changes',
  about: 'a hundred thousand changes of facts applied while checks run: how much slower they become',
  run: async (context) => {
    const { options, doing } = context;
    const counter = await startUnpinned(context, 'counter-changes');
    const { population, url } = counter;
    try {
      const perSecond = options.perSecond;
      /** @type {import('./open-loop.mjs').OpenResult} */
      const before = await doing('Checks without changes', () =>
        askSteadily(context, counter, { perSecond, measureMs: BEFORE_MS, seed: 21 }),
      );
      const change = applyChanges(population, options.changes, serialWatcher(url, await counter.tokens()));
      // As long as the changes take, and no longer: what is measured is checks among changes.
      /** @type {import('./open-loop.mjs').OpenResult[]} */
      const slices = [];
      /** @type {{ writtenMs: number, seenMs: number | undefined }} */
      const { writtenMs, seenMs } = await doing(`Checks among ${count(options.changes)} changes`, async (note) => {
        const done = new AbortController();
        const changing = change(note).finally(() => done.abort());
        // Awaited below.
        changing.catch(() => {});
        for (let slice = 0; !done.signal.aborted; slice += 1)
          slices.push(
            await askSteadily(context, counter, { perSecond, warmMs: 0, measureMs: SLICE_MS, seed: 30 + slice }),
          );
        return changing;
      });
      const worst = (/** @type {string} */ quantile) =>
        Math.max(...slices.map(({ latencyMs }) => latencyMs[quantile] ?? 0));
      const typical = (/** @type {string} */ quantile) => {
        const sorted = slices.map(({ latencyMs }) => latencyMs[quantile] ?? 0).toSorted((a, b) => a - b);
        return sorted[sorted.length >> 1] ?? Number.NaN;
      };
      const faults = slices.reduce((sum, slice) => sum + faultsIn(slice.faults), 0);
      const middle = slices[slices.length >> 1];
      return {
        name: 'changes',
        title: `${count(options.changes)} changes among ${count(perSecond)} checks a second`,
        tables: [
          {
            title: 'Open loop, from the intended moment',
            columns: ['', 'p50 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'faults'],
            rows: [
              [
                'before',
                ...['50', '99', '99.9', '100'].map((quantile) => (before.latencyMs[quantile] ?? 0).toFixed(2)),
                count(faultsIn(before.faults)),
              ],
              [
                'among changes (median of 5 s slices)',
                ...['50', '99', '99.9', '100'].map((quantile) => typical(quantile).toFixed(2)),
                count(faults),
              ],
              [
                'among changes (worst slice)',
                ...['50', '99', '99.9', '100'].map((quantile) => worst(quantile).toFixed(2)),
                '',
              ],
            ],
          },
        ],
        requirements: [
          {
            what: 'p99 among changes against before',
            bound: 'at most',
            limit: 2,
            got: typical('99') / (before.latencyMs['99'] ?? Number.NaN),
            unit: '×',
            also: `${ratio(worst('99') / (before.latencyMs['99'] ?? Number.NaN))} × in the worst slice`,
          },
        ],
        lines: [
          {
            title: 'Latency before and among changes',
            x: 'share of checks that were faster',
            y: 'ms',
            isLogX: true,
            isLogY: true,
            ticksX: quantileTicks,
            lines: [
              quantileLine(before, 'before'),
              ...(middle === undefined ? [] : [quantileLine(middle, 'among changes')]),
            ],
          },
        ],
        notes: [
          `Written in ${(writtenMs / 1000).toFixed(1)} s (${count(options.changes / (writtenMs / 1000))} a second, transactions of ${count(PEOPLE_PER_TRANSACTION)}).`,
          seenMs === undefined
            ? `The last change was not seen in a check within ${LAST_SEEN_WITHIN_MS / 1000} s.`
            : `The last change was seen in a check ${(seenMs / 1000).toFixed(2)} s after it was committed.`,
        ],
        data: { before, slices, writtenMs, seenMs },
      };
    } finally {
      await counter.stop();
      pinAgain(context);
    }
  },
};

/**
 * Moves people, as the office would write it: rows of an address in transactions of a thousand.
 *
 * @param {import('../house.mjs').Population} population
 * @param {number} changes
 * @param {(person: number, address: string) => Promise<boolean>} shows
 */
const applyChanges = (population, changes, shows) => (/** @type {(text: string) => void} */ note) =>
  withClient(population.urls.officeUrl, async (client) => {
    const random = randomFrom(Date.now());
    const mark = `引越${Date.now().toString(36)}`;
    const began = performance.now();
    let last = 1;
    for (let done = 0; done < changes; done += PEOPLE_PER_TRANSACTION) {
      const people = Array.from({ length: Math.min(PEOPLE_PER_TRANSACTION, changes - done) }, () =>
        Math.floor(1 + random() * population.size),
      );
      last = people.at(-1) ?? last;
      await client.query(`update person set address = $1 where person_id = any($2::bigint[])`, [
        mark,
        people.map((person) => PERSON_ID_BASE + person),
      ]);
      note(`${count(done + people.length)} written`);
    }
    const writtenAt = performance.now();
    const writtenMs = writtenAt - began;
    while (performance.now() - writtenAt < LAST_SEEN_WITHIN_MS) {
      if (await shows(last, mark)) return { writtenMs, seenMs: performance.now() - writtenAt };
      await after(LOOK_EVERY_MS);
    }
    return { writtenMs, seenMs: undefined };
  });

/**
 * @param {string} url
 * @param {string[]} tokens
 * @returns {(person: number, text: string) => Promise<boolean>}
 */
const serialWatcher =
  (url, [token]) =>
  async (person, text) => {
    const response = await fetch(`${url}/v1/eligibility-checks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ card: { certificateSerial: serialOf(person) } }),
    });
    return (await response.text()).includes(text);
  };
