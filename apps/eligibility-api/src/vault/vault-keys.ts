import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createFileOnce, marked, type KeyMaker } from '../settings/secret-file.js';

const FILE = 'vault-keys.json';
const KEY_BYTES = 32;

/** The keys of the vault. Only the office reads them. */
export interface VaultKeys {
  /** Id of the key that seals from now on. */
  readonly current: string;
  /** Every key that something may still be sealed under, by its id. */
  readonly seal: ReadonlyMap<string, KeyObject>;
  /** Finds a number without opening any. Not one of those: it stays when they change. */
  readonly index: KeyObject;
}

/** As they lie in the file: keys are 64 hexadecimal digits. */
interface KeyFile {
  readonly current: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly index: string;
}

const hex = (): string => randomBytes(KEY_BYTES).toString('hex');

/** Makes the first keys, unless there are some. To change the key, add one under a new id and name it as `current`; the older stay. */
export const makeVaultKeys = (vaultSecretsDir: string, maker: KeyMaker = 'prepare'): Promise<void> => {
  const current = `k${randomBytes(4).toString('hex')}`;
  const file: KeyFile = { current, keys: { [current]: hex() }, index: hex() };
  return createFileOnce(join(vaultSecretsDir, FILE), JSON.stringify(marked(file, maker)));
};

/** The ids of the keys there are; none where there is no file. */
export const knownVaultKeys = async (vaultSecretsDir: string): Promise<readonly string[]> => {
  try {
    return [...(await readVaultKeys(vaultSecretsDir)).seal.keys()];
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return [];
    throw error;
  }
};

/** Reads them. No error says what stands in the file. */
export const readVaultKeys = async (vaultSecretsDir: string): Promise<VaultKeys> => {
  const { current, keys, index } = parsed(await readFile(join(vaultSecretsDir, FILE), 'utf8'));
  const seal = new Map(Object.entries(keys ?? {}).map(([id, key]) => [id, keyOf(key)]));
  if (current === undefined || !seal.has(current)) throw new Error(`${FILE} must name its current key`);
  return { current, seal, index: keyOf(index) };
};

/** An error of the parser's own would quote the text. */
const parsed = (text: string): Partial<KeyFile> => {
  try {
    return (JSON.parse(text) as Partial<KeyFile> | null) ?? {};
  } catch {
    throw new Error(`${FILE} must be JSON`);
  }
};

const keyOf = (text: unknown): KeyObject => {
  if (typeof text !== 'string' || !/^[0-9a-f]{64}$/i.test(text))
    throw new Error(`every key in ${FILE} must be 64 hexadecimal digits`);
  return createSecretKey(text, 'hex');
};
