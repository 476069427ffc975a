import type { DataSource } from 'typeorm';

import {
  RecordUnavailable,
  type CheckListing,
  type CheckLog,
  type CheckRecord,
  type ListedCheck,
  type PastChecksReader,
} from '../check-log/check-log.js';

/** Medical information may be viewed for 24 hours after consent; the other consents are for this check. */
const VIEWING_MS = 24 * 3_600_000;
const VIEWING: ReadonlySet<string> = new Set(['pharmacists', 'specificHealthCheckups', 'diagnosis', 'operation']);

const RECORD = `
with recorded as (
  insert into eligibility_check (check_id, client_id, institution_code, operator, purpose, checked_at, service_date, subject_hash,
    verdict, credential_state, answer_version, degraded, unchanged, repeats, answer)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
)
insert into consent (check_id, kind, consented_at, available_until)
select $1, kind, $6, until from unnest($16::text[], $17::timestamptz[]) as c(kind, until)`;

const LIST = `
select check_id as "checkId", (extract(epoch from checked_at) * 1000)::bigint as "checkedAt", service_date::text as "serviceDate", verdict,
       credential_state as "credentialState", degraded is not null as degraded, unchanged, repeats, operator, purpose
from eligibility_check
where institution_code = $1 and checked_at >= $2 and checked_at < $3 and ($4::uuid is null or check_id < $4::uuid)
order by check_id desc limit $5`;

/** The record of checks in PostgreSQL, written before the reply leaves. */
export class CheckStore implements CheckLog, PastChecksReader {
  constructor(private readonly dataSource: DataSource) {}

  async record(check: CheckRecord): Promise<void> {
    const checkedAt = new Date(check.checkedAt);
    const until = check.consented.map((kind) => (VIEWING.has(kind) ? new Date(check.checkedAt + VIEWING_MS) : null));
    await this.orUnavailable(() =>
      this.dataSource.query(RECORD, [
        check.checkId,
        check.clientId,
        check.institutionCode,
        check.operator ?? null,
        check.purpose,
        checkedAt,
        check.serviceDate,
        check.subjectHash,
        check.verdict,
        check.credentialState,
        check.answerVersion,
        check.degraded ?? null,
        check.unchanged,
        check.repeats ?? null,
        check.answer,
        check.consented,
        until,
      ]),
    );
  }

  async answer(institutionCode: string, checkId: string): Promise<string | undefined> {
    const [row] = await this.orUnavailable(() =>
      this.dataSource.query<{ answer: string }[]>(
        'select answer from eligibility_check where check_id = $1 and institution_code = $2',
        [checkId, institutionCode],
      ),
    );
    return row?.answer;
  }

  async list({ institutionCode, from, until, before, limit }: CheckListing): Promise<readonly ListedCheck[]> {
    type Row = Omit<ListedCheck, 'checkedAt' | 'repeats' | 'operator'> & {
      checkedAt: string;
      repeats: string | null;
      operator: string | null;
    };
    const rows = await this.orUnavailable(() =>
      this.dataSource.query<Row[]>(LIST, [institutionCode, new Date(from), new Date(until), before ?? null, limit]),
    );
    return rows.map(({ checkedAt, repeats, operator, ...row }) => ({
      ...row,
      checkedAt: Number(checkedAt),
      ...(repeats === null ? {} : { repeats }),
      ...(operator === null ? {} : { operator }),
    }));
  }

  private async orUnavailable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new RecordUnavailable({ cause: error });
    }
  }
}
