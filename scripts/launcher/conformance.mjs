import { withClient } from './database.mjs';
import { Problem } from './problem.mjs';

/**
 * How well it was served, from what is on record and from what the processes count. Each figure says where it is from, so that it
 * can be asked for again.
 *
 * A record holds when a check was answered, not how long that took: it is written before the reply leaves. So times are those of
 * /metrics, since each process started.
 */

const WITHIN_SECONDS = [0.3, 20];
const DURATION = 'shikaku_eligibility_check_duration_seconds';
const REPLIES = 'shikaku_http_replies_total';
const CHECKS_ROUTE = '/v1/eligibility-checks';
/** Processes that start within so long of one another started together: one deployment, or one restart. */
const TOGETHER_MS = 120_000;
/** A silence shorter than this is nobody asking. */
const SILENCE_MINUTES = 5;
const SILENCES_TOLD = 5;
const WEEK_MS = 7 * 86_400_000;

/** Of re-checks nobody waited. */
const ASKED = `spliced::json->>'corrects' is null`;
const WEEKS = `select to_char(date_trunc('week', checked_at at time zone 'Asia/Tokyo'), 'YYYY-MM-DD') as week,
  count(*) as checks, count(*) filter (where degraded is not null) as degraded
from eligibility_check where checked_at >= $1 and checked_at < $2 and ${ASKED} group by 1 order by 1`;
const SILENCES = `select check_id as after, checked_at as since, next_id as until_check, next_at as until from (
  select check_id, checked_at, lead(check_id) over w as next_id, lead(checked_at) over w as next_at
  from eligibility_check where checked_at >= $1 and checked_at < $2 and ${ASKED} window w as (order by checked_at, check_id)) as pairs
where next_at - checked_at > interval '${SILENCE_MINUTES} minutes' order by next_at - checked_at desc limit ${SILENCES_TOLD}`;
const WRITERS = `select writer, min(checked_at) as first from eligibility_check
where checked_at >= $1 and checked_at < $2 and writer is not null group by writer`;

/**
 * @typedef {object} Figure
 * @property {string} what
 * @property {string} value
 * @property {string} from where it can be looked up
 *
 * @typedef {{ name: string, labels: Readonly<Record<string, string>>, value: number }} Sample
 *
 * @typedef {object} Recorded
 * @property {{ week: string, checks: number, degraded: number }[]} weeks by their Monday, Tokyo
 * @property {{ after: string, since: Date, untilCheck: string, until: Date }[]} silences longest first
 * @property {{ writer: string, first: Date }[]} writers
 */

/**
 * @param {string} text of /metrics
 * @returns {Sample[]}
 */
export const samplesOf = (text) =>
  [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', own = '']) => [key, own]),
    ),
    value: Number(value),
  }));

/**
 * Share of checks that were answered within so many seconds.
 *
 * @param {readonly Sample[]} samples
 * @param {number} seconds a bound of the histogram
 * @returns {{ within: number, all: number }}
 */
export function answeredWithin(samples, seconds) {
  const sum = (/** @type {(one: Sample) => boolean} */ wanted) =>
    samples.filter(wanted).reduce((total, { value }) => total + value, 0);
  return {
    within: sum(({ name, labels }) => name === `${DURATION}_bucket` && Number(labels.le) === seconds),
    all: sum(({ name }) => name === `${DURATION}_count`),
  };
}

/**
 * Replies to checks that were not 5xx, of all replies to checks.
 *
 * @param {readonly Sample[]} samples
 * @returns {{ served: number, all: number }}
 */
export function served(samples) {
  const replies = samples.filter(
    ({ name, labels }) => name === REPLIES && labels.method === 'POST' && labels.route === CHECKS_ROUTE,
  );
  const of = (/** @type {readonly Sample[]} */ some) => some.reduce((total, { value }) => total + value, 0);
  return { served: of(replies.filter(({ labels }) => !labels.status?.startsWith('5'))), all: of(replies) };
}

/**
 * How often processes were started, those that started together counted once.
 *
 * @param {readonly { first: Date }[]} writers by their first check
 * @returns {number}
 */
