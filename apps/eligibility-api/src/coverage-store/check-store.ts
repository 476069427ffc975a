import { hash } from 'node:crypto';
import type { DataSource } from 'typeorm';

import { RecordUnavailable, type CheckListing, type Correction, type ListedCheck } from '../check-log/check-log.js';
import { CONSENT_KINDS } from '../check-log/journal-line.js';
import {
  ChecksRefused,
  type JournalPosition,
  type KeptAnswer,
  type ShippedCheck,
  type ShippedChecks,
} from '../check-log/shipped-checks.js';

/** Medical information may be viewed for 24 hours after consent; the other consents are for this check. */
const VIEWING: ReadonlySet<string> = new Set(['pharmacists', 'specificHealthCheckups', 'diagnosis', 'operation']);
/** Consents are told apart in PostgreSQL: one row for each bit of a check, and none of them sent. */
const CONSENTS = JSON.stringify(CONSENT_KINDS.map(([kind, bit]) => ({ kind, bit, viewing: VIEWING.has(kind) })));
const HOUR_MS = 3_600_000;
const TOKYO_OFFSET_MS = 9 * HOUR_MS;
/** Texts known to be there are not sent again. */
const TEXTS_REMEMBERED = 50_000;

/**
 * Texts, checks, consents and what is to be asked again of one batch, and where its chain has come to, in one statement: all of
 * it or nothing. A check that is there already stays as it is, and its second place is a twin. Texts are in order of their
 * keys, so that two who add the same ones wait for each other once.
 */
const ship = ({ before = '', onlyIf = '', also = '' } = {}): string => `
with ${before} moved as (
  update check_journal set n = $4, chain_hash = $5, segment = $6, "offset" = $7, shipped_at = now() where writer = $8 and n = $9 ${onlyIf} returning true
),
texts as (
  insert into check_answer (month, answer_key, text)
  select t.month, decode(t.key, 'base64'), decode(t.text, 'base64')
  from moved, json_to_recordset($1::json) as t(month date, key text, text text) order by 1, 2
  on conflict do nothing
),
batch as (
  select c.*, decode(c.hash, 'base64') as chained
  from moved, json_to_recordset($2::json) as c(id uuid, client text, institution text, operator text, purpose text, at timestamptz, date date, subject text,
    verdict text, credential text, version text, degraded text, unchanged boolean, repeats uuid, consented smallint, answer text, spliced text,
    digest text, n bigint, hash text, question text)
),
checks as (
  insert into eligibility_check (check_id, client_id, institution_code, operator, purpose, checked_at, service_date, subject_hash, verdict,
    credential_state, answer_version, degraded, unchanged, repeats, consented, answer_key, spliced, digest, writer, n, chain_hash)
  select id, client, institution, operator, purpose, at, date, decode(subject, 'base64'), verdict, credential, version, degraded,
    unchanged, repeats, consented, decode(answer, 'base64'), spliced, decode(digest, 'base64'), $8, n, chained from batch
  on conflict do nothing returning check_id
),
twins as (
  insert into check_twin (writer, n, chain_hash, check_id, checked_at)
  select $8, n, chained, id, at from batch where id not in (select check_id from checks)
  on conflict do nothing
),
consents as (
  insert into consent (check_id, kind, consented_at, available_until)
  select c.id, k.kind, c.at, case when k.viewing then c.at + interval '24 hours' end
  from batch c, json_to_recordset($3::json) as k(kind text, bit smallint, viewing boolean) where c.consented & k.bit <> 0
  on conflict do nothing
),
questions as (
  insert into recheck (check_id, checked_at, institution_code, reason, noted_at, facts_from, question)
  select c.id, c.at, c.institution, c.degraded, c.at, c.at, decode(c.question, 'base64')
  from batch c where c.question is not null and not exists (select from recheck r where r.check_id = c.id)
)${also}
select count(*)::int as moved from moved`;

const SHIP = ship();

/**
 * Answers that set others right are added only while those are open, and end them. The rows are locked first: of two who have
 * checked the same again the second waits for the first, and finds nothing open.
 */
const SHIP_CORRECTING = ship({
  before: `
open as (
  select r.check_id from recheck r
  where r.ended_at is null and r.check_id in (select c.corrects from json_to_recordset($2::json) as c(corrects uuid))
    and not exists (select from recheck done where done.check_id = r.check_id and done.outcome = 'changed') for update of r
),`,
  onlyIf: `and (select count(*) from open) = (select count(c.corrects) from json_to_recordset($2::json) as c(corrects uuid))`,
  also: `,
corrected as (
  update recheck r set ended_at = c.at, outcome = case when c.changed is null then 'unchanged' else 'changed' end, changed = c.changed, recheck_id = c.id,
    question = null, lease_owner = null, lease_until = null
  from moved, json_to_recordset($2::json) as c(id uuid, at timestamptz, corrects uuid, changed text[])
  where r.check_id = c.corrects and r.ended_at is null
)`,
});

