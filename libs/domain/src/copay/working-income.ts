import {
  CHILD_16_TO_18_DEDUCTION_YEN,
  CHILD_UNDER_16_DEDUCTION_YEN,
  JOINT_REVENUE_YEN,
  OLD_PROVISO_INCOME_YEN,
  SINGLE_REVENUE_YEN,
  WORKING_TAXABLE_INCOME_YEN,
} from './thresholds.js';

/** What 国保 (70-74) and 後期 both look at. Amounts are yearly, yen. */
export interface WorkingIncomeFacts {
  /** Highest 課税所得 among the members of the scheme in the household. */
  readonly maxTaxableIncome: number;
  /** 収入 of those members together; absent when never declared. */
  readonly totalRevenue?: number;
  /** How many members of the scheme (and age) the household has. */
  readonly members: number;
  /** 収入 together with the companion who may be counted (70-74 for 後期, former 国保 member for 国保). */
  readonly totalRevenueWithCompanion?: number;
  /** 旧ただし書所得 of the members, total. */
  readonly kyuTadashigakiTotal?: number;
  /** Somebody in the household was born 1945-01-02 or later. */
  readonly bornFrom19450102: boolean;
  /** The head of household's children, for the deduction before the 課税所得 test. */
  readonly childrenUnder16?: number;
  readonly children16To18?: number;
}

export type WorkingIncome =
  | { readonly working: true; readonly reason: 'current-worker-income' }
  | {
      readonly working: false;
      readonly reason:
        | 'taxable-income-below-1450000'
        | 'revenue-below-3830000'
        | 'revenue-below-5200000'
        | 'revenue-with-companion-below-5200000'
        | 'old-proviso-income-2100000-or-less';
    };

/** 現役並み所得者 or not, and by which test. Every relief lowers, none raises. Source: 国保令27条の2, 高確令7条. */
export const workingIncome = (facts: WorkingIncomeFacts): WorkingIncome => {
  const deduction =
    (facts.childrenUnder16 ?? 0) * CHILD_UNDER_16_DEDUCTION_YEN +
    (facts.children16To18 ?? 0) * CHILD_16_TO_18_DEDUCTION_YEN;
  if (facts.maxTaxableIncome - deduction < WORKING_TAXABLE_INCOME_YEN) {
    return { working: false, reason: 'taxable-income-below-1450000' };
  }
  if (facts.kyuTadashigakiTotal !== undefined && facts.bornFrom19450102) {
    if (facts.kyuTadashigakiTotal <= OLD_PROVISO_INCOME_YEN) {
      return { working: false, reason: 'old-proviso-income-2100000-or-less' };
    }
  }
  if (facts.totalRevenue !== undefined) {
    if (facts.members >= 2) {
      if (facts.totalRevenue < JOINT_REVENUE_YEN) return { working: false, reason: 'revenue-below-5200000' };
    } else if (facts.totalRevenue < SINGLE_REVENUE_YEN) {
      return { working: false, reason: 'revenue-below-3830000' };
    }
  }
  if (facts.members < 2 && facts.totalRevenueWithCompanion !== undefined) {
    if (facts.totalRevenueWithCompanion < JOINT_REVENUE_YEN) {
      return { working: false, reason: 'revenue-with-companion-below-5200000' };
    }
  }
  return { working: true, reason: 'current-worker-income' };
};
