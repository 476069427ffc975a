import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

interface Locked {
  readonly name?: string;
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}
type Packages = Readonly<Record<string, Locked>>;

const lockOf = (path: string): Packages => {
  const { packages } = readJson(path) as { packages: Packages };
  return Object.fromEntries(Object.entries(packages).filter(([at]) => at !== ''));
};
const nameOf = (at: string, { name }: Locked): string => name ?? (at.split('node_modules/').at(-1) as string);
const packages = lockOf('package-lock.json');

/** What a lock file may not hold. */
const faultsOf = (locked: Packages): string[] =>
  Object.entries(locked).flatMap(([at, { integrity, resolved, link }]) => [
    ...(/^sha512-[\w+/]{86}==$/.test(integrity ?? '') ? [] : [`${at}: no SHA-512 of what is installed`]),
    ...(resolved === undefined || resolved.startsWith('https://registry.npmjs.org/') ? [] : [`${at}: from elsewhere`]),
    ...(link === true ? [`${at}: a link`] : []),
  ]);

describe.each(['package-lock.json', 'tools/mutation/package-lock.json', 'tools/supply-chain/package-lock.json'])(
  'S-10: %s',
  (path) => {
    it('has the hash of everything that is installed, from the public registry over https', () => {
      const locked = lockOf(path);
      expect(Object.keys(locked).length).toBeGreaterThan(100);
      expect(faultsOf(locked)).toEqual([]);
    });
  },
);

it.each<[string, Partial<Locked>, string]>([
  ['another host', { resolved: 'https://packages.example/x.tgz' }, 'x: from elsewhere'],
  ['no encryption', { resolved: 'http://registry.npmjs.org/x.tgz' }, 'x: from elsewhere'],
  ['a repository', { resolved: 'git+ssh://git@github.com/x/x.git#1' }, 'x: from elsewhere'],
  ['a folder', { link: true }, 'x: a link'],
  ['an older hash', { integrity: 'sha1-abc=' }, 'x: no SHA-512 of what is installed'],
])('planted in a lock file: %s is found', (_what, planted, fault) => {
  const good = { version: '1.0.0', integrity: `sha512-${'a'.repeat(86)}==` };
  expect(faultsOf({ x: good })).toEqual([]);
  expect(faultsOf({ x: { ...good, ...planted } })).toEqual([fault]);
});

it('S-10: only what is on the list runs an install script, and the list has nothing more', () => {
  const { allowScripts } = readJson('package.json') as { allowScripts: Record<string, boolean> };
  const having = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
  expect(having.map(([at, locked]) => nameOf(at, locked)).toSorted()).toEqual(Object.keys(allowScripts).toSorted());
  // It would report every installation to a third party.
  expect(allowScripts['@scarf/scarf']).toBe(false);
  expect(readFileSync(join(root, 'scripts/stage-zero/install.mjs'), 'utf8')).toContain("['ci', '--ignore-scripts'");
});

/** Permissive, by their SPDX names. */
const PERMISSIVE = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  '0BSD',
  'Python-2.0',
  'OFL-1.1',
]);
/** Packages whose package.json names no licence: as their own LICENSE file has it. */
const READ_BY_HAND: Readonly<Record<string, string>> = {
  'passport-strategy@1.0.0': 'MIT',
  'png-js@2.0.0': 'MIT',
};

const isPermissive = (expression: string): boolean =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' AND ')
    .every((every) => every.split(' OR ').some((one) => PERMISSIVE.has(one)));

const licenceOf = ([at, locked]: [string, Locked]): string =>
  locked.license ?? READ_BY_HAND[`${nameOf(at, locked)}@${locked.version}`] ?? 'unknown';

const shipped = Object.entries(packages).filter(([, { dev }]) => dev !== true);

it('S-10: nothing that is shipped is under a licence that binds what uses it', () => {
  expect(shipped.filter((each) => !isPermissive(licenceOf(each))).map(([at]) => at)).toEqual([]);
});

it.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['MIT AND OFL-1.1', true],
  ['MIT AND GPL-3.0-only', false],
  ['AGPL-3.0-or-later', false],
  ['LGPL-2.1', false],
  ['unknown', false],
])('%s may be shipped: %s', (expression, expected) => {
  expect(isPermissive(expression)).toBe(expected);
});

it('docs/security/licences.md lists what is shipped, and under which licence', async () => {
  const lines = new Set(
    shipped.map((each) => `| ${nameOf(...each)} | ${each[1].version} | ${licenceOf(each).replaceAll(/[()]/g, '')} |`),
  );
  const text = [
    '# What is shipped, and under which licence',
    '',
    'Generated from package-lock.json (`npm run documents`). What is only needed to build and test is not listed.',
    '',
    '| package | version | licence |',
    '| --- | --- | --- |',
    ...[...lines].toSorted(),
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/security/licences.md');
});

it('S-10: the bill of materials (npm run sbom) is the lock file: names, versions and hashes', () => {
  const { scripts } = readJson('package.json') as { scripts: Record<string, string> };
  const [, ...args] = (scripts['sbom'] ?? '').split(' ');
  const written = execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const bill = JSON.parse(written) as {
    bomFormat: string;
    components: { name: string; version: string; hashes: { alg: string; content: string }[] }[];
  };
  expect(bill.bomFormat).toBe('CycloneDX');
  const ofBill = bill.components.map(({ name, version, hashes }) => {
    expect(hashes.map(({ alg }) => alg)).toEqual(['SHA-512']);
    return `${name}@${version} ${Buffer.from(hashes[0]?.content ?? '', 'hex').toString('base64')}`;
  });
  // An alias is named as it is installed.
  const ofLock = Object.entries(packages).map(
    ([at, { version, integrity }]) =>
      `${at.split('node_modules/').at(-1)}@${version} ${integrity?.slice('sha512-'.length)}`,
  );
  expect(new Set(ofBill)).toEqual(new Set(ofLock));
}, 30_000);