/** Clocks differ, and a change is noted when its transaction begins: up to ten seconds before anybody could see it. */
const NOTED_BEFORE_MS = 60_000;

/**
 * $10 milliseconds. Whoever follows changes goes back to the first that these answers may not have known, in the same statement that
 * puts them on record. Never to a place where he may be standing: he would go on from it with what he found before they were there.
 */
const SHIP_LATE = ship({
  also: `,
again as (
  update recheck_position p set transaction_id = first.id - 1, person_id = case when p.transaction_id = first.id - 1 then p.person_id + 1 else 0 end
  from moved, (select min(transaction_id) as id from fact_change where noted_at >= now() - ($10::float8 + ${NOTED_BEFORE_MS}) * interval '1 millisecond') as first
  where p.id = 1 and p.transaction_id >= first.id - 1
)`,
});

const FIND = `
select c.check_id as "checkId", c.client_id as "clientId", c.institution_code as "institutionCode", c.operator, c.purpose,
       (extract(epoch from c.checked_at) * 1000)::float8 as "checkedAt", c.service_date::text as "serviceDate", c.subject_hash as "subjectHash", c.verdict,
       c.credential_state as "credentialState", c.answer_version as "answerVersion", c.degraded, c.unchanged, c.repeats, c.consented, c.spliced, c.digest,
       a.text
from eligibility_check c
left join check_answer a on a.answer_key = c.answer_key and a.month = date_trunc('month', c.checked_at at time zone 'Asia/Tokyo')::date
where c.check_id = $1 and c.institution_code = $2`;

const LIST = `
select check_id as "checkId", (extract(epoch from checked_at) * 1000)::bigint as "checkedAt", service_date::text as "serviceDate", verdict,
       credential_state as "credentialState", degraded is not null as degraded, unchanged, repeats, operator, purpose,
       spliced::json->>'corrects' as corrects
from eligibility_check
where institution_code = $1 and checked_at >= $2 and checked_at < $3 and ($4::uuid is null or check_id < $4::uuid)
order by check_id desc limit $5`;

/** First day of the month in Tokyo. Asked for every check and nearly always the same hour as before. */
export const monthOf = (() => {
  let [hour, month] = [-1, ''];
  return (checkedAt: number): string => {
    const asked = Math.floor(checkedAt / HOUR_MS);
    if (asked !== hour)
      [hour, month] = [asked, `${new Date(checkedAt + TOKYO_OFFSET_MS).toISOString().slice(0, 7)}-01`];
    return month;
  };
})();

/** SQLSTATE classes 22 (a value that is none) and 23 (a constraint); that a partition has gone is 23514 as well, and named by no constraint. */
const isOfTheRows = (error: unknown): boolean => {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code !== undefined && (code.startsWith('22') || (code.startsWith('23') && constraint !== undefined));
};

const correctionRow = ({ checkId, changed }: Correction): { corrects: string; changed: readonly string[] | null } => ({
  corrects: checkId,
  changed: changed.length === 0 ? null : changed,
});

type Nullable<T> = { [K in keyof T]: T[K] | null };

/** The record of checks in PostgreSQL, partitioned by the month of the check (Tokyo). Answers' texts are there once a month. */
export class CheckStore implements ShippedChecks {
  private readonly months = new Set<string>();
  private readonly texts = new Set<string>();

  constructor(private readonly dataSource: DataSource) {}

  async ship(
    checks: readonly ShippedCheck[],
    from: JournalPosition,
    to: JournalPosition,
    lateMs?: number,
  ): Promise<boolean> {
    const position = [to.n, to.hash, to.segment, to.offset, from.writer, from.n];
    return this.add(checks, position, lateMs);
  }

  async positions(writers: readonly string[]): Promise<readonly JournalPosition[]> {
    const rows = await this.orUnavailable(() =>
      this.dataSource.query<(JournalPosition & { n: string; offset: string })[]>(
        'select writer, n, chain_hash as hash, segment, "offset" from check_journal where writer = any($1)',
        [writers],
      ),
    );
    return rows.map((row) => ({ ...row, n: Number(row.n), offset: Number(row.offset) }));
  }

  async begin({ writer, n, hash: chainHash, segment, offset }: JournalPosition): Promise<void> {
    await this.orUnavailable(() =>
      this.dataSource.query(
        'insert into check_journal (writer, n, chain_hash, segment, "offset", shipped_at) values ($1, $2, $3, $4, $5, now()) on conflict do nothing',
        [writer, n, chainHash, segment, offset],
      ),
    );
  }

