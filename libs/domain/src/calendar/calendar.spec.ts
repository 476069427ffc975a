import * as fc from 'fast-check';
import {
  addDays,
  addMonths,
  addToMonth,
  addYears,
  ageByBirthday,
  ageReachedOn,
  benefitYearOf,
  benefitYearStart,
  birthdayAt,
  civilDate,
  dayNumber,
  daysBetween,
  earlier,
  firstDayOf,
  firstOfMonth,
  fiscalYearOf,
  fromDayNumber,
  incomeYearOf,
  lastDayOf,
  lastOfMonth,
  later,
  monthOf,
  monthsBetween,
  parseCivilDate,
  parseYearMonth,
  yearMonth,
} from './index.js';

const FIRST = dayNumber(civilDate('1926-01-01'));
const LAST = dayNumber(civilDate('2100-12-31'));
const anyDay = fc.integer({ min: FIRST, max: LAST }).map(fromDayNumber);

describe('a civil date', () => {
  it.each([
    ['an ordinary day', '2026-11-22'],
    ['29 February of a leap year', '2024-02-29'],
    ['29 February of 2000, a leap year of 400', '2000-02-29'],
    ['the first day that is accepted', '1868-01-01'],
    ['the last day that is accepted', '2200-12-31'],
  ])('accepts %s', (_which, text) => {
    expect(parseCivilDate(text)).toEqual({ ok: true, value: text });
  });

  it.each([
    ['29 February of a common year', '2026-02-29', 'no-such-day'],
    ['29 February of 1900, no leap year', '1900-02-29', 'no-such-day'],
    ['31 April', '2026-04-31', 'no-such-day'],
    ['day 0', '2026-04-00', 'no-such-day'],
    ['month 13', '2026-13-01', 'no-such-day'],
    ['month 0', '2026-00-10', 'no-such-day'],
    ['the day before the first', '1867-12-31', 'out-of-range'],
    ['the day after the last', '2201-01-01', 'out-of-range'],
    ['slashes', '2026/11/22', 'format'],
    ['no dashes', '20261122', 'format'],
    ['a time behind it', '2026-11-22T00', 'format'],
    ['full-width digits', '２０２６-11-22', 'format'],
    ['letters', '2026-ab-22', 'format'],
    ['nothing', '', 'format'],
    ['spaces for digits', '2026- 1- 2', 'format'],
  ])('refuses %s', (_which, text, reason) => {
    expect(parseCivilDate(text)).toMatchObject({ ok: false, reason });
    expect(() => civilDate(text)).toThrow(RangeError);
  });

  it.each([
    ['2026-13', 'format'],
    ['2026-1', 'format'],
    ['2026-01-01', 'format'],
    ['1867-12', 'out-of-range'],
  ])('refuses %s as a month', (text, reason) => {
    expect(parseYearMonth(text)).toMatchObject({ ok: false, reason });
    expect(() => yearMonth(text)).toThrow(RangeError);
  });
});

