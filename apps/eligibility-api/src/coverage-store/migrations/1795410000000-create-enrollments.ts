import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Insurers' filings and their way to a registration. No individual number: what the registry finds goes to the vault. */
export class CreateEnrollments1795410000000 implements MigrationInterface {
  name = 'CreateEnrollments1795410000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table enrollment (
        enrollment_id uuid not null,
        insurer_number text not null,
        client_id text not null,
        kind text not null,
        state text not null,
        filed jsonb not null,
        qualification_date date not null,
        received_at timestamptz(3) not null,
        due_on date not null,
        late boolean not null,
        attempts integer not null default 0,
        person_id bigint,
        qualification_id bigint,
        usable_from date,
        reasons jsonb,
        request_key text,
        constraint enrollment_kind check (kind in ('acquisition', 'dependent')),
        constraint enrollment_state check (state in ('received', 'looking-up', 'registered', 'returned', 'needs-review')),
        constraint enrollment_registered check ((state = 'registered') = (usable_from is not null)),
        constraint enrollment_explained check ((state in ('returned', 'needs-review')) = (reasons is not null)),
        constraint enrollment_pk primary key (enrollment_id)
      );
      create unique index enrollment_request_key on enrollment (request_key);
      create index enrollment_insurer_state on enrollment (insurer_number, state, enrollment_id);
      create index enrollment_qualification on enrollment (qualification_id);
      create index enrollment_person on enrollment (person_id);
      create table enrollment_step (
        enrollment_id uuid not null,
        n smallint not null,
        state text not null,
        at timestamptz(3) not null,
        reasons jsonb,
        constraint enrollment_step_pk primary key (enrollment_id, n)
      );
      create table card_registration (
        serial text not null,
        person_id bigint not null,
        channel text not null,
        registered_at timestamptz(3) not null,
        client_id text not null,
        constraint card_registration_channel check (channel in ('reader', 'smartphone', 'atm')),
        constraint card_registration_pk primary key (serial)
      );
      create index card_registration_person on card_registration (person_id);
      alter table enrollment add constraint enrollment_insurer_fk foreign key (insurer_number) references insurer (insurer_number);
      alter table enrollment add constraint enrollment_person_fk foreign key (person_id) references person (person_id) on delete set null;
      alter table enrollment add constraint enrollment_qualification_fk foreign key (qualification_id) references qualification (qualification_id) on delete set null;
      alter table enrollment_step add constraint enrollment_step_enrollment_fk foreign key (enrollment_id) references enrollment (enrollment_id) on delete cascade;
      alter table card_registration add constraint card_registration_person_fk foreign key (person_id) references person (person_id) on delete cascade;
      grant select, insert, update on enrollment to shikaku_office;
      grant select, insert on card_registration to shikaku_office;
      grant select, insert on enrollment_step to shikaku_office
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table card_registration, enrollment_step, enrollment');
  }
}
