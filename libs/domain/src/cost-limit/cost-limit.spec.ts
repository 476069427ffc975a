import * as fc from 'fast-check';
import { addToMonth, civilDate, yearMonth } from '../calendar/index.js';
import {
  CATEGORIES_70,
  CATEGORIES_UNDER70,
  CATEGORY_FLAGS,
  categoryOfFlag,
  categoryOver70,
  categoryUnder70,
  costLimitRowFor,
  costLimitTableFor,
  flagMeaning,
  flagOf,
  halved,
  isHalvedMonth,
  monthlyLimitYen,
  OVER70_TABLES,
  UNDER70_TABLES,
  type Category,
  type CostLimitRow,
} from './index.js';

const row = (group: 'under70' | '70over', category: Category, month: string): CostLimitRow => {
  const found = costLimitRowFor(group, category, yearMonth(month));
  if (found === undefined) throw new Error(`no row ${category} ${month}`);
  return found;
};

describe('the table of the treatment month', () => {
  it.each([
    ['the first month this service answers for', 'under70', '2015-01', '2015-01'],
    ['the raise of 2025-08 that never happened', 'under70', '2025-08', '2015-01'],
    ['the last month of the old amounts', 'under70', '2026-07', '2015-01'],
    ['the first month of the new amounts', 'under70', '2026-08', '2026-08'],
    ['a month beyond the planned table, which is switched off', 'under70', '2027-08', '2026-08'],
    ['70 over, the last month of 12,000', '70over', '2017-07', '2015-01'],
    ['70 over, the first month of 14,000', '70over', '2017-08', '2017-08'],
    ['70 over, the last month of 14,000', '70over', '2018-07', '2017-08'],
    ['70 over, the first month of 18,000', '70over', '2018-08', '2018-08'],
    ['70 over, the last month of 18,000', '70over', '2026-07', '2018-08'],
    ['70 over, the first month of 22,000', '70over', '2026-08', '2026-08'],
  ] as const)('%s', (_which, group, month, from) => {
    const table = costLimitTableFor(group, yearMonth(month));
    expect(table?.effectiveFrom).toBe(from);
    expect(table?.status).toBe('in-force');
    expect(month <= (table?.effectiveTo ?? '9999-12')).toBe(true);
  });

  it.each([
    ['2027-07', '2026-08', 'in-force'],
    ['2027-08', '2027-08', 'planned'],
  ])('of %s, when planned tables are asked for, is that of %s', (month, from, status) => {
    expect(costLimitTableFor('under70', yearMonth(month), { planned: true })).toMatchObject({
      effectiveFrom: from,
      status,
    });
  });

  it('does not exist before 2015-01', () => {
    expect(costLimitTableFor('under70', yearMonth('2014-12'))).toBeUndefined();
    expect(costLimitRowFor('70over', '一般', yearMonth('2014-12'))).toBeUndefined();
  });

  it('has no row for a category of the other age', () => {
    expect(costLimitRowFor('under70', '一般', yearMonth('2026-11'))).toBeUndefined();
    expect(costLimitRowFor('70over', 'ウ', yearMonth('2026-11'))).toBeUndefined();
  });

  it('tells the finer planned classes apart by 標準報酬月額, and not without it', () => {
    const month = yearMonth('2027-08');
    const at = (standardMonthlyRemuneration: number): number | undefined =>
      costLimitRowFor('under70', 'ウ', month, { planned: true, standardMonthlyRemuneration })?.baseYen;
    expect([at(340_000), at(360_000), at(410_000), at(440_000)]).toEqual([85_800, 98_100, 98_100, 110_400]);
    expect(costLimitRowFor('under70', 'ウ', month, { planned: true })).toBeUndefined();
    expect(
      costLimitRowFor('70over', '一般I', month, { planned: true, standardMonthlyRemuneration: 150_000 })?.outpatientYen,
    ).toBe(22_000);
  });
});