describe('arithmetic on days', () => {
  it('agrees with the machine’s own calendar on every day from 1926 to 2100', () => {
    const wrong: string[] = [];
    for (let n = FIRST; n <= LAST; n += 1) {
      const text = new Date(n * 86_400_000).toISOString().slice(0, 10);
      if (fromDayNumber(n) !== text || dayNumber(civilDate(text)) !== n) wrong.push(text);
    }
    expect(wrong).toEqual([]);
    expect(LAST - FIRST).toBe(63_917);
  });

  it('comes back from any number of days', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -40_000, max: 40_000 }), (day, n) => {
        expect(addDays(addDays(day, n), -n)).toBe(day);
        expect(daysBetween(day, addDays(day, n))).toBe(n);
      }),
    );
  });

  it.each([
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-01-31', 1, '2024-02-29'],
    ['2026-03-31', -1, '2026-02-28'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-01-15', -1, '2025-12-15'],
    ['2026-08-31', 13, '2027-09-30'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(addMonths(civilDate(from), months)).toBe(to);
  });

  it('keeps 29 February at the end of February a year later', () => {
    expect(addYears(civilDate('2024-02-29'), 1)).toBe('2025-02-28');
    expect(addYears(civilDate('2024-02-29'), 4)).toBe('2028-02-29');
  });

  it('finds the ends of a month', () => {
    expect(firstOfMonth(civilDate('2024-02-10'))).toBe('2024-02-01');
    expect(lastOfMonth(civilDate('2024-02-10'))).toBe('2024-02-29');
    expect(firstDayOf(yearMonth('2026-02'))).toBe('2026-02-01');
    expect(lastDayOf(yearMonth('2026-02'))).toBe('2026-02-28');
    expect(monthOf(civilDate('2026-11-22'))).toBe('2026-11');
  });

  it('moves over the year by months', () => {
    expect(addToMonth(yearMonth('2026-11'), 3)).toBe('2027-02');
    expect(addToMonth(yearMonth('2026-01'), -13)).toBe('2024-12');
    expect(monthsBetween(yearMonth('2025-12'), yearMonth('2026-11'))).toBe(11);
  });

  it('knows the earlier and the later of two days', () => {
    const [a, b] = [civilDate('2026-11-21'), civilDate('2026-11-22')];
    expect([earlier(a, b), earlier(b, a), later(a, b), later(b, a)]).toEqual([a, a, b, b]);
  });
});

describe('the legal age', () => {
  it.each([
    ['born on 2 April, six on the day before', '2020-04-02', 6, '2026-04-01'],
    ['born on the 1st, in the month before', '1956-12-01', 70, '2026-11-30'],
    ['born on 1 March, on 29 February of a leap year', '1954-03-01', 70, '2024-02-29'],
    ['born on 1 March, on 28 February of a common year', '1956-03-01', 70, '2026-02-28'],
    ['born on 29 February, on 28 February of a common year', '2020-02-29', 6, '2026-02-28'],
    ['born on 29 February, on 28 February of a leap year', '1952-02-29', 72, '2024-02-28'],
    ['born on 1 January, on the last day of the year', '1953-01-01', 70, '2022-12-31'],
  ])('is reached: %s', (_which, born, age, on) => {
    expect(ageReachedOn(civilDate(born), age)).toBe(on);
  });

  it('keeps a birthday on 29 February in leap years and on 1 March in others', () => {
    expect(birthdayAt(civilDate('1948-02-29'), 72)).toBe('2020-02-29');
    expect(birthdayAt(civilDate('1948-02-29'), 75)).toBe('2023-03-01');
  });

  it('is always the day before the birthday', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 1, max: 100 }), (born, age) => {
        expect(addDays(ageReachedOn(born, age), 1)).toBe(birthdayAt(born, age));
      }),
    );
  });

  it.each([
    ['the day before the birthday', '2026-11-21', 74],
    ['the birthday', '2026-11-22', 75],
  ])('people say, on %s', (_when, on, age) => {
    expect(ageByBirthday(civilDate('1951-11-22'), civilDate(on))).toBe(age);
  });
});

describe('years that do not begin in January', () => {
  it.each([
    ['31 July', '2026-07-31', '2025-08-01', '2026-07-31', 2024],
    ['1 August', '2026-08-01', '2026-08-01', '2027-07-31', 2025],
    ['January', '2027-01-15', '2026-08-01', '2027-07-31', 2025],
  ])('benefit year of %s', (_when, on, from, to, incomeYear) => {
    expect(benefitYearOf(civilDate(on))).toEqual({ from, to });
    expect(incomeYearOf(civilDate(on))).toBe(incomeYear);
    expect(benefitYearStart(monthOf(civilDate(on)))).toBe(from.slice(0, 7));
  });

  it.each([
    ['31 March', '2026-03-31', '2025-04-01', '2026-03-31'],
    ['1 April', '2026-04-01', '2026-04-01', '2027-03-31'],
  ])('fiscal year of %s', (_when, on, from, to) => {
    expect(fiscalYearOf(civilDate(on))).toEqual({ from, to });
  });
});
