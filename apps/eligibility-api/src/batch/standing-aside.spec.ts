import { realSight, StandingAside, type Sight } from './standing-aside.js';

/** A process whose others keep it this busy; every slice of the batch takes a millisecond. */
const machine = (busy: (at: number) => number) => {
  let now = 0;
  let slices = 0;
  const looked: number[] = [];
  const sight: Sight = {
    now: () => now,
    turn: async () => {},
    busyDuring: async (ms) => {
      looked.push(ms);
      const share = busy(now);
      now += ms;
      return share;
    },
  };
  return {
    sight,
    looked,
    work: async (aside: StandingAside, untilMs: number) => {
      const before = slices;
      while (now < untilMs) {
        now += 1;
        slices += 1;
        await aside.betweenSlices();
      }
      return slices - before;
    },
  };
};

describe('a batch among others', () => {
  it('works nearly all the time while they are few', async () => {
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
    const { sight, work } = machine((at) => (at >= 200 && at < 400 ? 0.9 : 0));
    const aside = new StandingAside(0.5, sight);
    await work(aside, 199);
    expect(aside.aside).toBe(false);
    await work(aside, 256);
    expect(aside.aside).toBe(true);
    await work(aside, 445);
    expect(aside.aside).toBe(false);
  });

  it.each([
    ['as busy as allowed', 0.5, false],
    ['busier', 0.51, true],
  ])('%s', async (_what, busy, standing) => {
    const { sight, work } = machine(() => busy);
    const aside = new StandingAside(0.5, sight);
    await work(aside, 100);
    expect(aside.aside).toBe(standing);
  });

  it('sees an idle process as idle and a busy one as busy', async () => {
    expect(await realSight.busyDuring(30)).toBeLessThan(0.5);
    let looking = true;
    const others = (): void => {
      const until = performance.now() + 5;
      while (performance.now() < until);
      if (looking) setImmediate(others);
    };
    setImmediate(others);
    expect(await realSight.busyDuring(50)).toBeGreaterThan(0.8);
    looking = false;
  });
});
