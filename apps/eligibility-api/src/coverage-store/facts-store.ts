import type { PersonFacts } from '@app/domain';
import { setTimeout } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

import { StoreBusy, type CardRecord, type CertificateRecord } from '../replica/facts-reader.js';
import type { Changes, PeopleAfter, ReplicaSource, Standing } from '../replica/replica-source.js';
import type { PersonText } from '../replica/replica-writer.js';
import { epoch, FACTS, peopleWhere } from './person-sql.js';

/** Longest chain of renewals that is followed; a card is renewed every five years. */
const RENEWALS_MAX = 16;

/** More people than this under one insurer number and number are nobody's family: the reading stops there. */
const PEOPLE_PER_NUMBER_MAX = 100;

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

/** $1 insurer number, $2 number in its normal form: of those who have it, had it or will have it. */
const BY_NUMBER = `
select ${FACTS} as facts
from person p where p.person_id in (
  select person_id from qualification where insurer_number = $1 and number_key = $2
  union all
  select q.person_id from coverage_change c join qualification q using (qualification_id) where c.number_key = $2 and q.insurer_number = $1
  limit ${PEOPLE_PER_NUMBER_MAX})
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

/** The server's own word that it was too slow says that it is there: on a busy machine it takes so long to arrive. */
const HEARD_WITHIN_MS = 250;

/** A check has no time for it any more: nothing was heard of the server, not even that it is busy. */
class NoTimeLeft extends Error {
  constructor() {
    super('the store did not answer in the time that was left');
    this.name = 'NoTimeLeft';
  }
}

/** Whoever comes too late is heard by nobody; what it holds it gives back by itself. */
const inTime = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  if (ms === Number.POSITIVE_INFINITY) return work;
  const late = new AbortController();
  work.catch(() => {});
  try {
    return await Promise.race([
      work,
      setTimeout(ms, undefined, { signal: late.signal }).then(() => {
        throw new NoTimeLeft();
      }),
    ]);
  } finally {
    late.abort();
  }
};

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
      return await inTime(withinMs + HEARD_WITHIN_MS, this.within<T>(sql, parameters, withinMs));
    } catch (error) {
      const { code } = error as { code?: string };
      throw code !== undefined && BUSY.test(code) ? new StoreBusy({ cause: error }) : error;
    }
  }

  /** Waiting for a connection is part of the time. What is left then the server is told: it gives up when nobody waits any more. */
  private within<T>(sql: string, parameters: unknown[], withinMs: number): Promise<T[]> {
    // A connection, then a statement, each for as long as it may take anyhow.
    if (withinMs >= 2 * this.statementMs) return this.dataSource.query<T[]>(sql, parameters);
    const endsAt = performance.now() + withinMs;
    return this.dataSource.transaction(async (manager) => {
      const leftMs = Math.min(Math.ceil(endsAt - performance.now()), this.statementMs);
      if (leftMs <= 0) throw new NoTimeLeft();
      await manager.query(`select set_config('statement_timeout', $1, true)`, [`${leftMs}ms`]);
      return manager.query<T[]>(sql, parameters);
    });
  }

  private async one<T>(sql: string, parameters: unknown[]): Promise<T> {
    const [row] = await this.dataSource.query<T[]>(sql, parameters);
    if (row === undefined) throw new Error('the store gave no row');
    return row;
  }
}
