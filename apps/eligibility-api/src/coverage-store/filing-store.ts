import {
  changesMade,
  coverageRefusal,
  isNothing,
  later,
  type CivilDate,
  type PersonFacts,
  type Sex,
} from '@app/domain';
import type { DataSource, EntityManager } from 'typeorm';

import { tokyoDay } from '../clock/clock.js';
import { filedChangeOf } from '../enrollment/filed-change.js';
import {
  FilingsUnavailable,
  isChange,
  isToConfirm,
  type Accepted,
  type ChangeSubject,
  type CoverageToChange,
  type FiledCoverage,
  type Filing,
  type FiledReason,
  type FiledReview,
  type Filings,
  type FilingToLookUp,
  type FoundPerson,
  type KnownChange,
  type KnownPerson,
  type LookedUp,
  type LossFiled,
  type NewFiling,
  type NewLoss,
  type NewReview,
  type StoredState,
} from '../enrollment/filings.js';
import { ALONE, concludeAll, orAlone, type Alone, type NumberKeeper, type ToConclude } from './conclude-filings.js';
import { filedCoverage, overlapReason } from './filed-coverage.js';
import { fileAll } from './file-filings.js';
import { FACTS, factsAtInsurer } from './person-sql.js';
import { factsOf, recordCoverage, recordFiledAgain, recordIdentity } from './record-changes.js';
import { Together } from './together.js';

const KEY_KEPT_MS = 24 * 3_600_000;
/** Of a filing that comes by itself. */
const PRIORITY = 0;
/** Filings that are kept, begun or ended in one transaction: few enough to be over in some ten milliseconds. */
const TOGETHER_MAX = 64;
/** Look-ups, for which nobody waits, wait so long for each other. */
const GATHER_MS = 20;

/** Somebody may file under the same key between two statements; not for ever. */
const ATTEMPTS = 3;

/** By the rules alone, or as two people have decided. */
type DecidedBy = 'rules' | 'two-people';

const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

const FIND = `
select e.enrollment_id as "enrollmentId", e.insurer_number as "insurerNumber", e.kind, e.state, ${epoch('e.received_at')} as "receivedAt",
       e.qualification_date::text as "qualificationDate", e.filed ->> 'effectiveDate' as "effectiveDate", e.due_on::text as "dueOn", e.late,
       e.usable_from::text as "usableFrom", coalesce(e.qualification_id::text, e.filed ->> 'qualificationId') as "qualificationId",
       e.person_id as "personId", e.reasons,
       (select json_agg(json_build_object('state', s.state, 'at', ${epoch('s.at')}, 'reasons', s.reasons) order by s.n)
        from enrollment_step s where s.enrollment_id = e.enrollment_id) as history,
       (select json_agg(json_build_object('reviewer', r.reviewer, 'decision', r.decision, 'personRef', r.person_ref, 'reason', r.reason, 'at', ${epoch('r.at')}) order by r.n)
        from enrollment_review r where r.enrollment_id = e.enrollment_id) as reviews
from enrollment e`;

const TO_REVIEW = `
select enrollment_id as "enrollmentId", insurer_number as "insurerNumber", filed from enrollment
where insurer_number = $1 and enrollment_id = $2 and state = 'needs-review'`;

/** Kept, and whether the last decision of anybody else is the same. */
const REVIEW = `
with kept as (
  insert into enrollment_review (enrollment_id, n, reviewer, client_id, decision, person_ref, reason, at)
  values ($1, (select coalesce(max(n), 0) + 1 from enrollment_review where enrollment_id = $1), $2, $3, $4, $5, $6, $7)),
last as (
  select distinct on (reviewer) reviewer, decision, person_ref from enrollment_review
  where enrollment_id = $1 and reviewer <> $2 order by reviewer, n desc)
select exists (select from last where decision = $4 and person_ref is not distinct from $5) as agreed`;

