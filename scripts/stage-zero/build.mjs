import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { hasCode } from '../launcher/problem.mjs';
import { checkout, dist, modules } from './paths.mjs';
import { withProgress } from './progress.mjs';
import { runQuietly } from './run.mjs';

const stamp = join(dist, '.built-from');

/** Whether dist was made from the sources as they are now. */
export function isBuilt() {
  try {
    return readFileSync(stamp, 'utf8') === sourcesHash();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** @param {string} node which Node runs the builder */
export async function build(node) {
  // Taken before: a file saved during the build makes the next start build again, rather than never.
  const madeFrom = sourcesHash();
  mkdirSync(dist, { recursive: true });
  const nest = join(modules, '@nestjs/cli/bin/nest.js');
  await withProgress('Building', () =>
    Promise.all(
      ['eligibility-api', 'mock-jlis'].map((app) =>
        runQuietly(`nest build ${app}`, node, [nest, 'build', app], { cwd: checkout }),
      ),
    ),
  );
  writeFileSync(stamp, madeFrom);
}

/** By content, because times and orders of files differ from clone to clone. A few milliseconds. */
function sourcesHash() {
  const hash = createHash('sha256');
  const files = ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(checkout, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|json)$/.test(entry.name) && !entry.name.endsWith('.spec.ts'))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const settings = ['nest-cli.json', 'package-lock.json', 'tsconfig.json'].map((name) => join(checkout, name));
  for (const file of [...files.toSorted(), ...settings]) {
    const text = readFileSync(file);
    hash.update(`${file.slice(checkout.length)}\0${text.length}\0`).update(text);
  }
  return hash.digest('hex');
}
