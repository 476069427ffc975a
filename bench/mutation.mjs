// npm run mutation [-- path …]: the mutation score of libs/domain, or of the files and folders named. Reports in reports/mutation.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { mutate } = JSON.parse(readFileSync(`${root}stryker.config.json`, 'utf8'));
const paths = process.argv.slice(2).map((path) => path.replaceAll('\\', '/').replace(/\/$/, ''));
const named = paths.map((path) =>
  statSync(path.replace(/:\d.*$/, ''), { throwIfNoEntry: false })?.isDirectory() ? `${path}/**/*.ts` : path,
);
const narrowed =
  named.length === 0 ? [] : ['--mutate', [...named, ...mutate.filter((glob) => glob.startsWith('!'))].join(',')];

const stryker = fileURLToPath(import.meta.resolve('@stryker-mutator/core/package.json')).replace(
  'package.json',
  'bin/stryker.js',
);
const { status } = spawnSync(process.execPath, [stryker, 'run', ...narrowed], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
