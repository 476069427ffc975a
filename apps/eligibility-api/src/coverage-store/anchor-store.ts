import type { DataSource } from 'typeorm';

import type { AnchorStore, Head } from '../check-log/anchors.js';
import { RecordUnavailable } from '../check-log/check-log.js';
import type { Anchor } from '../check-log/signed-words.js';

const HEADS_MAX = 1_000;

const UNANCHORED = `
select writer, n::float8 as n, chain_hash as hash from check_journal
where n > anchored_n and (split_part(writer, '-', 2) = $1 or shipped_at < now() - $2 * interval '1 millisecond')
order by shipped_at limit ${HEADS_MAX}`;

const ADD = `
with anchors as (
  select * from json_to_recordset($1::json) as a(anchored_by text, seq bigint, previous text, writer text, n bigint, chain_hash text, at timestamptz,
    final boolean, key_id text, signature text)
),
added as (
  insert into check_anchor (anchored_by, seq, previous, writer, n, chain_hash, at, final, key_id, signature)
  select anchored_by, seq, decode(previous, 'base64'), writer, n, decode(chain_hash, 'base64'), at, final, key_id, decode(signature, 'base64') from anchors
  on conflict do nothing
)
update check_journal j set anchored_n = a.n
from (select writer, max(n) as n from anchors group by writer) as a where a.writer = j.writer and j.anchored_n < a.n`;

const base64 = (base64url: string): string => Buffer.from(base64url, 'base64url').toString('base64');

/** Anchors in PostgreSQL: the counter may add them and read them, and nothing else. */
export class SignedAnchors implements AnchorStore {
  constructor(private readonly dataSource: DataSource) {}

  unanchored(host: string, abandonedMs: number): Promise<readonly Head[]> {
    return this.orUnavailable(this.dataSource.query<Head[]>(UNANCHORED, [host, abandonedMs]));
  }

  async add(anchors: readonly Anchor[]): Promise<void> {
    const rows = anchors.map(({ anchoredBy, previous, hash, at, keyId, signature, ...same }) => ({
      ...same,
      anchored_by: anchoredBy,
      previous: base64(previous),
      chain_hash: base64(hash),
      at: new Date(at).toISOString(),
      key_id: keyId,
      signature: signature.toString('base64'),
    }));
    await this.orUnavailable(this.dataSource.query(ADD, [JSON.stringify(rows)]));
  }

  private async orUnavailable<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw new RecordUnavailable({ cause: error });
    }
  }
}
