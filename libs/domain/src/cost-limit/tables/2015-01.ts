import { yearMonth } from '../../calendar/year-month.js';
import type { Category70, CategoryUnder70 } from '../category.js';
import type { CostLimitRow, CostLimitTable } from '../row.js';

/** In force for 139 months: the raise decided for 2025-08 was frozen on 2025-03-07 and never applied. */
export const UNDER70_2015_01: CostLimitTable<CategoryUnder70> = {
  ageGroup: 'under70',
  effectiveFrom: yearMonth('2015-01'),
  effectiveTo: yearMonth('2026-07'),
  status: 'in-force',
  source: '健保令42条1項 (平成27年1月施行)',
  certainty: 'certain',
  rows: [
    { category: 'ア', baseYen: 252_600, thresholdYen: 842_000, ratePercent: 1, multipleTimesYen: 140_100 },
    { category: 'イ', baseYen: 167_400, thresholdYen: 558_000, ratePercent: 1, multipleTimesYen: 93_000 },
    { category: 'ウ', baseYen: 80_100, thresholdYen: 267_000, ratePercent: 1, multipleTimesYen: 44_400 },
    { category: 'エ', baseYen: 57_600, multipleTimesYen: 44_400 },
    { category: 'オ', baseYen: 35_400, multipleTimesYen: 24_600 },
  ],
};

const worker = { baseYen: 80_100, thresholdYen: 267_000, ratePercent: 1, multipleTimesYen: 44_400 } as const;
const middle = { baseYen: 44_400, outpatientYen: 12_000 } as const;

const rows: readonly CostLimitRow<Category70>[] = [
  { category: '現役並みIII', ...worker, outpatientYen: 44_400 },
  { category: '現役並みII', ...worker, outpatientYen: 44_400 },
  { category: '現役並みI', ...worker, outpatientYen: 44_400 },
  { category: '一般', ...middle },
  { category: '一般II', ...middle },
  { category: '一般I', ...middle },
  { category: '低所得II', baseYen: 24_600, outpatientYen: 8_000 },
  { category: '低所得I', baseYen: 15_000, outpatientYen: 8_000 },
];

/** Older than 2015-01; this service answers from then. One class 現役並み, so its three tiers share a row. */
export const OVER70_2015_01: CostLimitTable<Category70> = {
  ageGroup: '70over',
  effectiveFrom: yearMonth('2015-01'),
  effectiveTo: yearMonth('2017-07'),
  status: 'in-force',
  source: '健保令42条3項・5項 (平成29年7月まで); 門真市',
  certainty: 'certain',
  rows,
};
