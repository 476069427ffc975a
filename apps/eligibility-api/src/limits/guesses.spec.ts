import { Guesses } from './guesses.js';

const HOUR = 3_600_000;

let now: number;
let noted: boolean[];
let holds: { ms: number; over: () => void }[];
let guesses: Guesses;
beforeEach(() => {
  now = 1_000;
  noted = [];
  holds = [];
  guesses = new Guesses({
    keysMax: 3,
    holdMs: 2_000,
    noted: (slowed) => noted.push(slowed),
    now: () => now,
    wait: (ms) => new Promise((resolve) => holds.push({ ms, over: resolve })),
  });
});

const wrong = (client: string, ...keys: string[]): void =>
  keys.forEach((key) => guesses.failed(client, Buffer.from(key)));

it('three different wrong keys are as many as a client may have in an hour, and the fourth is one too many', () => {
  wrong('a', '1', '2', '3');
  expect(guesses.isSlowed('a')).toBe(false);
  wrong('a', '4');
  expect(guesses.isSlowed('a')).toBe(true);
  expect(noted).toEqual([false, false, false, true]);
  expect(guesses.slowed).toBe(1);
});

it('the same one again is no other, however often', () => {
  wrong('a', ...Array.from({ length: 100 }, () => '1'), '2', '3');
  expect(guesses.isSlowed('a')).toBe(false);
});

it('nobody is slowed for what another client asks', () => {
  wrong('a', '1', '2', '3', '4');
  wrong('b', '1', '2', '3');
  expect([guesses.isSlowed('a'), guesses.isSlowed('b')]).toEqual([true, false]);
});

it('an hour after the first of them it is over', () => {
  wrong('a', '1', '2', '3', '4');
  now += HOUR - 1;
  expect(guesses.isSlowed('a')).toBe(true);
  now += 1;
  expect(guesses.isSlowed('a')).toBe(false);
  wrong('a', '1', '2', '3');
  expect(guesses.isSlowed('a')).toBe(false);
});

it('four at once are answered; whoever finds somebody gives the place up at once, whoever does not keeps it', async () => {
  const places = Array.from({ length: 4 }, () => guesses.enter('a'));
  expect(guesses.enter('a')).toBeUndefined();
  await places[0]?.leave(true);
  expect(holds).toEqual([]);
  const fifth = guesses.enter('a');
  expect(fifth).toBeDefined();
  const left = places[1]?.leave(false);
  expect(holds.map(({ ms }) => ms)).toEqual([2_000]);
  expect(guesses.enter('a')).toBeUndefined();
  holds[0]?.over();
  await left;
  expect(guesses.enter('a')).toBeDefined();
});

it('what nobody waits for gets a place when there is one, in the order in which it came', async () => {
  const first = guesses.enter('a');
  const others = [guesses.enter('a'), guesses.enter('a'), guesses.enter('a')];
  const order: string[] = [];
  const second = guesses.entered('a').then((place) => (order.push('second'), place));
  const third = guesses.entered('a').then((place) => (order.push('third'), place));
  await first?.leave(true);
  await (await second).leave(true);
  await third;
  expect(order).toEqual(['second', 'third']);
  // No place came of it that was not there before.
  expect(guesses.enter('a')).toBeUndefined();
  await others[0]?.leave(true);
  expect(guesses.enter('a')).toBeDefined();
});
