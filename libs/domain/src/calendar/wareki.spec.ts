import * as fc from 'fast-check';
import { civilDate, dayNumber, fromDayNumber } from './index.js';
import { fromWareki, toWareki } from './wareki.js';

it.each([
  ['the last day of 明治', '1912-07-29', '明治', 45, 1],
  ['the first day of 大正', '1912-07-30', '大正', 1, 2],
  ['the last day of 大正', '1926-12-24', '大正', 15, 2],
  ['the first day of 昭和', '1926-12-25', '昭和', 1, 3],
  ['the last day of 昭和', '1989-01-07', '昭和', 64, 3],
  ['the first day of 平成', '1989-01-08', '平成', 1, 4],
  ['the last day of 平成', '2019-04-30', '平成', 31, 4],
  ['the first day of 令和', '2019-05-01', '令和', 1, 5],
  ['today', '2026-11-22', '令和', 8, 5],
  ['the first day of 明治', '1868-01-25', '明治', 1, 1],
])('%s', (_which, date, era, year, eraCode) => {
  expect(toWareki(civilDate(date))).toEqual({ era, year, eraCode });
});

it('has no era before 明治', () => {
  expect(toWareki(civilDate('1868-01-24'))).toBeUndefined();
});

it.each([
  ['昭和64年1月8日, already 平成', '昭和', 64, 1, 8, 'not-in-era'],
  ['平成1年1月7日, still 昭和', '平成', 1, 1, 7, 'not-in-era'],
  ['昭和65年', '昭和', 65, 1, 1, 'not-in-era'],
  ['令和8年2月29日', '令和', 8, 2, 29, 'no-such-day'],
  ['令和0年', '令和', 0, 1, 1, 'not-in-era'],
] as const)('refuses %s', (_which, era, year, month, day, reason) => {
  expect(fromWareki(era, year, month, day)).toMatchObject({ ok: false, reason });
});

it('comes back to the same day', () => {
  const days = fc.integer({ min: dayNumber(civilDate('1868-01-25')), max: dayNumber(civilDate('2100-12-31')) });
  fc.assert(
    fc.property(days, (n) => {
      const date = fromDayNumber(n);
      const found = toWareki(date);
      const [, month = 0, day = 0] = date.split('-').map(Number);
      expect(fromWareki(found?.era ?? '明治', found?.year ?? 0, month, day)).toEqual({ ok: true, value: date });
    }),
  );
});
