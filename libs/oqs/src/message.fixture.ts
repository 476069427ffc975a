import * as fc from 'fast-check';

import type { AnyElement, AnyGroup, AnyPart, Leaf } from './description.js';
import { KINDS, type Kind, type MessageToWrite } from './kinds.js';
import { shiftJisCode } from './xml/shift-jis.js';

type Tree = { [name: string]: string | Tree | (string | Tree)[] };

const SHIFT_JIS = Array.from({ length: 0x10000 }, (_, code) => code).filter(
  (code) => code > 0x20 && shiftJisCode(code) === code,
);
const characters = {
  /** All that XML 1.0 allows; a carriage return comes back as it was, for it is escaped. */
  any: fc.oneof(
    fc.integer({ min: 0x20, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0xfffd }),
    fc.integer({ min: 0x10000, max: 0x10ffff }),
    fc.constantFrom(0x09, 0x0a, 0x0d, 0x26, 0x3c, 0x3e, 0x22, 0x27, 0x5d, 0x9ad9, 0x20bb7),
  ),
  shiftJis: fc.oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc
      .constantFrom(...'髙﨑①㈱Ⅲ～－ｱﾞ纊亜ー・　見本', ...SHIFT_JIS.map((code) => String.fromCharCode(code)))
      .map((character) => character.codePointAt(0) ?? 0x20),
  ),
};
export type Alphabet = keyof typeof characters;

const text = (alphabet: Alphabet, maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(characters[alphabet], { minLength: 1, maxLength: Math.min(maxLength, 12) })
    .map((codes) => String.fromCodePoint(...codes))
    .filter((value) => value.trim() === value && value !== '');

const two = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map((number) => `${number}`.padStart(2, '0'));
const year = fc.integer({ min: 1868, max: 2100 }).map(String);
const day = fc.tuple(year, two(1, 12), two(1, 28)).map((parts) => parts.join(''));
const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(''));

const valueOf = ({ format }: Leaf, alphabet: Alphabet): fc.Arbitrary<string> => {
  if (format.codes !== undefined) return fc.constantFrom(...format.codes.meanings.map(([code]) => code));
  switch (format.name) {
    case 'date':
      return day;
    case 'dateTime':
      return fc.tuple(day, two(0, 23), two(0, 59), two(0, 59)).map((parts) => parts.join(''));
    case 'month':
      return fc.tuple(year, two(1, 12)).map((parts) => parts.join(''));
    case 'insurerNumber':
      return fc.oneof(
        digits(6),
        digits(8).filter((number) => !number.startsWith('00')),
      );
    case 'postNumber':
      return fc.tuple(digits(3), digits(4)).map((parts) => parts.join('-'));
    case 'count':
      return fc.nat().map(String);
    default: {
      const [, length] = /^(?:digits|upToDigits)(\d+)$/u.exec(format.name) ?? [];
      return length === undefined ? text(alphabet, format.maxLength ?? 12) : digits(Number(length));
    }
  }
};

const elementOf = (element: AnyElement, alphabet: Alphabet): fc.Arbitrary<string | Tree> =>
  element.kind === 'leaf' ? valueOf(element, alphabet) : groupOf(element, alphabet);

const partOf = ({ element, cardinality }: AnyPart, alphabet: Alphabet): fc.Arbitrary<Tree[string] | undefined> => {
  const one = elementOf(element, alphabet);
  switch (cardinality) {
    case 'required':
    case 'always':
      return one;
    case 'some':
      return fc.array(one, { minLength: 1, maxLength: 3 });
    case 'many':
      return fc.array(one, { minLength: 1, maxLength: 3 });
    case 'optional':
      return fc.option(one, { nil: undefined });
    case 'filled':
    case 'tolerated':
      return fc.constant(undefined);
  }
};

/** A group that is never empty, since an empty one is not written. */
const groupOf = (group: AnyGroup, alphabet: Alphabet): fc.Arbitrary<Tree> =>
  fc
    .tuple(...group.parts.map((part) => partOf(part, alphabet)))
    .map((values): Tree => {
      const chosen = group.oneOf?.[values.filter((value) => value === undefined).length % group.oneOf.length];
      const others = group.oneOf?.flat().filter((name) => chosen?.includes(name) !== true) ?? [];
      const tree: Tree = {};
      for (const [i, part] of group.parts.entries()) {
        const value = values[i] ?? (chosen?.includes(part.element.name) === true ? '20260701' : undefined);
        if (value !== undefined && !others.includes(part.element.name)) tree[part.element.name] = value;
      }
      return tree;
    })
    .filter((tree) => Object.keys(tree).length > 0);

/** Any message of a kind that can be written. */
export const messageOf = <K extends Kind>(kind: K, alphabet: Alphabet = 'any'): fc.Arbitrary<MessageToWrite<K>> =>
  groupOf(KINDS[kind].message, alphabet) as unknown as fc.Arbitrary<MessageToWrite<K>>;

/** What reading gives back of a message that was written. */
export const expectedOf = (kind: Kind, message: object, characterCode: '0' | '1'): object =>
  expectedGroup(KINDS[kind].message, message as Tree, characterCode);

const expectedGroup = (group: AnyGroup, tree: Tree, characterCode: string): Tree => {
  const expected: Tree = {};
  for (const { element, cardinality } of group.parts) {
    const value = tree[element.name];
    const inner = (one: string | Tree): string | Tree =>
      element.kind === 'group' ? expectedGroup(element, one as Tree, characterCode) : one;
    if (cardinality === 'filled') expected[element.name] = characterCode;
    else if (Array.isArray(value)) expected[element.name] = value.map(inner);
    else if (value !== undefined) expected[element.name] = inner(value);
    else if (cardinality === 'many') expected[element.name] = [];
  }
  return expected;
};
