import { yearMonth } from '../calendar/index.js';
import { multipleTimes } from './index.js';

const months = (...texts: string[]) => texts.map(yearMonth);
const base = { treatmentMonth: yearMonth('2026-11'), sameInsurer: true } as const;

it.each([
  ['three paid months', months('2026-02', '2026-05', '2026-08'), true],
  ['two paid months', months('2026-02', '2026-05'), false],
  ['the first month of the window', months('2025-12', '2026-01', '2026-02'), true],
  ['the month before the window', months('2025-11', '2026-01', '2026-02'), false],
  ['the same month twice', months('2026-05', '2026-05', '2026-08'), false],
  ['the treatment month as the third', months('2026-09', '2026-10', '2026-11'), false],
  ['the treatment month as the fourth', months('2026-08', '2026-09', '2026-10', '2026-11'), true],
  ['a month after the treatment', months('2026-05', '2026-08', '2026-12'), false],
])('with %s: %s', (_what, paidMonths, expected) => {
  expect(multipleTimes({ ...base, paidMonths }).multipleTimes).toBe(expected);
});

const three = months('2026-05', '2026-06', '2026-07');

it.each([
  ['another insurer', { sameInsurer: false }, false, 'another-insurer'],
  ['another status', { sameStatus: false }, false, 'another-status'],
  ['the same status', { sameStatus: true }, true, 'counted'],
  [
    '国保, moved inside the prefecture, household goes on',
    { sameInsurer: false, scheme: 'kokuho', movedWithinPrefecture: true, householdContinues: true },
    true,
    'counted',
  ],
  [
    '国保, moved inside the prefecture, another household',
    { sameInsurer: false, scheme: 'kokuho', movedWithinPrefecture: true, householdContinues: false },
    false,
    'another-insurer',
  ],
  [
    '健保 has no such rule',
    { sameInsurer: false, scheme: 'shaho', movedWithinPrefecture: true, householdContinues: true },
    false,
    'another-insurer',
  ],
  ['a month of the outpatient cap alone', { outpatientOnlyPaidMonths: months('2026-07') }, false, 'counted'],
] as const)('%s', (_what, facts, expected, reason) => {
  expect(multipleTimes({ ...base, paidMonths: three, ...facts })).toMatchObject({ multipleTimes: expected, reason });
});

it.each([
  ['the month before 国保 moved to the prefectures', '2018-03', false],
  ['the first month after', '2018-04', true],
])('a move inside the prefecture, in %s', (_when, treatmentMonth, expected) => {
  const facts = {
    treatmentMonth: yearMonth(treatmentMonth),
    paidMonths: months('2017-11', '2017-12', '2018-01'),
    sameInsurer: false,
    scheme: 'kokuho',
    movedWithinPrefecture: true,
    householdContinues: true,
  } as const;
  expect(multipleTimes(facts).multipleTimes).toBe(expected);
});
