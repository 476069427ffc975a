import { yearMonth, type YearMonth } from '../calendar/year-month.js';
import type { Certainty } from '../certainty.js';
import { inForceOn, type Dated } from '../dated.js';

interface PensionLine extends Dated<YearMonth> {
  readonly yen: number;
  readonly source: string;
  readonly certainty: Certainty;
}

/** 低所得I: public pension that still counts as no income. Moves every August with the basic pension. */
export const LOW_INCOME_PENSION_LINES: readonly PensionLine[] = [
  {
    effectiveFrom: yearMonth('2015-01'),
    effectiveTo: yearMonth('2025-07'),
    yen: 800_000,
    source: '健保令43条 (80万円)',
    certainty: 'certain',
  },
  {
    effectiveFrom: yearMonth('2025-08'),
    effectiveTo: yearMonth('2026-07'),
    yen: 806_700,
    source: '健保令43条 (令和7年8月: 80.67万円)',
    certainty: 'likely',
  },
  {
    effectiveFrom: yearMonth('2026-08'),
    yen: 826_500,
    source: '令和8年政令219号 (82.65万円)',
    certainty: 'likely',
  },
];

export const lowIncomePensionLine = (month: YearMonth): PensionLine | undefined =>
  inForceOn(LOW_INCOME_PENSION_LINES, month);

/** 低所得I: tax-exempt household with no income left after the pension line is taken off. `undefined` before 2015-01. */
export const isLowIncomeI = (facts: {
  readonly treatmentMonth: YearMonth;
  /** 公的年金等の収入, yen a year. */
  readonly publicPensionRevenue: number;
  /** Any other income (所得), yen a year. */
  readonly otherIncome: number;
  readonly householdNonTaxable: boolean;
}): boolean | undefined => {
  const line = lowIncomePensionLine(facts.treatmentMonth);
  if (line === undefined) return undefined;
  return facts.householdNonTaxable && facts.otherIncome <= 0 && facts.publicPensionRevenue <= line.yen;
};
