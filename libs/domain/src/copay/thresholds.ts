/*
 * The borders of the copay tests, yen. None of them has changed inside the period this service answers for
 * (from 2015-01); the 20 % of 後期 begins on a day and carries it.
 */
import { civilDate } from '../calendar/civil-date.js';

/** 健保令34条: 標準報酬月額 from which an insured person of 70-74 pays 30 %. */
export const WORKING_REMUNERATION_YEN = 280_000;
/** 国保令27条の2, 高確令7条: 課税所得 from which a household is 現役並み. */
export const WORKING_TAXABLE_INCOME_YEN = 1_450_000;
/** Revenue below which one person is relieved (基準収入額適用). */
export const SINGLE_REVENUE_YEN = 3_830_000;
/** Revenue below which two or more, or one with a counted companion, are relieved. */
export const JOINT_REVENUE_YEN = 5_200_000;
/** 旧ただし書所得 total up to which a household with somebody born from 1945-01-02 is relieved. */
export const OLD_PROVISO_INCOME_YEN = 2_100_000;
/** Head of household's deduction before the 課税所得 test: per child under 16, and per child of 16 to 18. */
export const CHILD_UNDER_16_DEDUCTION_YEN = 330_000;
export const CHILD_16_TO_18_DEDUCTION_YEN = 120_000;

/** 高確法67条: 20 % in 後期. */
export const LATE_20_PERCENT = {
  effectiveFrom: civilDate('2022-10-01'),
  taxableIncomeYen: 280_000,
  singlePensionAndIncomeYen: 2_000_000,
  jointPensionAndIncomeYen: 3_200_000,
  source: '高確法67条, 高確令7条 (令和4年10月1日施行)',
  certainty: 'certain',
} as const;
