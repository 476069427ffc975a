import { accepted, refused, type Parsed } from '../parsed.js';
import { checkDigit, hasCheckDigit } from './check-digit.js';
import { insurerLaw } from './law-codes.js';
import { isPrefectureCode } from './prefecture.js';
import { digitsText } from './text.js';

export interface PayerNumber {
  readonly number: string;
  readonly lawCode: string;
  readonly prefecture: string;
  readonly checkDigit: number;
}

/**
 * 公費負担者番号: law 2, prefecture 2, office 3, check 1. National laws are listed, local ones (80s, 90s and others) are each
 * prefecture's own, so only 法別番号 that belong to an insurer, or to nobody, are refused.
 */
export const parsePayerNumber = (
  text: string,
): Parsed<PayerNumber, 'format' | 'law_code' | 'prefecture' | 'check_digit'> => {
  const number = digitsText(text);
  if (!/^\d{8}$/u.test(number)) return refused('format', 'a payer number has 8 digits');
  const lawCode = number.slice(0, 2);
  const insurer = insurerLaw(lawCode);
  if (lawCode < '10' || (insurer !== undefined && insurer.scheme !== 'medical-aid')) {
    return refused('law_code', `${lawCode} is not a 法別番号 of public expense`);
  }
  const prefecture = number.slice(2, 4);
  if (!isPrefectureCode(prefecture)) return refused('prefecture', `${prefecture} is not a prefecture`);
  if (!hasCheckDigit(number)) {
    return refused('check_digit', `check digit is ${number.charAt(7)}, expected ${checkDigit(number.slice(0, 7))}`);
  }
  return accepted({ number, lawCode, prefecture, checkDigit: checkDigit(number.slice(0, 7)) });
};

/** 公費受給者番号: six digits and their check digit. */
export const recipientNumberOf = (body: string): Parsed<string, 'format'> => {
  const digits = digitsText(body);
  return /^\d{6}$/u.test(digits)
    ? accepted(`${digits}${checkDigit(digits)}`)
    : refused('format', 'the body of a recipient number has 6 digits');
};

export const parseRecipientNumber = (text: string): Parsed<string, 'format' | 'check_digit'> => {
  const number = digitsText(text);
  if (!/^\d{7}$/u.test(number)) return refused('format', 'a recipient number has 7 digits');
  return hasCheckDigit(number)
    ? accepted(number)
    : refused('check_digit', `check digit is ${number.charAt(6)}, expected ${checkDigit(number.slice(0, 6))}`);
};

/** 後期 被保険者番号: eight digits, the last of them the check digit; no 記号, no 枝番. */
export const parseKoukiInsuredNumber = (text: string): Parsed<string, 'format' | 'check_digit'> => {
  const number = digitsText(text);
  if (!/^\d{8}$/u.test(number)) return refused('format', 'an insured number of 後期 has 8 digits');
  return hasCheckDigit(number)
    ? accepted(number)
    : refused('check_digit', `check digit is ${number.charAt(7)}, expected ${checkDigit(number.slice(0, 7))}`);
};
