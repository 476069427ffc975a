import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Files of filings, and what became of their rows. A file is kept outside the row and as it is, so that a slice of it is read without the
 * rest; it goes when its last row has been worked on.
 */
export class EnrollmentImports1795435200000 implements MigrationInterface {
  name = 'EnrollmentImports1795435200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table enrollment_import (
        import_id uuid not null,
        insurer_number text not null,
        client_id text not null,
        state text not null,
        encoding text not null,
        received_at timestamptz(3) not null,
        columns text[] not null,
        bytes bytea,
        size integer not null,
        next_byte integer not null,
        next_line integer not null,
        filed integer not null default 0,
        refused integer not null default 0,
        ended_at timestamptz(3),
        request_key text,
        request_hash text,
        constraint enrollment_import_state check (state in ('queued', 'running', 'finished')),
        constraint enrollment_import_encoding check (encoding in ('utf-8', 'shift_jis')),
        constraint enrollment_import_ended check ((state = 'finished') = (ended_at is not null)),
        constraint enrollment_import_erased check ((state = 'finished') = (bytes is null)),
        constraint enrollment_import_pk primary key (import_id)
      );
      alter table enrollment_import alter column bytes set storage external;
      create unique index enrollment_import_request_key on enrollment_import (request_key);
      create table enrollment_import_part (
        import_id uuid not null,
        first integer not null,
        size integer not null,
        outcomes text not null,
        constraint enrollment_import_part_pk primary key (import_id, first)
      );
      alter table enrollment_import add constraint enrollment_import_insurer_fk foreign key (insurer_number) references insurer (insurer_number);
      alter table enrollment_import_part add constraint enrollment_import_part_import_fk foreign key (import_id) references enrollment_import (import_id) on delete cascade;
      grant select, insert, update on enrollment_import to shikaku_office;
      grant select, insert on enrollment_import_part to shikaku_office
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table enrollment_import_part, enrollment_import');
  }
}
