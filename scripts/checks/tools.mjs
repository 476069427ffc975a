import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { hasCode } from '../launcher/problem.mjs';
import { npm } from '../stage-zero/install.mjs';
import { checkout } from '../stage-zero/paths.mjs';
import { withProgress } from '../stage-zero/progress.mjs';

/**
 * Tools that one command needs and nobody else: packages of their own under `tools/`, installed when that command first runs, and
 * again when their lock file changes.
 *
 * @param {string} name of the folder
 * @param {string} called what is said while it is installed
 * @returns {Promise<string>} the folder
 */
export async function installTools(name, called) {
  const place = join(checkout, 'tools', name);
  // Inside node_modules, so that whatever replaces them removes it.
  const stamp = join(place, 'node_modules/.installed-for');
  const lock = createHash('sha256')
    .update(readFileSync(join(place, 'package-lock.json')))
    .digest('hex');
  if (readIfThere(stamp) === lock) return place;
  await withProgress(`Installing ${called}`, () =>
    npm(`npm ci in tools/${name}`, ['ci', '--ignore-scripts', '--engine-strict=false'], { cwd: place }),
  );
  writeFileSync(stamp, lock);
  return place;
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
