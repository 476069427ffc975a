import type { PersonFacts } from '@app/domain';
import type { DataSource } from 'typeorm';

import { StoreBusy, type CardRecord, type CertificateRecord } from '../replica/facts-reader.js';
import type { Changes, PeopleAfter, ReplicaSource, Standing } from '../replica/replica-source.js';
import type { PersonText } from '../replica/replica-writer.js';

/** Longest chain of renewals that is followed; a card is renewed every five years. */
const RENEWALS_MAX = 16;

/** More people than this under one insurer number and number are nobody's family: the reading stops there. */
const PEOPLE_PER_NUMBER_MAX = 100;

const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

const dated = (table: string, fields: string): string => `
  (select coalesce(json_agg(json_build_object(
      'from', f.valid_from, 'to', f.valid_to, 'recordedAt', ${epoch('f.recorded_at')}, ${fields}) order by f.valid_from, f.id), '[]')
    from ${table} f where f.qualification_id = q.qualification_id)`;

const IDENTITY = `json_build_object(
    'name', p.name, 'nameKana', p.name_kana, 'nameOfOther', p.name_of_other, 'nameOfOtherKana', p.name_of_other_kana,
    'sex1', p.sex1, 'sex2', p.sex2, 'birthdate', p.birthdate, 'address', p.address, 'postNumber', p.post_number)`;

/** Of qualification `q` at insurer `i`, in the order in which they began. */
const QUALIFICATIONS = `json_agg(json_build_object(
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
      )}) order by q.acquired_on, q.qualification_id)`;

const REFERENCE_NUMBERS = `json_agg(json_build_object('institutionCode', r.institution_code, 'referenceNumber', r.reference_number) order by r.institution_code)`;

const factsWith = (qualifications: string, referenceNumbers: string): string => `json_build_object(
  'personId', p.person_id::text, 'identity', ${IDENTITY},
  'qualifications', coalesce(${qualifications}, '[]'), 'referenceNumbers', coalesce(${referenceNumbers}, '[]'))`;

/**
 * One person as `PersonFacts`, put together by the database in one round trip. Dates come as `YYYY-MM-DD`, instants as
 * epoch milliseconds, and what is null is left out.
 */
const FACTS = `json_strip_nulls(${factsWith(
  `(select ${QUALIFICATIONS} from qualification q join insurer i using (insurer_number) where q.person_id = p.person_id)`,
  `(select ${REFERENCE_NUMBERS} from reference_number r where r.person_id = p.person_id)`,
)})`;

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

/**
 * Many people as the replica seals them: each a `PersonRow` as text, and under what it is found. Their rows are read side by
 * side in order of the person, which takes two thirds of what one person after another does. `which` says who, of a column;
 * $2 names the insurers whose people are held.
 */
const peopleWhere = (which: (column: string) => string): string => `
with qs as (
       select q.person_id, ${QUALIFICATIONS} as rows,
              json_agg(json_build_array(q.insurer_number, q.number_key) order by q.qualification_id) as numbers,
              bool_or(q.insurer_number = any($2::text[])) as held
       from qualification q join insurer i using (insurer_number) where ${which('q.person_id')} group by q.person_id),
     rs as (select r.person_id, ${REFERENCE_NUMBERS} as rows from reference_number r where ${which('r.person_id')} group by r.person_id),
     cs as (
       select c.person_id, json_agg(c.serial order by c.serial) as serials,
              json_agg(json_build_object('serial', c.serial, 'status', c.status, 'notAfter', c.not_after,
                'verifiedAt', ${epoch('c.verified_at')}, 'supersededBy', c.superseded_by) order by c.serial) as rows
       from credential c where ${which('c.person_id')} group by c.person_id)
select p.person_id::text as "personId", coalesce(cs.serials, '[]') as serials, coalesce(qs.numbers, '[]') as numbers,
       json_strip_nulls(json_build_object('facts', ${factsWith('qs.rows', 'rs.rows')},
         'certificates', coalesce(cs.rows, '[]'), 'numbers', coalesce(qs.numbers, '[]')))::text as text
from person p left join qs using (person_id) left join rs using (person_id) left join cs using (person_id)
where ${which('p.person_id')} and (cardinality($2::text[]) = 0 or qs.held)
order by p.person_id`;

/** $1 the person before, $3 the last one of them. */
const PEOPLE_BETWEEN = peopleWhere((column) => `${column} > $1::bigint and ${column} <= $3::bigint`);

/** $1 people. */
const PEOPLE_OF = peopleWhere((column) => `${column} = any($1::bigint[])`);

/** $1 the person before, $2 how many: the last of them. */
const LAST_OF = `select max(person_id)::text as last from (select person_id from person where person_id > $1::bigint order by person_id limit $2) as next`;

/** Another server, another timeline (a standby that was promoted) or another database of that name is another truth. */
export const CLUSTER = `(select system_identifier from pg_control_system()) || '/' || (select oid from pg_database where datname = current_database()) || '/'
  || case when pg_is_in_recovery() then 'standby' else substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) end`;

