import { startOfTokyoDay, tokyoDay, tokyoInstant } from './clock.js';

describe('Tokyo time', () => {
  it.each([
    ['the last millisecond of a day', '2026-07-31T14:59:59.999Z', '2026-07-31', '2026-07-31T23:59:59.999+09:00'],
    ['midnight in Tokyo', '2026-07-31T15:00:00.000Z', '2026-08-01', '2026-08-01T00:00:00.000+09:00'],
    ['29 February', '2028-02-28T15:00:00.000Z', '2028-02-29', '2028-02-29T00:00:00.000+09:00'],
  ])('%s', (_when, utc, day, instant) => {
    expect(tokyoDay(Date.parse(utc))).toBe(day);
    expect(tokyoInstant(Date.parse(utc))).toBe(instant);
  });

  it('a day begins at its first instant', () => {
    expect(tokyoInstant(startOfTokyoDay('2026-08-01'))).toBe('2026-08-01T00:00:00.000+09:00');
  });
});
