import { yearMonth, type YearMonth } from '../calendar/year-month.js';
import { step, yenText, type Step } from '../explanation.js';
import { halved } from '../cost-limit/monthly-limit.js';
import { costLimitRowFor } from '../cost-limit/table-selection.js';

/** 配慮措置: the monthly rise of the step from 10 % to 20 % was held to 3,000 yen for outpatients. */
export const LATE_20_TRANSITION = {
  effectiveFrom: yearMonth('2022-10'),
  effectiveTo: yearMonth('2025-09'),
  fixedYen: 6_000,
  thresholdYen: 30_000,
  source: '高確令附則 (令和4年10月1日～令和7年9月30日 配慮措置); 平群町, 愛媛県広域連合',
} as const;

export interface Late20Burden {
  readonly copayPercent: 10 | 20;
  readonly burdenYen: number;
  readonly steps: readonly Step[];
}

/**
 * What a person of the 20 % class pays for a month's outpatient treatment: the smallest of the share, the outpatient limit
 * of the month (halved in the month of the 75th birthday), and while it lasted 6,000 + (cost − 30,000) × 10 %, which is not
 * halved. Before 2022-10 the class did not exist and paid 10 %. `undefined` before the first limit table.
 */
export const late20Burden = (facts: {
  readonly treatmentMonth: YearMonth;
  readonly outpatientCostYen: number;
  readonly turns75Month: boolean;
}): Late20Burden | undefined => {
  const month = facts.treatmentMonth;
  const row = costLimitRowFor('70over', '一般II', month);
  if (row?.outpatientYen === undefined) return undefined;
  const copayPercent = month < LATE_20_TRANSITION.effectiveFrom ? 10 : 20;
  const cap = (facts.turns75Month ? halved(row) : row).outpatientYen ?? row.outpatientYen;
  const share = Math.floor((facts.outpatientCostYen * copayPercent) / 100);
  const steps = [
    step('一部負担金', `医療費 ${yenText(facts.outpatientCostYen)}の${copayPercent / 10}割`, '高確法67条', share),
    step(
      '外来の自己負担限度額',
      facts.turns75Month ? '1人の外来の月額、75歳到達月は2分の1' : '1人の外来の月額',
      '高確令14条・15条',
      cap,
    ),
  ];
  let burdenYen = Math.min(share, cap);
  if (month >= LATE_20_TRANSITION.effectiveFrom && month <= LATE_20_TRANSITION.effectiveTo) {
    const { fixedYen, thresholdYen, source } = LATE_20_TRANSITION;
    if (facts.outpatientCostYen > thresholdYen) {
      const eased = fixedYen + Math.floor((facts.outpatientCostYen - thresholdYen) / 10);
      const sum = `${yenText(fixedYen)} + (医療費 ${yenText(facts.outpatientCostYen)} − ${yenText(thresholdYen)}) の1割`;
      steps.push(step('配慮措置', facts.turns75Month ? `${sum}、75歳到達月も半額にしない` : sum, source, eased));
      burdenYen = Math.min(burdenYen, eased);
    }
  }
  steps.push(step('窓口負担の月額', '上の額のうち最も少ない額', '高確法67条, 高確令14条・15条', burdenYen));
  return { copayPercent, burdenYen, steps };
};
