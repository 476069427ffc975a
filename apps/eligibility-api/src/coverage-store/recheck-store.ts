import type { DataSource } from 'typeorm';

import {
  RechecksUnavailable,
  type FiledChanges,
  type GivenAnswer,
  type Lease,
  type ListedRecheck,
  type NewRecheck,
  type NextChanges,
  type PendingRecheck,
  type Position,
  type RecheckFigures,
  type RecheckListing,
  type RecheckReason,
  type Rechecks,
} from '../rechecks/rechecks.js';
import { CLUSTER } from './facts-store.js';

/** Rows of an UPDATE or DELETE, and how many it touched. */
type Changed<T> = [T[], number];

const FORGET_AT_ONCE = 1_000;

const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** Set right already, by another that was open a moment before this one was queued. */
const CORRECTED = `exists (select from recheck done where done.check_id = recheck.check_id and done.outcome = 'changed')`;

/** $1 now, $2 owner, $3 until, $4 reasons, $5 how many. */
const TAKE = `
with due as (
  select id from recheck
  where ended_at is null and reason = any($4) and (lease_until is null or lease_until <= $1) and not ${CORRECTED}
  order by id limit $5 for update skip locked
)
update recheck r set lease_owner = $2, lease_until = $3, takes = r.takes + 1
from due, eligibility_check c
where r.id = due.id and c.check_id = r.check_id and c.checked_at = r.checked_at
returning r.id::text, r.reason, ${epoch('r.facts_from')} as "factsFrom", r.question, r.takes, r.check_id as "checkId", ${epoch('r.checked_at')} as "checkedAt",
  c.client_id as "clientId", c.institution_code as "institutionCode", c.purpose, c.service_date::text as "serviceDate", c.subject_hash as "subjectHash",
  c.verdict, c.credential_state as "credentialState", c.consented, c.unchanged`;

const LIST = `
select r.recheck_id as "recheckId", ${epoch('r.ended_at')} as "recheckedAt", r.reason, r.changed, n.verdict, n.credential_state as "credentialState",
  r.check_id as "checkId", ${epoch('r.checked_at')} as "checkedAt", o.service_date::text as "serviceDate", o.verdict as "verdictBefore",
  o.credential_state as "credentialStateBefore"
from recheck r
join eligibility_check o on o.check_id = r.check_id and o.checked_at = r.checked_at
join eligibility_check n on n.check_id = r.recheck_id and n.checked_at = r.ended_at
where r.outcome = 'changed' and r.institution_code = $1 and r.ended_at >= $2 and r.ended_at < $3 and ($4::uuid is null or r.recheck_id < $4::uuid)
order by r.recheck_id desc limit $5`;

const STANDING = `
select ${CLUSTER} as cluster, pg_snapshot_xmin(pg_current_snapshot())::text as watermark, p.cluster as known, p.transaction_id::text as "transactionId",
  p.person_id::text as "personId"
from (select) as always left join recheck_position p on p.id = 1`;

/**
 * $1 transaction, $2 person, $3 milliseconds, $4 how many. Below the oldest transaction still running nothing appears any more,
 * and nothing is taken from behind a change that is too young: so the place moves past nothing that was not looked at.
 */
const NEXT = `
select f.transaction_id::text as "transactionId", f.person_id::text as "personId"
from (
  select distinct transaction_id, person_id from fact_change
  where transaction_id >= $1::bigint and (transaction_id, person_id) > ($1::bigint, $2::bigint)
    and transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    and transaction_id < coalesce((select min(transaction_id) from fact_change
      where transaction_id >= $1::bigint and noted_at > now() - $3::float8 * interval '1 millisecond'), 9223372036854775807)
) as f
order by f.transaction_id, f.person_id limit $4`;

