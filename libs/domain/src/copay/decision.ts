/** 一部負担金割合 in percent. */
export type CopayPercent = 10 | 20 | 30;

/** A rate, the test that decided it, and where that test is written. */
export interface CopayDecision<P extends CopayPercent, R extends string> {
  readonly copayPercent: P;
  readonly reason: R;
  readonly source: string;
}

/** No rate can be given: a fact is missing, or the person cannot be in that scheme. Never a number. */
export interface CopayUndecided<R extends string> {
  readonly copayPercent: undefined;
  readonly reason: R;
  readonly source: string;
}
