import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { openForWriting } from './replica-file.js';
import { ReplicaFolder } from './replica-folder.js';
import { ReplicaKeys, type GenerationKeys } from './replica-keys.js';
import { ReplicaBroken, ReplicaReader } from './replica-reader.js';
import { ReplicaWriter } from './replica-writer.js';
import { makeGeneration, personText } from './replica.fixture.js';

const VERSION = Buffer.from('version1');
const keys = new ReplicaKeys(Buffer.alloc(32, 1));
const everybody = Array.from({ length: 60 }, (_, at) => personText(String(at + 1)));

let path: string;
let folder: ReplicaFolder;
let reader: ReplicaReader;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'shikaku-replica-'));
  folder = new ReplicaFolder(path);
  reader = new ReplicaReader(folder, keys, { sealed: true, readyVersion: VERSION });
});
afterEach(() => {
  reader.close();
  rmSync(path, { recursive: true, force: true });
});

const writing = (generation: string, generationKeys: GenerationKeys = keys.of(generation)): ReplicaWriter => {
  const db = openForWriting(folder.fileOf(generation));
  const { text } = db.prepare('select text from state').get() as { text: string };
  return new ReplicaWriter(db, generationKeys, JSON.parse(text));
};

describe('a reader of the replica', () => {
  it('has nothing to say before there is a generation', () => {
    reader.refresh();
    expect(reader.state).toBeUndefined();
    expect(reader.ready('A0000001')).toBeUndefined();
    expect(() => reader.card('A0000001')).toThrow(ReplicaBroken);
  });

  it('finds a person by serial and by number, and knows who is not there', () => {
    const generation = makeGeneration(folder, keys, everybody);
    reader.refresh();
    expect(reader.state).toMatchObject({ generation, asOf: 1_000, people: 60, cards: 60, numbers: 60 });
    expect(reader.card('A0000007')).toMatchObject({ certificate: { serial: 'A0000007' }, person: { personId: '7' } });
    expect(reader.card('A0000061')).toBeUndefined();
    expect(reader.people('06130488', '7')).toMatchObject([{ personId: '7' }]);
    expect(reader.people('06130488', '61')).toEqual([]);
    expect(reader.people('06130489', '7')).toEqual([]);
  });

  it('follows renewals to the newest certificate, as far as they are known', () => {
    makeGeneration(folder, keys, [personText('1', { serials: ['AAAAAAAA', 'BBBBBBBB', 'CCCCCCCC'], chained: true })]);
    reader.refresh();
    expect(reader.card('AAAAAAAA')).toMatchObject({
      certificate: { serial: 'AAAAAAAA' },
      successor: { serial: 'CCCCCCCC' },
    });
    expect(reader.card('AAAAAAAA')?.certificate).not.toHaveProperty('supersededBy');
    expect(reader.card('CCCCCCCC')).not.toHaveProperty('successor');
  });

  it('sees one snapshot from one refresh to the next', () => {
    const generation = makeGeneration(folder, keys, everybody);
    const writer = writing(generation);
    reader.refresh();
    writer.write(() => {
      writer.replace(personText('7', { name: '改姓　七' }));
      writer.remove(8n);
      return { asOf: 2_000 };
    });
    expect(reader.card('A0000007')?.person.identity.name).toBe('資格　太郎');
    expect([reader.card('A0000008')?.person.personId, reader.state?.asOf]).toEqual(['8', 1_000]);
    reader.refresh();
    expect(reader.card('A0000007')?.person.identity.name).toBe('改姓　七');
    expect([reader.card('A0000008'), reader.people('06130488', '8'), reader.state?.asOf]).toEqual([
      undefined,
      [],
      2_000,
    ]);
    expect(reader.state).toMatchObject({ people: 59, cards: 59, numbers: 59 });
    writer.write(() => {
      writer.remove(9n);
      return {};
    });
    expect(reader.card('A0000009'), 'and so from every refresh on').toBeDefined();
    writer.close();
  });

  it('a transaction that fails leaves nothing', () => {
    const generation = makeGeneration(folder, keys, everybody);
    const writer = writing(generation);
    expect(() =>
      writer.write(() => {
        writer.remove(7n);
        throw new Error('half way');
      }),
    ).toThrow('half way');
    expect(writer.state.people).toBe(60);
    reader.refresh();
    expect(reader.card('A0000007')).toBeDefined();
    writer.close();
  });

  it('goes over to a new generation when the pointer names it, and the old one may go', () => {
    const old = makeGeneration(folder, keys, everybody);
    reader.refresh();
    const next = makeGeneration(folder, keys, [personText('1', { name: '新　一' })]);
    folder.keepOnly(next);
    expect(reader.card('A0000007'), 'still the old one').toBeDefined();
    reader.refresh();
    expect(reader.state?.generation).toBe(next);
    expect(next).not.toBe(old);
    expect(reader.card('A0000007')).toBeUndefined();
    expect(reader.card('A0000001')?.person.identity.name).toBe('新　一');
  });
});

