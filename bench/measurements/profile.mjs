import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkout } from '../../scripts/stage-zero/paths.mjs';
import { places } from '../cores.mjs';
import { runRound, untilPrepared } from '../lanes.mjs';
import { count } from '../report/numbers.mjs';

const SAMPLE_MICROS = 200;
const PAUSE_MICROS = 1_000;
const SHOWN = 40;

/** @type {import('../context.mjs').Measurement} */
export const profile = {
  name: 'profile',
  about: 'what the time of a check under load goes into',
  run: async (context) => {
    const { house, generator, options, folder, id, doing } = context;
    /** @type {import('../house.mjs').Counter} */
    const counter = await doing('Starting a counter to look into', async (note) => {
      const population = await house.population(options.sizes.middle, note);
      const started = await house.counter('counter-profile', population, { place: places.server, isInspected: true });
      await untilPrepared(started, note);
      return started;
    });
    try {
      const inspector = await Inspector.open(counter.process.inspectorUrl ?? '');
      await inspector.ask('Profiler.enable');
      await inspector.ask('Profiler.setSamplingInterval', { interval: SAMPLE_MICROS });
      /** @type {Promise<any> | undefined} */
      let stopped;
      /** @type {import('../lanes.mjs').Round} */
      const round = await doing('Looking', () =>
        runRound(
          generator,
          {
            id: 'profile',
            label: 'profile',
            target: counter,
            question: async () => ({
              kind: 'check',
              path: '/v1/eligibility-checks',
              tokens: await counter.tokens(),
              people: { kind: 'any', size: counter.population.size },
              isAnsweredForPerson: true,
            }),
          },
          { connections: options.connections, warmMs: 3_000, measureMs: options.isQuick ? 4_000 : 10_000, seed: 77 },
          {
            onMeasuring: () => void inspector.ask('Profiler.start'),
            onMeasured: () => {
              stopped = inspector.ask('Profiler.stop');
            },
          },
        ),
      );
      const taken = (await stopped)?.profile;
      inspector.close();
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `${id}.cpuprofile`);
      writeFileSync(path, JSON.stringify(taken));
      const { functions, files, ours, steps, totalMs } = selfTimes(taken);
      const busyMs = steps.reduce((sum, [, ms]) => sum + ms, 0);
      const rows = (/** @type {[string, number][]} */ of) =>
        of.slice(0, SHOWN).map(([name, ms]) => [name, `${((ms / totalMs) * 100).toFixed(1)} %`, ms.toFixed(0)]);
      return {
        name: 'profile',
        title: `What the time of a check goes into (${count(round.perSecond)} checks/s while looked at)`,
        tables: [
          {
            title: 'By step of the check, of the time the process was busy',
            columns: ['step', 'share'],
            rows: steps.map(([name, ms]) => [name, `${((ms / busyMs) * 100).toFixed(1)} %`]),
          },
          { title: 'Self time by function', columns: ['function', 'share', 'ms'], rows: rows(functions) },
          {
            title: 'By the innermost function of ours that is waited for, with what it calls outside',
            columns: ['function', 'share', 'ms'],
            rows: rows(ours),
          },
          { title: 'Self time by file', columns: ['file', 'share', 'ms'], rows: rows(files) },
        ],
        notes: [`The whole: ${path.slice(checkout.length + 1)} (opens in Chromium's developer tools, Performance).`],
        data: { functions: functions.slice(0, 100), files: files.slice(0, 100) },
      };
    } finally {
      await counter.stop();
    }
  },
};

/**
 * @param {{ nodes: { id: number, callFrame: { functionName: string, url: string, lineNumber: number }, children?: number[] }[], samples: number[], timeDeltas: number[] }} taken
 */
