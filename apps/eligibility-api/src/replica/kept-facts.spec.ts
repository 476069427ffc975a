import { civilDate, type PersonFacts } from '@app/domain';

import { FactsUnavailable, type CardRecord } from './facts-reader.js';
import { KeptFacts, type FactsSource } from './kept-facts.js';

const CURRENT_FOR_MS = 2_000;

const person = (personId: string): PersonFacts => ({
  personId,
  identity: { name: '資格　太郎', nameKana: 'ｼｶｸ ﾀﾛｳ', sex1: '1', birthdate: civilDate('1980-05-05') },
  qualifications: [],
  referenceNumbers: [],
});

const card = (serial: string, personId = `holder of ${serial}`): CardRecord => ({
  certificate: { serial, status: 'good', verifiedAt: 0 },
  person: person(personId),
});

/** A store whose readings end when the test says so. */
class Store implements FactsSource {
  readonly asked: string[] = [];
  /** The watermark of the next hearing; counts upwards. */
  next = 1;
  cards = new Map<string, CardRecord>();
  numbers = new Map<string, PersonFacts[]>();
  away = false;
  changed: string[] = [];
  /** While set, readings wait for it. */
  held: Promise<void> | undefined;

  async bySerial(serial: string): Promise<CardRecord | undefined> {
    const found = this.cards.get(serial);
    await this.answer(serial);
    return found;
  }

  async byNumber(insurerNumber: string, numberKey: string): Promise<readonly PersonFacts[]> {
    const found = this.numbers.get(`${insurerNumber} ${numberKey}`) ?? [];
    await this.answer(`${insurerNumber} ${numberKey}`);
    return found;
  }

  async changesSince(watermark: string): Promise<{ watermark: string; people: readonly string[] }> {
    await this.answer(`changes since ${watermark}`);
    return { watermark: String((this.next += 1)), people: this.changed.splice(0) };
  }

  async currentWatermark(): Promise<string> {
    await this.answer('watermark');
    return String(this.next);
  }

  private async answer(question: string): Promise<void> {
    this.asked.push(question);
    if (this.away) throw new Error('connection refused');
    await this.held;
  }

  readings(): number {
    return this.asked.filter((question) => !question.startsWith('changes') && question !== 'watermark').length;
  }
}

let store: Store;
let now: number;
let facts: KeptFacts;

const keeping = (max: number): KeptFacts =>
  new KeptFacts(store, { now: () => now }, { max, currentForMs: CURRENT_FOR_MS });

beforeEach(() => {
  store = new Store();
  store.cards.set('A', card('A'));
  now = 1_000;
  facts = keeping(10);
});

describe('what is kept answers only while changes are being heard', () => {
  it('nothing is kept before changes were heard the first time', async () => {
    await facts.bySerial('A');
    await facts.bySerial('A');
    expect(store.readings()).toBe(2);
    expect(facts.state).toMatchObject({ people: 0, hits: 0, misses: 2, listening: false });
  });

  it('the second reading of a card asks nobody, and is as old as the last hearing', async () => {
    await facts.hear();
    now = 1_200;
    expect(await facts.bySerial('A')).toEqual({ value: card('A'), asOf: 1_200 });
    now = 1_300;
    expect(await facts.bySerial('A')).toEqual({ value: card('A'), asOf: 1_000 });
    expect(store.readings()).toBe(1);
    expect(facts.state).toMatchObject({ people: 1, hits: 1, misses: 1, listening: true });
  });

  it.each([
    ['to the last moment', 1_000 + CURRENT_FOR_MS, 1],
    ['and not a moment longer', 1_001 + CURRENT_FOR_MS, 2],
  ])('a hearing counts %s', async (_when, at, readings) => {
    await facts.hear();
    await facts.bySerial('A');
    now = at;
    await facts.bySerial('A');
    expect(store.readings()).toBe(readings);
  });

  it('a hearing that fails confirms nothing', async () => {
    await facts.hear();
    await facts.bySerial('A');
    now = 3_001;
    store.away = true;
    await expect(facts.hear()).rejects.toThrow('connection refused');
    expect(facts.state.listening).toBe(false);
  });

  it('hearing goes on from where it was', async () => {
    await facts.hear();
    await facts.hear();
    await facts.hear();
    expect(store.asked).toEqual(['watermark', 'changes since 1', 'changes since 2']);
  });

  it('a question by number is asked of the store every time: somebody may have joined', async () => {
    await facts.hear();
    store.numbers.set('06130488 1', [person('p1')]);
    await facts.byNumber('06130488', '1');
    store.numbers.set('06130488 1', [person('p1'), person('p2')]);
    expect((await facts.byNumber('06130488', '1')).value).toHaveLength(2);
  });
});

