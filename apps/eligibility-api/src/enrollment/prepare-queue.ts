import { runMigrations } from 'graphile-worker';
import type { DataSource } from 'typeorm';

/** The tables of the queue; their rows are guarded, so that a role needs a policy beside its rights. */
const TABLES = ['_private_jobs', '_private_job_queues', '_private_tasks', '_private_known_crontabs'] as const;

/**
 * Brings the work queue's own schema up to date, and lets the office work on it: the owner migrates, the office may not. Idempotent.
 */
export const prepareQueue = async (databaseUrl: string, dataSource: DataSource): Promise<void> => {
  await runMigrations({ connectionString: databaseUrl });
  await dataSource.query(`
    grant usage on schema graphile_worker to shikaku_office;
    grant select, insert, update, delete on all tables in schema graphile_worker to shikaku_office;
    grant usage on all sequences in schema graphile_worker to shikaku_office;
    grant execute on all functions in schema graphile_worker to shikaku_office`);
  for (const table of TABLES)
    await dataSource.query(`
      do $$ begin
        if not exists (select from pg_policies where schemaname = 'graphile_worker' and tablename = '${table}' and policyname = 'office') then
          create policy office on graphile_worker.${table} to shikaku_office using (true) with check (true);
        end if;
      end $$`);
};
