import type { Client } from 'pg';

import type { Anchor, RetentionMark } from '../check-log/signed-words.js';
import type { ChainHead, ChainPart, ChainReader, Place } from '../check-log/verify-chains.js';
import { monthOf } from './check-store.js';

const PAGE = 2_000;
/** A number beyond every chain. */
const BEYOND = Number.MAX_SAFE_INTEGER;

/** Only the checks of a time; the whole log when left out. Epoch milliseconds, the end exclusive. */
export interface Span {
  readonly from?: number;
  readonly until?: number;
}

/** `$1` is the writer. As numbers where they are below 2^53, so that the driver need not make text of them and we numbers of that. */
const CHECK = `c.check_id, (extract(epoch from c.checked_at) * 1000)::float8, c.client_id, c.institution_code, c.operator, c.purpose,
  c.service_date::text, c.subject_hash, c.verdict, c.credential_state, c.answer_version, c.degraded, c.unchanged, c.repeats, c.consented, c.spliced,
  c.digest, c.answer_key`;

/** A cursor, planned once: page by page a table that was never analysed is sorted for each of them. */
const PLACES = `
declare places no scroll cursor for select c.n::float8, c.chain_hash, c.check_id, ${CHECK}
from eligibility_check c where c.writer = $1 and c.n >= $2 and c.n <= $3 order by c.n, c.check_id`;

const TWINS = `
select t.n::float8, t.chain_hash, t.check_id, ${CHECK}
from check_twin t left join eligibility_check c on c.check_id = t.check_id and c.checked_at = t.checked_at
where t.writer = $1 and t.n > $2 and t.n <= $3 order by t.n limit ${PAGE}`;

const HASH_AT = `
select rtrim(translate(encode(chain_hash, 'base64'), '+/', '-_'), '=') from (
  select chain_hash from eligibility_check where writer = $1 and n = $2
  union all select chain_hash from check_twin where writer = $1 and n = $2
  union all select decode(translate(last_hash, '-_', '+/') || '=', 'base64') from check_retention_mark
    where kind = 'checks' and writer = $1 and last_n = $2
) as h limit 1`;

/** Columns of an anchor, in the order in which `anchorFrom` takes them. */
export const ANCHOR = `anchored_by, seq::float8, previous, writer, n::float8, chain_hash, (extract(epoch from at) * 1000)::float8, final, key_id, signature`;
const ANCHORS_OF = `select ${ANCHOR} from check_anchor
where writer = $1 and n >= $2 and n <= $5 and (n > $2 or (anchored_by, seq) > ($3::text, $4::bigint)) order by n, anchored_by, seq limit ${PAGE}`;
const ANCHORS_BY = `select ${ANCHOR} from check_anchor where anchored_by = $1 and seq > $2 order by seq limit ${PAGE}`;
const MARKS = `
select kind, writer, first_n::float8, last_n::float8, previous, last_hash, month::text, (extract(epoch from at) * 1000)::float8, key_id, signature
from check_retention_mark where kind = $1 and writer = $2 and first_n > $3 order by first_n limit ${PAGE}`;

/** Each name once, by jumping from one to the next in an index: a log of millions has a few thousand. */
const DISTINCT = (table: string, column: string): string => `
with recursive names as (
  (select ${column} as name from ${table} where ${column} is not null order by 1 limit 1)
  union all
  select (select ${column} from ${table} where ${column} > names.name order by 1 limit 1) from names where names.name is not null
)
select name from names where name is not null`;

const WRITERS = `
select writer from check_journal
union (${DISTINCT('eligibility_check', 'writer')})
union (${DISTINCT('check_anchor', 'writer')})
union select writer from check_twin
union select writer from check_retention_mark where kind = 'checks'
order by 1`;

/** Where a chain is entered for the checks of a time: one before the first of them, for its hash. */
const PARTS = `
select writer, greatest(min(n) - 1, 1)::float8, max(n)::float8 from eligibility_check
where writer is not null and checked_at >= coalesce($1::timestamptz, '-infinity') and checked_at < coalesce($2::timestamptz, 'infinity')
group by writer order by 1`;

const UNCHAINED = `
select (select count(*) from eligibility_check, check_log_policy where writer is null and checked_at < chained_since)::float8,
  array(select check_id::text from eligibility_check, check_log_policy where writer is null and checked_at >= chained_since order by 1 limit 100)`;

const TEXTS = 'select answer_key, text from check_answer where month = $1 and answer_key = any($2)';

/** Checks there are, as far as the heads of chains know; for showing how far one is. */
const TOTAL = 'select coalesce(sum(n), 0)::float8 from check_journal';

export type Row = readonly any[];

const base64url = (bytes: Buffer): string => bytes.toString('base64url');

const placeFrom = ([
  n,
  hash,
  checkId,
  id,
  at,
  client,
  institution,
  operator,
  purpose,
  date,
  subject,
  verdict,
  credential,
  version,
  degraded,
  unchanged,
  repeats,
  consented,
  spliced,
  digest,
  answerKey,
]: Row): Place => ({
  n,
  hash: base64url(hash),
  checkId,
  check:
    id === null
      ? undefined
      : {
          id,
          at,
          client,
          institution,
          operator,
          purpose,
          date,
          subject: base64url(subject),
          verdict,
          credential,
          version,
          degraded,
          unchanged,
          repeats,
          consented,
          spliced,
          digest: base64url(digest),
        },
  month: id === null ? '' : monthOf(at),
  answerKey: answerKey === null ? null : base64url(answerKey),
});

