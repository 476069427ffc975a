import { yearMonth } from '../../calendar/year-month.js';
import type { Category, Category70, CategoryUnder70 } from '../category.js';
import type { CostLimitRow, CostLimitTable } from '../row.js';

const SOURCE = '厚生労働省 001726232.pdf 令和9年8月～（予定、政令では未確認）';

const A = { ratePercent: 1, multipleTimesYen: 140_100, annualCapYen: 1_680_000 } as const;
const I = { ratePercent: 1, multipleTimesYen: 93_000, annualCapYen: 1_110_000 } as const;
const U = { ratePercent: 1, multipleTimesYen: 44_400, annualCapYen: 530_000 } as const;
const E = { multipleTimesYen: 44_400, annualCapYen: 530_000 } as const;

/** [class, 標準報酬月額 from, to, base, threshold] of the three classes that a category splits into. */
const tiers = <C extends Category>(third: C, second: C, first: C): readonly CostLimitRow<C>[] => [
  { category: third, remunerationFromYen: 1_270_000, baseYen: 342_000, thresholdYen: 1_140_000, ...A },
  {
    category: third,
    remunerationFromYen: 1_030_000,
    remunerationToYen: 1_210_000,
    baseYen: 303_000,
    thresholdYen: 1_010_000,
    ...A,
  },
  {
    category: third,
    remunerationFromYen: 830_000,
    remunerationToYen: 980_000,
    baseYen: 270_300,
    thresholdYen: 901_000,
    ...A,
  },
  {
    category: second,
    remunerationFromYen: 710_000,
    remunerationToYen: 790_000,
    baseYen: 209_400,
    thresholdYen: 698_000,
    ...I,
  },
  {
    category: second,
    remunerationFromYen: 620_000,
    remunerationToYen: 680_000,
    baseYen: 194_400,
    thresholdYen: 648_000,
    ...I,
  },
  {
    category: second,
    remunerationFromYen: 530_000,
    remunerationToYen: 590_000,
    baseYen: 179_100,
    thresholdYen: 597_000,
    ...I,
  },
  {
    category: first,
    remunerationFromYen: 440_000,
    remunerationToYen: 500_000,
    baseYen: 110_400,
    thresholdYen: 368_000,
    ...U,
  },
  {
    category: first,
    remunerationFromYen: 360_000,
    remunerationToYen: 410_000,
    baseYen: 98_100,
    thresholdYen: 327_000,
    ...U,
  },
  {
    category: first,
    remunerationFromYen: 280_000,
    remunerationToYen: 340_000,
    baseYen: 85_800,
    thresholdYen: 286_000,
    ...U,
  },
];

const lower = <C extends Category>(category: C, outpatient: boolean): readonly CostLimitRow<C>[] => [
  {
    category,
    remunerationFromYen: 200_000,
    remunerationToYen: 260_000,
    baseYen: 69_600,
    ...E,
    ...(outpatient ? { outpatientYen: 28_000, outpatientAnnualYen: 216_000 } : {}),
  },
  {
    category,
    remunerationFromYen: 160_000,
    remunerationToYen: 190_000,
    baseYen: 65_400,
    ...E,
    ...(outpatient ? { outpatientYen: 28_000, outpatientAnnualYen: 216_000 } : {}),
  },
  {
    category,
    remunerationToYen: 150_000,
    baseYen: 61_500,
    multipleTimesYen: 34_500,
    annualCapYen: 410_000,
    ...(outpatient ? { outpatientYen: 22_000, outpatientAnnualYen: 216_000 } : {}),
  },
];

/** 13 classes by 標準報酬月額. 国保 borders (旧ただし書所得) are not published. */
export const UNDER70_2027_08_PLANNED: CostLimitTable<CategoryUnder70> = {
  ageGroup: 'under70',
  effectiveFrom: yearMonth('2027-08'),
  status: 'planned',
  source: SOURCE,
  certainty: 'likely',
  rows: [
    ...tiers<CategoryUnder70>('ア', 'イ', 'ウ'),
    ...lower<CategoryUnder70>('エ', false),
    { category: 'オ', baseYen: 36_900, multipleTimesYen: 24_600, annualCapYen: 290_000 },
  ],
};

/** The age from which the outpatient limit applies is still open. */
export const OVER70_2027_08_PLANNED: CostLimitTable<Category70> = {
  ageGroup: '70over',
  effectiveFrom: yearMonth('2027-08'),
  status: 'planned',
  source: SOURCE,
  certainty: 'likely',
  rows: [
    ...tiers<Category70>('現役並みIII', '現役並みII', '現役並みI'),
    ...lower<Category70>('一般', true),
    {
      category: '低所得II',
      baseYen: 25_700,
      multipleTimesYen: 24_600,
      outpatientYen: 13_000,
      outpatientAnnualYen: 96_000,
      annualCapYen: 290_000,
    },
    { category: '低所得I', baseYen: 15_700, outpatientYen: 8_000, annualCapYen: 180_000 },
  ],
};