/** $1 filings, $2 instants. With their steps, in one statement, and only where something is still to be done. */
const BEGIN = `
with begun as (
  update enrollment e set state = 'looking-up', attempts = attempts + 1
  from unnest($1::uuid[], $2::timestamptz[]) as given (id, at)
  where e.enrollment_id = given.id and e.state in ('received', 'looking-up')
  returning e.enrollment_id, e.insurer_number, e.filed, e.attempts, given.at),
step as (
  insert into enrollment_step (enrollment_id, n, state, at) select enrollment_id, 2, 'looking-up', at from begun where attempts = 1)
select enrollment_id as "enrollmentId", insurer_number as "insurerNumber", filed from begun`;

/** Whoever comes second waits here, and finds it in another state. */
const LOCK = `select number_index as "numberIndex" from enrollment where enrollment_id = $1 and state = $2 for update`;

/** A filing whose row is locked. */
interface OpenFiling {
  /** Keyed hash of an individual number that was filed with it. */
  readonly numberIndex: Buffer | null;
}

const END = `
with ended as (
  update enrollment set state = $2, reasons = $4, person_id = $5, qualification_id = $6, usable_from = $7,
    number_index = case when $2 = 'needs-review' then number_index end
  where enrollment_id = $1 returning enrollment_id)
insert into enrollment_step (enrollment_id, n, state, at, reasons)
select enrollment_id, (select max(n) + 1 from enrollment_step s where s.enrollment_id = $1), $2, $3, $4 from ended`;

/**
 * Whoever is registered already is the same person, and stays as they were registered: what is another now is recorded beside. The row stays
 * locked, so that two filings about one person come one after the other.
 */
const PERSON = `
insert into person (registry_person_ref, name, name_kana, name_of_other, sex1, birthdate, address, post_number)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (registry_person_ref) do update set registry_person_ref = excluded.registry_person_ref
returning person_id as "personId", xmax <> 0 as "isKnown"`;

/** $1 insurer, $2 coverage: its person, whose row is locked until the change is recorded. */
const LOCK_SUBJECT = `
select p.person_id as "personId", p.registry_person_ref as "personRef", i.scheme
from qualification q join person p using (person_id) join insurer i using (insurer_number)
where q.insurer_number = $1 and q.qualification_id = $2 for update of q, p`;

/** $1 insurer, $2 coverage. */
const SUBJECT = `
select p.registry_person_ref as "personRef", ${FACTS} as person from person p
where p.person_id = (select s.person_id from qualification s where s.insurer_number = $1 and s.qualification_id = $2)`;

/** $1 insurer, $2 coverage. */
const COVERAGE = `
select acquired_on::text as "acquiredOn", lost_on::text as "lostOn", scheme from qualification join insurer using (insurer_number)
where insurer_number = $1 and qualification_id = $2`;

/** $1 insurer, $2 person, $3 what was known then. Filings of other insurers are theirs. */
const CHANGES = `
select c."qualificationId", c."from", c."recordedAt", c.changed, e.enrollment_id as "enrollmentId"
from (
  select null as "qualificationId", valid_from::text as "from", recorded_at as at, ${epoch('recorded_at')} as "recordedAt",
         array(select jsonb_object_keys(changed)) || coalesce(removed, '{}') as changed, enrollment_id, change_id from identity_change where person_id = $2
  union all
  select q.qualification_id::text, c.valid_from::text, c.recorded_at, ${epoch('c.recorded_at')},
         array(select jsonb_object_keys(c.changed)) || coalesce(c.removed, '{}'), c.enrollment_id, c.change_id
  from coverage_change c join qualification q using (qualification_id) where q.person_id = $2 and q.insurer_number = $1
) c left join enrollment e on e.enrollment_id = c.enrollment_id and e.insurer_number = $1
where c.at <= $3 order by c.at, c.change_id`;

const FACTS_AT_INSURER = `select ${factsAtInsurer('$1')} as facts from person p where p.person_id = $2`;

const OVERLAPPING = `
select acquired_on::text as "acquiredOn", number_key as "numberKey" from qualification
where person_id = $1 and insurer_number = $2 and daterange(acquired_on, lost_on) && daterange($3, null) limit 1`;

const QUALIFICATION = `
insert into qualification (person_id, insurer_number, insured_card_classification, insured_card_symbol, insured_identification_number, number_key,
  insured_branch_number, personal_family_classification, insured_name, acquired_on, available_from, recorded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning qualification_id as "qualificationId"`;

