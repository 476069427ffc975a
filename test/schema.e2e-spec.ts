import { createHash } from 'node:crypto';

import { hasCheckDigit } from '@app/domain';
import { Client, type DatabaseError } from 'pg';
import type { DataSource } from 'typeorm';

import { CheckStore } from '../apps/eligibility-api/src/coverage-store/check-store.js';
import { createDataSource } from '../apps/eligibility-api/src/coverage-store/data-source.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { freshDatabase, type FreshDatabase } from './support/fresh-database.js';

type Role = 'ownerUrl' | 'counterUrl' | 'officeUrl';

/** Everything that a migration makes, as PostgreSQL describes it. */
const CATALOGUE = `
  select 'column' as kind, format('%s.%s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
           pg_get_expr(d.adbin, d.adrelid)) as what
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and c.relname <> 'migrations'
  union all select 'constraint', conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace and conrelid <> 'migrations'::regclass
  union all select 'index', indexdef from pg_indexes where schemaname = 'public' and tablename <> 'migrations'
  union all select 'trigger', pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
  union all select 'function', p.oid::regprocedure || prosrc from pg_proc p
    where pronamespace = 'public'::regnamespace and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
  union all select 'grant', format('%s %s %s', grantee, table_name, privilege_type) from information_schema.role_table_grants
    where table_schema = 'public' and table_name <> 'migrations'
  order by 1, 2`;

const reception = (more: Record<string, string> = {}): string => {
  const columns = {
    reception_number: `'20261122090000123456'`,
    institution_code: `'1312345679'`,
    client_id: `'c'`,
    kind: `'muquc'`,
    received_at: 'now()',
    request_key: `'k'`,
    contents: `'x'::bytea`,
    ...more,
  };
  return `insert into oqs_reception (${Object.keys(columns).join(', ')}) values (${Object.values(columns).join(', ')})`;
};

