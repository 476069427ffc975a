import { createCipheriv, createDecipheriv, randomFillSync, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';

const SEALED = 1;
const PLAIN = 2;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CRC_BYTES = 4;
const NONCES_AT_ONCE = 512;

/** What is stored is not what was written: another key, another place, or bytes that changed. */
export class NotOurs extends Error {
  constructor(options?: ErrorOptions) {
    super('a record of the replica cannot be opened', options);
    this.name = 'NotOurs';
  }
}

/** A record belongs to its place: moved to another row or table it does not open. */
const boundTo = (table: string, key: bigint): Buffer => {
  const bytes = Buffer.allocUnsafe(9);
  bytes.writeUInt8(table.charCodeAt(0), 0);
  bytes.writeBigInt64BE(key, 1);
  return bytes;
};

const unseal = (sealKey: KeyObject, table: string, key: bigint, stored: Uint8Array): Buffer => {
  if (stored.length < 1 + NONCE_BYTES + TAG_BYTES) throw new NotOurs();
  const end = stored.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', sealKey, stored.subarray(1, 1 + NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(boundTo(table, key));
    decipher.setAuthTag(stored.subarray(end));
    const opened = decipher.update(stored.subarray(1 + NONCE_BYTES, end));
    decipher.final();
    return opened;
  } catch (error) {
    throw new NotOurs({ cause: error });
  }
};

const unwrap = (table: string, key: bigint, stored: Uint8Array): Buffer => {
  if (stored.length < 1 + CRC_BYTES) throw new NotOurs();
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  const body = bytes.subarray(1 + CRC_BYTES);
  if (crc32(body, crc32(boundTo(table, key))) !== bytes.readUInt32LE(1)) throw new NotOurs();
  return body;
};

/** Opens a stored record, whichever way it is stored. Throws `NotOurs`. */
export const openStored = (sealKey: KeyObject, table: string, key: bigint, stored: Uint8Array): Buffer => {
  if (stored[0] === SEALED) return unseal(sealKey, table, key, stored);
  if (stored[0] === PLAIN) return unwrap(table, key, stored);
  throw new NotOurs();
};

/**
 * Records as they lie on the disk: a byte that says how, then nonce, AES-256-GCM and tag, or (where the operator vouches for
 * the disk) a checksum and the bytes as they are. Tables are told apart by their first letter.
 */
export class Sealing {
  private readonly nonces = Buffer.alloc(NONCE_BYTES * NONCES_AT_ONCE);
  private nextNonce = NONCES_AT_ONCE;

  constructor(
    private readonly sealKey: KeyObject,
    private readonly sealed: boolean,
  ) {}

  seal(table: string, key: bigint, ...parts: readonly (Uint8Array | string)[]): Buffer {
    const bound = boundTo(table, key);
    if (!this.sealed) {
      const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
      const head = Buffer.allocUnsafe(1 + CRC_BYTES);
      head[0] = PLAIN;
      head.writeUInt32LE(crc32(body, crc32(bound)), 1);
      return Buffer.concat([head, body]);
    }
    const nonce = this.nonce();
    const cipher = createCipheriv('aes-256-gcm', this.sealKey, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(bound);
    const encrypted = parts.map((part) =>
      typeof part === 'string' ? cipher.update(part, 'utf8') : cipher.update(part),
    );
    encrypted.push(cipher.final());
    return Buffer.concat([Buffer.of(SEALED), nonce, ...encrypted, cipher.getAuthTag()]);
  }

  /** Opens what this same way stored; a plain record among sealed ones was put there by somebody else. */
  open(table: string, key: bigint, stored: Uint8Array): Buffer {
    if (stored[0] !== (this.sealed ? SEALED : PLAIN)) throw new NotOurs();
    return openStored(this.sealKey, table, key, stored);
  }

  private nonce(): Buffer {
    if (this.nextNonce === NONCES_AT_ONCE) {
      randomFillSync(this.nonces);
      this.nextNonce = 0;
    }
    const at = this.nextNonce * NONCE_BYTES;
    this.nextNonce += 1;
    return this.nonces.subarray(at, at + NONCE_BYTES);
  }
}
