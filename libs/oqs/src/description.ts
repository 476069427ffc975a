import type { Format } from './formats.js';

/**
 * A message is described once. Its TypeScript types, reader, writer, XSD, JSON Schema and the tables of `docs/oqs` are all
 * made from that description, so that they cannot disagree.
 */

/**
 * How an element is known, strongest first: C seen in a published message of the national system, K read or written by a client
 * in use, T transcribed from the specification by a client's author, I inferred.
 */
export type Evidence = 'C' | 'K' | 'T' | 'I';

/**
 * - `required`: a message without it is faulty.
 * - `always`: what we write holds it; a message that we read may lack it.
 * - `filled`: as `always`, and the writer knows its value.
 * - `optional`: absent when there is nothing to say, never empty.
 * - `some`, `many`: repeated without a wrapper, once or more, or not at all.
 * - `tolerated`: read, since clients send it, and never written.
 */
export type Cardinality = 'required' | 'always' | 'filled' | 'optional' | 'some' | 'many' | 'tolerated';

interface Described<N extends string> {
  readonly name: N;
  /** Its Japanese name. */
  readonly ja: string;
  readonly evidence: Evidence;
  /** A peculiarity worth knowing, for the published tables. */
  readonly note?: string;
}

export interface Leaf<N extends string = string> extends Described<N> {
  readonly kind: 'leaf';
  readonly format: Format;
  /** Names under which some clients send the same. */
  readonly aliases?: readonly string[];
}

export interface AnyGroup extends Described<string> {
  readonly kind: 'group';
  readonly parts: readonly AnyPart[];
  /**
   * How the JSON web API writes a wrapper of repeated items: as an array of `{ item: … }` (captured), or of the items
   * themselves. Both are read.
   */
  readonly jsonList?: 'wrapped' | 'bare';
  /** Exactly one of these sets of parts is given. */
  readonly oneOf?: readonly (readonly string[])[];
}

export interface Group<N extends string, P extends readonly AnyPart[]> extends AnyGroup {
  readonly name: N;
  readonly parts: P;
}

export type AnyElement = Leaf | AnyGroup;

export interface Part<C extends Cardinality, E extends AnyElement> {
  readonly cardinality: C;
  readonly element: E;
}
export type AnyPart = Part<Cardinality, AnyElement>;

export const leaf = <const N extends string>(
  name: N,
  ja: string,
  format: Format,
  evidence: Evidence,
  more: Pick<Leaf, 'note' | 'aliases'> = {},
): Leaf<N> => ({ kind: 'leaf', name, ja, format, evidence, ...more });

export const group = <const N extends string, const P extends readonly AnyPart[]>(
  name: N,
  ja: string,
  evidence: Evidence,
  parts: P,
  more: Pick<AnyGroup, 'note' | 'jsonList' | 'oneOf'> = {},
): Group<N, P> => ({ kind: 'group', name, ja, evidence, parts, ...more });

const part =
  <C extends Cardinality>(cardinality: C) =>
  <E extends AnyElement>(element: E): Part<C, E> => ({ cardinality, element });

export const required = part('required');
export const always = part('always');
export const filled = part('filled');
export const optional = part('optional');
export const some = part('some');
export const many = part('many');
export const tolerated = part('tolerated');

type Named<P extends AnyPart> = P['element']['name'];
type Of<P extends readonly AnyPart[], C extends Cardinality> = Extract<P[number], { readonly cardinality: C }>;
type Flat<T> = { [K in keyof T]: T[K] };

type WrittenValue<E extends AnyElement> = E extends Leaf
  ? string
  : E extends Group<string, infer P>
    ? WrittenTree<P>
    : never;
/** What the writer takes: an optional part that is absent, `undefined` or empty is not written. */
type WrittenTree<P extends readonly AnyPart[]> = Flat<
  {
    readonly [X in Of<P, 'required' | 'always'> as Named<X>]: WrittenValue<X['element']>;
  } & {
    readonly [X in Of<P, 'optional' | 'filled'> as Named<X>]?: WrittenValue<X['element']> | undefined;
  } & {
    readonly [X in Of<P, 'some'> as Named<X>]: readonly WrittenValue<X['element']>[];
  } & {
    readonly [X in Of<P, 'many'> as Named<X>]?: readonly WrittenValue<X['element']>[] | undefined;
  }
>;
export type Written<E extends AnyElement> = WrittenValue<E>;

type ReceivedValue<E extends AnyElement> = E extends Leaf
  ? string
  : E extends Group<string, infer P>
    ? ReceivedTree<P>
    : never;
/** What the reader gives where nothing was at fault: an empty part is absent, a repeated part is an array. */
type ReceivedTree<P extends readonly AnyPart[]> = Flat<
  {
    readonly [X in Of<P, 'required'> as Named<X>]: ReceivedValue<X['element']>;
  } & {
    readonly [X in Of<P, 'always' | 'filled' | 'optional' | 'tolerated'> as Named<X>]?: ReceivedValue<X['element']>;
  } & {
    readonly [X in Of<P, 'some' | 'many'> as Named<X>]: readonly ReceivedValue<X['element']>[];
  }
>;
export type Received<E extends AnyElement> = ReceivedValue<E>;

/** What could be read of something at fault: any part may be missing. */
export type Loose<T> = T extends string
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Loose<Item>[]
    : { readonly [K in keyof T]?: Loose<T[K]> };
