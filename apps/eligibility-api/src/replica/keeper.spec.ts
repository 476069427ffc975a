import { Logger } from '@nestjs/common';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FactsUnavailable, type CardRecord } from './facts-reader.js';
import { Keeper, readyVersionOf } from './keeper.js';
import { ReplicaFolder } from './replica-folder.js';
import { ReplicaKeys } from './replica-keys.js';
import { NotKnownYet, ReplicaReader } from './replica-reader.js';
import { ReplicatedFacts } from './replicated-facts.js';
import type { ReplicaSource } from './replica-source.js';
import type { ReadyBuilder } from './replica-view.js';
import type { PersonText } from './replica-writer.js';
import { personText } from './replica.fixture.js';

const DAY_MS = 86_400_000;
/** Noon in Tokyo. */
const NOON = Date.parse('2026-11-22T12:00:00+09:00');
const TODAY = Math.floor((NOON + 9 * 3_600_000) / DAY_MS);

/** A store in memory, whose transactions are one to a change. */
class Store implements ReplicaSource {
  readonly people = new Map<string, PersonText>();
  private readonly changes: { transaction: bigint; personId: string }[] = [];
  private transaction = 1n;

  put(person: PersonText): void {
    this.people.set(person.personId, person);
    this.note(person.personId);
  }

  remove(personId: string): void {
    this.people.delete(personId);
    this.note(personId);
  }

  standing = async () => ({ cluster: 'test', watermark: String(this.transaction) });
  countPeople = async () => this.people.size;
  changesSince = async (watermark: string, heard: readonly string[]) => {
    const news = this.changes.filter(
      ({ transaction }) => transaction >= BigInt(watermark) && !heard.includes(String(transaction)),
    );
    return {
      ...(await this.standing()),
      isHeldBack: false,
      prunedThrough: '0',
      everybody: false,
      people: [...new Set(news.map(({ personId }) => personId))],
      transactions: news.map(({ transaction }) => String(transaction)),
    };
  };
  peopleAfter = async (after: string, limit: number) => {
    const people = [...this.people.values()]
      .toSorted((a, b) => Number(a.personId) - Number(b.personId))
      .filter(({ personId }) => Number(personId) > Number(after))
      .slice(0, limit);
    return { people, last: people.at(-1)?.personId };
  };
  peopleOf = async (ids: readonly string[]) => ids.flatMap((id) => this.people.get(id) ?? []);
  prune = async () => {};

  private note(personId: string): void {
    this.changes.push({ transaction: this.transaction, personId });
    this.transaction += 1n;
  }
}

let path: string;
let store: Store;
let now: number;
let built: string[];
const open: { close: () => void }[] = [];

const clock = { now: () => now };
const keys = new ReplicaKeys(Buffer.alloc(32, 5));
const serialOf = (personId: number): string => `A${String(personId).padStart(7, '0')}`;

/** Names the person and the day; a person called 日替 is answered for one day at a time, and 毎回 each time anew. */
const builderOf = (version: string): ReadyBuilder => ({
  version,
  build: ({ certificate, person }: CardRecord, day) => {
    built.push(certificate.serial);
    const { name } = person.identity;
    if (name.startsWith('毎回')) return undefined;
    return {
      untilDay: name.startsWith('日替') ? day : undefined,
      opened: Buffer.from(`${version} ${name} ${day - TODAY}`),
    };
  },
});
const start = (
  version = 'v1',
  readAtOnceMax?: number,
): { keeper: Keeper; read: (serial: string) => string | undefined; reader: ReplicaReader } => {
  const folder = new ReplicaFolder(path);
  const builder = builderOf(version);
  const keeper = new Keeper(store, folder, keys, clock, builder, () => undefined, {
    sealed: true,
    insurers: [],
    ...(readAtOnceMax === undefined ? {} : { readAtOnceMax }),
  });
  const reader = new ReplicaReader(folder, keys, { sealed: true, readyVersion: readyVersionOf(version) });
  open.push(keeper, reader);
  const read = (serial: string): string | undefined => {
    reader.refresh();
    return reader.ready(serial)?.opened.toString();
  };
  return { keeper, read, reader };
};
const stop = (): void => {
  for (const part of open.splice(0)) part.close();
};

