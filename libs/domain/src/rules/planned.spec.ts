import { evaluateRule } from './index.js';

const ask = (name: string, input: object) => {
  const result = evaluateRule(name, input);
  return result.ok ? result.value : result;
};
const ofTable = { tableEffectiveFrom: '2027-08', status: 'planned', certainty: 'likely' };
const year = { periodFrom: '2027-08', periodTo: '2028-07' };

/** The answer is by the law as it stands; what is announced stands beside it, and says that it is. */
describe('a month of the planned table', () => {
  it.each([
    [
      'under 70',
      'kogaku-under70',
      { treatmentMonth: '2027-08', category: 'イ', totalCostYen: 1_000_000, standardMonthlyRemuneration: 650_000 },
      { limitYen: 179_100 + 4030, status: 'in-force', tableEffectiveFrom: '2026-08' },
      { limitYen: 197_920 },
    ],
    [
      'under 70 without 標準報酬月額',
      'kogaku-under70',
      { treatmentMonth: '2027-08', category: 'イ', totalCostYen: 1_000_000 },
      { limitYen: 183_130 },
      { needed: ['standardMonthlyRemuneration'], why: { code: 'remuneration-not-given' } },
    ],
    [
      'a 標準報酬月額 of another category',
      'kogaku-under70',
      { treatmentMonth: '2027-08', category: 'エ', totalCostYen: 1_000_000, standardMonthlyRemuneration: 650_000 },
      { limitYen: 61_500 },
      { needed: [], why: { code: 'remuneration-of-another-category' } },
    ],
    [
      'オ, which has one class',
      'kogaku-under70',
      { treatmentMonth: '2027-08', category: 'オ', totalCostYen: 1_000_000 },
      { limitYen: 36_900 },
      { limitYen: 36_900 },
    ],
    [
      '70 and over',
      'kogaku-over70',
      { treatmentMonth: '2027-08', category: '一般', totalCostYen: 1, standardMonthlyRemuneration: 200_000 },
      { outpatientLimitYen: 22_000, householdLimitYen: 61_500 },
      { outpatientLimitYen: 28_000, householdLimitYen: 69_600 },
    ],
    [
      'the month of 75',
      'kogaku-75th-month',
      { treatmentMonth: '2027-08', category70: '低所得II', halved: true },
      { personLimitYen: 12_850 },
      { outpatientLimitYen: 6500, personLimitYen: 12_850 },
    ],
    [
      'a household',
      'kogaku-household',
      {
        treatmentMonth: '2027-08',
        category: 'エ',
        standardMonthlyRemuneration: 200_000,
        items: [{ age: 'u70', person: 'A', setting: 'in', cost: 1_000_000, percent: 30 }],
      },
      { finalBurden: 61_500 },
      { finalBurden: 69_600, refundTotal: 230_400 },
    ],
    [
      'a year of outpatient treatment',
      'kogaku-outpatient-year',
      { ...year, categoryOn31July: '低所得II', monthlyOutpatientAfterMonthlyRefund: [100_000] },
      {},
      { capYen: 96_000, refundYen: 4000 },
    ],
    [
      'a year',
      'kogaku-annual-cap',
      { ...year, category: 'ウ', standardMonthlyRemuneration: 300_000, burdenAfterMonthlyRefund: [540_000] },
      { capYen: 530_000 },
      { capYen: 530_000, refundYen: 10_000 },
    ],
    [
      'one limit for all classes of a category: nothing more is needed',
      'kogaku-under70',
      { treatmentMonth: '2027-08', category: 'ウ', totalCostYen: 1_000_000, multipleTimes: true },
      { limitYen: 44_400 },
      { limitYen: 44_400 },
    ],
    [
      'エ, many times, where one class has a limit of its own',
      'kogaku-under70',
      { treatmentMonth: '2027-08', category: 'エ', totalCostYen: 1_000_000, multipleTimes: true },
      { limitYen: 44_400 },
      { needed: ['standardMonthlyRemuneration'] },
    ],
    [
      '70 and over without 標準報酬月額',
      'kogaku-over70',
      { treatmentMonth: '2027-08', category: '一般', totalCostYen: 1 },
      { householdLimitYen: 61_500 },
      { needed: ['standardMonthlyRemuneration'], why: { code: 'remuneration-not-given' } },
    ],
    [
      '一般II of 後期, which has no 標準報酬月額',
      'kogaku-over70',
      { treatmentMonth: '2027-08', category: '一般II', totalCostYen: 1 },
      { householdLimitYen: 61_500 },
      { needed: [], why: { code: 'borders-not-announced' } },
    ],
    [
      '一般I of 後期, a 標準報酬月額 given all the same',
      'kogaku-over70',
      { treatmentMonth: '2027-08', category: '一般I', totalCostYen: 1, standardMonthlyRemuneration: 200_000 },
      { householdLimitYen: 61_500 },
      { needed: [], why: { code: 'borders-not-announced' } },
    ],
    [
      'a household under 70, the category of 70 given all the same',
      'kogaku-household',
      {
        treatmentMonth: '2027-08',
        category: 'ウ',
        category70: '一般',
        standardMonthlyRemuneration: 300_000,
        items: [{ age: 'u70', person: 'A', setting: 'in', cost: 1_000_000, percent: 30 }],
      },
      { finalBurden: 92_940 },
      { finalBurden: 92_940 },
    ],
    [
      'a household of ウ and 一般, the 標準報酬月額 that of ウ',
      'kogaku-household',
      {
        treatmentMonth: '2027-08',
        category: 'ウ',
        category70: '一般',
        standardMonthlyRemuneration: 300_000,
        items: [
          { age: 'u70', person: 'A', setting: 'in', cost: 1_000_000, percent: 30 },
          { age: 'o70', person: 'P', setting: 'out', cost: 150_000, percent: 20 },
        ],
      },
      {},
      {
        needed: [],
        why: { code: 'borders-not-announced', ja: '区分一般の階層の境目が未公表のため、予定の表の額を決められない' },
      },
    ],
    [
      'the same without it: no 標準報酬月額 is in both',
      'kogaku-household',
      {
        treatmentMonth: '2027-08',
        category: 'ウ',
        category70: '一般',
        items: [
          { age: 'u70', person: 'A', setting: 'in', cost: 1_000_000, percent: 30 },
          { age: 'o70', person: 'P', setting: 'out', cost: 150_000, percent: 20 },
        ],
      },
      {},
      { needed: [], why: { code: 'borders-not-announced' } },
    ],
    [
      'a year of outpatient treatment in 一般, whose classes have one cap',
      'kogaku-outpatient-year',
      { ...year, categoryOn31July: '一般', monthlyOutpatientAfterMonthlyRefund: [220_000] },
      {},
      { capYen: 216_000, refundYen: 4000 },
    ],
    [
      'a year in ウ, whose classes have one cap',
      'kogaku-annual-cap',
      { ...year, category: 'ウ', burdenAfterMonthlyRefund: [540_000] },
      { capYen: 530_000 },
      { capYen: 530_000, refundYen: 10_000 },
    ],
    [
      'a year in エ, whose classes have two',
      'kogaku-annual-cap',
      { ...year, category: 'エ', burdenAfterMonthlyRefund: [540_000] },
      { capYen: 530_000 },
      { needed: ['standardMonthlyRemuneration'] },
    ],
  ])('%s', (_what, name, input, inForce, planned) => {
    const value = ask(name, input);
    expect(value).toMatchObject({ ...inForce, planned: { ...ofTable, ...planned } });
    // Amounts, or what is needed for them; never both.
    const own = Object.keys('planned' in value ? (value['planned'] as object) : {}).filter((key) => !(key in ofTable));
    expect('needed' in planned ? own : own.filter((key) => key === 'needed' || key === 'why')).toEqual(
      'needed' in planned ? ['needed', 'why'] : [],
    );
  });

  it.each([
    ['kogaku-under70', { treatmentMonth: '2027-07', category: 'オ', totalCostYen: 1 }],
    ['kogaku-over70', { treatmentMonth: '2027-07', category: '低所得I', totalCostYen: 1 }],
  ])('%s of the month before says nothing of it', (name, input) => {
    expect(ask(name, input)).not.toHaveProperty('planned');
  });
});
