import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows of the outbox are kept this long; a replica that was away for longer is loaded anew. */
const KEPT_FOR = '7 days';

/** A pruning is one short transaction: the watermark waits for it like for any other. */
const ROWS_PER_PRUNING = 20_000;

/** Emptying a table (only its owner can) fires no row triggers, and no list of people says what is gone. */
const emptied = [
  'person',
  'credential',
  'qualification',
  'reference_number',
  'income_assessment',
  'copay_certificate',
  'limit_certificate',
  'specific_disease_certificate',
  'medical_ticket',
] as const;

/**
 * The outbox has an end. Its rows know when they were written, old ones are pruned by a function that the counter may call
 * and nothing else of, and how far they were pruned stands beside them, so that a replica which slept too long notices.
 */
export class OutboxHorizon1795392000000 implements MigrationInterface {
  name = 'OutboxHorizon1795392000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`alter table fact_change add column noted_at timestamptz(0) not null default now()`);
    await queryRunner.query(`
      create table outbox (
        id smallint not null,
        pruned_through bigint not null,
        constraint outbox_one_row check (id = 1),
        constraint outbox_pk primary key (id)
      );
      insert into outbox (id, pruned_through) values (1, 0);
      grant select on outbox to shikaku_counter, shikaku_office`);
    await queryRunner.query(`
      create function prune_outbox() returns bigint language plpgsql security definer set search_path = public as $$
      declare through bigint; pruned bigint;
      begin
        -- One at a time; who comes second has nothing to do.
        if not pg_try_advisory_xact_lock(hashtext('prune_outbox')) then return 0; end if;
        with oldest as (select change_id, noted_at from fact_change order by change_id limit ${ROWS_PER_PRUNING}),
             gone as (delete from fact_change f using oldest o
                      where f.change_id = o.change_id and o.noted_at < now() - interval '${KEPT_FOR}' returning f.transaction_id)
        select max(transaction_id), count(*) into through, pruned from gone;
        -- A number that no transaction has borne yet is that of a server this database was restored from.
        insert into outbox (id, pruned_through) select 1, through where through is not null
          on conflict (id) do update set pruned_through =
            case when outbox.pruned_through >= pg_current_xact_id()::text::bigint then excluded.pruned_through
                 else greatest(outbox.pruned_through, excluded.pruned_through) end;
        return pruned;
      end $$;
      revoke all on function prune_outbox() from public;
      grant execute on function prune_outbox() to shikaku_counter`);
    await queryRunner.query(`
      create function note_everybody() returns trigger language plpgsql security definer set search_path = public as $$
      begin
        insert into fact_change (transaction_id, person_id) values (pg_current_xact_id()::text::bigint, 0);
        notify fact_change;
        return null;
      end $$`);
    for (const table of emptied)
      await queryRunner.query(
        `create trigger note_truncate after truncate on ${table} for each statement execute function note_everybody()`,
      );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of emptied) await queryRunner.query(`drop trigger note_truncate on ${table}`);
    await queryRunner.query(`
      drop function note_everybody(), prune_outbox();
      drop table outbox;
      alter table fact_change drop column noted_at`);
  }
}
