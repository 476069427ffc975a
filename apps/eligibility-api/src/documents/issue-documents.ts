import type {
  DocumentRate,
  EligibilityDeclaration,
  InsuredPersonOnDocument,
  ProblemCode,
  QualificationCertificate,
  QualificationNotice,
  QualificationScreen,
} from '@app/contracts';
import {
  addMonths,
  certificateOn,
  civilDate,
  declarationOn,
  noticeOn,
  screenOn,
  type CertificateApplication,
  type CivilDate,
  type DocumentDay,
  type DocumentFacts,
  type DocumentRefusal,
  type InsuredOnDay,
  type ShownRate,
} from '@app/domain';

import { AccessesUnavailable, type Accesses, type Reader, type ReadingKind } from '../accesses/accesses.js';
import { tokyoDay, tokyoInstant, type Clock } from '../clock/clock.js';
import { isRowId } from '../http/ids.js';
import { ProblemException } from '../problems/problem.exception.js';
import { DocumentsUnavailable, type DocumentPeople } from './document-people.js';
import type { LastFourDigits } from './last-four-digits.js';
import type { DocumentContent } from './paper/draw-document.js';

/** マイナポータル, operated by デジタル庁: where the QR code of a notice leads. */
const MYNAPORTAL_URL = 'https://myna.go.jp/';

/** The first day a document may be issued as of, as for a service date. */
const FIRST_DAY = civilDate('2015-01-01');

const CODES = {
  'not-insured': 'not-insured-on-day',
  'medical-aid': 'medical-aid-has-no-documents',
  'not-yet': 'document-not-yet-issued',
  'certificate-instead': 'certificate-instead-of-notice',
  'card-instead': 'card-instead-of-certificate',
  'card-not-registered': 'card-not-registered',
  'validity-out-of-range': 'validity-out-of-range',
  'rate-undetermined': 'copay-rate-not-on-record',
} as const satisfies Record<DocumentRefusal['because'], ProblemCode>;

const detailOf = (refusal: DocumentRefusal): string | undefined => {
  switch (refusal.because) {
    case 'not-yet':
      return `From ${refusal.from}.`;
    case 'validity-out-of-range':
      return `It may end on ${refusal.from} to ${refusal.to}.`;
    case 'not-insured':
    case 'medical-aid':
    case 'certificate-instead':
    case 'card-instead':
    case 'card-not-registered':
    case 'rate-undetermined':
      return undefined;
  }
};

/** The reply to who is not entitled. */
const refused = (refusal: DocumentRefusal): ProblemException => {
  const detail = detailOf(refusal);
  return new ProblemException(CODES[refusal.because], detail === undefined ? {} : { detail });
};

/** Whose document, of which insurer and asked for by whom there, as of which day (default: today). */
export interface DocumentRequest extends Reader {
  readonly personId: string;
  readonly issuedOn?: CivilDate;
}

/**
 * What stands on each document, as plain values; whether somebody gets it is the domain's to say. That it was issued, and to whom,
 * is on record before it is given. Throws `ProblemException`: 404 for whoever is not the insurer's, 422 with the reason where there is no such document for them that day, 503 when the
 * store is away.
 */
export class IssueDocuments {
  constructor(
    private readonly people: Pick<DocumentPeople, 'find'>,
    private readonly lastFour: LastFourDigits,
    private readonly accesses: Pick<Accesses, 'note'>,
    private readonly clock: Clock,
  ) {}

  /** Any of them, as who asks for nothing particular gets it. */
  async document(document: DocumentContent['document'], request: DocumentRequest): Promise<DocumentContent> {
    switch (document) {
      case 'qualification-notice':
        return { document, content: await this.notice(request) };
      case 'qualification-certificate':
        return { document, content: await this.certificate(request) };
      case 'qualification-screen':
        return { document, content: await this.screen(request) };
      case 'eligibility-declaration':
        return { document, content: await this.declaration(request) };
    }
  }

  async notice(request: DocumentRequest): Promise<QualificationNotice> {
    const { facts, day } = await this.read(request);
    const notice = noticeOn(facts, day);
    if (notice.kind === 'refused') throw refused(notice);
    const { insured, version, occasion, rate, source } = notice;
    const digits = version === 'with-last-four-digits' ? { individualNumberLastFour: await this.digits(request) } : {};
    await this.onRecord('qualification-notice', request);
    return {
      ...personOn(insured, day),
      version,
      occasion,
      qualificationDate: insured.qualification.acquiredOn,
      copay: rateOf(rate),
      ...digits,
      mynaportalUrl: MYNAPORTAL_URL,
      source,
    };
  }

