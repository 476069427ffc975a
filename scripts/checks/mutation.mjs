import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { hasCode, runEntry } from '../launcher/problem.mjs';
import { npm } from '../stage-zero/install.mjs';
import { checkout } from '../stage-zero/paths.mjs';
import { withProgress } from '../stage-zero/progress.mjs';
import { prepareCheckout } from '../stage-zero/start.mjs';

/** Stryker and its packages lie in a package of their own, which only this command installs. */
const place = join(checkout, 'tools/mutation');
/** Inside node_modules, so that whatever replaces them removes it. */
const stamp = join(place, 'node_modules/.installed-for');

export function mutation() {
  return runEntry(async () => {
    const node = await prepareCheckout();
    await installStryker();
    const stryker = join(place, 'node_modules/@stryker-mutator/core/bin/stryker.js');
    const { status } = spawnSync(node, [stryker, 'run', ...narrowedTo(process.argv.slice(2))], {
      cwd: checkout,
      stdio: 'inherit',
    });
    return status ?? 1;
  });
}

async function installStryker() {
  const lock = createHash('sha256')
    .update(readFileSync(join(place, 'package-lock.json')))
    .digest('hex');
  if (installedFor() === lock) return;
  await withProgress('Installing Stryker', () =>
    npm('npm ci in tools/mutation', ['ci', '--ignore-scripts', '--engine-strict=false'], { cwd: place }),
  );
  writeFileSync(stamp, lock);
}

function installedFor() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
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
