import { addToMonth, benefitYearStart, type YearMonth } from '../calendar/index.js';
import type { Category70 } from './category.js';
import { costLimitRowFor, type RowOptions } from './table-selection.js';

export interface YearlyRefund {
  /** `null`: no yearly cap for this category. */
  readonly capYen: number | null;
  readonly totalYen: number;
  readonly refundYen: number;
}

/** Whether two months are the first and the last of one benefit year, August to July. */
export const isBenefitYear = (from: YearMonth, to: YearMonth): boolean =>
  benefitYearStart(from) === from && addToMonth(from, 11) === to;

/**
 * 外来年間合算 (健保令41条の2): what one person of 70 or over bore for outpatient treatment from 1 August to 31 July, after
 * the monthly refunds, in months of 一般 or 低所得. The category of the base day, 31 July, decides whether there is a cap.
 * `undefined` before 2017-08, when the rule began. Yen.
 */
export const outpatientYear = (
  facts: {
    readonly periodFrom: YearMonth;
    readonly categoryOn31July: Category70;
    /** `null`: a month in 現役並み, which is not counted. */
    readonly monthlyOutpatientAfterMonthlyRefund: readonly (number | null)[];
  },
  table: RowOptions = {},
): YearlyRefund | undefined => {
  if (facts.periodFrom < '2017-08') return undefined;
  const row = costLimitRowFor('70over', facts.categoryOn31July, facts.periodFrom, table);
  if (row === undefined) return undefined;
  const totalYen = facts.monthlyOutpatientAfterMonthlyRefund.reduce<number>((total, yen) => total + (yen ?? 0), 0);
  const capYen = row.outpatientAnnualYen ?? null;
  return { capYen, totalYen, refundYen: capYen === null ? 0 : Math.max(0, totalYen - capYen) };
};
