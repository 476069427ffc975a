import type { MigrationInterface, QueryRunner } from 'typeorm';

/** 照会番号 are registered at the counter, by the institution they belong to: when and by which client stands beside them. */
export class RegisteredReferenceNumbers1795453200000 implements MigrationInterface {
  name = 'RegisteredReferenceNumbers1795453200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table reference_number add column registered_at timestamptz(3), add column client_id text;
      create index reference_number_number on reference_number (institution_code, reference_number);
      grant insert, update on reference_number to shikaku_counter`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      revoke insert, update on reference_number from shikaku_counter;
      drop index reference_number_number;
      alter table reference_number drop column client_id, drop column registered_at`);
  }
}