describe('every published row', () => {
  const tables = [...UNDER70_TABLES, ...OVER70_TABLES];
  const rows = tables.flatMap((table) =>
    table.rows.map((r) => [`${table.ageGroup} ${table.effectiveFrom} ${r.category} ${r.baseYen}`, r] as const),
  );

  it.each(rows)('%s: base ÷ 0.3 is the threshold where it has one', (_name, r) => {
    expect(r.thresholdYen === undefined).toBe(r.ratePercent === undefined);
    expect(r.thresholdYen ?? (r.baseYen * 10) / 3).toBe((r.baseYen * 10) / 3);
  });

  it.each(rows)('%s: halves are whole yen, and multiple times is below the base', (_name, r) => {
    const half = halved(r);
    for (const yen of [half.baseYen, half.thresholdYen, half.multipleTimesYen, half.outpatientYen]) {
      expect(Number.isInteger(yen ?? 0)).toBe(true);
    }
    expect(r.multipleTimesYen ?? 0).toBeLessThan(r.baseYen);
    expect(half.annualCapYen).toBe(r.annualCapYen);
  });

  it('covers every month from 2015-01 exactly once', () => {
    for (const group of [UNDER70_TABLES, OVER70_TABLES]) {
      const inForce = group.filter((table) => table.status === 'in-force').toReversed();
      for (const [at, table] of inForce.entries()) {
        const next = inForce[at + 1];
        expect(table.effectiveTo === undefined).toBe(next === undefined);
        expect(table.effectiveTo).toBe(next === undefined ? undefined : addToMonth(next.effectiveFrom, -1));
      }
    }
  });
});

describe('the monthly limit', () => {
  it.each([
    ['at the threshold', 'ウ', '2026-07', 267_000, 80_100],
    ['0.49 yen above it is dropped', 'ウ', '2026-07', 267_049, 80_100],
    ['0.5 yen above it is raised', 'ウ', '2026-07', 267_050, 80_101],
    ['below the threshold, the base', 'ウ', '2026-07', 1, 80_100],
    ['an ordinary million, old', 'ウ', '2026-07', 1_000_000, 87_430],
    ['an ordinary million, new', 'ウ', '2026-08', 1_000_000, 92_940],
    ['no percentage in エ', 'エ', '2026-11', 9_000_000, 61_500],
  ] as const)('%s', (_when, category, month, cost, limit) => {
    expect(monthlyLimitYen(row('under70', category, month), cost)).toBe(limit);
  });

  it('is flat from the fourth time, and stays where a class has no fourth time', () => {
    expect(monthlyLimitYen(row('under70', 'ア', '2026-11'), 9_000_000, { multipleTimes: true })).toBe(140_100);
    expect(monthlyLimitYen(row('70over', '低所得I', '2026-11'), 9_000_000, { multipleTimes: true })).toBe(15_700);
    expect(monthlyLimitYen(row('70over', '低所得II', '2026-11'), 9_000_000, { multipleTimes: true })).toBe(24_600);
    expect(monthlyLimitYen(row('70over', '低所得II', '2026-07'), 9_000_000, { multipleTimes: true })).toBe(24_600);
  });

  it('is half in the month of the 75th birthday', () => {
    expect(monthlyLimitYen(halved(row('under70', 'イ', '2026-07')), 336_000)).toBe(84_270);
    expect(monthlyLimitYen(halved(row('under70', 'ウ', '2026-11')), 1_000_000)).toBe(51_470);
    expect(monthlyLimitYen(halved(row('under70', 'ア', '2026-07')), 248_000, { multipleTimes: true })).toBe(70_050);
  });

  it('never falls as the cost rises, and never below the base', () => {
    const all = [...UNDER70_TABLES, ...OVER70_TABLES].flatMap((table) => table.rows as readonly CostLimitRow[]);
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.boolean(),
        fc.nat({ max: 100_000_000 }),
        fc.nat({ max: 1_000_000 }),
        (published, isHalf, cost, more) => {
          const r = isHalf ? halved(published) : published;
          const limit = monthlyLimitYen(r, cost);
          expect(monthlyLimitYen(r, cost + more)).toBeGreaterThanOrEqual(limit);
          expect(limit).toBeGreaterThanOrEqual(r.baseYen);
          expect(Number.isInteger(limit)).toBe(true);
          const expected = r.thresholdYen === undefined ? 0 : Math.max(0, cost - r.thresholdYen) / 100;
          expect(Math.abs(limit - r.baseYen - expected)).toBeLessThanOrEqual(0.5);
        },
      ),
    );
  });
});

