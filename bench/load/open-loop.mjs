import { setTimeout as after } from 'node:timers/promises';

import { Connection } from './connection.mjs';
import { drawingKinds } from './mix.mjs';
import { randomFrom } from './random.mjs';
import { drawingPeople, requestsOf } from './requests.mjs';
import { tallyOf } from './tally.mjs';

/** More than this are not opened: what then comes waits here, and its waiting counts. */
const CONNECTIONS_MAX = 400;
/**
 * Who is turned away does not ask again at once: the next question comes from somebody else, on another connection. A
 * connection that is used again while the server lets it rest would only wait.
 */
const REST_MS = 250;
const GRACE_MS = 10_000;
const CONNECT_MS = 3_000;
const CONNECTED_AT_ONCE = 200;

/**
 * @typedef {{ kind: 'open', host: string, port: number, question: import('./requests.mjs').Question, seed: number,
 *   perSecond: number, arrivals: 'poisson' | 'even', connections: number, warmMs: number, measureMs: number, graceMs?: number }} OpenLoop
 *   graceMs: how long answers still under way at the end are waited for
 */

/**
 * Questions come at a fixed rate whatever the server does, as patients do, and each one's time runs from the moment it was
 * *meant* to be asked: a server that stands still for two seconds is seen by everybody who came meanwhile. The generator's own
 * lateness counts against the server too; it is told beside the result.
 *
 * @param {OpenLoop} job
 * @param {{ onMeasuring: () => void, onMeasured: () => void }} told
 */
