import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people decide about filings that no machine decides: only added to. */
export class ReviewsOfFilings1795420800000 implements MigrationInterface {
  name = 'ReviewsOfFilings1795420800000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table enrollment_review (
        enrollment_id uuid not null,
        n smallint not null,
        reviewer text not null,
        client_id text not null,
        decision text not null,
        person_ref text,
        reason text not null,
        at timestamptz(3) not null,
        constraint enrollment_review_decision check (decision in ('register', 'return')),
        constraint enrollment_review_whole check ((decision = 'register') = (person_ref is not null)),
        constraint enrollment_review_pk primary key (enrollment_id, n)
      );
      alter table enrollment_review add constraint enrollment_review_enrollment_fk foreign key (enrollment_id) references enrollment (enrollment_id) on delete cascade;
      grant select, insert on enrollment_review to shikaku_office
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table enrollment_review');
  }
}