describe('the month of the 75th birthday', () => {
  it.each([
    ['a birthday inside the month', '1951-11-22', '2026-11', 'turns75', true],
    ['a birthday on the 2nd', '1951-11-02', '2026-11', 'turns75', true],
    ['a birthday on the 1st', '1951-11-01', '2026-11', 'turns75', false],
    ['the month before', '1951-11-22', '2026-10', 'turns75', false],
    ['the month after', '1951-11-22', '2026-12', 'turns75', false],
    ['障害認定', '1951-11-22', '2026-11', 'disability_certified', false],
    ['a dependent of the one who turns 75', '1951-11-22', '2026-11', 'dependent_of_turns75', true],
    ['born 29 February, so 75 on 1 March', '1952-02-29', '2027-03', 'turns75', false],
    ['born 29 February, February', '1952-02-29', '2027-02', 'turns75', false],
  ] as const)('%s', (_when, born, month, entry, expected) => {
    expect(isHalvedMonth({ birthDate: civilDate(born), treatmentMonth: yearMonth(month), entry })).toBe(expected);
  });
});

describe('the category', () => {
  it.each([
    [830_000, false, 'ア'],
    [790_000, false, 'イ'],
    [530_000, false, 'イ'],
    [500_000, false, 'ウ'],
    [280_000, false, 'ウ'],
    [260_000, false, 'エ'],
    [830_000, true, 'ア'],
    [530_000, true, 'イ'],
    [500_000, true, 'オ'],
    [260_000, true, 'オ'],
  ])('健保 under 70 at %i, tax-exempt %s: %s', (standardMonthlyRemuneration, insuredNonTaxable, category) => {
    expect(categoryUnder70({ scheme: 'shaho', standardMonthlyRemuneration, insuredNonTaxable })).toBe(category);
  });

  it.each([
    [9_010_001, false, 'ア'],
    [9_010_000, false, 'イ'],
    [6_000_001, false, 'イ'],
    [6_000_000, false, 'ウ'],
    [2_100_001, false, 'ウ'],
    [2_100_000, false, 'エ'],
    [0, true, 'オ'],
    [null, false, 'ア'],
  ])('国保 under 70 at %s, tax-exempt %s: %s', (kyuTadashigakiIncome, householdNonTaxable, category) => {
    expect(categoryUnder70({ scheme: 'kokuho', kyuTadashigakiIncome, householdNonTaxable })).toBe(category);
  });

  it.each([
    ['shaho', 830_000, 30, null, '現役並みIII'],
    ['shaho', 790_000, 30, null, '現役並みII'],
    ['shaho', 500_000, 30, null, '現役並みI'],
    ['shaho', 300_000, 30, 'II', '現役並みI'],
    ['shaho', 300_000, 20, null, '一般'],
    ['shaho', 200_000, 20, 'I', '低所得I'],
    ['kokuho', 6_900_000, 30, null, '現役並みIII'],
    ['kokuho', 6_899_999, 30, null, '現役並みII'],
    ['kokuho', 3_800_000, 30, null, '現役並みII'],
    ['kokuho', 3_799_999, 30, null, '現役並みI'],
    ['kokuho', 0, 20, null, '一般'],
    ['kouki', 500_000, 20, null, '一般II'],
    ['kouki', 500_000, 10, null, '一般I'],
    ['kouki', 0, 10, 'II', '低所得II'],
  ] as const)('%s over 70 at %i, %i %%, tax-exempt %s: %s', (scheme, yen, copayPercent, nonTaxableClass, category) => {
    const shared = { copayPercent, nonTaxableClass };
    expect(
      scheme === 'shaho'
        ? categoryOver70({ scheme, standardMonthlyRemuneration: yen, ...shared })
        : categoryOver70({ scheme, maxTaxableIncome: yen, ...shared }),
    ).toBe(category);
  });

  it('has a flag for every category, and every flag has a category', () => {
    for (const category of [...CATEGORIES_UNDER70, ...CATEGORIES_70]) {
      expect(categoryOfFlag(flagOf(category, { scheme: 'kouki' }))).toBe(category);
    }
    expect(CATEGORY_FLAGS.map(({ flag }) => flag).length).toBe(16);
    expect(flagOf('一般II', { scheme: 'kokuho' })).toBe('B04');
    expect([categoryOfFlag('A06'), categoryOfFlag('B07'), categoryOfFlag('B08'), categoryOfFlag('C01')]).toEqual([
      'オ',
      '低所得I',
      '低所得I',
      undefined,
    ]);
    expect(flagMeaning('A06')).toMatchObject({ label: 'オ（境）', note: '境界層' });
  });
});
