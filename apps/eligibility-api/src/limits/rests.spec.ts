import { Rests } from './rests.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('everybody rests as long as they have to, and no longer', () => {
  const rests = new Rests({ restMs: 200, perMs: () => 100 });
  const over: string[] = [];
  rests.rest(() => over.push('first'));
  rests.rest(() => over.push('second'));
  vi.advanceTimersByTime(150);
  rests.rest(() => over.push('later'));
  expect(over).toEqual([]);
  vi.advanceTimersByTime(50);
  expect(over).toEqual(['first', 'second']);
  vi.advanceTimersByTime(149);
  expect(over).toEqual(['first', 'second']);
  vi.advanceTimersByTime(1);
  expect(over).toEqual(['first', 'second', 'later']);
});

it('who comes after all rests are over rests as well', () => {
  const rests = new Rests({ restMs: 200, perMs: () => 100 });
  let times = 0;
  for (let i = 0; i < 3; i += 1) {
    rests.rest(() => (times += 1));
    vi.advanceTimersByTime(199);
    expect(times).toBe(i);
    vi.advanceTimersByTime(1);
    expect(times).toBe(i + 1);
  }
});

it('they come back one after the other, as fast as is allowed, in their order', () => {
  let perMs = 2;
  const asked: number[] = [];
  const rests = new Rests({
    restMs: 200,
    perMs: (resting) => {
      asked.push(resting);
      return perMs;
    },
  });
  const over: number[] = [];
  for (let i = 0; i < 40; i += 1) rests.rest(() => over.push(i));
  vi.advanceTimersByTime(200);
  expect(over).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  vi.advanceTimersByTime(4);
  expect(over).toHaveLength(10);
  vi.advanceTimersByTime(1);
  expect(over).toHaveLength(20);
  // One, however slow it is to be.
  perMs = 0;
  vi.advanceTimersByTime(5);
  expect(over).toEqual(Array.from({ length: 21 }, (_, i) => i));
  expect(asked).toEqual([40, 30, 20]);
});
