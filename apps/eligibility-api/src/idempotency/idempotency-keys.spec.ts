// Before anything reads the clock: the cache takes hold of it when it is loaded.
vi.hoisted(() => vi.useFakeTimers({ now: 1_000_000 }));

import { IdempotencyKeys, KeyReused } from './idempotency-keys.js';

const KEPT_FOR_MS = 10 * 60_000;

interface Reply {
  readonly n: number;
}

let keys: IdempotencyKeys<Reply>;
let work: ReturnType<typeof vi.fn<() => Promise<Reply>>>;

beforeEach(() => {
  // The cache takes an entry made at the very first instant for one without an end.
  vi.advanceTimersByTime(1_000);
  let n = 0;
  keys = new IdempotencyKeys();
  work = vi.fn(async () => ({ n: (n += 1) }));
});

afterAll(() => vi.useRealTimers());

it('the first time the work is done, a repeat gets the very same outcome', async () => {
  const first = await keys.once('client key', 'request', work);
  const again = await keys.once('client key', 'request', work);
  expect(first).toEqual({ outcome: { n: 1 }, repeated: false });
  expect(again.repeated).toBe(true);
  expect(again.outcome).toBe(first.outcome);
  expect(work).toHaveBeenCalledTimes(1);
});

it('a repeat while the first is under way waits for it', async () => {
  const slow = Promise.withResolvers<Reply>();
  work.mockImplementation(() => slow.promise);
  const both = Promise.all([keys.once('key', 'request', work), keys.once('key', 'request', work)]);
  slow.resolve({ n: 7 });
  expect(await both).toEqual([
    { outcome: { n: 7 }, repeated: false },
    { outcome: { n: 7 }, repeated: true },
  ]);
  expect(work).toHaveBeenCalledTimes(1);
});

it('another key is another piece of work', async () => {
  await keys.once('one client key', 'request', work);
  expect(await keys.once('another client key', 'request', work)).toEqual({ outcome: { n: 2 }, repeated: false });
});

it('with another request the key is refused, afterwards and while the first is under way', async () => {
  await keys.once('key', 'request', work);
  await expect(keys.once('key', 'another request', work)).rejects.toBeInstanceOf(KeyReused);

  const slow = Promise.withResolvers<Reply>();
  const first = keys.once('slow', 'request', () => slow.promise);
  await expect(keys.once('slow', 'another request', work)).rejects.toBeInstanceOf(KeyReused);
  slow.resolve({ n: 1 });
  await first;
  expect(work).toHaveBeenCalledTimes(1);
});

describe('a failure is not remembered', () => {
  it('so that it can be tried again, also with another request', async () => {
    work.mockRejectedValueOnce(new Error('away'));
    await expect(keys.once('key', 'request', work)).rejects.toThrow('away');
    expect(await keys.once('key', 'another request', work)).toMatchObject({ repeated: false });
  });

  it('though whoever waited for it shares it', async () => {
    const slow = Promise.withResolvers<Reply>();
    work.mockImplementationOnce(() => slow.promise);
    const both = [keys.once('key', 'request', work), keys.once('key', 'request', work)];
    slow.reject(new Error('away'));
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    expect(await keys.once('key', 'request', work)).toMatchObject({ repeated: false });
  });
});

it.each([
  ['to the end of ten minutes', KEPT_FOR_MS, true],
  ['and no longer', KEPT_FOR_MS + 1, false],
])('an outcome is kept %s', async (_when, later, repeated) => {
  await keys.once('key', 'request', work);
  await vi.advanceTimersByTimeAsync(later);
  expect((await keys.once('key', 'request', work)).repeated).toBe(repeated);
});
