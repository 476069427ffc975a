import { sightOf, StandingAside, type Sight } from './standing-aside.js';

/** A process as busy as said with callers as many as said; every slice of the batch takes a millisecond. */
const machine = (busy: (at: number) => number, perSecond: (at: number) => number = () => 1_000) => {
  let now = 0;
  let replies = 0;
  const looked: number[] = [];
  const pass = (ms: number): void => {
    replies += (perSecond(now) * ms) / 1_000;
    now += ms;
  };
  const sight: Sight = {
    now: () => now,
    replies: () => replies,
    turn: async () => {},
    busyDuring: async (ms) => {
      looked.push(ms);
      const share = busy(now);
      pass(ms);
      return share;
    },
  };
  return {
    sight,
    looked,
    work: async (aside: StandingAside, untilMs: number) => {
      let slices = 0;
      for (; sight.now() < untilMs; slices += 1) {
        pass(1);
        await aside.betweenSlices();
      }
      return slices;
    },
  };
};

describe('a batch among callers', () => {
  it('works nearly all the time while they keep the process little busy', async () => {
    const { sight, work, looked } = machine(() => 0.1);
    const aside = new StandingAside(0.5, sight);
    expect(await work(aside, 1_000)).toBeGreaterThan(940);
    expect(aside.aside).toBe(false);
    expect(new Set(looked)).toEqual(new Set([2]));
  });

  it('does one slice and stands by while they are many, and never stops altogether', async () => {
    const { sight, work } = machine(() => 0.9);
    const aside = new StandingAside(0.5, sight);
    await work(aside, 100);
    expect(aside.aside).toBe(true);
    const slices = await work(aside, 1_100);
    expect(slices).toBeGreaterThan(40);
    expect(slices).toBeLessThan(55);
  });

  it('notices within a twentieth of a second that they came, and that they are gone', async () => {
    const { sight, work } = machine(
      () => 0.9,
      (at) => (at >= 200 && at < 400 ? 1_000 : 0),
    );
    const aside = new StandingAside(0.5, sight);
    await work(aside, 199);
    expect(aside.aside).toBe(false);
    await work(aside, 260);
    expect(aside.aside).toBe(true);
    await work(aside, 445);
    expect(aside.aside).toBe(false);
  });

  it('does not stand aside for a process that is busy with itself, and does not even look', async () => {
    const { sight, work, looked } = machine(
      () => 1,
      () => 99,
    );
    const aside = new StandingAside(0.5, sight);
    expect(await work(aside, 1_000)).toBe(1_000);
    expect(looked).toEqual([]);
  });

  it.each([
    ['as busy as allowed', 0.5, 101, false],
    ['busier', 0.51, 101, true],
    ['busier, and hardly anybody is there', 0.51, 99, false],
  ])('%s', async (_what, busy, perSecond, standing) => {
    const { sight, work } = machine(
      () => busy,
      () => perSecond,
    );
    const aside = new StandingAside(0.5, sight);
    await work(aside, 100);
    expect(aside.aside).toBe(standing);
  });

  it('sees an idle process as idle and a busy one as busy', async () => {
    const sight = sightOf(() => 0);
    expect(await sight.busyDuring(30)).toBeLessThan(0.5);
    let looking = true;
    const others = (): void => {
      const until = performance.now() + 5;
      while (performance.now() < until);
      if (looking) setImmediate(others);
    };
    setImmediate(others);
    expect(await sight.busyDuring(50)).toBeGreaterThan(0.8);
    looking = false;
  });
});