export const anchorFrom = ([anchoredBy, seq, previous, writer, n, hash, at, final, keyId, signature]: Row): Anchor => ({
  anchoredBy,
  seq,
  previous: base64url(previous),
  writer,
  n,
  hash: base64url(hash),
  at,
  final,
  keyId,
  signature,
});

const markFrom = ([
  kind,
  writer,
  firstN,
  lastN,
  previous,
  lastHash,
  month,
  at,
  keyId,
  signature,
]: Row): RetentionMark => ({
  kind,
  writer,
  firstN,
  lastN,
  previous,
  lastHash,
  month,
  at,
  keyId,
  signature,
});

/** Reads the record for whoever verifies it, on one connection of its own: a role that may read the log is enough. */
export class StoredChains implements ChainReader {
  constructor(
    private readonly client: Client,
    private readonly span: Span = {},
  ) {}

  async total(): Promise<number> {
    const [[total]] = (await this.rows(TOTAL, [])) as [[number]];
    return total;
  }

  async *parts(): AsyncGenerator<ChainPart> {
    const { from, until } = this.span;
    if (from === undefined && until === undefined) {
      for (const [writer] of await this.rows(WRITERS, [])) yield { writer, firstN: 1, lastN: undefined };
      return;
    }
    const instants = [from, until].map((at) => (at === undefined ? null : new Date(at)));
    for (const [writer, firstN, lastN] of await this.rows(PARTS, instants)) yield { writer, firstN, lastN };
  }

  async begin(): Promise<void> {
    await this.client.query('begin transaction isolation level repeatable read, read only');
  }

  async end(): Promise<void> {
    await this.client.query('commit');
  }

  async head(writer: string): Promise<ChainHead | undefined> {
    const [row] = await this.rows('select n::float8, chain_hash from check_journal where writer = $1', [writer]);
    return row === undefined ? undefined : { n: row[0], hash: row[1] };
  }

  async hashAt(writer: string, n: number): Promise<string | undefined> {
    const [row] = await this.rows(HASH_AT, [writer, n]);
    return row?.[0];
  }

  async *places({ writer, firstN, lastN = BEYOND }: ChainPart): AsyncGenerator<Place> {
    const [[twins]] = (await this.rows('select exists (select from check_twin where writer = $1)', [writer])) as [
      [boolean],
    ];
    await this.rows(PLACES, [writer, firstN, lastN]);
    for (let n = firstN - 1; ;) {
      const rows = await this.rows(`fetch ${PAGE} from places`, []);
      const isLast = rows.length < PAGE;
      const page = rows.map(placeFrom);
      const through = isLast ? lastN : (page.at(-1)?.n ?? lastN);
      // Of those there are hardly any.
      if (twins) page.push(...(await this.twins(writer, n, through)));
      if (twins) page.sort((a, c) => a.n - c.n);
      yield* page;
      if (isLast) break;
      n = through;
    }
    await this.rows('close places', []);
  }

  async *anchorsOf({ writer, firstN, lastN = BEYOND }: ChainPart): AsyncGenerator<Anchor> {
    // Of the number before, none.
    let after: readonly [number, string | null, number] = [firstN - 1, null, 0];
    for (;;) {
      const page = (await this.rows(ANCHORS_OF, [writer, ...after, lastN])).map(anchorFrom);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = [last.n, last.anchoredBy, last.seq];
    }
  }

  async *marksOf(kind: RetentionMark['kind'], writer: string): AsyncGenerator<RetentionMark> {
    for (let after = 0; ;) {
      const page = (await this.rows(MARKS, [kind, writer, after])).map(markFrom);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.firstN;
    }
  }

  async *chainsOfAnchors(): AsyncGenerator<string> {
    for (const [name] of await this.rows(DISTINCT('check_anchor', 'anchored_by'), [])) yield name;
  }

  async *anchorsBy(anchoredBy: string): AsyncGenerator<Anchor> {
    for (let after = 0; ;) {
      const page = (await this.rows(ANCHORS_BY, [anchoredBy, after])).map(anchorFrom);
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      after = last.seq;
    }
  }

  async texts(month: string, keys: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    const rows = await this.rows(TEXTS, [month, keys.map((key) => Buffer.from(key, 'base64url'))]);
    return new Map(rows.map(([key, text]) => [base64url(key), text]));
  }

  async unchained(): Promise<{ before: number; after: readonly string[] }> {
    const [[before, after]] = (await this.rows(UNCHAINED, [])) as [[number, string[]]];
    return { before, after };
  }

  private async twins(writer: string, after: number, through: number): Promise<Place[]> {
    const twins: Place[] = [];
    for (let n = after; ;) {
      const page = (await this.rows(TWINS, [writer, n, through])).map(placeFrom);
      twins.push(...page);
      if (page.length < PAGE) return twins;
      n = page.at(-1)?.n ?? through;
    }
  }

  private async rows(text: string, values: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.client.query({ text, values: [...values], rowMode: 'array' });
    return rows;
  }
}
