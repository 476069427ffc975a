import type { EntityManager } from 'typeorm';

import type { NewFiling } from '../enrollment/filings.js';
import { CONFIRM_CHANGE_JOB, LOOK_UP_JOB } from '../enrollment/look-up-job.js';

/** A filing is never given up: tries come later and later, up to six hours apart, and how old the oldest is can be seen. Of PostgreSQL's smallint. */
const TRIES_MAX = 32_767;

/** $1 filings, $2 task, $3 priority, $4 task of changes: they are of the first day of the coverage they are about. The job's key is the filing's: it is queued once. Those whose key another has are left out. */
const FILE = `
with filed as (
  insert into enrollment (enrollment_id, insurer_number, client_id, kind, state, filed, qualification_date, received_at, due_on, late,
    request_key, number_index)
  select id, insurer, client, filed ->> 'kind', 'received', filed,
    coalesce((filed ->> 'qualificationDate')::date,
      (select q.acquired_on from qualification q where q.insurer_number = insurer and q.qualification_id = (filed ->> 'qualificationId')::bigint)),
    at, due, late, key, decode(number, 'base64')
  from jsonb_to_recordset($1) as r (id uuid, insurer text, client text, filed jsonb, at timestamptz, due date, late boolean, key text, number text)
  on conflict (request_key) do nothing returning enrollment_id, kind, received_at),
step as (insert into enrollment_step (enrollment_id, n, state, at) select enrollment_id, 1, 'received', received_at from filed),
jobs as (
  select array_agg((case when kind in ('change', 'correction') then $4 else $2 end, json_build_object('enrollmentId', enrollment_id::text), null, null, ${TRIES_MAX}, enrollment_id::text, $3::smallint, null)
    ::graphile_worker.job_spec) as specs from filed)
select enrollment_id as id from filed, (select count(queued) from jobs, graphile_worker.add_jobs(jobs.specs) as queued) as queued`;

/**
 * Keeps filings with their first steps and queues their look-ups, in one statement. Of lower `priority` are looked up first.
 *
 * @returns ids of those that are kept: the others have a request key under which something is kept already
 */
export const fileAll = async (
  manager: Pick<EntityManager, 'query'>,
  filings: readonly NewFiling[],
  priority: number,
): Promise<ReadonlySet<string>> => {
  const rows = filings.map((one) => ({
    id: one.enrollmentId,
    insurer: one.insurerNumber,
    client: one.clientId,
    filed: one.filed,
    at: new Date(one.receivedAt),
    due: one.dueOn,
    late: one.late,
    key: one.requestKey,
    number: one.numberIndex?.toString('base64'),
  }));
  const kept = await manager.query<{ id: string }[]>(FILE, [
    JSON.stringify(rows),
    LOOK_UP_JOB,
    priority,
    CONFIRM_CHANGE_JOB,
  ]);
  return new Set(kept.map(({ id }) => id));
};
