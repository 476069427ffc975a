import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

import { IndividualNumber } from './individual-number.js';
import type { VaultKeys } from './vault-keys.js';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const DIGITS = 12;

/** A sealed number cannot be opened: its key is not among those there are, it is damaged, or it lies in a row it was not sealed for. */
export class VaultSealBroken extends Error {
  constructor(readonly because: 'key-missing' | 'not-ours') {
    // Without a cause: nothing of what was opened may travel in an error.
    super(`an individual number cannot be opened: ${because}`);
    this.name = 'VaultSealBroken';
  }
}

/** A number sealed under a key: nonce, ciphertext, tag. */
export interface Sealed {
  readonly keyId: string;
  readonly sealed: Buffer;
}

/** A number belongs to its row: copied into another person's, or under another key's name, it does not open. */
const boundTo = (personId: string, keyId: string): Buffer => Buffer.from(`individual_number ${personId} ${keyId}`);

/** Seals numbers (AES-256-GCM), and finds them by a keyed hash (HMAC-SHA-256) that says nothing without its key. */
export class VaultSeal {
  constructor(private readonly keys: VaultKeys) {}

  get currentKeyId(): string {
    return this.keys.current;
  }

  /** Alike for one number under whatever key it is sealed. 32 bytes. */
  indexOf(number: IndividualNumber): Buffer {
    return createHmac('sha256', this.keys.index).update(number.reveal()).digest();
  }

  /** Under the current key. */
  close(personId: string, number: IndividualNumber): Sealed {
    const keyId = this.keys.current;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key(keyId), nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(personId, keyId));
    const body = cipher.update(number.reveal(), 'latin1');
    cipher.final();
    return { keyId, sealed: Buffer.concat([nonce, body, cipher.getAuthTag()]) };
  }

  /** @throws VaultSealBroken */
  open(personId: string, { keyId, sealed }: Sealed): IndividualNumber {
    const key = this.key(keyId);
    if (sealed.length !== NONCE_BYTES + DIGITS + TAG_BYTES) throw new VaultSealBroken('not-ours');
    let digits: string;
    try {
      const opening = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      opening.setAAD(boundTo(personId, keyId));
      opening.setAuthTag(sealed.subarray(-TAG_BYTES));
      digits = opening.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)).toString('latin1');
      opening.final();
    } catch {
      throw new VaultSealBroken('not-ours');
    }
    const number = IndividualNumber.read(digits);
    if (!number.ok) throw new VaultSealBroken('not-ours');
    return number.value;
  }

  private key(keyId: string) {
    const key = this.keys.seal.get(keyId);
    if (key === undefined) throw new VaultSealBroken('key-missing');
    return key;
  }
}
