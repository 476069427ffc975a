import { withClient } from '../../../scripts/launcher/database.mjs';
import { places } from '../../cores.mjs';
import { count } from '../../report/numbers.mjs';
import { quantile } from '../analysis.mjs';

const SEEN_WITHIN_MS = 10_000;

/** @type {import('../context.mjs').Scenario} */
export const lossSeen = {
  name: 'loss-seen',
  about: 'a loss of coverage is committed: when does every instance say so?',
  run: async ({ stage, options, doing }) => {
    /** @type {import('../../house.mjs').Counter[]} */
    const counters = [];
    const title = `${options.losses} losses of coverage, seen by two instances on one database`;
    try {
      const cards = await doing('Starting two counters', async (note) => {
        for (const disk of ['disk', 'disk-2'])
          counters.push(await stage.counter(`loss-${disk}`, { disk, place: places.everywhere, note }));
        return stage.cards(/** @type {import('../../house.mjs').Counter} */ (counters[0]), options.losses);
      });
      /** @type {{ first: number, second: number }[]} */
      const seen = await doing(title, (note) =>
        withClient(stage.population.urls.officeUrl, async (office) => {
          const times = [];
          for (const [at, { serial }] of cards.entries()) {
            note(`${at + 1} of ${cards.length}`);
            const lost = Promise.withResolvers();
            const watching = counters.map((counter) => untilNotValid(stage, counter, serial, lost.promise));
            for (const one of watching) one.catch(() => {});
            const { rowCount } = await office.query(LOSE, [serial]);
            if (rowCount === 0) throw new Error('nobody lost anything: the scenario measures nothing');
            lost.resolve(performance.now());
            const [first = Number.NaN, second = Number.NaN] = await Promise.all(watching);
            times.push({ first, second });
            await office.query(REGAIN, [serial]);
          }
          return times;
        }),
      );
      const all = seen.flatMap(({ first, second }) => [first, second]);
      return {
        name: 'loss-seen',
        title,
        tables: [
          {
            title: 'From the commit to the first answer that says so, which another answer is asked for at once',
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
        ],
        requirements: [
          {
            what: 'loss-seen: a loss is visible on every instance within, p99',
            bound: 'at most',
            limit: 200,
            got: quantile(all, 0.99),
            unit: 'ms',
          },
          { what: 'loss-seen: the latest', bound: 'at most', limit: 1_000, got: Math.max(...all), unit: 'ms' },
        ],
        data: seen,
      };
    } finally {
      await Promise.all(counters.map((counter) => counter.stop()));
    }
  },
};

const LOSE = `update qualification q set lost_on = greatest(q.acquired_on, current_date - 1), reason_of_loss = '99', loss_recorded_at = now()
  from credential c where c.serial = $1 and q.person_id = c.person_id and q.lost_on is null`;
const REGAIN = `update qualification q set lost_on = null, reason_of_loss = null, loss_recorded_at = null
  from credential c where c.serial = $1 and q.person_id = c.person_id and q.reason_of_loss = '99'`;

/**
 * @param {import('../stage.mjs').Stage} stage
 * @param {import('../../house.mjs').Counter} counter
 * @param {string} serial
 * @param {Promise<unknown>} lost when the loss was committed
 * @returns {Promise<number>} milliseconds from then to the answer that shows it
 */
async function untilNotValid(stage, counter, serial, lost) {
  const began = performance.now();
  while (performance.now() - began < SEEN_WITHIN_MS) {
    const { answer } = await stage.check(counter, serial);
    if (answer.verdict !== 'valid') return Math.max(0, performance.now() - Number(await lost));
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