function selfTimes({ nodes, samples, timeDeltas }) {
  const byNode = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  /** @type {Map<string, number>} */
  const ours = new Map();
  /** @type {Map<string, number>} */
  const steps = new Map();
  /** @type {Map<string, number>} */
  const functions = new Map();
  /** @type {Map<string, number>} */
  const files = new Map();
  let totalMs = 0;
  samples.forEach((sample, at) => {
    const frame = byNode.get(sample);
    if (frame === undefined) return;
    // A long pause between two samples is a neighbour on the core, and not what was running before it.
    const ms = Math.min(timeDeltas[at] ?? 0, PAUSE_MICROS) / 1000;
    const file = shortened(frame.url);
    const name = nameOf(frame);
    const whole = called(frame);
    functions.set(whole, (functions.get(whole) ?? 0) + ms);
    files.set(file === '' ? name : file, (files.get(file === '' ? name : file) ?? 0) + ms);
    const own = ownerOf(sample);
    ours.set(own, (ours.get(own) ?? 0) + ms);
    const step = stepOf(sample);
    if (step !== undefined) steps.set(step, (steps.get(step) ?? 0) + ms);
    totalMs += ms;
  });
  /** @param {number} sample */
  function ownerOf(sample) {
    for (let id = /** @type {number | undefined} */ (sample); id !== undefined; id = parents.get(id)) {
      const frame = byNode.get(id);
      if (frame !== undefined && OURS.test(frame.url)) return called(frame);
    }
    const frame = byNode.get(sample);
    return frame === undefined || frame.functionName.startsWith('(')
      ? (frame?.functionName ?? '')
      : '(Node and packages)';
  }
  /** @param {number} sample */
  function stepOf(sample) {
    const path = [];
    for (let id = /** @type {number | undefined} */ (sample); id !== undefined; id = parents.get(id)) {
      const frame = byNode.get(id);
      if (frame !== undefined) path.push(called(frame));
    }
    if (path[0] === '(idle)') return undefined;
    const whole = path.join('\n');
    return STEPS.find(([, pattern]) => pattern.test(whole))?.[0] ?? 'anything else';
  }
  const sorted = (/** @type {Map<string, number>} */ of) => [...of].toSorted(([, a], [, b]) => b - a);
  return {
    functions: sorted(functions),
    files: sorted(files),
    ours: sorted(ours),
    steps: sorted(steps),
    totalMs,
  };
}

/**
 * Steps of a check, by the functions that stand for them in the path from the innermost outwards; the first that is found counts.
 *
 * @type {[string, RegExp][]}
 */
const STEPS = [
  ['collecting garbage', /^\(garbage collector\)/],
  ['the reply: one write to the socket', /\bsend — .*check-in\/visit/],
  ['the reply: its head, counted and timed', /\breply — .*check-in\/visit/],
  ['the card: its keyed place', /replica\/replica-keys/],
  ['the row: opened (AES-256-GCM)', /replica\/sealing/],
  ['the row: found and read (SQLite)', /replica\/replica-reader/],
  ['the answer: its digest', /\bdigestOf — /],
  ['the answer: put together', /answers\/answer-text/],
  ['the answer: version, ids, instants', /check-in\/(?:ready-answers|given|answer-keys)/],
  ['the record: one write to the disk', /\bwriteSync — node:fs[^]*check-log\/journal/],
  ['the record: its line and chain', /check-log\//],
  ['the question: parsed and looked at', /\bquestionOf — /],
  ['the request: head, token, quota', /\barrived — .*check-in\/visit/],
  ['the request: read from the socket', /\bonStreamRead — /],
];

const OURS = /\/dist\/(apps|libs)\//;

/** @param {{ functionName: string }} frame */
const nameOf = ({ functionName }) => (functionName === '' ? '(no name)' : functionName);

/** @param {{ functionName: string, url: string, lineNumber: number }} frame */
const called = (frame) =>
  frame.url === '' ? nameOf(frame) : `${nameOf(frame)} — ${shortened(frame.url)}:${frame.lineNumber + 1}`;

/** @param {string} url */
const shortened = (url) =>
  url
    .replace(/^file:\/\//, '')
    .replace(checkout, '')
    .replace(/^.*\/node_modules\//, '')
    .replace(/^\/dist\//, '');

/** As much of the inspector's protocol as a profile needs. */
class Inspector {
  #socket;
  #next = 0;
  /** @type {Map<number, { done: (result: any) => void, fail: (error: Error) => void }>} */
  #asked = new Map();

  /** @param {WebSocket} socket */
  constructor(socket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result, error } = JSON.parse(String(data));
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (error !== undefined) asked?.fail(new Error(error.message));
      else asked?.done(result);
    });
  }

  /**
   * @param {string} url
   * @returns {Promise<Inspector>}
   */
  static open(url) {
    return new Promise((done, fail) => {
      const socket = new WebSocket(url);
      socket.addEventListener('open', () => done(new Inspector(socket)));
      socket.addEventListener('error', () => fail(new Error('the inspector of the counter does not answer')));
    });
  }

  /**
   * @param {string} method
   * @param {object} [params]
   * @returns {Promise<any>}
   */
  ask(method, params = {}) {
    return new Promise((done, fail) => {
      this.#next += 1;
      this.#asked.set(this.#next, { done, fail });
      this.#socket.send(JSON.stringify({ id: this.#next, method, params }));
    });
  }

  close() {
    this.#socket.close();
  }
}
