import { SaxesParser } from 'saxes';

import type { AnyGroup, AnyPart, Leaf } from '../description.js';
import type { Fault, Position } from '../faults.js';
import { GroupBuilder } from '../group-builder.js';
import { KINDS, type Kind } from '../kinds.js';
import type { Echo, Unknown } from '../reading.js';
import { Refusal } from './refusal.js';

/** A message has six levels; a hostile one has more. */
const DEPTH_MAX = 16;
/** Characters without a tag. */
const PIECE_MAX = 1024 * 1024;
const UNKNOWN_MAX = 50;
const UNKNOWN_TEXT_MAX = 200;

type Frame =
  | { readonly kind: 'group'; readonly part: AnyPart | undefined; readonly builder: GroupBuilder }
  | {
      readonly kind: 'leaf';
      readonly part: AnyPart & { readonly element: Leaf };
      readonly position: Position;
      text: string;
      isBroken: boolean;
    }
  | { readonly kind: 'unknown'; readonly path: string; text: string };

export interface BuiltItem {
  readonly value: object;
  readonly faults: readonly Fault[];
  readonly index: number;
}

/** Text in, tree out. Whatever is no message throws Refusal. */
export class MessageParser {
  readonly #parser = new SaxesParser({ defaultXMLVersion: '1.0', forceXMLVersion: true });
  readonly #root: AnyGroup;
  readonly #frames: Frame[] = [];
  readonly #unknown: Unknown[] = [];
  #built: { readonly value: object; readonly faults: readonly Fault[] } | undefined;
  #hasBegun = false;
  #lastStep = 0;
  /** Of the source, while an element is open that is repeated to the letter. */
  #captured: { text: string; from: number } | undefined;
  #fed = 0;
  /** What the parser is reading, and where in the whole it begins. */
  #chunk = { text: '', from: 0 };
  #echo: Echo | undefined;

