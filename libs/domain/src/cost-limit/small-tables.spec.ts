import { addDays, civilDate, yearMonth } from '../calendar/index.js';
import {
  isLowIncomeI,
  LOW_INCOME_PENSION_LINES,
  MEAL_TABLES,
  mealChargeOn,
  REMUNERATION_GRADES,
  remunerationGradeOf,
  roomChargeFirstDay,
  ROOM_CHARGES,
  specifiedDiseaseLimitYen,
} from './index.js';

describe('標準報酬月額', () => {
  it.each([
    ['nothing', 0, 58_000, 1],
    ['the yen before the second grade', 62_999, 58_000, 1],
    ['the second grade', 63_000, 68_000, 2],
    ['the yen before イ', 514_999, 500_000, 30],
    ['イ', 515_000, 530_000, 31],
    ['the yen before 現役並み', 269_999, 260_000, 20],
    ['現役並み', 270_000, 280_000, 21],
    ['the yen before ア', 809_999, 790_000, 39],
    ['ア', 810_000, 830_000, 40],
    ['the yen before the last grade', 1_354_999, 1_330_000, 49],
    ['the last grade', 1_355_000, 1_390_000, 50],
    ['any more', 9_000_000, 1_390_000, 50],
  ])('of %s', (_what, pay, standardYen, grade) => {
    expect(remunerationGradeOf(pay)).toMatchObject({ standardYen, grade });
  });

  it('has 50 grades, each standing between its own line and the next', () => {
    expect(REMUNERATION_GRADES).toHaveLength(50);
    for (const [at, { standardYen, payFromYen }] of REMUNERATION_GRADES.entries()) {
      expect(standardYen).toBeGreaterThan(payFromYen);
      expect(standardYen).toBeLessThan(REMUNERATION_GRADES[at + 1]?.payFromYen ?? Infinity);
    }
  });
});

describe('低所得I', () => {
  const facts = { otherIncome: 0, householdNonTaxable: true } as const;

  it.each([
    ['2025-07', 800_000, true],
    ['2025-07', 800_001, false],
    ['2025-08', 806_700, true],
    ['2025-08', 806_701, false],
    ['2026-07', 806_700, true],
    ['2026-08', 826_500, true],
    ['2026-08', 826_501, false],
  ])('in %s with a pension of %i: %s', (month, publicPensionRevenue, expected) => {
    expect(isLowIncomeI({ ...facts, treatmentMonth: yearMonth(month), publicPensionRevenue })).toBe(expected);
  });

  it('needs a tax-exempt household and no other income', () => {
    const month = { treatmentMonth: yearMonth('2026-08'), publicPensionRevenue: 0 };
    expect(isLowIncomeI({ ...facts, ...month, otherIncome: 1 })).toBe(false);
    expect(isLowIncomeI({ ...facts, ...month, householdNonTaxable: false })).toBe(false);
    expect(isLowIncomeI({ ...facts, ...month, treatmentMonth: yearMonth('2014-12') })).toBeUndefined();
    expect(LOW_INCOME_PENSION_LINES.map(({ yen }) => yen)).toEqual([800_000, 806_700, 826_500]);
  });
});

describe('特定疾病', () => {
  it.each([
    ['1', 'ア', false, 20_000],
    ['1', 'イ', false, 20_000],
    ['1', 'ウ', false, 10_000],
    ['2', 'ア', false, 10_000],
    ['3', 'イ', false, 10_000],
    ['1', '現役並みIII', false, 10_000],
    ['1', '一般', true, 5_000],
    ['1', 'ア', true, 10_000],
  ] as const)('disease %s in %s, 75th month %s: %i', (diseaseCode, category, turns75Month, yen) => {
    expect(specifiedDiseaseLimitYen({ diseaseCode, category, turns75Month })).toBe(yen);
  });
});

describe('a meal', () => {
  it.each([
    ['the first day of 360', '2016-04-01', '一般', 360],
    ['the last day of 360', '2018-03-31', '一般', 360],
    ['the first day of 460', '2018-04-01', '一般', 460],
    ['the last day of 460', '2024-05-31', '一般', 460],
    ['the first day of 490', '2024-06-01', '一般', 490],
    ['the last day of 490', '2025-03-31', '一般', 490],
    ['the first day of 510', '2025-04-01', '一般', 510],
    ['the last day of 510', '2026-05-31', '一般', 510],
    ['the first day of 550', '2026-06-01', '一般', 550],
    ['難病 until the raise', '2024-05-31', '難病', 260],
    ['難病 from the raise', '2024-06-01', '難病', 280],
    ['低I, which the raise of 2025 left alone', '2025-04-01', '低I', 110],
    ['long-stay psychiatric', '2016-04-01', '精神病床_長期', 260],
  ] as const)('on %s', (_when, date, mealClass, yen) => {
    expect(mealChargeOn(civilDate(date), mealClass)?.charge.yen).toBe(yen);
  });

  it.each([
    ['低II', [260, 270]],
    ['低II_90日超', [210, 220]],
    ['低I', [130, 140]],
    ['難病', null],
  ] as const)('of %s from 2026-06 has no figure yet, only a span', (mealClass, span) => {
    expect(mealChargeOn(civilDate('2026-06-01'), mealClass)?.charge).toEqual({
      yen: null,
      span,
      certainty: 'uncertain',
    });
  });

  it('has tables that follow one another, and none before 2016-04-01', () => {
    expect(mealChargeOn(civilDate('2016-03-31'), '一般')).toBeUndefined();
    for (const [at, table] of MEAL_TABLES.entries()) {
      const next = MEAL_TABLES[at + 1];
      expect(table.effectiveTo).toBe(next && addDays(next.effectiveFrom, -1));
    }
  });

  it('has a room part on 療養病床 from the month after 65', () => {
    expect(roomChargeFirstDay(civilDate('1961-11-22'))).toBe('2026-12-01');
    expect(roomChargeFirstDay(civilDate('1961-11-01'))).toBe('2026-11-01');
    expect(ROOM_CHARGES.map(({ yenADay }) => yenADay)).toEqual([370, 430]);
  });
});
