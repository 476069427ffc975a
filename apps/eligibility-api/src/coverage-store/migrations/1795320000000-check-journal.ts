import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The record of checks comes from journals: partitioned by month, with its place in a chain, and answers' texts once a month
 * instead of once a check. Checks that are on record already move along.
 */
export class CheckJournal1795320000000 implements MigrationInterface {
  name = 'CheckJournal1795320000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(tables);
    await queryRunner.query(partitions);
    await queryRunner.query(rights);
    await queryRunner.query(moveAlong);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      do $$ begin
        if exists (select from eligibility_check) then
          raise exception 'the record of checks holds answers that the schema before cannot keep';
        end if;
      end $$`);
    await queryRunner.query(`
      drop function make_check_partitions(date);
      drop table check_journal, check_answer, consent, eligibility_check;
      ${before}`);
  }
}

const tables = `
      alter table eligibility_check rename to old_eligibility_check;
      alter table consent rename to old_consent;
      alter index eligibility_check_institution rename to old_eligibility_check_institution;
      alter table old_eligibility_check rename constraint eligibility_check_pk to old_eligibility_check_pk;
      alter table old_consent rename constraint consent_pk to old_consent_pk;
      create table eligibility_check (
        check_id uuid not null,
        checked_at timestamptz(3) not null,
        client_id text not null,
        institution_code text not null,
        operator text,
        purpose text not null,
        service_date date not null,
        subject_hash bytea not null,
        verdict text not null,
        credential_state text not null,
        answer_version text not null,
        degraded text,
        unchanged boolean not null,
        repeats uuid,
        consented smallint not null,
        answer_key bytea,
        spliced text not null,
        digest bytea not null,
        writer text,
        n bigint,
        chain_hash bytea,
        constraint eligibility_check_verdict check (verdict in ('valid', 'invalid', 'invalid-newer-exists', 'not-found', 'multiple', 'valid-unregistered')),
        constraint eligibility_check_purpose check (purpose in ('treatment', 'claim', 'correction')),
        constraint eligibility_check_chain check ((writer is null) = (n is null) and (writer is null) = (chain_hash is null)),
        constraint eligibility_check_pk primary key (check_id, checked_at)
      ) partition by range (checked_at);
      create index eligibility_check_institution on eligibility_check (institution_code, check_id);
      create table check_answer (
        month date not null,
        answer_key bytea not null,
        text bytea not null,
        constraint check_answer_pk primary key (month, answer_key)
      ) partition by range (month);
      create table consent (
        check_id uuid not null,
        kind text not null,
        consented_at timestamptz(3) not null,
        available_until timestamptz(3),
        constraint consent_kind_known check (kind in ('limitApplicationCertificate', 'specificDiseases', 'pharmacists', 'specificHealthCheckups', 'diagnosis', 'operation')),
        constraint consent_pk primary key (check_id, kind, consented_at)
      ) partition by range (consented_at);
      create table check_journal (
        writer text not null,
        n bigint not null,
        chain_hash text not null,
        segment integer not null,
        "offset" bigint not null,
        shipped_at timestamptz(3) not null,
        constraint check_journal_pk primary key (writer)
      )`;

/**
 * A table that is attached, since making a partition directly would wait for whoever reads the record, and everybody for it.
 * With the owner's rights: the counter may make no tables.
 */
const partitions = `
      create function make_check_partitions(of_day date) returns void language plpgsql security definer set search_path = public as $$
      declare
        first_day constant date := date_trunc('month', of_day);
        next_first constant date := first_day + interval '1 month';
        name text;
        is_of_days boolean;
      begin
        if first_day not between date '2015-01-01' and date '2199-12-01' then
          raise exception 'no check is of that month';
        end if;
        perform pg_advisory_xact_lock(hashtext('make_check_partitions'));
        foreach name in array array['eligibility_check', 'consent', 'check_answer'] loop
          continue when to_regclass(format('%s_%s', name, to_char(first_day, 'YYYY_MM'))) is not null;
          is_of_days := name = 'check_answer';
          execute format('create table %1$I (like %2$I including all)', format('%s_%s', name, to_char(first_day, 'YYYY_MM')), name);
          execute format('alter table %2$I attach partition %1$I for values from (%3$L) to (%4$L)',
            format('%s_%s', name, to_char(first_day, 'YYYY_MM')), name,
            first_day || case when is_of_days then '' else ' 00:00:00+09' end,
            next_first || case when is_of_days then '' else ' 00:00:00+09' end);
        end loop;
      end $$`;

const rights = `
      revoke all on eligibility_check, consent, check_answer, check_journal from public;
      revoke all on function make_check_partitions(date) from public;
      grant execute on function make_check_partitions(date) to shikaku_counter;
      grant select, insert on eligibility_check, check_answer to shikaku_counter;
      grant insert on consent to shikaku_counter;
      grant select, insert, update on check_journal to shikaku_counter;
      grant select on eligibility_check, consent, check_answer, check_journal to shikaku_office`;

const moveAlong = `
      select make_check_partitions(day) from (
        select distinct (checked_at at time zone 'Asia/Tokyo')::date as day from old_eligibility_check
        union select distinct (consented_at at time zone 'Asia/Tokyo')::date from old_consent) as days;
      insert into check_answer (month, answer_key, text)
        select distinct date_trunc('month', checked_at at time zone 'Asia/Tokyo')::date, sha256(convert_to(answer, 'UTF8')), convert_to(answer, 'UTF8')
        from old_eligibility_check;
      insert into eligibility_check (check_id, checked_at, client_id, institution_code, operator, purpose, service_date, subject_hash, verdict,
          credential_state, answer_version, degraded, unchanged, repeats, consented, answer_key, spliced, digest)
        select check_id, checked_at, client_id, institution_code, operator, purpose, service_date, subject_hash, verdict,
          credential_state, answer_version, degraded, unchanged, repeats,
          (select coalesce(sum(case kind when 'limitApplicationCertificate' then 1 when 'specificDiseases' then 2 when 'specificHealthCheckups' then 4
             when 'pharmacists' then 8 when 'diagnosis' then 16 when 'operation' then 32 end), 0) from old_consent c where c.check_id = o.check_id),
          sha256(convert_to(answer, 'UTF8')), '{}', sha256(convert_to(answer, 'UTF8'))
        from old_eligibility_check o;
      insert into consent select * from old_consent;
      drop table old_eligibility_check, old_consent`;

/** As the first migration made them. */
const before = `
      create table eligibility_check (
        check_id uuid not null,
        client_id text not null,
        institution_code text not null,
        operator text,
        purpose text not null,
        checked_at timestamptz(3) not null,
        service_date date not null,
        subject_hash bytea not null,
        verdict text not null,
        credential_state text not null,
        answer_version text not null,
        degraded text,
        unchanged boolean not null,
        repeats uuid,
        answer text not null,
        constraint eligibility_check_verdict check (verdict in ('valid', 'invalid', 'invalid-newer-exists', 'not-found', 'multiple', 'valid-unregistered')),
        constraint eligibility_check_purpose check (purpose in ('treatment', 'claim', 'correction')),
        constraint eligibility_check_pk primary key (check_id)
      );
      create index eligibility_check_institution on eligibility_check (institution_code, check_id);
      create table consent (
        check_id uuid not null,
        kind text not null,
        consented_at timestamptz(3) not null,
        available_until timestamptz(3),
        constraint consent_kind_known check (kind in ('limitApplicationCertificate', 'specificDiseases', 'pharmacists', 'specificHealthCheckups', 'diagnosis', 'operation')),
        constraint consent_pk primary key (check_id, kind)
      );
      revoke all on eligibility_check, consent from public;
      grant select on eligibility_check to shikaku_counter;
      grant insert on eligibility_check, consent to shikaku_counter;
      grant select on eligibility_check, consent to shikaku_office`;
