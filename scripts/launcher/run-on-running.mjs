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
 * Runs a command of the service (main.js) on the running copy of this data folder, or on the database that DATABASE_URL names. The
 * exit code is the command's.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {'counter' | 'office'} role whose rights and keys it has
 */
export function runOnRunning(command, args, role) {
  return runEntry(async () => {
    progressOnStderr();
    const node = await prepareCheckout();
    const { dataDir } = readDataDir(process.env);
    /** @param {string} name @param {() => string} otherwise */
    const given = (name, otherwise) => {
      const value = process.env[name];
      return value === undefined || value === '' ? otherwise() : value;
    };
    const env = {
      ...process.env,
      DATA_DIR: dataDir,
      SECRETS_DIR: given('SECRETS_DIR', () => join(dataDir, 'secrets')),
      DATABASE_URL: given('DATABASE_URL', () => runningDatabase(dataDir, role)),
      ...(role === 'office'
        ? { VAULT_SECRETS_DIR: given('VAULT_SECRETS_DIR', () => join(dataDir, 'vault-secrets')) }
        : {}),
    };
    const child = spawn(node, [join(dist, 'apps/eligibility-api/src/main.js'), command, ...args], {
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

/** @param {string} dataDir @param {'counter' | 'office'} role */
export function runningDatabase(dataDir, role) {
  const { database } = readRunning(dataDir);
  if (database === undefined)
    throw new Problem(`The copy that runs has a database of its own: set DATABASE_URL to that of its ${role}.`);
  const passwords = JSON.parse(readFileSync(join(dataDir, 'secrets/database.json'), 'utf8'));
  const urls = databaseUrls((user, password, name) => clusterUrl(database, user, password, name), 'shikaku', passwords);
  return role === 'counter' ? urls.counterUrl : urls.officeUrl;
}