beforeAll(() => Logger.overrideLogger(false));
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'shikaku-keeper-'));
  store = new Store();
  now = NOON;
  built = [];
  for (let id = 1; id <= 50; id += 1) store.put(personText(String(id), { name: '資格　太郎' }));
});
afterEach(() => {
  stop();
  rmSync(path, { recursive: true, force: true });
});

describe('ready answers', () => {
  it('are built of everybody once the snapshot is in, each once', async () => {
    const { keeper, read, reader } = start();
    await keeper.hear();
    expect(read(serialOf(1))).toBeUndefined();
    await keeper.buildReady();
    for (let id = 1; id <= 50; id += 1) expect(read(serialOf(id))).toBe('v1 資格　太郎 0');
    expect(reader.state?.ready).toBe(50);
    expect(built).toHaveLength(50);
    await keeper.buildReady();
    expect(built, 'nothing is left').toHaveLength(50);
  });

  it('change with their person, in the same moment', async () => {
    const { keeper, read } = start();
    await keeper.hear();
    await keeper.buildReady();
    store.put(personText('7', { name: '改姓　七' }));
    await keeper.hear();
    expect(read(serialOf(7))).toBe('v1 改姓　七 0');
    expect(built).toHaveLength(51);
  });

  it('go with their person, and with a certificate', async () => {
    const { keeper, read, reader } = start();
    await keeper.hear();
    await keeper.buildReady();
    store.remove('7');
    store.put(personText('8', { serials: ['BBBBBBBB'] }));
    await keeper.hear();
    expect([read(serialOf(7)), read(serialOf(8)), read('BBBBBBBB')]).toEqual([undefined, undefined, 'v1 資格　太郎 0']);
    expect(reader.state).toMatchObject({ people: 49, cards: 49, ready: 49 });
  });

  it('are not there of whom an answer is worked out each time, and end when that begins', async () => {
    store.put(personText('7', { name: '毎回　七' }));
    const { keeper, read, reader } = start();
    await keeper.hear();
    await keeper.buildReady();
    expect(read(serialOf(7))).toBeUndefined();
    store.put(personText('8', { name: '毎回　八' }));
    await keeper.hear();
    expect(read(serialOf(8))).toBeUndefined();
    expect(reader.state?.ready).toBe(48);
  });

  it('that ended with a day are built anew on the next, and no others', async () => {
    store.put(personText('7', { name: '日替　七' }));
    const { keeper, read } = start();
    await keeper.hear();
    await keeper.buildReady();
    expect(read(serialOf(7))).toBe('v1 日替　七 0');
    built = [];
    now = Date.parse('2026-11-22T23:59:59.999+09:00');
    await keeper.buildReady();
    expect(built).toEqual([]);
    now = Date.parse('2026-11-23T00:00:00+09:00');
    await keeper.buildReady();
    expect(read(serialOf(7))).toBe('v1 日替　七 1');
    expect(built).toEqual([serialOf(7)]);
  });

  it('are built anew by other rules, and those of before are not served meanwhile', async () => {
    const first = start('v1');
    await first.keeper.hear();
    await first.keeper.buildReady();
    stop();
    const second = start('v2');
    expect(second.keeper.resume()).toBe(true);
    expect(second.read(serialOf(7))).toBeUndefined();
    await second.keeper.buildReady();
    expect(second.read(serialOf(7))).toBe('v2 資格　太郎 0');
    expect(second.reader.state?.ready).toBe(50);
  });

  it('a building that was stopped goes on where it was', async () => {
    const first = start();
    await first.keeper.hear();
    const enough = new AbortController();
    const { build } = builderOf('v1');
    let rows = 0;
    const slow = new Keeper(
      store,
      new ReplicaFolder(path),
      keys,
      clock,
      {
        version: 'v1',
        build: (record, day) => {
          // Longer than a slice takes: one reading of rows to a slice.
          const until = performance.now() + 1;
          while (performance.now() < until);
          if ((rows += 1) === 21) enough.abort();
          return build(record, day);
        },
      },
      () => undefined,
      { sealed: true, insurers: [] },
    );
    first.keeper.close();
    open.push(slow);
    slow.resume();
    await slow.buildReady(enough.signal);
    expect(built.length).toBeGreaterThan(20);
    expect(built.length).toBeLessThan(50);
    await slow.buildReady();
    expect(built).toHaveLength(50);
  });

  it('of a renewed card name the newest certificate: a change of one is a change of all', async () => {
    store.put(personText('7', { serials: ['BBBBBBBB', 'CCCCCCCC'], chained: true }));
    const { keeper, read } = start();
    await keeper.hear();
    await keeper.buildReady();
    built = [];
    store.put(personText('7', { serials: ['BBBBBBBB', 'CCCCCCCC', 'DDDDDDDD'], chained: true }));
    await keeper.hear();
    expect(built).toEqual(['BBBBBBBB', 'CCCCCCCC', 'DDDDDDDD']);
    expect(read('DDDDDDDD')).toBe('v1 資格　太郎 0');
  });
});

