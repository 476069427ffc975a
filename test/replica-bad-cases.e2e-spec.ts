import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from 'pg';

import { FactsStore } from '../apps/eligibility-api/src/coverage-store/facts-store.js';
import { insurers } from '../apps/eligibility-api/src/demo/numbers.js';
import { Keeper, type KeeperOptions } from '../apps/eligibility-api/src/replica/keeper.js';
import { ReplicaFolder } from '../apps/eligibility-api/src/replica/replica-folder.js';
import { readReplicaKey, ReplicaKeys } from '../apps/eligibility-api/src/replica/replica-keys.js';
import { ReplicaReader } from '../apps/eligibility-api/src/replica/replica-reader.js';
import type { ReplicaSource } from '../apps/eligibility-api/src/replica/replica-source.js';
import { ReplicatedFacts } from '../apps/eligibility-api/src/replica/replicated-facts.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { plugIn, unplug } from './support/outage.js';
import { eventually, World } from './support/world.js';

const A = 'employee-30-u';
const VERSION = Buffer.alloc(8);

describe('the replica in bad times', () => {
  let world: World;
  let keys: ReplicaKeys;
  let store: FactsStore;
  let folders = 0;
  const open: { close: () => void }[] = [];

  beforeAll(async () => {
    world = await World.start({ name: 'replica_bad', population: 300 });
    keys = new ReplicaKeys(await readReplicaKey(join(world.dataDir, 'secrets')));
    store = world.counter.app.get(FactsStore);
  });
  afterEach(() => {
    for (const part of open.splice(0)) part.close();
  });
  afterAll(() => world.close());

  const office = (sql: string, values: unknown[] = []): Promise<unknown> =>
    withClient(world.database.officeUrl, (db) => db.query(sql, values));
  const serialOf = (id: string): string => world.person(id).certificateSerial ?? '';
  const RENAME = 'update person set name = $2 where person_id = (select person_id from credential where serial = $1)';

  const newFolder = (): ReplicaFolder => new ReplicaFolder(join(world.dataDir, `replica-${(folders += 1)}`));
  const keeperOf = (
    folder: ReplicaFolder,
    source: ReplicaSource = store,
    options: Partial<KeeperOptions> = {},
  ): Keeper => {
    const keeper = new Keeper(source, folder, keys, world.clock, undefined, () => undefined, {
      sealed: true,
      insurers: [],
      ...options,
    });
    open.push(keeper);
    return keeper;
  };
  const readerOf = (folder: ReplicaFolder, sealed = true): ReplicaReader => {
    const reader = new ReplicaReader(folder, keys, { sealed, readyVersion: VERSION });
    open.push(reader);
    return reader;
  };
  const nameIn = (reader: ReplicaReader, id = A): string | undefined => {
    reader.refresh();
    return reader.card(serialOf(id))?.person.identity.name;
  };
  /** The store, except for what a test changes of it. */
  const storeWith = (changed: Partial<ReplicaSource>): ReplicaSource => ({
    standing: () => store.standing(),
    countPeople: () => store.countPeople(),
    changesSince: (...asked) => store.changesSince(...asked),
    peopleAfter: (...asked) => store.peopleAfter(...asked),
    peopleOf: (...asked) => store.peopleOf(...asked),
    prune: () => store.prune(),
    ...changed,
  });

  it('holds exactly what the store says, of everybody, by card and by number', async () => {
    const folder = newFolder();
    await keeperOf(folder).hear();
    const reader = readerOf(folder);
    reader.refresh();
    const { rows: cards } = await withClient(world.database.adminUrl, (db) =>
      db.query<{ serial: string }>('select serial from credential'),
    );
    expect(cards.length).toBeGreaterThan(300);
    for (const { serial } of cards) expect(reader.card(serial), serial).toEqual(await store.bySerial(serial));
    const { rows: numbers } = await withClient(world.database.adminUrl, (db) =>
      db.query<{ insurer: string; number: string }>(
        'select distinct insurer_number as insurer, number_key as number from qualification',
      ),
    );
    expect(numbers.length).toBeGreaterThan(200);
    for (const { insurer, number } of numbers)
      expect(reader.people(insurer, number), number).toEqual(await store.byNumber(insurer, number));
    const { rows: people } = await withClient(world.database.adminUrl, (db) =>
      db.query<{ count: string }>('select count(*) from person'),
    );
    expect(reader.state).toMatchObject({ people: Number(people[0]?.count), cards: cards.length });
  });

  it('what changes while a snapshot is being read is in it when it is current', async () => {
    const folder = newFolder();
    await office(RENAME, [serialOf(A), '読込　前']);
    const source = storeWith({
      peopleAfter: async (...asked) => {
        const read = await store.peopleAfter(...asked);
        if (asked[0] === '0') await office(RENAME, [serialOf(A), '読込　中']);
        return read;
      },
    });
    await keeperOf(folder, source).hear();
    expect(nameIn(readerOf(folder))).toBe('読込　中');
  });

  it('a transaction that was open when the snapshot began is heard when it commits', async () => {
    const folder = newFolder();
    const keeper = keeperOf(folder);
    const late = new Client({ connectionString: world.database.officeUrl });
    await late.connect();
    try {
      await late.query('begin');
      await late.query(RENAME, [serialOf(A), '遅　着']);
      await keeper.hear();
      const reader = readerOf(folder);
      const before = nameIn(reader);
      await office(RENAME, [serialOf('dialysis'), '早　着']);
      await keeper.hear();
      expect([nameIn(reader), nameIn(reader, 'dialysis')]).toEqual([before, '早　着']);
      await late.query('commit');
      await keeper.hear();
      expect(nameIn(reader)).toBe('遅　着');
    } finally {
      await late.end();
    }
  });

  it('while a transaction stays open, what others changed is applied once and not at every hearing', async () => {
    const folder = newFolder();
    const asked: (readonly string[])[] = [];
    const keeper = keeperOf(
      folder,
      storeWith({
        peopleOf: (ids, held) => {
          asked.push(ids);
          return store.peopleOf(ids, held);
        },
      }),
    );
    await keeper.hear();
    const late = new Client({ connectionString: world.database.officeUrl });
    await late.connect();
    try {
      await late.query('begin');
      await late.query('select pg_current_xact_id()');
      await office(RENAME, [serialOf(A), '一度　丈']);
      for (let i = 0; i < 4; i += 1) await keeper.hear();
      expect(asked).toHaveLength(1);
      world.clock.advance(3_000);
      expect(keeper.heldBackMs, 'and operators see for how long it has been').toBe(3_000);
      await late.query('commit');
      await keeper.hear();
      expect(keeper.heldBackMs).toBe(0);
      expect(nameIn(readerOf(folder))).toBe('一度　丈');
    } finally {
      await late.end();
    }
  });

  it('a snapshot that is interrupted goes on where it was', async () => {
    const folder = newFolder();
    let cuts = 2;
    const asked: string[] = [];
    const keeper = keeperOf(
      folder,
      storeWith({
        peopleAfter: async (after, _limit, held) => {
          asked.push(after);
          if (Number(after) > 100 && (cuts -= 1) >= 0) throw new Error('the connection was cut');
          return store.peopleAfter(after, 60, held);
        },
      }),
    );
    await expect(keeper.hear()).rejects.toThrow('cut');
    expect(keeper.progress?.done).toBeGreaterThan(50);
    const reader = readerOf(folder);
    reader.refresh();
    expect(reader.state, 'nothing is answered from half a snapshot').toBeUndefined();
    await expect(keeper.hear()).rejects.toThrow('cut');
    await keeper.hear();
    expect(asked.filter((after) => after === '0')).toHaveLength(1);
    reader.refresh();
    expect(reader.state?.people).toBe(world.counter.app.get(ReplicaReader).state?.people);
    expect(keeper.progress).toBeUndefined();
  });

  it('a keeper that is killed in the middle of a snapshot leaves nothing that is believed, and nothing at all after the next', async () => {
    const folder = newFolder();
    const dies = keeperOf(
      folder,
      storeWith({
        peopleAfter: async (after, _limit, held) => {
          if (Number(after) > 100) throw new Error('killed');
          return store.peopleAfter(after, 60, held);
        },
      }),
    );
    await expect(dies.hear()).rejects.toThrow('killed');
    const half = readdirSync(folder.path).filter((name) => name.endsWith('.db'));
    expect(half).toHaveLength(1);
    // As the system ends a process: files closed, nothing tidied.
    dies.close();
    const next = keeperOf(folder);
    expect(next.resume()).toBe(false);
    await next.hear();
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.db'))).toEqual([`${folder.current()}.db`]);
    expect(half).not.toContain(`${folder.current()}.db`);
  });

  it('a keeper that is killed in the middle of changes applies them again, and loses none', async () => {
    const folder = newFolder();
    await keeperOf(folder).hear();
    open.splice(0).forEach((part) => part.close());
    const { rows } = await withClient(world.database.adminUrl, (db) =>
      db.query<{ serial: string }>(`select min(serial) as serial from credential group by person_id limit 60`),
    );
    await office(
      'update person set name = $2 where person_id in (select person_id from credential where serial = any($1))',
      [rows.map(({ serial }) => serial), '一括　変更'],
    );
    // Some are in, and the watermark is not, when it falls over the 45th.
    const dies = keeperOf(
      folder,
      storeWith({
        peopleOf: async (ids, held) => {
          const people = await store.peopleOf(ids, held);
          return people.map((person) => (person.personId === ids[44] ? { ...person, text: '{' } : person));
        },
      }),
    );
    await expect(dies.hear()).rejects.toThrow(SyntaxError);
    dies.close();
    const next = keeperOf(folder);
    expect(next.resume()).toBe(true);
    await next.hear();
    const reader = readerOf(folder);
    reader.refresh();
    for (const { serial } of rows) expect(reader.card(serial)?.person.identity.name).toBe('一括　変更');
  });

  it('restarted, it goes on from its file: nobody is read again but who changed', async () => {
    const folder = newFolder();
    await keeperOf(folder).hear();
    const generation = folder.current();
    open.splice(0).forEach((part) => part.close());
    await office(RENAME, [serialOf(A), '留守　中']);
    const again = keeperOf(folder, storeWith({ peopleAfter: () => Promise.reject(new Error('read anew')) }));
    expect(again.resume()).toBe(true);
    await again.hear();
    expect(folder.current()).toBe(generation);
    expect(nameIn(readerOf(folder))).toBe('留守　中');
  });

  it.each([
    ['another server or a standby that was promoted', { cluster: '1/2/00000002' }],
    ['a database restored from a copy', { watermark: '1' }],
    ['an outbox pruned beyond what was heard', { prunedThrough: '999999999999' }],
    ['a store whose outbox says nothing of this server', { prunedThrough: '0', cluster: 'restored' }],
    ['a table that was emptied', { everybody: true, transactions: [] }],
  ])('%s is read anew', async (_what, changed) => {
    const folder = newFolder();
    const source = storeWith({});
    const keeper = keeperOf(folder, source);
    await keeper.hear();
    const before = folder.current();
    vi.spyOn(source, 'changesSince').mockImplementationOnce(async (...asked) => ({
      ...(await store.changesSince(...asked)),
      ...changed,
    }));
    await keeper.hear();
    expect(folder.current()).not.toBe(before);
    const reader = readerOf(folder);
    reader.refresh();
    expect(reader.card(serialOf(A))).toBeDefined();
    const current = folder.current();
    await keeper.hear();
    expect(folder.current(), 'once').toBe(current);
  });

  it('a table emptied while another transaction stays open is read anew once', async () => {
    const folder = newFolder();
    const keeper = keeperOf(folder);
    await keeper.hear();
    const late = new Client({ connectionString: world.database.officeUrl });
    await late.connect();
    try {
      await late.query('begin');
      await late.query('select pg_current_xact_id()');
      await withClient(world.database.ownerUrl, (db) => db.query('truncate medical_ticket'));
      const before = folder.current();
      await keeper.hear();
      const after = folder.current();
      expect(after).not.toBe(before);
      await keeper.hear();
      await keeper.hear();
      expect(folder.current()).toBe(after);
    } finally {
      await late.end();
    }
  });

  describe('a file that is broken is not answered from, and is made anew', () => {
    it.each<[string, (file: string) => void]>([
      ['cut', (file) => truncateSync(file, 3 * 8192)],
      ['garbage', (file) => writeFileSync(file, Buffer.alloc(50_000, 1))],
      ['gone', (file) => rmSync(file)],
    ])('%s, at the start', async (_what, harm) => {
      const folder = newFolder();
      await keeperOf(folder).hear();
      const before = folder.current() ?? '';
      open.splice(0).forEach((part) => part.close());
      harm(folder.fileOf(before));
      const again = keeperOf(folder);
      expect(again.resume()).toBe(false);
      const reader = readerOf(folder);
      reader.refresh();
      expect(reader.state).toBeUndefined();
      await again.hear();
      expect(folder.current()).not.toBe(before);
      expect(nameIn(reader)).toBeDefined();
    });

    it('made with another key, or sealed where it should not be', async () => {
      const folder = newFolder();
      await keeperOf(folder).hear();
      const before = folder.current();
      open.splice(0).forEach((part) => part.close());
      const plain = keeperOf(folder, store, { sealed: false });
      expect(plain.resume()).toBe(false);
      await plain.hear();
      expect(folder.current()).not.toBe(before);
      const file = readFileSync(folder.fileOf(folder.current() ?? ''));
      expect(nameIn(readerOf(folder, false))).toBeDefined();
      expect(file.includes('personId'), 'in the plain').toBe(true);
    });

    it('found while it is answered from: the store answers, and the keeper loads it anew', async () => {
      const app = world.counter.app;
      const folder = app.get(ReplicaFolder);
      const reader = app.get(ReplicaReader);
      const before = folder.current() ?? '';
      // On a slow machine it has stood for longer than it may by now, and would not be asked at all.
      world.clock.advance(1);
      await world.heard();
      // The record of one person is changed behind everybody's back.
      const { DatabaseSync } = await import('node:sqlite');
      const db = new DatabaseSync(folder.fileOf(before), { timeout: 5_000 });
      db.exec('update person set record = zeroblob(500)');
      db.close();
      reader.refresh();
      const reply = await world.ask(A);
      expect(reply.body).toMatchObject({ verdict: 'valid', freshness: { source: 'database' } });
      expect(reply.body['freshness']).not.toHaveProperty('degraded');
      await eventually(async () => {
        world.clock.advance(1);
        await world.heard();
        return folder.current() !== before && app.get(ReplicatedFacts).isCurrent;
      });
      expect((await world.ask(A)).body).toMatchObject({ verdict: 'valid', freshness: { source: 'replica' } });
    });

    it('holds nothing that can be read without the key', async () => {
      const folder = newFolder();
      await keeperOf(folder).hear();
      const bytes = readFileSync(folder.fileOf(folder.current() ?? ''));
      for (const text of ['personId', serialOf(A), '06130488']) expect(bytes.includes(text), text).toBe(false);
    });
  });

  describe('REPLICA_INSURERS', () => {
    it('holds the people of those insurers, whole, and asks the store about the others', async () => {
      const folder = newFolder();
      const held = [insurers.society.insurerNumber];
      await keeperOf(folder, store, { insurers: held }).hear();
      const reader = readerOf(folder);
      reader.refresh();
      const { rows } = await withClient(world.database.adminUrl, (db) =>
        db.query<{ serial: string; held: boolean }>(
          'select serial, exists (select from qualification q where q.person_id = c.person_id and insurer_number = any($1)) as held from credential c',
          [held],
        ),
      );
      expect(new Set(rows.map((row) => row.held))).toEqual(new Set([true, false]));
      for (const { serial, held: isHeld } of rows)
        if (isHeld) expect(reader.card(serial)).toEqual(await store.bySerial(serial));
        else expect(reader.card(serial)).toBeUndefined();
      const facts = new ReplicatedFacts(reader, store, world.clock, {
        behindMs: 5_000,
        certificatesConfirmedAt: () => undefined,
      });
      const other = rows.find((row) => !row.held)?.serial ?? '';
      expect(await facts.bySerial(other)).toMatchObject({
        source: 'database',
        value: { certificate: { serial: other } },
      });
      expect(await facts.bySerial('FFFFFFFF'), 'whose card it is not, only the store knows').toMatchObject({
        source: 'database',
      });
      expect(await facts.byNumber(held[0] ?? '', 'nobody')).toMatchObject({ source: 'replica', value: [] });
      expect(await facts.byNumber(insurers.otherSociety.insurerNumber, 'nobody')).toMatchObject({ source: 'database' });
    });

    it('somebody who joins or leaves them comes and goes', async () => {
      const folder = newFolder();
      const keeper = keeperOf(folder, store, { insurers: [insurers.otherSociety.insurerNumber] });
      await keeper.hear();
      const reader = readerOf(folder);
      expect(nameIn(reader)).toBeUndefined();
      await office(
        `insert into qualification (person_id, insurer_number, insured_card_classification, insured_identification_number, number_key,
           personal_family_classification, acquired_on, available_from, recorded_at)
         select person_id, $2, '01', '900', '900', '1', '1999-01-01', '1999-01-01', '1999-01-01T00:00:00Z' from credential where serial = $1`,
        [serialOf(A), insurers.otherSociety.insurerNumber],
      );
      await keeper.hear();
      expect(nameIn(reader)).toBeDefined();
      await office(`delete from qualification where number_key = '900'`);
      await keeper.hear();
      expect(nameIn(reader)).toBeUndefined();
      expect(reader.people(insurers.otherSociety.insurerNumber, '900')).toEqual([]);
    });
  });

  describe('two processes on one folder', () => {
    it('one keeps, both read, and the other takes over when the first is gone', async () => {
      const folder = newFolder();
      const [first, second] = [keeperOf(folder), keeperOf(folder)];
      await first.hear();
      await second.hear();
      expect([first.isKeeper, second.isKeeper]).toEqual([true, false]);
      const reader = readerOf(folder);
      await office(RENAME, [serialOf(A), '交代　前']);
      await second.hear();
      expect(nameIn(reader)).not.toBe('交代　前');
      await first.hear();
      expect(nameIn(reader)).toBe('交代　前');
      first.close();
      await office(RENAME, [serialOf(A), '交代　後']);
      await second.hear();
      expect(second.isKeeper).toBe(true);
      expect(nameIn(reader)).toBe('交代　後');
    });
  });

  it('two machines on one database each hear of every change by themselves, within a moment of its commit', async () => {
    const other = await world.anotherCounter();
    try {
      world.clock.advance(1);
      await world.heard();
      await world.heard(other);
      await office(RENAME, [serialOf(A), '二台　目']);
      const nameAt = async (url: string): Promise<string> => {
        const reply = await fetch(`${url}/v1/eligibility-checks`, {
          method: 'POST',
          headers: { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' },
          body: JSON.stringify({ card: { certificateSerial: serialOf(A) } }),
        });
        const body = (await reply.json()) as { results: { name: string }[]; freshness: { source: string } };
        expect(body.freshness.source).toBe('replica');
        return body.results[0]?.name ?? '';
      };
      const began = performance.now();
      await eventually(
        async () => (await nameAt(world.url)) === '二台　目' && (await nameAt(other.url)) === '二台　目',
      );
      expect(performance.now() - began).toBeLessThan(1_000);
    } finally {
      await other.app.close();
    }
  });

  describe('started while PostgreSQL is away', () => {
    it('answers from the replica that stands, within three seconds, and from PostgreSQL once it is back', async () => {
      const alone = await World.start({ name: 'replica_alone' });
      try {
        const token = await alone.token();
        await alone.counter.app.close();
        await unplug(alone);
        const began = performance.now();
        const again = await alone.anotherCounter('beside');
        try {
          expect(performance.now() - began).toBeLessThan(3_000);
          const ask = async (id: string): Promise<{ status: number; body: Record<string, any> }> => {
            const reply = await fetch(`${again.url}/v1/eligibility-checks`, {
              method: 'POST',
              headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
              body: JSON.stringify({ card: { certificateSerial: alone.person(id).certificateSerial } }),
            });
            return { status: reply.status, body: (await reply.json()) as Record<string, any> };
          };
          expect(await ask(A)).toMatchObject({
            status: 200,
            body: { verdict: 'valid', freshness: { source: 'replica' } },
          });
          alone.clock.advance(10_000);
          expect(await ask(A)).toMatchObject({
            status: 200,
            body: { freshness: { source: 'replica', degraded: { reason: 'database-unavailable' } } },
          });
          expect(await ask('coverage-lost'), 'not covered is not said by a replica that is behind').toMatchObject({
            status: 503,
          });
          await plugIn(alone);
          await eventually(async () => (await ask('coverage-lost')).status === 200);
          await eventually(async () => (await ask(A)).body['freshness'].degraded === undefined);
        } finally {
          await again.app.close();
        }
      } finally {
        await plugIn(alone);
        await alone.close();
      }
    });
  });
});
