import type { CivilDate } from '../calendar/civil-date.js';
import { bandPeriodOn } from './band.js';
import type { CopayDecision, CopayUndecided } from './decision.js';
import { JOINT_REVENUE_YEN, SINGLE_REVENUE_YEN, WORKING_REMUNERATION_YEN } from './thresholds.js';

export interface ShahoCopayInput {
  /** 本人 or 家族 (被扶養者). */
  readonly relation: 'self' | 'family';
  readonly birthDate: CivilDate;
  /** The service date (診療日). */
  readonly date: CivilDate;
  /** 標準報酬月額 of the insured person in the month of treatment, yen. Needed only for 70-74. */
  readonly standardMonthlyRemuneration?: number;
  /** 基準収入額適用 granted on application: revenue under 5,200,000, or 3,830,000 alone. */
  readonly incomeExemptionGranted?: boolean;
  /** Birth date of the insured person, for 家族 of 70-74. */
  readonly insuredBirthDate?: CivilDate;
}

export type ShahoCopay =
  | CopayDecision<
      20 | 30,
      | 'preschool'
      | 'under-70'
      | 'remuneration-below-280000'
      | 'revenue-relief-granted'
      | 'current-worker-income'
      | 'family-insured-under-70'
      | 'family-insured-75-or-over'
    >
  | CopayUndecided<'belongs-to-late75' | 'remuneration-needed' | 'insured-birth-date-needed'>;

const SOURCE = '健保法74条1項・110条2項, 健保令34条';

/** Rate of 健康保険 on a day. 現役並み follows the insured person, and only while that person is 70-74. */
export const shahoCopay = (input: ShahoCopayInput): ShahoCopay => {
  const { band } = bandPeriodOn(input.birthDate, input.date);
  switch (band) {
    case 'preschool':
      return { copayPercent: 20, reason: 'preschool', source: SOURCE };
    case 'general':
      return { copayPercent: 30, reason: 'under-70', source: SOURCE };
    case 'late75':
      return { copayPercent: undefined, reason: 'belongs-to-late75', source: '高確法50条・52条' };
    case 'elderly70':
      return elderlyCopay(input);
  }
};

const elderlyCopay = (input: ShahoCopayInput): ShahoCopay => {
  if (input.relation === 'family') {
    if (input.insuredBirthDate === undefined) {
      return { copayPercent: undefined, reason: 'insured-birth-date-needed', source: SOURCE };
    }
    const insuredBand = bandPeriodOn(input.insuredBirthDate, input.date).band;
    if (insuredBand === 'late75') return { copayPercent: 20, reason: 'family-insured-75-or-over', source: SOURCE };
    if (insuredBand !== 'elderly70') return { copayPercent: 20, reason: 'family-insured-under-70', source: SOURCE };
  }
  if (input.standardMonthlyRemuneration === undefined) {
    return { copayPercent: undefined, reason: 'remuneration-needed', source: SOURCE };
  }
  if (input.standardMonthlyRemuneration < WORKING_REMUNERATION_YEN) {
    return { copayPercent: 20, reason: 'remuneration-below-280000', source: SOURCE };
  }
  return input.incomeExemptionGranted === true
    ? { copayPercent: 20, reason: 'revenue-relief-granted', source: SOURCE }
    : { copayPercent: 30, reason: 'current-worker-income', source: SOURCE };
};

/**
 * Whether the application for 基準収入額適用 succeeds (健保令34条2項). Revenue is yearly, yen. With a dependent of 70-74 the
 * two are added and held against 5,200,000; so is a former dependent who moved to 後期, for up to five years.
 */
export const shahoRevenueRelief = (facts: {
  readonly revenueYen: number;
  readonly companions: 'none' | 'dependent-70-74' | 'former-dependent-in-late75';
}): boolean => facts.revenueYen < (facts.companions === 'none' ? SINGLE_REVENUE_YEN : JOINT_REVENUE_YEN);
