import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bulk requests in the national system's messages, under their 受付番号. The counter alone works with them. */
export class OqsReceptions1795456800000 implements MigrationInterface {
  name = 'OqsReceptions1795456800000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table oqs_reception (
        reception_number text not null,
        institution_code text not null,
        client_id text not null,
        kind text not null,
        received_at timestamptz(3) not null,
        batch_id uuid,
        request_key text not null,
        contents bytea not null,
        constraint oqs_reception_number_form check (reception_number ~ '^[0-9]{20}$'),
        constraint oqs_reception_kind check (kind in ('muquc', 'muimm', 'mutic', 'muhvq', 'muonq')),
        constraint oqs_reception_pk primary key (reception_number)
      );
      create unique index oqs_reception_request_key on oqs_reception (request_key);
      create index oqs_reception_received_at on oqs_reception (received_at);
      grant select, insert, delete on oqs_reception to shikaku_counter`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('drop table oqs_reception');
  }
}
