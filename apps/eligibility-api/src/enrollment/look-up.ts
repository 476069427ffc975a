import type { EnrollmentFiling } from '@app/contracts';
import type { JlisPersonSearchRequest, JlisSex } from '@app/contracts/jlis';
import { MATCH_ATTRIBUTES, matchDecision, type IncomeFacts, type MatchAttribute } from '@app/domain';

import type { Clock } from '../clock/clock.js';
import {
  SearchRefused,
  type PersonCandidate,
  type PersonSearch,
  type PersonSearchResult,
} from '../registry/person-search.js';
import type { Filings, FiledReason, LookedUp } from './filings.js';

/** Where each of the five attributes stands in a filing. */
const POINTERS: Readonly<Record<MatchAttribute, string>> = {
  kanjiName: '/person/name',
  kanaName: '/person/nameKana',
  birthDate: '/person/birthdate',
  sex: '/person/sex1',
  address: '/person/address',
};

export const questionOf = ({ person }: EnrollmentFiling): JlisPersonSearchRequest | undefined =>
  person.address === undefined
    ? undefined
    : {
        kanjiName: person.name,
        kanaName: person.nameKana,
        birthDate: person.birthdate,
        sex: person.sex1 as JlisSex,
        address: person.address,
      };

export const incomeOf = ({ standardMonthlyRemuneration }: EnrollmentFiling): IncomeFacts | undefined =>
  standardMonthlyRemuneration === undefined
    ? undefined
    : { scheme: 'shaho', standardMonthlyRemuneration, insuredNonTaxable: false, incomeExemptionGranted: false };

/** What the registry's candidates come to: one who agrees in all five attributes, or nobody a machine may take. */
const decide = (filed: EnrollmentFiling, { candidates, truncated }: PersonSearchResult): LookedUp => {
  const whole = candidates.filter(({ matchedAttributes }) => matchedAttributes.length === MATCH_ATTRIBUTES.length);
  const [best] = candidates;
  const { outcome, missing } = matchDecision(
    whole.length > 0 ? MATCH_ATTRIBUTES : (best?.matchedAttributes ?? []),
    whole.length,
  );
  // Among those that were cut off there may be another.
  if (truncated && whole.length > 0) return { outcome: 'review', reasons: [{ code: 'several-people' }] };
  switch (outcome) {
    case 'manual_review':
      return { outcome: 'review', reasons: [{ code: 'several-people' }] };
    case 'register': {
      const [{ personRef, individualNumber }] = whole as [PersonCandidate];
      const income = incomeOf(filed);
      return {
        outcome: 'register',
        person: { personRef, individualNumber },
        ...(income === undefined ? {} : { income }),
      };
    }
    case 'return_to_employer':
      return { outcome: 'return', reasons: reasonsFor(missing, candidates) };
  }
};

/** Which attribute to correct is told only where one is all that is wrong: more would describe somebody else's registration. */
const reasonsFor = (missing: readonly MatchAttribute[], candidates: readonly PersonCandidate[]): FiledReason[] => {
  const near = candidates.filter(({ matchedAttributes }) => matchedAttributes.length === MATCH_ATTRIBUTES.length - 1);
  const [attribute] = missing;
  return near.length === 1 && missing.length === 1 && attribute !== undefined
    ? [{ code: 'attribute-differs', pointer: POINTERS[attribute] }]
    : [{ code: 'nobody-found' }];
};

/** Looks a filing up at the registry. Every step may be done again: after a crash, or by two at once. */
export class LookUp {
  constructor(
    private readonly filings: Filings,
    private readonly search: PersonSearch,
    private readonly clock: Clock,
  ) {}

  /** Rejects with `RegistryFault` while the registry is away, and `FilingsUnavailable` while PostgreSQL is: it is tried again. */
  async of(enrollmentId: string): Promise<void> {
    const filing = await this.filings.begin(enrollmentId, this.clock.now());
    if (filing === undefined) return;
    const question = questionOf(filing.filed);
    const found: LookedUp =
      question === undefined
        ? { outcome: 'return', reasons: [{ code: 'attribute-missing', pointer: POINTERS.address }] }
        : decide(filing.filed, await this.found(question));
    await this.filings.conclude(filing, found, this.clock.now());
  }

  private async found(question: JlisPersonSearchRequest): Promise<PersonSearchResult> {
    try {
      return await this.search.search(question);
    } catch (error) {
      // What was filed makes no question: nobody can be found by it, and asking again in the same words is no use.
      if (error instanceof SearchRefused) return { candidates: [], truncated: false };
      throw error;
    }
  }
}