describe('the schema', () => {
  let database: FreshDatabase;
  let dataSource: DataSource;
  const clients = {} as Record<Role, Client>;

  beforeAll(async () => {
    database = await freshDatabase('schema');
    dataSource = await createDataSource({
      url: database.ownerUrl,
      poolMax: 2,
      timeoutMs: 30_000,
      applicationName: 'schema-test',
    }).initialize();
    await dataSource.runMigrations();
    for (const role of ['ownerUrl', 'counterUrl', 'officeUrl'] as const) {
      clients[role] = new Client({ connectionString: database[role] });
      await clients[role].connect();
    }
    await clients.ownerUrl.query(`
      insert into insurer values ('06130488', '見本健康保険組合', 'shaho'), ('39131156', '見本広域連合', 'kouki');
      insert into person (person_id, registry_person_ref, name, name_kana, sex1, birthdate)
        values (1, 'R1', '一', 'ｲﾁ', '1', '1980-05-05'), (2, 'R2', '二', 'ﾆ', '2', '1981-06-06');
      insert into credential (serial, person_id, status, verified_at) values ('AAAAAAAA', 1, 'good', now()), ('BBBBBBBB', 2, 'good', now());
      insert into qualification (qualification_id, person_id, insurer_number, insured_card_classification, insured_identification_number,
          number_key, personal_family_classification, acquired_on, lost_on, loss_recorded_at, available_from, recorded_at)
        values (11, 1, '06130488', '01', '11', '11', '1', '2020-04-01', '2024-04-01', now(), '2020-04-01', now()),
               (12, 1, '39131156', '01', '12', '12', '1', '2020-04-01', null, null, '2020-04-01', now()),
               (21, 2, '06130488', '01', '21', '21', '1', '2020-04-01', null, null, '2020-04-01', now());
      insert into reference_number values ('1312345679', 1, 'K-1'), ('1312345679', 2, 'K-2'), ('1312345687', 1, 'K-3');
      select make_check_partitions(current_date);
      select setval(pg_get_serial_sequence('person', 'person_id'), 100), setval(pg_get_serial_sequence('qualification', 'qualification_id'), 100);`);
  });
  afterAll(async () => {
    await Promise.all(Object.values(clients).map((client) => client.end()));
    await dataSource.destroy();
    await database.drop();
  });

  /** Tries a statement and takes it back: `ok`, or what PostgreSQL has against it. */
  const attempt = async (role: Role, sql: string): Promise<string> => {
    const client = clients[role];
    await client.query('begin');
    try {
      await client.query(sql);
      return 'ok';
    } catch (error) {
      const { code, constraint } = error as DatabaseError;
      return constraint === undefined ? `${code}` : `${code} ${constraint}`;
    } finally {
      await client.query('rollback');
    }
  };

  describe('migrations', () => {
    it('leave nothing that the entities would have otherwise', async () => {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    });
    it('go down to nothing and up again to the same', async () => {
      const other = await freshDatabase('schema_down');
      const there = await createDataSource({
        url: other.ownerUrl,
        poolMax: 1,
        timeoutMs: 30_000,
        applicationName: 'down',
      }).initialize();
      try {
        const ran = await there.runMigrations();
        const before = await there.query(CATALOGUE);
        expect(before.length).toBeGreaterThan(300);
        for (const _ of ran) await there.undoLastMigration();
        expect(await there.query(CATALOGUE)).toEqual([]);
        await there.runMigrations();
        expect(await there.query(CATALOGUE)).toEqual(before);
      } finally {
        await there.destroy();
        await other.drop();
      }
    });
    it('take the checks along that were on record before there was a journal, and never drop any', async () => {
      const other = await freshDatabase('schema_along');
      const there = await createDataSource({
        url: other.ownerUrl,
        poolMax: 1,
        timeoutMs: 30_000,
        applicationName: 'along',
      }).initialize();
      try {
        const ran = await there.runMigrations();
        const journal = ran.findIndex(({ name }) => name.startsWith('CheckJournal'));
        for (const _ of ran.slice(journal)) await there.undoLastMigration();
        const answer = '{"checkId":"0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d","name":"資格　太郎"}';
        // The last millisecond of November in Tokyo, and the first of December: two months, so two texts.
        await there.query(
          `insert into eligibility_check (check_id, client_id, institution_code, operator, purpose, checked_at, service_date, subject_hash, verdict,
             credential_state, answer_version, degraded, unchanged, repeats, answer)
           select id, 'c', '1312345679', 'staff', 'claim', at, '2026-11-01', 'h', 'valid', 'grace', 'v', 'registry-unavailable', true, repeats, $1
           from (values ('0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d'::uuid, timestamptz '2026-11-30 23:59:59.999+09', null::uuid),
                        ('0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8e', '2026-12-01 00:00:00+09', '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d')) as v(id, at, repeats)`,
          [answer],
        );
        await there.query(
          `insert into consent select '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d', kind, '2026-11-30 23:59:59.999+09', null
           from unnest(array['specificDiseases', 'operation']) as kind`,
        );
        await there.runMigrations();
        const store = new CheckStore(there);
        const kept = await store.find('1312345679', '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d');
        expect(kept).toMatchObject({
          operator: 'staff',
          purpose: 'claim',
          checkedAt: Date.parse('2026-11-30T23:59:59.999+09:00'),
          serviceDate: '2026-11-01',
          verdict: 'valid',
          credentialState: 'grace',
          degraded: 'registry-unavailable',
          unchanged: true,
          consented: 34,
          spliced: '{}',
          text: Buffer.from(answer),
          digest: createHash('sha256').update(answer).digest(),
        });
        const repeat = await store.find('1312345679', '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8e');
        expect(repeat).toMatchObject({ repeats: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d', text: Buffer.from(answer) });
        expect(
          await there.query(
            `select tableoid::regclass::text as partition, count(*)::int from eligibility_check group by 1 union all
             select tableoid::regclass::text, count(*)::int from check_answer group by 1 union all
             select tableoid::regclass::text, count(*)::int from consent group by 1 order by 1`,
          ),
        ).toEqual([
          { partition: 'check_answer_2026_11', count: 1 },
          { partition: 'check_answer_2026_12', count: 1 },
          { partition: 'consent_2026_11', count: 2 },
          { partition: 'eligibility_check_2026_11', count: 1 },
          { partition: 'eligibility_check_2026_12', count: 1 },
        ]);
        for (const _ of ran.slice(journal + 1)) await there.undoLastMigration();
        await expect(there.undoLastMigration()).rejects.toThrow('cannot keep');
        expect(await store.find('1312345679', '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d')).toEqual(kept);
      } finally {
        await there.destroy();
        await other.drop();
      }
    });
    it('are all there is to run: a second time does nothing', async () => {
      expect(await dataSource.runMigrations()).toEqual([]);
    });
  });

  describe('one person at one insurer', () => {
    const insert = (from: string, to: string | null, person = 1, insurer = '06130488'): string => `
      insert into qualification (person_id, insurer_number, insured_card_classification, insured_identification_number, number_key,
        personal_family_classification, acquired_on, lost_on, loss_recorded_at, available_from, recorded_at)
      values (${person}, '${insurer}', '01', '9', '9', '1', '${from}', ${to === null ? 'null, null' : `'${to}', now()`}, '${from}', now())`;
    const OVERLAP = '23P01 qualification_no_overlap';
    // Already there: from 2020-04-01, lost on 2024-04-01.
    it.each([
      ['from the day the first was lost', '2024-04-01', null, 'ok'],
      ['from the last day of the first', '2024-03-31', null, OVERLAP],
      ['until the day the first was acquired', '2019-04-01', '2020-04-01', 'ok'],
      ['until the day after', '2019-04-01', '2020-04-02', OVERLAP],
      ['within the first', '2021-01-01', '2021-02-01', OVERLAP],
      ['around the first', '2019-01-01', '2025-01-01', OVERLAP],
      ['open-ended from before', '2019-01-01', null, OVERLAP],
      ['the same again', '2020-04-01', '2024-04-01', OVERLAP],
      ['of no day at all, within the first', '2021-01-01', '2021-01-01', 'ok'],
    ])('has no two qualifications at once: %s', async (_when, from, to, expected) => {
      expect(await attempt('officeUrl', insert(from, to))).toBe(expected);
    });
    it('has none made to overlap by a change either', async () => {
      const move = `update qualification set lost_on = '2024-04-02' where qualification_id = 11`;
      expect(await attempt('officeUrl', `${insert('2024-04-01', null)}; ${move}`)).toBe(OVERLAP);
      expect(await attempt('officeUrl', move)).toBe('ok');
    });
    it('may have one beside that of another insurer, and of another person', async () => {
      expect(await attempt('officeUrl', insert('2010-01-01', '2015-01-01', 1, '39131156'))).toBe('ok');
      expect(await attempt('officeUrl', insert('2010-01-01', '2015-01-01', 2))).toBe('ok');
    });
    it('of two who file at the same time, one is refused', async () => {
      const other = new Client({ connectionString: database.officeUrl });
      await other.connect();
      try {
        await clients.officeUrl.query('begin');
        await clients.officeUrl.query(insert('2024-05-01', null));
        const waiting = other.query(insert('2025-05-01', null)).then(
          () => 'ok',
          (error: unknown) => (error as DatabaseError).code,
        );
        await clients.officeUrl.query('commit');
        expect(await waiting).toBe('23P01');
      } finally {
        await clients.officeUrl.query('rollback');
        await clients.ownerUrl.query(`delete from qualification where insured_identification_number = '9'`);
        await other.end();
      }
    });
  });

  describe('refuses', () => {
    const person = (columns: string, values: string): string =>
      `insert into person (name, name_kana, birthdate, ${columns}) values ('三', 'ｻﾝ', '1990-01-01', ${values})`;
    const qualification = (set: string): string => `update qualification set ${set} where qualification_id = 21`;
    const dated = (table: string, columns: string, values: string, to = 'null', qualificationId = 21): string =>
      `insert into ${table} (qualification_id, valid_from, valid_to, recorded_at, ${columns})
       values (${qualificationId}, '2026-04-01', ${to}, now(), ${values})`;
    const income = (facts: string, to = 'null', id = 21) => dated('income_assessment', 'facts', `'${facts}'`, to, id);
    const copay = (kind: string, rate: number, to = 'null', id = 21) =>
      dated('copay_certificate', 'kind, rate_percent', `'${kind}', ${rate}`, to, id);
    const limit = (classification: string, flag: string, to = 'null', id = 21) =>
      dated('limit_certificate', 'classification, classification_flag', `'${classification}', '${flag}'`, to, id);
    const disease = (category: string, yen: number, to = 'null', id = 21) =>
      dated('specific_disease_certificate', 'category, self_pay_yen', `'${category}', ${yen}`, to, id);
    const ticket = (more: Record<string, string> = {}, to = 'null', id = 21) => {
      const columns = {
        ticket_type: '01',
        treatment_month: '2026-04',
        designated_medical_institution_code: '1312345679',
        ...more,
      };
      return dated(
        'medical_ticket',
        Object.keys(columns).join(', '),
        Object.values(columns)
          .map((v) => `'${v}'`)
          .join(', '),
        to,
        id,
      );
    };
    const client = (kind: string, institution: string, insurer: string): string =>
      `insert into client (client_id, kind, secret_hash, scopes, institution_code, insurer_number) values ('c', '${kind}', 'x', '{}', ${institution}, ${insurer})`;
    const check = (verdict: string, purpose: string, chain = 'null, null, null'): string =>
      `insert into eligibility_check (check_id, client_id, institution_code, purpose, checked_at, service_date, subject_hash, verdict,
         credential_state, answer_version, unchanged, consented, spliced, digest, writer, n, chain_hash)
       values (gen_random_uuid(), 'c', '1312345679', '${purpose}', now(), '2026-04-01', '', '${verdict}', 'valid', 'v', false, 0, '{}', '', ${chain})`;
    const batch = (state: string, ended = 'null', more: Record<string, string> = {}): string => {
      const columns = {
        batch_id: 'gen_random_uuid()',
        client_id: `'c'`,
        institution_code: `'1312345679'`,
        purpose: `'claim'`,
        service_date: `'2026-04-01'`,
        submitted_at: 'now()',
        state: `'${state}'`,
        total: '1',
        ended_at: ended,
        ...more,
      };
      return `insert into eligibility_batch (${Object.keys(columns).join(', ')}) values (${Object.values(columns).join(', ')})`;
    };
    const part = (more: Record<string, string> = {}, ofBatch = 'batch_id'): string => {
      const columns = { batch_id: ofBatch, first: '0', size: '1', people: `'x'::bytea`, ...more };
      return `${batch('queued')};
        insert into eligibility_batch_part (${Object.keys(columns).join(', ')}) select ${Object.values(columns).join(', ')} from eligibility_batch`;
    };
    const filing = (state = 'received', more: Record<string, string> = {}): string => {
      const columns = {
        enrollment_id: 'gen_random_uuid()',
        insurer_number: 'insurer_number',
        client_id: `'c'`,
        kind: `'acquisition'`,
        state: `'${state}'`,
        filed: `'{}'`,
        qualification_date: `'2026-04-01'`,
        received_at: 'now()',
        due_on: `'2026-04-06'`,
        late: 'false',
        ...more,
      };
      return `insert into enrollment (${Object.keys(columns).join(', ')}) select ${Object.values(columns).join(', ')} from insurer limit 1`;
    };
    const step = (ofFiling = 'enrollment_id'): string =>
      `${filing()}; insert into enrollment_step (enrollment_id, n, state, at) select ${ofFiling}, 1, 'received', now() from enrollment`;
    const review = (decision: string, personRef = 'null', ofFiling = 'enrollment_id'): string =>
      `${filing()}; insert into enrollment_review (enrollment_id, n, reviewer, client_id, decision, person_ref, reason, at)
       select ${ofFiling}, 1, 'r', 'c', '${decision}', ${personRef}, 'why', now() from enrollment`;
    const lossFiling = (reason: string, id = 21): string =>
      `insert into loss_filing values (${id}, 1, '2026-04-01', '${reason}', now(), 'c')`;
    const changeOf = (more: Record<string, string> = {}, table = 'coverage_change'): string => {
      const columns = {
        ...(table === 'coverage_change' ? { qualification_id: '21' } : { person_id: '1' }),
        recorded_at: 'now()',
        changed: `'{"insuredCardSymbol": "9"}'::jsonb`,
        ...more,
      };
      return `insert into ${table} (${Object.keys(columns).join(', ')}) values (${Object.values(columns).join(', ')})`;
    };
    const renumbered = { changed: `'{"insuredIdentificationNumber": "9"}'::jsonb` };
    const importOf = (more: Record<string, string> = {}): string => {
      const columns = {
        import_id: 'gen_random_uuid()',
        insurer_number: 'insurer_number',
        client_id: `'c'`,
        state: `'queued'`,
        encoding: `'utf-8'`,
        received_at: 'now()',
        columns: `'{}'`,
        bytes: `'x'::bytea`,
        size: '1',
        next_byte: '0',
        next_line: '2',
        ...more,
      };
      return `insert into enrollment_import (${Object.keys(columns).join(', ')}) select ${Object.values(columns).join(', ')} from insurer limit 1`;
    };
    const endedImport = { state: `'finished'`, bytes: 'null', ended_at: 'now()' };
    const importPart = (ofImport = 'import_id'): string =>
      `${importOf()}; insert into enrollment_import_part select ${ofImport}, 0, 1, '' from enrollment_import`;
    const registration = (channel: string, personId = '1'): string =>
      `insert into card_registration values ('DDDDDDDD', ${personId}, '${channel}', now(), 'c')`;
    const mark = (kind: string, first: number, last: number): string =>
      `insert into check_retention_mark values ('${kind}', 'w', ${first}, ${last}, 'w', '', '2015-01-01', now(), 'k', '')`;
    const recheck = (more: Record<string, string> = {}): string => {
      const columns = {
        check_id: 'gen_random_uuid()',
        checked_at: 'now()',
        institution_code: `'1312345679'`,
        reason: `'registry-unavailable'`,
        noted_at: 'now()',
        facts_from: 'now()',
        question: `'x'::bytea`,
        ...more,
      };
      return `insert into recheck (${Object.keys(columns).join(', ')}) values (${Object.values(columns).join(', ')})`;
    };
    const vaulted = (more: Record<string, string> = {}): string => {
      const columns = {
        person_id: '1',
        key_id: `'k'`,
        sealed: `decode(repeat('00', 40), 'hex')`,
        number_index: `decode(repeat('00', 32), 'hex')`,
        recorded_at: 'now()',
        ...more,
      };
      return `insert into individual_number (${Object.keys(columns).join(', ')}) values (${Object.values(columns).join(', ')})`;
    };
    const opening = (purpose: string): string =>
      `insert into individual_number_opening (person_id, opened_at, client_id, purpose) values (1, now(), 'c', '${purpose}')`;
    const reading = (what: string): string =>
      `insert into person_access (person_id, insurer_number, client_id, what, at) values (1, '06130488', 'c', '${what}', now())`;
    const over = { question: 'null', ended_at: 'now()', outcome: `'unchanged'` };
    const before = `'2026-03-31'`;
    const same = `'2026-04-01'`;
    const nobody = 999;

    /** What is refused, by which constraint, and what lies just on the good side. */
    const cases: readonly [constraint: string, bad: string, good: string][] = [
      [
        'insurer_number_valid',
        `insert into insurer values ('06130487', 'x', 'shaho')`,
        `insert into insurer values ('138990', 'x', 'kokuho')`,
      ],
      [
        'insurer_scheme_known',
        `insert into insurer values ('138990', 'x', 'other')`,
        `insert into insurer values ('138990', 'x', 'medical-aid')`,
      ],
      ['person_sex1_known', person('sex1', `'4'`), person('sex1', `'3'`)],
      ['person_sex2_known', person('sex1, sex2', `'1', '0'`), person('sex1, sex2', `'1', '3'`)],
      [
        'person_post_number_form',
        person('sex1, post_number', `'1', '1000001'`),
        person('sex1, post_number', `'1', '100-0001'`),
      ],
      [
        'qualification_card_classification',
        qualification(`insured_card_classification = '08'`),
        qualification(`insured_card_classification = 'A1'`),
      ],
      ['qualification_reason_of_loss', qualification(`reason_of_loss = '04'`), qualification(`reason_of_loss = '99'`)],
      [
        'qualification_personal_family',
        qualification(`personal_family_classification = '3'`),
        qualification(`personal_family_classification = '2'`),
      ],
      [
        'qualification_loss_whole',
        qualification(`lost_on = '2026-01-01'`),
        qualification(`lost_on = '2026-01-01', loss_recorded_at = now()`),
      ],
      [
        'qualification_lost_after_acquired',
        qualification(`lost_on = '2020-03-31', loss_recorded_at = now()`),
        qualification(`lost_on = '2020-04-01', loss_recorded_at = now()`),
      ],
      ['qualification_person_fk', qualification(`person_id = ${nobody}`), qualification('person_id = 2')],
      [
        'qualification_insurer_fk',
        qualification(`insurer_number = '138990'`),
        qualification(`insurer_number = '39131156'`),
      ],
      ['income_assessment_scheme', income('{"scheme":"medical-aid"}'), income('{"scheme":"kouki"}')],
      ['income_assessment_scheme', income('{}'), income('{"scheme":"shaho"}')],
      ['income_assessment_scheme', income('[]'), income('{"scheme":"kokuho"}')],
      ['income_assessment_period', income('{"scheme":"shaho"}', before), income('{"scheme":"shaho"}', same)],
      [
        'income_assessment_qualification_fk',
        income('{"scheme":"shaho"}', 'null', nobody),
        income('{"scheme":"shaho"}'),
      ],
      ['copay_certificate_kind', copay('general', 30), copay('late-elderly', 30)],
      ['copay_certificate_rate', copay('late-elderly', 0), copay('late-elderly', 10)],
      ['copay_certificate_period', copay('late-elderly', 10, before), copay('late-elderly', 10, same)],
      ['copay_certificate_qualification_fk', copay('late-elderly', 10, 'null', nobody), copay('elderly-recipient', 20)],
      ['limit_certificate_classification', limit('04', 'A03'), limit('03', 'A03')],
      ['limit_certificate_flag', limit('01', 'A07'), limit('01', 'A06')],
      ['limit_certificate_flag', limit('01', 'B11'), limit('01', 'B10')],
      ['limit_certificate_period', limit('01', 'A03', before), limit('01', 'A03', same)],
      ['limit_certificate_qualification_fk', limit('01', 'A03', 'null', nobody), limit('01', 'A03')],
      ['specific_disease_certificate_category', disease('4', 10_000), disease('3', 10_000)],
      ['specific_disease_certificate_self_pay', disease('1', -1), disease('1', 0)],
      ['specific_disease_certificate_period', disease('1', 0, before), disease('1', 0, same)],
      ['specific_disease_certificate_qualification_fk', disease('1', 0, 'null', nobody), disease('2', 0)],
      ['medical_ticket_type', ticket({ ticket_type: '03' }), ticket({ ticket_type: '02' })],
      ['medical_ticket_month', ticket({ treatment_month: '2026-13' }), ticket({ treatment_month: '2026-12' })],
      ['medical_ticket_treatment', ticket({ medical_treatment_type: '06' }), ticket({ medical_treatment_type: '05' })],
      ['medical_ticket_use', ticket({ single_or_combined_use: '03' }), ticket({ single_or_combined_use: '02' })],
      ['medical_ticket_institution', ticket({ designated_medical_institution_code: '131234567' }), ticket()],
      ['medical_ticket_period', ticket({}, before), ticket({}, same)],
      ['medical_ticket_qualification_fk', ticket({}, 'null', nobody), ticket()],
      [
        'credential_serial_form',
        `update credential set serial = 'aaaaaaaa' where person_id = 1`,
        `update credential set serial = 'CCCCCCCC' where person_id = 1`,
      ],
      [
        'credential_status_known',
        `update credential set status = 'lost' where person_id = 1`,
        `update credential set status = 'revoked' where person_id = 1`,
      ],
      [
        'credential_not_its_own_successor',
        `update credential set superseded_by = serial where person_id = 1`,
        `update credential set superseded_by = 'BBBBBBBB' where person_id = 1`,
      ],
      ['credential_person_fk', `update credential set person_id = ${nobody}`, `update credential set person_id = 2`],
      [
        'reference_number_length',
        `update reference_number set reference_number = ''`,
        `update reference_number set reference_number = repeat('x', 50)`,
      ],
      [
        'reference_number_length',
        `update reference_number set reference_number = repeat('x', 51)`,
        `update reference_number set reference_number = 'x'`,
      ],
      [
        'reference_number_person_fk',
        `insert into reference_number values ('1312345679', ${nobody}, 'x')`,
        `insert into reference_number values ('1312345687', 2, 'x')`,
      ],
      [
        'oqs_reception_number_form',
        reception({ reception_number: `'1234567890123456789'` }),
        reception({ reception_number: `'12345678901234567890'` }),
      ],
      ['oqs_reception_number_form', reception({ reception_number: `'123456789012345678901'` }), reception()],
      ['oqs_reception_kind', reception({ kind: `'siquc'` }), reception({ kind: `'muonq'` })],
      [
        'registry_feed_one_row',
        `insert into registry_feed values (2, 'g', 0, now())`,
        `insert into registry_feed values (1, 'g', 0, now())`,
      ],
      ['outbox_one_row', `insert into outbox values (2, 0)`, `update outbox set pruned_through = 5`],
      ['client_kind_known', client('doctor', 'null', 'null'), client('operator', 'null', 'null')],
      ['client_of_its_kind', client('clinic', 'null', 'null'), client('clinic', `'1312345679'`, 'null')],
      ['client_of_its_kind', client('operator', `'1312345679'`, 'null'), client('pharmacy', `'1312345679'`, 'null')],
      ['client_of_its_kind', client('clinic', `'1312345679'`, `'06130488'`), client('insurer', 'null', `'06130488'`)],
      ['client_institution_form', client('clinic', `'131234567'`, 'null'), client('clinic', `'1312345679'`, 'null')],
      ['eligibility_check_verdict', check('covered', 'claim'), check('multiple', 'claim')],
      ['eligibility_check_chain', check('valid', 'claim', `'w', 1, null`), check('valid', 'claim', `'w', 1, ''`)],
      ['eligibility_check_purpose', check('valid', 'curiosity'), check('valid', 'correction')],
      ['check_retention_mark_kind', mark('batches', 1, 1), mark('anchors', 1, 1)],
      ['check_retention_mark_order', mark('checks', 2, 1), mark('checks', 2, 2)],
      [
        'check_log_policy_one_row',
        `insert into check_log_policy values (2, now(), '5 years')`,
        `update check_log_policy set keep_at_least = '10 years'`,
      ],
      ['eligibility_batch_state', batch('paused', 'now()'), batch('cancelled', 'now()')],
      ['eligibility_batch_purpose', batch('queued', 'null', { purpose: `'curiosity'` }), batch('queued')],
      ['eligibility_batch_total', batch('queued', 'null', { total: '0' }), batch('queued')],
      ['eligibility_batch_ended', batch('finished'), batch('finished', 'now()')],
      ['eligibility_batch_ended', batch('running', 'now()'), batch('running')],
      [
        'eligibility_batch_key_whole',
        batch('queued', 'null', { request_key: `'k'` }),
        batch('queued', 'null', { request_key: `'k'`, request_hash: `'h'` }),
      ],
      ['eligibility_batch_part_either', part({ results: `'x'::bytea` }), part()],
      ['eligibility_batch_part_size', part({ size: '0' }), part({ first: '500', size: '500' })],
      ['eligibility_batch_part_batch_fk', part({}, 'gen_random_uuid()'), part()],
      ['enrollment_kind', filing('received', { kind: `'wish'` }), filing('received', { kind: `'dependent'` })],
      ['enrollment_state', filing('lost'), filing('looking-up')],
      ['enrollment_registered', filing('registered'), filing('registered', { usable_from: `'2026-04-02'` })],
      ['enrollment_registered', filing('received', { usable_from: `'2026-04-02'` }), filing()],
      ['enrollment_explained', filing('returned'), filing('returned', { reasons: `'[]'` })],
      ['enrollment_explained', filing('looking-up', { reasons: `'[]'` }), filing('needs-review', { reasons: `'[]'` })],
      ['enrollment_insurer_fk', filing('received', { insurer_number: `'06999999'` }), filing()],
      ['enrollment_person_fk', filing('received', { person_id: '999999' }), filing('received', { person_id: '1' })],
      [
        'enrollment_qualification_fk',
        filing('received', { qualification_id: '999999' }),
        filing('received', { qualification_id: '21' }),
      ],
      ['enrollment_step_enrollment_fk', step('gen_random_uuid()'), step()],
      ['enrollment_review_decision', review('wait'), review('return')],
      ['enrollment_review_whole', review('register'), review('register', `'p'`)],
      ['enrollment_review_whole', review('return', `'p'`), review('return')],
      ['enrollment_review_enrollment_fk', review('return', 'null', 'gen_random_uuid()'), review('return')],
      ['loss_filing_reason', lossFiling('04'), lossFiling('99')],
      ['loss_filing_qualification_fk', lossFiling('99', 999_999), lossFiling('99')],
      ['enrollment_kind', filing('received', { kind: `'loss'` }), filing('received', { kind: `'correction'` })],
      ['identity_change_object', changeOf({ changed: `'[]'` }, 'identity_change'), changeOf({}, 'identity_change')],
      [
        'identity_change_person_fk',
        changeOf({ person_id: '999999' }, 'identity_change'),
        changeOf({}, 'identity_change'),
      ],
      [
        'identity_change_enrollment_fk',
        changeOf({ enrollment_id: 'gen_random_uuid()' }, 'identity_change'),
        changeOf({}, 'identity_change'),
      ],
      ['coverage_change_object', changeOf({ changed: `'1'` }), changeOf()],
      ['coverage_change_number', changeOf(renumbered), changeOf({ ...renumbered, number_key: `'9'` })],
      ['coverage_change_number', changeOf({ number_key: `'9'` }), changeOf()],
      ['coverage_change_qualification_fk', changeOf({ qualification_id: '999999' }), changeOf()],
      ['coverage_change_enrollment_fk', changeOf({ enrollment_id: 'gen_random_uuid()' }), changeOf()],
      ['enrollment_import_state', importOf({ state: `'lost'` }), importOf({ state: `'running'` })],
      ['enrollment_import_encoding', importOf({ encoding: `'euc-jp'` }), importOf({ encoding: `'shift_jis'` })],
      ['enrollment_import_ended', importOf({ ...endedImport, ended_at: 'null' }), importOf(endedImport)],
      ['enrollment_import_erased', importOf({ ...endedImport, bytes: `'x'::bytea` }), importOf(endedImport)],
      ['enrollment_import_erased', importOf({ bytes: 'null' }), importOf()],
      ['enrollment_import_insurer_fk', importOf({ insurer_number: `'06999999'` }), importOf()],
      ['enrollment_import_part_import_fk', importPart('gen_random_uuid()'), importPart()],
      ['card_registration_channel', registration('post'), registration('reader')],
      ['card_registration_person_fk', registration('atm', '999999'), registration('atm')],
      ['recheck_reason', recheck({ reason: `'curiosity'` }), recheck({ reason: `'retroactive-change'` })],
      ['recheck_outcome', recheck({ ...over, outcome: `'lost'` }), recheck(over)],
      ['recheck_ended', recheck({ ...over, outcome: 'null' }), recheck({ ...over, outcome: `'given-up'` })],
      ['recheck_question_until_ended', recheck({ ...over, question: `'x'::bytea` }), recheck(over)],
      ['recheck_question_until_ended', recheck({ question: 'null' }), recheck()],
      [
        'recheck_whole',
        recheck({ ...over, outcome: `'changed'`, recheck_id: 'gen_random_uuid()' }),
        recheck({ ...over, outcome: `'changed'`, recheck_id: 'gen_random_uuid()', changed: `'{verdict}'` }),
      ],
      [
        'recheck_whole',
        recheck({ ...over, outcome: `'changed'`, changed: `'{verdict}'` }),
        recheck({ ...over, recheck_id: 'gen_random_uuid()' }),
      ],
      [
        'recheck_position_one_row',
        `insert into recheck_position values (2, 'c', 0, 0)`,
        `insert into recheck_position values (1, 'c', 0, 0)`,
      ],
      [
        'individual_number_sealed',
        vaulted({ sealed: `decode(repeat('00', 39), 'hex')` }),
        vaulted({ sealed: `decode(repeat('ff', 40), 'hex')` }),
      ],
      ['individual_number_indexed', vaulted({ number_index: `decode(repeat('00', 31), 'hex')` }), vaulted()],
      ['individual_number_person_fk', vaulted({ person_id: `${nobody}` }), vaulted({ person_id: '2' })],
      ['individual_number_opening_purpose', opening('curiosity'), opening('key-change')],
      ['person_access_what', reading('eligibility_check'), reading('accesses')],
      [
        'consent_kind_known',
        `insert into consent values (gen_random_uuid(), 'everything', now())`,
        `insert into consent values (gen_random_uuid(), 'operation', now())`,
      ],
    ];
    it.each(cases)('%s', async (constraint, bad, good) => {
      expect(await attempt('ownerUrl', bad)).toMatch(new RegExp(`^23(503|514) ${constraint}$`));
      expect(await attempt('ownerUrl', good)).toBe('ok');
    });
    it('with every constraint there is: none is without a case here', async () => {
      const { rows } = await clients.ownerUrl.query<{ conname: string }>(
        `select distinct conname from pg_constraint where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'x') order by 1`,
      );
      const covered = new Set([...cases.map(([constraint]) => constraint), 'qualification_no_overlap']);
      expect(rows.map(({ conname }) => conname)).toEqual([...covered].toSorted((a, b) => (a < b ? -1 : 1)));
    });
    it.each([
      [
        'the same serial twice',
        `insert into credential (serial, person_id, status, verified_at) values ('AAAAAAAA', 2, 'good', now())`,
        '23505 credential_pk',
      ],
      [
        "a second person for one of the registry's",
        `update person set registry_person_ref = 'R1' where person_id = 2`,
        '23505 person_registry_ref',
      ],
      ['the same insurer twice', `insert into insurer values ('06130488', 'x', 'shaho')`, '23505 insurer_pk'],
      [
        'two numbers of an institution for one person',
        `insert into reference_number values ('1312345679', 1, 'x')`,
        '23505 reference_number_pk',
      ],
      [
        'two receptions of one request',
        `${reception()}; ${reception({ reception_number: `'00000000000000000001'` })}`,
        '23505 oqs_reception_request_key',
      ],
      [
        'two receptions of one number',
        `${reception()}; ${reception({ request_key: `'other'` })}`,
        '23505 oqs_reception_pk',
      ],
      ['an insurer to go while somebody is insured there', `delete from insurer`, '23001 qualification_insurer_fk'],
      [
        'two individual numbers for one person',
        `${vaulted()}; ${vaulted({ number_index: `decode(repeat('01', 32), 'hex')` })}`,
        '23505 individual_number_person',
      ],
      [
        'one individual number for two people',
        `${vaulted()}; ${vaulted({ person_id: '2' })}`,
        '23505 individual_number_index',
      ],
      ['a qualification without a day', qualification('acquired_on = null'), '23502'],
      ['a day that is none', qualification(`acquired_on = '2026-02-30'`), '22008'],
    ])('%s', async (_what, sql, expected) => {
      const got = await attempt('ownerUrl', sql);
      expect(got === '23503 qualification_insurer_fk' ? '23001 qualification_insurer_fk' : got).toBe(expected);
    });
  });

  it('agrees with the domain about the check digits of 2,000 numbers', async () => {
    let state = 20_261_122;
    const digit = (): number => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((state / 2 ** 31) * 10);
    };
    const numbers = Array.from({ length: 2_000 }, (_, i) =>
      Array.from({ length: i % 2 === 0 ? 8 : 6 }, digit).join(''),
    );
    expect(new Set(numbers).size).toBeGreaterThan(1_900);
    const { rows } = await clients.ownerUrl.query<{ number: string; valid: boolean }>(
      'select number, valid_insurer_number(number) as valid from unnest($1::text[]) with ordinality as n(number, place) order by place',
      [numbers],
    );
    expect(rows).toEqual(numbers.map((number) => ({ number, valid: hasCheckDigit(number) })));
    const good = rows.filter(({ valid }) => valid).length;
    expect(good).toBeGreaterThan(120);
    expect(good).toBeLessThan(280);
  });
  it.each(['', '0613048', '061304881', '06130488 ', '06130488\n', '0613048X', '０６１３０４８８', '-6130488'])(
    'takes %j for no insurer number',
    async (number) => {
      const { rows } = await clients.ownerUrl.query('select valid_insurer_number($1) as valid', [number]);
      expect(rows).toEqual([{ valid: false }]);
    },
  );

  describe('roles', () => {
    const COVERAGE = [
      'insurer',
      'person',
      'qualification',
      'income_assessment',
      'copay_certificate',
      'limit_certificate',
      'specific_disease_certificate',
      'medical_ticket',
      'reference_number',
    ];
    /** Only added to; not even the process that writes them may change one. */
    const RECORD = [
      'eligibility_check',
      'consent',
      'check_answer',
      'check_twin',
      'check_anchor',
      'check_retention_mark',
    ];
    /** Facts that are only added to: the counter reads them, the office writes no other. */
    const CHANGES = ['identity_change', 'coverage_change'];
    /** 照会番号 are set at the counter, by the institution they belong to. */
    const SET_AT_COUNTER = ['reference_number'];
    const READ_AT_COUNTER = COVERAGE.filter((table) => !SET_AT_COUNTER.includes(table));
    const OTHERS = ['client', 'fact_change', 'outbox', 'demo_population', 'migrations', 'check_log_policy'];
    /** The office's alone; the counter may not so much as count them. */
    const VAULT = ['individual_number', 'individual_number_opening', 'person_access'];
    const BATCHES = ['eligibility_batch', 'eligibility_batch_part', 'recheck'];
    const FILINGS = [
      'enrollment',
      'enrollment_step',
      'enrollment_review',
      'card_registration',
      'loss_filing',
      'enrollment_import',
      'enrollment_import_part',
    ];
    const writes = (table: string): string[] => [
      `insert into ${table} default values`,
      `update ${table} set ${FIRST_COLUMN[table]} = ${FIRST_COLUMN[table]}`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ];
    const FIRST_COLUMN: Record<string, string> = {
      insurer: 'insurer_name',
      person: 'name',
      credential: 'status',
      qualification: 'number_key',
      income_assessment: 'facts',
      copay_certificate: 'kind',
      limit_certificate: 'classification',
      specific_disease_certificate: 'category',
      medical_ticket: 'ticket_type',
      reference_number: 'reference_number',
      eligibility_check: 'spliced',
      check_answer: 'text',
      check_twin: 'n',
      check_anchor: 'seq',
      check_retention_mark: 'last_n',
      check_log_policy: 'keep_at_least',
      check_journal: 'n',
      consent: 'kind',
      client: 'scopes',
      fact_change: 'person_id',
      outbox: 'pruned_through',
      demo_population: 'size',
      migrations: 'name',
      registry_feed: 'position',
      eligibility_batch: 'state',
      eligibility_batch_part: 'size',
      oqs_reception: 'kind',
      recheck: 'takes',
      recheck_position: 'person_id',
      individual_number: 'key_id',
      individual_number_opening: 'purpose',
      person_access: 'operator',
      enrollment: 'late',
      enrollment_step: 'state',
      enrollment_review: 'reason',
      card_registration: 'channel',
      loss_filing: 'lost_on',
      identity_change: 'changed',
      coverage_change: 'changed',
      enrollment_import: 'state',
      enrollment_import_part: 'size',
      used_id: 'until',
    };
    const ANYWHERE = [
      'create table mine (id int)',
      'create temporary table mine (id int)',
      'create schema mine',
      'create extension pg_trgm',
      'alter table qualification drop constraint qualification_no_overlap',
      'alter table person disable trigger all',
      'drop table person',
      'create or replace function valid_insurer_number(number text) returns boolean language sql as $$ select true $$',
      'set role shikaku_owner',
      'grant shikaku_owner to current_user',
      `copy person to program 'cat'`,
      `select pg_read_file('postgresql.conf')`,
      `select rolpassword from pg_authid`,
    ];
    const denied: readonly [Role, string][] = [
      ...[...READ_AT_COUNTER, ...OTHERS].flatMap(writes).map((sql): [Role, string] => ['counterUrl', sql]),
      ...SET_AT_COUNTER.flatMap((table) => writes(table).slice(2)).map((sql): [Role, string] => ['counterUrl', sql]),
      ...writes('oqs_reception')
        .filter((sql) => /^(update|truncate)/.test(sql))
        .map((sql): [Role, string] => ['counterUrl', sql]),
      ...[...writes('oqs_reception'), 'select * from oqs_reception'].map((sql): [Role, string] => ['officeUrl', sql]),
      ...RECORD.flatMap((table) => writes(table).slice(1)).map((sql): [Role, string] => ['counterUrl', sql]),
      ...['credential', 'registry_feed', 'check_journal', 'recheck_position']
        .flatMap((table) => writes(table).slice(2))
        .map((sql): [Role, string] => ['counterUrl', sql]),
      ...VAULT.flatMap((table) => [...writes(table), `select count(*) from ${table}`]).map((sql): [Role, string] => [
        'counterUrl',
        sql,
      ]),
      ...writes('individual_number')
        .slice(2)
        .map((sql): [Role, string] => ['officeUrl', sql]),
      ...['individual_number_opening', 'person_access']
        .flatMap((table) => writes(table).slice(1))
        .map((sql): [Role, string] => ['officeUrl', sql]),
      ...BATCHES.map((table): [Role, string] => ['counterUrl', `truncate ${table} cascade`]),
      ...BATCHES.map((table): [Role, string] => ['officeUrl', `select * from ${table}`]),
      ...CHANGES.flatMap(writes).map((sql): [Role, string] => ['counterUrl', sql]),
      ...CHANGES.flatMap((table) => writes(table).slice(1)).map((sql): [Role, string] => ['officeUrl', sql]),
      ...FILINGS.map((table): [Role, string] => ['counterUrl', `select * from ${table}`]),
      ...FILINGS.flatMap(writes).map((sql): [Role, string] => ['counterUrl', sql]),
      ...FILINGS.flatMap((table) => writes(table).slice(table === 'enrollment_import' ? 3 : 2)).map(
        (sql): [Role, string] => ['officeUrl', sql],
      ),
      ...['enrollment_step', 'enrollment_review', 'card_registration', 'loss_filing', 'enrollment_import_part']
        .flatMap((table) => writes(table).slice(1, 2))
        .map((sql): [Role, string] => ['officeUrl', sql]),
      ...[...RECORD, ...OTHERS, ...BATCHES, 'registry_feed', 'check_journal', 'recheck_position']
        .flatMap(writes)
        .map((sql): [Role, string] => ['officeUrl', sql]),
      ...[...COVERAGE, 'credential'].map((table): [Role, string] => ['officeUrl', `truncate ${table} cascade`]),
      // What was used stays used: noted by both, forgotten by the counter, changed by nobody.
      ...['counterUrl', 'officeUrl'].map((role): [Role, string] => [role as Role, `update used_id set until = until`]),
      ...['counterUrl', 'officeUrl'].map((role): [Role, string] => [role as Role, 'truncate used_id']),
      ['officeUrl', 'select * from used_id'],
      ['officeUrl', 'delete from used_id'],
      ['officeUrl', 'select prune_outbox()'],
      ['officeUrl', `select drop_check_month('2016-05-01')`],
      ['officeUrl', `select drop_check_anchors('2016-05-01')`],
      ...ANYWHERE.flatMap((sql): [Role, string][] => [
        ['counterUrl', sql],
        ['officeUrl', sql],
      ]),
    ];
    it.each(denied)('the %s may not: %s', async (role, sql) => {
      expect(await attempt(role, sql)).toBe('42501');
    });

    const addCheck = `insert into eligibility_check (check_id, client_id, institution_code, purpose, checked_at, service_date, subject_hash, verdict,
        credential_state, answer_version, unchanged, consented, spliced, digest)
      values ('0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d', 'c', '1312345679', 'claim', now(), '2026-04-01', '', 'valid', 'valid', 'v', false, 0, '{}', '')`;
    it.each<[Role, string]>([
      ['counterUrl', addCheck],
      ['officeUrl', 'delete from enrollment_import'],
      ['counterUrl', `insert into consent values (gen_random_uuid(), 'operation', now())`],
      ['counterUrl', `insert into check_answer values (current_date, '', '')`],
      ['counterUrl', `select make_check_partitions('2031-05-01')`],
      ['counterUrl', `insert into check_journal values ('w', 0, 'w', 0, 0, now())`],
      ['counterUrl', `insert into check_twin values ('w', 1, '', gen_random_uuid(), now())`],
      ['counterUrl', `insert into check_anchor values ('k', 1, '', 'w', 1, '', now(), false, 'k', '')`],
      [
        'counterUrl',
        `insert into check_retention_mark values ('checks', 'w', 1, 1, 'w', '', '2015-01-01', now(), 'k', '')`,
      ],
      ['counterUrl', 'select * from check_twin, check_anchor, check_retention_mark, check_log_policy limit 1'],
      ['counterUrl', `select drop_check_month('2016-05-01')`],
      ['counterUrl', `select drop_check_anchors('2016-05-01')`],
      ['counterUrl', `insert into recheck_position values (1, 'c', 0, 0)`],
      [
        'counterUrl',
        `insert into credential (serial, person_id, status, verified_at) values ('CCCCCCCC', 1, 'good', now())`,
      ],
      ['counterUrl', `update credential set status = 'revoked'`],
      ['counterUrl', 'select prune_outbox()'],
      ['counterUrl', `insert into used_id values ('', now()) on conflict do nothing returning true`],
      ['counterUrl', `delete from used_id where until < now()`],
      ['officeUrl', `insert into used_id values ('', now()) on conflict do nothing returning true`],
      ...BATCHES.flatMap((table): [Role, string][] => [
        ['counterUrl', `update ${table} set ${FIRST_COLUMN[table]} = ${FIRST_COLUMN[table]}`],
        ['counterUrl', `delete from ${table}`],
      ]),
      ['counterUrl', `insert into reference_number values ('1312345687', 2, 'K-9', now(), 'c')`],
      ['counterUrl', `update reference_number set reference_number = 'K-8'`],
      ['counterUrl', reception()],
      ['counterUrl', 'delete from oqs_reception'],
      ['counterUrl', 'select * from eligibility_check, qualification, insurer, person, client, fact_change limit 1'],
      ['counterUrl', 'select * from identity_change, coverage_change limit 1'],
      ['officeUrl', `insert into identity_change (person_id, recorded_at, changed) values (1, now(), '{"name": "a"}')`],
      [
        'officeUrl',
        `insert into coverage_change (qualification_id, recorded_at, changed) values (21, now(), '{"insuredCardSymbol": "9"}')`,
      ],
      ...[...COVERAGE, 'credential'].flatMap((table): [Role, string][] => [
        ['officeUrl', `update ${table} set ${FIRST_COLUMN[table]} = ${FIRST_COLUMN[table]}`],
        ['officeUrl', `delete from ${table} where false`],
      ]),
      ['officeUrl', `insert into person (name, name_kana, sex1, birthdate) values ('三', 'ｻﾝ', '1', '1990-01-01')`],
      ['officeUrl', 'select * from eligibility_check, consent limit 1'],
      ['officeUrl', 'select * from individual_number, individual_number_opening, person_access limit 1'],
      ['officeUrl', 'select * from check_answer limit 1'],
      ['officeUrl', `update individual_number set key_id = key_id`],
      [
        'officeUrl',
        `insert into individual_number (person_id, key_id, sealed, number_index, recorded_at)
         values (1, 'k', decode(repeat('00', 40), 'hex'), decode(repeat('00', 32), 'hex'), now())`,
      ],
      [
        'officeUrl',
        `insert into individual_number_opening (person_id, opened_at, client_id, purpose) values (1, now(), 'c', 'review')`,
      ],
      [
        'officeUrl',
        `insert into person_access (person_id, insurer_number, client_id, what, at) values (1, '06130488', 'c', 'accesses', now())`,
      ],
    ])('the %s may: %s', async (role, sql) => {
      expect(await attempt(role, sql)).toBe('ok');
    });
    it('nobody who is neither may look at anything', async () => {
      const name = `stranger_${database.name}`;
      await withClient(database.adminUrl, async (admin) => {
        await admin.query(`create role "${name}"; grant connect on database "${database.name}" to "${name}"`);
        try {
          await admin.query(`set role "${name}"`);
          for (const table of [...COVERAGE, ...RECORD, ...OTHERS, ...BATCHES, ...VAULT, 'credential'])
            await expect(admin.query(`select * from ${table}`), table).rejects.toMatchObject({ code: '42501' });
        } finally {
          await admin.query(`reset role; drop owned by "${name}"; drop role "${name}"`);
        }
      });
    });
  });

  describe('the outbox', () => {
    const dated = (columns: string, values: string, table: string): string =>
      `insert into ${table} (qualification_id, valid_from, recorded_at, ${columns})
       select q, '2026-04-01', now(), ${values} from unnest(array[11, 12, 21]) as q`;
    const whole = (role: Role, insert: string, update: string, remove: string) => ({ role, insert, update, remove });
    const OF_ALL = 'where person_id in (1, 2)';
    const OF_Q = 'where qualification_id in (11, 12, 21)';
    /** Each statement touches three rows of two people. */
    const statements: Readonly<Record<string, ReturnType<typeof whole>>> = {
      person: whole(
        'officeUrl',
        `insert into person (person_id, name, name_kana, sex1, birthdate) values (3, 'a', 'a', '1', '1990-01-01'), (4, 'b', 'b', '2', '1990-01-01')`,
        `update person set name = name || '改' where person_id in (3, 4)`,
        'delete from person where person_id in (3, 4)',
      ),
      credential: whole(
        'officeUrl',
        `insert into credential (serial, person_id, status, verified_at) values ('C1C1C1C1', 1, 'good', now()), ('C2C2C2C2', 1, 'good', now()), ('C3C3C3C3', 2, 'good', now())`,
        `update credential set status = 'revoked' where serial like 'C_C_C_C_'`,
        `delete from credential where serial like 'C_C_C_C_'`,
      ),
      qualification: whole(
        'officeUrl',
        `insert into qualification (person_id, insurer_number, insured_card_classification, insured_identification_number, number_key,
           personal_family_classification, acquired_on, lost_on, loss_recorded_at, available_from, recorded_at)
         select p, '06130488', '01', '77', '77', '1', d, d + 1, now(), d, now()
         from (values (1, date '2001-01-01'), (1, date '2002-01-01'), (2, date '2001-01-01')) as v(p, d)`,
        `update qualification set insured_card_symbol = '9' where number_key = '77'`,
        `delete from qualification where number_key = '77'`,
      ),
      reference_number: whole(
        'officeUrl',
        `insert into reference_number values ('9000000001', 1, 'a'), ('9000000002', 1, 'b'), ('9000000001', 2, 'c')`,
        `update reference_number set reference_number = 'd' where institution_code like '900000000_'`,
        `delete from reference_number where institution_code like '900000000_'`,
      ),
      // The owner: nobody else may change or delete one.
      identity_change: whole(
        'ownerUrl',
        `insert into identity_change (person_id, recorded_at, changed) select p, now(), '{"name": "a"}' from unnest(array[1, 1, 2]) as p`,
        `update identity_change set changed = '{"name": "b"}'`,
        'delete from identity_change',
      ),
      coverage_change: whole(
        'ownerUrl',
        `insert into coverage_change (qualification_id, recorded_at, changed) select q, now(), '{"insuredCardSymbol": "9"}' from unnest(array[11, 12, 21]) as q`,
        `update coverage_change set changed = '{"insuredCardSymbol": "8"}'`,
        'delete from coverage_change',
      ),
      ...Object.fromEntries(
        (
          [
            ['income_assessment', 'facts', `'{"scheme":"shaho"}'::jsonb`, `facts = '{"scheme":"kouki"}'`],
            ['copay_certificate', 'kind, rate_percent', `'late-elderly', 10`, 'rate_percent = 20'],
            ['limit_certificate', 'classification, classification_flag', `'01', 'A03'`, `classification_flag = 'A04'`],
            ['specific_disease_certificate', 'category, self_pay_yen', `'1', 10000`, 'self_pay_yen = 0'],
            [
              'medical_ticket',
              'ticket_type, treatment_month, designated_medical_institution_code',
              `'01', '2026-04', '1312345679'`,
              `ticket_type = '02'`,
            ],
          ] as const
        ).map(([table, columns, values, set]) => [
          table,
          whole(
            'officeUrl',
            dated(columns, values, table),
            `update ${table} set ${set} ${OF_Q}`,
            `delete from ${table} ${OF_Q}`,
          ),
        ]),
      ),
    };

    /** People noted by this transaction, in the order in which they were. */
    const noted = async (client: Client): Promise<string[]> => {
      const { rows } = await client.query<{ person_id: string }>(
        'select person_id from fact_change where transaction_id = pg_current_xact_id()::text::bigint order by person_id, change_id',
      );
      return rows.map((row) => row.person_id);
    };
    const notedBy = async (client: Client, sql: string): Promise<string[]> => {
      const before = (await noted(client)).length;
      const { rowCount } = await client.query(sql);
      expect(rowCount).toBeGreaterThan(0);
      const { rows } = await client.query<{ person_id: string }>(
        `select person_id from (select * from fact_change where transaction_id = pg_current_xact_id()::text::bigint order by change_id offset $1) as f order by person_id`,
        [before],
      );
      return rows.map((row) => row.person_id);
    };
    const inTransaction = async (role: Role, work: (client: Client) => Promise<void>): Promise<void> => {
      const client = clients[role];
      await client.query('begin');
      try {
        await work(client);
      } finally {
        await client.query('rollback');
      }
    };

    it('is fed by every table whose rows a check shows', async () => {
      const { rows } = await clients.ownerUrl.query<{ name: string }>(
        `select distinct tgrelid::regclass::text as name from pg_trigger where not tgisinternal order by 1`,
      );
      expect(rows.map(({ name }) => name)).toEqual(
        [...Object.keys(statements), 'insurer'].toSorted((a, b) => (a < b ? -1 : 1)),
      );
    });

    it.each(Object.entries(statements))(
      '%s: one row for each person a statement touches, of inserts, changes and deletions',
      async (table, { role, insert, update, remove }) => {
        const people = table === 'person' ? ['3', '4'] : ['1', '2'];
        await inTransaction(role, async (client) => {
          expect(await notedBy(client, insert), 'insert').toEqual(people);
          expect(await notedBy(client, update), 'update').toEqual(people);
          expect(await notedBy(client, remove), 'delete').toEqual(people);
          expect(await noted(client)).toHaveLength(6);
        });
      },
    );

    it.each(Object.entries(statements))('%s: rolled back, nothing is left of it', async (_table, { role, insert }) => {
      const count = async () =>
        (await clients.counterUrl.query('select count(*) from fact_change')).rows[0]['count'] as string;
      const before = await count();
      await inTransaction(role, async (client) => {
        await client.query(insert);
        expect(await noted(client)).toHaveLength(2);
        expect(await count(), 'nobody else sees it before it commits').toBe(before);
      });
      expect(await count()).toBe(before);
    });

    it.each(Object.keys(statements))('%s: emptied, everybody may have changed', async (table) => {
      await inTransaction('ownerUrl', async (client) => {
        await client.query(`truncate ${table} cascade`);
        expect(await noted(client)).toContain('0');
      });
    });

    it('is pruned of what is older than seven days, and says how far', async () => {
      await inTransaction('ownerUrl', async (client) => {
        const at = async (age: string, transaction: number): Promise<void> => {
          await client.query(
            `insert into fact_change (transaction_id, person_id, noted_at) values ($1, 1, now() - $2::interval)`,
            [transaction, age],
          );
        };
        await client.query('delete from fact_change');
        await at('7 days 10 seconds', 7);
        await at('8 days', 5);
        await at('6 days 23 hours 59 minutes 50 seconds', 6);
        await client.query('select prune_outbox()');
        const { rows } = await client.query<{ transaction_id: string; pruned_through: string }>(
          'select transaction_id, pruned_through from fact_change, outbox',
        );
        expect(rows).toEqual([{ transaction_id: '6', pruned_through: '7' }]);
        await client.query('select prune_outbox()');
        expect((await client.query('select pruned_through from outbox')).rows).toEqual([{ pruned_through: '7' }]);
        // From the server that this database was restored from, or not restored at all.
        for (const before of ['update outbox set pruned_through = 9e15', 'delete from outbox']) {
          await at('9 days', 3);
          await client.query(before);
          await client.query('select prune_outbox()');
          expect((await client.query('select pruned_through from outbox')).rows).toEqual([{ pruned_through: '3' }]);
        }
      });
    });

    it('a savepoint that is taken back takes its rows with it', async () => {
      await inTransaction('officeUrl', async (client) => {
        await client.query(`update person set name = 'x' where person_id = 1`);
        await client.query('savepoint s');
        await client.query(`update person set name = 'x' where person_id = 2`);
        expect(await noted(client)).toEqual(['1', '2']);
        await client.query('rollback to s');
        expect(await noted(client)).toEqual(['1']);
      });
    });

    it('a statement that touches nobody leaves nothing', async () => {
      await inTransaction('ownerUrl', async (client) => {
        for (const table of Object.keys(statements)) await client.query(`delete from ${table} where false`);
        await client.query(`update person set name = name where person_id = 999`);
        expect(await noted(client)).toEqual([]);
      });
    });

    it.each([
      ['a qualification', 'update qualification set person_id = 2 where qualification_id = 12', ['1', '2']],
      ['a certificate', `update credential set person_id = 2 where serial = 'AAAAAAAA'`, ['1', '2']],
      [
        'a number of an institution',
        `update reference_number set person_id = 2 where institution_code = '1312345687'`,
        ['1', '2'],
      ],
    ])('%s moved to somebody else touches both', async (_what, sql, people) => {
      await inTransaction('officeUrl', async (client) => {
        expect(await notedBy(client, sql)).toEqual(people);
      });
    });
    it('a fact moved to the qualification of somebody else touches both', async () => {
      await inTransaction('officeUrl', async (client) => {
        await client.query(dated('kind, rate_percent', `'late-elderly', 10`, 'copay_certificate'));
        expect(
          await notedBy(client, 'update copay_certificate set qualification_id = 21 where qualification_id = 11'),
        ).toEqual(['1', '2']);
      });
    });
    it.each([
      ['a person with everything of theirs', 'delete from person where person_id = 1'],
      ['a qualification with its facts', 'delete from qualification where qualification_id = 11'],
    ])('%s that goes touches that person, and nobody else', async (_what, sql) => {
      await inTransaction('officeUrl', async (client) => {
        await client.query(dated('kind, rate_percent', `'late-elderly', 10`, 'copay_certificate'));
        expect(new Set(await notedBy(client, sql))).toEqual(new Set(['1']));
      });
    });

    it('an insurer with another name touches everybody insured there, once', async () => {
      await inTransaction('officeUrl', async (client) => {
        expect(
          await notedBy(client, `update insurer set insurer_name = '改名組合' where insurer_number = '06130488'`),
        ).toEqual(['1', '2']);
        expect(
          await notedBy(client, `update insurer set insurer_name = '改名連合' where insurer_number = '39131156'`),
        ).toEqual(['1']);
        expect(await notedBy(client, `update insurer set insurer_name = insurer_name`), 'the same name').toEqual([]);
        expect(await notedBy(client, `insert into insurer values ('138990', '見本区', 'kokuho')`), 'a new one').toEqual(
          [],
        );
      });
    });

    it('the counter, which may not write to it, feeds it by what it may write', async () => {
      await inTransaction('counterUrl', async (client) => {
        expect(await notedBy(client, `update credential set status = 'revoked' ${OF_ALL}`)).toEqual(['1', '2']);
      });
    });

    it('wakes who listens when the change commits', async () => {
      const listener = new Client({ connectionString: database.counterUrl });
      await listener.connect();
      try {
        const woken = new Promise<string>((resolve) => listener.on('notification', ({ channel }) => resolve(channel)));
        await listener.query('listen fact_change');
        await clients.officeUrl.query(`update person set name = '起' where person_id = 1`);
        expect(await woken).toBe('fact_change');
      } finally {
        await listener.end();
      }
    });
  });
});
