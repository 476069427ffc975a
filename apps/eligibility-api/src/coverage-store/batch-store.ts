import type { DataSource, EntityManager } from 'typeorm';

import {
  BatchesUnavailable,
  type Batch,
  type Batches,
  type BatchHead,
  type BatchState,
  type Counts,
  type Lease,
  type PeoplePart,
  type QueueFigures,
  type ResultsPart,
  type Submission,
  type SubmissionLimits,
  type Submitted,
} from '../batch/batches.js';
import type { Purpose } from '../check-log/check-log.js';

const KEY_KEPT_MS = 24 * 3_600_000;
const FORGET_AT_ONCE = 20;

const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

const HEAD = `b.batch_id as "batchId", b.client_id as "clientId", b.institution_code as "institutionCode", b.operator, b.purpose,
       b.service_date::text as "serviceDate", ${epoch('b.submitted_at')} as "submittedAt", b.total`;

/** The sums do not touch people and results, which lie outside the rows. */
const FIND = `
select ${HEAD}, b.state, ${epoch('b.ended_at')} as "endedAt", b.request_hash as "requestHash",
       coalesce(sum(p.answered), 0)::int as answered, coalesce(sum(p.unavailable), 0)::int as unavailable, coalesce(sum(p.refused), 0)::int as refused
from eligibility_batch b left join eligibility_batch_part p using (batch_id)`;

const OF_INSTITUTION = `${FIND} where b.institution_code = $1 and b.batch_id = $2 group by b.batch_id`;
const OF_KEY = `${FIND} where b.request_key = $1 and b.submitted_at > $2 group by b.batch_id`;

/** Several processes may take at once: each skips what another is just taking. */
const TAKE = `
update eligibility_batch b set state = 'running', lease_owner = $2, lease_until = $3, takes = b.takes + 1
where b.batch_id = (
  select batch_id from eligibility_batch
  where state in ('queued', 'running') and (lease_until is null or lease_until <= $1)
  order by submitted_at, batch_id limit 1 for update skip locked)
returning ${HEAD}, b.takes`;

/**
 * One statement: whoever comes second finds no people in the part, and changes nothing. A batch that was cancelled has none
 * left either.
 */
const ANSWERED = `
with kept as (
  update eligibility_batch_part set people = null, results = $3, answered = $4, unavailable = $5, refused = $6
  where batch_id = $1 and first = $2 and people is not null
  returning batch_id)
update eligibility_batch set takes = 0, lease_until = case when lease_owner = $7 then $8 else lease_until end
where batch_id in (select batch_id from kept)
returning batch_id`;

interface HeadRow {
  readonly batchId: string;
  readonly clientId: string;
  readonly institutionCode: string;
  readonly operator: string | null;
  readonly purpose: string;
  readonly serviceDate: string;
  readonly submittedAt: string;
  readonly total: number;
}

interface BatchRow extends HeadRow, Counts {
  readonly state: string;
  readonly endedAt: string | null;
  readonly requestHash: string | null;
}

const headOf = (row: HeadRow): BatchHead => ({
  batchId: row.batchId,
  clientId: row.clientId,
  institutionCode: row.institutionCode,
  ...(row.operator === null ? {} : { operator: row.operator }),
  purpose: row.purpose as Purpose,
  serviceDate: row.serviceDate,
  submittedAt: Number(row.submittedAt),
  total: row.total,
});

const batchOf = (row: BatchRow): Batch => ({
  ...headOf(row),
  state: row.state as BatchState,
  ...(row.endedAt === null ? {} : { endedAt: Number(row.endedAt) }),
  counts: { answered: row.answered, unavailable: row.unavailable, refused: row.refused },
});

/** TypeORM gives rows and their number for what updates or deletes. */
type Changed<Row> = [rows: Row[], count: number];

/** Batches in PostgreSQL. */
export class BatchStore implements Batches {
  constructor(private readonly dataSource: DataSource) {}

