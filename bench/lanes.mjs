import { setTimeout as after } from 'node:timers/promises';

import { busyMsOf, cpuMsOf, isPinned, ownCpuMsOf, places } from './cores.mjs';
import { count } from './report/numbers.mjs';
import { median } from './statistics.mjs';

/**
 * A server with a way of asking it.
 *
 * @typedef {object} Lane
 * @property {string} id
 * @property {string} label
 * @property {{ port: number, pid: number }} target
 * @property {() => Promise<import('./load/requests.mjs').Question>} question asked anew before each round
 * @property {() => void} [before] each round
 * @property {() => void} [after] each round
 *
 * @typedef {object} Round
 * @property {number} perSecond
 * @property {number | undefined} cpuMicros processor time of the server for one request, with the processes it started
 * @property {number | undefined} ownCpuMicros of the process that answers alone
 * @property {number | undefined} coreShare of its core that the server had
 * @property {number | undefined} neighbours share of its core that others had
 * @property {number | undefined} generatorShare of a core that those who ask had
 * @property {Record<string, number>} latencyMs
 * @property {Record<string, number>} faults
 * @property {Record<string, number>} verdicts
 * @property {number} meanBytes
 *
 * @typedef {{ lane: Lane, rounds: Round[] }} LaneResult
 */

/**
 * Closed-loop throughput of every lane, round by round: a machine whose mood changes changes it for all of them. Each round
 * takes them in another order.
 *
 * @param {import('./context.mjs').Context} context
 * @param {Lane[]} lanes
 * @param {(text: string) => void} note
 * @returns {Promise<Map<string, LaneResult>>}
 */
export async function runLanes({ generator, options }, lanes, note) {
  /** @type {Map<string, LaneResult>} */
  const results = new Map(lanes.map((lane) => [lane.id, { lane, rounds: [] }]));
  for (let round = 0; round < options.rounds; round += 1) {
    const turned = lanes.map((_, at) => /** @type {Lane} */ (lanes[(at + round * 2) % lanes.length]));
    for (const lane of round % 2 === 0 ? turned : turned.toReversed()) {
      note(`round ${round + 1} of ${options.rounds}: ${lane.label}`);
      lane.before?.();
      const measured = await runRound(generator, lane, {
        connections: options.connections,
        warmMs: options.warmMs,
        measureMs: options.measureMs,
        seed: 1_000 * (round + 1),
      });
      lane.after?.();
      results.get(lane.id)?.rounds.push(measured);
    }
  }
  return results;
}

/**
 * @param {import('./load/generator.mjs').Generator} generator
 * @param {Lane} lane
 * @param {{ connections: number, warmMs: number, measureMs: number, seed: number }} options
 * @param {{ onMeasuring?: () => void, onMeasured?: () => void }} [told]
 * @returns {Promise<Round>}
 */
