import type { Encoding } from '../reading.js';
import { Refusal } from './refusal.js';

const LABELS: ReadonlyMap<string, Encoding> = new Map([
  ...['utf-8', 'utf8'].map((label) => [label, 'utf-8'] as const),
  ...['shift_jis', 'shift-jis', 'sjis', 'x-sjis', 'ms_kanji', 'csshiftjis', 'windows-31j', 'cp932', 'ms932'].map(
    (label) => [label, 'shift_jis'] as const,
  ),
]);

/** The XML declaration is ASCII in both encodings and stands within the first bytes. */
const DECLARATION_BYTES = 256;
const DECLARED = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]+)["']/u;

/** Bytes to text by what the XML declaration says; UTF-8 where it says nothing. Nothing is ever replaced. */
export class Decoding {
  #encoding: Encoding | undefined;
  #decoder: TextDecoder | undefined;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  readonly #suspicion = new Utf8Suspicion();
  #line = 1;

  get encoding(): Encoding {
    return this.#encoding ?? 'utf-8';
  }

  decode(chunk: Uint8Array): string {
    if (this.#decoder !== undefined) return this.#text(chunk);
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    return this.#pendingBytes < DECLARATION_BYTES ? '' : this.#begin();
  }

  end(): string {
    const text = this.#decoder === undefined ? this.#begin() : '';
    const rest = this.#text(undefined);
    // The declaration itself is what is wrong.
    if (this.#encoding === 'shift_jis' && this.#suspicion.isFounded())
      throw new Refusal('encoding-mismatch', { line: 1, column: 1 });
    return text + rest;
  }

  #begin(): string {
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#encoding = encodingOf(bytes);
    this.#decoder = new TextDecoder(this.#encoding, { fatal: true });
    return this.#text(bytes);
  }

  #text(chunk: Uint8Array | undefined): string {
    if (chunk !== undefined && this.#encoding === 'shift_jis') this.#suspicion.look(chunk);
    try {
      const text = this.#decoder?.decode(chunk, { stream: chunk !== undefined }) ?? '';
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#line += 1;
      return text;
    } catch {
      throw new Refusal('encoding-mismatch', this.#wrongAt(chunk ?? new Uint8Array()));
    }
  }

  /** The decoder does not say where it failed: the longest beginning of the chunk that is text ends there. */
  #wrongAt(chunk: Uint8Array): { line: number; column: number } {
    let [good, bad] = [0, chunk.length];
    while (bad - good > 1) {
      const middle = Math.floor((good + bad) / 2);
      if (this.#begins(chunk.subarray(0, middle))) good = middle;
      else bad = middle;
    }
    const before = new TextDecoder(this.#encoding).decode(chunk.subarray(0, good));
    const lines = before.split('\n');
    return { line: this.#line + lines.length - 1, column: [...(lines.at(-1) ?? '')].length + 1 };
  }

  #begins(bytes: Uint8Array): boolean {
    try {
      new TextDecoder(this.#encoding, { fatal: true }).decode(bytes, { stream: true });
      return true;
    } catch {
      return false;
    }
  }
}

const encodingOf = (bytes: Uint8Array): Encoding => {
  const [first = 0, second = 0, third = 0] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  // UTF-16 and UTF-32, with or without their mark.
  if (first >= 0xfe || bytes.subarray(0, 4).includes(0))
    throw new Refusal('encoding-unsupported', { line: 1, column: 1 });
  const label = DECLARED.exec(Buffer.from(bytes.subarray(0, DECLARATION_BYTES)).toString('latin1'))?.[1];
  const encoding = label === undefined ? 'utf-8' : LABELS.get(label.toLowerCase());
  if (encoding === undefined) throw new Refusal('encoding-unsupported', { line: 1, column: 1 });
  return encoding;
};

/**
 * Bytes of UTF-8 are nearly always characters of Shift_JIS too, others. Two-byte sequences alone prove nothing: ﾄｳ of Shift_JIS is one
 * of them. A longer one, in bytes that are UTF-8 throughout, does: the declaration is wrong.
 */
class Utf8Suspicion {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #isUtf8 = true;
  #hasLongSequence = false;

  look(bytes: Uint8Array): void {
    if (!this.#isUtf8) return;
    try {
      this.#hasLongSequence ||= /[\u0800-\u{10ffff}]/u.test(this.#decoder.decode(bytes, { stream: true }));
    } catch {
      this.#isUtf8 = false;
    }
  }

  isFounded(): boolean {
    return this.#isUtf8 && this.#hasLongSequence;
  }
}
