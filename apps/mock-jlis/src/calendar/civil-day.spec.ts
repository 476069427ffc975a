import * as fc from 'fast-check';

import { birthdayIn, dayOf, formatDay, parseDay, partsOf, tokyoDay, tokyoInstant } from './civil-day.js';

describe('day numbers', () => {
  it.each([
    [1970, 1, 1, 0],
    [1970, 12, 31, 364],
    [2000, 2, 29, 11_016],
    [2026, 11, 22, 20_779],
    [1926, 12, 25, -15_713],
  ])('%i-%i-%i is day %i', (year, month, day, number) => {
    expect(dayOf(year, month, day)).toBe(number);
    expect(partsOf(number)).toEqual({ year, month, day });
  });

  it('agree with the calendar of the runtime on every day of two centuries', () => {
    fc.assert(
      fc.property(fc.integer({ min: dayOf(1880, 1, 1), max: dayOf(2100, 12, 31) }), (number) => {
        expect(formatDay(number)).toBe(new Date(number * 86_400_000).toISOString().slice(0, 10));
        expect(parseDay(formatDay(number))).toBe(number);
      }),
    );
  });

  it.each(['2025-02-29', '2025-13-01', '2025-00-10', '2025-04-31', '20250401', ''])('%s is no day', (text) => {
    expect(parseDay(text)).toBeUndefined();
  });
});

it.each([
  [2027, '2027-02-28'],
  [2028, '2028-02-29'],
])('somebody born on 29 February has the birthday of %i on %s', (year, expected) => {
  expect(formatDay(birthdayIn(year, { year: 2000, month: 2, day: 29 }))).toBe(expected);
});

it.each([
  ['the last millisecond of the day', '2026-11-22T14:59:59.999Z', '2026-11-22', '2026-11-22T23:59:59.999+09:00'],
  ['midnight', '2026-11-22T15:00:00.000Z', '2026-11-23', '2026-11-23T00:00:00.000+09:00'],
])('Tokyo at %s', (_when, utc, day, instant) => {
  expect(formatDay(tokyoDay(Date.parse(utc)))).toBe(day);
  expect(tokyoInstant(Date.parse(utc))).toBe(instant);
});
