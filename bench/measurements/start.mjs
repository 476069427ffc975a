import { setTimeout as after } from 'node:timers/promises';

import { cpuMsOf, places } from '../cores.mjs';
import { untilPrepared } from '../lanes.mjs';
import { count } from '../report/numbers.mjs';
import { pinAgain } from './open-loop.mjs';
import { bytesByFolder } from './storage.mjs';

/** Seldom enough that looking costs nothing beside what is looked at. */
const LOOK_EVERY_MS = 100;

/** @type {import('../context.mjs').Measurement} */
export const start = {
  name: 'start',
  about: 'a counter with an empty disk until it is ready, and one that starts again',
  run: async (context) => {
    const { house, options, doing } = context;
    const name = 'counter-start';
    const population = await doing('Making the population', (note) => house.population(options.sizes.middle, note));
    house.pinDatabase(places.everywhere);
    /**
     * @param {string} label
     * @param {boolean} isEmpty
     * @returns {Promise<{ listensMs: number, readyMs: number, quietMs: number, diskBytes: number, cpuMs: number, databaseCpuMs: number }>}
     */
    const startOnce = (label, isEmpty) =>
      doing(label, async (note) => {
        const began = performance.now();
        const databaseBefore = house.databaseCpuMs() ?? Number.NaN;
        const counter = await house.counter(name, population, {
          place: places.everywhere,
          disk: 'disk-start',
          isEmpty,
        });
        const listensMs = performance.now() - began;
        try {
          // Until its replica is current it asks PostgreSQL, and is not what it is to be.
          while ((await counter.state()).replica?.current === false) await after(LOOK_EVERY_MS);
          const readyMs = performance.now() - began;
          const cpuMs = cpuMsOf(counter.pid) ?? Number.NaN;
          const databaseCpuMs = (house.databaseCpuMs() ?? Number.NaN) - databaseBefore;
          await untilPrepared(counter, note);
          return {
            listensMs,
            readyMs,
            cpuMs,
            databaseCpuMs,
            quietMs: performance.now() - began,
            diskBytes: Object.values(bytesByFolder(counter.dataDir)).reduce((sum, bytes) => sum + bytes, 0),
          };
        } finally {
          await counter.stop();
        }
      });
    try {
      const fresh = await startOnce('From an empty disk', true);
      const again = await startOnce('Once more', false);
      return {
        name: 'start',
        title: `From start to ready, ${count(population.size)} people`,
        tables: [
          {
            title: '',
            columns: [
              'start',
              'answers after s',
              'replica ready after s',
              'CPU s of it',
              'CPU s of PostgreSQL',
              'all answers made after s',
              'bytes on disk',
              'bytes a person',
            ],
            rows: [
              { label: 'disk empty', ...fresh },
              { label: 'again', ...again },
            ].map(({ label, listensMs, readyMs, cpuMs, databaseCpuMs, quietMs, diskBytes }) => {
              return [
                label,
                (listensMs / 1000).toFixed(1),
                (readyMs / 1000).toFixed(1),
                (cpuMs / 1000).toFixed(1),
                (databaseCpuMs / 1000).toFixed(1),
                (quietMs / 1000).toFixed(1),
                count(diskBytes),
                count(diskBytes / population.size),
              ];
            }),
          },
        ],
        requirements: [
          {
            what: 'from an empty disk to ready',
            bound: 'at most',
            limit: 60,
            got: fresh.readyMs / 1000,
            unit: 's',
            also: `${(fresh.cpuMs / 1000).toFixed(0)} s of processor time here, ${(fresh.databaseCpuMs / 1000).toFixed(0)} s in PostgreSQL`,
          },
          { what: 'ready after a restart', bound: 'at most', limit: 3, got: again.readyMs / 1000, unit: 's' },
        ],
        notes: [
          'Before the replica is ready, checks are answered from PostgreSQL. “All answers made” is seen up to 4 s late.',
        ],
        data: { fresh, again },
      };
    } finally {
      pinAgain(context);
    }
  },
};
