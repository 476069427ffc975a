// Before anything reads the clock: the cache takes hold of it when it is loaded.
vi.hoisted(() => vi.useFakeTimers({ now: 1_000_000 }));

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { systemClock } from '../clock/clock.js';
import { IdempotencyKeys, KeyReused } from './idempotency-keys.js';
import { HELD_FOR_MS, KEPT_FOR_MS, KeyFile } from './key-file.js';

interface Reply {
  readonly checkId: string;
}

/** A process: its memory, its hold on the file, and its work. */
class Counter {
  readonly first = vi.fn<() => Promise<Reply>>(async () => this.record(`check ${record.size + 1}`));
  private readonly file = new KeyFile(path, systemClock);
  private readonly keys = new IdempotencyKeys<Reply>(this.file, systemClock);

  once(key: string, request: string): Promise<{ outcome: Reply; repeated: boolean }> {
    return this.keys.once(key, request, { first: this.first, given: async (checkId) => record.get(checkId) });
  }

  record(checkId: string): Reply {
    const reply = { checkId };
    record.set(checkId, reply);
    return reply;
  }

  /** As when it is killed: nothing is said any more, to nobody. */
  kill(): void {
    this.file.onApplicationShutdown();
  }
}

let folder: string;
let path: string;
let record: Map<string, Reply>;
let one: Counter;
let other: Counter;

beforeEach(() => {
  // The cache takes an entry made at the very first instant for one without an end.
  vi.advanceTimersByTime(1_000);
  folder = mkdtempSync(join(tmpdir(), 'shikaku-keys-'));
  path = join(folder, 'idempotency', 'keys.db');
  record = new Map();
  one = new Counter();
  other = new Counter();
});
afterEach(() => {
  one.kill();
  other.kill();
  rmSync(folder, { recursive: true });
});
afterAll(() => vi.useRealTimers());

const rows = (): number => {
  const db = new DatabaseSync(path);
  try {
    return (db.prepare('select count(*) as n from idempotency_key').get() as { n: number }).n;
  } finally {
    db.close();
  }
};
/** Lets the other process look at the file a few times. */
const looks = (times = 3): Promise<void> => {
  const look = vi.spyOn(KeyFile.prototype, 'begin');
  return vi
    .waitFor(() => expect(look.mock.calls.length).toBeGreaterThanOrEqual(times))
    .finally(() => look.mockRestore());
};

/** The same for a repeat that reaches the process of the first, and for one that reaches another. */
describe.each([
  ['the same process', () => one],
  ['another process of the machine', () => other],
])('a repeat that reaches %s', (_which, again) => {
  it('gets the very same outcome, and the work is done once', async () => {
    const first = await one.once('key', 'request');
    expect(first).toEqual({ outcome: { checkId: 'check 1' }, repeated: false });
    expect(await again().once('key', 'request')).toEqual({ outcome: { checkId: 'check 1' }, repeated: true });
    expect(again().first).toHaveBeenCalledTimes(again() === one ? 1 : 0);
  });

  it('while the first is under way waits for it', async () => {
    const slow = Promise.withResolvers<Reply>();
    one.first.mockImplementation(() => slow.promise);
    const both = Promise.all([one.once('key', 'request'), again().once('key', 'request')]);
    slow.resolve(one.record('slow'));
    expect(await both).toEqual([
      { outcome: { checkId: 'slow' }, repeated: false },
      { outcome: { checkId: 'slow' }, repeated: true },
    ]);
    expect(other.first).not.toHaveBeenCalled();
  });

  it('with another key is another piece of work', async () => {
    await one.once('one key', 'request');
    expect(await again().once('another key', 'request')).toMatchObject({ repeated: false });
  });

  it('with another request is refused, afterwards and while the first is under way', async () => {
    await one.once('key', 'request');
    await expect(again().once('key', 'another request')).rejects.toBeInstanceOf(KeyReused);

    const slow = Promise.withResolvers<Reply>();
    one.first.mockImplementation(() => slow.promise);
    const first = one.once('slow', 'request');
    await expect(again().once('slow', 'another request')).rejects.toBeInstanceOf(KeyReused);
    slow.resolve(one.record('slow'));
    await first;
    // Nor is the refusal remembered.
    expect(await again().once('slow', 'request')).toMatchObject({ repeated: true });
  });

  it('after a failure is the first, also with another request', async () => {
    one.first.mockRejectedValueOnce(new Error('away'));
    await expect(one.once('key', 'request')).rejects.toThrow('away');
    expect(await again().once('key', 'another request')).toMatchObject({ repeated: false });
  });

  it.each([
    ['to the end of ten minutes', KEPT_FOR_MS - 1, true],
    ['and no longer', KEPT_FOR_MS + 1, false],
  ])('is one %s', async (_when, later, repeated) => {
    await one.once('key', 'request');
    await vi.advanceTimersByTimeAsync(later);
    expect((await again().once('key', 'request')).repeated).toBe(repeated);
  });
});

it('whoever waited for a failure in the same process shares it', async () => {
  const slow = Promise.withResolvers<Reply>();
  one.first.mockImplementationOnce(() => slow.promise);
  const both = [one.once('key', 'request'), one.once('key', 'request')];
  slow.reject(new Error('away'));
  const outcomes = await Promise.allSettled(both);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  expect(await one.once('key', 'request')).toMatchObject({ repeated: false });
});

