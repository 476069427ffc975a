import * as fc from 'fast-check';
import {
  addDays,
  addMonths,
  ageReachedOn,
  civilDate,
  dayNumber,
  firstOfMonth,
  fiscalYearOf,
  fromDayNumber,
} from '../calendar/index.js';
import { bandPeriodOn, elderly70FirstDay, late75FirstDay, preschoolLastDay } from './index.js';

describe('the age band', () => {
  it.each([
    ['born 1 April: the last day before school', '2020-04-01', '2026-03-31', 'preschool'],
    ['born 1 April: the first school day', '2020-04-01', '2026-04-01', 'general'],
    ['born 2 April: a year later, the last day', '2020-04-02', '2027-03-31', 'preschool'],
    ['born 2 April: a year later, the first school day', '2020-04-02', '2027-04-01', 'general'],
    ['the 70th birthday itself', '1956-11-22', '2026-11-22', 'general'],
    ['the last day of the month of the 70th birthday', '1956-11-22', '2026-11-30', 'general'],
    ['the 1st of the month after', '1956-11-22', '2026-12-01', 'elderly70'],
    ['born on the 1st: the day before the 70th birthday', '1956-11-01', '2026-10-31', 'general'],
    ['born on the 1st: the 70th birthday', '1956-11-01', '2026-11-01', 'elderly70'],
    ['the day before the 75th birthday', '1951-11-22', '2026-11-21', 'elderly70'],
    ['the 75th birthday', '1951-11-22', '2026-11-22', 'late75'],
    ['born 29 February: 28 February of the 75th year', '1952-02-29', '2027-02-28', 'elderly70'],
    ['born 29 February: 1 March of the 75th year', '1952-02-29', '2027-03-01', 'late75'],
  ])('%s', (_when, born, on, band) => {
    expect(bandPeriodOn(civilDate(born), civilDate(on)).band).toBe(band);
  });

  it.each([
    ['2020-02-29', '2026-03-31'],
    ['2020-04-01', '2026-03-31'],
    ['2020-04-02', '2027-03-31'],
  ])('born %s, pays the children’s rate to %s', (born, last) => {
    expect(preschoolLastDay(civilDate(born))).toBe(last);
  });

  it.each([
    ['1953-01-10', '2023-02-01'],
    ['1953-01-01', '2023-01-01'],
    ['1952-12-31', '2023-01-01'],
  ])('born %s, is 高齢受給者 from %s', (born, first) => {
    expect(elderly70FirstDay(civilDate(born))).toBe(first);
  });

  it.each([
    ['the day before the certification', '2026-05-31', 'general', '2026-05-31'],
    ['the day of certification', '2026-06-01', 'late75', undefined],
  ])('of somebody of 68 with 障害認定, on %s', (_when, on, band, to) => {
    const period = bandPeriodOn(civilDate('1958-03-03'), civilDate(on), {
      disabilityCertifiedFrom: civilDate('2026-06-01'),
    });
    expect(period.band).toBe(band);
    expect(period.to).toBe(to);
  });

  it('counts a certification before 65 from the 65th birthday, and one after 75 not at all', () => {
    const early = { disabilityCertifiedFrom: civilDate('2020-01-01') };
    expect(bandPeriodOn(civilDate('1961-11-22'), civilDate('2026-11-22'), early).from).toBe('2026-11-22');
    expect(bandPeriodOn(civilDate('1961-11-22'), civilDate('2026-11-21'), early).band).toBe('general');
    const lateOne = { disabilityCertifiedFrom: civilDate('2027-01-01') };
    expect(bandPeriodOn(civilDate('1951-11-22'), civilDate('2026-11-22'), lateOne).from).toBe('2026-11-22');
  });
});

const ORDER = ['preschool', 'general', 'elderly70', 'late75'];
const FIRST = dayNumber(civilDate('1926-01-01'));
const LAST = dayNumber(civilDate('2100-12-31'));
const days = fc.integer({ min: FIRST, max: LAST });

it('changes only on its boundary days, never goes back, and its periods join without gap', () => {
  fc.assert(
    fc.property(days, days, days, (a, b, c) => {
      const [born, on, certified] = [Math.min(a, b), Math.max(a, b), Math.max(Math.min(a, b), c)].map(fromDayNumber);
      if (born === undefined || on === undefined || certified === undefined) throw new Error('three days');
      const opts = { disabilityCertifiedFrom: certified };
      const here = bandPeriodOn(born, on, opts);
      expect(here.from <= on && (here.to === undefined || on <= here.to)).toBe(true);
      expect(bandPeriodOn(born, here.from, opts)).toEqual(here);
      expect(here.to === undefined).toBe(here.band === 'late75');
      const last = here.to ?? here.from;
      expect(bandPeriodOn(born, last, opts)).toEqual(here);
      const next = here.to === undefined ? undefined : bandPeriodOn(born, addDays(here.to, 1), opts);
      expect(next?.from).toBe(here.to === undefined ? undefined : addDays(here.to, 1));
      expect(ORDER.indexOf(next?.band ?? 'after')).toBe(
        next === undefined ? -1 : Math.max(ORDER.indexOf(here.band) + 1, ORDER.indexOf(next.band)),
      );
    }),
    { numRuns: 2000 },
  );
});

it('begins 75 on the birthday, whatever the day of birth', () => {
  fc.assert(
    fc.property(days, (n) => {
      const born = fromDayNumber(n);
      const first = late75FirstDay(born);
      expect(first.slice(5)).toBe(born.endsWith('02-29') ? '03-01' : born.slice(5));
    }),
  );
});

it('agrees with the words of the law on every day of birth of 1926 to 2026', () => {
  const wrong: string[] = [];
  for (let n = FIRST; n <= dayNumber(civilDate('2026-12-31')); n += 1) {
    const born = fromDayNumber(n);
    const school = fiscalYearOf(ageReachedOn(born, 6)).to;
    const seventy = addMonths(firstOfMonth(ageReachedOn(born, 70)), 1);
    if (preschoolLastDay(born) !== school || elderly70FirstDay(born) !== seventy) wrong.push(born);
  }
  expect(wrong).toEqual([]);
});
