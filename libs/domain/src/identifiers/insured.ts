import { accepted, refused, type Parsed } from '../parsed.js';
import { digitsText, normaliseText } from './text.js';

/**
 * 記号 and 番号 as they are compared: NFKC, hyphens of every kind as `-`, trimmed, latin letters folded to upper case (a
 * clerk's keyboard decides the case, the card prints capitals). What was filed is stored beside it, unfolded.
 */
export const normaliseSymbol = (text: string): string => normaliseText(text).toUpperCase();
export const normaliseNumber = (text: string): string => normaliseText(text).toUpperCase();

/** 枝番 as it is compared: NFKC, trimmed, a single digit padded to two. 後期 has none. */
export const normaliseBranch = (text: string): string => digitsText(text).padStart(2, '0');

/** 枝番 of a filing: two digits, a single one padded. */
export const parseBranch = (text: string): Parsed<string, 'format'> => {
  const branch = normaliseBranch(text);
  return /^\d{2}$/u.test(branch) && digitsText(text) !== ''
    ? accepted(branch)
    : refused('format', 'a branch number has two digits');
};

/** Longest 記号 and 番号 the national interface carries. */
export const SYMBOL_MAX_LENGTH = 20;
export const NUMBER_MAX_LENGTH = 20;
