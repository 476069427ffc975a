import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { runEntry } from '../launcher/problem.mjs';
import { checkout } from '../stage-zero/paths.mjs';
import { prepareCheckout } from '../stage-zero/start.mjs';
import { installTools } from './tools.mjs';

export function mutation() {
  return runEntry(async () => {
    const node = await prepareCheckout();
    const place = await installTools('mutation', 'Stryker');
    const stryker = join(place, 'node_modules/@stryker-mutator/core/bin/stryker.js');
    const { status } = spawnSync(node, [stryker, 'run', ...narrowedTo(process.argv.slice(2))], {
      cwd: checkout,
      stdio: 'inherit',
    });
    return status ?? 1;
  });
}

/**
 * @param {string[]} named files, folders, or lines of a file; all of the domain where nothing is named
 * @returns {string[]}
 */
function narrowedTo(named) {
  if (named.length === 0) return [];
  /** @type {{ mutate: string[] }} */
  const { mutate } = JSON.parse(readFileSync(join(checkout, 'stryker.config.json'), 'utf8'));
  const globs = named
    .map((path) => path.replaceAll('\\', '/').replace(/\/$/, ''))
    .map((path) =>
      statSync(join(checkout, path), { throwIfNoEntry: false })?.isDirectory() ? `${path}/**/*.ts` : path,
    );
  return ['--mutate', [...globs, ...mutate.filter((glob) => glob.startsWith('!'))].join(',')];
}
