import { yearMonth } from '../calendar/index.js';
import { annualCap, isBenefitYear, outpatientYear } from './index.js';

it.each([
  ['2026-08', '2027-07', true],
  ['2026-08', '2027-06', false],
  ['2026-08', '2027-08', false],
  ['2026-07', '2027-06', false],
])('%s to %s is a benefit year: %s', (from, to, expected) => {
  expect(isBenefitYear(yearMonth(from), yearMonth(to))).toBe(expected);
});

describe('the outpatient year', () => {
  it.each([
    ['the last year of 144,000, at the cap', '2025-08', '一般', 12_000, 144_000, 0],
    ['the last year of 144,000, above', '2025-08', '一般', 18_000, 144_000, 72_000],
    ['the first year of 216,000', '2026-08', '一般', 22_000, 216_000, 48_000],
    ['一般I as 一般', '2026-08', '一般I', 22_000, 216_000, 48_000],
    ['低所得II from 2026-08', '2026-08', '低所得II', 11_000, 96_000, 36_000],
    ['低所得II before', '2025-08', '低所得II', 8_000, 144_000, 0],
    ['低所得I from 2026-08 has none of its own', '2026-08', '低所得I', 8_000, null, 0],
    ['現役並み has none', '2026-08', '現役並みII', 100_000, null, 0],
    ['the first year of all', '2017-08', '一般', 14_000, 144_000, 24_000],
  ] as const)('%s', (_which, from, categoryOn31July, monthly, capYen, refundYen) => {
    expect(
      outpatientYear({
        periodFrom: yearMonth(from),
        categoryOn31July,
        monthlyOutpatientAfterMonthlyRefund: Array.from({ length: 12 }, () => monthly),
      }),
    ).toMatchObject({ capYen, refundYen });
  });

  it('leaves out months in 現役並み, and does not exist before 2017-08', () => {
    const facts = { categoryOn31July: '一般', monthlyOutpatientAfterMonthlyRefund: [200_000, null, 20_000] } as const;
    expect(outpatientYear({ periodFrom: yearMonth('2026-08'), ...facts })?.totalYen).toBe(220_000);
    expect(outpatientYear({ periodFrom: yearMonth('2016-08'), ...facts })).toBeUndefined();
  });
});

describe('the yearly cap', () => {
  const year = Array.from({ length: 12 }, () => 50_000);

  it.each([
    ['ア', false, 1_680_000, 0],
    ['ウ', false, 530_000, 70_000],
    ['エ', false, 530_000, 70_000],
    ['エ', true, 410_000, 190_000],
    ['ウ', true, 530_000, 70_000],
    ['一般II', true, 410_000, 190_000],
    ['オ', false, 290_000, 310_000],
    ['低所得II', false, 290_000, 310_000],
    ['低所得I', false, 180_000, 420_000],
  ] as const)('of %s, lower income shown %s', (category, lowerIncomeShown, capYen, refundYen) => {
    expect(
      annualCap({ periodFrom: yearMonth('2026-08'), category, burdenAfterMonthlyRefund: year, lowerIncomeShown }),
    ).toEqual({ capYen, totalYen: 600_000, refundYen });
  });

  it('does not exist before 2026-08', () => {
    expect(
      annualCap({ periodFrom: yearMonth('2025-08'), category: 'ウ', burdenAfterMonthlyRefund: year }),
    ).toBeUndefined();
  });
});
