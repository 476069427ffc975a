import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { gunzipSync } from 'node:zlib';

import { Logger } from 'nestjs-pino';
import { Client, type DatabaseError } from 'pg';
import { DataSource } from 'typeorm';

import { CounterModule } from '../apps/eligibility-api/src/counter.module.js';
import { readPdf } from '../apps/eligibility-api/src/documents/paper/read-pdf.fixture.js';
import { createHttpApp, type HttpApp } from '../apps/eligibility-api/src/http/create-http-app.js';
import { prepare } from '../apps/eligibility-api/src/prepare.js';
import { PERSON_SEARCH, type PersonSearch } from '../apps/eligibility-api/src/registry/person-search.js';
import { readSettings } from '../apps/eligibility-api/src/settings/index.js';
import { IndividualNumber } from '../apps/eligibility-api/src/vault/individual-number.js';
import { resealCommand } from '../apps/eligibility-api/src/vault-commands.js';
import { OPENING_PURPOSES } from '../apps/eligibility-api/src/vault/opening-purposes.js';
import { readVaultKeys } from '../apps/eligibility-api/src/vault/vault-keys.js';
import { VaultSeal } from '../apps/eligibility-api/src/vault/vault-seal.js';
import { Vault } from '../apps/eligibility-api/src/vault/vault.js';
import { backUp } from '../scripts/launcher/backup.mjs';
import { withClient } from '../scripts/launcher/database.mjs';
import { spellingsOf } from './support/spellings.js';
import { eventually, World } from './support/world.js';

const WHO = { clientId: 'demo-insurer', operator: 'staff-7' };
const PURPOSE = 'notice-last-four';

const numberOf = (text: string): IndividualNumber => {
  const number = IndividualNumber.read(text);
  if (!number.ok) throw new Error(number.detail);
  return number.value;
};
const ONE = numberOf('123456789018');
const OTHER = numberOf('983205673214');