it('a store too slow for many people in one statement is asked for fewer', async () => {
  const asked: number[] = [];
  const { peopleAfter } = store;
  store.peopleAfter = async (after, limit) => {
    asked.push(limit);
    if (limit > 300) throw new Error('canceling statement due to statement timeout');
    return peopleAfter(after, limit);
  };
  const { keeper, reader } = start();
  await expect(keeper.hear()).rejects.toThrow('timeout');
  await expect(keeper.hear()).rejects.toThrow('timeout');
  await keeper.hear();
  expect(asked.slice(0, 3)).toEqual([1_000, 500, 250]);
  reader.refresh();
  expect(reader.state?.people).toBe(50);
});

describe('hearing', () => {
  it('writes nothing of somebody who is as he was', async () => {
    const { keeper } = start();
    await keeper.hear();
    await keeper.buildReady();
    built = [];
    store.put(personText('7', { name: '資格　太郎' }));
    await keeper.hear();
    expect(built).toEqual([]);
  });

  it('who comes while one is under way hears what was committed before he came', async () => {
    const { keeper, reader } = start();
    await keeper.hear();
    const gate = Promise.withResolvers<void>();
    const { changesSince } = store;
    store.changesSince = async (...asked) => {
      const changes = await changesSince(...asked);
      await gate.promise;
      return changes;
    };
    const first = keeper.hear();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    store.put(personText('7', { name: '後　着' }));
    const second = keeper.hear();
    gate.resolve();
    await first;
    await second;
    reader.refresh();
    expect(reader.card(serialOf(7))?.person.identity.name).toBe('後　着');
  });

  it('moves the instant only when everything is in', async () => {
    const { keeper, reader } = start();
    await keeper.hear();
    reader.refresh();
    expect(reader.state?.asOf).toBe(NOON);
    now += 1_000;
    store.put(personText('7', { name: '新　名' }));
    const { peopleOf } = store;
    store.peopleOf = () => Promise.reject(new Error('away'));
    await expect(keeper.hear()).rejects.toThrow('away');
    reader.refresh();
    expect(reader.state?.asOf).toBe(NOON);
    store.peopleOf = peopleOf;
    await keeper.hear();
    reader.refresh();
    expect(reader.state?.asOf).toBe(NOON + 1_000);
    expect(reader.card(serialOf(7))?.person.identity.name).toBe('新　名');
  });
});

it('some hundred changes at once: facts before the instant moves, answers behind them', async () => {
  for (let id = 1; id <= 300; id += 1) store.put(personText(String(id)));
  const { keeper, read, reader } = start();
  await keeper.hear();
  await keeper.buildReady();
  now += 1_000;
  built = [];
  for (let id = 1; id <= 250; id += 1) store.put(personText(String(id), { name: '数百　変更' }));
  await keeper.hear();
  reader.refresh();
  expect(reader.state).toMatchObject({ asOf: NOON + 1_000, stale: 0, unready: 250 });
  expect(built).toEqual([]);
  expect(reader.card(serialOf(250))?.person.identity.name).toBe('数百　変更');
  expect(reader.card('FFFFFFFF'), 'who is nobody is known to be').toBeUndefined();
  expect([read(serialOf(250)), read(serialOf(251))]).toEqual([undefined, 'v1 資格　太郎 0']);
  await keeper.buildReady();
  expect(read(serialOf(250))).toBe('v1 数百　変更 0');
});

