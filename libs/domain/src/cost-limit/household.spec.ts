import * as fc from 'fast-check';
import { yearMonth } from '../calendar/index.js';
import { householdTotal, type HouseholdFacts, type HouseholdItem, type HouseholdTotal } from './index.js';

const total = (facts: HouseholdFacts): HouseholdTotal => {
  const result = householdTotal(facts);
  if (!result.ok) throw new Error(result.missing);
  return result.value;
};
const young = (
  person: string,
  setting: 'in' | 'out',
  cost: number,
  more: Partial<HouseholdItem> = {},
): HouseholdItem => ({
  age: 'u70',
  person,
  setting,
  cost,
  percent: 30,
  ...more,
});
const old = (
  person: string,
  setting: 'in' | 'out',
  cost: number,
  more: Partial<HouseholdItem> = {},
): HouseholdItem => ({
  age: 'o70',
  person,
  setting,
  cost,
  percent: 20,
  ...more,
});
const base = { treatmentMonth: yearMonth('2026-11'), category: 'ウ', category70: '一般' } as const;

describe('under 70', () => {
  it.each([
    ['20,997 is left out, as paid and as cost', 69_990, 33_060],
    ['21,000 counts, as paid and as cost', 70_000, 53_360],
  ])('an item of %s', (_which, cost, refundWhole) => {
    const items = [young('A', 'out', cost), young('B', 'in', 400_000)];
    expect(total({ ...base, items }).refundWhole).toBe(refundWhole);
  });

  it('joins the pharmacy to the institution that prescribed', () => {
    const apart = [young('A', 'out', 50_000), young('A', 'out', 40_000), young('B', 'in', 400_000)];
    const joined = apart.map((item) => (item.person === 'A' ? { ...item, institution: 'X' } : item));
    expect(total({ ...base, items: apart }).refundWhole).toBe(33_060);
    expect(total({ ...base, items: joined }).refundWhole).toBe(147_000 - 87_840);
  });

  it('does not join what one institution did inpatient and outpatient, or for two people', () => {
    const items = [
      young('A', 'out', 50_000, { institution: 'X' }),
      young('A', 'in', 50_000, { institution: 'X' }),
      young('C', 'out', 50_000, { institution: 'X' }),
      young('B', 'in', 400_000),
    ];
    expect(total({ ...base, items }).refundWhole).toBe(33_060);
  });

  it('is flat from the fourth time', () => {
    expect(total({ ...base, items: [young('A', 'in', 1_000_000)], multipleTimes: true }).finalBurden).toBe(44_400);
  });

  it('halves the own limit, and the line of 21,000, in the month of the insured person’s 75th birthday', () => {
    const items = [young('A', 'in', 500_000, { turns75Month: true })];
    expect(total({ ...base, items })).toMatchObject({ refundPerson75: 150_000 - 46_470, finalBurden: 46_470 });
    const small = [young('A', 'out', 35_000, { turns75Month: true }), young('B', 'in', 400_000)];
    expect(total({ ...base, items: small }).refundWhole).toBe(10_500 + 120_000 - 87_290);
    const tooSmall = [young('A', 'out', 34_990, { turns75Month: true }), young('B', 'in', 400_000)];
    expect(total({ ...base, items: tooSmall }).refundWhole).toBe(120_000 - 86_940);
  });
});

describe('70 and over', () => {
  it('counts every item, however small', () => {
    const items = [old('P', 'in', 300_000), old('Q', 'in', 40_000)];
    expect(total({ ...base, items })).toMatchObject({ refundHousehold70: 68_000 - 61_500, refundWhole: 0 });
  });

  it('has no outpatient limit in 現役並み', () => {
    const items = [old('P', 'out', 1_000_000, { percent: 30 })];
    expect(total({ ...base, category70: '現役並みI', items })).toMatchObject({
      refundOutpatient70: 0,
      refundHousehold70: 300_000 - 92_940,
    });
  });

  it('halves the own outpatient limit and the own limit in the month of the 75th birthday, not the household’s', () => {
    const items = [old('P', 'out', 100_000, { turns75Month: true }), old('P', 'in', 300_000, { turns75Month: true })];
    expect(total({ ...base, items })).toMatchObject({
      paidYen: 80_000,
      refundOutpatient70: 9_000,
      refundPerson75: 71_000 - 30_750,
      refundHousehold70: 0,
      finalBurden: 30_750,
    });
  });
});