describe('the vault of individual numbers', () => {
  let world: World;
  let office: HttpApp & { url: string };
  let dataSource: DataSource;
  let vault: Vault;
  let log: Logger;
  /** What counter and office have written to their logs since this began, at their most talkative. */
  let logged = '';

  beforeAll(async () => {
    // A log that finds this in its place writes here, and not past it to the file.
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      logged += String(text);
      return true;
    });
    world = await World.start({ name: 'vault', settings: { LOG_LEVEL: 'trace' } });
    office = await world.office();
    dataSource = office.app.get(DataSource, { strict: false });
    vault = office.app.get(Vault, { strict: false });
    log = office.app.get(Logger);
  });
  afterAll(async () => {
    await office.app.close();
    await world.close();
    vi.restoreAllMocks();
  });
  beforeEach(() =>
    withClient(world.database.adminUrl, (db) => db.query('truncate individual_number, individual_number_opening')),
  );

  const put = (personId: string, number: IndividualNumber, by = vault): Promise<string> =>
    dataSource.transaction((manager) => by.put(manager, personId, number, world.clock.now()));
  const rows = async (table: string, of = '*'): Promise<Record<string, any>[]> =>
    withClient(world.database.adminUrl, async (db) => (await db.query(`select ${of} from ${table} order by 1`)).rows);

  describe('keeps a number', () => {
    it('once: brought again it is the same', async () => {
      expect(await put('1', ONE)).toBe('kept');
      const [kept] = await rows('individual_number');
      expect(kept).toMatchObject({ person_id: '1', recorded_at: new Date(world.clock.now()) });
      expect(await put('1', ONE)).toBe('same');
      expect(await rows('individual_number')).toEqual([kept]);
    });

    it('for one person: brought for another, nothing changes', async () => {
      await put('1', ONE);
      const before = await rows('individual_number');
      expect(await put('2', ONE)).toBe('number-of-another-person');
      expect(await rows('individual_number')).toEqual(before);
    });

    it('and no second one for a person: nothing changes', async () => {
      await put('1', ONE);
      const before = await rows('individual_number');
      expect(await put('1', OTHER)).toBe('other-number');
      expect(await rows('individual_number')).toEqual(before);
    });

    it('and says the worse of two: the number of another for somebody who has one', async () => {
      await put('1', ONE);
      await put('2', OTHER);
      expect(await put('1', OTHER)).toBe('number-of-another-person');
    });

    it('of two who bring one number for two people at once, for the first', async () => {
      const runner = dataSource.createQueryRunner();
      await runner.startTransaction();
      expect(await vault.put(runner.manager, '1', ONE, world.clock.now())).toBe('kept');
      const second = put('2', ONE);
      await withClient(world.database.adminUrl, async (db) => {
        const waits = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%individual_number%'`;
        await vi.waitFor(async () => expect((await db.query(waits)).rowCount).toBe(1), { timeout: 10_000 });
      });
      await runner.commitTransaction();
      await runner.release();
      expect(await second).toBe('number-of-another-person');
    });

    it('not, when the transaction it was brought in is taken back', async () => {
      const runner = dataSource.createQueryRunner();
      await runner.startTransaction();
      await vault.put(runner.manager, '1', ONE, world.clock.now());
      await runner.rollbackTransaction();
      await runner.release();
      expect(await rows('individual_number')).toEqual([]);
    });

    it('until its person goes; what was opened stays on record', async () => {
      await withClient(world.database.adminUrl, (db) =>
        db.query(
          `insert into person (person_id, name, name_kana, sex1, birthdate) values (9001, '去', 'ｷｮ', '1', '1990-01-01')`,
        ),
      );
      await put('9001', ONE);
      await vault.open('9001', 'review', WHO, world.clock.now());
      await dataSource.query('delete from person where person_id = 9001');
      expect(await rows('individual_number')).toEqual([]);
      expect(await rows('individual_number_opening')).toHaveLength(1);
    });
  });

  describe('finds a person by a number', () => {
    it('and puts nothing on record, since nothing is opened', async () => {
      await put('3', ONE);
      expect([await vault.findPerson(ONE), await vault.findPerson(OTHER)]).toEqual(['3', undefined]);
      expect(await rows('individual_number_opening')).toEqual([]);
    });
  });

  describe('opens a number', () => {
    it('with who, when and what for on record', async () => {
      await put('1', ONE);
      const opened = await vault.open('1', 'correction', WHO, world.clock.now());
      expect(opened?.reveal()).toBe('123456789018');
      expect(await vault.lastFour('1', PURPOSE, { clientId: 'night-job' }, world.clock.now())).toBe('9018');
      const record = await rows(
        'individual_number_opening',
        'opening_id, person_id, opened_at, client_id, operator, purpose',
      );
      const at = new Date(world.clock.now());
      expect(record).toMatchObject([
        { person_id: '1', opened_at: at, client_id: 'demo-insurer', operator: 'staff-7', purpose: 'correction' },
        { person_id: '1', opened_at: at, client_id: 'night-job', operator: null, purpose: PURPOSE },
      ]);
    });

    it('for every purpose that it knows', async () => {
      await put('1', ONE);
      for (const purpose of OPENING_PURPOSES) await vault.open('1', purpose, WHO, world.clock.now());
      expect((await rows('individual_number_opening', 'purpose')).map(({ purpose }) => purpose as string)).toEqual(
        OPENING_PURPOSES.toSorted(),
      );
    });

    it('not for a purpose of somebody’s own: it is not given', async () => {
      await put('1', ONE);
      await expect(vault.open('1', 'curiosity' as never, WHO, world.clock.now())).rejects.toThrow(
        'individual_number_opening_purpose',
      );
    });

    it('not when it cannot be put on record: it is not given', async () => {
      await put('1', ONE);
      await withClient(world.database.adminUrl, (db) =>
        db.query('revoke insert on individual_number_opening from shikaku_office'),
      );
      try {
        await expect(vault.open('1', PURPOSE, WHO, world.clock.now())).rejects.toThrow('permission denied');
      } finally {
        await withClient(world.database.adminUrl, (db) =>
          db.query('grant insert on individual_number_opening to shikaku_office'),
        );
      }
    });

    it('nothing where none is kept, and puts nothing on record', async () => {
      expect(await vault.open('1', PURPOSE, WHO, world.clock.now())).toBeUndefined();
      expect(await vault.lastFour('1', PURPOSE, WHO, world.clock.now())).toBeUndefined();
      expect(await rows('individual_number_opening')).toEqual([]);
    });

    it('not in the row of another person, into which somebody has copied it; that it was tried is on record', async () => {
      await put('1', ONE);
      await put('2', OTHER);
      await withClient(world.database.adminUrl, (db) =>
        db.query(
          `update individual_number set sealed = (select sealed from individual_number where person_id = 1) where person_id = 2`,
        ),
      );
      await expect(vault.open('2', PURPOSE, WHO, world.clock.now())).rejects.toThrow('cannot be opened: not-ours');
      expect(await rows('individual_number_opening')).toHaveLength(1);
    });
  });

  describe('after a change of keys', () => {
    const changed = async (): Promise<Vault> => {
      const { seal, index } = await readVaultKeys(world.settings.VAULT_SECRETS_DIR);
      const current = createSecretKey(randomBytes(32));
      return new Vault(
        dataSource,
        new VaultSeal({ current: 'new', seal: new Map([...seal, ['new', current]]), index }),
      );
    };

    it('opens and finds what was sealed before, and seals it anew when it is brought again', async () => {
      await put('1', ONE);
      const [before] = await rows('individual_number');
      const later = await changed();
      expect((await later.open('1', PURPOSE, WHO, world.clock.now()))?.reveal()).toBe('123456789018');
      expect(await later.findPerson(ONE)).toBe('1');
      expect(await put('1', ONE, later)).toBe('same');
      const [after] = await rows('individual_number');
      expect(after).toEqual({ ...before, key_id: 'new', sealed: expect.any(Buffer) as Buffer });
      expect((await later.open('1', PURPOSE, WHO, world.clock.now()))?.reveal()).toBe('123456789018');
      await expect(vault.open('1', PURPOSE, WHO, world.clock.now())).rejects.toThrow('cannot be opened: key-missing');
    });

    it('all of them are sealed anew at once, each with its opening on record; one that does not open is named and stays', async () => {
      await put('1', ONE);
      await put('2', OTHER);
      await put('3', numberOf('123456789026'));
      await withClient(world.database.adminUrl, (db) =>
        db.query(
          `update individual_number set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where person_id = 2`,
        ),
      );
      const before = await rows('individual_number');
      const folder = join(world.dataDir, 'changed');
      const text = readFileSync(join(world.settings.VAULT_SECRETS_DIR, 'vault-keys.json'), 'utf8');
      const { keys, index } = JSON.parse(text) as { keys: Record<string, string>; index: string };
      mkdirSync(folder);
      const next = { current: 'new', keys: { ...keys, new: randomBytes(32).toString('hex') }, index };
      writeFileSync(join(folder, 'vault-keys.json'), JSON.stringify(next));
      const settings = { ...world.settings, DATABASE_URL: world.database.officeUrl, VAULT_SECRETS_DIR: folder };
      const said: string[] = [];
      expect(await resealCommand(settings, (line) => said.push(line))).toBe(1);
      expect(said.join(' ')).toMatch(
        /^2 individual numbers are sealed anew, under key new\. 1 could not be opened .*\(person_id 2\)/,
      );
      const after = await rows('individual_number');
      expect(after.map(({ key_id: id }) => id as string)).toEqual(['new', before[1]?.['key_id'], 'new']);
      expect(after[1]).toEqual(before[1]);
      const later = new Vault(dataSource, new VaultSeal(await readVaultKeys(folder)));
      expect((await later.open('1', PURPOSE, WHO, world.clock.now()))?.reveal()).toBe(ONE.reveal());
      expect(await later.findPerson(OTHER)).toBe('2');
      const openings = await rows('individual_number_opening', 'opening_id, person_id, client_id, purpose');
      expect(openings.slice(0, 3)).toMatchObject(
        ['1', '2', '3'].map((personId) => ({ person_id: personId, client_id: 'vault:reseal', purpose: 'key-change' })),
      );
      // Again there is nothing to do but for the one.
      said.length = 0;
      expect(await resealCommand(settings, (line) => said.push(line))).toBe(1);
      expect(said[0]).toMatch(/^0 individual numbers/);
      expect((await rows('individual_number')).slice(0, 1)).toEqual(after.slice(0, 1));
    });

    it('of several brought at once each is told what became of it', async () => {
      await put('1', ONE);
      const brought = [
        { personId: '1', number: ONE },
        { personId: '2', number: OTHER },
        { personId: '3', number: ONE },
      ];
      const came = await dataSource.transaction((manager) => vault.putAll(manager, brought, world.clock.now()));
      expect(came).toEqual(['same', 'kept', 'number-of-another-person']);
      expect(await rows('individual_number', 'person_id')).toEqual([{ person_id: '1' }, { person_id: '2' }]);
    });

    it('prepare makes no new keys beside numbers that are sealed under lost ones, and says what is missing', async () => {
      await put('1', ONE);
      const settings = readSettings({
        ...world.settings,
        DATABASE_URL: world.database.ownerUrl,
        VAULT_SECRETS_DIR: join(world.dataDir, 'lost'),
      } as never);
      await expect(prepare(settings, { say: () => {} }, world.clock)).rejects.toThrow(
        'sealed under a key that is not there',
      );
      await expect(readVaultKeys(join(world.dataDir, 'lost'))).rejects.toMatchObject({ code: 'ENOENT' });
    });
  });

  describe('is closed to the counter', () => {
    it.each([
      'select * from individual_number',
      'select count(*) from individual_number',
      `insert into individual_number (person_id, key_id, sealed, number_index, recorded_at) values (1, 'k', '', '', now())`,
      'update individual_number set sealed = sealed',
      'delete from individual_number',
      'select * from individual_number_opening',
      `insert into individual_number_opening (person_id, opened_at, client_id, purpose) values (1, now(), 'c', 'review')`,
    ])('%s', async (sql) => {
      await withClient(world.database.counterUrl, async (db) => {
        await expect(db.query(sql)).rejects.toThrow('permission denied');
      });
    });

    it('which has no vault in it, and does not open the folder of its keys', async () => {
      expect(() => world.counter.app.get(Vault, { strict: false })).toThrow('could not find Vault');
      const settings = {
        ...world.settings,
        VAULT_SECRETS_DIR: join(world.dataDir, 'no-such-folder'),
        DATA_DIR: join(world.dataDir, 'apart'),
      };
      const { app } = await createHttpApp(CounterModule.with(settings, world.clock), 'counter');
      await app.close();
    });

    it('and its own role, the office’s, may take no number and no opening away, and change no opening', async () => {
      const client = new Client({ connectionString: world.database.officeUrl });
      await client.connect();
      try {
        for (const sql of [
          'delete from individual_number',
          'truncate individual_number',
          'delete from individual_number_opening',
          `update individual_number_opening set purpose = 'review'`,
          'truncate individual_number_opening',
        ]) {
          const code = await client.query(sql).then(
            () => 'ok',
            (error: unknown) => (error as DatabaseError).code,
          );
          expect([sql, code]).toEqual([sql, '42501']);
        }
      } finally {
        await client.end();
      }
    });
  });

  describe('holds a number, and nothing else does', () => {
    interface Swept {
      /** Where it is, and how. */
      readonly found: readonly string[];
      readonly counts: {
        tables: number;
        rows: number;
        files: number;
        replies: number;
        bytes: number;
        spellings: number;
      };
    }
    /** What callers were given, metrics and documents included: where from, and the bytes. */
    const given: [string, Buffer][] = [];

    /** Everywhere that the digits are, however they are written: tables, whatever lies in the data folder with a dump in it, logs, and replies. */
    const sweep = async (digits: string): Promise<Swept> => {
      const spellings = spellingsOf(digits);
      const found: string[] = [];
      const counts = { tables: 0, rows: 0, files: 0, replies: 0, bytes: 0, spellings: spellings.length };
      const look = (place: string, bytes: Buffer): void => {
        const text = bytes.toString('latin1');
        counts.bytes += bytes.length;
        for (const { how, text: wanted } of spellings) if (text.includes(wanted)) found.push(`${place}: ${how}`);
      };
      await withClient(world.database.adminUrl, async (db) => {
        const { rows: tables } = await db.query<{ name: string }>(
          `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1`,
        );
        for (const { name } of tables) {
          const { rows: texts } = await db.query<{ row: string }>(`select t::text as row from ${name} t`);
          counts.tables += 1;
          counts.rows += texts.length;
          look(name, Buffer.from(texts.map(({ row }) => row).join('\n')));
        }
      });
      const dump = join(world.dataDir, 'dump');
      await backUp(world.database.ownerUrl, dump);
      const files = readdirSync(world.dataDir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
      for (const { parentPath, name } of files) {
        const bytes = readFileSync(join(parentPath, name));
        counts.files += 1;
        look(name, name.endsWith('.gz') ? gunzipSync(bytes) : bytes);
      }
      rmSync(dump, { recursive: true });
      look('log', Buffer.from(logged));
      for (const [name, bytes] of given) {
        counts.replies += 1;
        look(name, bytes);
      }
      return { found, counts };
    };

    /** Asks as an insurer does, and keeps what was given. */
    const ask = async (
      method: string,
      path: string,
      { body, type = 'application/json', accept = '*/*' }: Asking = {},
    ): Promise<Buffer> => {
      const response = await fetch(`${office.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await world.token('demo-insurer')}`,
          accept,
          ...(body === undefined ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      given.push(
        [`${method} ${path}`, bytes],
        [`${method} ${path} head`, Buffer.from(JSON.stringify([...response.headers]))],
      );
      if (response.headers.get('content-type') === 'application/pdf')
        given.push([`${path} read`, Buffer.from(readPdf(bytes).texts.join(''))]);
      return bytes;
    };

    it('which the sweep would find', async () => {
      const digits = OTHER.reveal();
      const wide = digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
      const planted = join(world.dataDir, 'planted');
      const before = logged;
      const name = (text: string | null): Promise<unknown> =>
        withClient(world.database.adminUrl, (db) =>
          db.query('update person set name_of_other = $1 where person_id = 1', [text]),
        );
      await name(wide);
      await withClient(world.database.adminUrl, (db) =>
        db.query(`select graphile_worker.add_job('planted', json_build_object('n', $1::text), job_key := 'planted')`, [
          digits,
        ]),
      );
      writeFileSync(planted, `a line with ${Buffer.from(`x${digits}`).toString('base64')} in it`);
      log.verbose({ number: [...digits].toReversed().join('') });
      given.push(['reply', Buffer.from(`{"n":"${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8)}"}`)]);
      try {
        const { found } = await sweep(digits);
        expect(found).toEqual(
          expect.arrayContaining([
            'person: full width, as they are',
            'graphile_worker._private_jobs: plain, as they are',
            'planted: plain, in base64',
            'log: reversed, as they are',
            'reply: grouped by hyphens, as they are',
          ]),
        );
        expect(found.some((place) => /^person.*\.gz: full width/.test(place))).toBe(true);
      } finally {
        logged = before;
        given.pop();
        rmSync(planted);
        await name(null);
        await withClient(world.database.adminUrl, (db) => db.query(`select graphile_worker.remove_job('planted')`));
        await world.heard();
      }
    });

    it('found at the registry, filed, imported, refused, kept, brought again, found, printed and opened', async () => {
      const theirs = await withClient(world.database.adminUrl, async (db) => {
        const { rows: people } = await db.query<{ ref: string }>(
          `select registry_person_ref as ref from person join qualification using (person_id) where insurer_number = '06130488'`,
        );
        return new Set(people.map(({ ref }) => ref));
      });
      const { registry } = world.mock;
      const residents = Array.from({ length: registry.size }, (_, position) => registry.resident(position));
      const resident = residents.find(({ personRef }) => !theirs.has(personRef));
      if (resident === undefined) throw new Error('everybody is insured there already');
      const { kanjiName, kanaName, birthDate, sex, address } = resident;
      const search = office.app.get<PersonSearch>(PERSON_SEARCH, { strict: false });
      const { candidates } = await search.search({ kanjiName, kanaName, birthDate, sex, address });
      const number = candidates[0]?.individualNumber;
      if (number === undefined) throw new Error('the registry found nobody');
      const digits = number.reveal();
      const filing = {
        kind: 'acquisition',
        qualificationDate: '2026-11-20',
        person: { name: kanjiName, nameKana: kanaName, birthdate: birthDate, sex1: sex, address },
        insuredIdentificationNumber: '55501',
      };
      const wide = digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
      const filed = async (body: object): Promise<Record<string, any>> => {
        const { enrollmentId } = JSON.parse(String(await ask('POST', '/v1/enrollments', { body }))) as {
          enrollmentId: string;
        };
        let found: Record<string, any> = {};
        await eventually(async () => {
          found = JSON.parse(String(await ask('GET', `/v1/enrollments/${enrollmentId}`))) as Record<string, any>;
          return !['received', 'looking-up'].includes(found['state'] as string);
        });
        return found;
      };
      // Its own in full width, its own as it is, and what is refused: a wrong digit, in the wrong place, in a file.
      const registered = await filed({ ...filing, individualNumber: wide });
      expect(registered['state']).toBe('registered');
      expect((await filed({ ...filing, individualNumber: digits }))['state']).toBe('returned');
      await ask('POST', '/v1/enrollments', { body: { ...filing, individualNumber: `${digits}0` } });
      await ask('POST', '/v1/enrollments', { body: { ...filing, mynumber: digits } });
      await ask('POST', '/v1/enrollments', { body: `{"individualNumber":"${digits}",`, type: 'text/plain' });
      await ask('POST', '/v1/enrollment-imports', { body: `kind,個人番号\nacquisition,${digits}\n`, type: 'text/csv' });
      await ask('GET', `/v1/enrollments/${digits}`);
      const id = registered['insuredPersonId'] as string;
      for (const document of ['qualification-notice', 'qualification-screen', 'eligibility-declaration'])
        for (const accept of ['application/json', 'application/pdf'])
          await ask('GET', `/v1/insured-persons/${id}/${document}`, { accept });
      await ask('GET', `/v1/insured-persons/${id}/qualifications`);
      await ask('POST', '/v1/document-batches', { body: { document: 'qualification-screen', people: [id] } });

      expect(await put(id, number)).toBe('same');
      expect(await put('2', number)).toBe('number-of-another-person');
      expect(await vault.findPerson(number)).toBe(id);
      expect(await vault.lastFour(id, PURPOSE, WHO, world.clock.now())).toBe(number.lastFour());
      // As whoever logs whole objects and errors would.
      log.verbose({ candidates, number });
      log.verbose(inspect({ candidates }, { depth: 9, showHidden: true }));
      const refused: unknown = await vault
        .open(id, 'curiosity' as never, WHO, world.clock.now())
        .catch((e: unknown) => e);
      log.error(refused);
      log.verbose(inspect(refused, { depth: 9, showHidden: true }));
      await world.ask('employee-30-u');
      await world.shipped();
      await ask('GET', '/metrics');
      given.push(['counter metrics', Buffer.from(await (await fetch(`${world.url}/metrics`)).text())]);
      for (const file of ['openapi.json', 'openapi-office.json', 'errors.md', 'settings.md'])
        given.push([file, readFileSync(join(import.meta.dirname, '../docs', file))]);

      expect(logged).toMatch(/"level":10,.*\[individual number\]/);
      expect(logged).toMatch(/"level":50,.*individual_number_opening_purpose/);
      const { found, counts } = await sweep(digits);
      expect(found).toEqual([]);
      expect(counts.tables).toBeGreaterThan(40);
      expect(counts.replies).toBeGreaterThan(30);
      expect(counts.spellings).toBeGreaterThan(90);
    });
  });
});

interface Asking {
  /** Text is sent as it is, anything else as JSON. */
  readonly body?: string | object;
  readonly type?: string;
  readonly accept?: string;
}