  /** @param item the group that is handed to `onItem` by itself, instead of being kept */
  constructor(
    kind: Kind,
    private readonly item: AnyGroup | undefined,
    private readonly onItem: (item: BuiltItem) => void,
  ) {
    this.#root = KINDS[kind].message;
    this.#parser.on('error', (error) =>
      this.#refuse(/entity/u.test(error.message) ? 'entity-refused' : 'not-well-formed'),
    );
    this.#parser.on('doctype', () => this.#refuse('doctype-refused'));
    this.#parser.on('processinginstruction', () => this.#refuse('processing-instruction-refused'));
    this.#parser.on('comment', () => this.#step());
    this.#parser.on('opentag', ({ name }) => this.#open(name));
    this.#parser.on('text', (text) => this.#text(text));
    this.#parser.on('cdata', (text) => this.#text(text));
    this.#parser.on('closetag', () => this.#close());
  }

  write(text: string): void {
    let rest = text;
    if (!this.#hasBegun) {
      // Some templates begin with an empty line, which XML does not allow before its declaration.
      rest = text.trimStart();
      this.#parser.line += text.slice(0, text.length - rest.length).split('\n').length - 1;
      if (rest === '') return;
      this.#hasBegun = true;
    }
    this.#captured = this.#captured && { ...this.#captured, text: this.#captured.text + rest };
    this.#chunk = { text: rest, from: this.#fed };
    this.#fed += rest.length;
    this.#parser.write(rest);
    // Between two writes the parser's own position is not to be relied on.
    this.#checkPiece(this.#fed);
  }

  end(): { value: object; faults: readonly Fault[]; unknown: readonly Unknown[]; echo?: Echo } {
    this.#parser.close();
    if (this.#built === undefined) throw new Refusal('not-well-formed', this.#position());
    const { value, faults } = this.#built;
    return {
      value,
      faults,
      unknown: this.#unknown,
      ...(this.#echo === undefined ? {} : { echo: this.#echo }),
    };
  }

  #open(name: string): void {
    this.#step();
    if (this.#frames.length >= DEPTH_MAX) this.#refuse('too-deep');
    this.#frames.push(this.#frameOf(name));
  }

  #frameOf(name: string): Frame {
    const outer = this.#frames.at(-1);
    const position = this.#position();
    if (outer === undefined) {
      if (name !== this.#root.name) this.#refuse('not-a-message');
      return { kind: 'group', part: undefined, builder: new GroupBuilder(this.#root, '', position) };
    }
    if (outer.kind === 'unknown') return { kind: 'unknown', path: `${outer.path}/${name}`, text: '' };
    if (outer.kind === 'leaf') {
      outer.isBroken = true;
      return { kind: 'unknown', path: `${outer.part.element.name}/${name}`, text: '' };
    }
    const part = outer.builder.part(name);
    if (part === undefined) return { kind: 'unknown', path: `${outer.builder.path}/${name}`, text: '' };
    const { element } = part;
    if (element.kind === 'group')
      return { kind: 'group', part, builder: new GroupBuilder(element, outer.builder.pathOf(part), position) };
    if (element.format.verbatim === true) {
      const from = this.#parser.position;
      this.#captured = { text: this.#chunk.text.slice(from - this.#chunk.from), from };
    }
    return { kind: 'leaf', part: { ...part, element }, position, text: '', isBroken: false };
  }

  #text(text: string): void {
    this.#step();
    const frame = this.#frames.at(-1);
    if (frame === undefined) return;
    if (frame.kind === 'group') {
      if (text.trim() !== '') this.#keepAside(`${frame.builder.path}/#text`, text);
    } else frame.text += text;
  }

  #close(): void {
    this.#step();
    const frame = this.#frames.pop();
    const outer = this.#frames.at(-1);
    switch (frame?.kind) {
      case 'unknown':
        this.#keepAside(frame.path, frame.text);
        break;
      case 'leaf':
        if (outer?.kind === 'group') this.#closeLeaf(frame, outer.builder);
        break;
      case 'group':
        if (outer?.kind === 'group' && frame.part !== undefined)
          this.#closeGroup(frame.part, frame.builder, outer.builder);
        else this.#built = frame.builder.close();
        break;
      case undefined:
        break;
    }
  }

  #closeLeaf(frame: Extract<Frame, { kind: 'leaf' }>, outer: GroupBuilder): void {
    const captured = this.#captured;
    this.#captured = undefined;
    if (frame.isBroken) {
      outer.complainOfStructure(frame.part.element, outer.pathOf(frame.part), frame.position);
      return;
    }
    if (captured !== undefined) {
      const xml = captured.text.slice(0, this.#parser.position - captured.from).replace(/<\/[^<]*$/u, '');
      // What is written with CDATA or a comment cannot be repeated to the letter; its value is.
      if (frame.text !== '' && !xml.includes('<')) this.#echo = { value: frame.text, xml };
    }
    outer.addLeaf(frame.part, frame.text, frame.position);
  }

  #closeGroup(part: AnyPart, built: GroupBuilder, outer: GroupBuilder): void {
    if (part.element !== this.item) {
      outer.addGroup(part, built);
      return;
    }
    const { value, faults } = built.close();
    this.onItem({ value, faults, index: outer.countItem(part) - 1 });
  }

  #keepAside(path: string, text: string): void {
    if (this.#unknown.length < UNKNOWN_MAX) this.#unknown.push({ path, text: text.slice(0, UNKNOWN_TEXT_MAX) });
  }

  #step(): void {
    this.#checkPiece(this.#parser.position);
    this.#lastStep = this.#parser.position;
  }

  #checkPiece(position: number): void {
    if (position - this.#lastStep > PIECE_MAX) this.#refuse('piece-too-long');
  }

  #position(): Position {
    return { line: this.#parser.line, column: this.#parser.column + 1 };
  }

  #refuse(code: ConstructorParameters<typeof Refusal>[0]): never {
    throw new Refusal(code, this.#position());
  }
}
