import { accepted, refused, type Parsed } from '../parsed.js';

declare const civilDateBrand: unique symbol;

/** A day of the Gregorian calendar in Japan, `YYYY-MM-DD`. Two of them are compared with `<`, `>` and `===`. */
export type CivilDate = string & { readonly [civilDateBrand]: 'CivilDate' };

export type DateRefusal = 'format' | 'no-such-day' | 'out-of-range';

/** The first and last year a date may have: Meiji 1 to a lifetime from now. */
export const FIRST_YEAR = 1868;
export const LAST_YEAR = 2200;

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

/** Days in a month; `month` is 1 to 12. */
export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeapYear(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);

const TWO_DIGITS = Array.from({ length: 100 }, (_, n) => (n < 10 ? `0${n}` : `${n}`));
export const twoDigits = (n: number): string => TWO_DIGITS[n] ?? `${n}`;

/** Decimal digit at `at`, or NaN. Cheaper than a slice and Number() on the hot path. */
const digitAt = (text: string, at: number): number => {
  const digit = text.charCodeAt(at) - 48;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
};

const number2 = (text: string, at: number): number => digitAt(text, at) * 10 + digitAt(text, at + 1);
const number4 = (text: string, at: number): number => number2(text, at) * 100 + number2(text, at + 2);

export const yearOf = (date: string): number => number4(date, 0);
export const monthNumberOf = (date: string): number => number2(date, 5);
export const dayOf = (date: string): number => number2(date, 8);

/** The trusted way out of arithmetic: year, month and day are already known to exist. */
export const fromParts = (year: number, month: number, day: number): CivilDate => {
  const y = year >= 1000 ? `${year}` : `${year}`.padStart(4, '0');
  return `${y}-${twoDigits(month)}-${twoDigits(day)}` as CivilDate;
};

/** A day that exists, 1868 to 2200, written `YYYY-MM-DD`. */
export const parseCivilDate = (text: string): Parsed<CivilDate, DateRefusal> => {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) {
    return refused('format', 'a date is written YYYY-MM-DD');
  }
  const year = yearOf(text);
  const month = monthNumberOf(text);
  const day = dayOf(text);
  if (Number.isNaN(year + month + day)) return refused('format', 'a date is written YYYY-MM-DD');
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    return refused('no-such-day', `${text} is not a day of the calendar`);
  }
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    return refused('out-of-range', `the year is not within ${FIRST_YEAR} to ${LAST_YEAR}`);
  }
  return accepted(text as CivilDate);
};

/** For literals in tables and tests. Throws RangeError on anything that is not a day. */
export const civilDate = (text: string): CivilDate => {
  const parsed = parseCivilDate(text);
  if (!parsed.ok) throw new RangeError(`${parsed.reason}: ${parsed.detail}`);
  return parsed.value;
};
