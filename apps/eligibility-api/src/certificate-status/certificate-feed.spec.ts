import { JlisCertificateChange, JlisPopulationPerson } from '@app/contracts/jlis';

import type { FeedPosition, NamedCertificate, Telling } from '../coverage-store/credential-store.js';
import { RegistryFault, type CertificateChanges, type Population, type RegistryFeed } from '../registry/registry.js';
import { CertificateFeed } from './certificate-feed.js';

const MINUTE_MS = 60_000;
const signal = new AbortController().signal;

const serialOf = (n: number): string => n.toString(16).toUpperCase().padStart(8, '0');
const change = (sequence: number, more: Partial<JlisCertificateChange> = {}): JlisCertificateChange => ({
  sequence,
  changedAt: '2026-11-22T09:00:00+09:00',
  serial: serialOf(sequence),
  status: 'revoked',
  ...more,
});
const resident = (...serials: string[]): JlisPopulationPerson => ({
  personRef: 'P1',
  kanjiName: '資格　太郎',
  kanaName: 'ｼｶｸ ﾀﾛｳ',
  birthDate: '1980-05-05',
  sex: '1',
  address: '東京都千代田区',
  postNumber: '100-0013',
  certificates: serials.map((serial) => ({ serial, status: 'good' as const })),
});

/** A registry that remembers its changes from `kept` on, at most `page` of them a reading. */
class Registry implements RegistryFeed {
  generation = 'first life';
  changes: JlisCertificateChange[] = [];
  kept = 0;
  page = 100;
  people: JlisPopulationPerson[] = [];
  readonly asked: (number | 'population')[] = [];
  /** Called before each answer; may throw. */
  before: (question: number | 'population') => void = () => {};

  get last(): number {
    return this.changes.at(-1)?.sequence ?? 0;
  }

  async certificateChanges(after: number): Promise<CertificateChanges> {
    this.asked.push(after);
    this.before(after);
    if (after < this.kept) throw new RegistryFault('feed-truncated');
    const changes = this.changes.filter((one) => one.sequence > after).slice(0, this.page);
    return {
      changes,
      next: changes.at(-1)?.sequence ?? Math.min(after, this.last),
      last: this.last,
      generation: this.generation,
      asOf: '2026-11-22T09:00:00+09:00',
    };
  }

  async population(): Promise<Population> {
    this.asked.push('population');
    this.before('population');
    const { generation, last, people } = this;
    return {
      generation,
      sequence: last,
      people: (async function* () {
        yield* people;
      })(),
    };
  }
}

class Store {
  stored: FeedPosition | undefined;
  readonly named: { certificates: readonly NamedCertificate[]; at: number }[] = [];
  readonly tellings: Telling[] = [];
  readonly saved: FeedPosition[] = [];
  away = false;

  async position(): Promise<FeedPosition | undefined> {
    return this.stored;
  }

  async name(certificates: readonly NamedCertificate[], at: number, telling: Telling): Promise<void> {
    if (this.away) throw new Error('connection refused');
    if (certificates.length === 0) return;
    this.named.push({ certificates, at });
    this.tellings.push(telling);
  }

  async savePosition(position: FeedPosition): Promise<void> {
    this.saved.push(position);
    this.stored = position;
  }

  serials(): string[] {
    return this.named.flatMap(({ certificates }) => certificates.map(({ serial }) => serial));
  }
}

let registry: Registry;
let store: Store;
let now: number;
let feed: CertificateFeed;

const begin = (): CertificateFeed => new CertificateFeed(registry, store, { now: () => now });

beforeEach(() => {
  registry = new Registry();
  store = new Store();
  now = 1_000_000;
  feed = begin();
});

