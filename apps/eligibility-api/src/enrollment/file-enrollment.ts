import type { EnrollmentFiling } from '@app/contracts';
import { addDays, FILING_TERMS, lastDayOfTerm, parseCivilDate, unwritableIn, type CivilDate } from '@app/domain';
import { hash, randomUUIDv7 } from 'node:crypto';

import { tokyoDay, type Clock } from '../clock/clock.js';
import { ProblemException } from '../problems/problem.exception.js';
import { IndividualNumber } from '../vault/individual-number.js';
import type { Filing, Filings, NewFiling } from './filings.js';

/** Coverage before the system began cannot be checked. */
const FIRST_DAY = '2015-01-01';
const DAYS_AHEAD = 366;

/** Who files. */
export interface Filer {
  readonly clientId: string;
  readonly insurerNumber: string;
  readonly idempotencyKey?: string;
}

/** Takes a filing: kept with its look-up queued, or refused. */
export class FileEnrollment {
  private readonly term: number;

  constructor(
    private readonly filings: Filings,
    private readonly vault: { indexOf: (number: IndividualNumber) => Buffer },
    private readonly clock: Clock,
  ) {
    const term = FILING_TERMS.find(({ code }) => code === 'acquisition-filing');
    if (term === undefined) throw new Error('the term of the filing is not among the terms');
    this.term = term.days;
  }

  async of(filer: Filer, filing: EnrollmentFiling): Promise<Filing> {
    const kept = this.admit(filer, filing, this.clock.now());
    const accepted = await this.filings.accept(kept);
    switch (accepted.kind) {
      case 'accepted':
        return {
          ...kept,
          kind: filing.kind,
          state: 'received',
          qualificationDate: filing.qualificationDate,
          history: [{ state: 'received', at: kept.receivedAt }],
        };
      case 'repeated':
        return accepted.filing;
      case 'key-reused':
        throw new ProblemException('idempotency-key-reused');
    }
  }

  /**
   * A filing of the documented shape, as it is to be kept.
   *
   * @param receivedAt epoch milliseconds; by its day in Tokyo dates are in range and the filing late
   * @throws {ProblemException} where it cannot be
   */
  admit(filer: Filer, filing: EnrollmentFiling, receivedAt: number): NewFiling {
    const { clientId, insurerNumber } = filer;
    const requestKey = requestKeyOf(filer);
    // From here on what was filed is without it.
    const { individualNumber, ...filed } = filing;
    const today = tokyoDay(receivedAt);
    this.refuse(filed, today);
    const number = individualNumber === undefined ? undefined : readNumber(individualNumber);
    const dueOn = lastDayOfTerm(filed.qualificationDate as CivilDate, this.term);
    return {
      enrollmentId: randomUUIDv7(),
      clientId,
      insurerNumber,
      receivedAt,
      dueOn,
      late: today > dueOn,
      filed,
      ...(number === undefined ? {} : { numberIndex: this.vault.indexOf(number) }),
      ...(requestKey === undefined ? {} : { requestKey }),
    };
  }

  private refuse(filed: EnrollmentFiling, today: CivilDate): void {
    const { kind, qualificationDate, insuredName, person } = filed;
    refuseUnrealDays({ '/qualificationDate': qualificationDate, '/person/birthdate': person.birthdate });
    if (!(qualificationDate >= FIRST_DAY && qualificationDate <= addDays(today, DAYS_AHEAD)))
      throw new ProblemException('qualification-date-out-of-range');
    refuseUnwritable({
      '/person/name': person.name,
      '/person/nameKana': person.nameKana,
      '/person/nameOfOther': person.nameOfOther,
      '/person/address': person.address,
      '/insuredCardSymbol': filed.insuredCardSymbol,
      '/insuredIdentificationNumber': filed.insuredIdentificationNumber,
      '/insuredName': insuredName,
    });
    if (person.birthdate > today) throw new ProblemException('birthdate-in-future');
    if (kind === 'dependent' && insuredName === undefined)
      throw new ProblemException('invalid-request', {
        errors: [{ pointer: '/insuredName', code: 'required', detail: 'is needed with a 被扶養者届' }],
      });
  }
}

/** What is kept of an Idempotency-Key, which is its client's own. */
export const requestKeyOf = ({ clientId, idempotencyKey }: Filer): string | undefined =>
  idempotencyKey === undefined ? undefined : hash('sha256', JSON.stringify([clientId, idempotencyKey]), 'base64url');

/** The form alone lets 30 February through. */
export const refuseUnrealDays = (days: Readonly<Record<string, string>>): void => {
  const errors = Object.entries(days)
    .filter(([, day]) => !parseCivilDate(day).ok)
    .map(([pointer]) => ({ pointer, code: 'format', detail: 'is not a day of the calendar' }));
  if (errors.length > 0) throw new ProblemException('invalid-request', { errors });
};

/** A character that cannot be kept as it was written is refused, with its place: nothing is replaced silently. */
export const refuseUnwritable = (texts: Readonly<Record<string, string | undefined>>): void => {
  const errors = Object.entries(texts).flatMap(([pointer, text]) =>
    unwritableIn(text ?? '').map(({ kind, position, codePoint }) => ({
      pointer,
      code: 'unwritable-character',
      detail: `character ${position} (${codePoint}) is ${kind} and cannot be kept`,
    })),
  );
  if (errors.length > 0) throw new ProblemException('invalid-request', { errors });
};

/** What is wrong with it is said without a digit of it. */
const readNumber = (text: string): IndividualNumber => {
  const read = IndividualNumber.read(text);
  if (read.ok) return read.value;
  throw new ProblemException('invalid-request', {
    errors: [
      { pointer: '/individualNumber', code: read.reason.replace('_', '-'), detail: 'is not an individual number' },
    ],
  });
};
