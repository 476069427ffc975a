import { childrenOf, memoryOf } from '../cores.mjs';
import { count } from '../report/numbers.mjs';
import { mean } from '../statistics.mjs';
import { askSteadily, faultsIn, pinAgain, startUnpinned } from './open-loop.mjs';

const LOOK_EVERY_MS = 1_000;
const SLICE_MS = 60_000;

/** @type {import('../context.mjs').Measurement} */
export const memory = {
  name: 'memory',
  about: 'resident memory of the server over time, while it is asked at the country’s peak (--minutes 10)',
  run: async (context) => {
    const { options, doing } = context;
    const counter = await startUnpinned(context, 'counter-memory');
    try {
      /** @type {{ second: number, residentMb: number, ownMb: number, keeperMb: number }[]} */
      const looks = [];
      let faults = 0;
      await doing('Watching memory', async (note) => {
        const began = performance.now();
        const timer = setInterval(() => {
          const now = memoryOf(counter.pid);
          const keeper = Math.max(0, ...childrenOf(counter.pid).map((pid) => memoryOf(pid)?.residentMb ?? 0));
          const second = (performance.now() - began) / 1000;
          if (now !== undefined) looks.push({ second, ...now, keeperMb: keeper });
          note(`minute ${(second / 60).toFixed(1)} of ${options.minutes}, ${count(now?.residentMb ?? Number.NaN)} MB`);
        }, LOOK_EVERY_MS);
        try {
          const endMs = options.minutes * 60_000;
          for (let slice = 0; performance.now() - began < endMs; slice += 1) {
            const leftMs = Math.min(SLICE_MS, endMs - (performance.now() - began));
            const wanted = { perSecond: options.perSecond, warmMs: 0, measureMs: leftMs, seed: 100 + slice };
            faults += faultsIn((await askSteadily(context, counter, wanted)).faults);
          }
        } finally {
          clearInterval(timer);
        }
      });
      const quarter = (/** @type {number} */ at) =>
        looks.slice(Math.floor((looks.length * at) / 4), Math.floor((looks.length * (at + 1)) / 4));
      const meanOf = (/** @type {typeof looks} */ some) => mean(some.map(({ residentMb }) => residentMb));
      const most = Math.max(...looks.map(({ residentMb }) => residentMb));
      const growth = meanOf(quarter(3)) / meanOf(quarter(1));
      return {
        name: 'memory',
        title: `Resident memory of a worker, ${count(counter.population.size)} people, ${count(options.perSecond)} checks a second for ${options.minutes} minutes`,
        tables: [
          {
            title: 'By quarters of the time',
            columns: ['quarter', 'resident MB', 'of it its own MB', 'most MB', 'keeper MB'],
            rows: [0, 1, 2, 3].map((at) => {
              const some = quarter(at);
              return [
                String(at + 1),
                meanOf(some).toFixed(0),
                mean(some.map(({ ownMb }) => ownMb)).toFixed(0),
                Math.max(...some.map(({ residentMb }) => residentMb)).toFixed(0),
                mean(some.map(({ keeperMb }) => keeperMb)).toFixed(0),
              ];
            }),
          },
        ],
        requirements: [
          { what: 'resident memory of a worker', bound: 'at most', limit: 300, got: most, unit: 'MB' },
          { what: 'its last quarter against its second (flat)', bound: 'at most', limit: 1.05, got: growth, unit: '×' },
        ],
        lines: [
          {
            title: 'Resident memory of a worker',
            x: 'seconds',
            y: 'MB',
            lines: [
              { label: 'resident', points: looks.map(({ second, residentMb }) => [second, residentMb]) },
              { label: 'its own', points: looks.map(({ second, ownMb }) => [second, ownMb]) },
              { label: 'keeper', points: looks.map(({ second, keeperMb }) => [second, keeperMb]) },
            ],
            limits: [{ label: '300 MB', y: 300 }],
          },
        ],
        notes: faults > 0 ? [`${count(faults)} faults among the answers.`] : [],
        data: looks,
      };
    } finally {
      await counter.stop();
      pinAgain(context);
    }
  },
};