export async function runRound(generator, { target, question }, { connections, warmMs, measureMs, seed }, told = {}) {
  /** @type {{ at: number, cpuMs: number | undefined, ownMs: number | undefined, busyMs: number | undefined, generatorMs: number | undefined }[]} */
  const looks = [];
  const look = () =>
    looks.push({
      at: performance.now(),
      cpuMs: cpuMsOf(target.pid),
      ownMs: ownCpuMsOf(target.pid),
      generatorMs: cpuMsOf(generator.pid),
      busyMs: isPinned ? busyMsOf(places.server) : undefined,
    });
  const result = await generator.closed(
    {
      kind: 'closed',
      host: '127.0.0.1',
      port: target.port,
      question: await question(),
      seed,
      connections,
      warmMs,
      measureMs,
    },
    {
      onMeasuring: () => {
        look();
        told.onMeasuring?.();
      },
      onMeasured: () => {
        look();
        told.onMeasured?.();
      },
    },
  );
  const [from, to] = looks;
  if (from === undefined || to === undefined) throw new Error('the load generator did not say when it measured');
  const elapsedMs = to.at - from.at;
  const cpuMs = from.cpuMs === undefined || to.cpuMs === undefined ? undefined : to.cpuMs - from.cpuMs;
  const busyMs = from.busyMs === undefined || to.busyMs === undefined ? undefined : to.busyMs - from.busyMs;
  const { perSecond, latencyMs, faults, verdicts, meanBytes, replies } = result;
  return {
    perSecond,
    cpuMicros: cpuMs === undefined || replies === 0 ? undefined : (cpuMs * 1000) / replies,
    ownCpuMicros:
      from.ownMs === undefined || to.ownMs === undefined || replies === 0
        ? undefined
        : ((to.ownMs - from.ownMs) * 1000) / replies,
    coreShare: cpuMs === undefined ? undefined : cpuMs / elapsedMs,
    neighbours: busyMs === undefined || cpuMs === undefined ? undefined : Math.max(0, (busyMs - cpuMs) / elapsedMs),
    generatorShare:
      from.generatorMs === undefined || to.generatorMs === undefined
        ? undefined
        : (to.generatorMs - from.generatorMs) / elapsedMs,
    latencyMs,
    faults,
    verdicts,
    meanBytes,
  };
}

/**
 * One lane against another: the median of what each round says, since both were measured in the same minute.
 *
 * @param {LaneResult} one
 * @param {LaneResult} other
 * @returns {{ byThroughput: number, byCpu: number | undefined }}
 */
export function ratioOf(one, other) {
  const pairs = one.rounds.flatMap((round, at) => {
    const against = other.rounds[at];
    return against === undefined ? [] : [{ round, against }];
  });
  const byCpu = pairs.flatMap(({ round, against }) =>
    round.cpuMicros === undefined || against.cpuMicros === undefined ? [] : [against.cpuMicros / round.cpuMicros],
  );
  return {
    byThroughput: median(pairs.map(({ round, against }) => round.perSecond / against.perSecond)),
    byCpu: byCpu.length === 0 ? undefined : median(byCpu),
  };
}

/**
 * @param {readonly Round[]} rounds
 * @param {'faults' | 'verdicts'} [what]
 */
export function summed(rounds, what = 'faults') {
  /** @type {Record<string, number>} */
  const sums = {};
  for (const round of rounds)
    for (const [kind, times] of Object.entries(round[what])) sums[kind] = (sums[kind] ?? 0) + times;
  return sums;
}

const QUIET_SHARE = 0.2;
const LOOK_EVERY_MS = 1_000;
const QUIET_WITHIN_MS = 1_800_000;

/**
 * Waits until a counter that prepares something behind its callers' backs has done so: its replica is loaded, no more answers
 * are made ready, and it takes no processor time to speak of.
 *
 * @param {import('./house.mjs').Counter} counter
 * @param {(text: string) => void} note
 */
export async function untilPrepared(counter, note) {
  const began = Date.now();
  let cpuBefore = cpuMsOf(counter.pid);
  let readyBefore = -1;
  let quiet = 0;
  while (quiet < 3 && Date.now() - began < QUIET_WITHIN_MS) {
    await after(LOOK_EVERY_MS);
    const cpu = cpuMsOf(counter.pid);
    const share = cpu === undefined || cpuBefore === undefined ? 0 : (cpu - cpuBefore) / LOOK_EVERY_MS;
    cpuBefore = cpu;
    const { replica } = await counter.state();
    const ready = replica?.readyAnswers ?? 0;
    const isStill = ready === readyBefore && (replica === undefined || replica.current);
    readyBefore = ready;
    quiet = isStill && share < QUIET_SHARE ? quiet + 1 : 0;
    const { loading } = replica ?? {};
    if (loading !== undefined) note(`replica: ${count(loading.done)} of ${count(loading.total)}`);
    else note(`answers ready: ${count(ready)}, ${Math.round(share * 100)} % of a core`);
  }
}
