import type { DataSource } from 'typeorm';

import {
  DocumentsUnavailable,
  type DocumentPeople,
  type DocumentPerson,
  type ExpiringAsked,
  type ExpiringPerson,
} from '../documents/document-people.js';
import { factsAtInsurer } from './person-sql.js';

/** $1 insurer number, $2 person. Coverage at other insurers is theirs to show. */
const FIND = `
select ${factsAtInsurer('$1')} as person,
       p.registry_person_ref is not null as "foundAtRegistry",
       (select coalesce(json_agg(json_strip_nulls(json_build_object('status', c.status, 'notAfter', c.not_after))
          order by c.serial), '[]') from credential c where c.person_id = p.person_id) as certificates
from person p
where p.person_id = $2::bigint and exists (select from qualification q where q.person_id = p.person_id and q.insurer_number = $1)`;

/** $1 insurer number, $2 a day, $3 and $4 days, $5 the person before, $6 how many. A phone's certificate is one of theirs too: the newest counts. */
const EXPIRING = `
select ${factsAtInsurer('$1')} as person, newest.not_after::text as "expiresOn",
       (select coalesce(json_agg(c.not_before order by c.not_before) filter (where c.not_before is not null), '[]')
        from credential c where c.person_id = p.person_id) as "issuedOn"
from person p
join lateral (
  select max(c.not_after) as not_after from credential c where c.person_id = p.person_id and c.status in ('good', 'expired')
) newest on newest.not_after between $3 and $4
where p.person_id > $5::bigint and exists (
  select from qualification q
  where q.person_id = p.person_id and q.insurer_number = $1 and q.acquired_on <= $2 and (q.lost_on is null or q.lost_on > $2))
order by p.person_id limit $6`;

/** People as their documents show them, in one round trip. */
export class DocumentStore implements DocumentPeople {
  constructor(private readonly dataSource: DataSource) {}

  async find(insurerNumber: string, personId: string): Promise<DocumentPerson | undefined> {
    const [row] = await this.ask<DocumentPerson>(FIND, [insurerNumber, personId]);
    return row;
  }

  expiring(
    insurerNumber: string,
    { insuredOn, from, to, after, limit }: ExpiringAsked,
  ): Promise<readonly ExpiringPerson[]> {
    return this.ask<ExpiringPerson>(EXPIRING, [insurerNumber, insuredOn, from, to, after, limit]);
  }

  private async ask<T>(sql: string, parameters: readonly unknown[]): Promise<T[]> {
    try {
      return await this.dataSource.query<T[]>(sql, [...parameters]);
    } catch (error) {
      throw new DocumentsUnavailable({ cause: error });
    }
  }
}
