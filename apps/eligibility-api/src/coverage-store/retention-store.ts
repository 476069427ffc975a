import { Client } from 'pg';

import { anchorLink, firstLink, type Anchor, type RetentionMark } from '../check-log/signed-words.js';
import type { RetentionStore, Run } from '../check-log/retention.js';
import { ANCHOR, anchorFrom, type Row } from './chain-reader.js';

/** A process that is told to stop waits for no longer than this. */
const CONNECT_MS = 2_000;

const MONTHS = `
select distinct to_char(to_date(right(c.relname, 7), 'YYYY_MM'), 'YYYY-MM-DD') as month
from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
where p.relname in ('eligibility_check', 'consent', 'check_answer') and p.relnamespace = 'public'::regnamespace order by 1`;

/** Places of a month in runs without a gap, with the hash before each and its last. */
const RUNS = `
with bounds as (
  select ($1 || ' 00:00:00+09')::timestamptz as begins, (($1::date + interval '1 month')::date || ' 00:00:00+09')::timestamptz as ends
),
places as (
  select writer, n, chain_hash from eligibility_check, bounds where checked_at >= begins and checked_at < ends and writer is not null
  union all
  select writer, n, chain_hash from check_twin, bounds where checked_at >= begins and checked_at < ends
),
numbered as (select *, n - row_number() over (partition by writer order by n) as island from places),
runs as (
  select writer, min(n) as first_n, max(n) as last_n, (array_agg(chain_hash order by n desc))[1] as last_hash from numbered group by writer, island
)
select writer, first_n::float8 as "firstN", last_n::float8 as "lastN", last_hash as "lastHash", coalesce(
    (select encode(c.chain_hash, 'hex') from eligibility_check c where c.writer = r.writer and c.n = first_n - 1 limit 1),
    (select encode(t.chain_hash, 'hex') from check_twin t where t.writer = r.writer and t.n = first_n - 1),
    (select encode(decode(translate(m.last_hash, '-_', '+/') || '=', 'base64'), 'hex') from check_retention_mark m
      where m.kind = 'checks' and m.writer = r.writer and m.last_n = first_n - 1 limit 1)) as previous
from runs r order by writer, first_n`;

const ANCHOR_RUNS = `
select anchored_by as writer, min(seq)::float8 as "firstN", (coalesce(min(seq) filter (where at >= $1), max(seq) + 1) - 1)::float8 as "lastN"
from check_anchor where anchored_by in (select anchored_by from check_anchor where at < $1)
group by 1 having coalesce(min(seq) filter (where at >= $1), max(seq) + 1) > min(seq) order by 1`;

const MARK = `
insert into check_retention_mark (kind, writer, first_n, last_n, previous, last_hash, month, at, key_id, signature)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

/** Removes parts of the record, on a connection of its own: counting a month of a country's checks takes longer than a check may. */
export class StoredRetention implements RetentionStore {
  constructor(private readonly url: string) {}

  months(): Promise<readonly string[]> {
    return this.connected(async (client) => {
      const { rows } = await client.query<{ month: string }>(MONTHS);
      return rows.map(({ month }) => month);
    });
  }

  dropMonth(firstDay: string, sign: (run: Run) => RetentionMark): Promise<{ records: number }> {
    return this.inOne(async (client) => {
      type Found = { writer: string; firstN: number; lastN: number; lastHash: Buffer; previous: string | null };
      const { rows } = await client.query<Found>(RUNS, [firstDay]);
      for (const { lastHash, previous, ...run } of rows)
        await mark(
          client,
          sign({
            ...run,
            kind: 'checks',
            lastHash: lastHash.toString('base64url'),
            // Behind a hole there is nothing to go on from; whoever verifies finds the hole.
            previous: previous === null ? run.writer : Buffer.from(previous, 'hex').toString('base64url'),
            month: firstDay,
          }),
        );
      const dropped = await client.query<{ records: number }>('select drop_check_month($1)::float8 as records', [
        firstDay,
      ]);
      return { records: dropped.rows[0]?.records ?? 0 };
    });
  }

  dropAnchors(before: number, sign: (run: Run) => RetentionMark): Promise<{ anchors: number }> {
    return this.inOne(async (client) => {
      const instant = new Date(before);
      const { rows } = await client.query<{ writer: string; firstN: number; lastN: number }>(ANCHOR_RUNS, [instant]);
      for (const run of rows) {
        const ends = await client.query({
          text: `select ${ANCHOR} from check_anchor where anchored_by = $1 and seq in ($2, $3) order by seq`,
          values: [run.writer, run.firstN, run.lastN],
          rowMode: 'array',
        });
        const [first, last] = [ends.rows[0], ends.rows.at(-1)].map((row) => anchorFrom(row as Row)) as [Anchor, Anchor];
        await mark(
          client,
          sign({
            ...run,
            kind: 'anchors',
            previous: run.firstN === 1 ? firstLink(run.writer) : first.previous,
            lastHash: anchorLink(last),
            month: instant.toISOString().slice(0, 10),
          }),
        );
      }
      const dropped = await client.query<{ anchors: number }>('select drop_check_anchors($1)::float8 as anchors', [
        instant,
      ]);
      return { anchors: dropped.rows[0]?.anchors ?? 0 };
    });
  }

  private inOne<T>(work: (client: Client) => Promise<T>): Promise<T> {
    return this.connected(async (client) => {
      // As of one instant: what is marked is what goes.
      await client.query('begin isolation level repeatable read');
      const done = await work(client);
      await client.query('commit');
      return done;
    });
  }

  private async connected<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({
      connectionString: this.url,
      application_name: 'shikaku-retention',
      connectionTimeoutMillis: CONNECT_MS,
      options: '-c synchronous_commit=on -c transaction_timeout=0 -c statement_timeout=0',
    });
    // What ends meanwhile rejects the query that waits for it.
    client.on('error', () => {});
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
}

const mark = async (client: Client, of: RetentionMark): Promise<void> => {
  const { kind, writer, firstN, lastN, previous, lastHash, month, at, keyId, signature } = of;
  const values = [kind, writer, firstN, lastN, previous, lastHash, month, new Date(at), keyId, signature];
  await client.query(MARK, values);
};
