import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { places, withPlace } from '../cores.mjs';

/** bench/journal.mjs on the server's core; by itself it is `npm run bench:journal`. */
const entry = fileURLToPath(new URL('../journal.mjs', import.meta.url));

/** @type {import('../context.mjs').Measurement} */
export const journal = {
  name: 'journal',
  about: 'appends to the local journal alone, without a server (npm run bench:journal)',
  run: async ({ house, doing }) => {
    const title = 'Appends to the journal, without a server';
    if (!existsSync(entry)) return { name: 'journal', title, notes: ['There is no journal yet: skipped.'] };
    const folder = join(house.folder, 'journal');
    mkdirSync(folder, { recursive: true });
    const [program, ...args] = withPlace(places.server, process.execPath, entry, folder);
    /** @type {{ stdout: string }} */
    const { stdout } = await doing('Appending', () => promisify(execFile)(program, args));
    const [about = '', head = '', ...lines] = stdout.trim().split('\n');
    const cells = (/** @type {string} */ line) => line.trim().split(/ {2,}/);
    return {
      name: 'journal',
      title,
      tables: [{ title: about, columns: cells(head), rows: lines.map(cells) }],
      data: stdout,
    };
  },
};