export function starts(writers) {
  const times = writers.map(({ first }) => first.getTime()).toSorted((a, b) => a - b);
  return times.filter((at, index) => index === 0 || at - /** @type {number} */ (times[index - 1]) > TOGETHER_MS).length;
}

/**
 * @param {string} databaseUrl of the counter or the owner
 * @param {{ from: Date, until: Date }} span
 * @returns {Promise<Recorded>}
 */
export const recorded = (databaseUrl, { from, until }) =>
  withClient(databaseUrl, async (client) => {
    const span = [from, until];
    const weeks = await client.query(WEEKS, span);
    const silences = await client.query(SILENCES, span);
    const writers = await client.query(WRITERS, span);
    return {
      weeks: weeks.rows.map(({ week, checks, degraded }) => ({
        week,
        checks: Number(checks),
        degraded: Number(degraded),
      })),
      silences: silences.rows.map(({ after, since, until_check: untilCheck, until: end }) => ({
        after,
        since,
        untilCheck,
        until: end,
      })),
      writers: writers.rows,
    };
  });

/**
 * @param {string} url of /metrics
 * @returns {Promise<Sample[]>}
 */
export async function counted(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (response.ok) return samplesOf(await response.text());
  } catch {
    // Said below.
  }
  throw new Problem(`${url} does not answer with metrics.`);
}

/**
 * @param {Recorded} record
 * @param {readonly Sample[]} samples of all processes
 * @param {{ from: Date, until: Date }} span
 * @returns {Figure[]}
 */
export function figuresOf({ weeks, silences, writers }, samples, { from, until }) {
  const began = Math.min(
    ...samples.filter(({ name }) => name === 'process_start_time_seconds').map(({ value }) => value),
  );
  const since = Number.isFinite(began) ? `since ${new Date(began * 1000).toISOString()}` : 'of no process';
  const all = served(samples);
  const between = `checked_at from ${from.toISOString()} to ${until.toISOString()}`;
  return [
    ...WITHIN_SECONDS.map((seconds) => {
      const { within, all: count } = answeredWithin(samples, seconds);
      return {
        what: `checks answered within ${seconds} s`,
        value: share(within, count),
        from: `/metrics, ${since}: ${DURATION}_bucket{le="${seconds}"} / ${DURATION}_count`,
      };
    }),
    {
      what: 'availability: replies to checks other than 5xx',
      value: share(all.served, all.all),
      from: `/metrics, ${since}: ${REPLIES}{method="POST",route="${CHECKS_ROUTE}"}; of a week: see docs/operations.md`,
    },
    ...weeks.map(({ week, checks, degraded }) => ({
      what: `week of ${week}: checks on record, of which degraded`,
      value: `${checks.toLocaleString('en')}, ${share(degraded, checks)}`,
      from: `eligibility_check, that week in Tokyo, without those in which spliced has corrects`,
    })),
    {
      what: `deployments and restarts (starts within ${TOGETHER_MS / 1000} s are one)`,
      value: `${starts(writers)}, by ${writers.length} processes`,
      from: `eligibility_check.writer: ${writers
        .map(({ writer }) => writer)
        .slice(0, 5)
        .join(', ')}${writers.length > 5 ? ', …' : ''}`,
    },
    ...silences.map(({ after, since: start, untilCheck, until: end }) => ({
      what: `nobody was answered for ${Math.round((end.getTime() - start.getTime()) / 60_000)} minutes: asked, or could not?`,
      value: `${start.toISOString()} to ${end.toISOString()}`,
      from: `eligibility_check between ${after} and ${untilCheck}`,
    })),
    ...(weeks.length === 0 ? [{ what: 'checks on record', value: 'none', from: `eligibility_check, ${between}` }] : []),
  ];
}

/**
 * The last `weeks` weeks until now.
 *
 * @param {number} weeks
 * @param {Date} [now]
 */
export const lastWeeks = (weeks, now = new Date()) => ({ from: new Date(now.getTime() - weeks * WEEK_MS), until: now });

/**
 * @param {number} part
 * @param {number} all
 */
const share = (part, all) =>
  all === 0
    ? 'nothing to be counted'
    : `${((100 * part) / all).toFixed(3)} % (${part.toLocaleString('en')} of ${all.toLocaleString('en')})`;
