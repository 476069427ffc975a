import type { CivilDate } from '../calendar/civil-date.js';
import { manYenText, step, yenText, type Step } from '../explanation.js';
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
> & { readonly steps: readonly Step[] };

const WORDS = {
  companion: '70歳から74歳の世帯員',
  relieved: '3割でなく、2割か1割かを判定する',
  provisoFor: '1945年1月2日以後に生まれた人がいる世帯で',
  source: LATE_20_PERCENT.source,
} as const;

/** Rate of 後期高齢者医療 (高確法67条): 30 % 現役並み, 20 % from 2022-10-01 above two lines, otherwise 10 %. */
export const koukiCopay = (input: KoukiCopayInput): KoukiCopay => {
  const source = LATE_20_PERCENT.source;
  const facts = {
    maxTaxableIncome: input.maxTaxableIncomeInHousehold,
    members: input.koukiMembers,
    bornFrom19450102: input.bornFrom19450102 ?? true,
    ...(input.totalRevenue === undefined ? {} : { totalRevenue: input.totalRevenue }),
    ...(input.has70to74Member === true && input.totalRevenueWith70to74 !== undefined
      ? { totalRevenueWithCompanion: input.totalRevenueWith70to74 }
      : {}),
    ...(input.has70to74Member === true ? { hasCompanion: true } : {}),
    ...(input.kyuTadashigakiTotal === undefined ? {} : { kyuTadashigakiTotal: input.kyuTadashigakiTotal }),
    ...(input.childrenUnder16 === undefined ? {} : { childrenUnder16: input.childrenUnder16 }),
    ...(input.children16To18 === undefined ? {} : { children16To18: input.children16To18 }),
  };
  const { working, steps } = workingIncome(facts, WORDS);
  if (working) return { copayPercent: 30, reason: 'current-worker-income', source, steps };
  if (input.date < LATE_20_PERCENT.effectiveFrom) {
    return { copayPercent: 10, reason: 'before-20-percent', source, steps };
  }
  const isDeducted = (input.childrenUnder16 ?? 0) + (input.children16To18 ?? 0) > 0;
  const income = `課税所得 ${yenText(input.maxTaxableIncomeInHousehold)}${isDeducted ? '（子の控除の前の額）' : ''}`;
  const incomeLine = manYenText(LATE_20_PERCENT.taxableIncomeYen);
  if (input.maxTaxableIncomeInHousehold < LATE_20_PERCENT.taxableIncomeYen) {
    const below = step('2割の判定', `${income}が${incomeLine}未満のため、1割`, source);
    return { copayPercent: 10, reason: 'taxable-income-below-280000', source, steps: [...steps, below] };
  }
  const isJoint = input.koukiMembers >= 2;
  const line = isJoint ? LATE_20_PERCENT.jointPensionAndIncomeYen : LATE_20_PERCENT.singlePensionAndIncomeYen;
  const pension = `年金収入とその他の合計所得 ${yenText(input.pensionPlusOtherIncomeTotal)}`;
  const pensionLine = `${manYenText(line)}（${isJoint ? '2人以上の合計' : '1人'}）`;
  const told = (how: string): readonly Step[] => [
    ...steps,
    step('2割の判定', `${income}が${incomeLine}以上で、${pension}が${pensionLine}${how}`, source),
  ];
  return input.pensionPlusOtherIncomeTotal >= line
    ? { copayPercent: 20, reason: 'certain-income-20-percent', source, steps: told('以上のため、2割') }
    : { copayPercent: 10, reason: 'pension-and-income-below-line', source, steps: told('未満のため、1割') };
};
