import type { Step } from '../explanation.js';

/**
 * What was wrong with an input. `pointer` is a JSON Pointer into it. `kind`: `shape` is a type, a format, a missing or an
 * unknown field; `rule` is a well-formed value that a rule refuses. `code` never changes meaning.
 */
export interface RuleError {
  readonly pointer: string;
  readonly code: RuleErrorCode;
  readonly detail: string;
  readonly kind: 'shape' | 'rule';
}

export type RuleErrorCode =
  | 'unknown-rule'
  | 'unknown-field'
  | 'required'
  | 'type'
  | 'format'
  | 'not-in-list'
  | 'out-of-range'
  | 'birth-after-date'
  | 'before-first-table'
  | 'before-the-rule'
  | 'category-not-for-age'
  | 'band-not-for-rule'
  | 'belongs-to-late75'
  | 'fact-needed'
  | 'lost-before-acquired'
  | 'not-a-benefit-year'
  | 'too-many-months'
  | 'too-many-meals'
  | 'no-such-code'
  | 'class-not-told-apart';

/** The golden fields, the version of the rules, and how the answer came about. */
export type RuleAnswer = Readonly<Record<string, unknown>> & {
  readonly ruleVersion: string;
  readonly steps: readonly Step[];
};

export type RuleResult =
  { readonly ok: true; readonly value: RuleAnswer } | { readonly ok: false; readonly errors: readonly RuleError[] };

/** What a rule itself gives, before its version is added. */
export type Outcome =
  | { readonly ok: true; readonly fields: Readonly<Record<string, unknown>>; readonly steps: readonly Step[] }
  | { readonly ok: false; readonly errors: readonly RuleError[] };

export const answer = (fields: Readonly<Record<string, unknown>>, ...steps: readonly Step[]): Outcome => ({
  ok: true,
  fields,
  steps,
});

/** A well-formed field that a rule refuses. */
export const against = (field: string, code: RuleErrorCode, detail: string): Outcome => ({
  ok: false,
  errors: [{ pointer: `/${field}`, code, detail, kind: 'rule' }],
});
