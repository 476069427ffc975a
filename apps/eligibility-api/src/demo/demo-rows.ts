import type { JlisPopulationPerson } from '@app/contracts/jlis';
import { normaliseNumber } from '@app/domain';

import type { CoverageSeed, PersonSeed } from './coverage-seed.js';

type Row = Record<string, unknown>;

/** Rows by table, in the order in which they can be written. */
export interface DemoRows {
  readonly person: Row[];
  readonly credential: Row[];
  readonly qualification: Row[];
  readonly income_assessment: Row[];
  readonly copay_certificate: Row[];
  readonly limit_certificate: Row[];
  readonly specific_disease_certificate: Row[];
  readonly medical_ticket: Row[];
  readonly reference_number: Row[];
}

export const noRows = (): DemoRows => ({
  person: [],
  credential: [],
  qualification: [],
  income_assessment: [],
  copay_certificate: [],
  limit_certificate: [],
  specific_disease_certificate: [],
  medical_ticket: [],
  reference_number: [],
});

/** Numbers for rows, above those that are taken. */
export class Numbering {
  private qualification = 0;
  private fact = 0;
  nextQualification(): number {
    return (this.qualification += 1);
  }
  nextFact(): number {
    return (this.fact += 1);
  }
}

/** A filing of the demo was recorded on its own day, at nine in the morning in Tokyo. */
const recorded = (day: string): string => `${day}T09:00:00.000+09:00`;

const addCoverage = (rows: DemoRows, personId: number, seed: CoverageSeed, numbering: Numbering): void => {
  const qualificationId = numbering.nextQualification();
  const recordedAt = recorded(seed.acquiredOn);
  const fact = (from: string, to?: string): Row => ({
    id: numbering.nextFact(),
    qualification_id: qualificationId,
    valid_from: from,
    valid_to: to ?? null,
    recorded_at: recordedAt,
  });
  rows.qualification.push({
    qualification_id: qualificationId,
    person_id: personId,
    insurer_number: seed.insurer.insurerNumber,
    insured_card_classification: seed.classification ?? '01',
    insured_card_symbol: seed.symbol ?? null,
    insured_identification_number: seed.number,
    number_key: normaliseNumber(seed.number),
    insured_branch_number: seed.branch ?? null,
    personal_family_classification: seed.relation === 'family' ? '2' : '1',
    insured_name: seed.insuredName ?? null,
    acquired_on: seed.acquiredOn,
    disability_certified: false,
    lost_on: seed.lostOn ?? null,
    reason_of_loss: seed.reasonOfLoss ?? null,
    loss_recorded_at: seed.lostOn === undefined ? null : recorded(seed.lossFiledOn ?? seed.lostOn),
    available_from: seed.acquiredOn,
    recorded_at: recordedAt,
    insured_certificate_issuance_date: seed.cardIssuedOn ?? seed.acquiredOn,
    insured_card_valid_date: seed.cardIssuedOn ?? seed.acquiredOn,
    insured_card_expiration_date: null,
  });
  if (seed.income !== undefined) rows.income_assessment.push({ ...fact(seed.acquiredOn), facts: seed.income });
  const { copayCertificate, limitCertificate, disease } = seed;
  if (copayCertificate !== undefined)
    rows.copay_certificate.push({
      ...fact(copayCertificate.from, copayCertificate.to),
      kind: copayCertificate.kind,
      rate_percent: copayCertificate.ratePercent,
      issued_on: copayCertificate.from,
    });
  if (limitCertificate !== undefined)
    rows.limit_certificate.push({
      ...fact(limitCertificate.from, limitCertificate.to),
      classification: limitCertificate.classification,
      classification_flag: limitCertificate.flag,
      issued_on: limitCertificate.from,
      long_term_on: null,
    });
  if (disease !== undefined)
    rows.specific_disease_certificate.push({
      ...fact(disease.from),
      category: disease.category,
      self_pay_yen: disease.selfPayYen,
      issued_on: disease.from,
    });
  for (const ticket of seed.tickets ?? [])
    rows.medical_ticket.push({
      ...fact(ticket.from, ticket.to),
      ticket_type: ticket.type,
      issue_number: ticket.issueNumber,
      treatment_month: ticket.month,
      designated_medical_institution_code: ticket.institutionCode,
      designated_medical_institution_name: ticket.institutionName,
      medical_treatment_type: '02',
      self_pay_amount_yen: 0,
      single_or_combined_use: '01',
    });
};

/** Adds a resident whom an insurer has registered: with certificates, and with what the seed says. `at` is the registry's word's instant. */
export const addPerson = (
  rows: DemoRows,
  personId: number,
  person: JlisPopulationPerson,
  seed: PersonSeed,
  at: Date,
  numbering: Numbering,
): void => {
  rows.person.push({
    person_id: personId,
    registry_person_ref: person.personRef,
    name: person.kanjiName,
    name_kana: person.kanaName,
    name_of_other: null,
    name_of_other_kana: null,
    sex1: person.sex,
    sex2: null,
    birthdate: person.birthDate,
    address: person.address,
    post_number: person.postNumber,
  });
  for (const certificate of person.certificates)
    rows.credential.push({
      serial: certificate.serial,
      person_id: personId,
      status: certificate.status,
      not_before: certificate.notBefore ?? null,
      not_after: certificate.notAfter ?? null,
      revoked_on: certificate.revokedOn ?? null,
      superseded_by: certificate.supersededBy ?? null,
      verified_at: at,
    });
  for (const coverage of seed.coverages) addCoverage(rows, personId, coverage, numbering);
  if (seed.referenceNumber !== undefined)
    rows.reference_number.push({
      institution_code: seed.referenceNumber.institutionCode,
      person_id: personId,
      reference_number: seed.referenceNumber.referenceNumber,
    });
};
