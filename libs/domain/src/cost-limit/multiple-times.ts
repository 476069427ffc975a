import { addToMonth, yearMonth, type YearMonth } from '../calendar/year-month.js';

/** 国保: the count goes on after a move inside one prefecture, from the month in which the prefecture became insurer. */
const KOKUHO_PREFECTURE_FROM = yearMonth('2018-04');

export interface MultipleTimesFacts {
  readonly treatmentMonth: YearMonth;
  /** Months in which 高額療養費 was paid, in any order; repeats count once. */
  readonly paidMonths: readonly YearMonth[];
  /** 70 and over: months in which only the outpatient limit paid. Never counted. */
  readonly outpatientOnlyPaidMonths?: readonly YearMonth[];
  readonly sameInsurer: boolean;
  /** Still 本人, or still 家族, as in those months. */
  readonly sameStatus?: boolean;
  readonly scheme?: 'shaho' | 'kokuho' | 'kouki';
  readonly movedWithinPrefecture?: boolean;
  readonly householdContinues?: boolean;
}

export interface MultipleTimes {
  readonly multipleTimes: boolean;
  readonly windowFrom: YearMonth;
  /** Paid months of the window before the treatment month, oldest first. */
  readonly countedMonths: readonly YearMonth[];
  readonly reason: 'counted' | 'another-insurer' | 'another-status';
}

/**
 * 多数回該当 (健保令42条1項ただし書): three or more months already paid inside the treatment month and the eleven before it,
 * so that the treatment month is the fourth or later. The treatment month itself is not one of the three.
 */
export const multipleTimes = (facts: MultipleTimesFacts): MultipleTimes => {
  const windowFrom = addToMonth(facts.treatmentMonth, -11);
  const kept =
    facts.sameInsurer ||
    (facts.scheme === 'kokuho' &&
      facts.movedWithinPrefecture === true &&
      facts.householdContinues === true &&
      facts.treatmentMonth >= KOKUHO_PREFECTURE_FROM);
  if (!kept) return { multipleTimes: false, windowFrom, countedMonths: [], reason: 'another-insurer' };
  if (facts.sameStatus === false) {
    return { multipleTimes: false, windowFrom, countedMonths: [], reason: 'another-status' };
  }
  const notCounted = new Set(facts.outpatientOnlyPaidMonths);
  const countedMonths = [...new Set(facts.paidMonths)]
    .filter((month) => month >= windowFrom && month < facts.treatmentMonth && !notCounted.has(month))
    .toSorted((a, b) => (a < b ? -1 : 1));
  return { multipleTimes: countedMonths.length >= 3, windowFrom, countedMonths, reason: 'counted' };
};
