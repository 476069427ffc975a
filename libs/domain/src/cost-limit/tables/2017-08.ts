import { yearMonth } from '../../calendar/year-month.js';
import type { Category70 } from '../category.js';
import type { CostLimitTable } from '../row.js';

const worker = { baseYen: 80_100, thresholdYen: 267_000, ratePercent: 1, multipleTimesYen: 44_400 } as const;
const middle = {
  baseYen: 57_600,
  multipleTimesYen: 44_400,
  outpatientYen: 14_000,
  outpatientAnnualYen: 144_000,
} as const;

/** One class 現役並み, so its three tiers share a row. The yearly outpatient limit begins here. */
export const OVER70_2017_08: CostLimitTable<Category70> = {
  ageGroup: '70over',
  effectiveFrom: yearMonth('2017-08'),
  effectiveTo: yearMonth('2018-07'),
  status: 'in-force',
  source: '健保令42条3項・5項, 41条の2 (平成29年8月施行); 門真市',
  certainty: 'certain',
  rows: [
    { category: '現役並みIII', ...worker, outpatientYen: 57_600 },
    { category: '現役並みII', ...worker, outpatientYen: 57_600 },
    { category: '現役並みI', ...worker, outpatientYen: 57_600 },
    { category: '一般', ...middle },
    { category: '一般II', ...middle },
    { category: '一般I', ...middle },
    { category: '低所得II', baseYen: 24_600, outpatientYen: 8_000, outpatientAnnualYen: 144_000 },
    { category: '低所得I', baseYen: 15_000, outpatientYen: 8_000, outpatientAnnualYen: 144_000 },
  ],
};
