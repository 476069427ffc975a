import { itemOf, type BulkKind, type Kind } from '../kinds.js';
import { itemReadingOf, readingOf, type ItemReading, type Reading } from '../reading.js';
import { Decoding } from './decoding.js';
import { MessageParser, type BuiltItem } from './message-parser.js';
import { Refusal } from './refusal.js';

/** Bytes of a message about one person, and of one about many. */
export const SINGLE_MAX_BYTES = 4 * 1024 * 1024;
export const BULK_MAX_BYTES = 64 * 1024 * 1024;

const maxBytesOf = (kind: Kind): number => (itemOf(kind) === undefined ? SINGLE_MAX_BYTES : BULK_MAX_BYTES);

/** Read at one go: a few milliseconds, between which others have their turn. */
const SLICE_BYTES = 64 * 1024;
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

/** The reading of one message, from its first byte to its last. */
export class XmlReading<K extends Kind> {
  readonly #decoding = new Decoding();
  readonly #parser: MessageParser;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(kind: K, onItem?: (item: BuiltItem) => void) {
    this.#maxBytes = maxBytesOf(kind);
    this.#parser = new MessageParser(kind, onItem === undefined ? undefined : itemOf(kind), onItem ?? (() => {}));
  }

  /** Before a piece is read: a message that is too large is not read to its limit. */
  count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes) throw new Refusal('too-large');
  }

  write(chunk: Uint8Array): void {
    this.#parser.write(this.#decoding.decode(chunk));
  }

  end(): Reading<K> {
    this.#parser.write(this.#decoding.end());
    const { value, faults, ...aside } = this.#parser.end();
    return readingOf(value, faults, { encoding: this.#decoding.encoding, ...aside });
  }
}

const refused = (error: unknown): { readonly outcome: 'malformed'; readonly fault: Refusal['malformation'] } => {
  if (error instanceof Refusal) return { outcome: 'malformed', fault: error.malformation };
  throw error;
};

/** Reads a whole message. What is wrong with one person of many makes the message faulty; `readBulkXml` tells them apart. */
export const readXml = <K extends Kind>(kind: K, bytes: Uint8Array): Reading<K> => {
  const reading = new XmlReading(kind);
  try {
    reading.count(bytes.length);
    reading.write(bytes);
    return reading.end();
  } catch (error) {
    return refused(error);
  }
};

/**
 * Reads a message about many people as it comes, and hands each person on in turn: the next bytes are taken when `eachItem` is
 * through. The reading that is given at the end holds everything else. People may have been handed on before a message
 * turns out to be malformed: what is made of them is good only when the outcome is not `malformed`.
 */
export const readBulkXml = async <K extends BulkKind>(
  kind: K,
  source: AsyncIterable<Uint8Array>,
  eachItem: (item: ItemReading<K>) => void | Promise<void>,
): Promise<Reading<K>> => {
  let items: BuiltItem[] = [];
  const reading = new XmlReading(kind, (item) => items.push(item));
  const handOn = async (): Promise<void> => {
    const ready = items;
    items = [];
    for (const { value, faults, index } of ready) await eachItem(itemReadingOf<K>(value, faults, index));
  };
  try {
    for await (const chunk of source) {
      reading.count(chunk.length);
      for (let at = 0; at < chunk.length; at += SLICE_BYTES) {
        reading.write(chunk.subarray(at, at + SLICE_BYTES));
        await handOn();
        await turn();
      }
    }
    const whole = reading.end();
    await handOn();
    return whole;
  } catch (error) {
    return refused(error);
  }
};