it('asks for the category of whoever is in the household, and for a month it knows', () => {
  const { treatmentMonth } = base;
  expect(householdTotal({ treatmentMonth, items: [young('A', 'in', 1)] })).toEqual({ ok: false, missing: 'category' });
  expect(householdTotal({ treatmentMonth, items: [old('A', 'in', 1)] })).toEqual({ ok: false, missing: 'category70' });
  expect(householdTotal({ ...base, treatmentMonth: yearMonth('2014-12'), items: [young('A', 'in', 1)] })).toEqual({
    ok: false,
    missing: 'table',
  });
  expect(total({ treatmentMonth, items: [] })).toMatchObject({ paidYen: 0, refundTotal: 0 });
});

it.each([
  ['nobody', false, []],
  ['somebody', true, ['21,000円（75歳到達月は10,500円）未満の除外', '75歳到達月の特例（個人）']],
])('speaks of the month of 75 where %s is in it', (_who, turns75Month, rules) => {
  const items = [young('A', 'out', 30_000, { turns75Month }), young('B', 'in', 400_000, { turns75Month })];
  const { steps } = total({ ...base, items });
  expect(steps.filter(({ rule, detail }) => `${rule}${detail}`.includes('75歳')).map(({ rule }) => rule)).toEqual(
    rules,
  );
});

it('names the claims that were left out, five of them one by one', () => {
  const items = ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((person) => young(person, 'out', 10_000));
  expect(total({ ...base, items }).steps.at(2)).toEqual({
    rule: '21,000円未満の除外',
    amountYen: 0,
    detail:
      '70歳未満のA 外来 3,000円、B 外来 3,000円、C 外来 3,000円、D 外来 3,000円、E 外来 3,000円、ほか2件は、自己負担にも医療費にも数えない',
    source: '健保令41条1項',
  });
  expect(total({ ...base, items: items.slice(0, 5) }).steps.at(2)?.detail).not.toContain('ほか');
});

it('adds up: parts to the refund, refund and rest to what was paid, and the steps tell each part', () => {
  const item = fc.record({
    age: fc.constantFrom('u70' as const, 'o70' as const),
    person: fc.constantFrom('A', 'B', 'C'),
    setting: fc.constantFrom('in' as const, 'out' as const),
    cost: fc.nat({ max: 300_000 }).map((points) => points * 10),
    percent: fc.constantFrom(10 as const, 20 as const, 30 as const),
    turns75Month: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(item, { maxLength: 6 }),
      fc.constantFrom('ア' as const, 'ウ' as const, 'オ' as const),
      fc.constantFrom('現役並みI' as const, '一般' as const, '低所得I' as const),
      fc.constantFrom('2016-01', '2018-01', '2026-07', '2026-08', '2030-01'),
      fc.boolean(),
      (items, category, category70, month, isMultiple) => {
        const value = total({
          treatmentMonth: yearMonth(month),
          category,
          category70,
          items,
          multipleTimes: isMultiple,
        });
        const parts = [value.refundPerson75, value.refundOutpatient70, value.refundHousehold70, value.refundWhole];
        expect(parts.every((yen) => yen >= 0 && Number.isInteger(yen))).toBe(true);
        expect(parts.reduce((sum, yen) => sum + yen, 0)).toBe(value.refundTotal);
        expect(value.paidYen - value.refundTotal).toBe(value.finalBurden);
        expect(value.finalBurden).toBeGreaterThanOrEqual(0);
        expect(value.paidYen).toBe(items.reduce((sum, { cost, percent }) => sum + (cost * percent) / 100, 0));
        expect(value.steps.at(0)?.amountYen).toBe(value.paidYen);
        expect(value.steps.at(-1)?.amountYen).toBe(value.finalBurden);
        const told = value.steps.slice(1, -1).reduce((sum, { amountYen }) => sum + (amountYen ?? 0), 0);
        expect(told).toBe(value.refundTotal);
      },
    ),
    { numRuns: 500 },
  );
});