/** One that was filed before each was kept. */
const KEEP_FIRST_LOSS = `
insert into loss_filing (qualification_id, n, lost_on, reason_of_loss, recorded_at)
select qualification_id, 1, lost_on, reason_of_loss, loss_recorded_at from qualification
where qualification_id = $1 and lost_on is not null and not exists (select from loss_filing where qualification_id = $1)`;

const FILE_LOSS = `
with changed as (
  update qualification set lost_on = $2, reason_of_loss = $3, loss_recorded_at = $4 where qualification_id = $1)
insert into loss_filing (qualification_id, n, lost_on, reason_of_loss, recorded_at, client_id)
select $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5 from loss_filing where qualification_id = $1`;

/** $1 insurer, $2 person, $3 what was known then, $4 a day or null. */
const HISTORY = `
select q.qualification_id as "qualificationId", q.person_id as "personId", q.acquired_on::text as "acquiredOn",
       q.insured_card_symbol as "insuredCardSymbol", q.insured_identification_number as "insuredIdentificationNumber",
       q.insured_branch_number as "insuredBranchNumber", q.personal_family_classification as "personalFamilyClassification",
       q.available_from::text as "usableFrom", ${epoch('q.recorded_at')} as "recordedAt",
       l.lost_on::text as "lostOn", l.reason_of_loss as "reasonOfLoss", ${epoch('l.recorded_at')} as "lossRecordedAt"
from qualification q
left join lateral (
  select * from (
    select f.lost_on, f.reason_of_loss, f.recorded_at, f.n from loss_filing f where f.qualification_id = q.qualification_id
    union all
    select q.lost_on, q.reason_of_loss, q.loss_recorded_at, 0
    where q.lost_on is not null and not exists (select from loss_filing f where f.qualification_id = q.qualification_id)
  ) filed where recorded_at <= $3 order by recorded_at desc, n desc limit 1
) l on true
where q.insurer_number = $1 and q.person_id = $2 and q.recorded_at <= $3
  and ($4::date is null or (q.acquired_on <= $4 and (l.lost_on is null or l.lost_on > $4)))
order by q.acquired_on desc, q.qualification_id desc`;

/** A column of PostgreSQL is null where a field of ours is absent, and a bigint is text. */
interface CoverageRow {
  readonly qualificationId: string;
  readonly personId: string;
  readonly acquiredOn: string;
  readonly insuredCardSymbol: string | null;
  readonly insuredIdentificationNumber: string;
  readonly insuredBranchNumber: string | null;
  readonly personalFamilyClassification: string;
  readonly usableFrom: string;
  readonly recordedAt: string;
  readonly lostOn: string | null;
  readonly reasonOfLoss: string | null;
  readonly lossRecordedAt: string | null;
}

const coverageOf = ({
  insuredCardSymbol,
  insuredBranchNumber,
  recordedAt,
  lostOn,
  reasonOfLoss,
  lossRecordedAt,
  ...row
}: CoverageRow): FiledCoverage => ({
  ...row,
  ...(insuredCardSymbol === null ? {} : { insuredCardSymbol }),
  ...(insuredBranchNumber === null ? {} : { insuredBranchNumber }),
  recordedAt: Number(recordedAt),
  ...(lostOn === null ? {} : { lostOn }),
  ...(reasonOfLoss === null ? {} : { reasonOfLoss }),
  ...(lossRecordedAt === null ? {} : { lossRecordedAt: Number(lossRecordedAt) }),
});

interface ChangeRow {
  readonly qualificationId: string | null;
  readonly from: CivilDate | null;
  readonly recordedAt: string;
  readonly changed: readonly string[];
  readonly enrollmentId: string | null;
}

const changeOf = ({ qualificationId, from, recordedAt, changed, enrollmentId }: ChangeRow): KnownChange => ({
  ...(qualificationId === null ? {} : { qualificationId }),
  ...(from === null ? {} : { from }),
  recordedAt: Number(recordedAt),
  changed,
  ...(enrollmentId === null ? {} : { enrollmentId }),
});

