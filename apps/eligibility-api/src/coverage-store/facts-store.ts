import type { PersonFacts } from '@app/domain';
import type { DataSource } from 'typeorm';

import type { CardRecord, CertificateRecord } from '../replica/facts-reader.js';

/** Longest chain of renewals that is followed; a card is renewed every five years. */
const RENEWALS_MAX = 16;

/** More people than this under one insurer number and number are nobody's family: the reading stops there. */
const PEOPLE_PER_NUMBER_MAX = 100;

const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

const dated = (table: string, fields: string): string => `
  (select coalesce(json_agg(json_build_object(
      'from', f.valid_from, 'to', f.valid_to, 'recordedAt', ${epoch('f.recorded_at')}, ${fields}) order by f.valid_from, f.id), '[]')
    from ${table} f where f.qualification_id = q.qualification_id)`;

/**
 * One person as `PersonFacts`, put together by the database in one round trip. Dates come as `YYYY-MM-DD`, instants as
 * epoch milliseconds, and what is null is left out.
 */
const FACTS = `
json_strip_nulls(json_build_object(
  'personId', p.person_id::text,
  'identity', json_build_object(
    'name', p.name, 'nameKana', p.name_kana, 'nameOfOther', p.name_of_other, 'nameOfOtherKana', p.name_of_other_kana,
    'sex1', p.sex1, 'sex2', p.sex2, 'birthdate', p.birthdate, 'address', p.address, 'postNumber', p.post_number),
  'qualifications', (select coalesce(json_agg(json_build_object(
      'qualificationId', q.qualification_id::text,
      'insurer', json_build_object('insurerNumber', i.insurer_number, 'insurerName', i.insurer_name, 'scheme', i.scheme),
      'insuredCardClassification', q.insured_card_classification,
      'insuredCardSymbol', q.insured_card_symbol,
      'insuredIdentificationNumber', q.insured_identification_number,
      'insuredBranchNumber', q.insured_branch_number,
      'personalFamilyClassification', q.personal_family_classification,
      'insuredName', q.insured_name,
      'acquiredOn', q.acquired_on,
      'disabilityCertified', q.disability_certified,
      'loss', case when q.lost_on is not null then json_build_object(
        'lostOn', q.lost_on, 'reasonOfLoss', q.reason_of_loss, 'recordedAt', ${epoch('q.loss_recorded_at')}) end,
      'availableFrom', q.available_from,
      'recordedAt', ${epoch('q.recorded_at')},
      'insuredCertificateIssuanceDate', q.insured_certificate_issuance_date,
      'insuredCardValidDate', q.insured_card_valid_date,
      'insuredCardExpirationDate', q.insured_card_expiration_date,
      'income', ${dated('income_assessment', `'facts', f.facts`)},
      'copayCertificates', ${dated('copay_certificate', `'kind', f.kind, 'ratePercent', f.rate_percent, 'issuedOn', f.issued_on`)},
      'limitCertificates', ${dated('limit_certificate', `'classification', f.classification, 'classificationFlag', f.classification_flag, 'issuedOn', f.issued_on, 'longTermOn', f.long_term_on`)},
      'specificDiseases', ${dated('specific_disease_certificate', `'category', f.category, 'selfPayYen', f.self_pay_yen, 'issuedOn', f.issued_on`)},
      'tickets', ${dated(
        'medical_ticket',
        `'ticketType', f.ticket_type, 'issueNumber', f.issue_number, 'treatmentMonth', f.treatment_month,
         'designatedMedicalInstitutionCode', f.designated_medical_institution_code,
         'designatedMedicalInstitutionName', f.designated_medical_institution_name,
         'medicalTreatmentType', f.medical_treatment_type, 'selfPayAmountYen', f.self_pay_amount_yen,
         'singleOrCombinedUse', f.single_or_combined_use`,
      )}) order by q.acquired_on, q.qualification_id), '[]')
    from qualification q join insurer i using (insurer_number) where q.person_id = p.person_id),
  'referenceNumbers', (select coalesce(json_agg(json_build_object(
      'institutionCode', r.institution_code, 'referenceNumber', r.reference_number)), '[]')
    from reference_number r where r.person_id = p.person_id)))`;

/** $1 serial: the certificate, those that took its place, and the person. */
const BY_SERIAL = `
with recursive chain as (
  select c.*, 1 as place from credential c where c.serial = $1
  union all
  select c.*, chain.place + 1 from chain join credential c on c.serial = chain.superseded_by where chain.place < ${RENEWALS_MAX}
)
select (select json_strip_nulls(json_agg(json_build_object(
          'serial', serial, 'status', status, 'notAfter', not_after, 'verifiedAt', ${epoch('verified_at')}) order by place)) from chain) as certificates,
       ${FACTS} as facts
from person p where p.person_id = (select person_id from chain where place = 1)`;

/** $1 insurer number, $2 number in its normal form. */
const BY_NUMBER = `
select ${FACTS} as facts
from person p where p.person_id in (
  select person_id from qualification where insurer_number = $1 and number_key = $2 limit ${PEOPLE_PER_NUMBER_MAX})
order by p.person_id`;

/** $1 watermark: people changed by transactions that the reading before may not have seen, and the next watermark. */
const CHANGES = `
select pg_snapshot_xmin(pg_current_snapshot())::text as watermark,
       (select coalesce(json_agg(distinct person_id::text), '[]') from fact_change where transaction_id >= $1::bigint) as people`;

/** Reads facts from PostgreSQL, the truth. Every call is one round trip. */
export class FactsStore {
  constructor(private readonly dataSource: DataSource) {}

  async bySerial(serial: string): Promise<CardRecord | undefined> {
    const [row] = await this.dataSource.query<{ certificates: CertificateRecord[]; facts: PersonFacts }[]>(BY_SERIAL, [
      serial,
    ]);
    const certificate = row?.certificates[0];
    if (row === undefined || certificate === undefined) return undefined;
    const successor = row.certificates.length > 1 ? row.certificates.at(-1) : undefined;
    return { certificate, ...(successor === undefined ? {} : { successor }), person: row.facts };
  }

  async byNumber(insurerNumber: string, numberKey: string): Promise<readonly PersonFacts[]> {
    const rows = await this.dataSource.query<{ facts: PersonFacts }[]>(BY_NUMBER, [insurerNumber, numberKey]);
    return rows.map((row) => row.facts);
  }

  /**
   * People whose facts changed in transactions from `watermark` on. A sequence number would not do: a transaction that took
   * number 7 may commit after number 8 was read. Everything below the oldest transaction still running is complete, so that
   * is the next watermark; what lies above is read again.
   */
  async changesSince(watermark: string): Promise<{ watermark: string; people: readonly string[] }> {
    const [row] = await this.dataSource.query<{ watermark: string; people: string[] }[]>(CHANGES, [watermark]);
    if (row === undefined) throw new Error('the snapshot of the store could not be read');
    return row;
  }

  async currentWatermark(): Promise<string> {
    const [row] = await this.dataSource.query<{ watermark: string }[]>(
      'select pg_snapshot_xmin(pg_current_snapshot())::text as watermark',
    );
    if (row === undefined) throw new Error('the snapshot of the store could not be read');
    return row.watermark;
  }
}
