import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

import type { Ask } from './ask.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NONCES_AT_ONCE = 256;

/** Whom a check asked about, and how new it had to be. Day, consent and institution stand in the record itself. */
export type Question = Pick<Ask, 'subject' | 'maxAgeMs'>;

/** A sealed question cannot be opened: it is damaged, of another check, or of another answer key. */
export class QuestionUnreadable extends Error {
  constructor(options?: ErrorOptions) {
    super('what was asked cannot be opened', options);
    this.name = 'QuestionUnreadable';
  }
}

/**
 * The record holds no identifier, so that a check which is to be asked again keeps its question sealed until it has been.
 * AES-256-GCM, bound to the check; the key comes from the answer key, alike on every counter.
 */
export class QuestionSeal {
  private nonces = Buffer.alloc(0);
  private used = 0;

  constructor(private readonly key: KeyObject) {}

  /** Base64, for the journal's line. About 5 µs. */
  seal({ subject, maxAgeMs }: Question, checkId: string): string {
    const nonce = this.nonce();
    const cipher = createCipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(checkId, 'latin1'));
    const body = cipher.update(JSON.stringify({ subject, maxAgeMs }), 'utf8');
    cipher.final();
    return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64');
  }

  /** Drawn many at once: one by one they cost as much as all the rest (3 µs), on the way of every degraded answer. */
  private nonce(): Buffer {
    if (this.used === this.nonces.length) {
      this.nonces = randomBytes(NONCE_BYTES * NONCES_AT_ONCE);
      this.used = 0;
    }
    return this.nonces.subarray(this.used, (this.used += NONCE_BYTES));
  }

  /** @throws QuestionUnreadable */
  open(sealed: Uint8Array, checkId: string): Question {
    try {
      const opening = createDecipheriv(CIPHER, this.key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      opening.setAAD(Buffer.from(checkId, 'latin1'));
      opening.setAuthTag(sealed.subarray(-TAG_BYTES));
      const text = opening.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + opening.final('utf8');
      return JSON.parse(text) as Question;
    } catch (error) {
      throw new QuestionUnreadable({ cause: error });
    }
  }
}
