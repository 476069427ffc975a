import { Rests } from './rests.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('everybody rests as long as they have to, and no longer', () => {
  const rests = new Rests(200);
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
  const rests = new Rests(200);
  let times = 0;
  for (let i = 0; i < 3; i += 1) {
    rests.rest(() => (times += 1));
    vi.advanceTimersByTime(199);
    expect(times).toBe(i);
    vi.advanceTimersByTime(1);
    expect(times).toBe(i + 1);
  }
});
