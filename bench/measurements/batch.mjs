import { setTimeout as after } from 'node:timers/promises';

import { cpuMsOf, places } from '../cores.mjs';
import { untilPrepared } from '../lanes.mjs';
import { count } from '../report/numbers.mjs';
import { serialOf } from '../serials.mjs';
import { median } from '../statistics.mjs';

const PATH = '/v1/eligibility-batches';
const PEOPLE = 10_000;
const DONE_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 25;

/** @type {import('../context.mjs').Measurement} */
export const batch = {
  name: 'batch',
  about: 'batches of ten thousand people: how many a second',
  run: async (context) => {
    const { house, options, doing } = context;
    const title = 'Batches of 10,000 people';
    if (!house.knowsPath(PATH))
      return { name: 'batch', title, notes: [`The counter has no POST ${PATH} yet: skipped.`] };
    /** @type {import('../house.mjs').Counter} */
    const counter = await doing('Starting a counter (batch)', async (note) => {
      const started = await house.counter('counter-batch', await house.population(options.sizes.middle, note), {
        place: places.server,
      });
      await untilPrepared(started, note);
      return started;
    });
    try {
      const [token] = await counter.tokens();
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo' }).format();
      /** @type {{ serverMs: number, totalMs: number, cpuMs: number, lines: number }[]} */
      const runs = [];
      for (let run = 0; run < options.rounds; run += 1) {
        const people = Array.from({ length: PEOPLE }, (_, at) => ({
          itemId: String(at),
          card: { certificateSerial: serialOf(1 + ((at + run * PEOPLE) % counter.population.size)) },
          consent: at % 2 === 0 ? { limitApplicationCertificate: true, specificDiseases: true } : {},
        }));
        const body = JSON.stringify({ serviceDate: today, people });
        const cpuBefore = cpuMsOf(counter.pid) ?? Number.NaN;
        const began = performance.now();
        const response = await fetch(`${counter.url}${PATH}`, { method: 'POST', headers, body });
        const accepted = /** @type {any} */ (await response.json());
        if (response.status !== 202)
          throw new Error(`a batch was answered with ${response.status}: ${JSON.stringify(accepted).slice(0, 300)}`);
        const at = response.headers.get('location') ?? `${PATH}/${accepted.batchId ?? accepted.id}`;
        /** @type {any} */
        let state;
        do {
          await after(LOOK_EVERY_MS);
          state = await (await fetch(new URL(at, counter.url), { headers })).json();
        } while (state.endedAt === undefined && performance.now() - began < DONE_WITHIN_MS);
        // As the server's own clock has it; both instants are in the reply.
        const serverMs = Date.parse(state.endedAt) - Date.parse(state.submittedAt);
        const cpuMs = (cpuMsOf(counter.pid) ?? Number.NaN) - cpuBefore;
        const results = await fetch(new URL(`${at}/results`, counter.url), { headers });
        const lines = (await results.text()).split('\n').filter((line) => line !== '').length;
        if (state.counts?.answered !== PEOPLE || lines !== PEOPLE)
          throw new Error(`of ${PEOPLE} people ${lines} have a line: ${JSON.stringify(state)}`);
        runs.push({ serverMs, totalMs: performance.now() - began, cpuMs, lines });
        await after(200);
      }
      const perSecond = median(runs.map(({ serverMs, lines }) => (lines * 1000) / serverMs));
      return {
        name: 'batch',
        title,
        tables: [
          {
            title: 'Inside the server: from accepted to finished; and for the caller, with sending and fetching',
            columns: ['batch', 'lines', 'server, ms', 'people/s', 'processor, µs each', 'caller, ms'],
            rows: runs.map(({ serverMs, totalMs, cpuMs, lines }, at) => [
              String(at + 1),
              count(lines),
              serverMs.toFixed(0),
              count((lines * 1000) / serverMs),
              ((cpuMs * 1000) / lines).toFixed(0),
              totalMs.toFixed(0),
            ]),
          },
        ],
        requirements: [
          { what: 'batch, people a second', bound: 'at least', limit: 15_000, got: perSecond, unit: '/s' },
        ],
        data: runs,
      };
    } finally {
      await counter.stop();
    }
  },
};
