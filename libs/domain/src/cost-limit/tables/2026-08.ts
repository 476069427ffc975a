import { yearMonth } from '../../calendar/year-month.js';
import type { Category70, CategoryUnder70 } from '../category.js';
import type { CostLimitTable } from '../row.js';

const SOURCE = '厚生労働省 001726232.pdf 令和8年8月～; 協会けんぽ 高額療養費（両者は円単位まで一致）';

const classA = {
  baseYen: 270_300,
  thresholdYen: 901_000,
  ratePercent: 1,
  multipleTimesYen: 140_100,
  annualCapYen: 1_680_000,
} as const;
const classI = {
  baseYen: 179_100,
  thresholdYen: 597_000,
  ratePercent: 1,
  multipleTimesYen: 93_000,
  annualCapYen: 1_110_000,
} as const;
const classU = {
  baseYen: 85_800,
  thresholdYen: 286_000,
  ratePercent: 1,
  multipleTimesYen: 44_400,
  annualCapYen: 530_000,
} as const;
const classE = {
  baseYen: 61_500,
  multipleTimesYen: 44_400,
  annualCapYen: 530_000,
  lowerAnnualCapYen: 410_000,
} as const;
const middle = { ...classE, outpatientYen: 22_000, outpatientAnnualYen: 216_000 } as const;

/** No end: months from 2027-08 stay here until the planned table is published as in force. */
export const UNDER70_2026_08: CostLimitTable<CategoryUnder70> = {
  ageGroup: 'under70',
  effectiveFrom: yearMonth('2026-08'),
  status: 'in-force',
  source: SOURCE,
  certainty: 'certain',
  rows: [
    { category: 'ア', ...classA },
    { category: 'イ', ...classI },
    { category: 'ウ', ...classU },
    { category: 'エ', ...classE },
    { category: 'オ', baseYen: 36_900, multipleTimesYen: 24_600, annualCapYen: 290_000 },
  ],
};

export const OVER70_2026_08: CostLimitTable<Category70> = {
  ageGroup: '70over',
  effectiveFrom: yearMonth('2026-08'),
  status: 'in-force',
  source: SOURCE,
  certainty: 'certain',
  rows: [
    { category: '現役並みIII', ...classA },
    { category: '現役並みII', ...classI },
    { category: '現役並みI', ...classU },
    { category: '一般', ...middle },
    { category: '一般II', ...middle },
    { category: '一般I', ...middle },
    {
      category: '低所得II',
      baseYen: 25_700,
      multipleTimesYen: 24_600,
      outpatientYen: 11_000,
      outpatientAnnualYen: 96_000,
      annualCapYen: 290_000,
    },
    { category: '低所得I', baseYen: 15_700, outpatientYen: 8_000, annualCapYen: 180_000 },
  ],
};
