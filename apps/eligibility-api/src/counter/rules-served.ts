import type { RuleName } from '@app/domain';

/** The calls at the counter, and which rules each of them serves. Individual numbers are in no row: they are never taken over HTTP. */
export const RULES_SERVED = {
  'presentation-assessments': [
    'document-decision',
    'claim-fallback',
    'claim-special-note',
    'kouki-shikakukakuninsho-2026-08',
  ],
  'copay-rate-determinations': [
    'copay-rate-shaho',
    'copay-rate-kokuho70',
    'copay-rate-kouki',
    'age-band',
    'age-reached',
    'preschool-boundary',
    'elderly-boundaries',
    'rate-validity-period',
    'kouki-2wari-transition',
  ],
  'cost-limit-calculations': [
    'kogaku-under70',
    'kogaku-under70-from-2027-08',
    'kogaku-over70',
    'kogaku-75th-month',
    'kogaku-household',
    'kogaku-multiple-times',
    'kogaku-outpatient-year',
    'kogaku-annual-cap',
    'kogaku-category',
    'kogaku-category-over70',
    'kogaku-table-selection',
    'specified-disease',
    'low-income-1-pension',
    'standard-remuneration-grade',
  ],
  'window-charges': ['window-rounding'],
  'meal-charges': ['meal-copay'],
  'identifier-validations': [
    'insurer-number',
    'medical-institution-code',
    'public-expense-number',
    'kouki-insured-number',
    'symbol-number-branch',
  ],
} as const satisfies Readonly<Record<string, readonly RuleName[]>>;

export type CalculatorCall = keyof typeof RULES_SERVED;

interface IdentifierKind {
  readonly rule: (typeof RULES_SERVED)['identifier-validations'][number];
  /** The field of the rule's input that holds the value; absent where the value is the whole input. */
  readonly field?: string;
}

/** What `kind` may be, where a number is asked about as `{ kind, value }`. */
export const IDENTIFIER_KINDS: Readonly<Record<string, IdentifierKind>> = {
  'insurer-number': { rule: 'insurer-number', field: 'insurerNumber' },
  'medical-institution-code': { rule: 'medical-institution-code', field: 'code' },
  'public-expense-number': { rule: 'public-expense-number', field: 'payerNumber' },
  'public-expense-recipient-number': { rule: 'public-expense-number', field: 'recipientNumber' },
  'kouki-insured-number': { rule: 'kouki-insured-number', field: 'insuredNumber' },
  'symbol-number-branch': { rule: 'symbol-number-branch' },
};
