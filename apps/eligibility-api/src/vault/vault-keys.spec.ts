import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { knownVaultKeys, makeVaultKeys, readVaultKeys } from './vault-keys.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'shikaku-vault-')), 'vault-secrets');
  file = join(folder, 'vault-keys.json');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

it('are made once, for us alone to read', async () => {
  await makeVaultKeys(folder);
  const first = await readFile(file, 'utf8');
  await makeVaultKeys(folder);
  expect(await readFile(file, 'utf8')).toBe(first);
  expect(await readdir(folder)).toEqual(['vault-keys.json']);
  expect([(await stat(folder)).mode & 0o777, (await stat(file)).mode & 0o777]).toEqual([0o700, 0o600]);
});

it('are one that seals, and another that finds', async () => {
  await makeVaultKeys(folder);
  const { current, seal, index } = await readVaultKeys(folder);
  expect([...seal.keys()]).toEqual([current]);
  expect(seal.get(current)?.equals(index)).toBe(false);
  expect(index.symmetricKeySize).toBe(32);
  expect(await knownVaultKeys(folder)).toEqual([current]);
});

it('are none where there is no file', async () => {
  expect(await knownVaultKeys(folder)).toEqual([]);
  await expect(readVaultKeys(folder)).rejects.toMatchObject({ code: 'ENOENT' });
});

it.each([
  ['no JSON', `{"current":"k1","keys":{"k1":"${A}"`, 'must be JSON'],
  ['null', 'null', 'must name its current key'],
  [
    'a current key that is not there',
    JSON.stringify({ current: 'k2', keys: { k1: A }, index: B }),
    'must name its current key',
  ],
  [
    'a key that is too short',
    JSON.stringify({ current: 'k1', keys: { k1: A.slice(2) }, index: B }),
    '64 hexadecimal digits',
  ],
  [
    'an older key that is none',
    JSON.stringify({ current: 'k1', keys: { k1: A, k0: 7 }, index: B }),
    '64 hexadecimal digits',
  ],
  ['no key that finds', JSON.stringify({ current: 'k1', keys: { k1: A } }), '64 hexadecimal digits'],
])('in a file with %s are refused, in words that hold none of it', async (_what, text, words) => {
  await makeVaultKeys(folder);
  await writeFile(file, text);
  const error = await readVaultKeys(folder).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect(String(error)).toContain(words);
  expect(String(error)).not.toMatch(/a{8}|b{8}/);
  await expect(knownVaultKeys(folder)).rejects.toThrow(words);
});
