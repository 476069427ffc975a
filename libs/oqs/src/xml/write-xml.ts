import type { AnyGroup, AnyPart, Leaf } from '../description.js';
import { isLeftOut, isNothing } from '../emptiness.js';
import { itemOf, KINDS, type BulkKind, type ItemToWrite, type Kind, type MessageToWrite } from '../kinds.js';
import type { Echo, Encoding } from '../reading.js';
import { encodeShiftJis, shiftJisCode } from './shift-jis.js';

export interface WriteOptions {
  /**
   * The national system answers in UTF-8, also when it was asked in Shift_JIS; so do we unless told otherwise.
   */
  readonly encoding?: Encoding;
  /** From the reading of the request: an ArbitraryFileIdentifier of the same value is written as it stood there. */
  readonly echo?: Echo | undefined;
}

/** A character that could not be written; ● stands in its place, as the national system does it. */
export interface Replaced {
  /** Names of elements, the innermost last: `MessageBody/ResultList/…/Name`. */
  readonly path: string;
  /** `U+20BB7`. */
  readonly character: string;
}

export interface WrittenXml {
  readonly bytes: Buffer;
  /** Never silently: whoever writes decides whether somebody has to know. */
  readonly replaced: readonly Replaced[];
}

const REPLACEMENT = '●';
const LABEL: Readonly<Record<Encoding, string>> = { 'utf-8': 'UTF-8', shift_jis: 'Shift_JIS' };
const CODE: Readonly<Record<Encoding, string>> = { 'utf-8': '0', shift_jis: '1' };

/** Writes a message in the order of the interface, without empty elements. */
export const writeXml = <K extends Kind>(
  kind: K,
  message: MessageToWrite<K>,
  options: WriteOptions = {},
): WrittenXml => {
  const writer = new Writer(options);
  writer.declaration();
  writer.group(KINDS[kind].message, message, '');
  return { bytes: writer.take(), replaced: writer.replaced };
};

/** Bytes that are collected before they are handed on. */
const PIECE_BYTES = 64 * 1024;

/**
 * Writes a message about many people as they come. `message` has none of them; the header with its counts comes first, so these have to
 * be known.
 * @param onReplaced is told of every character that could not be written
 */
export async function* writeBulkXml<K extends BulkKind>(
  kind: K,
  message: MessageToWrite<K>,
  items: Iterable<ItemToWrite<K>> | AsyncIterable<ItemToWrite<K>>,
  options: WriteOptions & { readonly onReplaced?: (replaced: Replaced) => void } = {},
): AsyncGenerator<Buffer> {
  const item = itemOf(kind);
  if (item === undefined) throw new RangeError(`${kind} holds no repeated group`);
  const writer = new Writer(options);
  writer.declaration();
  // The items stand where the description has them; everything before is written first, everything behind last.
  const end = writer.groupUpTo(KINDS[kind].message, message, item);
  for await (const one of items) {
    writer.group(item, one, 'MessageBody');
    if (writer.length < PIECE_BYTES) continue;
    yield writer.take();
    report(writer, options.onReplaced);
  }
  end();
  yield writer.take();
  report(writer, options.onReplaced);
}

const report = (writer: Writer, onReplaced: ((replaced: Replaced) => void) | undefined): void => {
  for (const one of writer.replaced.splice(0)) onReplaced?.(one);
};

class Writer {
  readonly replaced: Replaced[] = [];
  readonly #encoding: Encoding;
  readonly #echo: Echo | undefined;
  #text = '';
  #indent = '';

  constructor({ encoding = 'utf-8', echo }: WriteOptions) {
    this.#encoding = encoding;
    this.#echo = echo;
  }

  get length(): number {
    return this.#text.length;
  }

  take(): Buffer {
    const text = this.#text;
    this.#text = '';
    return this.#encoding === 'utf-8' ? Buffer.from(text, 'utf8') : encodeShiftJis(text);
  }

  declaration(): void {
    this.#text += `<?xml version="1.0" encoding="${LABEL[this.#encoding]}" standalone="no"?>\n`;
  }

  group(group: AnyGroup, value: object, inside: string): void {
    const path = pathIn(inside, group.name);
    this.#open(group);
    for (const part of group.parts) this.#part(part, value, path);
    this.#close(group);
  }

