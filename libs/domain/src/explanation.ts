/** One step of an explanation: the rule by its Japanese name, what it gave, why, and where it is written. */
export interface Step {
  readonly rule: string;
  readonly amountYen?: number;
  readonly detail: string;
  readonly source: string;
}

export const step = (rule: string, detail: string, source: string, amountYen?: number): Step =>
  amountYen === undefined ? { rule, detail, source } : { rule, amountYen, detail, source };
