import { setTimeout as after } from 'node:timers/promises';

import { Connection } from './connection.mjs';
import { drawing, randomFrom, requestsOf } from './requests.mjs';
import { Tally } from './tally.mjs';

/** More than this are not opened: what then comes waits here, and its waiting counts. */
const CONNECTIONS_MAX = 400;
const GRACE_MS = 10_000;

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
  const nextPerson = question.kind === 'check' ? drawing(question.people, seed) : () => 0;
  const random = randomFrom(seed + 1);
  const gapMs = arrivals === 'even' ? () => 1000 / perSecond : () => (-Math.log(1 - random()) * 1000) / perSecond;
  const tally = new Tally(question);
  const lateness = { sumMs: 0, maxMs: 0, count: 0 };
  let opened = 0;
  let planned = 0;
  let sentInTime = 0;
  let underWay = 0;

  /** @type {{ connection: Connection, requests: ReturnType<typeof requestsOf>, intendedAt: number }[]} */
  const free = [];
  /** Meant to be asked, and not yet: oldest first. @type {number[]} */
  const waiting = [];
  let firstWaiting = 0;
  let opening = 0;

  const began = performance.now();
  const measureFrom = began + warmMs;
  const end = measureFrom + measureMs;

  const connect = () => {
    opening += 1;
    opened += 1;
    const requests = requestsOf(question, `${host}:${port}`, opened, nextPerson);
    const entry = {
      requests,
      intendedAt: 0,
      connection: new Connection(
        { host, port },
        {
          onOpen: () => {
            opening -= 1;
            release(entry);
          },
          onReply: (reply) => {
            underWay -= 1;
            const now = performance.now();
            if (entry.intendedAt >= measureFrom)
              tally.count(reply, now - entry.intendedAt, entry.intendedAt - measureFrom, requests.person());
            release(entry);
          },
          onFailure: (why) => {
            if (!entry.connection.isBusy && free.includes(entry)) free.splice(free.indexOf(entry), 1);
            else if (entry.connection.isBusy) {
              underWay -= 1;
              if (entry.intendedAt >= measureFrom) tally.fault(why);
            } else {
              opening -= 1;
              tally.fault(why);
            }
            opened -= 1;
          },
        },
      ),
    };
  };

  /** @param {(typeof free)[number]} entry */
  const release = (entry) => {
    const intendedAt = waiting[firstWaiting];
    if (intendedAt === undefined) free.push(entry);
    else {
      firstWaiting += 1;
      if (firstWaiting > 10_000) {
        waiting.splice(0, firstWaiting);
        firstWaiting = 0;
      }
      ask(entry, intendedAt);
    }
  };

  /**
   * @param {(typeof free)[number]} entry
   * @param {number} intendedAt
   */
  const ask = (entry, intendedAt) => {
    entry.intendedAt = intendedAt;
    const now = performance.now();
    if (intendedAt >= measureFrom) {
      const lateMs = now - intendedAt;
      lateness.sumMs += lateMs;
      lateness.count += 1;
      if (lateMs > lateness.maxMs) lateness.maxMs = lateMs;
      if (now < end + 1) sentInTime += 1;
    }
    underWay += 1;
    entry.connection.send(entry.requests.next());
  };

  for (let number = 0; number < connections; number += 1) connect();
  let next = began + gapMs();
  let isMeasuring = false;
  for (let now = performance.now(); now < end; now = performance.now()) {
    if (!isMeasuring && now >= measureFrom) {
      isMeasuring = true;
      onMeasuring();
    }
    for (; next <= now && next < end; next += gapMs()) {
      if (next >= measureFrom) planned += 1;
      const entry = free.pop();
      if (entry !== undefined) ask(entry, next);
      else {
        waiting.push(next);
        if (waiting.length - firstWaiting > opening && opened < CONNECTIONS_MAX) connect();
      }
    }
    // A timer of a millisecond, and not a loop that watches the clock: on a small machine that would take the server's core.
    await after(1);
  }
  onMeasured();
  const graceEnd = performance.now() + graceMs;
  const isAnswered = () => underWay === 0 && waiting.length === firstWaiting;
  while (!isAnswered() && performance.now() < graceEnd) await after(5);
  const unanswered = underWay + waiting.length - firstWaiting;
  for (let left = 0; left < unanswered; left += 1) tally.fault('no answer');
  for (const { connection } of free) connection.close();
  const seconds = measureMs / 1000;
  return {
    ...tally.result(),
    seconds,
    offeredPerSecond: planned / seconds,
    achievedPerSecond: sentInTime / seconds,
    perSecond: tally.replies / seconds,
    latenessMs: { mean: lateness.count === 0 ? 0 : lateness.sumMs / lateness.count, max: lateness.maxMs },
    connections: opened,
  };
}
