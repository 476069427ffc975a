import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** On the thread pool: ten thousand answers take it some 40 ms there, and the event loop none. */
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** What was sealed cannot be opened: it is damaged, or from another key. */
export class SealBroken extends Error {
  constructor(options?: ErrorOptions) {
    super('a sealed part of a batch cannot be opened', options);
    this.name = 'SealBroken';
  }
}

/**
 * People waiting to be asked about, and answers waiting to be fetched, lie in the store compressed and sealed: who has an
 * appointment where is in no dump and no backup. The key comes from the master of answer keys, alike on every counter.
 */
export class BatchSeal {
  private readonly key: Buffer;

  constructor(master: Buffer) {
    this.key = Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), 'batch-seal', KEY_BYTES));
  }

  /** `place` says where it belongs: sealed for one place, it opens in no other. */
  async close(text: string | Buffer, place: string): Promise<Buffer> {
    const packed = await compress(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
    return Buffer.concat([nonce, cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
  }

  /** @throws SealBroken */
  async open(sealed: Buffer, place: string): Promise<Buffer> {
    try {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const tag = sealed.subarray(sealed.length - TAG_BYTES);
      const decipher = createDecipheriv(CIPHER, this.key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(place))
        .setAuthTag(tag);
      const packed = Buffer.concat([
        decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)),
        decipher.final(),
      ]);
      return await decompress(packed);
    } catch (error) {
      throw new SealBroken({ cause: error });
    }
  }
}

export const placeOf = (what: 'people' | 'results', batchId: string, first: number): string =>
  `${what} ${batchId} ${first}`;
