import { constants, lstat, open } from 'node:fs/promises';

/** What tells one state of a file from another. */
export interface Stamp {
  readonly inode: bigint;
  readonly bytes: bigint;
  readonly modifiedNs: bigint;
}

export type Look =
  /** All of it, and nobody is writing any more. */
  | { readonly kind: 'whole'; readonly bytes: Buffer; readonly stamp: Stamp }
  /** It has no end yet, or grew while it was read. */
  | { readonly kind: 'unfinished'; readonly bytes: Buffer; readonly stamp: Stamp }
  | { readonly kind: 'too-large'; readonly stamp: Stamp }
  /** Somebody holds it. */
  | { readonly kind: 'locked' }
  | { readonly kind: 'gone' };

const HELD: ReadonlySet<string> = new Set(['EBUSY', 'EACCES', 'EPERM', 'ETXTBSY', 'EAGAIN']);
/** White space may stand after the end of a document. */
const LOOKED_AT_BYTES = 1_024;
const END_OF_XML = /<\/XmlMsg\s*>\s*$/;
/** The end of central directory of a zip, and the longest comment after it. */
const END_OF_ZIP = Buffer.from('PK\u0005\u0006', 'latin1');
const ZIP_END_BYTES = 22 + 65_535;

/** Windows has no such flag. */
export const NOT_THROUGH_LINKS = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code);

/** Whether the end of a document is there. Its last tag is ASCII in UTF-8 and in Shift_JIS. */
const hasEnd = (bytes: Buffer, packed: boolean): boolean =>
  packed
    ? bytes.lastIndexOf(END_OF_ZIP) >= Math.max(0, bytes.length - ZIP_END_BYTES)
    : END_OF_XML.test(bytes.subarray(-LOOKED_AT_BYTES).toString('latin1'));

export const stampOf = async (path: string): Promise<Stamp> => {
  const { ino, size, mtimeNs } = await lstat(path, { bigint: true });
  return { inode: ino, bytes: size, modifiedNs: mtimeNs };
};

/** An inode may change on a network share from one look to the next; size and time do not by themselves. */
export const sameState = (a: Stamp, b: Stamp): boolean => a.bytes === b.bytes && a.modifiedNs === b.modifiedNs;

/** Reads a file that may be half-written, locked, or gone by now. */
export const lookAt = async (
  path: string,
  { packed, bytesMax }: { packed: boolean; bytesMax: number },
): Promise<Look> => {
  try {
    const before = await stampOf(path);
    if (before.bytes > BigInt(bytesMax)) return { kind: 'too-large', stamp: before };
    // A link leads to what nobody dropped here.
    const file = await open(path, constants.O_RDONLY | NOT_THROUGH_LINKS);
    let bytes: Buffer;
    try {
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
    const after = await stampOf(path);
    return sameState(before, after) && BigInt(bytes.length) === after.bytes && hasEnd(bytes, packed)
      ? { kind: 'whole', bytes, stamp: after }
      : { kind: 'unfinished', bytes, stamp: after };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return { kind: 'gone' };
    if (HELD.has(code)) return { kind: 'locked' };
    throw error;
  }
};
