import type { PersonFacts } from '@app/domain';

import type { CardRecord } from './facts-reader.js';
import type { FileState } from './replica-file.js';
import { ReplicatedFacts } from './replicated-facts.js';

const SERIAL = '1A2B3C4D5E6F7081';
const card = (personId: string): CardRecord => ({
  certificate: { serial: SERIAL, status: 'good', verifiedAt: 0 },
  person: { personId } as PersonFacts,
});

let now: number;
let state: Pick<FileState, 'asOf' | 'insurers' | 'staleSince' | 'certificatesConfirmedAt'>;
let stoodMs: number;
let hasMoved: boolean;
let inReplica: CardRecord | undefined;
let inStore: CardRecord | undefined | 'away';
let confirmedAt: number | undefined;
/** While the store is being asked. */
let meanwhile: () => void;

const facts = new ReplicatedFacts(
  {
    get state() {
      return state as FileState;
    },
    get stoodMs() {
      return stoodMs;
    },
    get hasMoved() {
      return hasMoved;
    },
    card: () => inReplica,
    heldCard: () => inReplica,
    people: () => [],
    heldPeople: () => [],
  },
  {
    bySerial: async () => {
      meanwhile();
      if (inStore === 'away') throw new Error('away');
      return inStore;
    },
    byNumber: async () => [],
  },
  { now: () => now },
  { behindMs: 5_000, certificatesConfirmedAt: () => confirmedAt },
);

beforeEach(() => {
  now = 1_000_000;
  state = { asOf: now - 100, insurers: [], staleSince: undefined, certificatesConfirmedAt: 900_000 };
  stoodMs = 100;
  hasMoved = true;
  inReplica = undefined;
  inStore = card('in the store');
  confirmedAt = undefined;
  meanwhile = () => {};
});

describe('a replica that catches up while a store that is away is waited for', () => {
  beforeEach(() => {
    state = { ...state, asOf: now - 10_000 };
    inReplica = card('before');
    inStore = 'away';
    meanwhile = () => {
      state = { ...state, asOf: now };
      stoodMs = 0;
      inReplica = card('after');
    };
  });

  it('is answered from as one that is complete', async () => {
    const reading = await facts.bySerial(SERIAL);
    expect([reading.value?.person.personId, reading.asOf, reading.away]).toEqual(['after', now, undefined]);
  });

  it('says "nobody" too', async () => {
    meanwhile = () => {
      state = { ...state, asOf: now };
      stoodMs = 0;
      inReplica = undefined;
    };
    await expect(facts.bySerial(SERIAL)).resolves.toMatchObject({ value: undefined, source: 'replica' });
  });

  it('and one that does not is answered from as one that is behind', async () => {
    meanwhile = () => {};
    await expect(facts.bySerial(SERIAL)).resolves.toMatchObject({
      value: card('before'),
      away: { reason: 'database-unavailable', since: now - 10_000 },
    });
  });
});

describe('"nobody" is said by a replica', () => {
  it.each([
    ['that is as old as it may be', 5_000, 5_000, 'replica'],
    ['no longer when it is older', 5_001, 5_000, 'database'],
    [
      'no longer when its instant has stood too long, whatever the clock says that was set back',
      -290_000,
      5_001,
      'database',
    ],
    ['still when the clock was set back a moment ago', -290_000, 5_000, 'replica'],
  ])('%s', async (_what, ageMs, stood, source) => {
    state = { ...state, asOf: now - ageMs };
    stoodMs = stood;
    await expect(facts.bySerial(SERIAL)).resolves.toMatchObject({ source });
  });
});

it.each([
  ['from the future is not believed', -1, 'database'],
  ['of now is believed', 0, 'replica'],
])('an instant that this process has not seen move and that is %s', async (_what, ageMs, source) => {
  hasMoved = false;
  state = { ...state, asOf: now - ageMs };
  await expect(facts.bySerial(SERIAL)).resolves.toMatchObject({ source });
});

describe('who was told by the store', () => {
  beforeEach(async () => {
    state = { ...state, asOf: now - 10_000 };
    inReplica = card('before');
    inStore = card('after');
    await facts.bySerial(SERIAL);
    now += 10;
    inStore = 'away';
  });

  it('is told so again, with its age, when the store goes away, and not what was before', async () => {
    await expect(facts.bySerial(SERIAL)).resolves.toMatchObject({
      value: { person: { personId: 'after' } },
      asOf: 1_000_000,
      away: { reason: 'database-unavailable', since: 1_000_000 },
    });
  });

  it('is not told what was before by a replica that has become current and is older', async () => {
    state = { ...state, asOf: 999_999 };
    expect(facts.knowsNewer(SERIAL, state.asOf)).toBe(true);
    await expect(facts.bySerial(SERIAL)).resolves.toMatchObject({ value: { person: { personId: 'after' } } });
  });

  it('is told by the replica once it is as new', async () => {
    state = { ...state, asOf: 1_000_000 };
    expect(facts.knowsNewer(SERIAL, state.asOf)).toBe(false);
    await expect(facts.bySerial(SERIAL)).resolves.toMatchObject({ source: 'replica' });
  });
});

it('that the store knew nobody a moment ago is no "nobody" once it is away', async () => {
  state = { ...state, asOf: now - 10_000 };
  inStore = undefined;
  await facts.bySerial(SERIAL);
  inReplica = card('of before');
  inStore = 'away';
  await expect(facts.bySerial(SERIAL)).rejects.toThrow('coverage facts cannot be read');
});

describe('certificates in facts of the store are confirmed', () => {
  it.each([
    ['as the feed was before they were asked for', 950_000, 950_000],
    ['as the replica holds it, where no feed has been read by this process', undefined, 900_000],
  ])('%s', async (_what, byFeed, expected) => {
    state = { ...state, asOf: now - 10_000 };
    confirmedAt = byFeed;
    const reading = facts.bySerial(SERIAL);
    confirmedAt = 999_999;
    await expect(reading).resolves.toMatchObject({ source: 'database', certificatesConfirmedAt: expected });
  });
});
