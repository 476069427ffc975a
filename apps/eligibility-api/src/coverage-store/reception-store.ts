import type { DataSource } from 'typeorm';

import {
  ReceptionsUnavailable,
  type BulkName,
  type Reception,
  type Receptions,
  type TicketHolder,
} from '../oqs/receptions.js';
import { epoch } from './person-sql.js';

/** Who comes second under a key is told of the first. */
const ADD = `
with added as (
  insert into oqs_reception (reception_number, institution_code, client_id, kind, received_at, batch_id, contents, request_key)
  values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (request_key) do nothing
  returning reception_number, received_at)
select reception_number as "receptionNumber", ${epoch('received_at')} as "receivedAt" from added
union all
select reception_number, ${epoch('received_at')} from oqs_reception where request_key = $8`;

const FIND = `
select reception_number as "receptionNumber", institution_code as "institutionCode", client_id as "clientId", kind,
       ${epoch('received_at')} as "receivedAt", batch_id as "batchId", contents
from oqs_reception where institution_code = $1 and kind = $2 and reception_number = $3`;

const TICKET_HOLDERS = `
select distinct q.insurer_number as "insurerNumber", q.insured_identification_number as "insuredIdentificationNumber", p.birthdate::text as birthdate
from medical_ticket t join qualification q using (qualification_id) join person p using (person_id)
where t.designated_medical_institution_code = $1 and t.treatment_month = $2
order by 1, 2, 3`;

const FORGET = 'delete from oqs_reception where received_at < $1';

interface ReceptionRow extends Omit<Reception, 'receivedAt' | 'batchId'> {
  readonly receivedAt: string;
  readonly batchId: string | null;
}

/** Receptions in PostgreSQL. */
export class ReceptionStore implements Receptions {
  constructor(private readonly dataSource: DataSource) {}

  async add(reception: Reception, requestKey: string): Promise<Pick<Reception, 'receptionNumber' | 'receivedAt'>> {
    const { receptionNumber, institutionCode, clientId, kind, receivedAt, batchId, contents } = reception;
    const rows = await this.query<{ receptionNumber: string; receivedAt: string }>(ADD, [
      receptionNumber,
      institutionCode,
      clientId,
      kind,
      new Date(receivedAt),
      batchId ?? null,
      contents,
      requestKey,
    ]);
    const [row] = rows;
    // Deleted between the two halves of the statement; the next attempt adds it.
    if (row === undefined) throw new ReceptionsUnavailable();
    return { receptionNumber: row.receptionNumber, receivedAt: Number(row.receivedAt) };
  }

  async find(institutionCode: string, kind: BulkName, receptionNumber: string): Promise<Reception | undefined> {
    const [row] = await this.query<ReceptionRow>(FIND, [institutionCode, kind, receptionNumber]);
    if (row === undefined) return undefined;
    const { batchId, receivedAt, ...rest } = row;
    return { ...rest, receivedAt: Number(receivedAt), ...(batchId === null ? {} : { batchId }) };
  }

  ticketHolders(institutionCode: string, month: string): Promise<readonly TicketHolder[]> {
    return this.query<TicketHolder>(TICKET_HOLDERS, [institutionCode, month]);
  }

  async forget(before: number): Promise<void> {
    await this.query(FORGET, [new Date(before)]);
  }

  private async query<T>(sql: string, parameters: unknown[]): Promise<T[]> {
    try {
      return await this.dataSource.query<T[]>(sql, parameters);
    } catch (error) {
      throw new ReceptionsUnavailable({ cause: error });
    }
  }
}