describe('the first reading ever', () => {
  it('reads the population and then the changes since', async () => {
    registry.people = [resident('AAAAAAAA', 'BBBBBBBB'), resident('CCCCCCCC')];
    registry.changes = [change(1), change(2)];
    await feed.catchUp(signal);
    expect(registry.asked).toEqual([0, 'population', 2]);
    expect(store.serials()).toEqual(['AAAAAAAA', 'BBBBBBBB', 'CCCCCCCC']);
    expect(feed).toMatchObject({ position: 2, confirmedAt: 1_000_000 });
  });

  it('takes up a change made while the population was read', async () => {
    registry.before = (question) => {
      if (question !== 'population') return;
      // The population is that of now; this change comes after it.
      queueMicrotask(() => registry.changes.push(change(1)));
    };
    await feed.catchUp(signal);
    expect(store.serials()).toContain(serialOf(1));
    expect(feed.position).toBe(1);
  });

  it('says whether it tells of everybody as they are, or of what changed, which may have been told before', async () => {
    registry.people = [resident('AAAAAAAA')];
    await feed.catchUp(signal);
    registry.changes = [change(1)];
    await feed.catchUp(signal);
    expect(store.tellings).toEqual(['population', 'changes']);
  });

  it('writes a large population in pieces of about a thousand', async () => {
    registry.people = Array.from({ length: 2_500 }, (_, n) => resident(serialOf(n)));
    await feed.catchUp(signal);
    expect(store.named.map(({ certificates }) => certificates.length)).toEqual([1_000, 1_000, 500]);
  });

  it('passes over a certificate that the registry itself calls unknown', async () => {
    registry.people = [
      { ...resident('AAAAAAAA'), certificates: [{ serial: 'DDDDDDDD', status: 'unknown' }] },
      resident('BBBBBBBB'),
    ];
    await feed.catchUp(signal);
    expect(store.serials()).toEqual(['BBBBBBBB']);
  });
});

describe('resuming', () => {
  it('goes on from where an earlier process was, without the population', async () => {
    store.stored = { generation: 'first life', position: 7, confirmedAt: 900_000 };
    registry.changes = [change(8)];
    await feed.resume();
    expect(feed).toMatchObject({ position: 7, confirmedAt: 900_000 });
    await feed.catchUp(signal);
    expect(registry.asked).toEqual([7]);
    expect(store.serials()).toEqual([serialOf(8)]);
    expect(feed).toMatchObject({ position: 8, confirmedAt: 1_000_000 });
  });

  it('is done by the first reading where nobody did it', async () => {
    store.stored = { generation: 'first life', position: 7, confirmedAt: 900_000 };
    registry.changes = [change(7)];
    await feed.catchUp(signal);
    expect(registry.asked).toEqual([7]);
  });

  it('is done once, and tried again where the store was away', async () => {
    store.stored = { generation: 'first life', position: 7, confirmedAt: 900_000 };
    const position = vi.spyOn(store, 'position').mockRejectedValueOnce(new Error('connection refused'));
    await expect(feed.resume()).rejects.toThrow('connection refused');
    await feed.resume();
    await feed.resume();
    expect(position).toHaveBeenCalledTimes(2);
    expect(feed.position).toBe(7);
  });

  it('with nothing stored there is nothing confirmed', async () => {
    await feed.resume();
    expect(feed).toMatchObject({ position: 0, confirmedAt: undefined });
  });
});

