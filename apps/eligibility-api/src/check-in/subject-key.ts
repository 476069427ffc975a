import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createFileOnce } from '../settings/secret-file.js';
import { readAnswerKey } from './answer-keys.js';

const FILE = 'subject-key';
const KEY_BYTES = 32;

const derived = (master: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), 'subject-hash', KEY_BYTES));

/**
 * Makes the office's copy of the key that the subjects of checks are hashed with, out of the answer key, unless there is one: with
 * it the office finds the checks about a person, and can do nothing else that the answer key is for.
 */
export const makeSubjectKey = async (secretsDir: string, vaultSecretsDir: string): Promise<void> =>
  createFileOnce(join(vaultSecretsDir, FILE), derived(await readAnswerKey(secretsDir)).toString('hex'));

/** Reads it (64 hexadecimal digits). */
export const readSubjectKey = async (vaultSecretsDir: string): Promise<SubjectKey> => {
  const key = Buffer.from((await readFile(join(vaultSecretsDir, FILE), 'utf8')).trim(), 'hex');
  if (key.length !== KEY_BYTES) throw new Error('the subject key must be 64 hexadecimal digits');
  return new SubjectKey(createSecretKey(key));
};

/** Finds again what stands in a record for the identifier that was asked about (`AnswerKeys.subject`). */
export class SubjectKey {
  constructor(private readonly key: KeyObject) {}

  static of(master: Buffer): SubjectKey {
    return new SubjectKey(createSecretKey(derived(master)));
  }

  ofCard(serial: string): Buffer {
    return this.hash(`card ${serial}`);
  }

  /** Of everybody who has this number: a family shares one. `number` as it is compared, without hyphens (`number_key`). */
  ofNumber(insurerNumber: string, number: string): Buffer {
    return this.hash(`insured ${insurerNumber} ${number}`);
  }

  private hash(identifier: string): Buffer {
    return createHmac('sha256', this.key).update(identifier).digest();
  }
}
