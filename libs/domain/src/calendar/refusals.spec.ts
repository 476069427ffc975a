import { civilDate, fromParts, parseCivilDate } from './civil-date.js';
import { fromWareki, parseYearMonth, yearMonth, type EraName } from './index.js';

const format = { ok: false, reason: 'format', detail: 'a date is written YYYY-MM-DD' };
const noSuchDay = (text: string) => ({
  ok: false,
  reason: 'no-such-day',
  detail: `${text} is not a day of the calendar`,
});
const outOfRange = { ok: false, reason: 'out-of-range', detail: 'the year is not within 1868 to 2200' };

it.each([
  ['', format],
  ['2026-11-2', format],
  ['2026-11-222', format],
  ['2026/11-22', format],
  ['2026-11/22', format],
  ['x026-11-22', format],
  ['202x-11-22', format],
  ['2026-x1-22', format],
  ['2026-1x-22', format],
  ['2026-11-x2', format],
  ['2026-11-2x', format],
  ['2026-11-2:', format],
  ['2026-00-10', noSuchDay('2026-00-10')],
  ['2026-13-10', noSuchDay('2026-13-10')],
  ['2026-11-00', noSuchDay('2026-11-00')],
  ['2026-11-31', noSuchDay('2026-11-31')],
  ['2026-02-29', noSuchDay('2026-02-29')],
  ['1867-12-31', outOfRange],
  ['2201-01-01', outOfRange],
  ['1868-01-01', { ok: true, value: '1868-01-01' }],
  ['2200-12-31', { ok: true, value: '2200-12-31' }],
])('reads %j as a date', (text, read) => {
  expect(parseCivilDate(text)).toEqual(read);
});

it.each([
  ['', 'format', 'a month is written YYYY-MM'],
  ['2026-1', 'format', 'a month is written YYYY-MM'],
  ['2026-11-22', 'format', 'a month is written YYYY-MM'],
  ['2026-13', 'format', 'a month is written YYYY-MM'],
  ['2201-01', 'out-of-range', 'the year is not within 1868 to 2200'],
])('refuses %j as a month', (text, reason, detail) => {
  expect(parseYearMonth(text)).toEqual({ ok: false, reason, detail });
});

it('throws for a literal that is no day or month, and says why', () => {
  expect(() => civilDate('2026-02-29')).toThrow(new RangeError('no-such-day: 2026-02-29 is not a day of the calendar'));
  expect(() => yearMonth('2026-13')).toThrow(new RangeError('format: a month is written YYYY-MM'));
});

it.each([
  [999, '0999-01-09'],
  [1000, '1000-01-09'],
  [2026, '2026-01-09'],
])('writes the year %i in four digits', (year, text) => {
  expect(fromParts(year, 1, 9)).toBe(text);
});

const notInEra = (detail: string) => ({ ok: false, reason: 'not-in-era', detail });

it.each([
  ['慶応', 4, 1, 25, notInEra('慶応 has no year 4')],
  ['令和', 0, 5, 1, notInEra('令和 has no year 0')],
  ['令和', 1.5, 5, 1, notInEra('令和 has no year 1.5')],
  ['令和', 1, 4, 30, notInEra('2019-04-30 is not in 令和')],
  ['令和', 1, 5, 1, { ok: true, value: '2019-05-01' }],
  ['平成', 31, 4, 30, { ok: true, value: '2019-04-30' }],
  ['平成', 31, 5, 1, notInEra('2019-05-01 is not in 平成')],
  ['令和', 8, 2, 29, noSuchDay('2026-02-29')],
  ['令和', 8, 1.5, 1, noSuchDay('2026-1.5-01')],
  ['令和', 200, 1, 1, noSuchDay('2218-01-01')],
  // The five digits of a year are not cut to four that are in the era.
  ['昭和', 17_575, 1, 1, noSuchDay('19500-01-01')],
])('reads %s %d年 %d月 %d日', (era, year, month, day, read) => {
  expect(fromWareki(era as EraName, year, month, day)).toEqual(read);
});
