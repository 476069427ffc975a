import { availableParallelism } from 'node:os';

import { places } from '../cores.mjs';
import { ratioOf, runLanes, summed, untilPrepared } from '../lanes.mjs';
import { count } from '../report/numbers.mjs';
import { median } from '../statistics.mjs';

const WORKERS = 2;
/** One for each worker, and one for those who ask. */
const CORES_NEEDED = WORKERS + 1;

/** @type {import('../context.mjs').Measurement} */
export const workers = {
  name: 'workers',
  about: 'two worker processes against one',
  run: async (context) => {
    const { house, options, doing } = context;
    const title = 'Two workers against one';
    if (!house.knowsSetting('WORKERS'))
      return { name: 'workers', title, notes: ['The counter has no setting WORKERS yet: skipped.'] };
    const cores = availableParallelism();
    /** @type {import('../house.mjs').Counter[]} */
    const counters = [];
    try {
      /** @type {import('../lanes.mjs').Lane[]} */
      const lanes = [];
      for (const number of [1, WORKERS]) {
        /** @type {import('../house.mjs').Counter} */
        const counter = await doing(`Starting a counter with ${number} workers`, async (note) => {
          const population = await house.population(options.sizes.middle, note);
          const started = await house.counter(`counter-workers-${number}`, population, {
            env: { WORKERS: String(number) },
            disk: `disk-workers-${number}`,
            place: number === 1 ? places.server : places.servers,
          });
          counters.push(started);
          await untilPrepared(started, note);
          return started;
        });
        lanes.push({
          id: String(number),
          label: `WORKERS=${number}`,
          target: counter,
          question: async () => ({
            kind: 'check',
            path: '/v1/eligibility-checks',
            tokens: await counter.tokens(),
            people: { kind: 'any', size: counter.population.size },
            isAnsweredForPerson: true,
          }),
        });
      }
      /** @type {Map<string, import('../lanes.mjs').LaneResult>} */
      const results = await doing('Workers', (note) => runLanes(context, lanes, note));
      const [one, two] = ['1', String(WORKERS)].map((id) => results.get(id));
      if (one === undefined || two === undefined) throw new Error('a lane was not measured');
      const { byThroughput, byCpu } = ratioOf(two, one);
      const enough = cores >= CORES_NEEDED;
      return {
        name: 'workers',
        title,
        tables: [
          {
            title: 'Medians of the rounds',
            columns: ['workers', 'requests/s', 'CPU µs each', 'p99 ms', 'faults'],
            rows: [one, two].map(({ lane, rounds }) => [
              lane.label,
              count(median(rounds.map(({ perSecond }) => perSecond))),
              median(rounds.map(({ cpuMicros }) => cpuMicros ?? Number.NaN)).toFixed(1),
              median(rounds.map(({ latencyMs }) => latencyMs['99'] ?? Number.NaN)).toFixed(2),
              count(Object.values(summed(rounds)).reduce((sum, times) => sum + times, 0)),
            ]),
          },
        ],
        requirements: enough
          ? [{ what: 'two workers against one', bound: 'at least', limit: 1.8, got: byThroughput, unit: '×' }]
          : [],
        notes: [
          ...(enough
            ? []
            : [
                `This machine has ${cores} cores, and the comparison needs ${CORES_NEEDED}: with fewer, the second worker shares its core with those who ask. ${byThroughput.toFixed(2)} × was measured and is not counted.`,
              ]),
          ...(byCpu === undefined ? [] : [`A check takes ${(1 / byCpu).toFixed(2)} × the processor time with two.`]),
        ],
        data: Object.fromEntries([...results].map(([id, { rounds }]) => [id, rounds])),
      };
    } finally {
      for (const counter of counters) await counter.stop();
    }
  },
};