it('whoever waited for a failure in another process tries by itself', async () => {
  const slow = Promise.withResolvers<Reply>();
  one.first.mockImplementationOnce(() => slow.promise);
  const first = one.once('key', 'request');
  const second = other.once('key', 'request');
  slow.reject(new Error('away'));
  await expect(first).rejects.toThrow('away');
  expect(await second).toMatchObject({ repeated: false });
});

it('what was learned from another process is kept as long as there, and not from the repeat on', async () => {
  await one.once('key', 'request');
  await vi.advanceTimersByTimeAsync(KEPT_FOR_MS - 60_000);
  expect(await other.once('key', 'request')).toMatchObject({ repeated: true });
  await vi.advanceTimersByTimeAsync(60_001);
  expect(await other.once('key', 'request')).toMatchObject({ repeated: false });
});

it('an answer that is on no record any more is worked out anew, and that is the one from then on', async () => {
  await one.once('key', 'request');
  record.clear();
  expect(await other.once('key', 'request')).toMatchObject({ repeated: false });
  expect(await new Counter().once('key', 'request')).toMatchObject({ repeated: true });
});

describe('a process that is killed in the middle', () => {
  it('does not hold up the key for longer than a few seconds', async () => {
    one.first.mockImplementation(() => new Promise(() => {}));
    void one.once('key', 'request');
    one.kill();
    const second = other.once('key', 'request');
    await looks();
    expect(other.first).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(HELD_FOR_MS);
    expect(await second).toMatchObject({ repeated: false });
  });

  it('or is thought to be, having stood still: the answer is that of whoever was first to know', async () => {
    const slow = Promise.withResolvers<Reply>();
    one.first.mockImplementation(() => slow.promise);
    const first = one.once('key', 'request');
    vi.setSystemTime(Date.now() + HELD_FOR_MS);
    expect(await other.once('key', 'request')).toEqual({ outcome: { checkId: 'check 1' }, repeated: false });
    slow.resolve(one.record('late'));
    expect(await first).toEqual({ outcome: { checkId: 'check 1' }, repeated: true });
  });
});

it('of two who work on it, as the first stood still, the first to know gives the answer of both', async () => {
  const [slow, slower] = [Promise.withResolvers<Reply>(), Promise.withResolvers<Reply>()];
  one.first.mockImplementation(() => slow.promise);
  other.first.mockImplementation(() => slower.promise);
  const first = one.once('key', 'request');
  vi.setSystemTime(Date.now() + HELD_FOR_MS);
  const second = other.once('key', 'request');
  slow.resolve(one.record('late'));
  expect(await first).toEqual({ outcome: { checkId: 'late' }, repeated: false });
  slower.resolve(other.record('later'));
  expect(await second).toEqual({ outcome: { checkId: 'late' }, repeated: true });
});

it('work that takes long keeps the key', async () => {
  const slow = Promise.withResolvers<Reply>();
  one.first.mockImplementation(() => slow.promise);
  const first = one.once('key', 'request');
  const second = other.once('key', 'request');
  await vi.advanceTimersByTimeAsync(5 * HELD_FOR_MS);
  await looks();
  slow.resolve(one.record('slow'));
  expect(await first).toMatchObject({ repeated: false });
  expect(await second).toEqual({ outcome: { checkId: 'slow' }, repeated: true });
});

it('a clock that is set back leaves no key behind for longer', async () => {
  await one.once('key', 'request');
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(await other.once('key', 'request')).toMatchObject({ repeated: false });
});

it('rows of keys that are over are removed by those that come', async () => {
  for (let i = 0; i < 40; i += 1) await one.once(`old ${i}`, 'request');
  expect(rows()).toBe(40);
  await vi.advanceTimersByTimeAsync(KEPT_FOR_MS + 1);
  for (let i = 0; i < 10; i += 1) await one.once(`new ${i}`, 'request');
  expect(rows()).toBe(10);
});

describe('a file that is damaged', () => {
  beforeEach(async () => {
    await one.once('before', 'request');
    one.kill();
    writeFileSync(path, 'no database at all'.repeat(1_000));
  });

  it('leaves each process its own memory', async () => {
    expect(await one.once('before', 'request')).toMatchObject({ repeated: true });
    expect(await other.once('key', 'request')).toMatchObject({ repeated: false });
    expect(await other.once('key', 'request')).toMatchObject({ repeated: true });
    await expect(other.once('key', 'another request')).rejects.toBeInstanceOf(KeyReused);
  });

  it('is made anew, and shared again a while later', async () => {
    const third = new Counter();
    await other.once('key', 'request');
    await third.once('key', 'request');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await third.once('shared', 'request')).toMatchObject({ repeated: false });
    expect(await other.once('shared', 'request')).toMatchObject({ repeated: true });
    third.kill();
  });
});

it('a file that somebody takes away is shared again at once', async () => {
  await one.once('key', 'request');
  rmSync(join(folder, 'idempotency'), { recursive: true });
  expect(await one.once('shared', 'request')).toMatchObject({ repeated: false });
  expect(await other.once('shared', 'request')).toMatchObject({ repeated: true });
});

it('the folder is ours alone', async () => {
  await one.once('key', 'request');
  expect(statSync(join(folder, 'idempotency')).mode & 0o777).toBe(0o700);
});