export async function runOpenLoop(job, { onMeasuring, onMeasured }) {
  const { host, port, question, seed, perSecond, arrivals, connections, warmMs, measureMs, graceMs = GRACE_MS } = job;
  const nextPerson = drawingPeople(question, seed);
  const nextKind = drawingKinds(question, seed);
  const random = randomFrom(seed + 1);
  const gapMs = arrivals === 'even' ? () => 1000 / perSecond : () => (-Math.log(1 - random()) * 1000) / perSecond;
  const tally = tallyOf(question);
  const lateness = { sumMs: 0, maxMs: 0, count: 0 };
  let opened = 0;
  let planned = 0;
  let sentInTime = 0;

  /** @typedef {{ connection: Connection, requests: ReturnType<typeof requestsOf>, intendedAt: number, what: number }} Entry */
  /** @type {Entry[]} */
  const free = [];
  /** Connections with a question under way. @type {Set<Entry>} */
  const busy = new Set();
  /** Meant to be asked, and not yet: oldest first. @type {{ intendedAt: number, what: number }[]} */
  const waiting = [];
  let firstWaiting = 0;
  let opening = 0;
  let isOver = false;
  /** Were turned away: oldest first. @type {{ entry: Entry, until: number }[]} */
  const resting = [];

  /** Nothing is measured before all connections that are asked for are there. */
  let measureFrom = Number.POSITIVE_INFINITY;

  const connect = () => {
    opening += 1;
    opened += 1;
    const requests = requestsOf(question, `${host}:${port}`, opened, nextPerson);
    /** @type {Entry} */
    const entry = {
      requests,
      intendedAt: 0,
      what: 0,
      connection: new Connection(
        { host, port },
        {
          onOpen: () => {
            opening -= 1;
            // What is left of one run is not to be asked in the next.
            if (isOver) entry.connection.close();
            else release(entry);
          },
          onReply: (reply) => {
            busy.delete(entry);
            const now = performance.now();
            if (entry.intendedAt >= measureFrom)
              tally.count(reply, now - entry.intendedAt, entry.intendedAt - measureFrom, requests.person(), entry.what);
            if (reply.isLast) {
              entry.connection.close();
              opened -= 1;
              if (waiting.length - firstWaiting > opening) connect();
            } else if (reply.status === 503 || reply.status === 429) resting.push({ entry, until: now + REST_MS });
            else release(entry);
          },
          onFailure: (why) => {
            const rests = resting.findIndex((one) => one.entry === entry);
            if (rests >= 0) resting.splice(rests, 1);
            else if (!entry.connection.isBusy && free.includes(entry)) free.splice(free.indexOf(entry), 1);
            else if (busy.delete(entry)) {
              if (entry.intendedAt >= measureFrom) tally.fault(why, entry.intendedAt - measureFrom, entry.what);
            } else {
              opening -= 1;
              tally.fault(why, performance.now() - measureFrom, undefined);
            }
            opened -= 1;
          },
        },
      ),
    };
  };

  /** @param {Entry} entry */
  const release = (entry) => {
    const meant = waiting[firstWaiting];
    if (meant === undefined) free.push(entry);
    else {
      firstWaiting += 1;
      if (firstWaiting > 10_000) {
        waiting.splice(0, firstWaiting);
        firstWaiting = 0;
      }
      ask(entry, meant.intendedAt, meant.what);
    }
  };

  /**
   * @param {Entry} entry
   * @param {number} intendedAt
   * @param {number} what
   */
  const ask = (entry, intendedAt, what) => {
    entry.intendedAt = intendedAt;
    entry.what = what;
    const now = performance.now();
    if (intendedAt >= measureFrom) {
      const lateMs = now - intendedAt;
      lateness.sumMs += lateMs;
      lateness.count += 1;
      if (lateMs > lateness.maxMs) lateness.maxMs = lateMs;
      if (now < measureFrom + measureMs + 1) sentInTime += 1;
    }
    busy.add(entry);
    entry.connection.send(entry.requests.next(what));
  };

  /** @param {number} now */
  const releaseRested = (now) => {
    const still = resting.findIndex(({ until }) => until > now);
    for (const { entry } of resting.splice(0, still < 0 ? resting.length : still)) release(entry);
  };

  for (let number = 0; number < connections; number += 1) {
    connect();
    // What listens has room for some hundred who wait to be let in.
    if (number % CONNECTED_AT_ONCE === CONNECTED_AT_ONCE - 1) await after(5);
  }
  const connectedBy = performance.now() + CONNECT_MS;
  const areOpening = () => opening > 0;
  while (areOpening() && performance.now() < connectedBy) await after(1);
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
    releaseRested(now);
    for (; next <= now && next < end; next += gapMs()) {
      const what = nextKind();
      if (next >= measureFrom) {
        planned += 1;
        tally.planned(next - measureFrom, what);
      }
      const entry = free.pop();
      if (entry !== undefined) ask(entry, next, what);
      else {
        waiting.push({ intendedAt: next, what });
        if (waiting.length - firstWaiting > opening && opened < CONNECTIONS_MAX) connect();
      }
    }
    // A timer of a millisecond, and not a loop that watches the clock: on a small machine that would take the server's core.
    await after(1);
  }
  onMeasured();
  const { utilization } = performance.eventLoopUtilization(idle);
  const graceEnd = performance.now() + graceMs;
  const isAnswered = () => busy.size === 0 && waiting.length === firstWaiting;
  while (!isAnswered() && performance.now() < graceEnd) {
    releaseRested(performance.now());
    await after(5);
  }
  isOver = true;
  for (const { intendedAt, what } of [...busy, ...waiting.slice(firstWaiting)])
    tally.fault('no answer', intendedAt - measureFrom, what);
  for (const { connection } of [...free, ...busy, ...resting.map(({ entry }) => entry)]) connection.close();
  const seconds = measureMs / 1000;
  return {
    ...tally.result(),
    seconds,
    offeredPerSecond: planned / seconds,
    achievedPerSecond: sentInTime / seconds,
    perSecond: tally.replies / seconds,
    latenessMs: { mean: lateness.count === 0 ? 0 : lateness.sumMs / lateness.count, max: lateness.maxMs },
    connections: opened,
    // Near 1 it is the generator that could do no more.
    generatorBusy: utilization,
  };
}
