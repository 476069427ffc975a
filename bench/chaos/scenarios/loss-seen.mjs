import { setTimeout as after } from 'node:timers/promises';

import { withClient } from '../../../scripts/launcher/database.mjs';
import { places } from '../../cores.mjs';
import { Generator } from '../../load/generator.mjs';
import { randomFrom } from '../../load/random.mjs';
import { count } from '../../report/numbers.mjs';
import { countOf, quantile } from '../analysis.mjs';
import { atTheCounter, KNOWN } from '../mixes.mjs';
import { fatesTable } from '../outage.mjs';

const SEEN_WITHIN_MS = 10_000;
/** From one loss to the next, about: losses do not come when we are ready for them. */
const LOSSES_EVERY_MS = 150;
/** From one question about somebody who has lost to the next. It is in the times. */
const ASK_EVERY_MS = 5;
/** Asked about by the load, beside those who lose. */
const OTHERS = 500;
const WARM_MS = 2_000;

/** @type {import('../context.mjs').Scenario} */
export const lossSeen = {
  name: 'loss-seen',
  about: 'a loss of coverage is committed: when does every instance say so?',
  run: async ({ stage, options, doing }) => {
    /** @type {import('../../house.mjs').Counter[]} */
    const counters = [];
    /** Each instance is asked by a process of its own. */
    const generators = [places.load, places.load].map((place) => new Generator(place));
    const title = `${options.losses} losses of coverage, seen by two instances on one database, each asked ${count(options.perSecond)} times a second`;
    try {
      const cards = await doing('Starting two counters', async (note) => {
        for (const disk of ['disk', 'disk-2'])
          counters.push(await stage.counter(`loss-${disk}`, { disk, place: places.everywhere, note }));
        return stage.cards(/** @type {import('../../house.mjs').Counter} */ (counters[0]), options.losses + OTHERS);
      });
      const losing = cards.slice(0, options.losses);
      const others = cards.slice(options.losses);
      /** @type {{ seen: { first: number, second: number }[], loads: import('../outage.mjs').OpenMixResult[] }} */
      const { seen, loads } = await doing(title, async (note) => {
        const measureMs = options.losses * LOSSES_EVERY_MS;
        const loading = counters.map(async (counter, at) =>
          /** @type {Generator} */ (generators[at]).openMix({
            kind: 'open',
            host: '127.0.0.1',
            port: counter.port,
            question: {
              kind: 'mix',
              tokens: await counter.tokens(),
              asks: atTheCounter,
              cards: others,
              isEachKept: false,
            },
            seed: 51 + at,
            perSecond: options.perSecond,
            arrivals: 'poisson',
            connections: 20,
            warmMs: WARM_MS,
            measureMs,
          }),
        );
        // Awaited below, behind the losses.
        for (const load of loading) load.catch(() => {});
        await after(WARM_MS);
        const random = randomFrom(52);
        const seeing = [];
        for (const { serial } of losing) {
          seeing.push(loseAndWatch(stage, counters, serial));
          note(`${seeing.length} of ${losing.length}`);
          await after(-Math.log(1 - random()) * LOSSES_EVERY_MS);
        }
        return { seen: await Promise.all(seeing), loads: await Promise.all(loading) };
      });
      const all = seen.flatMap(({ first, second }) => [first, second]);
      const notAnswered = loads.reduce(
        (sum, load) => sum + countOf(load, ['unavailable', 'refused', 'error'], KNOWN),
        0,
      );
      return {
        name: 'loss-seen',
        title,
        tables: [
          {
            title: `From the commit being confirmed to the first reply that says so; asked again every ${ASK_EVERY_MS} ms`,
            columns: ['instance', 'losses', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms'],
            rows: [
              row(
                'one',
                seen.map(({ first }) => first),
              ),
              row(
                'the other',
                seen.map(({ second }) => second),
              ),
            ],
          },
          ...loads.map((load, at) => ({
            ...fatesTable(load),
            title: `Meanwhile, at ${at === 0 ? 'one' : 'the other'}`,
          })),
        ],
        requirements: [
          {
            what: 'loss-seen: a loss is visible on every instance within, p99',
            bound: 'at most',
            limit: 200,
            got: quantile(all, 0.99),
            unit: 'ms',
            also: `of ${count(all.length)}`,
          },
          { what: 'loss-seen: the latest', bound: 'at most', limit: 1_000, got: Math.max(...all), unit: 'ms' },
          {
            what: 'loss-seen: 5xx, refusals or wrong answers for known cards meanwhile',
            bound: 'at most',
            limit: 0,
            got: notAnswered,
            unit: '',
          },
        ],
        data: { seen, loads },
      };
    } finally {
      for (const generator of generators) generator.stop();
      await Promise.all(counters.map((counter) => counter.stop()));
    }
  },
};

const LOSE = `update qualification q set lost_on = greatest(q.acquired_on, current_date - 1), reason_of_loss = '99', loss_recorded_at = now()
  from credential c where c.serial = $1 and q.person_id = c.person_id and q.lost_on is null`;
const REGAIN = `update qualification q set lost_on = null, reason_of_loss = null, loss_recorded_at = null
  from credential c where c.serial = $1 and q.person_id = c.person_id and q.reason_of_loss = '99'`;

/**
 * Somebody loses coverage, and every instance is asked until it says so. Then they have it back, for the next run.
 *
 * @param {import('../stage.mjs').Stage} stage
 * @param {readonly import('../../house.mjs').Counter[]} counters
 * @param {string} serial
 * @returns {Promise<{ first: number, second: number }>} milliseconds from the commit
 */
const loseAndWatch = (stage, counters, serial) =>
  withClient(stage.population.urls.officeUrl, async (office) => {
    const { rowCount } = await office.query(LOSE, [serial]);
    if (rowCount === 0) throw new Error('nobody lost anything: the scenario measures nothing');
    const lost = performance.now();
    const [first = Number.NaN, second = Number.NaN] = await Promise.all(
      counters.map((counter) => untilNotValid(stage, counter, serial, lost)),
    );
    await office.query(REGAIN, [serial]);
    return { first, second };
  });

/**
 * @param {import('../stage.mjs').Stage} stage
 * @param {import('../../house.mjs').Counter} counter
 * @param {string} serial
 * @param {number} lost when the loss was committed
 * @returns {Promise<number>} milliseconds from then to the reply that shows it
 */
async function untilNotValid(stage, counter, serial, lost) {
  while (performance.now() - lost < SEEN_WITHIN_MS) {
    const asked = performance.now();
    const { answer } = await stage.check(counter, serial);
    if (answer.verdict !== undefined && answer.verdict !== 'valid') return performance.now() - lost;
    await after(Math.max(0, asked + ASK_EVERY_MS - performance.now()));
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * @param {string} label
 * @param {number[]} times
 */
const row = (label, times) => [
  label,
  count(times.length),
  ...[0.5, 0.9, 0.99, 1].map((share) => quantile(times, share).toFixed(0)),
];
