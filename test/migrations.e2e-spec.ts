import { Client } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';

import { createDataSource } from '../apps/eligibility-api/src/coverage-store/data-source.js';
import { migrations } from '../apps/eligibility-api/src/coverage-store/migrations/index.js';
import { freshDatabase, type FreshDatabase } from './support/fresh-database.js';
import { broken, schemaOf, type Schema } from './support/schema-compatibility.js';

/**
 * Migrations of before the first version that anybody runs: nothing older has to work on what they leave. A later one is held to the
 * rule, and so is Rechecks, which keeps it. Nothing is added here.
 */
const BEFORE_THE_RULE = new Set([
  'CreateCoverage1795305600000',
  'CheckJournal1795320000000',
  'OutboxHorizon1795392000000',
  'CreateBatches1795395600000',
  'CheckChain1795399200000',
]);

/**
 * Migrations that contract: each with the version since which nothing reads or writes what it takes away, so that the version before
 * it runs on what it leaves.
 */
const CONTRACTING: Readonly<Record<string, string>> = {};

describe('R-10: the version before works on the schema after', () => {
  let database: FreshDatabase;
  let dataSource: DataSource;
  let runner: QueryRunner;
  let client: Client;
  /** The schema after each migration, with the one before. */
  const steps: { name: string; before: Schema; after: Schema }[] = [];

  beforeAll(async () => {
    database = await freshDatabase('migrations');
    dataSource = await createDataSource({
      url: database.ownerUrl,
      poolMax: 2,
      timeoutMs: 30_000,
      applicationName: 'migrations-test',
    }).initialize();
    client = new Client({ connectionString: database.ownerUrl });
    await client.connect();
    runner = dataSource.createQueryRunner();
    await client.query('create table migrations (id int)');
    for (const Migration of migrations) {
      const before = await schemaOf(client);
      const migration = new Migration();
      await runner.startTransaction();
      await migration.up(runner);
      await runner.commitTransaction();
      steps.push({ name: migration.name, before, after: await schemaOf(client) });
    }
  });
  afterAll(async () => {
    await client.end();
    await runner.release();
    await dataSource.destroy();
    await database.drop();
  });

  it('every migration since the rule only adds: older counters and offices go on beside newer ones', () => {
    const held = steps.filter(({ name }) => !BEFORE_THE_RULE.has(name) && CONTRACTING[name] === undefined);
    expect(held.length).toBeGreaterThan(0);
    for (const { name, before, after } of held) expect(broken(before, after), name).toEqual([]);
  });

  it('whatever is excused is a migration', () => {
    const names = steps.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...BEFORE_THE_RULE, ...Object.keys(CONTRACTING)]));
  });

  it.each([
    ['alter table person drop column post_number', 'column person.post_number is gone or has another name'],
    ['alter table person rename column address to home', 'column person.address is gone or has another name'],
    ['alter table client rename to caller', 'column client.client_id is gone or has another name'],
    ['alter table person alter column address set not null', 'column person.address has to be given now'],
    [
      'alter table person alter column address type varchar(10)',
      'column person.address was text and is character varying(10)',
    ],
    [
      'alter table person add column phone text not null',
      'column person.phone is new, and older code does not give it',
    ],
    ['drop function prune_outbox()', 'function prune_outbox() returns bigint is gone'],
    [
      'revoke insert on eligibility_check from shikaku_counter',
      'no longer: shikaku_counter may INSERT eligibility_check',
    ],
    [
      `alter table person add constraint short check (name <> '')`,
      `older rows may not keep: person short CHECK ((name <> ''::text))`,
    ],
    [
      'alter table registry_feed drop constraint registry_feed_pk',
      'key is gone: registry_feed registry_feed_pk PRIMARY KEY (id)',
    ],
    [
      `alter table card_registration drop constraint card_registration_channel, add constraint card_registration_channel check (channel in ('reader', 'atm', 'post'))`,
      `older rows may not keep: card_registration card_registration_channel CHECK ((channel = ANY (ARRAY['reader'::text, 'atm'::text, 'post'::text])))`,
    ],
    [
      'create unique index one_name on person (name)',
      'older rows may not keep: person CREATE UNIQUE INDEX one_name ON public.person USING btree (name)',
    ],
  ])('%s: is found', async (sql, sentence) => {
    await client.query('begin');
    const before = await schemaOf(client);
    await client.query(sql);
    const after = await schemaOf(client);
    await client.query('rollback');
    expect(broken(before, after)).toContain(sentence);
  });

  it.each([
    'alter table person add column phone text',
    `alter table person add column phone text not null default ''`,
    'create table note (id bigint primary key, text text not null)',
    'create index person_name on person (name)',
    'alter table qualification drop constraint qualification_lost_after_acquired',
    `alter table card_registration drop constraint card_registration_channel, add constraint card_registration_channel check (channel in ('reader', 'smartphone', 'atm', 'post'))`,
  ])('%s: is none of them', async (sql) => {
    await client.query('begin');
    const before = await schemaOf(client);
    await client.query(sql);
    const after = await schemaOf(client);
    await client.query('rollback');
    expect(broken(before, after)).toEqual([]);
  });

  it('the first version’s own writes are taken by the newest schema', async () => {
    // As version 0.1.0 writes them, by name: what is left out has to have a default.
    await client.query(`
      begin;
      insert into insurer (insurer_number, insurer_name, scheme) values ('06130488', '見本健康保険組合', 'shaho');
      insert into person (person_id, registry_person_ref, name, name_kana, sex1, birthdate) values (1, 'R1', '一', 'ｲﾁ', '1', '1980-05-05');
      insert into credential (serial, person_id, status, verified_at) values ('AAAAAAAA', 1, 'good', now())
        on conflict (serial) do update set status = excluded.status;
      insert into qualification (person_id, insurer_number, insured_card_classification, insured_identification_number, number_key,
        personal_family_classification, acquired_on, available_from, recorded_at) values (1, '06130488', '01', '11', '11', '1', '2020-04-01', '2020-04-01', now());
      rollback`);
  });
});