describe('many changes at once', () => {
  const MANY = 500;
  const READ_AT_ONCE_MAX = 300;
  let keeper: Keeper;
  let reader: ReplicaReader;
  let read: (serial: string) => string | undefined;
  /** Opens for one reading of changed people at a time. */
  let gates: PromiseWithResolvers<void>[];

  const changeMany = (): void => {
    for (let id = 1; id <= MANY; id += 1) store.put(personText(String(id), { name: '一括　変更' }));
  };
  /** Until somebody waits at this gate. */
  const reached = (gate: number): Promise<void> => vi.waitFor(() => expect(gates.length).toBeGreaterThan(gate));

  beforeEach(async () => {
    for (let id = 1; id <= MANY + 1; id += 1) store.put(personText(String(id)));
    store.put(personText(String(MANY + 2), { name: '日替　一人' }));
    ({ keeper, read, reader } = start('v1', READ_AT_ONCE_MAX));
    await keeper.hear();
    await keeper.buildReady();
    gates = [];
    const { peopleOf } = store;
    store.peopleOf = async (ids) => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
      return peopleOf(ids);
    };
    now += 1_000;
    changeMany();
  });

  const openAll = async (hearing: Promise<void>): Promise<void> => {
    const opening = setInterval(() => {
      for (const gate of gates) gate.resolve();
    });
    await hearing.finally(() => clearInterval(opening));
  };

  it('leave the replica current for everybody else, and answer nothing of those who changed', async () => {
    const hearing = keeper.hear();
    await reached(0);
    reader.refresh();
    expect(reader.state).toMatchObject({ asOf: NOON + 1_000, stale: MANY, staleSince: NOON });
    expect(read(serialOf(MANY + 1))).toBeDefined();
    expect(reader.card(serialOf(MANY + 1))).toBeDefined();
    expect(read(serialOf(7))).toBeUndefined();
    expect(() => reader.card(serialOf(7))).toThrow(NotKnownYet);
    expect(() => reader.card('FFFFFFFF'), 'who may be one of them').toThrow(NotKnownYet);
    expect(() => reader.people('06130488', '999')).toThrow(NotKnownYet);
    expect(reader.heldCard(serialOf(7))?.person.identity.name).toBe('資格　太郎');
    built = [];
    now = Date.parse('2026-11-23T00:00:00+09:00');
    await keeper.buildReady();
    expect(built, 'facts go before answers').toEqual([]);
    await openAll(hearing);
    reader.refresh();
    expect(reader.state).toMatchObject({ stale: 0, ready: MANY + 2 });
    expect(reader.state?.staleSince).toBeUndefined();
    expect(reader.card('FFFFFFFF')).toBeUndefined();
  });

  it('are answered from their new facts as soon as these are in, and the answers of before are gone', async () => {
    await openAll(keeper.hear());
    reader.refresh();
    expect(reader.state).toMatchObject({ stale: 0, unready: MANY, ready: MANY + 2 });
    expect(reader.card(serialOf(7))?.person.identity.name).toBe('一括　変更');
    for (let id = 1; id <= MANY; id += 1) expect(read(serialOf(id))).toBeUndefined();
    expect(read(serialOf(MANY + 1))).toBe('v1 資格　太郎 0');
    built = [];
    await keeper.buildReady();
    expect(built).toHaveLength(MANY);
    for (let id = 1; id <= MANY; id += 1) expect(read(serialOf(id))).toBe('v1 一括　変更 0');
    expect(reader.state).toMatchObject({ unready: 0, ready: MANY + 2 });
    await keeper.buildReady();
    expect(built, 'nothing is left').toHaveLength(MANY);
  });

  it('whose answers are still to be made are known by the next process', async () => {
    await openAll(keeper.hear());
    stop();
    const next = start();
    expect(next.keeper.resume()).toBe(true);
    expect(next.read(serialOf(7))).toBeUndefined();
    await next.keeper.buildReady();
    expect(next.read(serialOf(7))).toBe('v1 一括　変更 0');
  });

  it('take away who is gone, and the answer of a card that somebody else has now', async () => {
    store.remove('7');
    store.put(personText('8', { serials: ['BBBBBBBB'] }));
    store.put(personText('9', { serials: [serialOf(9), serialOf(8)], name: '譲受　九' }));
    await openAll(keeper.hear());
    expect([7, 8, 9].map((id) => read(serialOf(id)))).toEqual([undefined, undefined, undefined]);
    expect(reader.card(serialOf(8))?.person.identity.name).toBe('譲受　九');
    await keeper.buildReady();
    expect([read(serialOf(7)), read(serialOf(8)), read('BBBBBBBB')]).toEqual([
      undefined,
      'v1 譲受　九 0',
      'v1 資格　太郎 0',
    ]);
    expect(reader.state).toMatchObject({ unready: 0, people: MANY + 1, ready: MANY + 2 });
  });

  it('change who was answered again before the answer was made: what is given is the last', async () => {
    await openAll(keeper.hear());
    store.put(personText('7', { name: '単独　変更' }));
    await openAll(keeper.hear());
    expect(read(serialOf(7)), 'one alone is made at once').toBe('v1 単独　変更 0');
    expect(read(serialOf(8))).toBeUndefined();
    expect(reader.state).toMatchObject({ unready: MANY - 1 });
    await keeper.buildReady();
    expect([read(serialOf(7)), read(serialOf(8))]).toEqual(['v1 単独　変更 0', 'v1 一括　変更 0']);
  });

  it('hear of others meanwhile', async () => {
    const hearing = keeper.hear();
    await reached(0);
    now += 1_000;
    store.put(personText(String(MANY + 1), { name: '合間　変更' }));
    store.put(personText('7', { name: '再度　変更' }));
    for (const gate of [0, 1, 2]) {
      gates[gate]?.resolve();
      await reached(gate + 1);
    }
    reader.refresh();
    expect(reader.state).toMatchObject({ asOf: NOON + 2_000, staleSince: NOON });
    expect(reader.state?.stale).toBeGreaterThan(0);
    expect(reader.card(serialOf(MANY + 1))?.person.identity.name).toBe('合間　変更');
    expect(reader.card(serialOf(7))?.person.identity.name).toBe('再度　変更');
    await openAll(hearing);
    await keeper.buildReady();
    expect(read(serialOf(7))).toBe('v1 再度　変更 0');
  });

  it('are gone on with by the next process', async () => {
    const hearing = keeper.hear();
    await reached(0);
    stop();
    gates[0]?.resolve();
    await expect(hearing).rejects.toThrow('not open');
    const next = start();
    expect(next.keeper.resume()).toBe(true);
    next.reader.refresh();
    expect(() => next.reader.card(serialOf(7))).toThrow(NotKnownYet);
    await openAll(next.keeper.hear());
    await next.keeper.buildReady();
    expect(next.read(serialOf(7))).toBe('v1 一括　変更 0');
  });

  it('asked about while the store is away too: what was held, as of before the change, and no "nobody"', async () => {
    const hearing = keeper.hear();
    await reached(0);
    reader.refresh();
    const away = () => Promise.reject(new Error('away'));
    const facts = new ReplicatedFacts(reader, { bySerial: away, byNumber: away }, clock, {
      behindMs: 5_000,
      certificatesConfirmedAt: () => undefined,
    });
    expect(await facts.bySerial(serialOf(7))).toMatchObject({
      asOf: NOON,
      away: { reason: 'database-unavailable', since: NOON },
      value: { person: { identity: { name: '資格　太郎' } } },
    });
    await expect(facts.bySerial('FFFFFFFF')).rejects.toThrow(FactsUnavailable);
    await expect(facts.byNumber('06130488', '999')).rejects.toThrow(FactsUnavailable);
    expect(await facts.bySerial(serialOf(MANY + 1))).toMatchObject({ asOf: NOON + 1_000, source: 'replica' });
    await openAll(hearing);
  });
});
