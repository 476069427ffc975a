import type { YearMonth } from '../calendar/year-month.js';
import type { Certainty } from '../certainty.js';
import type { AgeGroup, Category } from './category.js';

/** One class of a published table. All amounts are integer yen. */
export interface CostLimitRow<C extends Category = Category> {
  readonly category: C;
  /** The monthly limit of the household (世帯単位), or its fixed part where a percentage is added. */
  readonly baseYen: number;
  /** Total cost (10割) above which `ratePercent` of the rest is added. Base ÷ 0.3. */
  readonly thresholdYen?: number;
  readonly ratePercent?: 1;
  /** 多数回該当: the flat amount from the fourth month. Absent: this class has none. */
  readonly multipleTimesYen?: number;
  /** 70 and over: one person's monthly outpatient limit (個人単位・外来). */
  readonly outpatientYen?: number;
  /** 70 and over: one person's outpatient limit for 1 August to 31 July. */
  readonly outpatientAnnualYen?: number;
  /** 年間上限 for 1 August to 31 July, paid back on application. */
  readonly annualCapYen?: number;
  /** The same for 標準報酬月額 of 150,000 or less (income of about 2,000,000 or less), shown by the person. */
  readonly lowerAnnualCapYen?: number;
  /** Classes finer than the category (planned from 2027-08): 標準報酬月額, both ends included. */
  readonly remunerationFromYen?: number;
  readonly remunerationToYen?: number;
}

/** A table as published: the months it is for, and how far it may be trusted. */
export interface CostLimitTable<C extends Category = Category> {
  readonly ageGroup: AgeGroup;
  readonly effectiveFrom: YearMonth;
  /** Last month, inclusive. Absent: still in force. */
  readonly effectiveTo?: YearMonth;
  /** `planned`: announced, not yet in the cabinet order. */
  readonly status: 'in-force' | 'planned';
  readonly source: string;
  readonly certainty: Certainty;
  readonly rows: readonly CostLimitRow<C>[];
}
