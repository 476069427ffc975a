import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { dist } from '../stage-zero/paths.mjs';
import { progressOnStderr } from '../stage-zero/progress.mjs';
import { prepareCheckout } from '../stage-zero/start.mjs';
import { runEntry } from './problem.mjs';
import { readClient, readRunning } from './running-copy.mjs';
import { readDataDir } from './settings.mjs';

/**
 * Answers what is dropped into a folder. OQS_URL, OQS_CLIENT_ID and OQS_CLIENT_SECRET name a counter anywhere and a client of it; without them
 * it is the running copy of this data folder, and the demo client that `--client` names. The exit code is the command's.
 */
export function oqsFolder() {
  return runEntry(async () => {
    progressOnStderr();
    const node = await prepareCheckout();
    const { dataDir } = readDataDir(process.env);
    const { args, client: id } = clientIn(process.argv.slice(2));
    const { OQS_URL: url = '' } = process.env;
    const env =
      url === '' ? { ...process.env, ...namesOf(readRunning(dataDir).url, readClient(dataDir, id)) } : process.env;
    const child = spawn(node, [join(dist, 'apps/eligibility-api/src/main.js'), 'oqs:folder', ...args], {
      env: { ...env, DATA_DIR: dataDir },
      stdio: 'inherit',
    });
    // Ctrl-C reaches it as well, and it finishes what is in hand.
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.on(signal, () => child.kill(signal));
    /** @type {number} */
    const code = await new Promise((done, fail) => {
      child.once('error', fail);
      child.once('exit', (ended) => done(ended ?? 2));
    });
    return code;
  });
}

/**
 * @param {string} url
 * @param {{ id: string, secret: string }} client
 */
const namesOf = (url, { id, secret }) => ({ OQS_URL: url, OQS_CLIENT_ID: id, OQS_CLIENT_SECRET: secret });

/**
 * Takes `--client <id>` out; everything else is the command's.
 *
 * @param {readonly string[]} given
 */
function clientIn(given) {
  const at = given.indexOf('--client');
  return at === -1
    ? { args: given, client: 'demo-clinic' }
    : { args: [...given.slice(0, at), ...given.slice(at + 2)], client: given[at + 1] };
}
