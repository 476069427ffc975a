import { refused, type Parsed } from '../parsed.js';
import { digitsText } from './text.js';

/** Check digit of 個人番号 over its first eleven digits: 11 − (Σ Pn·Qn mod 11); 0 where the remainder is 0 or 1 (平成26年総務省令85号5条). */
export const individualNumberCheckDigit = (body: string): number => {
  let sum = 0;
  for (let n = 1; n <= 11; n += 1) {
    const digit = body.charCodeAt(11 - n) - 48;
    sum += digit * (n <= 6 ? n + 1 : n - 5);
  }
  const remainder = sum % 11;
  return remainder <= 1 ? 0 : 11 - remainder;
};

/**
 * Whether a text could be an 個人番号. Gives no value back and puts no digit into its words: the number goes to the vault and
 * nowhere else. `refuseUniform` also refuses twelve equal digits, which are arithmetically valid as zeros.
 */
export const checkIndividualNumber = (
  text: string,
  opts: { readonly refuseUniform?: boolean } = {},
): Parsed<true, 'format' | 'check_digit' | 'uniform'> => {
  const digits = digitsText(text);
  if (!/^\d{12}$/u.test(digits)) return refused('format', 'an individual number has 12 digits');
  if (individualNumberCheckDigit(digits.slice(0, 11)) !== digits.charCodeAt(11) - 48) {
    return refused('check_digit', 'the check digit does not hold');
  }
  if (opts.refuseUniform === true && /^(\d)\1{11}$/u.test(digits)) {
    return refused('uniform', 'twelve equal digits are nobody’s number');
  }
  return { ok: true, value: true };
};