  async certificate(
    request: DocumentRequest & { readonly application?: CertificateApplication; readonly validTo?: CivilDate },
  ): Promise<QualificationCertificate> {
    const { facts, day } = await this.read(request);
    const { application, validTo } = request;
    const certificate = certificateOn(facts, {
      ...day,
      ...(application === undefined ? {} : { application }),
      ...(validTo === undefined ? {} : { validTo }),
    });
    if (certificate.kind === 'refused') throw refused(certificate);
    const { insured, rate } = certificate;
    await this.onRecord('qualification-certificate', request);
    const { identity } = insured.person;
    const { insuredName, personalFamilyClassification, acquiredOn } = insured.qualification;
    return {
      ...personOn(insured, day),
      basis: certificate.basis,
      need: certificate.need,
      validFrom: certificate.validFrom,
      validTo: certificate.validTo,
      returnDueUntil: certificate.validTo,
      ...(certificate.sentBy === undefined ? {} : { sentBy: certificate.sentBy }),
      birthdate: identity.birthdate,
      sex1: identity.sex1,
      ...(personalFamilyClassification === '2' && insuredName !== undefined ? { insuredName } : {}),
      qualificationDate: acquiredOn,
      ...(rate === undefined ? {} : { copay: rateOf(rate) }),
      source: certificate.source,
    };
  }

  async screen(request: DocumentRequest): Promise<QualificationScreen> {
    const { facts, day } = await this.read(request);
    const screen = screenOn(facts, day);
    if (screen.kind === 'refused') throw refused(screen);
    await this.onRecord('qualification-screen', request);
    return {
      ...personOn(screen.insured, day),
      savedAt: tokyoInstant(this.clock.now()),
      ...(screen.rate === undefined ? {} : { copay: rateOf(screen.rate) }),
    };
  }

  async declaration(request: DocumentRequest): Promise<EligibilityDeclaration> {
    const { facts, day } = await this.read(request);
    const declaration = declarationOn(facts, day);
    if (declaration.kind === 'refused') throw refused(declaration);
    await this.onRecord('eligibility-declaration', request);
    const { insured, rate } = declaration;
    const { birthdate, sex1, postNumber, address } = insured.person.identity;
    return {
      ...personOn(insured, day),
      joinedWithinAMonth: insured.qualification.acquiredOn > addMonths(day.issuedOn, -1),
      ...(rate === undefined ? {} : { copay: rateOf(rate) }),
      birthdate,
      sex1,
      ...(postNumber === undefined ? {} : { postNumber }),
      ...(address === undefined ? {} : { address }),
    };
  }

  private async read({
    insurerNumber,
    personId,
    issuedOn,
  }: DocumentRequest): Promise<{ facts: DocumentFacts; day: DocumentDay }> {
    const now = this.clock.now();
    const today = tokyoDay(now);
    const on = issuedOn ?? today;
    if (on < FIRST_DAY || on > today)
      throw new ProblemException('issue-date-out-of-range', { detail: `It may be ${FIRST_DAY} to ${today}.` });
    // An id of another form is nobody's.
    const found = isRowId(personId) ? await this.find(insurerNumber, personId) : undefined;
    if (found === undefined) throw new ProblemException('person-not-found');
    const { person, certificates, foundAtRegistry } = found;
    return {
      facts: { person, certificates, individualNumberOnRecord: foundAtRegistry },
      day: { issuedOn: on, knownAt: now },
    };
  }

  private async find(insurerNumber: string, personId: string): ReturnType<DocumentPeople['find']> {
    try {
      return await this.people.find(insurerNumber, personId);
    } catch (error) {
      if (error instanceof DocumentsUnavailable) throw new ProblemException('documents-unavailable', { cause: error });
      throw error;
    }
  }

  private async digits({ personId, clientId, operator }: DocumentRequest): Promise<string> {
    const opener = { clientId, ...(operator === undefined ? {} : { operator }) };
    const digits = await this.lastFour.of(personId, 'notice-last-four', opener);
    if (digits === undefined) throw new ProblemException('last-four-digits-unavailable');
    return digits;
  }

  private async onRecord(
    what: ReadingKind,
    { personId, insurerNumber, clientId, operator }: DocumentRequest,
  ): Promise<void> {
    const reader: Reader = { insurerNumber, clientId, ...(operator === undefined ? {} : { operator }) };
    try {
      await this.accesses.note({ ...reader, personId, what }, this.clock.now());
    } catch (error) {
      if (error instanceof AccessesUnavailable) throw new ProblemException('documents-unavailable', { cause: error });
      throw error;
    }
  }
}

const personOn = ({ qualification, person }: InsuredOnDay, { issuedOn }: DocumentDay): InsuredPersonOnDocument => {
  const { insurer, insuredCardSymbol, insuredBranchNumber } = qualification;
  return {
    insuredPersonId: person.personId,
    issuedOn,
    insurerNumber: insurer.insurerNumber,
    insurerName: insurer.insurerName,
    scheme: insurer.scheme,
    ...(insuredCardSymbol === undefined ? {} : { insuredCardSymbol }),
    insuredIdentificationNumber: qualification.insuredIdentificationNumber,
    ...(insuredBranchNumber === undefined ? {} : { insuredBranchNumber }),
    personalFamilyClassification: qualification.personalFamilyClassification,
    name: person.identity.name,
    nameKana: person.identity.nameKana,
  };
};

const rateOf = ({ ratePercent, period }: ShownRate): DocumentRate => ({
  ratePercent,
  ...(period === undefined
    ? {}
    : { validFrom: period.from, ...(period.to === undefined ? {} : { validTo: period.to }) }),
});
