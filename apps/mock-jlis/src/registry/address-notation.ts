/*
 * Addresses as the registry's search has read them since 2023-12-18: 2丁目1番地2号, 二丁目一番二号, ２－１－２ and 2-1-2 name one place.
 * An address is read from left to right into numbers and what stands between them; two that read alike are one.
 */

const KANJI_DIGITS = '〇一二三四五六七八九';
const KANJI_UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 };
const KANJI_NUMBER = /^[〇一二三四五六七八九十百千]+/u;
const NUMBER = /^\d+/u;
/** Written for a hyphen: dashes, the minus sign, rules, and the long vowel of kana where it stands behind a number. */
const DASH = /^[-‐‑‒–—―−─━ー]$/u;
/** What may follow a number and says only that it is one. Of a town's name where one of these comes next: 三番町, 六番丁, 一番街, 3号棟. */
const COUNTERS: readonly { readonly word: string; readonly unless: string }[] = [
  { word: '丁目', unless: '' },
  { word: '番地', unless: '' },
  { word: '号室', unless: '' },
  { word: '番', unless: '町丁街館' },
  { word: '号', unless: '棟館線' },
];

/** 二十四 is 24, and 一〇五 is 105. */
const valueOf = (kanji: string): number => {
  if ([...kanji].every((sign) => KANJI_DIGITS.includes(sign)))
    return Number([...kanji].map((sign) => KANJI_DIGITS.indexOf(sign)).join(''));
  let total = 0;
  let digit = 0;
  for (const sign of kanji) {
    const unit = KANJI_UNITS[sign];
    if (unit === undefined) digit = KANJI_DIGITS.indexOf(sign);
    else {
      total += (digit === 0 ? 1 : digit) * unit;
      digit = 0;
    }
  }
  return total + digit;
};

/** The counter at the head of a text; empty where there is none. */
const counterOf = (text: string): string =>
  COUNTERS.find(({ word, unless }) => {
    const next = text.slice(word.length, word.length + 1);
    return text.startsWith(word) && (next === '' || !unless.includes(next));
  })?.word ?? '';

/** Whether a sign between two numbers only parts them. */
const leads = (sign: string): boolean => sign === ' ' || sign === 'の' || sign === 'ノ' || DASH.test(sign);

/**
 * A number at the head of a text. Kanji are one where a counter follows them: 三番 is a number, 三田 is a town. Behind another number
 * they need none, where they are not the beginning of a word: 九番地二.
 */
const numberAt = (
  text: string,
  isBehindNumber: boolean,
): { readonly value: number; readonly length: number } | undefined => {
  const [digits] = NUMBER.exec(text) ?? [];
  if (digits !== undefined) return { value: Number(digits), length: digits.length };
  const [kanji] = KANJI_NUMBER.exec(text) ?? [];
  if (kanji === undefined) return undefined;
  const behind = text.slice(kanji.length);
  const isNumber = counterOf(behind) !== '' || (isBehindNumber && (behind === '' || leads(behind.charAt(0))));
  return isNumber ? { value: valueOf(kanji), length: kanji.length } : undefined;
};

/** How much of the head of a text, behind a number, leads to the next: 番地の, a hyphen, a space, or nothing but the counter. */
const joinOf = (text: string): number => {
  let length = counterOf(text).length;
  while (leads(text.charAt(length))) length += 1;
  return length;
};

/** What an address is compared by. Not for display. */
export const placeOf = (address: string): string => {
  const text = address.normalize('NFKC').replace(/\s+/gu, ' ').trim();
  let place = '';
  let at = 0;
  let isBehindNumber = false;
  while (at < text.length) {
    const rest = text.slice(at);
    const number = numberAt(rest, isBehindNumber);
    isBehindNumber = false;
    if (number === undefined) {
      if (rest.charAt(0) !== ' ') place += rest.charAt(0);
      at += 1;
      continue;
    }
    const behind = rest.slice(number.length);
    const join = joinOf(behind);
    const goesOn = join > 0 && numberAt(behind.slice(join), true) !== undefined;
    const counter = counterOf(behind).length;
    place += goesOn ? `${number.value}-` : `${number.value}`;
    isBehindNumber = goesOn;
    // What leads to no other number is text again, but for the counter and a hyphen with nothing behind it.
    at += number.length + (goesOn || join === behind.length ? join : counter);
  }
  return place;
};