  async find(institutionCode: string, checkId: string): Promise<KeptAnswer | undefined> {
    type Row = Nullable<Pick<KeptAnswer, 'operator' | 'degraded' | 'repeats' | 'text'>> &
      Omit<KeptAnswer, 'operator' | 'degraded' | 'repeats' | 'text'>;
    const [row] = await this.orUnavailable(() => this.dataSource.query<Row[]>(FIND, [checkId, institutionCode]));
    if (row === undefined) return undefined;
    const { operator, degraded, repeats, text, ...rest } = row;
    return {
      ...rest,
      ...(operator === null ? {} : { operator }),
      ...(degraded === null ? {} : { degraded }),
      ...(repeats === null ? {} : { repeats }),
      text: text ?? undefined,
    };
  }

  async list({ institutionCode, from, until, before, limit }: CheckListing): Promise<readonly ListedCheck[]> {
    type Row = Omit<ListedCheck, 'checkedAt' | 'repeats' | 'corrects' | 'operator'> & {
      checkedAt: string;
      repeats: string | null;
      corrects: string | null;
      operator: string | null;
    };
    const rows = await this.orUnavailable(() =>
      this.dataSource.query<Row[]>(LIST, [institutionCode, new Date(from), new Date(until), before ?? null, limit]),
    );
    return rows.map(({ checkedAt, repeats, corrects, operator, ...row }) => ({
      ...row,
      checkedAt: Number(checkedAt),
      ...(repeats === null ? {} : { repeats }),
      ...(corrects === null ? {} : { corrects }),
      ...(operator === null ? {} : { operator }),
    }));
  }

  private async add(
    checks: readonly ShippedCheck[],
    position: readonly unknown[],
    lateMs: number | undefined,
  ): Promise<boolean> {
    const keys = checks.map(({ text }) => (text === undefined ? undefined : hash('sha256', text, 'base64')));
    const texts = new Map<string, { month: string; key: string; text: string }>();
    checks.forEach(({ text, checkedAt }, i) => {
      const key = keys[i];
      if (text === undefined || key === undefined) return;
      const month = monthOf(checkedAt);
      if (!this.texts.has(`${month} ${key}`))
        texts.set(`${month} ${key}`, { month, key, text: text.toString('base64') });
    });
    const rows = checks.map((check, i) => ({
      id: check.checkId,
      client: check.clientId,
      institution: check.institutionCode,
      operator: check.operator,
      purpose: check.purpose,
      at: new Date(check.checkedAt).toISOString(),
      date: check.serviceDate,
      subject: check.subjectHash.toString('base64'),
      verdict: check.verdict,
      credential: check.credentialState,
      version: check.answerVersion,
      degraded: check.degraded,
      unchanged: check.unchanged,
      repeats: check.repeats,
      consented: check.consented,
      answer: keys[i],
      spliced: check.spliced,
      digest: check.digest.toString('base64'),
      n: check.n,
      hash: check.hash.toString('base64'),
      question: check.question?.toString('base64'),
      ...(check.corrects === undefined ? {} : correctionRow(check.corrects)),
    }));
    const moved = await this.orUnavailable(async () => {
      await this.makeMonths(new Set(checks.map(({ checkedAt }) => monthOf(checkedAt))));
      const json = [JSON.stringify([...texts.values()]), JSON.stringify(rows), CONSENTS];
      // What corrects another comes from no journal, and is never late.
      const ordinary = lateMs === undefined ? SHIP : SHIP_LATE;
      const sql = checks.some(({ corrects }) => corrects !== undefined) ? SHIP_CORRECTING : ordinary;
      const [row] = await this.dataSource.query<{ moved: number }[]>(sql, [
        ...json,
        ...position,
        ...(sql === SHIP_LATE ? [lateMs] : []),
      ]);
      return row?.moved === 1;
    }).catch((error: unknown) => {
      const { cause } = error as Error;
      throw isOfTheRows(cause) ? new ChecksRefused({ cause }) : error;
    });
    if (moved) {
      if (this.texts.size + texts.size > TEXTS_REMEMBERED) this.texts.clear();
      for (const place of texts.keys()) this.texts.add(place);
    }
    return moved;
  }

  /** Partitions are made when the first check of their month comes. */
  private async makeMonths(months: ReadonlySet<string>): Promise<void> {
    for (const month of months) {
      if (this.months.has(month)) continue;
      await this.dataSource.query('select make_check_partitions($1::date)', [month]);
      this.months.add(month);
    }
  }

  private async orUnavailable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // A partition may have gone, and with it what was known to be in it.
      this.months.clear();
      this.texts.clear();
      throw new RecordUnavailable({ cause: error });
    }
  }
}
