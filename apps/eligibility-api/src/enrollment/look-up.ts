import type { EnrollmentFiling } from '@app/contracts';
import type { JlisPersonSearchRequest, JlisSex } from '@app/contracts/jlis';
import { MATCH_ATTRIBUTES, matchDecision, type MatchAttribute } from '@app/domain';

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

/** Those of the registry's candidates who agree in all five attributes. */
export const agreeingInAll = (candidates: readonly PersonCandidate[]): readonly PersonCandidate[] =>
  candidates.filter(({ matchedAttributes }) => matchedAttributes.length === MATCH_ATTRIBUTES.length);

/** That this is the person, with what was filed of their income. */
export const registrationOf = (
  { standardMonthlyRemuneration }: EnrollmentFiling,
  { personRef, individualNumber }: PersonCandidate,
): LookedUp => ({
  outcome: 'register',
  person: { personRef, individualNumber },
  ...(standardMonthlyRemuneration === undefined
    ? {}
    : {
        income: {
          scheme: 'shaho',
          standardMonthlyRemuneration,
          insuredNonTaxable: false,
          incomeExemptionGranted: false,
        },
      }),
});

/** What the registry's candidates come to: one who agrees in all five attributes, or nobody a machine may take. */
const decide = (filed: EnrollmentFiling, { candidates, truncated }: PersonSearchResult): LookedUp => {
  const whole = agreeingInAll(candidates);
  const [one] = whole;
  if (one === undefined) return { outcome: 'return', reasons: [reasonFor(candidates)] };
  // Among those that were cut off there may be another.
  const { outcome } = matchDecision(MATCH_ATTRIBUTES, truncated ? whole.length + 1 : whole.length);
  return outcome === 'register'
    ? registrationOf(filed, one)
    : { outcome: 'review', reasons: [{ code: 'several-people' }] };
};

/** Which attribute to correct is told only where one is all that is wrong with one person: more would describe somebody else's registration. */
const reasonFor = (candidates: readonly PersonCandidate[]): FiledReason => {
  const near = candidates.filter(({ matchedAttributes }) => matchedAttributes.length === MATCH_ATTRIBUTES.length - 1);
  const [only] = near;
  const differs = MATCH_ATTRIBUTES.find((attribute) => only?.matchedAttributes.includes(attribute) === false);
  return near.length === 1 && differs !== undefined
    ? { code: 'attribute-differs', pointer: POINTERS[differs] }
    : { code: 'nobody-found' };
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