describe('ready answers', () => {
  const put = (writer: ReplicaWriter, serial: string, body: string, version: Buffer = VERSION): void =>
    writer.write(() => {
      writer.putReady(writer.sealReady(BigInt(serial.slice(1)), serial, version, undefined, Buffer.from(body)));
      return {};
    });

  it('are found by their serial, can be opened when their file has gone, and go when the person changes', () => {
    const generation = makeGeneration(folder, keys, everybody);
    const writer = writing(generation);
    put(writer, 'A0000007', 'the answer');
    reader.refresh();
    const row = reader.ready('A0000007');
    expect(row?.opened.toString()).toBe('the answer');
    expect(reader.ready('A0000008')).toBeUndefined();
    expect(reader.state?.ready).toBe(1);
    writer.write(() => {
      writer.replace(personText('7', { name: '改姓　七' }));
      return {};
    });
    reader.refresh();
    expect(reader.ready('A0000007'), 'it still lies there').toBeUndefined();
    expect(reader.state).toMatchObject({ ready: 1, unready: 1 });
    writer.close();
    folder.remove(generation);
    const opened = keys.openKept({ generation, key: row?.key ?? 0n, stored: row?.stored ?? Buffer.alloc(0) });
    expect(opened.toString()).toBe('the answer');
  });

  it('built by other rules are passed over', () => {
    const writer = writing(makeGeneration(folder, keys, everybody));
    put(writer, 'A0000007', 'the answer', Buffer.from('version0'));
    reader.refresh();
    expect(reader.ready('A0000007')).toBeUndefined();
    expect(reader.state).toBeDefined();
    writer.close();
  });
});

/** Every serial, and every number, lies in one of two places. */
class CrowdedKeys extends ReplicaKeys {
  override of(generation: string): GenerationKeys {
    const own = super.of(generation);
    return {
      ...own,
      places: {
        ofSerial: (serial) => BigInt.asIntN(1, own.places.ofSerial(serial)),
        ofNumber: (insurer, number) => BigInt.asIntN(1, own.places.ofNumber(insurer, number)),
      },
    };
  }
}

describe('places that are shared', () => {
  const crowded = new CrowdedKeys(Buffer.alloc(32, 1));
  beforeEach(() => {
    reader.close();
    reader = new ReplicaReader(folder, crowded, { sealed: true, readyVersion: VERSION });
  });

  it('lead everybody to himself and a stranger to nobody', () => {
    makeGeneration(folder, crowded, everybody.slice(0, 20));
    reader.refresh();
    for (const { personId, serials } of everybody.slice(0, 20)) {
      expect(reader.card(serials[0] ?? '')?.person.personId).toBe(personId);
      expect(reader.people('06130488', personId).map((person) => person.personId)).toEqual([personId]);
    }
    expect(reader.card('FFFFFFFF')).toBeUndefined();
    expect(reader.people('06130488', '999')).toEqual([]);
  });

  it('hold the ready answer of one, which is nobody else’s', () => {
    const generation = makeGeneration(folder, crowded, everybody.slice(0, 20));
    const writer = writing(generation, crowded.of(generation));
    writer.write(() => {
      for (const { personId, serials } of everybody.slice(0, 20))
        writer.putReady(
          writer.sealReady(BigInt(personId), serials[0] ?? '', VERSION, undefined, Buffer.from(personId)),
        );
      return {};
    });
    reader.refresh();
    const found = everybody.slice(0, 20).flatMap(({ personId, serials }) => {
      const row = reader.ready(serials[0] ?? '');
      return row === undefined ? [] : [[personId, row.opened.toString()]];
    });
    expect(found).toHaveLength(2);
    for (const [asked, answered] of found) expect(answered).toBe(asked);
    expect(reader.state?.ready).toBe(2);
    writer.close();
  });

  it('one who leaves takes nobody along', () => {
    const generation = makeGeneration(folder, crowded, everybody.slice(0, 20));
    const writer = writing(generation, crowded.of(generation));
    writer.write(() => {
      writer.remove(7n);
      return {};
    });
    reader.refresh();
    expect(everybody.slice(0, 20).filter(({ serials }) => reader.card(serials[0] ?? '') === undefined)).toMatchObject([
      { personId: '7' },
    ]);
    writer.close();
  });
});