  submit(submission: Submission, limits: SubmissionLimits): Promise<Submitted> {
    return this.orUnavailable(() =>
      this.dataSource.transaction(async (manager): Promise<Submitted> => {
        // One submission of a client after the other, so that neither a key nor the limit is passed by two at once.
        await manager.query(`select pg_advisory_xact_lock(hashtextextended('batches of ' || $1, 0))`, [
          submission.clientId,
        ]);
        return (await this.before(manager, submission)) ?? this.accept(manager, submission, limits);
      }),
    );
  }

  /** What was accepted under this key before. */
  private async before(manager: EntityManager, { request, submittedAt }: Submission): Promise<Submitted | undefined> {
    if (request === undefined) return undefined;
    const since = new Date(submittedAt - KEY_KEPT_MS);
    const [known] = await manager.query<BatchRow[]>(OF_KEY, [request.key, since]);
    if (known !== undefined)
      return known.requestHash === request.hash ? { kind: 'repeated', batch: batchOf(known) } : { kind: 'key-reused' };
    await manager.query('update eligibility_batch set request_key = null where request_key = $1', [request.key]);
    return undefined;
  }

  private async accept(
    manager: EntityManager,
    { parts, request, ...head }: Submission,
    limits: SubmissionLimits,
  ): Promise<Submitted> {
    const [unfinished] = await manager.query<{ own: number; all: number }[]>(
      `select count(*)::int as all, count(*) filter (where client_id = $1)::int as own
       from eligibility_batch where state in ('queued', 'running')`,
      [head.clientId],
    );
    if ((unfinished?.own ?? 0) >= limits.unfinishedOfClientMax) return { kind: 'too-many-of-client' };
    if ((unfinished?.all ?? 0) >= limits.unfinishedMax) return { kind: 'queue-full' };
    await manager.query(
      `insert into eligibility_batch (batch_id, client_id, institution_code, operator, purpose, service_date, submitted_at, state, total,
         request_key, request_hash)
       values ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9, $10)`,
      [
        head.batchId,
        head.clientId,
        head.institutionCode,
        head.operator ?? null,
        head.purpose,
        head.serviceDate,
        new Date(head.submittedAt),
        head.total,
        request?.key ?? null,
        request?.hash ?? null,
      ],
    );
    for (const { first, size, people } of parts)
      await manager.query(
        'insert into eligibility_batch_part (batch_id, first, size, people) values ($1, $2, $3, $4)',
        [head.batchId, first, size, people],
      );
    return { kind: 'accepted' };
  }

  find(institutionCode: string, batchId: string): Promise<Batch | undefined> {
    return this.orUnavailable(async () => {
      const [row] = await this.dataSource.query<BatchRow[]>(OF_INSTITUTION, [institutionCode, batchId]);
      return row === undefined ? undefined : batchOf(row);
    });
  }

  cancel(institutionCode: string, batchId: string, now: number): Promise<Batch | undefined> {
    return this.orUnavailable(() =>
      this.dataSource.transaction(async (manager) => {
        const [, ended] = await manager.query<Changed<unknown>>(
          `update eligibility_batch set state = 'cancelled', ended_at = $3, lease_owner = null, lease_until = null
           where institution_code = $1 and batch_id = $2 and state in ('queued', 'running')`,
          [institutionCode, batchId, new Date(now)],
        );
        if (ended > 0) await erasePeople(manager, batchId);
        const [row] = await manager.query<BatchRow[]>(OF_INSTITUTION, [institutionCode, batchId]);
        return row === undefined ? undefined : batchOf(row);
      }),
    );
  }

  results(batchId: string, line: number): Promise<ResultsPart | undefined> {
    return this.orUnavailable(async () => {
      const [row] = await this.dataSource.query<{ first: number; size: number; results: Buffer | null }[]>(
        `select first, size, results from eligibility_batch_part
         where batch_id = $1 and first <= $2 and first + size > $2`,
        [batchId, line],
      );
      return row === undefined || row.results === null ? undefined : { ...row, results: row.results };
    });
  }

