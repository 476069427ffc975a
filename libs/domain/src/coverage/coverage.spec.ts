import * as fc from 'fast-check';
import { addDays, civilDate, dayNumber, fromDayNumber } from '../calendar/index.js';
import { coveringOn, coversOn, lossOf, validityOn, voluntaryContinuation, voluntaryLossDate } from './index.js';

describe('coverage', () => {
  const qualification = { acquiredOn: civilDate('2026-04-01'), lostOn: civilDate('2026-11-22') };

  it.each([
    ['the day before it begins', '2026-03-31', false],
    ['the day it begins', '2026-04-01', true],
    ['the day before it is lost', '2026-11-21', true],
    ['the day it is lost', '2026-11-22', false],
  ])('on %s', (_when, on, covered) => {
    expect(coversOn(qualification, civilDate(on))).toBe(covered);
  });

  it('goes on while nothing ends it, and never was when lost on its first day', () => {
    expect(coversOn({ acquiredOn: civilDate('2026-04-01') }, civilDate('2099-01-01'))).toBe(true);
    expect(coversOn({ acquiredOn: civilDate('2026-04-01'), lostOn: null }, civilDate('2099-01-01'))).toBe(true);
    const same = civilDate('2026-04-01');
    expect(coversOn({ acquiredOn: same, lostOn: same }, same)).toBe(false);
  });

  it('parts the line of time: before, covered, after, one after the other without gap', () => {
    const day = fc.integer({ min: dayNumber(civilDate('1926-01-01')), max: dayNumber(civilDate('2100-12-31')) });
    fc.assert(
      fc.property(day, fc.nat({ max: 20_000 }), fc.nat({ max: 20_000 }), day, (from, length, gap, at) => {
        const date = fromDayNumber(at);
        const acquiredOn = fromDayNumber(from);
        const lostOn = addDays(acquiredOn, length);
        const next = { acquiredOn: addDays(lostOn, gap) };
        const parts = [date < acquiredOn, coversOn({ acquiredOn, lostOn }, date), date >= acquiredOn && date >= lostOn];
        expect(parts.filter(Boolean)).toHaveLength(1);
        expect(coveringOn([{ acquiredOn, lostOn }, next], date).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the validity of a history', () => {
  const a = { insurer: 'A', acquiredOn: civilDate('2020-04-01'), lostOn: civilDate('2026-10-01') };
  const b = { insurer: 'B', acquiredOn: civilDate('2026-10-01'), lostOn: null };

  it.each([
    ['before everything', '2020-03-31', '4', []],
    ['the last day with A', '2026-09-30', '1', ['A']],
    ['the first day with B', '2026-10-01', '1', ['B']],
  ])('%s', (_when, on, code, insurers) => {
    const validity = validityOn([a, b], civilDate(on));
    expect(validity.code).toBe(code);
    expect(validity.covering.map(({ insurer }) => insurer)).toEqual(insurers);
  });

  it('says 3 of a card that is over while another holds, 2 when none does, 5 when two do', () => {
    const day = civilDate('2026-10-01');
    expect(validityOn([a, b], day, a)).toMatchObject({ code: '3', covering: [b], ended: a });
    expect(validityOn([a], day)).toMatchObject({ code: '2', ended: a });
    expect(validityOn([{ ...a, lostOn: null }, b], day).code).toBe('5');
  });
});

describe('the day of loss', () => {
  it.each([
    ['retirement, the day after', { event: 'retire', eventDate: civilDate('2026-11-22') }, '2026-11-23', '2026-11-22'],
    [
      'retirement at the end of a month',
      { event: 'retire', eventDate: civilDate('2027-03-31') },
      '2027-04-01',
      '2027-03-31',
    ],
    ['death, the day after', { event: 'death', eventDate: civilDate('2026-05-10') }, '2026-05-11', '2026-05-10'],
    [
      'another scheme, the same day',
      { event: 'same_day_transfer', eventDate: civilDate('2026-10-01') },
      '2026-10-01',
      '2026-09-30',
    ],
    ['75, the birthday', { event: 'turns75', birthDate: civilDate('1951-11-22') }, '2026-11-22', '2026-11-21'],
  ] as const)('%s', (_why, event, lossDate, lastCoveredDay) => {
    expect(lossOf(event)).toEqual({ lossDate, lastCoveredDay });
  });
});

describe('任意継続', () => {
  it.each([
    [1, { eligible: false, reason: 'covered-less-than-2-months' }],
    [2, { eligible: true, applyBy: '2026-04-20', acquiredOn: '2026-04-01', lossAfter2Years: '2028-04-01' }],
  ])('after %i months', (monthsCoveredBefore, expected) => {
    expect(voluntaryContinuation({ lossDate: civilDate('2026-04-01'), monthsCoveredBefore })).toEqual(expected);
  });

  it.each([
    ['a missed payment', { cause: 'unpaid', dueDate: civilDate('2026-06-10') }, '2026-06-11'],
    ['a request on the last day of a year', { cause: 'withdrawal', receivedOn: civilDate('2026-12-31') }, '2027-01-01'],
    ['a request on the 1st', { cause: 'withdrawal', receivedOn: civilDate('2026-12-01') }, '2027-01-01'],
    ['new employment', { cause: 'employed', on: civilDate('2026-09-01') }, '2026-09-01'],
    ['death', { cause: 'died', on: civilDate('2026-09-01') }, '2026-09-02'],
    ['75', { cause: 'turns75', birthDate: civilDate('1951-11-22') }, '2026-11-22'],
  ] as const)('ends by %s', (_why, end, lossDate) => {
    expect(voluntaryLossDate(end)).toBe(lossDate);
  });
});
