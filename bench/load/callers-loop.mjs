import { setTimeout as after } from 'node:timers/promises';

import { Connection } from './connection.mjs';
import { drawingKinds } from './mix.mjs';
import { randomFrom } from './random.mjs';
import { drawingPeople, requestsOf } from './requests.mjs';
import { Timeline } from './timeline.mjs';

const CONNECT_MS = 5_000;
/** What listens has room for some hundred who wait to be let in. */
const CONNECTED_AT_ONCE = 200;

/**
 * @typedef {{ asks: readonly string[], count: number }} Callers so many who ask these questions and no others, by the names of asks
 *
 * @typedef {{ kind: 'callers', host: string, port: number, question: import('./mix.mjs').Mix, seed: number, perSecond: number,
 *   callers: readonly Callers[], patienceMs: number, warmMs: number, measureMs: number, graceMs: number }} CallersLoop
 *   patienceMs: how long a question waits behind its own caller's others; then somebody gives up, which is an error
 *   graceMs: how long answers still under way at the end are waited for
 */

/**
 * Questions come at a fixed rate to callers drawn at random, each with one connection and a line of their own, and time runs from
 * when a question was *meant* to be asked. A caller who is turned away does as `Retry-After` says: what comes to them until then is
 * counted as refused without being sent, since they have been told so. That is how an overload looks from many counters; in one line
 * for all connections everybody who is served would be somebody who has waited for as long as patience lasts.
 *
 * @param {CallersLoop} job
 * @param {{ onMeasuring: () => void, onMeasured: () => void }} told
 */
export async function runCallersLoop(job, { onMeasuring, onMeasured }) {
  const { host, port, question, seed, perSecond, patienceMs, warmMs, measureMs, graceMs } = job;
  const nextPerson = drawingPeople(question, seed);
  const nextKind = drawingKinds(question, seed);
  const random = randomFrom(seed + 1);
  const gapMs = () => (-Math.log(1 - random()) * 1000) / perSecond;
  const tally = new Timeline(question);
  let isOver = false;
  let underWay = 0;
  let planned = 0;
  let sent = 0;
  let heldBack = 0;
  /** Nothing is measured before all callers are there. */
  let measureFrom = Number.POSITIVE_INFINITY;

  class Caller {
    /** Meant to be asked, oldest first. @type {{ intendedAt: number, what: number }[]} */
    #line = [];
    /** Under way. @type {{ intendedAt: number, what: number } | undefined} */
    #asked;
    #quietUntil = Number.NEGATIVE_INFINITY;
    /** @type {Connection | undefined} */
    #connection;
    #requests;

    /** @param {number} number */
    constructor(number) {
      this.#requests = requestsOf(question, `${host}:${port}`, number, nextPerson);
      this.connect();
    }

    get isThere() {
      return this.#connection?.isOpen === true;
    }

    connect() {
      if (isOver) return;
      const connection = new Connection(
        { host, port },
        {
          onOpen: () => (isOver ? connection.close() : this.#next()),
          onReply: (reply) => this.#answered(reply),
          onFailure: (why) => {
            const { intendedAt, what } = this.#asked ?? { intendedAt: performance.now(), what: undefined };
            if (this.#asked !== undefined) underWay -= 1;
            this.#asked = undefined;
            this.#connection = undefined;
            tally.fault(why, intendedAt - measureFrom, what);
          },
        },
      );
      this.#connection = connection;
    }

    /** @param {{ intendedAt: number, what: number }} one */
    meansToAsk(one) {
      if (one.intendedAt < this.#quietUntil) {
        this.#holdBack(one);
        return;
      }
      this.#line.push(one);
      if (this.#connection === undefined) this.connect();
      else if (this.isThere && this.#asked === undefined) this.#next();
    }

    end() {
      for (const { intendedAt, what } of [...(this.#asked === undefined ? [] : [this.#asked]), ...this.#line])
        tally.fault('no answer', intendedAt - measureFrom, what);
      this.#connection?.close();
    }

    /** @param {import('./connection.mjs').Reply} reply */
    #answered(reply) {
      const now = performance.now();
      const { intendedAt, what } = /** @type {{ intendedAt: number, what: number }} */ (this.#asked);
      this.#asked = undefined;
      underWay -= 1;
      if (intendedAt >= measureFrom)
        tally.count(reply, now - intendedAt, intendedAt - measureFrom, this.#requests.person(), what);
      if (reply.status === 503 || reply.status === 429) {
        this.#quietUntil = now + 1000 * (reply.retryAfterSeconds() ?? 0);
        for (const one of this.#line.splice(0)) this.#holdBack(one);
      }
      if (reply.isLast) {
        this.#connection?.close();
        this.#connection = undefined;
        if (this.#line.length > 0) this.connect();
      } else this.#next();
    }

    #next() {
      const now = performance.now();
      for (let one = this.#line.shift(); one !== undefined; one = this.#line.shift()) {
        if (now - one.intendedAt > patienceMs) {
          tally.fault('gave up', one.intendedAt - measureFrom, one.what);
          continue;
        }
        this.#asked = one;
        underWay += 1;
        if (one.intendedAt >= measureFrom) sent += 1;
        this.#connection?.send(this.#requests.next(one.what));
        return;
      }
    }

    /** @param {{ intendedAt: number, what: number }} one */
    #holdBack({ intendedAt, what }) {
      if (intendedAt < measureFrom) return;
      heldBack += 1;
      tally.heldBack(intendedAt - measureFrom, what);
    }
  }

  const everybody = /** @type {Caller[]} */ ([]);
  /** Of each kind of question, who asks it. @type {Caller[][]} */
  const askers = question.asks.map(() => []);
  for (const { asks, count } of job.callers)
    for (let number = 0; number < count; number += 1) {
      const caller = new Caller(everybody.length + 1);
      everybody.push(caller);
      for (const [at, { name }] of question.asks.entries()) if (asks.includes(name)) askers[at]?.push(caller);
      if (everybody.length % CONNECTED_AT_ONCE === 0) await after(5);
    }
  const connectedBy = performance.now() + CONNECT_MS;
  while (everybody.some((caller) => !caller.isThere) && performance.now() < connectedBy) await after(5);
  const began = performance.now();
  measureFrom = began + warmMs;
  const end = measureFrom + measureMs;
  const idle = performance.eventLoopUtilization();
  let next = began + gapMs();
  let isMeasuring = false;
  for (let now = performance.now(); now < end; now = performance.now()) {
    if (!isMeasuring && now >= measureFrom) {
      isMeasuring = true;
      onMeasuring();
    }
    for (; next <= now && next < end; next += gapMs()) {
      const what = nextKind();
      if (next >= measureFrom) {
        planned += 1;
        tally.planned(next - measureFrom, what);
      }
      const who = askers[what] ?? [];
      who[Math.floor(random() * who.length)]?.meansToAsk({ intendedAt: next, what });
    }
    await after(1);
  }
  onMeasured();
  const { utilization } = performance.eventLoopUtilization(idle);
  const graceEnd = performance.now() + graceMs;
  const areAnswered = () => underWay === 0;
  while (!areAnswered() && performance.now() < graceEnd) await after(5);
  isOver = true;
  for (const caller of everybody) caller.end();
  const seconds = measureMs / 1000;
  return {
    ...tally.result(),
    seconds,
    offeredPerSecond: planned / seconds,
    achievedPerSecond: sent / seconds,
    heldBackPerSecond: heldBack / seconds,
    perSecond: tally.replies / seconds,
    callers: everybody.length,
    // Near 1 it is the generator that could do no more.
    generatorBusy: utilization,
  };
}
