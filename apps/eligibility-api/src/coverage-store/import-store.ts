import type { DataSource, EntityManager } from 'typeorm';

import { FilingsUnavailable } from '../enrollment/filings.js';
import type { ImportColumn } from '../enrollment/import-columns.js';
import { IMPORT_JOB } from '../enrollment/import-job.js';
import type {
  DoneRows,
  Import,
  ImportAccepted,
  Imports,
  NewImport,
  NextRows,
  OutcomesPart,
} from '../enrollment/imports.js';
import { fileAll } from './file-filings.js';

const KEY_KEPT_MS = 24 * 3_600_000;
/** Filings that come by themselves are looked up before those of imports, of which there may be tens of thousands. */
const LOOK_UP_PRIORITY = 10;

const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

const FIND = `
select import_id as "importId", insurer_number as "insurerNumber", state, encoding, ${epoch('received_at')} as "receivedAt",
       ${epoch('ended_at')} as "endedAt", filed, refused
from enrollment_import`;

const ACCEPT = `
with kept as (
  insert into enrollment_import (import_id, insurer_number, client_id, state, encoding, received_at, columns, bytes, size, next_byte, next_line,
    request_key, request_hash)
  values ($1, $2, $3, 'queued', $4, $5, $6, $7, $8, $9, $10, $11, $12) returning import_id)
select graphile_worker.add_job($13, json_build_object('importId', $1::text), job_key := $1::text) from kept`;

/** Locked, so that whoever else works on it waits, and finds what is next behind this. */
const NEXT = `
select client_id as "clientId", insurer_number as "insurerNumber", encoding, ${epoch('received_at')} as "receivedAt", columns, size,
       next_byte as "nextByte", next_line as line, filed + refused as rows, substring(bytes from next_byte + 1 for $2) as bytes
from enrollment_import where import_id = $1 and state in ('queued', 'running') for update`;

/** An import has a row of outcomes for each hundred of the file's: few imports are a transaction. */
const FORGOTTEN_AT_ONCE = 10;

const FORGET = `
delete from enrollment_import where import_id in (
  select import_id from enrollment_import where state = 'finished' and ended_at < $1 order by ended_at limit $2)`;

const WENT_ON = `
update enrollment_import set next_byte = next_byte + $2, next_line = next_line + $3, filed = filed + $4, refused = refused + $5,
  state = case when $6::timestamptz is null then 'running' else 'finished' end, ended_at = $6, bytes = case when $6::timestamptz is null then bytes end
where import_id = $1`;

interface ImportRecord {
  readonly importId: string;
  readonly insurerNumber: string;
  readonly state: Import['state'];
  readonly encoding: Import['encoding'];
  readonly receivedAt: string;
  readonly endedAt: string | null;
  readonly filed: number;
  readonly refused: number;
}

interface NextRecord {
  readonly clientId: string;
  readonly insurerNumber: string;
  readonly encoding: Import['encoding'];
  readonly receivedAt: string;
  readonly columns: readonly ImportColumn[];
  readonly size: number;
  readonly nextByte: number;
  readonly line: number;
  readonly rows: number;
  readonly bytes: Buffer;
}

const importOf = ({
  importId,
  insurerNumber,
  state,
  encoding,
  receivedAt,
  endedAt,
  filed,
  refused,
}: ImportRecord): Import => ({
  importId,
  insurerNumber,
  state,
  encoding,
  receivedAt: Number(receivedAt),
  ...(endedAt === null ? {} : { endedAt: Number(endedAt) }),
  counts: { rows: filed + refused, filed, refused },
});

/** Imports in PostgreSQL. */
export class ImportStore implements Imports {
  constructor(private readonly dataSource: DataSource) {}

  accept(file: NewImport): Promise<ImportAccepted> {
    return this.orUnavailable(() =>
      this.dataSource.transaction(async (manager): Promise<ImportAccepted> => {
        const before = await this.before(manager, file);
        if (before !== undefined) return before;
        await manager.query(ACCEPT, [
          file.importId,
          file.insurerNumber,
          file.clientId,
          file.encoding,
          new Date(file.receivedAt),
          file.columns,
          file.bytes,
          file.bytes.length,
          file.firstByte,
          file.firstLine,
          file.request?.key ?? null,
          file.request?.hash ?? null,
          IMPORT_JOB,
        ]);
        return { kind: 'accepted' };
      }),
    );
  }

