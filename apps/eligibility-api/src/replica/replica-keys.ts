import { createSecretKey, hash, hkdfSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createFileOnce, markedLine, type KeyMaker } from '../settings/secret-file.js';
import { readyBody } from './replica-file.js';
import type { KeptRows } from './replica-view.js';
import { openStored, Sealing } from './sealing.js';

const FILE = 'replica-key';
const KEY_BYTES = 32;
const GENERATIONS_REMEMBERED = 8;

/** Makes the master key in the secrets folder, unless there is one. */
export const makeReplicaKey = (secretsDir: string, maker: KeyMaker = 'prepare'): Promise<void> =>
  createFileOnce(join(secretsDir, FILE), markedLine(randomBytes(KEY_BYTES).toString('hex'), maker));

/** Reads the master key (64 hexadecimal digits). */
export const readReplicaKey = async (secretsDir: string): Promise<Buffer> => {
  const key = Buffer.from((await readFile(join(secretsDir, FILE), 'utf8')).trim(), 'hex');
  if (key.length !== KEY_BYTES) throw new Error('the replica key must be 64 hexadecimal digits');
  return key;
};

/** Where serials and numbers lie: signed 64-bit integers, which SQLite looks up fastest. Two may share one; whoever reads compares the whole. */
interface Places {
  ofSerial(serial: string): bigint;
  ofNumber(insurerNumber: string, numberKey: string): bigint;
}

/** HMAC-SHA-256, its two halves in one-shot hashes: a third of the time of an `Hmac` object. Keys of 32 bytes only. */
class PlaceKey implements Places {
  private readonly inner = Buffer.alloc(64 + 256, 0);
  private readonly outer = Buffer.alloc(64 + 32, 0);
  private readonly digest = Buffer.alloc(32);

  constructor(key: Buffer) {
    for (let at = 0; at < 64; at += 1) {
      const byte = key[at] ?? 0;
      this.inner[at] = byte ^ 0x36;
      this.outer[at] = byte ^ 0x5c;
    }
  }

  ofSerial(serial: string): bigint {
    return this.of(`s${serial}`);
  }

  ofNumber(insurerNumber: string, numberKey: string): bigint {
    return this.of(`n${insurerNumber}\u0000${numberKey}`);
  }

  private of(text: string): bigint {
    const bytes = Buffer.byteLength(text);
    const message =
      bytes <= 256
        ? this.inner.subarray(0, 64 + this.inner.write(text, 64))
        : Buffer.concat([this.inner.subarray(0, 64), Buffer.from(text)]);
    // As strings of bytes: a buffer for each hash costs as much as the hash.
    this.outer.write(hash('sha256', message, 'latin1'), 64, 'latin1');
    this.digest.write(hash('sha256', this.outer, 'latin1'), 'latin1');
    return this.digest.readBigInt64BE(0);
  }
}

/** Keys of one generation of the replica. */
export interface GenerationKeys {
  /** Says without a secret whether a file was made with this key. */
  readonly check: string;
  readonly places: Places;
  readonly sealing: (sealed: boolean) => Sealing;
  /** Opens what was stored in this generation, sealed or not. */
  readonly open: (table: string, key: bigint, stored: Uint8Array) => Buffer;
}

/** Every generation has keys of its own, all from one master key. A row can be opened when its file has long gone. */
export class ReplicaKeys implements KeptRows {
  private readonly known = new Map<string, GenerationKeys>();

  constructor(private readonly master: Buffer) {}

  of(generation: string): GenerationKeys {
    const known = this.known.get(generation);
    if (known !== undefined) return known;
    const derive = (purpose: string): Buffer =>
      Buffer.from(hkdfSync('sha256', this.master, Buffer.from(generation), `replica-${purpose}`, KEY_BYTES));
    const sealKey = createSecretKey(derive('seal'));
    const made: GenerationKeys = {
      check: derive('check').subarray(0, 16).toString('hex'),
      places: new PlaceKey(derive('place')),
      sealing: (sealed) => new Sealing(sealKey, sealed),
      open: (table, key, stored) => openStored(sealKey, table, key, stored),
    };
    const [oldest] = this.known.keys();
    if (this.known.size >= GENERATIONS_REMEMBERED && oldest !== undefined) this.known.delete(oldest);
    this.known.set(generation, made);
    return made;
  }

  openKept({ generation, key, stored }: Parameters<KeptRows['openKept']>[0]): Buffer {
    return readyBody(this.of(generation).open('ready', key, stored));
  }
}
