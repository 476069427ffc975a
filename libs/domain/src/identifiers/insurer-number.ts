import { accepted, refused, type Parsed } from '../parsed.js';
import { checkDigit, hasCheckDigit } from './check-digit.js';
import { insurerLaw } from './law-codes.js';
import { isPrefectureCode } from './prefecture.js';
import { digitsText } from './text.js';

declare const insurerNumberBrand: unique symbol;

/** 保険者番号: eight digits, or six for 国保, which has no 法別番号. */
export type InsurerNumber = string & { readonly [insurerNumberBrand]: 'InsurerNumber' };

export type InsurerNumberRefusal = 'format' | 'law_code' | 'prefecture' | 'check_digit';

/**
 * The way one and the same insurer's number is kept and compared, whatever its writing: six digits bare, with spaces on the
 * left, or zero-padded to eight are the same 国保 number. Format only; a check by number refuses no check digit.
 */
export const canonicalInsurerNumber = (text: string): Parsed<InsurerNumber, 'format'> => {
  const digits = digitsText(text);
  if (/^\d{6}$/u.test(digits)) return accepted(digits as InsurerNumber);
  if (!/^\d{8}$/u.test(digits)) return refused('format', 'an insurer number has 8 digits, or 6 for 国保');
  return accepted((digits.startsWith('00') ? digits.slice(2) : digits) as InsurerNumber);
};

/** A 保険者番号 whose law, prefecture and check digit hold. For filings and stored insurers. */
export const parseInsurerNumber = (text: string): Parsed<InsurerNumber, InsurerNumberRefusal> => {
  const canonical = canonicalInsurerNumber(text);
  if (!canonical.ok) return canonical;
  const number = canonical.value;
  const parts = insurerNumberParts(number);
  if (parts.lawCode !== null && insurerLaw(parts.lawCode) === undefined) {
    return refused('law_code', `${parts.lawCode} is not the 法別番号 of an insurer`);
  }
  if (!isPrefectureCode(parts.prefecture)) return refused('prefecture', `${parts.prefecture} is not a prefecture`);
  if (!hasCheckDigit(number)) {
    return refused('check_digit', `check digit is ${parts.checkDigit}, expected ${checkDigit(number.slice(0, -1))}`);
  }
  return accepted(number);
};

/** 法別番号 (none in 国保), 都道府県番号, 保険者別番号, 検証番号. */
export const insurerNumberParts = (
  number: InsurerNumber,
): {
  readonly lawCode: string | null;
  readonly prefecture: string;
  readonly insurer: string;
  readonly checkDigit: number;
} => {
  const lawCode = number.length === 8 ? number.slice(0, 2) : null;
  const rest = lawCode === null ? number : number.slice(2);
  return { lawCode, prefecture: rest.slice(0, 2), insurer: rest.slice(2, 5), checkDigit: rest.charCodeAt(5) - 48 };
};

export type Scheme = 'shaho' | 'kokuho' | 'kouki' | 'medical-aid' | 'unknown';

/** Which scheme stands behind the number: 被用者保険 (健保, 船員, 共済 …), 国保, 後期, or 医療扶助. */
export const schemeOfInsurer = (number: InsurerNumber): Scheme =>
  number.length === 6 ? 'kokuho' : (insurerLaw(number.slice(0, 2))?.scheme ?? 'unknown');

/** As eight columns want it: 国保 numbers padded on the left with spaces (not zeros). */
export const toEightColumns = (number: InsurerNumber): string => number.padStart(8, ' ');
