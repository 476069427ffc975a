import type { EnrollmentCandidate, EnrollmentReviewRequest } from '@app/contracts';

import type { Caller } from '../access/caller.js';
import { tokyoDay, type Clock } from '../clock/clock.js';
import { ProblemException } from '../problems/problem.exception.js';
import type { PersonCandidate, PersonSearch } from '../registry/person-search.js';
import { RegistryFault } from '../registry/registry.js';
import { questionAbout, recordOf } from './confirm-change.js';
import { isToConfirm, type Filing, type Filings, type FilingToLookUp, type LookedUp } from './filings.js';
import { questionOf, registrationOf } from './look-up.js';
import { agreeingInAll } from './match-candidates.js';

/** Filings that no machine decides: two people do, each proved by two factors, and a reason each. */
export class ReviewFiling {
  constructor(
    private readonly filings: Filings,
    private readonly search: PersonSearch,
    private readonly clock: Clock,
  ) {}

  /** Everybody who agrees in all five attributes, as the registry says now. */
  async candidates(insurerNumber: string, enrollmentId: string): Promise<readonly EnrollmentCandidate[]> {
    const filing = await this.toReview(insurerNumber, enrollmentId);
    return (await this.whole(filing)).map(
      ({ personRef, kanjiName, kanaName, birthDate, sex, address, postNumber }) => ({
        personRef,
        name: kanjiName,
        nameKana: kanaName,
        birthdate: birthDate,
        sex1: sex,
        address,
        postNumber,
      }),
    );
  }

  /** Keeps what this person decided, and carries it out once somebody else has decided the same. */
  async of(
    { clientId, actor }: Caller,
    insurerNumber: string,
    enrollmentId: string,
    { decision, personRef, reason }: EnrollmentReviewRequest,
  ): Promise<Filing> {
    if (actor?.hasTwoFactors !== true) throw new ProblemException('two-factors-needed');
    if ((decision === 'register') !== (personRef !== undefined))
      throw new ProblemException('invalid-request', {
        errors: [{ pointer: '/personRef', code: 'required', detail: 'is given to register, and not to return' }],
      });
    const filing = await this.toReview(insurerNumber, enrollmentId);
    const carriedOut = await this.outcomeOf(filing, personRef);
    const at = this.clock.now();
    const review = {
      reviewer: actor.sub,
      clientId,
      decision,
      ...(personRef === undefined ? {} : { personRef }),
      reason,
      at,
    };
    if (!(await this.filings.review(filing, review, carriedOut))) throw new ProblemException('nothing-to-review');
    const reviewed = await this.filings.find(insurerNumber, enrollmentId);
    if (reviewed === undefined) throw new ProblemException('enrollment-not-found');
    return reviewed;
  }

  private async toReview(insurerNumber: string, enrollmentId: string): Promise<FilingToLookUp> {
    const filing = await this.filings.toReview(insurerNumber, enrollmentId);
    if (filing !== undefined) return filing;
    const known = await this.filings.find(insurerNumber, enrollmentId);
    throw new ProblemException(known === undefined ? 'enrollment-not-found' : 'nothing-to-review');
  }

  /** Whom the registry does not name by all five attributes at this moment, two people cannot register either. */
  private async outcomeOf(filing: FilingToLookUp, personRef: string | undefined): Promise<LookedUp> {
    if (personRef === undefined) return { outcome: 'return', reasons: [{ code: 'returned-by-review' }] };
    const person = (await this.whole(filing)).find((candidate) => candidate.personRef === personRef);
    if (person === undefined) throw new ProblemException('not-a-candidate');
    return isToConfirm(filing) ? recordOf(person) : registrationOf(filing.filed, person);
  }

  /** Of a change: the person whom it is about and nobody else, where the registry has a reference for them. */
  private async whole(filing: FilingToLookUp): Promise<readonly PersonCandidate[]> {
    const subject = isToConfirm(filing) ? filing.subject : undefined;
    const question = isToConfirm(filing)
      ? subject && questionAbout(filing, subject, tokyoDay(this.clock.now()))
      : questionOf(filing.filed);
    if (question === undefined) return [];
    try {
      const whole = agreeingInAll((await this.search.search(question)).candidates);
      const { personRef } = subject ?? {};
      return personRef === undefined ? whole : whole.filter((candidate) => candidate.personRef === personRef);
    } catch (error) {
      if (error instanceof RegistryFault)
        throw new ProblemException('registry-unavailable', { cause: error, retryAfterSeconds: 5 });
      throw error;
    }
  }
}