/** $1 subjects, $2 since, $3 how many. The last answer of a chain of corrections stands for those before it. */
const ANSWERS_ABOUT = `
select c.check_id as "checkId", ${epoch('c.checked_at')} as "checkedAt", c.institution_code as "institutionCode", c.service_date::text as "serviceDate",
  c.verdict, c.subject_hash as "subjectHash", c.unchanged
from eligibility_check c
where c.subject_hash = any($1::bytea[]) and c.checked_at >= $2 and c.repeats is null
  and not exists (select from recheck r where r.check_id = c.check_id and r.outcome = 'changed')
  and not exists (select from recheck r where r.recheck_id = c.check_id and r.outcome = 'unchanged')
order by c.checked_at desc limit $3`;

/**
 * What was corrected since it was looked for has another answer that stands for it now: then nothing is moved, and the same people
 * are looked at again.
 */
const MOVE_ON = `
with moved as (
  update recheck_position set transaction_id = $1, person_id = $2, lease_until = null
  where id = 1 and cluster = $3 and transaction_id = $4 and person_id = $5
    and not exists (select from recheck r where r.outcome = 'changed' and r.check_id in (select c.id from json_to_recordset($6::json) as c(id uuid)))
  returning true
)
insert into recheck (check_id, checked_at, institution_code, reason, noted_at, facts_from, question)
select c.id, c.at, c.institution, 'retroactive-change', $7, $7, decode(c.question, 'base64')
from moved, json_to_recordset($6::json) as c(id uuid, at timestamptz, institution text, question text)
on conflict (check_id) where ended_at is null do update set facts_from = greatest(recheck.facts_from, excluded.facts_from)`;

/** Re-checks in PostgreSQL, and the outbox as they read it. */
export class RecheckStore implements Rechecks, FiledChanges {
  constructor(private readonly dataSource: DataSource) {}

  take(
    now: number,
    lease: Lease,
    reasons: readonly RecheckReason[],
    limit: number,
  ): Promise<readonly PendingRecheck[]> {
    return this.orUnavailable(async () => {
      const [rows] = await this.dataSource.query<Changed<PendingRecheck>>(TAKE, [
        new Date(now),
        lease.owner,
        new Date(lease.until),
        reasons,
        limit,
      ]);
      return rows;
    });
  }

  postpone(id: string, lease: Lease): Promise<void> {
    return this.orUnavailable(async () => {
      await this.dataSource.query(
        'update recheck set lease_until = $3 where id = $1 and lease_owner = $2 and ended_at is null',
        [id, lease.owner, new Date(lease.until)],
      );
    });
  }

  end(id: string, outcome: 'unchanged' | 'unreadable', now: number): Promise<void> {
    return this.orUnavailable(async () => {
      await this.dataSource.query(
        'update recheck set ended_at = $3, outcome = $2, question = null, lease_owner = null, lease_until = null where id = $1 and ended_at is null',
        [id, outcome, new Date(now)],
      );
    });
  }

  giveUp(notedBefore: number, now: number): Promise<number> {
    return this.orUnavailable(async () => {
      await this.dataSource.query(
        `update recheck set ended_at = $1, outcome = 'unchanged', question = null, lease_owner = null, lease_until = null
         where ended_at is null and ${CORRECTED}`,
        [new Date(now)],
      );
      const [, ended] = await this.dataSource.query<Changed<unknown>>(
        `update recheck set ended_at = $2, outcome = 'given-up', question = null, lease_owner = null, lease_until = null
         where ended_at is null and noted_at < $1`,
        [new Date(notedBefore), new Date(now)],
      );
      return ended;
    });
  }

  forget(endedBefore: number): Promise<void> {
    return this.orUnavailable(async () => {
      for (let deleted = FORGET_AT_ONCE; deleted === FORGET_AT_ONCE;)
        [, deleted] = await this.dataSource.query<Changed<unknown>>(
          `delete from recheck where id in (select id from recheck where ended_at < $1 limit $2)`,
          [new Date(endedBefore), FORGET_AT_ONCE],
        );
    });
  }

  list({ institutionCode, from, until, before, limit }: RecheckListing): Promise<readonly ListedRecheck[]> {
    return this.orUnavailable(() =>
      this.dataSource.query<ListedRecheck[]>(LIST, [
        institutionCode,
        new Date(from),
        new Date(until),
        before ?? null,
        limit,
      ]),
    );
  }

