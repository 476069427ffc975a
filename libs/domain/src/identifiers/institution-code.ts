import { accepted, refused, type Parsed } from '../parsed.js';
import { checkDigit, hasCheckDigit } from './check-digit.js';
import { isPrefectureCode } from './prefecture.js';
import { digitsText } from './text.js';

declare const institutionCodeBrand: unique symbol;

/** 医療機関コード, ten digits: prefecture 2, 点数表 1, area 2, institution 4, check digit over the nine. */
export type InstitutionCode = string & { readonly [institutionCodeBrand]: 'InstitutionCode' };

export type FeeTable = 'medical' | 'dental' | 'pharmacy' | 'visiting_nurse';

const FEE_TABLES: Readonly<Record<string, FeeTable>> = {
  '1': 'medical',
  '3': 'dental',
  '4': 'pharmacy',
  '6': 'visiting_nurse',
};

/**
 * Format only, on purpose: a few institutions older than 1976 carry another check digit, and lists exist with 点数表 5, 7
 * and 8. A check is never refused for it.
 */
export const parseInstitutionCode = (text: string): Parsed<InstitutionCode, 'format'> => {
  const digits = digitsText(text);
  return /^\d{10}$/u.test(digits)
    ? accepted(digits as InstitutionCode)
    : refused('format', 'an institution code has 10 digits');
};

export const feeTableOf = (code: InstitutionCode): FeeTable | undefined => FEE_TABLES[code.charAt(2)];

/** Every part held against MHLW 別添2; for validators, not for the door of a check. */
export const inspectInstitutionCode = (
  text: string,
): Parsed<
  {
    readonly code: InstitutionCode;
    readonly prefecture: string;
    readonly feeTable: FeeTable;
    readonly checkDigit: number;
  },
  'format' | 'prefecture' | 'fee_table' | 'check_digit'
> => {
  const parsed = parseInstitutionCode(text);
  if (!parsed.ok) return parsed;
  const code = parsed.value;
  const prefecture = code.slice(0, 2);
  if (!isPrefectureCode(prefecture)) return refused('prefecture', `${prefecture} is not a prefecture`);
  const feeTable = feeTableOf(code);
  if (feeTable === undefined) return refused('fee_table', `${code.charAt(2)} is not 点数表 1, 3, 4 or 6`);
  const digit = code.charCodeAt(9) - 48;
  if (!hasCheckDigit(code)) {
    return refused('check_digit', `check digit is ${digit}, expected ${checkDigit(code.slice(0, 9))}`);
  }
  return accepted({ code, prefecture, feeTable, checkDigit: digit });
};
