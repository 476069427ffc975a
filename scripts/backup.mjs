import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { backUp, restore } from './launcher/backup.mjs';
import { databaseUrls } from './launcher/database-urls.mjs';
import { clusterUrl } from './launcher/postgres.mjs';
import { Problem, runEntry } from './launcher/problem.mjs';
import { readRunning } from './launcher/running-copy.mjs';
import { readDataDir } from './launcher/settings.mjs';
import { withProgress } from './stage-zero/progress.mjs';

/*
 * npm run backup -- <folder>, npm run restore -- <folder>: of the database that DATABASE_URL names (as its owner), or of the copy that
 * runs. docs/operations.md says what else is to be kept.
 */
await runEntry(async () => {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [command = '', given] = positionals;
  if (given === undefined) throw new Problem(`Say which folder: npm run ${command} -- <folder>`);
  const folder = resolve(given);
  const { dataDir } = readDataDir(process.env);
  const { DATABASE_URL: url } = process.env;
  const ownerUrl = url === undefined || url === '' ? runningOwner(dataDir) : url;
  const began = Date.now();
  const { tables, takenAt } =
    command === 'restore'
      ? await withProgress('Restoring', (note) => restore(ownerUrl, folder, note))
      : await withProgress('Backing up', (note) => backUp(ownerUrl, folder, note));
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  process.stdout.write(
    `${command === 'restore' ? 'Restored' : 'Backed up'} ${rows.toLocaleString('en')} rows of ${tables.length} tables, as of ${takenAt}, in ${((Date.now() - began) / 1000).toFixed(1)} s.\n`,
  );
});

/** @param {string} dataDir */
function runningOwner(dataDir) {
  const { database } = readRunning(dataDir);
  if (database === undefined)
    throw new Problem('The copy that runs has a database of its own: set DATABASE_URL to that of its owner.');
  const passwords = JSON.parse(readFileSync(join(dataDir, 'secrets/database.json'), 'utf8'));
  return databaseUrls((user, password, name) => clusterUrl(database, user, password, name), 'shikaku', passwords)
    .ownerUrl;
}