  figures(): Promise<RecheckFigures> {
    return this.orUnavailable(async () => {
      const rows = await this.dataSource.query<{ reason: RecheckReason; pending: number; oldest: number }[]>(
        `select reason, count(*)::int as pending, ${epoch('min(noted_at)')} as oldest from recheck where ended_at is null group by reason`,
      );
      const [behind] = await this.dataSource.query<{ ms: number }[]>(
        `select coalesce(${epoch('now() - min(f.noted_at)')}, 0) as ms from recheck_position p
         join fact_change f on f.transaction_id >= p.transaction_id and (f.transaction_id, f.person_id) > (p.transaction_id, p.person_id)`,
      );
      const oldest = Math.min(...rows.map((row) => row.oldest));
      return {
        pending: Object.fromEntries(rows.map(({ reason, pending }) => [reason, pending])),
        ...(rows.length === 0 ? {} : { oldestNotedAt: oldest }),
        changesBehindMs: behind?.ms ?? 0,
      };
    });
  }

  next(now: number, lease: Lease, notedAgoMs: number, limit: number): Promise<NextChanges | undefined> {
    return this.orUnavailable(async () => {
      const from = await this.position();
      if (from === undefined) return undefined;
      const rows = await this.dataSource.query<{ transactionId: string; personId: string }[]>(NEXT, [
        from.transactionId,
        from.personId,
        notedAgoMs,
        limit,
      ]);
      const last = rows.at(-1);
      if (last === undefined) return undefined;
      // Taken only where there is something to do; a place that has moved meanwhile is noticed when it is moved on.
      const [, taken] = await this.dataSource.query<Changed<unknown>>(
        `update recheck_position set lease_owner = $1, lease_until = $2
         where id = 1 and (lease_owner = $1 or lease_until is null or lease_until <= $3)`,
        [lease.owner, new Date(lease.until), new Date(now)],
      );
      if (taken === 0) return undefined;
      // 0 stands for everybody: a table was emptied, and no list says who was in it.
      const people = [...new Set(rows.map(({ personId }) => personId))].filter((personId) => personId !== '0');
      return { from, to: { cluster: from.cluster, ...last }, people };
    });
  }

  answersAbout(subjects: readonly Buffer[], since: number, limit: number): Promise<readonly GivenAnswer[]> {
    return this.orUnavailable(() =>
      this.dataSource.query<GivenAnswer[]>(ANSWERS_ABOUT, [subjects, new Date(since), limit]),
    );
  }

  moveOn({ from, to }: NextChanges, found: readonly NewRecheck[], now: number): Promise<void> {
    return this.orUnavailable(async () => {
      const rows = found.map(({ checkId, checkedAt, institutionCode, question }) => ({
        id: checkId,
        at: new Date(checkedAt).toISOString(),
        institution: institutionCode,
        question,
      }));
      await this.dataSource.query(MOVE_ON, [
        to.transactionId,
        to.personId,
        from.cluster,
        from.transactionId,
        from.personId,
        JSON.stringify(rows),
        new Date(now),
      ]);
    });
  }

  /** Where we are. Undefined where that is the beginning: what was committed before is of no concern. */
  private async position(): Promise<Position | undefined> {
    const [row] = await this.dataSource.query<
      {
        cluster: string;
        watermark: string;
        known: string | null;
        transactionId: string | null;
        personId: string | null;
      }[]
    >(STANDING);
    if (row === undefined) return undefined;
    const { cluster, watermark, known, transactionId, personId } = row;
    if (known === cluster && transactionId !== null && personId !== null) return { cluster, transactionId, personId };
    await this.dataSource.query(
      `insert into recheck_position (id, cluster, transaction_id, person_id) values (1, $1, $2, 0)
       on conflict (id) do update set cluster = excluded.cluster, transaction_id = excluded.transaction_id, person_id = 0
       where recheck_position.cluster <> excluded.cluster`,
      [cluster, watermark],
    );
    return undefined;
  }

  private async orUnavailable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new RechecksUnavailable({ cause: error });
    }
  }
}
