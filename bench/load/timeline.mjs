import { createHistogram } from 'node:perf_hooks';

/**
 * How a question fared:
 *
 * - `fresh`: answered, and nothing about it is degraded;
 * - `degraded`: answered, and the answer says what could not be asked;
 * - `unavailable`: 503 `answer-unavailable` (or of a list, a batch): could not be found out, and says so;
 * - `refused`: 429, or 503 `overloaded` or `check-in-first`: not looked at; or not sent, since its caller had been told so just before;
 * - `error`: anything else, a wrong answer above all.
 */
export const FATES = /** @type {const} */ (['fresh', 'degraded', 'unavailable', 'refused', 'error']);

/**
 * @typedef {(typeof FATES)[number]} Fate
 * @typedef {Record<Fate, number> & { planned: number, inTime: number }} Counts inTime: answered within a second
 *
 * @typedef {object} AskResult
 * @property {string} name
 * @property {Counts} counts
 * @property {Record<string, number>} latencyMs of those that were answered (fresh or degraded), by quantile
 * @property {Counts[]} seconds by the second in which it was meant to be asked
 * @property {number[]} secondsP99Ms of those that were answered; 0 where none was
 *
 * @typedef {object} TimelineResult
 * @property {number} replies answered: fresh or degraded
 * @property {Record<string, number>} faults what the errors were
 * @property {AskResult[]} asks
 * @property {number} disconnects connections that could not be made
 * @property {string[]} checkIds of all answered checks, where each is kept
 * @property {[number, number, number, number][]} each [meant at ms, place of its ask, place of its fate, latency in ms]
 */

/**
 * @typedef {{ counts: Counts, micros: import('node:perf_hooks').RecordableHistogram }} Counted
 * @typedef {Counted & { seconds: Map<number, Counted> }} CountedAsk
 */

/** An answer that comes later than this helps nobody at a counter. */
const IN_TIME_MS = 1_000;
/** Every so many answers are read whole, where not each is. */
const SAMPLE_EVERY = 1_009;
const QUANTILES = [50, 90, 99, 99.9, 100];
const REFUSALS = new Set(['overloaded', 'check-in-first']);
const UNAVAILABLE = new Set(['answer-unavailable', 'list-unavailable', 'batches-unavailable', 'registry-unavailable']);

const histogram = () => createHistogram({ lowest: 1, highest: 600_000_000, figures: 3 });
/** @returns {Counts} */
const noCounts = () => ({ planned: 0, inTime: 0, fresh: 0, degraded: 0, unavailable: 0, refused: 0, error: 0 });

/** Counts what was asked and how it fared, by second and by kind of question. */
export class Timeline {
  /** @type {import('./mix.mjs').Mix} */
  #mix;
  /** @type {CountedAsk[]} */
  #asks;
  #replies = 0;
  #seen = 0;
  #disconnects = 0;
  #faults = /** @type {Record<string, number>} */ ({});
  #checkIds = /** @type {string[]} */ ([]);
  #each = /** @type {TimelineResult['each']} */ ([]);

  /** @param {import('./mix.mjs').Mix} mix */
  constructor(mix) {
    this.#mix = mix;
    this.#asks = mix.asks.map(() => ({ counts: noCounts(), micros: histogram(), seconds: new Map() }));
  }

  get replies() {
    return this.#replies;
  }

  /**
   * @param {number} elapsedMs
   * @param {number} what
   */
  planned(elapsedMs, what) {
    const ask = this.#ask(what);
    ask.counts.planned += 1;
    this.#second(ask, elapsedMs).counts.planned += 1;
  }

  /**
   * @param {import('./connection.mjs').Reply} reply
   * @param {number} ms
   * @param {number} elapsedMs at which it was meant to be asked
   * @param {number} person by its place among the cards
   * @param {number} what by its place among the asks
   */
  count(reply, ms, elapsedMs, person, what) {
    const { fate, fault, checkId } = this.#look(reply, person, what);
    if (fault !== undefined) this.#faults[fault] = (this.#faults[fault] ?? 0) + 1;
    if (checkId !== undefined) this.#checkIds.push(checkId);
    this.#note(fate, ms, elapsedMs, what);
  }

  /**
   * @param {string} why
   * @param {number} elapsedMs
   * @param {number | undefined} what undefined for a connection on which nothing was asked
   */
  fault(why, elapsedMs, what) {
    if (what === undefined) {
      this.#disconnects += 1;
      return;
    }
    // Asked before it was measured.
    if (elapsedMs < 0) return;
    this.#faults[why] = (this.#faults[why] ?? 0) + 1;
    this.#note('error', 0, elapsedMs, what);
  }

  /**
   * Not sent: its caller had been told when to come again.
   *
   * @param {number} elapsedMs
   * @param {number} what
   */
  heldBack(elapsedMs, what) {
    this.#note('refused', 0, elapsedMs, what);
  }

