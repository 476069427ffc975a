import { parseCivilDate } from '@app/domain';

import type { Leaf } from './description.js';
import type { FaultyCode } from './faults.js';
import type { Format } from './formats.js';

/** A value to keep, nothing at all, or what is wrong with it. */
export type CheckedLeaf =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'fault'; readonly code: FaultyCode; readonly ja?: string; readonly value: string };

const PATTERNS = new Map<string, RegExp>();

const matches = (pattern: string, text: string): boolean => {
  let regex = PATTERNS.get(pattern);
  if (regex === undefined) PATTERNS.set(pattern, (regex = new RegExp(`^(?:${pattern})$`, 'u')));
  return regex.test(text);
};

/** Blanks around a value and full-width digits are read away, where they are no part of it; an empty value is none. */
export const checkLeaf = ({ format }: Leaf, text: string): CheckedLeaf => {
  const value = tidy(format, text);
  if (value === '') return { kind: 'empty' };
  if (format.maxLength !== undefined && lengthOf(value) > format.maxLength)
    return { kind: 'fault', code: 'too-long', ja: format.ja, value };
  if (format.pattern !== undefined && !matches(format.pattern, value))
    return { kind: 'fault', code: format.codes === undefined ? 'format' : 'code', ja: format.ja, value };
  if (format.day === true && !isDay(value)) return { kind: 'fault', code: 'no-such-day', value };
  return { kind: 'value', value: format.canonical?.(value) ?? value };
};

const tidy = (format: Format, text: string): string => {
  if (format.verbatim === true) return text;
  const trimmed = text.trim();
  return format.narrow === true ? trimmed.normalize('NFKC') : trimmed;
};

/** In code points: 𠮷 is one character. */
const lengthOf = (text: string): number => {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
};

/** The calendar alone decides: an end date of 9999-12-31 is one. */
const isDay = (digits: string): boolean => {
  const parsed = parseCivilDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`);
  return parsed.ok || parsed.reason === 'out-of-range';
};
