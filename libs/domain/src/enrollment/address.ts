import { normaliseText } from '../identifiers/text.js';

const KANJI_DIGITS = '〇一二三四五六七八九';

/** 漢数字 up to 九十九 as a number; the sign itself where it is not one. */
const kanjiNumber = (text: string): string => {
  const [tens, ones] = text.includes('十') ? text.split('十') : ['', text];
  const digit = (sign: string | undefined, otherwise: number): number =>
    sign === undefined || sign === '' ? otherwise : KANJI_DIGITS.indexOf(sign);
  const value = (text.includes('十') ? digit(tens, 1) * 10 : 0) + digit(ones, 0);
  return `${value}`;
};

/**
 * An address for comparison: NFKC, 丁目・番地・番・号・の and spaces between numbers as hyphens, no other spaces, 漢数字 before them as
 * digits, the ヶ of place names as が. Both sides of a comparison go through it; it is not for display.
 */
export const normaliseAddress = (text: string): string =>
  normaliseText(text)
    // Between two numbers a space parts the house from the room: 1-2 101 is not 1-2101.
    .replace(/(?<=\d)\s+(?=\d)/gu, '-')
    .replace(/\s/gu, '')
    .replace(/(?<=\p{Script=Han})[ヶケがガ](?=\p{Script=Han})/gu, 'が')
    .replace(
      /[一二三四五六七八九]?十[一二三四五六七八九]?(?=丁目|番|号)|[一二三四五六七八九](?=丁目|番|号)/gu,
      kanjiNumber,
    )
    .replace(/(?<=\d)(?:丁目|番地の|番地|番|号|の|ノ)(?=\d)/gu, '-')
    .replace(/(?<=\d)(?:丁目|番地|番|号)(?![\p{Script=Han}\p{Script=Katakana}])/gu, '')
    .replace(/(?<=\d)-+(?=\d)/gu, '-')
    .replace(/-+$/u, '');

/** Whether two writings name one address, as the registry's query copes with them since 2023-12-18 (2丁目1番地2号 = 2-1-2). */
export const isSameAddress = (a: string, b: string): boolean => normaliseAddress(a) === normaliseAddress(b);
