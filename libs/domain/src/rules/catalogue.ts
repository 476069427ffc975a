import { RULE_VERSION } from '../rule-version.js';
import * as calendar from './calendar-rules.js';
import * as category from './category-rules.js';
import * as copay from './copay-rules.js';
import * as coverage from './coverage-rules.js';
import * as credential from './credential-rules.js';
import * as enrollment from './enrollment-rules.js';
import * as identifier from './identifier-rules.js';
import type { InputSchema } from './input.js';
import * as limit from './limit-rules.js';
import * as presentation from './presentation-rules.js';
import type { RuleResult } from './result.js';
import type { Rule } from './rule.js';
import * as total from './total-rules.js';

/** Every rule by the name of its case file. */
const RULES = {
  'address-compare': enrollment.addressCompare,
  'age-band': calendar.ageBand,
  'age-reached': calendar.ageReached,
  'card-expiry': credential.cardExpiryRule,
  'certificate-grace': credential.certificateGrace,
  'claim-fallback': presentation.claimFallbackRule,
  'claim-special-note': presentation.claimSpecialNoteRule,
  'copay-rate-kokuho70': copay.copayRateKokuho70,
  'copay-rate-kouki': copay.copayRateKouki,
  'copay-rate-shaho': copay.copayRateShaho,
  'coverage-history': coverage.coverageHistory,
  'coverage-on-date': coverage.coverageOnDate,
  'document-decision': presentation.documentDecisionRule,
  'elderly-boundaries': calendar.elderlyBoundaries,
  'insurer-number': identifier.insurerNumber,
  'jlis-match': enrollment.jlisMatch,
  'kana-nfkc': enrollment.kanaNfkcRule,
  'kogaku-75th-month': limit.kogaku75thMonth,
  'kogaku-annual-cap': total.kogakuAnnualCap,
  'kogaku-category': category.kogakuCategory,
  'kogaku-category-over70': category.kogakuCategoryOver70,
  'kogaku-household': total.kogakuHousehold,
  'kogaku-multiple-times': total.kogakuMultipleTimes,
  'kogaku-outpatient-year': total.kogakuOutpatientYear,
  'kogaku-over70': limit.kogakuOver70,
  'kogaku-table-selection': limit.kogakuTableSelection,
  'kogaku-under70': limit.kogakuUnder70,
  'kogaku-under70-from-2027-08': limit.kogakuUnder70Planned,
  'kouki-2wari-transition': copay.kouki2wariTransition,
  'kouki-insured-number': identifier.koukiInsuredNumber,
  'kouki-shikakukakuninsho-2026-08': presentation.koukiCertificateRule,
  'loss-date': coverage.lossDate,
  'low-income-1-pension': category.lowIncomePension,
  'meal-copay': total.mealCopay,
  'medical-institution-code': identifier.medicalInstitutionCode,
  'my-number': identifier.myNumber,
  'oqs-codes': enrollment.oqsCodes,
  'pin-lock': credential.pinLock,
  'preschool-boundary': calendar.preschoolBoundary,
  'public-expense-number': identifier.publicExpenseNumber,
  'rate-validity-period': copay.rateValidity,
  'registration-available': enrollment.registrationAvailable,
  'specified-disease': limit.specifiedDisease,
  'standard-remuneration-grade': category.standardRemuneration,
  'symbol-number-branch': identifier.symbolNumberBranch,
  'voluntary-continuation': coverage.voluntaryContinuationRule,
  wareki: calendar.wareki,
  'window-rounding': copay.windowRounding,
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES;

export const RULE_NAMES: readonly RuleName[] = Object.keys(RULES) as RuleName[];

export const isRuleName = (name: string): name is RuleName => Object.hasOwn(RULES, name);

/** What the input of a rule looks like, as JSON Schema. */
export const ruleInputSchema = (name: RuleName): InputSchema => RULES[name].schema;

/**
 * Answers one input by the rule of that name: the fields of its golden cases, `ruleVersion` and the steps. An input that a
 * rule cannot answer gives errors that name the field; never a number, never a throw.
 */
export const evaluateRule = (name: string, input: unknown): RuleResult => {
  if (!isRuleName(name)) {
    const detail = `one of ${RULE_NAMES.join(', ')}`;
    return { ok: false, errors: [{ pointer: '/rule', code: 'unknown-rule', detail, kind: 'shape' }] };
  }
  const outcome = RULES[name](input);
  return outcome.ok
    ? { ok: true, value: { ...outcome.fields, ruleVersion: RULE_VERSION, steps: outcome.steps } }
    : outcome;
};
