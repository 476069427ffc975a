import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A client may prove itself by a key of its own (RFC 7523), and be held to tokens that are bound to a key (RFC 9449). What may be
 * used once is noted where all processes look: unlogged, since it matters for a minute and every request with a proof writes it; after a crash of the
 * server each process still knows what it has seen by itself.
 */
export class ClientKeys1795446000000 implements MigrationInterface {
  name = 'ClientKeys1795446000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table client
        add column jwks jsonb,
        add column bound_tokens boolean not null default false,
        alter column secret_hash drop not null;
      create unlogged table used_id (
        id_hash bytea not null,
        until timestamptz(3) not null,
        constraint used_id_pk primary key (id_hash)
      );
      create index used_id_until on used_id (until);
      grant insert on used_id to shikaku_counter, shikaku_office;
      grant select, delete on used_id to shikaku_counter
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      drop table used_id;
      alter table client
        alter column secret_hash set not null,
        drop column bound_tokens,
        drop column jwks
    `);
  }
}