describe('a change forgets', () => {
  it('the person at once, and nobody else', async () => {
    store.cards.set('B', card('B'));
    await facts.hear();
    await facts.bySerial('A');
    await facts.bySerial('B');
    store.cards.set('A', card('A', 'another holder'));
    store.changed = ['holder of A'];
    await facts.hear();
    expect((await facts.bySerial('A')).value?.person.personId).toBe('another holder');
    await facts.bySerial('B');
    expect(store.asked.filter((question) => question === 'B')).toHaveLength(1);
    expect(facts.state.invalidations).toBe(1);
  });

  it('a person under every key: two cards and a number', async () => {
    store.cards.set('old', card('old', 'p1'));
    store.cards.set('new', card('new', 'p1'));
    store.numbers.set('06130488 1', [person('p1'), person('p2')]);
    await facts.hear();
    await facts.bySerial('old');
    await facts.bySerial('new');
    await facts.byNumber('06130488', '1');
    store.changed = ['p1'];
    await facts.hear();
    expect(facts.state).toMatchObject({ people: 0, invalidations: 3 });
    store.away = true;
    await expect(facts.bySerial('old')).rejects.toBeInstanceOf(FactsUnavailable);
    await expect(facts.bySerial('new')).rejects.toBeInstanceOf(FactsUnavailable);
    await expect(facts.byNumber('06130488', '1')).rejects.toBeInstanceOf(FactsUnavailable);
  });

  it.each([
    ['another store, restored from a copy, makes everything kept worthless', 4, 0],
    ['a store that stands still does not', 9, 1],
  ])('%s', async (_what, next, people) => {
    store.next = 10;
    await facts.hear();
    await facts.bySerial('A');
    store.next = next;
    await facts.hear();
    expect(facts.state.people).toBe(people);
  });

  it('people of a number by any of them', async () => {
    store.numbers.set('06130488 1', [person('p1'), person('p2')]);
    await facts.hear();
    await facts.byNumber('06130488', '1');
    store.changed = ['p2'];
    await facts.hear();
    store.away = true;
    await expect(facts.byNumber('06130488', '1')).rejects.toBeInstanceOf(FactsUnavailable);
  });
});

describe('a change heard while a reading is under way', () => {
  it('is not lost: what was read is given once and not kept', async () => {
    await facts.hear();
    const slow = Promise.withResolvers<void>();
    store.held = slow.promise;
    const reading = facts.bySerial('A');
    store.held = undefined;
    store.cards.set('A', card('A', 'another holder'));
    store.changed = ['holder of A'];
    await facts.hear();
    slow.resolve();
    expect((await reading).value?.person.personId).toBe('holder of A');
    expect((await facts.bySerial('A')).value?.person.personId).toBe('another holder');
    expect(store.readings()).toBe(2);
  });

  it('is not shared with a caller who comes after it', async () => {
    await facts.hear();
    const slow = Promise.withResolvers<void>();
    store.held = slow.promise;
    const before = facts.bySerial('A');
    store.held = undefined;
    store.cards.set('A', card('A', 'another holder'));
    store.changed = ['holder of A'];
    await facts.hear();
    const after = facts.bySerial('A');
    expect((await after).value?.person.personId).toBe('another holder');
    slow.resolve();
    expect((await before).value?.person.personId).toBe('holder of A');
    // The older reading ends last and must not take the place of the newer one.
    expect((await facts.bySerial('A')).value?.person.personId).toBe('another holder');
  });

  it('without one, twenty callers share one reading, as old as its beginning', async () => {
    await facts.hear();
    const slow = Promise.withResolvers<void>();
    store.held = slow.promise;
    const callers = Array.from({ length: 20 }, () => {
      now += 10;
      return facts.bySerial('A');
    });
    slow.resolve();
    const readings = await Promise.all(callers);
    expect(store.readings()).toBe(1);
    expect(new Set(readings.map((reading) => reading.asOf))).toEqual(new Set([1_010]));
  });
});

