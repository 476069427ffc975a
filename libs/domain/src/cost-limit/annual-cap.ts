import type { YearMonth } from '../calendar/year-month.js';
import { isCategoryUnder70, type Category } from './category.js';
import type { YearlyRefund } from './outpatient-year.js';
import { costLimitRowFor, type RowOptions } from './table-selection.js';

/** 標準報酬月額 up to which the lower cap of エ and 一般 applies, when the person shows it. */
export const LOWER_CAP_REMUNERATION_YEN = 150_000;

/**
 * 年間上限 (from 2026-08): 1 August to 31 July, one person's burden after the monthly refunds, paid back on application; it
 * never lowers a month's charge. Counting person by person and a change of category inside the year are not settled.
 * `undefined` for a year before the rule. Yen.
 */
export const annualCap = (
  facts: {
    readonly periodFrom: YearMonth;
    readonly category: Category;
    readonly burdenAfterMonthlyRefund: readonly number[];
    /** 標準報酬月額 of 150,000 or less, or income of about 2,000,000 or less, shown by the person. */
    readonly lowerIncomeShown?: boolean;
  },
  table: RowOptions = {},
): YearlyRefund | undefined => {
  const group = isCategoryUnder70(facts.category) ? 'under70' : '70over';
  const row = costLimitRowFor(group, facts.category, facts.periodFrom, table);
  if (row?.annualCapYen === undefined) return undefined;
  const capYen = facts.lowerIncomeShown === true ? (row.lowerAnnualCapYen ?? row.annualCapYen) : row.annualCapYen;
  const totalYen = facts.burdenAfterMonthlyRefund.reduce((total, yen) => total + yen, 0);
  return { capYen, totalYen, refundYen: Math.max(0, totalYen - capYen) };
};