const subjectOf = ({ personRef, person }: { personRef: string | null; person: PersonFacts }): ChangeSubject => ({
  person,
  ...(personRef === null ? {} : { personRef }),
});

interface FilingRow {
  readonly enrollmentId: string;
  readonly insurerNumber: string;
  readonly kind: Filing['kind'];
  readonly state: StoredState;
  readonly receivedAt: string;
  readonly qualificationDate: string | null;
  readonly effectiveDate: string | null;
  readonly dueOn: string | null;
  readonly late: boolean;
  readonly usableFrom: string | null;
  readonly qualificationId: string | null;
  readonly personId: string | null;
  readonly reasons: readonly FiledReason[] | null;
  readonly reviews: readonly (Omit<FiledReview, 'personRef'> & { readonly personRef: string | null })[] | null;
  readonly history: readonly { state: StoredState; at: number; reasons: readonly FiledReason[] | null }[];
}

const filingOf = (row: FilingRow): Filing => ({
  enrollmentId: row.enrollmentId,
  insurerNumber: row.insurerNumber,
  kind: row.kind,
  state: row.state,
  receivedAt: Number(row.receivedAt),
  ...(row.qualificationDate === null ? {} : { qualificationDate: row.qualificationDate }),
  ...(row.effectiveDate === null ? {} : { effectiveDate: row.effectiveDate }),
  ...(row.dueOn === null ? {} : { dueOn: row.dueOn }),
  late: row.late,
  ...(row.usableFrom === null ? {} : { usableFrom: row.usableFrom }),
  ...(row.qualificationId === null ? {} : { qualificationId: row.qualificationId }),
  ...(row.personId === null ? {} : { personId: row.personId }),
  ...(row.reasons === null ? {} : { reasons: row.reasons }),
  ...(row.reviews === null
    ? {}
    : {
        reviews: row.reviews.map(({ personRef, ...review }) => ({
          ...review,
          ...(personRef === null ? {} : { personRef }),
        })),
      }),
  history: row.history.map(({ state, at, reasons }) => ({ state, at, ...(reasons === null ? {} : { reasons }) })),
});

/** What a registration came to. */
type Registered =
  | { readonly personId: string; readonly qualificationId: string; readonly usableFrom: string }
  | { readonly state: 'returned' | 'needs-review'; readonly reason: FiledReason };

/** A look-up that begins. */
interface Beginning {
  readonly enrollmentId: string;
  readonly now: number;
}

const NUMBER_OF_ANOTHER: Registered = {
  state: 'needs-review',
  reason: { code: 'individual-number-of-another-person' },
};