  /** Writes all that stands before the first `item`; what is returned writes all that stands behind the last. */
  groupUpTo(root: AnyGroup, value: object, item: AnyGroup): () => void {
    const [header, body] = root.parts as readonly [AnyPart, AnyPart & { element: AnyGroup }];
    this.#open(root);
    this.#part(header, value, root.name);
    this.#open(body.element);
    const inBody = valueOf(value, body.element.name);
    if (typeof inBody !== 'object' || inBody === null) throw new TypeError(`${body.element.name} has to be written`);
    const at = body.element.parts.findIndex(({ element }) => element === item);
    const write = (parts: readonly AnyPart[]): void => {
      for (const part of parts) this.#part(part, inBody, body.element.name);
    };
    write(body.element.parts.slice(0, at));
    return () => {
      write(body.element.parts.slice(at + 1));
      this.#close(body.element);
      this.#close(root);
    };
  }

  #part({ element, cardinality }: AnyPart, value: object, path: string): void {
    if (cardinality === 'tolerated') return;
    const given = cardinality === 'filled' ? CODE[this.#encoding] : valueOf(value, element.name);
    if (isLeftOut(element, cardinality, given)) return;
    if (isNothing(given)) throw new TypeError(`${pathIn(path, element.name)} has to be written`);
    for (const one of Array.isArray(given) ? (given as unknown[]) : [given]) {
      if (element.kind === 'leaf') this.#leaf(element, one, path);
      else if (typeof one === 'object' && one !== null) this.group(element, one, path);
      else throw new TypeError(`${pathIn(path, element.name)} is a group`);
    }
  }

  #leaf(leaf: Leaf, value: unknown, inside: string): void {
    const path = pathIn(inside, leaf.name);
    // Types say so already; a number or null would break the clients of the JSON of the same tree.
    if (typeof value !== 'string') throw new TypeError(`${path} is text`);
    if (value === '') return;
    const written = leaf.format.inXml?.(value) ?? value;
    const isEcho = leaf.format.verbatim === true && this.#echo?.value === value;
    const text = this.#encodable(isEcho ? (this.#echo?.xml ?? '') : escaped(written), path);
    this.#text += `${this.#indent}<${leaf.name}>${text}</${leaf.name}>\n`;
  }

  #open({ name }: AnyGroup): void {
    this.#text += `${this.#indent}<${name}>\n`;
    this.#indent += '  ';
  }

  #close({ name }: AnyGroup): void {
    this.#indent = this.#indent.slice(2);
    this.#text += `${this.#indent}</${name}>\n`;
  }

  /** What XML or the encoding does not have becomes ●. */
  #encodable(text: string, path: string): string {
    if (this.#encoding === 'utf-8' && !NOT_IN_XML.test(text)) return text;
    let out = '';
    for (const character of this.#encoding === 'utf-8' ? text : withWholeKana(text)) {
      const isWritable =
        !NOT_IN_XML.test(character) &&
        (this.#encoding === 'utf-8' || shiftJisCode(character.codePointAt(0) ?? 0) !== undefined);
      out += isWritable ? character : REPLACEMENT;
      if (!isWritable) this.replaced.push({ path, character: codePointName(character) });
    }
    return out;
  }
}

/** か and its mark ゛ apart are nothing in Shift_JIS; together they are が. Only kana: NFC would turn U+FA19 into U+795E. */
const withWholeKana = (text: string): string =>
  text.replaceAll(/[\u3041-\u30ff][\u3099\u309a]/gu, (kana) => kana.normalize('NFC'));

// What XML 1.0 does not allow, not even escaped; lone surrogates among it.
// oxlint-disable-next-line no-control-regex
const NOT_IN_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
const escaped = (text: string): string => text.replaceAll(/[&<>\r]/gu, (character) => ESCAPES[character] ?? character);

const codePointName = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const pathIn = (inside: string, name: string): string =>
  inside === '' || inside === 'XmlMsg' ? name : `${inside}/${name}`;

const valueOf = (value: object, name: string): unknown => (value as Readonly<Record<string, unknown>>)[name];
