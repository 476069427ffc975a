import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The keyed hash of an individual number that was filed, to be held against the one the registry finds, and forgotten then. */
export class FiledNumbers1795428000000 implements MigrationInterface {
  name = 'FiledNumbers1795428000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table enrollment add column number_index bytea');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('alter table enrollment drop column number_index');
  }
}
