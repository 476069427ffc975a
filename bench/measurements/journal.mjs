import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { dist } from '../../scripts/stage-zero/paths.mjs';
import { places, withPlace } from '../cores.mjs';
import { count } from '../report/numbers.mjs';

/** @type {import('../context.mjs').Measurement} */
export const journal = {
  name: 'journal',
  about: 'appends to the local journal alone, without a server',
  run: async ({ house, doing }) => {
    const title = 'Appends to the journal';
    if (!existsSync(join(dist, 'apps/eligibility-api/src/check-log/journal.js')))
      return { name: 'journal', title, notes: ['The counter has no journal yet: skipped.'] };
    const folder = join(house.folder, 'journal');
    mkdirSync(folder, { recursive: true });
    const entry = fileURLToPath(new URL('../journal-appends.mjs', import.meta.url));
    const [program, ...args] = withPlace(places.server, process.execPath, entry);
    /** @type {{ stdout: string }} */
    const { stdout } = await doing('Appending', () =>
      promisify(execFile)(program, args, { env: { ...process.env, JOURNAL_FOLDER: folder } }),
    );
    /** @type {{ sync: string, perTurn: number, perSecond: number, cpuMicros: number, bytesEach: number, refused: number }[]} */
    const found = JSON.parse(stdout);
    return {
      name: 'journal',
      title,
      tables: [
        {
          title: 'Checks of ready answers, 20,000 of them in turn; the record itself is made in the measured time',
          columns: ['JOURNAL_SYNC', 'checks a turn', 'appends/s', 'CPU µs each', 'bytes each', 'refused'],
          rows: found.map(({ sync, perTurn, perSecond, cpuMicros, bytesEach, refused }) => [
            sync,
            String(perTurn),
            count(perSecond),
            cpuMicros.toFixed(1),
            count(bytesEach),
            count(refused),
          ]),
        },
      ],
      data: found,
    };
  },
};
