import { rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

import { openDataFolder } from './data-folder.mjs';
import { refuseTakenPorts } from './ports.mjs';
import { runEntry } from './problem.mjs';
import { readSettings } from './settings.mjs';

/**
 * npm start, once everything is installed and built: refuse what cannot work before touching anything, then bring the
 * house up, and take it down again in order when asked to.
 */
await runEntry(async () => {
  const settings = readSettings(process.env);
  await refuseTakenPorts(settings.host, [
    { setting: 'PORT', port: settings.port },
    { setting: 'OFFICE_PORT', port: settings.officePort },
    ...(settings.jlisUrl === undefined ? [{ setting: 'MOCK_JLIS_PORT', port: settings.mockJlisPort }] : []),
  ]);
  const { release, secrets } = openDataFolder(settings.dataDir, { hasCluster: settings.databaseUrl === undefined });
  try {
    // Compiled code is kept for the next start, here and in every process started from here.
    enableCompileCache(join(settings.dataDir, 'compile-cache'));
    const { House } = await import('./house.mjs');
    const house = new House(settings, secrets);
    const closed = house.closeWhenAsked();
    await house.open();
    await closed;
  } finally {
    rmSync(join(settings.dataDir, 'running.json'), { force: true });
    release();
  }
});
// A connection kept alive for the next request must not hold up the end.
process.exit();