describe('catching up', () => {
  beforeEach(() => {
    store.stored = { generation: 'first life', position: 0, confirmedAt: 900_000 };
  });

  it('over several pages, in order', async () => {
    registry.changes = [1, 2, 3, 4, 5].map((n) => change(n));
    registry.page = 2;
    await feed.catchUp(signal);
    expect(registry.asked).toEqual([0, 2, 4]);
    expect(store.serials()).toEqual([1, 2, 3, 4, 5].map(serialOf));
    expect(feed.position).toBe(5);
  });

  it('confirms only at the end, as of the beginning of the last page', async () => {
    registry.changes = [change(1), change(2), change(3)];
    registry.page = 2;
    const confirmed: unknown[] = [];
    registry.before = () => {
      now += 10;
      confirmed.push(feed.confirmedAt);
    };
    await feed.catchUp(signal);
    expect(confirmed).toEqual([900_000, 900_000]);
    expect(feed.confirmedAt).toBe(1_000_010);
  });

  it('interrupted between pages it confirms nothing, keeps its place and goes on from there', async () => {
    registry.changes = [change(1), change(2), change(3)];
    registry.page = 2;
    registry.before = (after) => {
      if (after === 2) throw new RegistryFault('timeout');
    };
    await expect(feed.catchUp(signal)).rejects.toMatchObject({ reason: 'timeout' });
    expect(feed).toMatchObject({ position: 2, confirmedAt: 900_000 });
    registry.before = () => {};
    await feed.catchUp(signal);
    expect(registry.asked).toEqual([0, 2, 2]);
    expect(feed).toMatchObject({ position: 3, confirmedAt: 1_000_000 });
  });

  it('what could not be stored is read again', async () => {
    registry.changes = [change(1)];
    store.away = true;
    await expect(feed.catchUp(signal)).rejects.toThrow('connection refused');
    expect(feed).toMatchObject({ position: 0, confirmedAt: 900_000 });
    store.away = false;
    await feed.catchUp(signal);
    expect(store.serials()).toEqual([serialOf(1)]);
  });

  it('names what the registry said, and when it was asked', async () => {
    registry.changes = [
      change(1, {
        status: 'superseded',
        notBefore: '2021-12-05',
        notAfter: '2026-12-05',
        supersededBy: 'EEEEEEEE',
        personRef: 'P0000000001',
      }),
      change(2, { revokedOn: '2026-11-21' }),
      change(3, { serial: 'EEEEEEEE', status: 'good', supersedes: serialOf(1) }),
      change(4, { status: 'unknown' }),
    ];
    await feed.catchUp(signal);
    expect(store.named).toEqual([
      {
        at: 1_000_000,
        certificates: [
          {
            serial: serialOf(1),
            status: 'superseded',
            notBefore: '2021-12-05',
            notAfter: '2026-12-05',
            supersededBy: 'EEEEEEEE',
          },
          { serial: serialOf(2), status: 'revoked', revokedOn: '2026-11-21' },
          { serial: 'EEEEEEEE', status: 'good', supersedes: serialOf(1) },
        ],
      },
    ]);
  });

  it('a page with others behind it says how it was when it was written, not how it is now', async () => {
    registry.page = 1;
    registry.changes = [
      change(1, { status: 'good', changedAt: new Date(950_000).toISOString() }),
      change(2, { serial: serialOf(1), status: 'revoked', changedAt: new Date(960_000).toISOString() }),
    ];
    await feed.catchUp(signal);
    expect(store.named.map(({ at, certificates }) => [at, certificates[0]?.status])).toEqual([
      [950_000, 'good'],
      [1_000_000, 'revoked'],
    ]);
  });

  it('of a certificate that is named twice on a page the last word is stored, and whose place it took', async () => {
    registry.changes = [change(1, { status: 'good', supersedes: 'EEEEEEEE' }), change(2, { serial: serialOf(1) })];
    await feed.catchUp(signal);
    expect(store.named.map(({ certificates }) => certificates)).toEqual([
      [{ serial: serialOf(1), status: 'revoked', supersedes: 'EEEEEEEE' }],
    ]);
  });

  it('a feed that stands still before its end is garbage', async () => {
    registry.certificateChanges = async (after) => ({
      changes: [],
      next: after,
      last: 5,
      generation: 'first life',
      asOf: '',
    });
    await expect(feed.catchUp(signal)).rejects.toMatchObject({ reason: 'garbage' });
    expect(feed.confirmedAt).toBe(900_000);
  });

  it('a feed that goes back is garbage', async () => {
    store.stored = { generation: 'first life', position: 5, confirmedAt: 900_000 };
    registry.certificateChanges = async (after) => ({
      changes: [],
      next: after === 5 ? 3 : 5,
      last: 9,
      generation: 'first life',
      asOf: '',
    });
    await expect(feed.catchUp(signal)).rejects.toMatchObject({ reason: 'garbage' });
    expect(feed).toMatchObject({ position: 5, confirmedAt: 900_000 });
  });
});

