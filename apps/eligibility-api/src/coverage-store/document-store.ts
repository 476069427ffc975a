import type { PersonFacts } from '@app/domain';
import type { DataSource } from 'typeorm';

import { DocumentsUnavailable, type DocumentPeople, type DocumentPerson } from '../documents/document-people.js';
import { factsAtInsurer } from './person-sql.js';

/** $1 insurer number, $2 person. Coverage at other insurers is theirs to show. */
const FIND = `
select ${factsAtInsurer('$1')} as person,
       p.registry_person_ref is not null as "foundAtRegistry",
       (select coalesce(json_agg(json_strip_nulls(json_build_object('status', c.status, 'notAfter', c.not_after))
          order by c.serial), '[]') from credential c where c.person_id = p.person_id) as certificates
from person p
where p.person_id = $2::bigint and exists (select from qualification q where q.person_id = p.person_id and q.insurer_number = $1)`;

/** People as their documents show them, in one round trip. */
export class DocumentStore implements DocumentPeople {
  constructor(private readonly dataSource: DataSource) {}

  async find(insurerNumber: string, personId: string): Promise<DocumentPerson | undefined> {
    try {
      const [row] = await this.dataSource.query<
        { person: PersonFacts; foundAtRegistry: boolean; certificates: DocumentPerson['certificates'] }[]
      >(FIND, [insurerNumber, personId]);
      return row;
    } catch (error) {
      throw new DocumentsUnavailable({ cause: error });
    }
  }
}
