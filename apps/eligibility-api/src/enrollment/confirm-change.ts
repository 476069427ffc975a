import type { JlisPersonSearchRequest } from '@app/contracts/jlis';
import {
  asksRegistry,
  changesMade,
  identityOnceMade,
  isInForceOn,
  MATCH_ATTRIBUTES,
  type CivilDate,
  type PersonFacts,
} from '@app/domain';

import type { PersonCandidate, PersonSearchResult } from '../registry/person-search.js';
import { filedChangeOf } from './filed-change.js';
import type { ChangeSubject, ChangeToConfirm, FiledReason, LookedUp } from './filings.js';
import { agreeingInAll, differsFrom, POINTERS, reasonFor } from './match-candidates.js';

/** What a change needs before it is recorded: nobody's word, nobody who could give it, or the registry's on five attributes. */
export type ToConfirm =
  | { readonly kind: 'decided'; readonly found: LookedUp }
  | { readonly kind: 'ask'; readonly subject: ChangeSubject; readonly question: JlisPersonSearchRequest };

const decided = (found: LookedUp): ToConfirm => ({ kind: 'decided', found });

/** The person as they are today once the change is made, as a question. Undefined without an address. */
export const questionAbout = (
  { filed }: ChangeToConfirm,
  { person }: ChangeSubject,
  today: CivilDate,
): JlisPersonSearchRequest | undefined => {
  const coverage = coverageOf(person, filed.qualificationId);
  if (coverage === undefined) return undefined;
  const made = changesMade(person, coverage, filedChangeOf(filed), { today, knownAt: Infinity });
  const { name, nameKana, birthdate, sex1, address } = identityOnceMade(person, made, today);
  return address === undefined
    ? undefined
    : { kanjiName: name, kanaName: nameKana, birthDate: birthdate, sex: sex1, address };
};

const coverageOf = ({ qualifications }: PersonFacts, qualificationId: string) =>
  qualifications.find((one) => one.qualificationId === qualificationId);

/** Whom to ask about a change, as of today. */
export const toConfirm = (filing: ChangeToConfirm, today: CivilDate): ToConfirm => {
  const { filed, subject } = filing;
  const coverage = subject && coverageOf(subject.person, filed.qualificationId);
  if (subject === undefined || coverage === undefined)
    return decided({ outcome: 'return', reasons: [{ code: 'coverage-not-found', pointer: '/qualificationId' }] });
  const change = filedChangeOf(filed);
  if (!asksRegistry(change)) return decided({ outcome: 'record' });
  const made = changesMade(subject.person, coverage, change, { today, knownAt: Infinity });
  // The registry says what is so today, and this is not: people look at the papers.
  if (!isInForceOn(subject.person, change, made, today))
    return decided({ outcome: 'review', reasons: [{ code: 'overtaken-by-later-change', pointer: '/effectiveDate' }] });
  const question = questionAbout(filing, subject, today);
  return question === undefined
    ? decided({ outcome: 'return', reasons: [{ code: 'attribute-missing', pointer: POINTERS.address }] })
    : { kind: 'ask', subject, question };
};

/**
 * What the registry's candidates say of a change. The person is known by the registry's own reference, and is not chosen: the registry
 * confirms the change of them, or it does not. Who was never looked up is found as whoever is filed anew.
 */
export const confirmed = (
  { personRef }: ChangeSubject,
  asked: JlisPersonSearchRequest,
  { candidates, truncated }: PersonSearchResult,
): LookedUp => {
  const whole = agreeingInAll(candidates);
  const own = personRef === undefined ? undefined : whole.find((candidate) => candidate.personRef === personRef);
  if (own !== undefined) return recordOf(own);
  if (personRef !== undefined) {
    if (truncated) return { outcome: 'review', reasons: [{ code: 'several-people' }] };
    return {
      outcome: 'return',
      reasons: whole.length > 0 ? [SOMEBODY_ELSE] : differencesOf(asked, candidates, personRef),
    };
  }
  const [one, another] = whole;
  if (one === undefined) return { outcome: 'return', reasons: [reasonFor(asked, candidates)] };
  // Among those that were cut off there may be another.
  if (another !== undefined || truncated) return { outcome: 'review', reasons: [{ code: 'several-people' }] };
  return recordOf(one);
};

const SOMEBODY_ELSE: FiledReason = { code: 'somebody-else-found' };

/** It is their own insured person: every attribute that differs may be told. */
const differencesOf = (
  asked: JlisPersonSearchRequest,
  candidates: readonly PersonCandidate[],
  personRef: string,
): readonly FiledReason[] => {
  const own = candidates.find((candidate) => candidate.personRef === personRef);
  if (own === undefined) return [{ code: 'nobody-found' }];
  return MATCH_ATTRIBUTES.filter((attribute) => !own.matchedAttributes.includes(attribute)).map((attribute) =>
    differsFrom(attribute, asked, own),
  );
};

export const recordOf = ({ personRef, individualNumber }: PersonCandidate): LookedUp => ({
  outcome: 'record',
  person: { personRef, individualNumber },
});
