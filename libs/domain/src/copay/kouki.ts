import type { CivilDate } from '../calendar/civil-date.js';
import type { CopayDecision } from './decision.js';
import { LATE_20_PERCENT } from './thresholds.js';
import { workingIncome } from './working-income.js';

export interface KoukiCopayInput {
  readonly date: CivilDate;
  /** Highest 課税所得 of the 後期 members of the household, yen a year. */
  readonly maxTaxableIncomeInHousehold: number;
  /** 年金収入 + その他の合計所得金額 of those members together, yen a year. */
  readonly pensionPlusOtherIncomeTotal: number;
  readonly koukiMembers: number;
  /** 収入 of those members together; absent when never declared. */
  readonly totalRevenue?: number;
  readonly has70to74Member?: boolean;
  /** 収入 together with the household's 70-74, where there is one. */
  readonly totalRevenueWith70to74?: number;
  /** 旧ただし書所得 of the 後期 members, total. */
  readonly kyuTadashigakiTotal?: number;
  /** Default true: a caller who gives 旧ただし書所得 claims that relief. */
  readonly bornFrom19450102?: boolean;
  readonly childrenUnder16?: number;
  readonly children16To18?: number;
}

export type KoukiCopay = CopayDecision<
  10 | 20 | 30,
  | 'current-worker-income'
  | 'before-20-percent'
  | 'taxable-income-below-280000'
  | 'pension-and-income-below-line'
  | 'certain-income-20-percent'
>;

/** Rate of 後期高齢者医療 (高確法67条): 30 % 現役並み, 20 % from 2022-10-01 above two lines, otherwise 10 %. */
export const koukiCopay = (input: KoukiCopayInput): KoukiCopay => {
  const source = LATE_20_PERCENT.source;
  const verdict = workingIncome({
    maxTaxableIncome: input.maxTaxableIncomeInHousehold,
    members: input.koukiMembers,
    bornFrom19450102: input.bornFrom19450102 ?? true,
    ...(input.totalRevenue === undefined ? {} : { totalRevenue: input.totalRevenue }),
    ...(input.has70to74Member === true && input.totalRevenueWith70to74 !== undefined
      ? { totalRevenueWithCompanion: input.totalRevenueWith70to74 }
      : {}),
    ...(input.kyuTadashigakiTotal === undefined ? {} : { kyuTadashigakiTotal: input.kyuTadashigakiTotal }),
    ...(input.childrenUnder16 === undefined ? {} : { childrenUnder16: input.childrenUnder16 }),
    ...(input.children16To18 === undefined ? {} : { children16To18: input.children16To18 }),
  });
  if (verdict.working) return { copayPercent: 30, reason: 'current-worker-income', source };
  if (input.date < LATE_20_PERCENT.effectiveFrom) return { copayPercent: 10, reason: 'before-20-percent', source };
  if (input.maxTaxableIncomeInHousehold < LATE_20_PERCENT.taxableIncomeYen) {
    return { copayPercent: 10, reason: 'taxable-income-below-280000', source };
  }
  const line =
    input.koukiMembers >= 2 ? LATE_20_PERCENT.jointPensionAndIncomeYen : LATE_20_PERCENT.singlePensionAndIncomeYen;
  return input.pensionPlusOtherIncomeTotal >= line
    ? { copayPercent: 20, reason: 'certain-income-20-percent', source }
    : { copayPercent: 10, reason: 'pension-and-income-below-line', source };
};