describe('a file that is not to be trusted is not answered from, and the keeper is told', () => {
  const damage: readonly [string, (file: string, generation: string) => void][] = [
    ['cut in half', (file) => truncateSync(file, Math.floor(readFileSync(file).length / 2 / 8192) * 8192)],
    ['cut to nothing', (file) => truncateSync(file, 0)],
    ['cut within its first page', (file) => truncateSync(file, 100)],
    ['garbage', (file) => writeFileSync(file, Buffer.alloc(100_000, 0x5a))],
    [
      'without the tables',
      (file) => {
        rmSync(file);
        new DatabaseSync(file).close();
      },
    ],
    ['of another format', (file) => rewrite(file, (state) => ({ ...state, format: 999 }))],
    ['half loaded', (file) => rewrite(file, (state) => ({ ...state, loaded: false }))],
    ['of another generation', (file) => rewrite(file, (state) => ({ ...state, generation: 'ef'.repeat(16) }))],
    ['of another key', (file) => rewrite(file, (state) => ({ ...state, keyCheck: 'ef'.repeat(16) }))],
    ['not sealed though it should be', (file) => rewrite(file, (state) => ({ ...state, sealed: false }))],
    ['with a card too few', (file) => sql(file, 'delete from card where k = (select max(k) from card)')],
    ['with a number too few', (file) => sql(file, 'delete from number where k = (select max(k) from number)')],
  ];
  const sql = (file: string, text: string): void => {
    const db = new DatabaseSync(file);
    db.exec(text);
    db.close();
  };
  const rewrite = (file: string, change: (state: Record<string, unknown>) => Record<string, unknown>): void => {
    const db = new DatabaseSync(file);
    const { text } = db.prepare('select text from state').get() as { text: string };
    db.prepare('update state set text = ?').run(JSON.stringify(change(JSON.parse(text))));
    db.close();
  };

  it.each(damage)('%s', (_what, harm) => {
    const generation = makeGeneration(folder, keys, everybody);
    harm(folder.fileOf(generation), generation);
    reader.refresh();
    expect(reader.state).toBeUndefined();
    expect(() => reader.card('A0000007')).toThrow(ReplicaBroken);
    expect(folder.isReportedBroken(generation)).toBe(true);
    const next = makeGeneration(folder, keys, everybody);
    folder.keepOnly(next);
    reader.refresh();
    expect(reader.state?.generation, 'the next one is read').toBe(next);
    expect(folder.isReportedBroken(generation)).toBe(false);
  });

  it('with another master key', () => {
    makeGeneration(folder, new ReplicaKeys(Buffer.alloc(32, 2)), everybody);
    reader.refresh();
    expect(reader.state).toBeUndefined();
  });

  it('whose pointer is missing or names nothing', () => {
    const generation = makeGeneration(folder, keys, everybody);
    reader.refresh();
    rmSync(join(path, 'current'));
    reader.refresh();
    expect(reader.state).toBeUndefined();
    writeFileSync(join(path, 'current'), '../../etc/passwd\n');
    expect(folder.current()).toBeUndefined();
    copyFileSync(folder.fileOf(generation), folder.fileOf('copy'));
    writeFileSync(join(path, 'current'), 'copy\n');
    expect(folder.current()).toBeUndefined();
    writeFileSync(join(path, 'current'), `${generation}\n`);
    reader.refresh();
    expect(reader.state?.generation).toBe(generation);
  });

  it('with a record that was changed or moved: found when it is read', () => {
    const generation = makeGeneration(folder, keys, everybody);
    sql(
      folder.fileOf(generation),
      'update person set record = (select record from person where person_id = 8) where person_id = 7',
    );
    reader.refresh();
    expect(reader.card('A0000008')).toBeDefined();
    expect(() => reader.card('A0000007')).toThrow(ReplicaBroken);
    expect(reader.state).toBeUndefined();
    expect(() => reader.card('A0000008'), 'and not read from again').toThrow(ReplicaBroken);
    reader.refresh();
    expect(reader.state).toBeUndefined();
    expect(folder.isReportedBroken(generation)).toBe(true);
  });

  it('a copy of an older state under its name is another file: nobody is told what is not so', () => {
    const generation = makeGeneration(folder, keys, everybody);
    const file = folder.fileOf(generation);
    copyFileSync(file, `${file}.copy`);
    const next = makeGeneration(folder, keys, everybody);
    copyFileSync(`${file}.copy`, folder.fileOf(next));
    reader.refresh();
    expect(reader.state).toBeUndefined();
  });
});
