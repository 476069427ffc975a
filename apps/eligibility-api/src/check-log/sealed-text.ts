import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * Seals the texts of one writer (AES-256-GCM under a key of its own, derived from the journal key), each for one check: a
 * sealed text moved to another check does not open.
 */
export class TextSeal {
  private readonly key: Buffer;

  constructor(journalKey: Buffer, writer: string) {
    this.key = Buffer.from(hkdfSync('sha256', journalKey, writer, 'shikaku journal text', KEY_BYTES));
  }

  /** The text is bytes, one character each. */
  seal(text: string, checkId: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(checkId, 'latin1'));
    const body = cipher.update(text, 'latin1');
    cipher.final();
    return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64');
  }

  /** Throws when it was sealed under another key, for another check, or was changed. */
  open(sealed: string, checkId: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const opening = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    opening.setAAD(Buffer.from(checkId, 'latin1'));
    opening.setAuthTag(bytes.subarray(-TAG_BYTES));
    return opening.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'latin1') + opening.final('latin1');
  }
}
