import { StoreBusy } from './facts-reader.js';
import { GuardedSource } from './guarded-source.js';

/** A store whose replies are given by the test, in the order in which they were asked for. */
const store = (now = () => 0) => {
  const asked: PromiseWithResolvers<undefined>[] = [];
  const ask = (): Promise<undefined> => {
    const one = Promise.withResolvers<undefined>();
    asked.push(one);
    return one.promise;
  };
  const guarded = new GuardedSource({ bySerial: ask, byNumber: () => ask().then(() => []) }, now);
  /** Asks so many at once, and lets each that reached the store fail. */
  const fail = async (times: number, error = new Error('away')): Promise<void> => {
    const before = asked.length;
    const told = Array.from({ length: times }, () => guarded.bySerial('1'));
    for (const one of asked.slice(before)) one.reject(error);
    await Promise.allSettled(told);
  };
  return { asked, guarded, fail };
};

describe('a store that does not answer', () => {
  it.each([
    ['two failures on end, everybody asks it', 2, 10],
    ['three, one at a time', 3, 1],
  ])('after %s', async (_when, failures, reach) => {
    const { asked, guarded, fail } = store();
    await fail(failures);
    const told = Array.from({ length: 10 }, () => guarded.bySerial('1'));
    expect(asked.length - failures).toBe(reach);
    for (const one of asked) one.reject(new Error('away'));
    for (const one of await Promise.allSettled(told)) expect(one.status).toBe('rejected');
  });

  it('the others are told at once what became of the one before, by card and by number', async () => {
    const { asked, guarded, fail } = store();
    await fail(3, new Error('the third'));
    const first = guarded.bySerial('1');
    await expect(guarded.bySerial('2')).rejects.toThrow('the third');
    await expect(guarded.byNumber('06130488', '1')).rejects.toThrow('the third');
    asked.at(-1)?.resolve(undefined);
    await expect(first).resolves.toBeUndefined();
  });

  it('when the one that asks has failed, the next asks', async () => {
    const { asked, fail } = store();
    await fail(3);
    await fail(1);
    await fail(1);
    expect(asked).toHaveLength(5);
  });

  it('the first answer ends it: everybody asks again', async () => {
    const { asked, guarded, fail } = store();
    await fail(3);
    const probe = guarded.bySerial('1');
    asked.at(-1)?.resolve(undefined);
    await probe;
    void Array.from({ length: 10 }, () => guarded.bySerial('1'));
    expect(asked).toHaveLength(3 + 1 + 10);
  });

  it.each([
    ['five seconds without a word later one asks for all', 5_000, 1],
    ['after more than five seconds without a word nobody is told of it: everybody asks', 5_001, 10],
  ])('%s', async (_when, later, reach) => {
    let now = 0;
    const { asked, guarded, fail } = store(() => now);
    await fail(3);
    now = later;
    const told = Array.from({ length: 10 }, () => guarded.bySerial('1'));
    expect(asked).toHaveLength(3 + reach);
    for (const one of asked) one.reject(new Error('away'));
    await Promise.allSettled(told);
  });

  it('whoever asks for long holds back the others for as long', async () => {
    let now = 0;
    const { asked, guarded, fail } = store(() => now);
    await fail(3);
    const first = guarded.bySerial('1');
    now = 60_000;
    await expect(guarded.bySerial('2')).rejects.toThrow('away');
    asked.at(-1)?.resolve(undefined);
    await expect(first).resolves.toBeUndefined();
  });

  it.each([
    ['an answer between failures', undefined],
    ['its own word that it is busy', new StoreBusy()],
  ])('%s begins the count anew', async (_what, error) => {
    const { asked, guarded, fail } = store();
    await fail(2);
    const between = guarded.bySerial('1');
    if (error === undefined) asked.at(-1)?.resolve(undefined);
    else asked.at(-1)?.reject(error);
    await Promise.allSettled([between]);
    await fail(2);
    void Array.from({ length: 10 }, () => guarded.bySerial('1'));
    expect(asked).toHaveLength(2 + 1 + 2 + 10);
  });
});
