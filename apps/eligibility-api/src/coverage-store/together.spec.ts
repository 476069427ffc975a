import { Together } from './together.js';

/** Work that ends when it is told to, and what it was given. */
const held = () => {
  const given: (readonly number[])[] = [];
  const ends: (() => void)[] = [];
  const work = async (all: readonly number[]): Promise<readonly string[]> => {
    given.push(all);
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.push(resolve);
    await promise;
    if (all.includes(13)) throw new Error('thirteen');
    return all.map(String);
  };
  return {
    given,
    work,
    end: (n: number) => vi.waitFor(() => expect(ends).toHaveLength(n)).then(() => ends[n - 1]?.()),
  };
};

it('does together what is asked for in one turn, and what comes while that is under way after it', async () => {
  const { given, work, end } = held();
  const together = new Together(work, { atOnceMax: 10, gatherMs: 0 });
  const first = [1, 2].map((one) => together.do(one));
  await vi.waitFor(() => expect(given).toEqual([[1, 2]]));
  const second = [3, 4, 5].map((one) => together.do(one));
  await end(1);
  expect(await Promise.all(first)).toEqual(['1', '2']);
  await end(2);
  expect(await Promise.all(second)).toEqual(['3', '4', '5']);
  const third = together.do(6);
  await end(3);
  expect(await third).toBe('6');
  expect(given).toEqual([[1, 2], [3, 4, 5], [6]]);
});

it('and no more at once than it may', async () => {
  const { given, work, end } = held();
  const together = new Together(work, { atOnceMax: 2, gatherMs: 0 });
  const all = [1, 2, 3].map((one) => together.do(one));
  await end(1);
  await end(2);
  expect(await Promise.all(all)).toEqual(['1', '2', '3']);
  expect(given).toEqual([[1, 2], [3]]);
});

it('a failure is that of those who were together, and of nobody after them', async () => {
  const { work, end } = held();
  const together = new Together(work, { atOnceMax: 2, gatherMs: 0 });
  const all = [13, 1, 2].map((one) => together.do(one));
  const settled = Promise.allSettled(all);
  await end(1);
  await end(2);
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});

it('work that does not say what became of everybody is an error', async () => {
  await expect(new Together<number, string>(async () => [], { atOnceMax: 2, gatherMs: 0 }).do(1)).rejects.toThrow(
    'not everybody',
  );
});

it('waits a moment for others where it may, and not when there are enough', async () => {
  const given: (readonly number[])[] = [];
  const work = async (all: readonly number[]): Promise<readonly number[]> => {
    given.push(all);
    return all;
  };
  const together = new Together(work, { atOnceMax: 3, gatherMs: 20 });
  const first = together.do(1);
  await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([first, together.do(2)]);
  expect(given).toEqual([[1, 2]]);
  const patient = new Together(work, { atOnceMax: 3, gatherMs: 2_000_000 });
  expect(await Promise.all([3, 4, 5].map((one) => patient.do(one)))).toEqual([3, 4, 5]);
});
