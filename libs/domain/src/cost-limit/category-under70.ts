import type { CategoryUnder70 } from './category.js';

export type CategoryUnder70Input =
  | {
      readonly scheme: 'shaho';
      /** 標準報酬月額 of the insured person in the month of treatment, yen. */
      readonly standardMonthlyRemuneration: number;
      /** 市町村民税非課税: the insured person's. */
      readonly insuredNonTaxable: boolean;
    }
  | {
      readonly scheme: 'kokuho';
      /** 旧ただし書所得 of the household's members, total, yen a year. `null`: never declared (未申告). */
      readonly kyuTadashigakiIncome: number | null;
      readonly householdNonTaxable: boolean;
    };

export interface CategoryUnder70Decision {
  readonly category: CategoryUnder70;
  readonly reason:
    | 'remuneration-830000-or-more'
    | 'remuneration-530000-or-more'
    | 'remuneration-280000-or-more'
    | 'remuneration-260000-or-less'
    | 'income-over-9010000'
    | 'income-over-6000000'
    | 'income-over-2100000'
    | 'income-2100000-or-less'
    | 'income-not-declared'
    | 'resident-tax-exempt';
  readonly source: string;
}

const SHAHO_SOURCE = '健保令42条1項; 協会けんぽ (ア・イは非課税より優先)';
const KOKUHO_SOURCE = '国保令29条の3';

/** ア and イ are tested first, then 非課税 (オ), then ウ and エ: a tax-exempt person of 530,000 or more stays ア or イ. */
export const decideCategoryUnder70 = (input: CategoryUnder70Input): CategoryUnder70Decision => {
  if (input.scheme === 'shaho') {
    const source = SHAHO_SOURCE;
    const yen = input.standardMonthlyRemuneration;
    if (yen >= 830_000) return { category: 'ア', reason: 'remuneration-830000-or-more', source };
    if (yen >= 530_000) return { category: 'イ', reason: 'remuneration-530000-or-more', source };
    if (input.insuredNonTaxable) return { category: 'オ', reason: 'resident-tax-exempt', source };
    if (yen >= 280_000) return { category: 'ウ', reason: 'remuneration-280000-or-more', source };
    return { category: 'エ', reason: 'remuneration-260000-or-less', source };
  }
  const source = KOKUHO_SOURCE;
  const yen = input.kyuTadashigakiIncome;
  if (yen === null) return { category: 'ア', reason: 'income-not-declared', source };
  if (yen > 9_010_000) return { category: 'ア', reason: 'income-over-9010000', source };
  if (yen > 6_000_000) return { category: 'イ', reason: 'income-over-6000000', source };
  if (input.householdNonTaxable) return { category: 'オ', reason: 'resident-tax-exempt', source };
  if (yen > 2_100_000) return { category: 'ウ', reason: 'income-over-2100000', source };
  return { category: 'エ', reason: 'income-2100000-or-less', source };
};

/** The category alone, for callers that show no reason. */
export const categoryUnder70 = (input: CategoryUnder70Input): CategoryUnder70 => decideCategoryUnder70(input).category;
