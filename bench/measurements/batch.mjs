import { setTimeout as after } from 'node:timers/promises';

import { places } from '../cores.mjs';
import { untilPrepared } from '../lanes.mjs';
import { count } from '../report/numbers.mjs';
import { serialOf } from '../serials.mjs';
import { median } from '../statistics.mjs';

const PATH = '/v1/eligibility-batches';
const PEOPLE = 10_000;
const DONE_WITHIN_MS = 120_000;

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
      /** @type {{ totalMs: number, lines: number }[]} */
      const runs = [];
      for (let run = 0; run < options.rounds; run += 1) {
        const people = Array.from({ length: PEOPLE }, (_, at) => ({
          itemId: String(at),
          card: { certificateSerial: serialOf(1 + ((at + run * PEOPLE) % counter.population.size)) },
          consent: at % 2 === 0 ? { limitApplicationCertificate: true, specificDiseases: true } : {},
        }));
        const body = JSON.stringify({ serviceDate: today, people });
        const began = performance.now();
        const response = await fetch(`${counter.url}${PATH}`, { method: 'POST', headers, body });
        const accepted = /** @type {any} */ (await response.json());
        if (response.status !== 202)
          throw new Error(`a batch was answered with ${response.status}: ${JSON.stringify(accepted).slice(0, 300)}`);
        const at = response.headers.get('location') ?? `${PATH}/${accepted.batchId ?? accepted.id}`;
        const results = await fetch(new URL(`${at}/results`, counter.url), {
          headers: { authorization: headers.authorization },
        });
        const lines = (await results.text()).split('\n').filter((line) => line !== '').length;
        const totalMs = performance.now() - began;
        runs.push({ totalMs, lines });
        if (totalMs > DONE_WITHIN_MS) break;
        await after(200);
      }
      const perSecond = median(runs.map(({ totalMs, lines }) => (lines * 1000) / totalMs));
      return {
        name: 'batch',
        title,
        tables: [
          {
            title: 'From the request to the last line of the results',
            columns: ['batch', 'lines', 'ms', 'people/s'],
            rows: runs.map(({ totalMs, lines }, at) => [
              String(at + 1),
              count(lines),
              totalMs.toFixed(0),
              count((lines * 1000) / totalMs),
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
