import { places } from '../cores.mjs';
import { move } from '../cores.mjs';
import { untilPrepared } from '../lanes.mjs';

const PATH = '/v1/eligibility-checks';
const ATTEMPTS = 3;
/** A generator that asked fewer than it was to ask measured something else. */
const MISSED_SHARE = 0.02;

/**
 * A counter for an open loop, with everything on one machine: nothing is kept to a core of its own.
 *
 * @param {import('../context.mjs').Context} context
 * @param {string} name
 * @returns {Promise<import('../house.mjs').Counter>}
 */
export function startUnpinned({ house, generator, options, doing }, name) {
  return doing(`Starting a counter (${name})`, async (note) => {
    const population = await house.population(options.sizes.middle, note);
    house.pinDatabase(places.everywhere);
    move(generator.pid, places.everywhere);
    const counter = await house.counter(name, population, { place: places.everywhere });
    await untilPrepared(counter, note);
    return counter;
  });
}

/**
 * Back to where they are for the others.
 *
 * @param {import('../context.mjs').Context} context
 */
export function pinAgain({ house, generator }) {
  house.pinDatabase(places.others);
  move(generator.pid, places.load);
}

/**
 * @typedef {Awaited<ReturnType<import('../load/generator.mjs').Generator['open']>>} OpenResult
 *
 * @param {import('../context.mjs').Context} context
 * @param {import('../house.mjs').Counter} counter
 * @param {{ perSecond: number, measureMs: number, warmMs?: number, seed: number }} wanted
 * @param {{ onMeasuring?: () => void, onMeasured?: () => void }} [told]
 * @returns {Promise<OpenResult>}
 */
export async function askSteadily({ generator, options }, counter, { perSecond, measureMs, warmMs, seed }, told) {
  return generator.open(
    {
      kind: 'open',
      host: '127.0.0.1',
      port: counter.port,
      question: {
        kind: 'check',
        path: PATH,
        tokens: await counter.tokens(),
        people: { kind: 'any', size: counter.population.size },
        isAnsweredForPerson: true,
      },
      seed,
      perSecond,
      arrivals: 'poisson',
      connections: options.connections,
      warmMs: warmMs ?? options.warmMs,
      measureMs,
    },
    told,
  );
}

/**
 * The same, again when the generator missed its rate.
 *
 * @param {import('../context.mjs').Context} context
 * @param {import('../house.mjs').Counter} counter
 * @param {{ perSecond: number, measureMs: number, seed: number }} wanted
 * @param {string[]} notes
 */
export async function askAtRate(context, counter, wanted, notes) {
  for (let attempt = 1; ; attempt += 1) {
    const result = await askSteadily(context, counter, { ...wanted, seed: wanted.seed + attempt });
    const missed = 1 - result.achievedPerSecond / result.offeredPerSecond;
    if (missed <= MISSED_SHARE) return result;
    const said = `${(missed * 100).toFixed(1)} % of the questions were not asked in time`;
    if (attempt === ATTEMPTS) {
      notes.push(`${said} in the last of ${ATTEMPTS} attempts: the rate was not reached.`);
      return result;
    }
    notes.push(`An attempt was thrown away: ${said}.`);
  }
}

/** @param {Record<string, number>} faults */
export const faultsIn = (faults) => Object.values(faults).reduce((sum, times) => sum + times, 0);

/** @param {OpenResult} result @param {string} label @returns {{ label: string, points: [number, number][] }} */
export const quantileLine = ({ latencyMs }, label) => ({
  label,
  // Against 1/(1-q): each step to the right is ten times as rare.
  points: Object.entries(latencyMs)
    .filter(([quantile]) => quantile !== '100')
    .map(([quantile, ms]) => /** @type {[number, number]} */ ([1 / (1 - Number(quantile) / 100), ms]))
    .toSorted(([a], [b]) => a - b),
});

export const quantileTicks = /** @type {[number, string][]} */ ([
  [2, 'p50'],
  [10, 'p90'],
  [100, 'p99'],
  [1_000, 'p99.9'],
  [10_000, 'p99.99'],
]);
