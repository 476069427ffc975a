import { createHistogram } from 'node:perf_hooks';

import { Timeline } from './timeline.mjs';

const BODY_BYTES_MIN = 100;
/** Every so many bodies are parsed. */
const SAMPLE_EVERY = 1_009;

const QUANTILES = [50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 100];

/**
 * @typedef {object} Tallied
 * @property {number} replies good ones
 * @property {Record<string, number>} faults what else came back, by kind
 * @property {Record<string, number>} verdicts of the bodies that were parsed, with the source of their facts
 * @property {number} meanBytes
 * @property {Record<string, number>} latencyMs by quantile
 * @property {number[][]} secondsMs p50, p99 and max of each second, milliseconds
 */

/**
 * What a question is counted with. The loops treat both alike, and the types of the generator say which result comes of which.
 *
 * @param {import('./requests.mjs').Question} question
 * @returns {Tally}
 */
export const tallyOf = (question) =>
  question.kind === 'mix' ? /** @type {any} */ (new Timeline(question)) : new Tally(question);

/** Counts replies and how long they took. Nothing but 200 with a body of the right kind is a good one. */
class Tally {
  #micros = createHistogram({ lowest: 1, highest: 600_000_000, figures: 3 });
  #second = createHistogram({ lowest: 1, highest: 600_000_000, figures: 3 });
  #secondsMs = /** @type {number[][]} */ ([]);
  #currentSecond = 0;
  #replies = 0;
  #bytes = 0;
  #seen = 0;
  #faults = /** @type {Record<string, number>} */ ({});
  #verdicts = /** @type {Record<string, number>} */ ({});

  #looksForPerson;

  /** @param {import('./requests.mjs').Question} question */
  constructor(question) {
    this.#looksForPerson = question.kind === 'check' && question.isAnsweredForPerson;
  }

  get replies() {
    return this.#replies;
  }

  /**
   * @param {import('./connection.mjs').Reply} reply
   * @param {number} ms
   * @param {number} elapsedMs since the measurement began
   * @param {number} person asked about
   * @param {number} [_what] for Timeline
   */
  count(reply, ms, elapsedMs, person, _what) {
    if (reply.status !== 200) return this.fault(`status ${reply.status}`);
    if (reply.bytes < BODY_BYTES_MIN) return this.fault('a short body');
    this.#seen += 1;
    if (this.#seen % SAMPLE_EVERY === 1) {
      const fault = this.#look(reply.body(), person);
      if (fault !== undefined) return this.fault(fault);
    }
    this.#replies += 1;
    this.#bytes += reply.bytes;
    const micros = Math.max(1, Math.round(ms * 1000));
    this.#micros.record(micros);
    const second = Math.floor(elapsedMs / 1000);
    if (second !== this.#currentSecond) this.#turnSecond(second);
    this.#second.record(micros);
  }

  /**
   * Timeline counts what was to be asked in each second.
   *
   * @param {number} _elapsedMs
   * @param {number} _what
   */
  planned(_elapsedMs, _what) {}

  /**
   * @param {string} kind
   * @param {number} [_elapsedMs] for Timeline, as the next
   * @param {number} [_what]
   */
  fault(kind, _elapsedMs, _what) {
    this.#faults[kind] = (this.#faults[kind] ?? 0) + 1;
  }

  /** @param {number} second */
  #turnSecond(second) {
    if (this.#second.count > 0)
      this.#secondsMs.push([
        this.#currentSecond,
        this.#second.percentile(50) / 1000,
        this.#second.percentile(99) / 1000,
        this.#second.max / 1000,
      ]);
    this.#second.reset();
    this.#currentSecond = second;
  }

  /**
   * @param {string} body
   * @param {number} person
   * @returns {string | undefined} what is wrong with it
   */
  #look(body, person) {
    try {
      const answer = JSON.parse(body);
      const of = answer.verdict === undefined ? 'no verdict' : String(answer.verdict);
      const { source = 'no source', degraded } = answer.freshness ?? {};
      const told = `${of}, ${source}${degraded === undefined ? '' : ', degraded'}`;
      this.#verdicts[told] = (this.#verdicts[told] ?? 0) + 1;
      if (!this.#looksForPerson) return undefined;
      // Everybody's number is their own: an answer about somebody else would be seen.
      const numbers = (answer.results ?? []).map(
        (/** @type {any} */ result) =>
          result.qualification?.insuredIdentificationNumber ?? result.insuredIdentificationNumber,
      );
      return numbers.includes(String(person).padStart(8, '0')) ? undefined : 'an answer about somebody else';
    } catch {
      return 'a body that is not JSON';
    }
  }

  /** @returns {Tallied} */
  result() {
    this.#turnSecond(-1);
    const latencyMs = Object.fromEntries(
      QUANTILES.map((quantile) => [
        String(quantile),
        (quantile === 100 ? this.#micros.max : this.#micros.percentile(quantile)) / 1000,
      ]),
    );
    return {
      replies: this.#replies,
      faults: this.#faults,
      verdicts: this.#verdicts,
      meanBytes: this.#replies === 0 ? 0 : Math.round(this.#bytes / this.#replies),
      latencyMs,
      secondsMs: this.#secondsMs,
    };
  }
}
