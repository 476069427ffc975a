import type { EnrollmentFiling } from '@app/contracts';
import type { JlisPersonSearchRequest, JlisSex } from '@app/contracts/jlis';
import { MATCH_ATTRIBUTES, matchDecision } from '@app/domain';

import { tokyoDay, type Clock } from '../clock/clock.js';
import {
  SearchRefused,
  type PersonCandidate,
  type PersonSearch,
  type PersonSearchResult,
} from '../registry/person-search.js';
import { confirmed, toConfirm } from './confirm-change.js';
import { isToConfirm, type ChangeToConfirm, type Filings, type LookedUp } from './filings.js';
import { agreeingInAll, POINTERS, reasonFor } from './match-candidates.js';

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
const decide = (
  filed: EnrollmentFiling,
  asked: JlisPersonSearchRequest,
  { candidates, truncated }: PersonSearchResult,
): LookedUp => {
  const whole = agreeingInAll(candidates);
  const [one] = whole;
  if (one === undefined) return { outcome: 'return', reasons: [reasonFor(asked, candidates)] };
  // Among those that were cut off there may be another.
  const { outcome } = matchDecision(MATCH_ATTRIBUTES, truncated ? whole.length + 1 : whole.length);
  return outcome === 'register'
    ? registrationOf(filed, one)
    : { outcome: 'review', reasons: [{ code: 'several-people' }] };
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
    const found = isToConfirm(filing) ? await this.confirm(filing) : await this.lookUp(filing.filed);
    await this.filings.conclude(filing, found, this.clock.now());
  }

  private async lookUp(filed: EnrollmentFiling): Promise<LookedUp> {
    const question = questionOf(filed);
    return question === undefined
      ? { outcome: 'return', reasons: [{ code: 'attribute-missing', pointer: POINTERS.address }] }
      : decide(filed, question, await this.found(question));
  }

  private async confirm(filing: ChangeToConfirm): Promise<LookedUp> {
    const next = toConfirm(filing, tokyoDay(this.clock.now()));
    if (next.kind === 'decided') return next.found;
    return confirmed(next.subject, next.question, await this.found(next.question));
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
