import type { DataSource } from 'typeorm';

import {
  AccessesUnavailable,
  type Accesses,
  type AccessListing,
  type Patient,
  type ReadingKind,
  type Reading,
  type RecordedAccess,
} from '../accesses/accesses.js';
import { consentKinds } from '../check-log/journal-line.js';
import { epoch } from './person-sql.js';

const NOTE = `
insert into person_access (person_id, insurer_number, client_id, operator, what, at) values ($1, $2, $3, $4, $5, $6)`;

/** $1 insurer number, $2 person. */
const FIND = `
select p.birthdate::text as birthdate,
       array(select c.serial from credential c where c.person_id = p.person_id order by 1) as serials,
       json_agg(json_build_object('number', q.number_key, 'branch', q.insured_branch_number, 'acquiredOn', q.acquired_on, 'lostOn', q.lost_on,
         'shared', exists (select from qualification o
           where o.insurer_number = q.insurer_number and o.number_key = q.number_key and o.person_id <> q.person_id))
         order by q.acquired_on, q.qualification_id) as coverages
from person p join qualification q using (person_id)
where p.person_id = $2::bigint and q.insurer_number = $1 group by p.person_id`;

/**
 * $1 insurer number, $2 person, $3 subjects, $4 and $5 the time, $6 and $7 where the page begins, $8 how many. Each kind of access has
 * its own index; of each no more are read than the page can show.
 *
 * The short reply to `ifVersion` has no text of its own: it is that of an answer of the same version, about the same subject.
 */
const LIST = `
with place as (select coalesce($6::timestamptz, 'infinity') as at, coalesce($7::text, '') as id),
checks as (
  select 'check' as kind, c.check_id::text as id, c.checked_at as at, c.spliced::json->>'corrects' is not null as again, c.institution_code,
         c.purpose, c.service_date, c.verdict, c.consented, c.subject_hash, c.unchanged, c.answer_version, null as what, null as operator
  from eligibility_check c, place
  where c.subject_hash = any($3) and c.checked_at >= $4 and c.checked_at < $5 and (c.checked_at, c.check_id::text collate "C") < (place.at, place.id)
  order by c.checked_at desc, c.check_id::text collate "C" desc limit $8
),
readings as (
  select 'reading', 'reading-' || a.access_id, a.at, false, null, null, null::date, null, null::smallint, null::bytea, null::boolean, null, a.what, a.operator
  from person_access a, place
  where a.person_id = $2::bigint and a.insurer_number = $1 and a.at >= $4 and a.at < $5 and (a.at, ('reading-' || a.access_id) collate "C") < (place.at, place.id)
  order by a.at desc, ('reading-' || a.access_id) collate "C" desc limit $8
),
openings as (
  select 'opening', 'opening-' || o.opening_id, o.opened_at, false, null, o.purpose, null::date, null, null::smallint, null::bytea, null::boolean, null, null, o.operator
  from individual_number_opening o join client k using (client_id), place
  where o.person_id = $2::bigint and k.insurer_number = $1 and o.opened_at >= $4 and o.opened_at < $5
    and (o.opened_at, ('opening-' || o.opening_id) collate "C") < (place.at, place.id)
  order by o.opened_at desc, ('opening-' || o.opening_id) collate "C" desc limit $8
),
reviews as (
  select 'review', 'review-' || r.enrollment_id || '-' || r.n, r.at, false, null, r.decision, null::date, null, null::smallint, null::bytea, null::boolean, null, null, r.reviewer
  from enrollment e join enrollment_review r using (enrollment_id), place
  where e.person_id = $2::bigint and e.insurer_number = $1 and r.at >= $4 and r.at < $5
    and (r.at, ('review-' || r.enrollment_id || '-' || r.n) collate "C") < (place.at, place.id)
),
page as (
  select * from (select * from checks union all select * from readings union all select * from openings union all select * from reviews) as every
  order by at desc, id collate "C" desc limit $8
)
select p.kind, p.id as "accessId", ${epoch('p.at')} as at, p.again, p.institution_code as "institutionCode", p.purpose, p.service_date::text as "serviceDate",
       p.verdict, p.consented, p.subject_hash as "subjectHash", p.what, p.operator, a.text
from page p
left join lateral (
  select s.answer_key, s.checked_at from eligibility_check s
  where p.kind = 'check' and s.subject_hash = p.subject_hash and s.answer_version = p.answer_version and not s.unchanged
    and (p.unchanged or (s.check_id::text = p.id and s.checked_at = p.at))
  order by s.checked_at desc limit 1) s on true
left join check_answer a on a.answer_key = s.answer_key and a.month = date_trunc('month', s.checked_at at time zone 'Asia/Tokyo')::date
order by p.at desc, p.id collate "C" desc`;

interface Row {
  readonly kind: RecordedAccess['kind'];
  readonly accessId: string;
  readonly at: string;
  readonly again: boolean;
  readonly institutionCode: string;
  /** Of a review, its decision. */
  readonly purpose: string;
  readonly serviceDate: string;
  readonly verdict: string;
  readonly consented: number;
  readonly subjectHash: Buffer;
  readonly what: ReadingKind;
  readonly operator: string | null;
  readonly text: Buffer | null;
}

const accessOf = ({ accessId, at: millis, ...row }: Row): RecordedAccess => {
  const onRecord = { accessId, at: Number(millis) };
  const operator = row.operator === null ? {} : { operator: row.operator };
  switch (row.kind) {
    case 'check': {
      const { again, institutionCode, purpose, serviceDate, verdict, subjectHash } = row;
      const consented = consentKinds(row.consented);
      const text = row.text ?? undefined;
      return {
        ...onRecord,
        kind: 'check',
        again,
        institutionCode,
        purpose,
        serviceDate,
        verdict,
        subjectHash,
        consented,
        text,
      };
    }
    case 'reading':
      return { ...onRecord, kind: 'reading', what: row.what, ...operator };
    case 'opening':
      return { ...onRecord, kind: 'opening', purpose: row.purpose, ...operator };
    case 'review':
      return { ...onRecord, kind: 'review', decision: row.purpose, operator: row.operator ?? '' };
  }
};

/** Who looked at whose record, from wherever in PostgreSQL it was put. */
export class AccessStore implements Accesses {
  constructor(private readonly dataSource: DataSource) {}

  async note({ personId, insurerNumber, clientId, operator, what }: Reading, at: number): Promise<void> {
    await this.orUnavailable(() =>
      this.dataSource.query(NOTE, [personId, insurerNumber, clientId, operator ?? null, what, new Date(at)]),
    );
  }

  async find(insurerNumber: string, personId: string): Promise<Patient | undefined> {
    const [row] = await this.orUnavailable(() =>
      this.dataSource.query<Omit<Patient, 'insurerNumber' | 'personId'>[]>(FIND, [insurerNumber, personId]),
    );
    return row === undefined ? undefined : { insurerNumber, personId, ...row };
  }

  async list(
    { insurerNumber, personId }: Patient,
    { subjects, from, until, before, limit }: AccessListing,
  ): Promise<readonly RecordedAccess[]> {
    const place = before === undefined ? [null, null] : [new Date(before.at), before.accessId];
    const time = [new Date(from), new Date(until)];
    const rows = await this.orUnavailable(() =>
      this.dataSource.query<Row[]>(LIST, [insurerNumber, personId, subjects, ...time, ...place, limit]),
    );
    return rows.map(accessOf);
  }

  private async orUnavailable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new AccessesUnavailable({ cause: error });
    }
  }
}
