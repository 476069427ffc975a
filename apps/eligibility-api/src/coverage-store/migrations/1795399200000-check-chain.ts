import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The record of checks is provable: found by its place in a chain, anchored, and gone only by retention, which leaves signed
 * marks. Only adds: a version before this one runs on it unchanged.
 */
export class CheckChain1795399200000 implements MigrationInterface {
  name = 'CheckChain1795399200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(tables);
    await queryRunner.query(dropMonth);
    await queryRunner.query(dropAnchors);
    await queryRunner.query(rights);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop function drop_check_anchors(timestamptz);
      drop function drop_check_month(date);
      drop table check_log_policy, check_retention_mark, check_anchor, check_twin;
      drop index check_journal_unanchored;
      alter table check_journal drop column anchored_n;
      drop index eligibility_check_writer_n`);
  }
}

const tables = `
      create index eligibility_check_writer_n on eligibility_check (writer, n);
      alter table check_journal add column anchored_n bigint not null default 0;
      create index check_journal_unanchored on check_journal (shipped_at) where n > anchored_n;
      create table check_twin (
        writer text not null,
        n bigint not null,
        chain_hash bytea not null,
        check_id uuid not null,
        checked_at timestamptz(3) not null,
        constraint check_twin_pk primary key (writer, n)
      );
      create index check_twin_checked_at on check_twin (checked_at);
      create table check_anchor (
        anchored_by text not null,
        seq bigint not null,
        previous bytea not null,
        writer text not null,
        n bigint not null,
        chain_hash bytea not null,
        at timestamptz(3) not null,
        final boolean not null,
        key_id text not null,
        signature bytea not null,
        constraint check_anchor_pk primary key (anchored_by, seq)
      );
      create index check_anchor_writer_n on check_anchor (writer, n);
      create index check_anchor_at on check_anchor (at);
      create table check_retention_mark (
        kind text not null,
        writer text not null,
        first_n bigint not null,
        last_n bigint not null,
        previous text not null,
        last_hash text not null,
        month date not null,
        at timestamptz(3) not null,
        key_id text not null,
        signature bytea not null,
        constraint check_retention_mark_kind check (kind in ('checks', 'anchors')),
        constraint check_retention_mark_order check (last_n >= first_n),
        constraint check_retention_mark_pk primary key (kind, writer, first_n)
      );
      create table check_log_policy (
        id smallint not null,
        chained_since timestamptz(3) not null,
        keep_at_least interval not null,
        constraint check_log_policy_one_row check (id = 1),
        constraint check_log_policy_pk primary key (id)
      );
      insert into check_log_policy values (1, now(), '5 years')`;

/**
 * With the owner's rights, since nobody else may remove a record: a month at a time, none that is younger than the owner wants,
 * and only together with marks, written in the same transaction, for every place in a chain that goes with it.
 */
const dropMonth = `
      create function drop_check_month(of_month date) returns bigint language plpgsql security definer set search_path = public as $$
      declare
        first_day constant date := date_trunc('month', of_month);
        next_first constant date := first_day + interval '1 month';
        begins constant timestamptz := (first_day || ' 00:00:00+09')::timestamptz;
        ends constant timestamptz := (next_first || ' 00:00:00+09')::timestamptz;
        suffix constant text := to_char(first_day, 'YYYY_MM');
        places bigint;
        marked bigint;
        name text;
      begin
        if ends > now() - (select keep_at_least from check_log_policy) then
          raise exception 'checks of % must be kept for longer', to_char(first_day, 'YYYY-MM') using errcode = 'restrict_violation';
        end if;
        perform pg_advisory_xact_lock(hashtext('make_check_partitions'));
        -- Whoever reads the record is not kept waiting behind us; there is another day.
        perform set_config('lock_timeout', '2s', true);
        if to_regclass('eligibility_check_' || suffix) is not null then
          execute format('lock table %I in access exclusive mode', 'eligibility_check_' || suffix);
        end if;
        select (select count(*) from eligibility_check where checked_at >= begins and checked_at < ends and writer is not null)
          + (select count(*) from check_twin where checked_at >= begins and checked_at < ends) into places;
        select coalesce(sum(last_n - first_n + 1), 0) into marked from check_retention_mark m
          where kind = 'checks' and month = first_day and m.xmin = pg_current_xact_id()::xid;
        if places <> marked then
          raise exception '% places in chains, % of them marked', places, marked using errcode = 'restrict_violation';
        end if;
        foreach name in array array['eligibility_check', 'consent', 'check_answer'] loop
          execute format('drop table if exists %I', name || '_' || suffix);
        end loop;
        delete from check_twin where checked_at >= begins and checked_at < ends;
        return places;
      end $$`;

/** The beginning of chains of anchors, up to the first that is younger; marked in the same way. */
const dropAnchors = `
      create function drop_check_anchors(before timestamptz) returns bigint language plpgsql security definer set search_path = public as $$
      declare
        gone bigint;
        marked bigint;
      begin
        if before > now() - (select keep_at_least from check_log_policy) then
          raise exception 'anchors since % must be kept for longer', before using errcode = 'restrict_violation';
        end if;
        delete from check_anchor a using (
            select anchored_by, coalesce(min(seq) filter (where at >= before), max(seq) + 1) as kept from check_anchor
            where anchored_by in (select anchored_by from check_anchor where at < before) group by anchored_by) as k
          where a.anchored_by = k.anchored_by and a.seq < k.kept;
        get diagnostics gone = row_count;
        select coalesce(sum(last_n - first_n + 1), 0) into marked from check_retention_mark m
          where kind = 'anchors' and m.xmin = pg_current_xact_id()::xid;
        if gone <> marked then
          raise exception '% anchors, % of them marked', gone, marked using errcode = 'restrict_violation';
        end if;
        return gone;
      end $$`;

const rights = `
      revoke all on check_twin, check_anchor, check_retention_mark, check_log_policy from public;
      revoke all on function drop_check_month(date), drop_check_anchors(timestamptz) from public;
      grant execute on function drop_check_month(date), drop_check_anchors(timestamptz) to shikaku_counter;
      grant select, insert on check_twin, check_anchor, check_retention_mark to shikaku_counter;
      grant select on check_log_policy to shikaku_counter;
      grant select on check_twin, check_anchor, check_retention_mark, check_log_policy to shikaku_office`;
