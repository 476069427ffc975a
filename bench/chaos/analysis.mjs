import { FATES } from '../load/timeline.mjs';

/**
 * What is read from a timeline. All instants are milliseconds since its beginning, of when a question was meant to be asked.
 *
 * @typedef {import('../load/timeline.mjs').TimelineResult} TimelineResult
 * @typedef {import('../load/timeline.mjs').Fate} Fate
 */

/**
 * @param {TimelineResult} result
 * @param {string} name
 */
const placeOf = ({ asks }, name) => asks.findIndex((ask) => ask.name === name);

/**
 * How many questions, of all kinds or of those named, fared so.
 *
 * @param {TimelineResult} result
 * @param {readonly (Fate | 'planned' | 'inTime')[]} fates
 * @param {readonly string[]} [names]
 * @returns {number}
 */
export const countOf = ({ asks }, fates, names) =>
  asks
    .filter(({ name }) => names === undefined || names.includes(name))
    .reduce((sum, { counts }) => sum + fates.reduce((of, fate) => of + counts[fate], 0), 0);

/**
 * Of questions that are each kept: those that fared so, from one instant to another.
 *
 * @param {TimelineResult} result
 * @param {{ fates: readonly Fate[], names?: readonly string[], fromMs?: number, untilMs?: number }} wanted
 * @returns {{ atMs: number, latencyMs: number }[]} in the order in which they were meant to be asked
 */
export function questionsOf(result, { fates, names, fromMs = 0, untilMs = Number.POSITIVE_INFINITY }) {
  const places = names?.map((name) => placeOf(result, name));
  const wanted = new Set(fates.map((fate) => FATES.indexOf(fate)));
  return result.each
    .filter(
      ([at, what, fate]) =>
        at >= fromMs && at < untilMs && wanted.has(fate) && (places === undefined || places.includes(what)),
    )
    .map(([atMs, , , latencyMs]) => ({ atMs, latencyMs }))
    .toSorted((a, b) => a.atMs - b.atMs);
}

/**
 * How long after an instant the last question that did not fare so was asked: from then on everybody fared so. 0 where all
 * did.
 *
 * @param {TimelineResult} result
 * @param {{ fromMs: number, names: readonly string[], fates: readonly Fate[] }} wanted
 * @returns {number} milliseconds
 */
export function allFromMs(result, { fromMs, names, fates }) {
  const others = FATES.filter((fate) => !fates.includes(fate));
  const last = questionsOf(result, { fates: others, names, fromMs }).at(-1);
  return last === undefined ? 0 : last.atMs - fromMs;
}

/**
 * @param {readonly number[]} values
 * @param {number} share from 0 to 1
 * @returns {number} NaN of none
 */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/**
 * How many seconds after one of them everything is as it should be, for good: at least so large a share of what was planned
 * is answered in time, and hardly anybody waits longer than that.
 *
 * @param {TimelineResult} result
 * @param {{ fromSecond: number, names: readonly string[], share: number, p99Ms: number }} wanted
 * @returns {number} seconds; infinite where it never is
 */
export function wellFromSecond({ asks }, { fromSecond, names, share, p99Ms }) {
  const own = asks.filter(({ name }) => names.includes(name));
  const seconds = Math.max(0, ...own.map(({ seconds }) => seconds.length));
  let well = Number.POSITIVE_INFINITY;
  // The last second is cut off where the load ends.
  for (let at = seconds - 2; at >= fromSecond; at -= 1) {
    const planned = own.reduce((sum, ask) => sum + (ask.seconds[at]?.planned ?? 0), 0);
    const answered = own.reduce((sum, ask) => sum + (ask.seconds[at]?.inTime ?? 0), 0);
    const slowest = Math.max(...own.map(({ secondsP99Ms }) => secondsP99Ms[at] ?? 0));
    if (answered < planned * share || slowest > p99Ms) break;
    well = at - fromSecond;
  }
  return well;
}
