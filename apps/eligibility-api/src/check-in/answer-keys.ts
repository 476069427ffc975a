import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createFileOnce } from '../settings/secret-file.js';
import type { AnswerContent } from './present.js';

const FILE = 'answer-key';
const KEY_BYTES = 32;

/** Times that differ from one check to the next without the answer having changed. */
const isTime = (name: string): boolean =>
  name === 'verifiedAt' || name.endsWith('ConsTime') || name.endsWith('AvailableTime');

const derive = (master: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), purpose, KEY_BYTES));

/** Makes the master key in the secrets folder, unless there is one. */
export const makeAnswerKey = (secretsDir: string): Promise<void> =>
  createFileOnce(join(secretsDir, FILE), randomBytes(KEY_BYTES).toString('hex'));

/** Reads the master key (64 hexadecimal digits). */
export const readAnswerKey = async (secretsDir: string): Promise<Buffer> => {
  const key = Buffer.from((await readFile(join(secretsDir, FILE), 'utf8')).trim(), 'hex');
  if (key.length !== KEY_BYTES) throw new Error('the answer key must be 64 hexadecimal digits');
  return key;
};

/** The order in which a client writes its fields is not part of what it asks. */
const inOrder = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [c]) => (a < c ? -1 : 1)))
    : value;

/**
 * Keyed fingerprints. Keyed, because an answer and an insurance number have so few possible values that a plain hash of
 * either could be undone by trying them all.
 */
export class AnswerKeys {
  private readonly versionKey: Buffer;
  private readonly subjectKey: Buffer;
  private readonly requestKey: Buffer;

  constructor(master: Buffer) {
    this.versionKey = derive(master, 'answer-version');
    this.subjectKey = derive(master, 'subject-hash');
    this.requestKey = derive(master, 'request-hash');
  }

  /** Opaque; differs when anything the caller would see differs. Of the same instance group, alike on every instance. */
  version(content: AnswerContent): string {
    const text = JSON.stringify(content, (name, value: unknown) => (isTime(name) ? undefined : value));
    return `v1.${createHmac('sha256', this.versionKey).update(text).digest('base64url').slice(0, 22)}`;
  }

  /** Stands in the record for what was asked about, so that the record holds no identifier. */
  subject(identifier: string): Buffer {
    return createHmac('sha256', this.subjectKey).update(identifier).digest();
  }

  /** Tells one request body from another under an Idempotency-Key. */
  request(body: unknown): string {
    return createHmac('sha256', this.requestKey).update(JSON.stringify(body, inOrder)).digest('base64url');
  }
}