describe('while the store is away', () => {
  beforeEach(async () => {
    await facts.hear();
    await facts.bySerial('A');
    store.numbers.set('06130488 1', [person('p1')]);
    await facts.byNumber('06130488', '1');
    now = 60_000;
    store.away = true;
  });

  it('what was found before is given with its age', async () => {
    expect(await facts.bySerial('A')).toEqual({ value: card('A'), asOf: 1_000, awaySince: 1_000 });
    expect(await facts.byNumber('06130488', '1')).toEqual({ value: [person('p1')], asOf: 1_000, awaySince: 1_000 });
  });

  it('what was never found cannot be answered, and the cause is kept', async () => {
    const failure = await facts.bySerial('B').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FactsUnavailable);
    expect((failure as Error).cause).toEqual(new Error('connection refused'));
    await expect(facts.byNumber('06130488', '2')).rejects.toBeInstanceOf(FactsUnavailable);
  });

  it('once it is back, it is asked again', async () => {
    store.away = false;
    expect(await facts.bySerial('A')).toEqual({ value: card('A'), asOf: 60_000 });
  });
});

describe('"nothing found" is never kept', () => {
  it('an unknown card is asked for every time, and unanswerable while the store is away', async () => {
    await facts.hear();
    expect(await facts.bySerial('B')).toEqual({ value: undefined, asOf: 1_000 });
    await facts.bySerial('B');
    expect(store.readings()).toBe(2);
    store.away = true;
    await expect(facts.bySerial('B')).rejects.toBeInstanceOf(FactsUnavailable);
  });

  it('a number of nobody likewise', async () => {
    await facts.hear();
    expect((await facts.byNumber('06130488', '1')).value).toEqual([]);
    store.away = true;
    await expect(facts.byNumber('06130488', '1')).rejects.toBeInstanceOf(FactsUnavailable);
  });

  it('a number of somebody who has left is not answered with them', async () => {
    store.numbers.set('06130488 1', [person('p1')]);
    await facts.hear();
    await facts.byNumber('06130488', '1');
    store.numbers.clear();
    await facts.byNumber('06130488', '1');
    store.away = true;
    await expect(facts.byNumber('06130488', '1')).rejects.toBeInstanceOf(FactsUnavailable);
  });
});

describe('capacity', () => {
  it('the one used longest ago is forgotten', async () => {
    facts = keeping(2);
    for (const serial of ['B', 'C']) store.cards.set(serial, card(serial));
    await facts.hear();
    for (const serial of ['A', 'B', 'A', 'C']) await facts.bySerial(serial);
    expect(facts.state).toMatchObject({ people: 2, capacity: 2 });
    store.away = true;
    now = 60_000;
    expect((await facts.bySerial('A')).value?.certificate.serial).toBe('A');
    await expect(facts.bySerial('B')).rejects.toBeInstanceOf(FactsUnavailable);
  });

  it('a change of somebody already forgotten forgets nobody', async () => {
    facts = keeping(1);
    store.cards.set('B', card('B'));
    await facts.hear();
    await facts.bySerial('A');
    await facts.bySerial('B');
    store.changed = ['holder of A'];
    await facts.hear();
    expect(facts.state).toMatchObject({ people: 1, invalidations: 0 });
  });

  it('0 keeps nothing and trusts nothing', async () => {
    facts = keeping(0);
    await facts.hear();
    await facts.bySerial('A');
    await facts.bySerial('A');
    expect(store.readings()).toBe(2);
    expect(facts.state).toMatchObject({ people: 0, capacity: 0, listening: false });
    store.away = true;
    await expect(facts.bySerial('A')).rejects.toBeInstanceOf(FactsUnavailable);
  });
});
