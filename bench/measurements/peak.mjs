import { count } from '../report/numbers.mjs';
import { askAtRate, faultsIn, pinAgain, quantileLine, quantileTicks, startUnpinned } from './open-loop.mjs';

/** @type {import('../context.mjs').Measurement} */
export const peak = {
  name: 'peak',
  about: 'open loop at the country’s morning peak, everything on this machine',
  run: async (context) => {
    const { options, doing } = context;
    /** @type {string[]} */
    const notes = [];
    const counter = await startUnpinned(context, 'counter-peak');
    try {
      /** @type {import('./open-loop.mjs').OpenResult} */
      const result = await doing(`${count(options.perSecond)} checks a second, open loop`, () =>
        askAtRate(context, counter, { perSecond: options.perSecond, measureMs: options.openMs, seed: 7 }, notes),
      );
      const { latencyMs, latenessMs, faults, offeredPerSecond, achievedPerSecond, perSecond, connections } = result;
      const ms = (/** @type {string} */ quantile) => latencyMs[quantile] ?? Number.NaN;
      notes.push(
        `The generator's own lateness is in these times: ${latenessMs.mean.toFixed(2)} ms on average, ${latenessMs.max.toFixed(1)} ms at most.`,
      );
      if (faultsIn(faults) > 0) notes.push(`Faults: ${JSON.stringify(faults)}.`);
      return {
        name: 'peak',
        title: `Open loop, ${count(options.perSecond)} checks a second (Poisson), ${count(counter.population.size)} people, everything on this machine`,
        tables: [
          {
            title: 'From the moment each check was meant to be asked',
            columns: [
              'offered/s',
              'asked/s',
              'answered/s',
              'p50 ms',
              'p90 ms',
              'p99 ms',
              'p99.9 ms',
              'p99.99 ms',
              'max ms',
              'connections',
              'faults',
            ],
            rows: [
              [
                count(offeredPerSecond),
                count(achievedPerSecond),
                count(perSecond),
                ...['50', '90', '99', '99.9', '99.99', '100'].map((quantile) => ms(quantile).toFixed(2)),
                String(connections),
                count(faultsIn(faults)),
              ],
            ],
          },
        ],
        requirements: [
          { what: 'p99 at the country’s peak', bound: 'at most', limit: 10, got: ms('99'), unit: 'ms' },
          { what: 'p99.9 at the country’s peak', bound: 'at most', limit: 50, got: ms('99.9'), unit: 'ms' },
          { what: 'errors at the country’s peak', bound: 'at most', limit: 0, got: faultsIn(faults), unit: '' },
        ],
        lines: [
          {
            title: 'Latency from the intended moment',
            x: 'share of checks that were faster',
            y: 'ms',
            isLogX: true,
            isLogY: true,
            ticksX: quantileTicks,
            lines: [quantileLine(result, `${count(options.perSecond)}/s`)],
            limits: [
              { label: 'p99 ≤ 10 ms', y: 10 },
              { label: 'p99.9 ≤ 50 ms', y: 50 },
            ],
          },
        ],
        notes,
        data: result,
      };
    } finally {
      await counter.stop();
      pinAgain(context);
    }
  },
};
