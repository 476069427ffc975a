import { accepted, refused, type Parsed } from '../parsed.js';
import {
  daysInMonth,
  FIRST_YEAR,
  fromParts,
  LAST_YEAR,
  monthNumberOf,
  parseCivilDate,
  twoDigits,
  yearOf,
  type CivilDate,
} from './civil-date.js';

declare const yearMonthBrand: unique symbol;

/** A calendar month, `YYYY-MM`: the unit in which treatment is charged (診療年月). Compared with `<` and `>`. */
export type YearMonth = string & { readonly [yearMonthBrand]: 'YearMonth' };

export const parseYearMonth = (text: string): Parsed<YearMonth, 'format' | 'out-of-range'> => {
  if (text.length !== 7) return refused('format', 'a month is written YYYY-MM');
  const day = parseCivilDate(`${text}-01`);
  if (day.ok) return accepted(text as YearMonth);
  return day.reason === 'out-of-range'
    ? refused('out-of-range', `the year is not within ${FIRST_YEAR} to ${LAST_YEAR}`)
    : refused('format', 'a month is written YYYY-MM');
};

/** For literals in tables and tests. Throws RangeError on anything that is not a month. */
export const yearMonth = (text: string): YearMonth => {
  const parsed = parseYearMonth(text);
  if (!parsed.ok) throw new RangeError(`${parsed.reason}: ${parsed.detail}`);
  return parsed.value;
};

export const monthOf = (date: CivilDate): YearMonth => date.slice(0, 7) as YearMonth;
export const firstDayOf = (month: YearMonth): CivilDate => `${month}-01` as CivilDate;

export const lastDayOf = (month: YearMonth): CivilDate => {
  const year = yearOf(month);
  const number = monthNumberOf(month);
  return fromParts(year, number, daysInMonth(year, number));
};

const monthIndex = (month: YearMonth): number => yearOf(month) * 12 + monthNumberOf(month) - 1;

/** `n` may be negative. */
export const addToMonth = (month: YearMonth, n: number): YearMonth => {
  const index = monthIndex(month) + n;
  const year = Math.floor(index / 12);
  return `${year}-${twoDigits(index - year * 12 + 1)}` as YearMonth;
};

/** Months from `from` to `to`; negative when `to` is earlier. */
export const monthsBetween = (from: YearMonth, to: YearMonth): number => monthIndex(to) - monthIndex(from);
