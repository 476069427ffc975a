import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createFileOnce, markedLine, type KeyMaker } from '../settings/secret-file.js';

const FILE = 'journal-key';
const KEY_BYTES = 32;

/** Makes the key that seals answers in the journal, unless there is one. */
export const makeJournalKey = (secretsDir: string, maker: KeyMaker = 'prepare'): Promise<void> =>
  createFileOnce(join(secretsDir, FILE), markedLine(randomBytes(KEY_BYTES).toString('hex'), maker));

/** Reads it (64 hexadecimal digits). */
export const readJournalKey = async (secretsDir: string): Promise<Buffer> => {
  const key = Buffer.from((await readFile(join(secretsDir, FILE), 'utf8')).trim(), 'hex');
  if (key.length !== KEY_BYTES) throw new Error('the journal key must be 64 hexadecimal digits');
  return key;
};
