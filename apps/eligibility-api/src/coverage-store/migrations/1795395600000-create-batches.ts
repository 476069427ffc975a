import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Batches and their parts. The counter alone works with them; they are no record, so it may delete them. */
export class CreateBatches1795395600000 implements MigrationInterface {
  name = 'CreateBatches1795395600000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table eligibility_batch (
        batch_id uuid not null,
        client_id text not null,
        institution_code text not null,
        operator text,
        purpose text not null,
        service_date date not null,
        submitted_at timestamptz(3) not null,
        state text not null,
        total integer not null,
        ended_at timestamptz(3),
        lease_owner uuid,
        lease_until timestamptz(3),
        takes smallint not null default 0,
        request_key text,
        request_hash text,
        constraint eligibility_batch_key_whole check (request_key is null or request_hash is not null),
        constraint eligibility_batch_ended check ((state in ('queued', 'running')) = (ended_at is null)),
        constraint eligibility_batch_total check (total > 0),
        constraint eligibility_batch_purpose check (purpose in ('treatment', 'claim', 'correction')),
        constraint eligibility_batch_state check (state in ('queued', 'running', 'finished', 'cancelled', 'failed')),
        constraint eligibility_batch_pk primary key (batch_id)
      );
      create unique index eligibility_batch_request_key on eligibility_batch (request_key);
      create index eligibility_batch_unfinished on eligibility_batch (submitted_at) where state in ('queued', 'running');
      create index eligibility_batch_ended_at on eligibility_batch (ended_at);
      create table eligibility_batch_part (
        batch_id uuid not null,
        first integer not null,
        size smallint not null,
        people bytea,
        results bytea,
        answered smallint not null default 0,
        unavailable smallint not null default 0,
        refused smallint not null default 0,
        constraint eligibility_batch_part_size check (size > 0 and first >= 0),
        constraint eligibility_batch_part_either check (people is null or results is null),
        constraint eligibility_batch_part_pk primary key (batch_id, first)
      );
      alter table eligibility_batch_part add constraint eligibility_batch_part_batch_fk
        foreign key (batch_id) references eligibility_batch (batch_id) on delete cascade;
      -- Sealed bytes do not get smaller by another attempt to compress them.
      alter table eligibility_batch_part alter column people set storage external, alter column results set storage external;
      grant select, insert, update, delete on eligibility_batch, eligibility_batch_part to shikaku_counter`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table eligibility_batch_part, eligibility_batch');
  }
}
