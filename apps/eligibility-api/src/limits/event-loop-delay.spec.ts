import { EventLoopDelay } from './event-loop-delay.js';

let now: number;
let delay: EventLoopDelay;
beforeEach(() => {
  now = 1_000;
  delay = new EventLoopDelay(() => now);
});

/** Looks as often as turns of this length let it, for so long. */
const turnsOf = (turnMs: number, forMs: number): void => {
  for (const until = now + forMs; now < until;) {
    now += turnMs;
    delay.look();
  }
};

it('nothing stands while every look comes in time', () => {
  turnsOf(5, 1_000);
  expect(delay.standingMs).toBe(0);
});

it('stands when nothing was quicker for a tenth of a second, and not before', () => {
  turnsOf(45, 90);
  expect(delay.standingMs).toBe(0);
  turnsOf(45, 200);
  expect(delay.standingMs).toBe(40);
});

it('is the quickest of what was seen, not the slowest', () => {
  for (let i = 0; i < 10; i += 1) {
    turnsOf(80, 80);
    turnsOf(25, 25);
  }
  expect(delay.standingMs).toBe(20);
});

it.each([1, 2, 3])('%i long pauses, with ordinary turns between, are none', (pauses) => {
  for (let i = 0; i < pauses; i += 1) {
    turnsOf(300, 300);
    // What waited through it is looked at now, and is not turned away for it.
    expect(delay.standingMs).toBe(0);
    turnsOf(5, 5);
    expect(delay.standingMs).toBe(0);
  }
  turnsOf(5, 100);
  expect(delay.standingMs).toBe(0);
});

it('stands after three turns that are longer than that time', () => {
  turnsOf(300, 600);
  expect(delay.standingMs).toBe(0);
  turnsOf(300, 300);
  expect(delay.standingMs).toBe(295);
});

it('is over with the first turn that is not long', () => {
  turnsOf(45, 400);
  expect(delay.standingMs).toBe(40);
  turnsOf(6, 6);
  expect(delay.standingMs).toBe(1);
});

it('tells for how long it has stood, whether more or less, until there is none', () => {
  turnsOf(45, 90);
  expect(delay.stoodMs).toBe(0);
  turnsOf(45, 450);
  const stood = delay.stoodMs;
  expect(stood).toBeGreaterThan(300);
  turnsOf(25, 200);
  expect(delay.stoodMs).toBe(stood + 200);
  turnsOf(6, 6);
  expect(delay.stoodMs).toBe(0);
  turnsOf(45, 225);
  expect(delay.stoodMs).toBeLessThan(200);
});
