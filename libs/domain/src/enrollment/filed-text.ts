import { VARIANT_GROUPS } from './variant-characters.js';

/*
 * Names as they are filed, held against names as they are registered. Nothing here changes what is kept: a text is kept as it was
 * filed, and refused where it holds what cannot be kept. And nothing here registers anybody: forms that agree say why the registry
 * did not find a person, and leave it to people what to do about it.
 */

/**
 * What a text must not hold. `private-use`: a character that somebody added to their own font (外字), which means nothing
 * elsewhere. `replacement`: U+FFFD, where somebody's program has lost a character already. `invisible`: format characters, of which
 * nothing is seen and by which two texts differ all the same.
 */
export type UnwritableKind =
  'lone-surrogate' | 'replacement' | 'control' | 'private-use' | 'noncharacter' | 'invisible';

export interface Unwritable {
  readonly kind: UnwritableKind;
  /** Which character of the text it is, from 1; a character outside the basic plane (𠮷) counts as one. */
  readonly position: number;
  /** Such as `U+E000`. */
  readonly codePoint: string;
}

const UNWRITABLE: readonly (readonly [UnwritableKind, RegExp])[] = [
  ['lone-surrogate', /^\p{Cs}$/u],
  ['replacement', /^\uFFFD$/u],
  // Line and paragraph separators are no controls by category, and end a line like one.
  ['control', /^[\p{Cc}\u2028\u2029]$/u],
  ['private-use', /^\p{Co}$/u],
  ['noncharacter', /^\p{Noncharacter_Code_Point}$/u],
  ['invisible', /^\p{Cf}$/u],
];

const codePointOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Every character that a name, a kana name or an address must not hold, in order. Empty: it can be kept as it is. */
export const unwritableIn = (text: string): readonly Unwritable[] =>
  [...text].flatMap((character, i) => {
    const kind = UNWRITABLE.find(([, pattern]) => pattern.test(character))?.[0];
    return kind === undefined ? [] : [{ kind, position: i + 1, codePoint: codePointOf(character) }];
  });

const WITHOUT_SPACES = /\s/gu;
/** They choose among shapes of one character (異体字セレクタ). */
const VARIATION_SELECTORS = /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/gu;
/** What is typed for the sign of a long vowel: every dash, and the wave. */
const LONG_VOWEL_SIGNS = /[\u002D\u007E\u02D7\u2010-\u2015\u2043\u2212\u2500\u2501\u301C\u30A0\u4E00]/gu;
const HIRAGANA = /[\u3041-\u3096\u309D\u309E]/gu;
const HIRAGANA_TO_KATAKANA = 0x60;
const SMALL_KANA = 'ァィゥェォッャュョヮヵヶ';
const LARGE_KANA = 'アイウエオツヤユヨワカケ';

const REPRESENTATIVE: ReadonlyMap<string, string> = new Map(
  VARIANT_GROUPS.flatMap(({ characters }) =>
    [...characters].map((character): [string, string] => [character, [...characters][0] ?? character]),
  ),
);

const representativeOf = (character: string): string => REPRESENTATIVE.get(character) ?? character;

/** NFKC, and one plain space wherever there are spaces between the parts: full and half width are one writing. */
export const nameForm = (text: string): string => text.normalize('NFKC').replace(/\s+/gu, ' ').trim();

/** The same, in katakana. */
export const kanaForm = (text: string): string =>
  nameForm(text).replace(HIRAGANA, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + HIRAGANA_TO_KATAKANA));

const unspaced = (text: string): string => text.replace(WITHOUT_SPACES, '');

const withLongVowels = (kana: string): string => kana.replace(LONG_VOWEL_SIGNS, 'ー');

/** One sign for every long vowel, whichever dash was typed for it. */
const longVowelForm = (text: string): string => withLongVowels(kanaForm(text));

/** Small kana written large, as in old files: シヨウ for ショウ. */
const largeForm = (kana: string): string =>
  [...kana].map((sign) => LARGE_KANA[SMALL_KANA.indexOf(sign)] ?? sign).join('');

/** A stand-in for each variant of a kanji. Never kept, shown or registered. */
const variantForm = (text: string): string =>
  [...nameForm(text).replace(VARIATION_SELECTORS, '')].map(representativeOf).join('');

/**
 * In what two writings differ, the least there is to say: `same` (width and the kind of space do not count), `spaces`,
 * `long-vowel-signs` and `small-kana` (kana), `variant-characters` (kanji; spaces may differ as well), or `different`.
 */
export type WritingDifference =
  'same' | 'spaces' | 'long-vowel-signs' | 'small-kana' | 'variant-characters' | 'different';

type Form = readonly [WritingDifference, (text: string) => string];

/** From the strictest to the loosest: each form takes in those before it. */
const NAME_FORMS: readonly Form[] = [
  ['same', nameForm],
  ['spaces', (text) => unspaced(nameForm(text))],
  ['variant-characters', (text) => unspaced(variantForm(text))],
];
const KANA_FORMS: readonly Form[] = [
  ['same', kanaForm],
  ['long-vowel-signs', longVowelForm],
  ['spaces', (text) => unspaced(longVowelForm(text))],
  ['small-kana', (text) => largeForm(unspaced(longVowelForm(text)))],
];

const firstAgreement = (forms: readonly Form[], filed: string, registered: string): WritingDifference =>
  forms.find(([, form]) => form(filed) === form(registered))?.[0] ?? 'different';

/** For names in kanji. */
export const nameDifference = (filed: string, registered: string): WritingDifference =>
  firstAgreement(NAME_FORMS, filed, registered);

/** For names in kana. */
export const kanaDifference = (filed: string, registered: string): WritingDifference =>
  firstAgreement(KANA_FORMS, filed, registered);

/** Two variants of one kanji where two names have them. */
export interface VariantPair {
  /** Which character of the filed name, from 1, spaces not counted. */
  readonly position: number;
  readonly filed: string;
  readonly registered: string;
}

/** Where two names that differ only in variants differ: for the words to whoever filed. Empty for any other two. */
export const variantPairs = (filed: string, registered: string): readonly VariantPair[] => {
  if (nameDifference(filed, registered) !== 'variant-characters') return [];
  const signs = (text: string): readonly string[] => withSelectors(unspaced(nameForm(text)));
  const others = signs(registered);
  return signs(filed).flatMap((sign, i) => {
    const other = others[i] ?? '';
    return sign === other ? [] : [{ position: i + 1, filed: sign, registered: other }];
  });
};

/** Characters, each with the selector of its shape. */
const withSelectors = (text: string): readonly string[] =>
  text.match(/[^\uFE00-\uFE0F\u{E0100}-\u{E01EF}][\uFE00-\uFE0F\u{E0100}-\u{E01EF}]*/gu) ?? [];
