import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readDpopNonceKey } from './access/dpop-nonce-key.js';
import { readAnswerKey } from './check-in/answer-keys.js';
import { readJournalKey } from './check-log/journal-key.js';
import { makeKeys, refuseGeneratedKeys, rotateKeys } from './key-commands.js';
import { readReplicaKey } from './replica/replica-keys.js';
import { readSettings, type Settings } from './settings/index.js';
import { makeVaultKeys, readVaultKeys } from './vault/vault-keys.js';

const KEYS = ['answer-key', 'dpop-nonce-key', 'journal-key', 'oauth-signing-key.json', 'replica-key'];

let folder: string;
let settings: Settings;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shikaku-keys-'));
  settings = readSettings({
    DATABASE_URL: 'postgres://x',
    SECRETS_DIR: join(folder, 'secrets'),
    VAULT_SECRETS_DIR: join(folder, 'vault'),
    NODE_ENV: 'production',
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const refused = (process: 'counter' | 'office'): Promise<string> =>
  refuseGeneratedKeys(settings, process).then(
    () => '',
    (error: unknown) => (error as Error).message,
  );

it('keys that prepare made are refused in production, each by name and none by what is in it', async () => {
  await makeKeys(settings, 'prepare');
  await makeVaultKeys(settings.VAULT_SECRETS_DIR);
  for (const name of [...KEYS, 'anchor-key.json']) expect(await refused('counter')).toContain(name);
  expect(await refused('counter')).not.toContain('vault-keys.json');
  expect(await refused('office')).toContain('vault-keys.json');
  const secret = (await readAnswerKey(settings.SECRETS_DIR)).toString('hex');
  expect(await refused('office')).not.toContain(secret);
  await expect(refuseGeneratedKeys({ ...settings, GENERATED_KEYS: 'allowed' }, 'office')).resolves.toBeUndefined();
});

it('one of them among others is enough', async () => {
  await makeKeys(settings, 'operator');
  expect(await refused('counter')).toBe('');
  const path = join(settings.SECRETS_DIR, 'replica-key');
  await writeFile(path, `${'ab'.repeat(32)}\n# made-by-prepare\n`);
  expect(await refused('counter')).toContain('(replica-key)');
  await writeFile(join(settings.SECRETS_DIR, 'demo-clients.json'), '{}');
  expect(await refused('counter')).toContain('(demo-clients.json, replica-key)');
});

it('what an operator made is taken, also by a process that has no folder', async () => {
  expect(await refused('office')).toBe('');
  await makeKeys(settings, 'operator');
  await makeVaultKeys(settings.VAULT_SECRETS_DIR, 'operator');
  expect(await refused('office')).toBe('');
});

it('a key with the mark is the same key to whoever reads it', async () => {
  await makeKeys(settings, 'prepare');
  await makeVaultKeys(settings.VAULT_SECRETS_DIR);
  for (const [file, read] of [
    ['answer-key', readAnswerKey],
    ['journal-key', readJournalKey],
    ['replica-key', readReplicaKey],
    ['dpop-nonce-key', readDpopNonceKey],
  ] as const) {
    const [line] = (await readFile(join(settings.SECRETS_DIR, file), 'utf8')).split('\n');
    expect((await read(settings.SECRETS_DIR)).toString('hex')).toBe(line);
  }
  expect((await readVaultKeys(settings.VAULT_SECRETS_DIR)).seal.size).toBe(1);
});

it('a rotated key is as its maker: a demonstration stays one, and production makes none', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  await makeKeys(settings, 'operator');
  await rotateKeys(settings, ['--announce-seconds', '0']);
  expect(await refused('counter')).toBe('');
  await rotateKeys({ ...settings, GENERATED_KEYS: 'allowed' }, ['--announce-seconds', '0']);
  expect(await refused('counter')).toContain('(oauth-signing-key.json)');
  await expect(rotateKeys(settings, ['--announce-seconds', 'soon'])).rejects.toThrow('--announce-seconds');
  vi.restoreAllMocks();
});