describe('a feed that has begun anew says nothing of what was missed, so everything is read afresh', () => {
  beforeEach(() => {
    store.stored = { generation: 'first life', position: 7, confirmedAt: 900_000 };
    registry.changes = [change(7), change(8)];
    registry.people = [resident('AAAAAAAA')];
  });

  it.each([
    ['another generation', () => (registry.generation = 'second life')],
    ['changes no longer kept', () => (registry.kept = 8)],
  ])('%s', async (_what, happens) => {
    happens();
    await feed.catchUp(signal);
    expect(registry.asked).toEqual([7, 'population', registry.last]);
    expect(store.serials()).toEqual(['AAAAAAAA']);
    expect(feed).toMatchObject({ position: registry.last, confirmedAt: 1_000_000 });
    expect(store.stored).toMatchObject({ generation: registry.generation, position: registry.last });
  });

  it.each([
    ['the feed', () => (registry.changes = [change(3)])],
    [
      'the population',
      () => {
        registry.kept = 8;
        registry.changes = [change(3)];
      },
    ],
  ])(
    'fewer changes of the same life than were read is an old copy, and nothing of it is believed: %s',
    async (_what, happens) => {
      happens();
      await expect(feed.catchUp(signal)).rejects.toMatchObject({ reason: 'stale' });
      expect(store.serials()).toEqual([]);
      expect(feed).toMatchObject({ position: 7, confirmedAt: 900_000 });
    },
  );

  it('until its end is reached nothing is confirmed', async () => {
    registry.generation = 'second life';
    registry.before = (question) => {
      if (question === 8) throw new RegistryFault('connection');
    };
    await expect(feed.catchUp(signal)).rejects.toMatchObject({ reason: 'connection' });
    expect(feed.confirmedAt).toBe(900_000);
  });

  it('a population that breaks off is begun again next time', async () => {
    registry.generation = 'second life';
    registry.population = async () => ({
      generation: 'second life',
      sequence: 8,
      people: (async function* () {
        yield resident('AAAAAAAA');
        throw new RegistryFault('connection');
      })(),
    });
    await expect(feed.catchUp(signal)).rejects.toMatchObject({ reason: 'connection' });
    expect(feed).toMatchObject({ position: 7, confirmedAt: 900_000 });
    expect(store.saved).toEqual([]);
  });

  it('one that begins anew all the time is left until the next turn, not read for ever', async () => {
    registry.before = () => {
      registry.generation += '!';
    };
    await expect(feed.catchUp(signal)).rejects.toBeInstanceOf(RegistryFault);
    expect(registry.asked.filter((question) => question === 'population')).toHaveLength(1);
    expect(feed.confirmedAt).toBe(900_000);
  });
});

describe('the place in the feed is saved', () => {
  beforeEach(async () => {
    store.stored = { generation: 'first life', position: 0, confirmedAt: 900_000 };
    await feed.catchUp(signal);
    store.saved.length = 0;
  });

  it.each([
    ['not again within the minute', MINUTE_MS - 1, 0],
    ['once the minute is over', MINUTE_MS, 1],
  ])('while nothing changes, %s', async (_when, later, times) => {
    now += later;
    await feed.catchUp(signal);
    expect(store.saved).toHaveLength(times);
    expect(feed.confirmedAt).toBe(now);
  });

  it('at once when it has moved', async () => {
    registry.changes = [change(1)];
    now += 1_000;
    await feed.catchUp(signal);
    expect(store.saved).toEqual([{ generation: 'first life', position: 1, confirmedAt: now }]);
  });
});
