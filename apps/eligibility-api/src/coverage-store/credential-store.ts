import type { DataSource } from 'typeorm';

/** A certificate's status as the registry named it. Dates are `YYYY-MM-DD`. */
export interface NamedCertificate {
  readonly serial: string;
  readonly status: 'good' | 'expired' | 'revoked' | 'superseded';
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly revokedOn?: string;
  readonly supersededBy?: string;
  readonly supersedes?: string;
}

/** How far the feed has been read, and when it was last read to its end (epoch milliseconds). */
export interface FeedPosition {
  readonly generation: string;
  readonly position: number;
  readonly confirmedAt: number;
}

/**
 * How the registry named certificates: one by one as they changed, or all of them as they are. Changes that were read before may be read
 * again, a page at a time, when the place in the feed was not saved; until the last page is there, an earlier one tells of a past in
 * which a certificate that is over now was good.
 */
export type Telling = 'changes' | 'population';

/** $3 telling. What is over does not begin again, and what was revoked was not merely superseded. */
const IS_BACK = `$3 = 'changes' and (c.status = 'revoked' and n.status <> 'revoked' or c.status = 'superseded' and n.status not in ('superseded', 'revoked'))`;

/** $1 certificates as JSON, $2 when they were named. Rows that already say so are left alone, or everybody would be read and written anew. */
const UPDATE = `
update credential c set status = n.status, not_before = coalesce(n."notBefore", c.not_before), not_after = coalesce(n."notAfter", c.not_after),
       revoked_on = n."revokedOn", superseded_by = n."supersededBy", verified_at = $2
from json_to_recordset($1::json) as n(serial text, status text, "notBefore" date, "notAfter" date, "revokedOn" date, "supersededBy" text)
where c.serial = n.serial
  and (c.status, c.not_after, c.revoked_on, c.superseded_by)
      is distinct from (n.status, coalesce(n."notAfter", c.not_after), n."revokedOn", n."supersededBy")
  and not (${IS_BACK})`;

/** $1, $2 as above: certificates that took the place of one we know belong to the same person. */
const LINK_RENEWED = `
insert into credential (serial, person_id, status, not_before, not_after, revoked_on, superseded_by, verified_at)
select n.serial, old.person_id, n.status, n."notBefore", n."notAfter", n."revokedOn", n."supersededBy", $2
from json_to_recordset($1::json) as n(serial text, status text, "notBefore" date, "notAfter" date, "revokedOn" date, "supersededBy" text, supersedes text)
join credential old on old.serial = n.supersedes
on conflict (serial) do nothing
returning serial`;

const SAVE_POSITION = `
insert into registry_feed (id, generation, position, confirmed_at) values (1, $1, $2, $3)
on conflict (id) do update set generation = excluded.generation, position = excluded.position, confirmed_at = excluded.confirmed_at
where registry_feed.generation <> excluded.generation or registry_feed.position <= excluded.position`;

/** Keeps the status of certificates as the registry's feed tells it. Every call is safe to repeat. */
export class CredentialStore {
  constructor(private readonly dataSource: DataSource) {}

  async position(): Promise<FeedPosition | undefined> {
    const [row] = await this.dataSource.query<{ generation: string; position: string; confirmed: string }[]>(
      'select generation, position, (extract(epoch from confirmed_at) * 1000)::bigint as confirmed from registry_feed where id = 1',
    );
    return row === undefined
      ? undefined
      : { generation: row.generation, position: Number(row.position), confirmedAt: Number(row.confirmed) };
  }

  /** Certificates of people we do not know are passed over. */
  async name(certificates: readonly NamedCertificate[], namedAt: number, telling: Telling): Promise<void> {
    if (certificates.length === 0) return;
    const parameters = [JSON.stringify(certificates), new Date(namedAt)];
    await this.dataSource.transaction(async (manager) => {
      // A card renewed twice since we last looked is a chain: each round links the next certificate of it.
      while ((await manager.query<unknown[]>(LINK_RENEWED, parameters)).length > 0);
      await manager.query(UPDATE, [...parameters, telling]);
    });
  }

  async savePosition({ generation, position, confirmedAt }: FeedPosition): Promise<void> {
    await this.dataSource.query(SAVE_POSITION, [generation, position, new Date(confirmedAt)]);
  }
}
