import type { MigrationInterface, QueryRunner } from 'typeorm';

const PURPOSES = "'notice-last-four', 'registration', 'review', 'correction', 'disclosure'";

/**
 * Imports are forgotten by the office when their time is over, filings that wait for people are found without the others, and a number
 * may be opened to be sealed under another key.
 */
export class WorkOnFilings1795442400000 implements MigrationInterface {
  name = 'WorkOnFilings1795442400000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      grant delete on enrollment_import to shikaku_office;
      create index enrollment_in_review on enrollment (received_at) where state = 'needs-review';
      alter table individual_number_opening drop constraint individual_number_opening_purpose;
      alter table individual_number_opening add constraint individual_number_opening_purpose check (purpose in (${PURPOSES}, 'key-change'))`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table individual_number_opening drop constraint individual_number_opening_purpose;
      alter table individual_number_opening add constraint individual_number_opening_purpose check (purpose in (${PURPOSES})) not valid;
      drop index enrollment_in_review;
      revoke delete on enrollment_import from shikaku_office`);
  }
}