  take(now: number, lease: Lease): Promise<(BatchHead & { readonly takes: number }) | undefined> {
    return this.orUnavailable(async () => {
      const [[row]] = await this.dataSource.query<Changed<HeadRow & { takes: number }>>(TAKE, [
        new Date(now),
        lease.owner,
        new Date(lease.until),
      ]);
      return row === undefined ? undefined : { ...headOf(row), takes: row.takes };
    });
  }

  renew(batchId: string, lease: Lease): Promise<boolean> {
    return this.orUnavailable(async () => {
      const [, renewed] = await this.dataSource.query<Changed<unknown>>(
        `update eligibility_batch set lease_until = $3 where batch_id = $1 and lease_owner = $2 and state = 'running'`,
        [batchId, lease.owner, new Date(lease.until)],
      );
      return renewed > 0;
    });
  }

  release(batchId: string, owner: string): Promise<void> {
    return this.orUnavailable(async () => {
      await this.dataSource.query(
        `update eligibility_batch set lease_owner = null, lease_until = null, takes = greatest(takes - 1, 0)
         where batch_id = $1 and lease_owner = $2`,
        [batchId, owner],
      );
    });
  }

  nextPeople(batchId: string, from: number): Promise<PeoplePart | undefined> {
    return this.orUnavailable(async () => {
      const [row] = await this.dataSource.query<PeoplePart[]>(
        `select first, size, people from eligibility_batch_part
         where batch_id = $1 and first >= $2 and people is not null order by first limit 1`,
        [batchId, from],
      );
      return row;
    });
  }

  answered(batchId: string, { first, results }: ResultsPart, counts: Counts, lease: Lease): Promise<boolean> {
    return this.orUnavailable(async () => {
      const [, kept] = await this.dataSource.query<Changed<unknown>>(ANSWERED, [
        batchId,
        first,
        results,
        counts.answered,
        counts.unavailable,
        counts.refused,
        lease.owner,
        new Date(lease.until),
      ]);
      return kept > 0;
    });
  }

  end(batchId: string, owner: string, state: 'finished' | 'cancelled' | 'failed', now: number): Promise<void> {
    return this.orUnavailable(() =>
      this.dataSource.transaction(async (manager) => {
        const [, ended] = await manager.query<Changed<unknown>>(
          `update eligibility_batch set state = $3, ended_at = $4, lease_owner = null, lease_until = null
           where batch_id = $1 and lease_owner = $2 and state = 'running'
             and ($3 <> 'finished' or not exists (select from eligibility_batch_part where batch_id = $1 and people is not null))`,
          [batchId, owner, state, new Date(now)],
        );
        if (ended > 0 && state !== 'finished') await erasePeople(manager, batchId);
      }),
    );
  }

  forget(before: number): Promise<void> {
    return this.orUnavailable(async () => {
      // A few at a time: each takes its parts along, and a statement has no more than its timeout.
      for (let deleted = FORGET_AT_ONCE; deleted === FORGET_AT_ONCE;)
        [, deleted] = await this.dataSource.query<Changed<unknown>>(
          `delete from eligibility_batch where batch_id in (
             select batch_id from eligibility_batch where coalesce(ended_at, submitted_at) < $1 limit $2)`,
          [new Date(before), FORGET_AT_ONCE],
        );
    });
  }

  figures(): Promise<QueueFigures> {
    return this.orUnavailable(async () => {
      const [row] = await this.dataSource.query<{ queued: number; running: number; oldest: string | null }[]>(
        `select count(*) filter (where state = 'queued')::int as queued, count(*) filter (where state = 'running')::int as running,
                ${epoch('min(submitted_at)')} as oldest
         from eligibility_batch where state in ('queued', 'running')`,
      );
      return {
        queued: row?.queued ?? 0,
        running: row?.running ?? 0,
        ...(row === undefined || row.oldest === null ? {} : { oldestSubmittedAt: Number(row.oldest) }),
      };
    });
  }

  private async orUnavailable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new BatchesUnavailable({ cause: error });
    }
  }
}

/** Who will not be asked about any more is not kept. */
const erasePeople = (manager: EntityManager, batchId: string): Promise<unknown> =>
  manager.query('update eligibility_batch_part set people = null where batch_id = $1 and people is not null', [
    batchId,
  ]);
