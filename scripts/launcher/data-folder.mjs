import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { takeLock } from './pid-lock.mjs';
import { hasCode, messageOf, Problem } from './problem.mjs';

const marker = 'shikaku.json';
const layout = 1;

/**
 * @typedef {{ superuser: string, owner: string, counter: string, office: string }} DatabaseSecrets
 * @typedef {{ release: () => void, secrets: DatabaseSecrets }} OpenFolder
 */

/**
 * Opens the data folder for one running copy: makes it, or makes sure that it is ours and nobody is using it.
 *
 * @param {string} folder
 * @param {{ hasCluster: boolean }} use whether the embedded PostgreSQL lives in it
 * @returns {OpenFolder}
 */
export function openDataFolder(folder, { hasCluster }) {
  try {
    refuseForeign(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    if (!existsSync(join(folder, marker))) {
      writeWhole(join(folder, marker), `${JSON.stringify({ is: 'the data folder of Shikaku', layout })}\n`);
    }
    const lock = takeLock(join(folder, 'running.lock'), 'runs on this data folder');
    if (!lock.taken) {
      throw new Problem(
        `${folder} is in use by a running copy (process ${lock.holder.pid}).\n` +
          'Stop that one, or set DATA_DIR, PORT, OFFICE_PORT and MOCK_JLIS_PORT for a second copy beside it.',
      );
    }
    // What a killed copy left of itself.
    rmSync(join(folder, 'running.json'), { force: true });
    for (const name of ['secrets', 'logs']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 });
    return { release: lock.release, secrets: readOrMakeSecrets(folder, hasCluster) };
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOSPC', 'ELOOP', 'ENAMETOOLONG')) {
      throw new Problem(`The data folder cannot be used (${messageOf(error)}). Set DATA_DIR to another one.`);
    }
    throw error;
  }
}

/** @param {string} folder */
function refuseForeign(folder) {
  /** @type {string[]} */
  let entries;
  try {
    entries = readdirSync(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    if (hasCode(error, 'ENOTDIR'))
      throw new Problem(`DATA_DIR ${folder} is not a folder. Set DATA_DIR to another one.`);
    throw error;
  }
  if (entries.length === 0) return;
  const found = readMarker(folder);
  if (found === undefined) {
    throw new Problem(
      `${folder} holds something that is not ours, so nothing was touched.\n` +
        'Set DATA_DIR to a new or empty folder (or to one that Shikaku made).',
    );
  }
  if (found.layout !== layout) {
    throw new Problem(
      `${folder} was made by another version of Shikaku (layout ${found.layout}, this one has ${layout}).\n` +
        'Set DATA_DIR to a new folder, or delete this one: its demo data is made again.',
    );
  }
}

/**
 * @param {string} folder
 * @returns {{ layout: number } | undefined}
 */
function readMarker(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, marker), 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EISDIR') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Random passwords of the database roles, readable by us alone.
 *
 * @param {string} folder
 * @param {boolean} hasCluster
 * @returns {DatabaseSecrets}
 */
function readOrMakeSecrets(folder, hasCluster) {
  const path = join(folder, 'secrets/database.json');
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  if (hasCluster && existsSync(join(folder, 'postgres'))) {
    throw new Problem(
      `${path} is gone, and without its passwords the database in ${folder} cannot be opened.\n` +
        'Delete the data folder to begin anew: its demo data is made again.',
    );
  }
  const password = () => randomBytes(24).toString('base64url');
  const secrets = { superuser: password(), owner: password(), counter: password(), office: password() };
  writeWhole(path, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

/**
 * A reader finds the old text or the new one, never half of it.
 *
 * @param {string} path
 * @param {string} text
 */
export function writeWhole(path, text) {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}
