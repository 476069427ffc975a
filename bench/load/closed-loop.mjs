import { setTimeout as after } from 'node:timers/promises';

import { Connection } from './connection.mjs';
import { drawingKinds } from './mix.mjs';
import { drawingPeople, requestsOf } from './requests.mjs';
import { tallyOf } from './tally.mjs';

/**
 * @typedef {{ kind: 'closed', host: string, port: number, question: import('./requests.mjs').Question, seed: number,
 *   connections: number, warmMs: number, measureMs: number }} ClosedLoop
 */

/**
 * Each connection asks again as soon as it has its answer: how many a server answers at most. What a caller waits for while a
 * server stands still is *not* seen here, since nobody asks meanwhile; that is what open-loop.mjs is for.
 *
 * @param {ClosedLoop} job
 * @param {{ onMeasuring: () => void, onMeasured: () => void }} told
 */
export async function runClosedLoop(
  { host, port, question, seed, connections, warmMs, measureMs },
  { onMeasuring, onMeasured },
) {
  const nextPerson = drawingPeople(question, seed);
  const nextKind = drawingKinds(question, seed);
  let tally = tallyOf(question);
  let began = performance.now();
  let isOver = false;
  /** @type {Set<Connection>} */
  const open = new Set();

  /** @param {number} number */
  const connect = (number) => {
    const requests = requestsOf(question, `${host}:${port}`, number, nextPerson);
    let sentAt = 0;
    let what = 0;
    const connection = new Connection(
      { host, port },
      {
        onOpen: () => ask(),
        onReply: (reply) => {
          const now = performance.now();
          tally.count(reply, now - sentAt, now - began, requests.person(), what);
          if (isOver) return;
          if (reply.isLast) {
            open.delete(connection);
            connection.close();
            connect(number);
          } else ask();
        },
        onFailure: (why) => {
          open.delete(connection);
          tally.fault(why, performance.now() - began, connection.isBusy ? what : undefined);
          // Again, and not at once: a server that refuses is not to be stormed.
          if (!isOver) setTimeout(() => !isOver && connect(number), 100);
        },
      },
    );
    open.add(connection);
    const ask = () => {
      sentAt = performance.now();
      what = nextKind();
      connection.send(requests.next(what));
    };
  };
  for (let number = 0; number < connections; number += 1) connect(number);

  await after(warmMs);
  tally = tallyOf(question);
  began = performance.now();
  onMeasuring();
  await after(measureMs);
  const seconds = (performance.now() - began) / 1000;
  const result = tally.result();
  isOver = true;
  onMeasured();
  for (const connection of open) connection.close();
  return { ...result, seconds, perSecond: result.replies / seconds };
}
