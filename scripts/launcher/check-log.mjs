import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { dist } from '../stage-zero/paths.mjs';
import { progressOnStderr } from '../stage-zero/progress.mjs';
import { prepareCheckout } from '../stage-zero/start.mjs';
import { databaseUrls } from './database-urls.mjs';
import { clusterUrl } from './postgres.mjs';
import { Problem, runEntry } from './problem.mjs';
import { readRunning } from './running-copy.mjs';
import { readDataDir } from './settings.mjs';

/**
 * The commands of the check log, on the running copy of this data folder, or on the database that DATABASE_URL names. The
 * exit code is the command's.
 */
export function checkLog() {
  return runEntry(async () => {
    const [command = '', ...args] = process.argv.slice(2);
    progressOnStderr();
    const node = await prepareCheckout();
    const { dataDir } = readDataDir(process.env);
    const { DATABASE_URL: given, SECRETS_DIR: secrets } = process.env;
    const env = {
      ...process.env,
      DATA_DIR: dataDir,
      SECRETS_DIR: secrets === undefined || secrets === '' ? join(dataDir, 'secrets') : secrets,
      DATABASE_URL: given === undefined || given === '' ? runningDatabase(dataDir) : given,
    };
    const child = spawn(node, [join(dist, 'apps/eligibility-api/src/main.js'), `check-log:${command}`, ...args], {
      env,
      stdio: 'inherit',
    });
    /** @type {number} */
    const code = await new Promise((done, fail) => {
      child.once('error', fail);
      child.once('exit', (ended) => done(ended ?? 2));
    });
    return code;
  });
}

/** @param {string} dataDir */
function runningDatabase(dataDir) {
  const { database } = readRunning(dataDir);
  if (database === undefined)
    throw new Problem('The copy that runs has a database of its own: set DATABASE_URL to that of its counter.');
  const passwords = JSON.parse(readFileSync(join(dataDir, 'secrets/database.json'), 'utf8'));
  return databaseUrls((user, password, name) => clusterUrl(database, user, password, name), 'shikaku', passwords)
    .counterUrl;
}