  /** What was accepted under this key before. */
  private async before(
    manager: EntityManager,
    { request, receivedAt }: NewImport,
  ): Promise<ImportAccepted | undefined> {
    if (request === undefined) return undefined;
    await manager.query(`select pg_advisory_xact_lock(hashtextextended('import ' || $1, 0))`, [request.key]);
    const [known] = await manager.query<(ImportRecord & { isSame: boolean })[]>(
      `select i.*, request_hash = $3 as "isSame" from (${FIND}) i join enrollment_import on import_id = "importId"
       where request_key = $1 and received_at > $2`,
      [request.key, new Date(receivedAt - KEY_KEPT_MS), request.hash],
    );
    if (known !== undefined)
      return known.isSame ? { kind: 'repeated', import: importOf(known) } : { kind: 'key-reused' };
    await manager.query('update enrollment_import set request_key = null where request_key = $1', [request.key]);
    return undefined;
  }

  find(insurerNumber: string, importId: string): Promise<Import | undefined> {
    return this.orUnavailable(async () => {
      const [row] = await this.dataSource.query<ImportRecord[]>(
        `${FIND} where insurer_number = $1 and import_id = $2`,
        [insurerNumber, importId],
      );
      return row === undefined ? undefined : importOf(row);
    });
  }

  outcomes(importId: string, row: number): Promise<OutcomesPart | undefined> {
    return this.orUnavailable(async () => {
      const [part] = await this.dataSource.query<OutcomesPart[]>(
        `select first, size, outcomes from enrollment_import_part where import_id = $1 and first <= $2 order by first desc limit 1`,
        [importId, row],
      );
      return part !== undefined && row < part.first + part.size ? part : undefined;
    });
  }

  async next(
    importId: string,
    bytesMax: number,
    work: (next: NextRows) => DoneRows | undefined,
    now: () => number,
  ): Promise<'goes-on' | 'needs-more' | 'ended'> {
    // What the work itself throws is no fault of the store's.
    const failed: { error?: unknown } = {};
    return this.orUnavailable(
      () =>
        this.dataSource.transaction(async (manager) => {
          const [row] = await manager.query<NextRecord[]>(NEXT, [importId, bytesMax]);
          if (row === undefined) return 'ended';
          const { clientId, insurerNumber, encoding, columns, line, bytes } = row;
          const receivedAt = Number(row.receivedAt);
          const isAll = row.nextByte + bytes.length >= row.size;
          let done: DoneRows | undefined;
          try {
            done = work({ importId, clientId, insurerNumber, encoding, receivedAt, columns, bytes, isAll, line });
          } catch (error) {
            failed.error = error;
            throw error;
          }
          if (done === undefined) return 'needs-more';
          const { counts, filings, outcomes } = done;
          if (filings.length > 0) await fileAll(manager, filings, LOOK_UP_PRIORITY);
          if (counts.rows > 0)
            await manager.query(
              'insert into enrollment_import_part (import_id, first, size, outcomes) values ($1, $2, $3, $4)',
              [importId, row.rows, counts.rows, outcomes],
            );
          const isEnd = row.nextByte + done.bytes >= row.size;
          await manager.query(WENT_ON, [
            importId,
            done.bytes,
            done.lines,
            counts.filed,
            counts.refused,
            isEnd ? new Date(now()) : null,
          ]);
          return isEnd ? 'ended' : 'goes-on';
        }),
      failed,
    );
  }

  async forget(endedBefore: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) return;
      const gone = await this.orUnavailable(() =>
        this.dataSource.query<[unknown[], number]>(FORGET, [new Date(endedBefore), FORGOTTEN_AT_ONCE]),
      );
      if (gone[1] < FORGOTTEN_AT_ONCE) return;
    }
  }

  private async orUnavailable<T>(work: () => Promise<T>, failed: { readonly error?: unknown } = {}): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error === failed.error) throw error;
      throw new FilingsUnavailable({ cause: error });
    }
  }
}
