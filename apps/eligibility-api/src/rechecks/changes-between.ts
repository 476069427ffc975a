import type { EligibilityAnswer } from '@app/contracts';

import type { Change } from './rechecks.js';

/** What an answer said, as far as it matters to whoever charged by it. */
export interface Said {
  readonly verdict: string;
  readonly credentialState: string;
  /** Undefined where nothing was shown, or it is not known any more. */
  readonly results?: EligibilityAnswer['results'];
}

type Result = NonNullable<EligibilityAnswer['results']>[number];

/** With these a card proves nothing, and nothing is shown. */
const UNUSABLE: ReadonlySet<string> = new Set(['revoked', 'expired', 'not-registered']);

const coverageOf = (result: Result): readonly unknown[] => [
  result.insurerNumber,
  result.insuredCardSymbol,
  result.insuredIdentificationNumber,
  result.insuredBranchNumber,
];

const limitOf = ({ costLimit }: Result): unknown => {
  if (costLimit === undefined) return undefined;
  const { validFrom: _from, validTo: _to, ruleVersion: _rule, ...limit } = costLimit;
  return limit;
};

const differs = (before: readonly Result[], after: readonly Result[], part: (result: Result) => unknown): boolean =>
  JSON.stringify(before.map(part).map(orNull)) !== JSON.stringify(after.map(part).map(orNull));

const orNull = (value: unknown): unknown => value ?? null;

/**
 * What differs between two answers to one question. Names, addresses and dates of documents do not count: nobody is charged
 * by them. Another verdict says all there is to say of the coverage; and where one of the two shows no results there is nothing
 * to compare beyond verdict and card.
 */
export const changesBetween = (before: Said, after: Said): readonly Change[] => {
  const changes: Change[] = [];
  if (before.verdict !== after.verdict) changes.push('verdict');
  if (UNUSABLE.has(before.credentialState) !== UNUSABLE.has(after.credentialState)) changes.push('credential');
  if (before.verdict !== after.verdict || before.results === undefined || after.results === undefined) return changes;
  if (differs(before.results, after.results, coverageOf)) changes.push('coverage');
  if (differs(before.results, after.results, ({ copay }) => copay?.ratePercent)) changes.push('copay');
  if (differs(before.results, after.results, limitOf)) changes.push('cost-limit');
  return changes;
};
