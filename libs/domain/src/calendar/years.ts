import { fromParts, monthNumberOf, yearOf, type CivilDate } from './civil-date.js';
import type { YearMonth } from './year-month.js';

/** A span of days, both ends included. */
export interface Days {
  readonly from: CivilDate;
  readonly to: CivilDate;
}

/** The year in which 国保 and 後期 judge rates, and in which yearly caps are counted: 1 August to 31 July. */
export const benefitYearOf = (date: CivilDate): Days => {
  const start = monthNumberOf(date) >= 8 ? yearOf(date) : yearOf(date) - 1;
  return { from: fromParts(start, 8, 1), to: fromParts(start + 1, 7, 31) };
};

/** 会計年度・学年: 1 April to 31 March. */
export const fiscalYearOf = (date: CivilDate): Days => {
  const start = monthNumberOf(date) >= 4 ? yearOf(date) : yearOf(date) - 1;
  return { from: fromParts(start, 4, 1), to: fromParts(start + 1, 3, 31) };
};

/** The calendar year whose income decides a rate judged on 1 August: the year before that August. */
export const incomeYearOf = (date: CivilDate): number => yearOf(benefitYearOf(date).from) - 1;

/** First month of the benefit year in which a month lies. */
export const benefitYearStart = (month: YearMonth): YearMonth =>
  `${monthNumberOf(month) >= 8 ? yearOf(month) : yearOf(month) - 1}-08` as YearMonth;