const STANDING = `${CLUSTER} as cluster, pg_snapshot_xmin(pg_current_snapshot())::text as watermark`;

/** Stands for everybody in the outbox: a table was emptied. Nobody has this id. */
const EVERYBODY = 0;

/** $1 watermark, $2 transactions that were heard: people changed by transactions that the reading before may not have seen. */
const CHANGES = `
select ${STANDING},
       coalesce(json_agg(distinct person_id::text) filter (where person_id <> ${EVERYBODY}), '[]') as people,
       coalesce(json_agg(distinct transaction_id::text), '[]') as transactions,
       coalesce(bool_or(person_id = ${EVERYBODY}), false) as everybody,
       pg_snapshot_xmin(pg_current_snapshot()) < pg_snapshot_xmax(pg_current_snapshot()) as "isHeldBack",
       (select coalesce(max(pruned_through), 0)::text from outbox where pruned_through < pg_snapshot_xmax(pg_current_snapshot())::text::bigint) as "prunedThrough"
from fact_change where transaction_id >= $1::bigint and transaction_id <> all($2::bigint[])`;

/** Of the server itself: too long (57014, 55P03), too many connections or too little room (class 53). */
const BUSY = /^(57014|55P03|53...)$/;

/** Reads facts from PostgreSQL, the truth. Every call is one round trip. `bySerial` and `byNumber` reject with `StoreBusy` where it says that it has no time. */
export class FactsStore implements ReplicaSource {
  constructor(private readonly dataSource: DataSource) {}

  /** How long a statement may take anyhow. */
  private get statementMs(): number {
    const { extra } = this.dataSource.options as { extra?: { statement_timeout?: number } };
    return extra?.statement_timeout ?? Number.POSITIVE_INFINITY;
  }

  async bySerial(serial: string, withinMs?: number): Promise<CardRecord | undefined> {
    const [row] = await this.ask<{ certificates: CertificateRecord[]; facts: PersonFacts }>(
      BY_SERIAL,
      [serial],
      withinMs,
    );
    const certificate = row?.certificates[0];
    if (row === undefined || certificate === undefined) return undefined;
    const successor = row.certificates.length > 1 ? row.certificates.at(-1) : undefined;
    return { certificate, ...(successor === undefined ? {} : { successor }), person: row.facts };
  }

  async byNumber(insurerNumber: string, numberKey: string, withinMs?: number): Promise<readonly PersonFacts[]> {
    const rows = await this.ask<{ facts: PersonFacts }>(BY_NUMBER, [insurerNumber, numberKey], withinMs);
    return rows.map((row) => row.facts);
  }

  standing(): Promise<Standing> {
    return this.one<Standing>(`select ${STANDING}`, []);
  }

  async countPeople(): Promise<number> {
    // As the last `analyze` found it; asked for a progress bar, where counting them would take longer than reading some.
    const { people } = await this.one<{ people: string }>(
      `select greatest(reltuples, 0)::bigint as people from pg_class where oid = 'person'::regclass`,
      [],
    );
    return Number(people);
  }

  /**
   * People whose facts changed in transactions from `watermark` on. A sequence number would not do: a transaction that took
   * number 7 may commit after number 8 was read. Everything below the oldest transaction still running is complete, so that
   * is the next watermark; what lies above is read again, unless it is named as heard.
   */
  changesSince(watermark: string, heard: readonly string[]): Promise<Changes> {
    return this.one<Changes>(CHANGES, [watermark, heard]);
  }

  async peopleAfter(personId: string, limit: number, insurers: readonly string[]): Promise<PeopleAfter> {
    const { last } = await this.one<{ last: string | null }>(LAST_OF, [personId, limit]);
    if (last === null) return { people: [], last: undefined };
    return { people: await this.dataSource.query<PersonText[]>(PEOPLE_BETWEEN, [personId, insurers, last]), last };
  }

  peopleOf(ids: readonly string[], insurers: readonly string[]): Promise<readonly PersonText[]> {
    return this.dataSource.query<PersonText[]>(PEOPLE_OF, [ids, insurers]);
  }

  async prune(): Promise<void> {
    await this.dataSource.query('select prune_outbox()');
  }

  private async ask<T>(sql: string, parameters: unknown[], withinMs = Number.POSITIVE_INFINITY): Promise<T[]> {
    if (withinMs <= 0) throw new StoreBusy();
    try {
      if (withinMs >= this.statementMs) return await this.dataSource.query<T[]>(sql, parameters);
      // The server gives up when nobody waits any more.
      return await this.dataSource.transaction(async (manager) => {
        await manager.query(`select set_config('statement_timeout', $1, true)`, [`${Math.ceil(withinMs)}ms`]);
        return manager.query<T[]>(sql, parameters);
      });
    } catch (error) {
      const { code } = error as { code?: string };
      throw code !== undefined && BUSY.test(code) ? new StoreBusy({ cause: error }) : error;
    }
  }

  private async one<T>(sql: string, parameters: unknown[]): Promise<T> {
    const [row] = await this.dataSource.query<T[]>(sql, parameters);
    if (row === undefined) throw new Error('the store gave no row');
    return row;
  }
}
