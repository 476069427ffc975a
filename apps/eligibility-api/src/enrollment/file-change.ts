import type { ProblemError, QualificationChangeRow } from '@app/contracts';
import {
  coverageRefusal,
  FILING_TERMS,
  hasChangeTerm,
  lastDayOfTerm,
  refusalsOfChange,
  type ChangeRefusal,
  type CivilDate,
  type CoverageRefusal,
} from '@app/domain';
import { randomUUIDv7 } from 'node:crypto';

import { tokyoDay, type Clock } from '../clock/clock.js';
import { isRowId } from '../http/ids.js';
import { ProblemException } from '../problems/problem.exception.js';
import { refuseUnrealDays, refuseUnwritable, requestKeyOf, type Filer } from './file-enrollment.js';
import { filedChangeOf, pointerTo } from './filed-change.js';
import type { Filing, Filings, NewFiling } from './filings.js';

/** Takes a change or a correction of a coverage: kept with its confirmation queued, or refused. */
export class FileChange {
  private readonly term: number;

  constructor(
    private readonly filings: Filings,
    private readonly clock: Clock,
  ) {
    const term = FILING_TERMS.find(({ code }) => code === 'change-filing');
    if (term === undefined) throw new Error('the term of the filing is not among the terms');
    this.term = term.days;
  }

  async of(filer: Filer, filed: QualificationChangeRow): Promise<Filing> {
    const { qualificationId } = filed;
    const coverage = isRowId(qualificationId)
      ? await this.filings.coverage(filer.insurerNumber, qualificationId)
      : undefined;
    if (coverage === undefined) throw new ProblemException('qualification-not-found');
    const kept = this.admit(filer, filed, this.clock.now());
    const refusal = coverageRefusal(filedChangeOf(filed), coverage);
    if (refusal !== undefined) throw new ProblemException('change-refused', { errors: [WORDS_OF_COVERAGE[refusal]] });
    const accepted = await this.filings.accept(kept);
    switch (accepted.kind) {
      case 'accepted':
        return {
          ...kept,
          kind: filed.kind,
          state: 'received',
          qualificationDate: coverage.acquiredOn,
          ...(filed.effectiveDate === undefined ? {} : { effectiveDate: filed.effectiveDate }),
          qualificationId,
          history: [{ state: 'received', at: kept.receivedAt }],
        };
      case 'repeated':
        return accepted.filing;
      case 'key-reused':
        throw new ProblemException('idempotency-key-reused');
    }
  }

  /**
   * A change of the documented shape, as it is to be kept; the coverage is looked at when it is recorded.
   *
   * @param receivedAt epoch milliseconds; by its day in Tokyo a change is in range and late
   * @throws {ProblemException} where it cannot be
   */
  admit(filer: Filer, filed: QualificationChangeRow, receivedAt: number): NewFiling {
    const { effectiveDate, person = {}, personalFamilyClassification, insuredName } = filed;
    const today = tokyoDay(receivedAt);
    refuseUnrealDays({
      ...(effectiveDate === undefined ? {} : { '/effectiveDate': effectiveDate }),
      ...(person.birthdate === undefined ? {} : { '/person/birthdate': person.birthdate }),
    });
    refuseUnwritable({
      '/person/name': person.name,
      '/person/nameKana': person.nameKana,
      '/person/nameOfOther': person.nameOfOther,
      '/person/address': person.address,
      '/insuredCardSymbol': filed.insuredCardSymbol,
      '/insuredIdentificationNumber': filed.insuredIdentificationNumber,
      '/insuredName': insuredName,
    });
    if (person.birthdate !== undefined && person.birthdate > today) throw new ProblemException('birthdate-in-future');
    if (personalFamilyClassification === '2' && insuredName === undefined)
      throw new ProblemException('invalid-request', {
        errors: [{ pointer: '/insuredName', code: 'required', detail: 'is needed with family' }],
      });
    const change = filedChangeOf(filed);
    const refusals = refusalsOfChange(change, today);
    if (refusals.length > 0) throw new ProblemException('change-refused', { errors: refusals.map(shownRefusal) });
    const dueOn =
      effectiveDate !== undefined && hasChangeTerm(change)
        ? lastDayOfTerm(effectiveDate as CivilDate, this.term)
        : undefined;
    const requestKey = requestKeyOf(filer);
    return {
      enrollmentId: randomUUIDv7(),
      clientId: filer.clientId,
      insurerNumber: filer.insurerNumber,
      receivedAt,
      late: dueOn !== undefined && today > dueOn,
      filed,
      ...(dueOn === undefined ? {} : { dueOn }),
      ...(requestKey === undefined ? {} : { requestKey }),
    };
  }
}

const WORDS: Readonly<Record<ChangeRefusal['because'], string>> = {
  'nothing-changed': 'names nothing that became another',
  'day-needed': 'is needed with a change: the first day on which it is so',
  'day-of-correction': 'is none with a correction, which takes the place of what stands today',
  'correction-only': 'becomes another on no day: file a correction',
  'not-in-force-yet': 'changes after today: the registry confirms what is so today, so file it then',
  'too-far-ahead': 'is more than a year ahead',
  'not-the-first-of-a-month': 'changes on the first of a month',
};

const shownRefusal = ({ because, attribute }: ChangeRefusal): ProblemError => ({
  pointer:
    attribute === undefined
      ? because === 'nothing-changed'
        ? ''
        : '/effectiveDate'
      : because === 'not-the-first-of-a-month'
        ? '/effectiveDate'
        : pointerTo(attribute),
  code: because,
  detail: WORDS[because],
});

const WORDS_OF_COVERAGE: Readonly<Record<CoverageRefusal, ProblemError>> = {
  'before-coverage': {
    pointer: '/effectiveDate',
    code: 'before-coverage',
    detail: 'is before the coverage began',
  },
  'after-coverage': { pointer: '/effectiveDate', code: 'after-coverage', detail: 'is after the coverage has ended' },
  'no-remuneration-in-scheme': {
    pointer: '/standardMonthlyRemuneration',
    code: 'no-remuneration-in-scheme',
    detail: 'is of 健保: this insurer has none',
  },
};
