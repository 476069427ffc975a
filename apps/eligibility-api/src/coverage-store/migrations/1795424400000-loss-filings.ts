import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every loss as it was filed: a correction takes the place of the one before it in `qualification`, and is added here. */
export class LossFilings1795424400000 implements MigrationInterface {
  name = 'LossFilings1795424400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table loss_filing (
        qualification_id bigint not null,
        n smallint not null,
        lost_on date not null,
        reason_of_loss text,
        recorded_at timestamptz(3) not null,
        client_id text,
        constraint loss_filing_reason check (reason_of_loss in ('01', '02', '03', '99')),
        constraint loss_filing_pk primary key (qualification_id, n)
      );
      alter table loss_filing add constraint loss_filing_qualification_fk foreign key (qualification_id) references qualification (qualification_id) on delete cascade;
      grant select, insert on loss_filing to shikaku_office
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table loss_filing');
  }
}