/** Filings in PostgreSQL, and what they change of the coverage. */
export class FilingStore implements Filings {
  private readonly accepting: Together<NewFiling, Accepted | Alone>;
  private readonly beginning: Together<Beginning, FilingToLookUp | undefined>;
  private readonly concluding: Together<ToConclude, undefined | Alone>;

  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: NumberKeeper,
  ) {
    const unseen = { atOnceMax: TOGETHER_MAX, gatherMs: GATHER_MS };
    this.accepting = new Together((all) => this.acceptAll(all), { atOnceMax: TOGETHER_MAX, gatherMs: 0 });
    this.beginning = new Together((all) => this.beginAll(all), unseen);
    this.concluding = new Together((all) => concludeAll(dataSource, vault, all), unseen);
  }

  async accept(filing: NewFiling): Promise<Accepted> {
    return this.orUnavailable(async () => {
      const came = await this.accepting.do(filing);
      return came === ALONE ? this.acceptAlone(filing) : came;
    });
  }

  /** Those whose key nobody has had. */
  private acceptAll(filings: readonly NewFiling[]): Promise<readonly (Accepted | Alone)[]> {
    return orAlone(filings, async () => {
      const kept = await fileAll(this.dataSource, filings, PRIORITY);
      return filings.map(({ enrollmentId }) => (kept.has(enrollmentId) ? { kind: 'accepted' } : ALONE));
    });
  }

  private acceptAlone(filing: NewFiling): Promise<Accepted> {
    return this.dataSource.transaction(async (manager): Promise<Accepted> => {
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const before = await this.before(manager, filing);
        if (before !== undefined) return before;
        if ((await fileAll(manager, [filing], PRIORITY)).size > 0) return { kind: 'accepted' };
      }
      throw new Error('a filing could be neither kept nor found');
    });
  }

  /** What was filed under this key before. An individual number is forgotten when the filing has come to its end, and held against no other then. */
  private async before(
    manager: EntityManager,
    { requestKey, receivedAt, filed, numberIndex }: NewFiling,
  ): Promise<Accepted | undefined> {
    if (requestKey === undefined) return undefined;
    await manager.query(`select pg_advisory_xact_lock(hashtextextended('filing ' || $1, 0))`, [requestKey]);
    const [known] = await manager.query<{ enrollmentId: string; isSame: boolean }[]>(
      `select enrollment_id as "enrollmentId", filed = $3::jsonb and (number_index is not distinct from $4 or state in ('registered', 'returned')) as "isSame" from enrollment where request_key = $1 and received_at > $2`,
      [requestKey, new Date(receivedAt - KEY_KEPT_MS), JSON.stringify(filed), numberIndex ?? null],
    );
    if (known !== undefined) {
      if (!known.isSame) return { kind: 'key-reused' };
      const [row] = await manager.query<[FilingRow]>(`${FIND} where e.enrollment_id = $1`, [known.enrollmentId]);
      return { kind: 'repeated', filing: filingOf(row) };
    }
    await manager.query('update enrollment set request_key = null where request_key = $1', [requestKey]);
    return undefined;
  }

  find(insurerNumber: string, enrollmentId: string): Promise<Filing | undefined> {
    return this.orUnavailable(async () => {
      const [row] = await this.dataSource.query<FilingRow[]>(
        `${FIND} where e.insurer_number = $1 and e.enrollment_id = $2`,
        [insurerNumber, enrollmentId],
      );
      return row === undefined ? undefined : filingOf(row);
    });
  }

  begin(enrollmentId: string, now: number): Promise<FilingToLookUp | undefined> {
    return this.orUnavailable(async () => {
      const begun = await this.beginning.do({ enrollmentId, now });
      return begun && this.withSubject(begun);
    });
  }

  private async beginAll(all: readonly Beginning[]): Promise<readonly (FilingToLookUp | undefined)[]> {
    const rows = await this.dataSource.query<FilingToLookUp[]>(BEGIN, [
      all.map(({ enrollmentId }) => enrollmentId),
      all.map(({ now }) => new Date(now)),
    ]);
    const begun = new Map(rows.map((row) => [row.enrollmentId, row]));
    return all.map(({ enrollmentId }) => begun.get(enrollmentId));
  }

  conclude(filing: FilingToLookUp, found: LookedUp, now: number): Promise<void> {
    return this.orUnavailable(async () => {
      const came = await this.concluding.do({ filing, found, now });
      if (came === ALONE) await this.concludeAlone(filing, found, now);
    });
  }

  private concludeAlone(filing: FilingToLookUp, found: LookedUp, now: number): Promise<void> {
    return this.dataSource.transaction(async (manager) => {
      const [open] = await manager.query<OpenFiling[]>(LOCK, [filing.enrollmentId, 'looking-up']);
      if (open !== undefined) await this.carryOut(manager, { ...filing, ...open }, found, now, 'rules');
    });
  }

  toReview(insurerNumber: string, enrollmentId: string): Promise<FilingToLookUp | undefined> {
    return this.orUnavailable(async () => {
      const [row] = await this.dataSource.query<FilingToLookUp[]>(TO_REVIEW, [insurerNumber, enrollmentId]);
      return row && this.withSubject(row);
    });
  }

  /** A change is about somebody; who it is and how they stand is read when it is looked at, and not when it was filed. */
  private async withSubject(filing: FilingToLookUp): Promise<FilingToLookUp> {
    if (!isToConfirm(filing)) return filing;
    const [subject] = await this.dataSource.query<{ personRef: string | null; person: PersonFacts }[]>(SUBJECT, [
      filing.insurerNumber,
      filing.filed.qualificationId,
    ]);
    return { ...filing, subject: subject && subjectOf(subject) };
  }

  review(filing: FilingToLookUp, review: NewReview, carriedOut: LookedUp): Promise<boolean> {
    return this.orUnavailable(() =>
      this.dataSource.transaction(async (manager) => {
        const [open] = await manager.query<OpenFiling[]>(LOCK, [filing.enrollmentId, 'needs-review']);
        if (open === undefined) return false;
        const { reviewer, clientId, decision, personRef, reason, at } = review;
        const [row] = await manager.query<{ agreed: boolean }[]>(REVIEW, [
          filing.enrollmentId,
          reviewer,
          clientId,
          decision,
          personRef ?? null,
          reason,
          new Date(at),
        ]);
        if (row?.agreed === true) await this.carryOut(manager, { ...filing, ...open }, carriedOut, at, 'two-people');
        return true;
      }),
    );
  }

  /** Of a filing whose row is locked. */
  private async carryOut(
    manager: EntityManager,
    filing: FilingToLookUp & OpenFiling,
    found: LookedUp,
    now: number,
    by: DecidedBy,
  ): Promise<void> {
    if (found.outcome === 'return' || found.outcome === 'review') {
      await this.end(manager, filing, found.outcome === 'return' ? 'returned' : 'needs-review', found.reasons, now);
      return;
    }
    await manager.query('savepoint registration');
    const registered =
      found.outcome === 'record'
        ? await this.record(manager, filing, found, now, by)
        : await this.register(manager, filing, found, now, by);
    if ('state' in registered) {
      await manager.query('rollback to savepoint registration');
      await this.end(manager, filing, registered.state, [registered.reason], now);
      return;
    }
    const { personId, qualificationId, usableFrom: from } = registered;
    await manager.query(END, [filing.enrollmentId, 'registered', new Date(now), null, personId, qualificationId, from]);
  }

  private end(
    manager: EntityManager,
    { enrollmentId }: FilingToLookUp,
    state: 'returned' | 'needs-review',
    reasons: readonly FiledReason[],
    now: number,
  ): Promise<unknown> {
    return manager.query(END, [enrollmentId, state, new Date(now), JSON.stringify(reasons), null, null, null]);
  }

  /** Person, individual number, coverage and income, or why not. */
  private async register(
    manager: EntityManager,
    filing: FilingToLookUp & OpenFiling,
    { person, income }: Extract<LookedUp, { outcome: 'register' }>,
    now: number,
    by: DecidedBy,
  ): Promise<Registered> {
    const { enrollmentId, insurerNumber, filed, numberIndex } = filing;
    if (isChange(filed)) throw new Error('a change is recorded, and registers nobody');
    if (numberIndex !== null && !numberIndex.equals(this.vault.indexOf(person.individualNumber)))
      return { state: 'returned', reason: { code: 'filed-number-differs', pointer: '/individualNumber' } };
    const { name, nameKana, nameOfOther, sex1, birthdate, address, postNumber } = filed.person;
    const [row] = await manager.query<{ personId: string; isKnown: boolean }[]>(PERSON, [
      person.personRef,
      name,
      nameKana,
      nameOfOther ?? null,
      sex1,
      birthdate,
      address ?? null,
      postNumber ?? null,
    ]);
    const personId = row?.personId ?? '';
    const another = await this.keepNumber(manager, personId, person, now, by);
    if (another !== undefined) return another;
    const coverage = filedCoverage({ filed }, now);
    const [other] = await manager.query<{ acquiredOn: string; numberKey: string }[]>(OVERLAPPING, [
      personId,
      insurerNumber,
      filed.qualificationDate,
    ]);
    if (other !== undefined) return { state: 'returned', reason: overlapReason(coverage, other) };
    const today = tokyoDay(now);
    const recordedAt = new Date(now);
    if (row?.isKnown === true)
      await recordFiledAgain(
        manager,
        personId,
        {
          name,
          nameKana,
          sex1: sex1 as Sex,
          birthdate: birthdate as CivilDate,
          ...(nameOfOther === undefined ? {} : { nameOfOther }),
          ...(address === undefined ? {} : { address }),
          ...(postNumber === undefined ? {} : { postNumber }),
        },
        filed.qualificationDate as CivilDate,
        today,
        { enrollmentId, recordedAt },
      );
    const [added] = await manager.query<{ qualificationId: string }[]>(QUALIFICATION, [
      personId,
      insurerNumber,
      coverage.classification,
      coverage.symbol,
      coverage.number,
      coverage.numberKey,
      coverage.branch,
      coverage.family,
      coverage.insuredName,
      coverage.acquiredOn,
      coverage.usableFrom,
      recordedAt,
    ]);
    const qualificationId = added?.qualificationId ?? '';
    if (income !== undefined)
      await manager.query(
        'insert into income_assessment (qualification_id, valid_from, recorded_at, facts) values ($1, $2, $3, $4)',
        [qualificationId, filed.qualificationDate, recordedAt, JSON.stringify(income)],
      );
    return { personId, qualificationId, usableFrom: coverage.usableFrom };
  }

  /** What a change makes another, or why not. The coverage may have become another since it was filed. */
  private async record(
    manager: EntityManager,
    { enrollmentId, insurerNumber, filed }: FilingToLookUp & OpenFiling,
    { person }: Extract<LookedUp, { outcome: 'record' }>,
    now: number,
    by: DecidedBy,
  ): Promise<Registered> {
    if (!isChange(filed)) throw new Error('only a change is recorded');
    const { qualificationId } = filed;
    const [subject] = await manager.query<{ personId: string; personRef: string | null; scheme: string }[]>(
      LOCK_SUBJECT,
      [insurerNumber, qualificationId],
    );
    if (subject === undefined)
      return { state: 'returned', reason: { code: 'coverage-not-found', pointer: '/qualificationId' } };
    const { personId, scheme } = subject;
    const facts = await factsOf(manager, personId);
    const coverage = facts.qualifications.find((one) => one.qualificationId === qualificationId);
    if (coverage === undefined) throw new Error('a coverage whose row is locked is not there');
    const change = filedChangeOf(filed);
    const { acquiredOn, loss } = coverage;
    const refusal = coverageRefusal(change, {
      acquiredOn,
      scheme,
      ...(loss === undefined ? {} : { lostOn: loss.lostOn }),
    });
    if (refusal !== undefined)
      return {
        state: 'returned',
        reason: {
          code: refusal,
          pointer: refusal === 'no-remuneration-in-scheme' ? '/standardMonthlyRemuneration' : '/effectiveDate',
        },
      };
    const today = tokyoDay(now);
    const made = changesMade(facts, coverage, change, { today, knownAt: Infinity });
    if (isNothing(made)) return { state: 'returned', reason: { code: 'already-filed' } };
    if (person !== undefined) {
      const another = await this.link(manager, subject, person, now, by);
      if (another !== undefined) return another;
    }
    const recorded = { enrollmentId, recordedAt: new Date(now) };
    await recordIdentity(manager, personId, made.identity, recorded);
    await recordCoverage(manager, qualificationId, made, recorded);
    return { personId, qualificationId, usableFrom: later(change.effectiveOn ?? today, today) };
  }

  /** The registry's reference and the number of whom it confirmed, or why they are not the one insured. */
  private async link(
    manager: EntityManager,
    { personId, personRef }: { readonly personId: string; readonly personRef: string | null },
    found: FoundPerson,
    now: number,
    by: DecidedBy,
  ): Promise<Registered | undefined> {
    if (personRef === null) {
      const others = await manager.query<unknown[]>('select from person where registry_person_ref = $1', [
        found.personRef,
      ]);
      if (others.length > 0) return NUMBER_OF_ANOTHER;
      await manager.query('update person set registry_person_ref = $2 where person_id = $1', [
        personId,
        found.personRef,
      ]);
    } else if (personRef !== found.personRef) return { state: 'returned', reason: { code: 'somebody-else-found' } };
    return this.keepNumber(manager, personId, found, now, by);
  }

  private async keepNumber(
    manager: EntityManager,
    personId: string,
    { individualNumber }: FoundPerson,
    now: number,
    by: DecidedBy,
  ): Promise<Registered | undefined> {
    switch (await this.vault.put(manager, personId, individualNumber, now)) {
      case 'other-number':
        if (by === 'two-people') {
          await this.vault.replace(manager, personId, individualNumber, now);
          return undefined;
        }
        return { state: 'needs-review', reason: { code: 'individual-number-differs' } };
      case 'number-of-another-person':
        return NUMBER_OF_ANOTHER;
      case 'kept':
      case 'same':
        return undefined;
    }
  }

  coverage(insurerNumber: string, qualificationId: string): Promise<CoverageToChange | undefined> {
    return this.orUnavailable(async () => {
      const [row] = await this.dataSource.query<{ acquiredOn: CivilDate; lostOn: CivilDate | null; scheme: string }[]>(
        COVERAGE,
        [insurerNumber, qualificationId],
      );
      if (row === undefined) return undefined;
      const { lostOn, ...coverage } = row;
      return { ...coverage, ...(lostOn === null ? {} : { lostOn }) };
    });
  }

  fileLoss(
    insurerNumber: string,
    qualificationId: string,
    { lostOn, reasonOfLoss, clientId }: NewLoss,
    now: number,
  ): Promise<LossFiled> {
    return this.orUnavailable(() =>
      this.dataSource
        .transaction(async (manager): Promise<LossFiled> => {
          const [own] = await manager.query<
            {
              personId: string;
              acquiredOn: string;
              lostOn: string | null;
              reason: string | null;
              recordedAt: string | null;
            }[]
          >(
            `select person_id as "personId", acquired_on::text as "acquiredOn", lost_on::text as "lostOn", reason_of_loss as reason,
                  ${epoch('loss_recorded_at')} as "recordedAt"
           from qualification where insurer_number = $1 and qualification_id = $2 for update`,
            [insurerNumber, qualificationId],
          );
          if (own === undefined) return { kind: 'not-found' };
          const { personId, acquiredOn } = own;
          if (lostOn < acquiredOn) return { kind: 'before-acquisition' };
          const qualification = { qualificationId, personId, acquiredOn, lostOn, reasonOfLoss };
          // The same again was recorded when it was first filed.
          if (own.lostOn === lostOn && own.reason === reasonOfLoss && own.recordedAt !== null)
            return { kind: 'filed', qualification: { ...qualification, lossRecordedAt: Number(own.recordedAt) } };
          await manager.query(KEEP_FIRST_LOSS, [qualificationId]);
          await manager.query(FILE_LOSS, [qualificationId, lostOn, reasonOfLoss, new Date(now), clientId]);
          return { kind: 'filed', qualification: { ...qualification, lossRecordedAt: now } };
        })
        .catch((error: unknown): LossFiled => {
          if (isOverlap(error)) return { kind: 'overlaps' };
          throw error;
        }),
    );
  }

  history(
    insurerNumber: string,
    personId: string,
    knownAt: number,
    on: string | undefined,
  ): Promise<KnownPerson | undefined> {
    return this.orUnavailable(async () => {
      // One instant of the database: what is read apart would not fit together while somebody files.
      const [coverages, [person], changes] = await this.dataSource.transaction('REPEATABLE READ', async (manager) => [
        await manager.query<CoverageRow[]>(HISTORY, [insurerNumber, personId, new Date(knownAt), on ?? null]),
        await manager.query<{ facts: PersonFacts }[]>(FACTS_AT_INSURER, [insurerNumber, personId]),
        await manager.query<ChangeRow[]>(CHANGES, [insurerNumber, personId, new Date(knownAt)]),
      ]);
      if (person === undefined || person.facts.qualifications.length === 0) return undefined;
      return { coverages: coverages.map(coverageOf), facts: person.facts, changes: changes.map(changeOf) };
    });
  }

  private async orUnavailable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new FilingsUnavailable({ cause: error });
    }
  }
}

/** `exclusion_violation`: the loss was corrected to a day after the next coverage began. */
const isOverlap = (error: unknown): boolean =>
  (error as { driverError?: { code?: string } }).driverError?.code === '23P01';