  /**
   * @param {Fate} fate
   * @param {number} ms
   * @param {number} elapsedMs
   * @param {number} what
   */
  #note(fate, ms, elapsedMs, what) {
    const ask = this.#ask(what);
    const second = this.#second(ask, elapsedMs);
    ask.counts[fate] += 1;
    second.counts[fate] += 1;
    if (fate === 'fresh' || fate === 'degraded') {
      this.#replies += 1;
      if (ms <= IN_TIME_MS) {
        ask.counts.inTime += 1;
        second.counts.inTime += 1;
      }
      const micros = Math.max(1, Math.round(ms * 1000));
      ask.micros.record(micros);
      second.micros.record(micros);
    }
    if (this.#mix.isEachKept) this.#each.push([elapsedMs, what, FATES.indexOf(fate), ms]);
  }

  /** @param {number} what */
  #ask(what) {
    return /** @type {CountedAsk} */ (this.#asks[what]);
  }

  /**
   * @param {CountedAsk} ask
   * @param {number} elapsedMs
   */
  #second({ seconds }, elapsedMs) {
    const at = Math.floor(elapsedMs / 1000);
    let second = seconds.get(at);
    if (second === undefined) {
      second = { counts: noCounts(), micros: histogram() };
      seconds.set(at, second);
    }
    return second;
  }

  /**
   * @param {import('./connection.mjs').Reply} reply
   * @param {number} person
   * @param {number} what
   * @returns {{ fate: Fate, fault?: string, checkId?: string }}
   */
  #look(reply, person, what) {
    const ask = /** @type {import('./mix.mjs').Ask} */ (this.#mix.asks[what]);
    if (reply.status < 200 || reply.status > 299) return fateOfProblem(reply);
    if (ask.card === 'none') return { fate: 'fresh' };
    const body = reply.body();
    this.#seen += 1;
    if (!this.#mix.isEachKept && this.#seen % SAMPLE_EVERY !== 1) {
      const fate = body.includes('"degraded":{') ? 'degraded' : 'fresh';
      if (ask.card === 'unknown' || body.includes('"verdict":"valid"')) return { fate };
      return { fate: 'error', fault: 'a covered person was said not to be' };
    }
    const card = ask.card === 'known' ? this.#mix.cards[person] : undefined;
    const read = fateOfCheck(body, card);
    return this.#mix.isEachKept ? read : { fate: read.fate, ...(read.fault !== undefined && { fault: read.fault }) };
  }

  /** @returns {TimelineResult} */
  result() {
    const last = Math.max(0, ...this.#asks.flatMap(({ seconds }) => [...seconds.keys()]));
    return {
      replies: this.#replies,
      faults: this.#faults,
      disconnects: this.#disconnects,
      checkIds: this.#checkIds,
      each: this.#each,
      asks: this.#asks.map(({ counts, micros, seconds }, at) => ({
        name: this.#mix.asks[at]?.name ?? '',
        counts,
        latencyMs: Object.fromEntries(
          QUANTILES.map((quantile) => [
            String(quantile),
            micros.count === 0 ? 0 : (quantile === 100 ? micros.max : micros.percentile(quantile)) / 1000,
          ]),
        ),
        seconds: Array.from({ length: last + 1 }, (_, second) => seconds.get(second)?.counts ?? noCounts()),
        secondsP99Ms: Array.from({ length: last + 1 }, (_, second) => {
          const own = seconds.get(second)?.micros;
          return own === undefined || own.count === 0 ? 0 : own.percentile(99) / 1000;
        }),
      })),
    };
  }
}

/**
 * @param {import('./connection.mjs').Reply} reply
 * @returns {{ fate: Fate, fault?: string }}
 */
function fateOfProblem(reply) {
  const code = /"code":"([a-z-]+)"/.exec(reply.body())?.[1] ?? 'no code';
  if (reply.status === 429 || (reply.status === 503 && REFUSALS.has(code))) return { fate: 'refused' };
  if (reply.status === 503 && UNAVAILABLE.has(code)) return { fate: 'unavailable' };
  return { fate: 'error', fault: `status ${reply.status} ${code}` };
}

/**
 * @param {string} body
 * @param {import('./mix.mjs').Card | undefined} card undefined where nobody knows it
 * @returns {{ fate: Fate, fault?: string, checkId?: string }}
 */
function fateOfCheck(body, card) {
  /** @type {any} */
  let answer;
  try {
    answer = JSON.parse(body);
  } catch {
    return { fate: 'error', fault: 'a body that is not JSON' };
  }
  const { checkId, verdict, freshness, results = [] } = answer;
  // It was answered, wrongly or not, and is to be on record.
  const told = { ...(typeof checkId === 'string' && { checkId }) };
  if (card !== undefined) {
    if (verdict !== 'valid') return { ...told, fate: 'error', fault: `a covered person was said to be ${verdict}` };
    const numbers = results.map((/** @type {any} */ result) => numberOf(result));
    if (!numbers.includes(card.number)) return { ...told, fate: 'error', fault: 'an answer about somebody else' };
  } else if (verdict === 'valid')
    return { ...told, fate: 'error', fault: 'a card that nobody has was said to be valid' };
  if (freshness === undefined) return { ...told, fate: 'error', fault: 'an answer without freshness' };
  return { ...told, fate: freshness.degraded === undefined ? 'fresh' : 'degraded' };
}

/**
 * The number in an answer that is its person's own.
 *
 * @param {any} result
 * @returns {string | undefined}
 */
export const numberOf = (result) =>
  result?.qualification?.insuredIdentificationNumber ?? result?.insuredIdentificationNumber;
