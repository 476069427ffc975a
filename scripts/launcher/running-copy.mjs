import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { hasCode, messageOf, Problem } from './problem.mjs';
import { runningHolder } from './pid-lock.mjs';

/**
 * Where the copy on this data folder answers. PORT moves it, for a copy behind something else.
 *
 * @param {string} dataDir
 * @returns {{ url: string, officeUrl: string, jlisUrl: string, database?: { host: string, port: number } }}
 */
export function readRunning(dataDir) {
  const nothingRuns = new Problem(
    `Nothing is running on ${dataDir}. Run npm start first (and set the same DATA_DIR here, if you set it there).`,
  );
  if (runningHolder(join(dataDir, 'running.lock')) === null) throw nothingRuns;
  try {
    const running = JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8'));
    const { PORT: port } = process.env;
    if (port === undefined || port === '') return running;
    const url = new URL(running.url);
    url.port = port;
    return { ...running, url: url.origin };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw new Problem(`The copy on ${dataDir} is still starting. Try again in a moment.`);
    throw error;
  }
}

/**
 * @param {string} dataDir
 * @param {string | undefined} id
 */
export function readClient(dataDir, id) {
  /** @type {Record<string, string>} */
  const secrets = JSON.parse(readFileSync(join(dataDir, 'secrets/demo-clients.json'), 'utf8'));
  const known = `The demo clients are ${Object.keys(secrets).join(', ')}.`;
  if (id === undefined) throw new Problem(`Say whose token: npm run -s token -- --client <id>. ${known}`);
  const secret = Object.hasOwn(secrets, id) ? secrets[id] : undefined;
  if (secret === undefined) throw new Problem(`There is no demo client of that name. ${known}`);
  return { id, secret };
}

/**
 * @param {string} url
 * @param {{ id: string, secret: string }} client
 * @returns {Promise<string>}
 */
export async function fetchToken(url, { id, secret }) {
  const credentials = [id, secret].map((part) => encodeURIComponent(part)).join(':');
  /** @type {Response} */
  let response;
  try {
    response = await fetch(`${url}/oauth/token`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    throw new Problem(
      `${url} does not answer (${messageOf(error instanceof Error ? (error.cause ?? error) : error)}).`,
    );
  }
  const text = await response.text();
  if (!response.ok) throw new Problem(`${url}/oauth/token refused (${response.status}): ${text}`);
  return JSON.parse(text).access_token;
}
