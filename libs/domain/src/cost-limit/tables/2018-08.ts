import { yearMonth } from '../../calendar/year-month.js';
import type { Category70 } from '../category.js';
import type { CostLimitTable } from '../row.js';

const middle = {
  baseYen: 57_600,
  multipleTimesYen: 44_400,
  outpatientYen: 18_000,
  outpatientAnnualYen: 144_000,
} as const;

/** 現役並み gets its three tiers and loses the outpatient limit. */
export const OVER70_2018_08: CostLimitTable<Category70> = {
  ageGroup: '70over',
  effectiveFrom: yearMonth('2018-08'),
  effectiveTo: yearMonth('2026-07'),
  status: 'in-force',
  source: '健保令42条3項・5項, 41条の2 (平成30年8月施行)',
  certainty: 'certain',
  rows: [
    { category: '現役並みIII', baseYen: 252_600, thresholdYen: 842_000, ratePercent: 1, multipleTimesYen: 140_100 },
    { category: '現役並みII', baseYen: 167_400, thresholdYen: 558_000, ratePercent: 1, multipleTimesYen: 93_000 },
    { category: '現役並みI', baseYen: 80_100, thresholdYen: 267_000, ratePercent: 1, multipleTimesYen: 44_400 },
    { category: '一般', ...middle },
    { category: '一般II', ...middle },
    { category: '一般I', ...middle },
    { category: '低所得II', baseYen: 24_600, outpatientYen: 8_000, outpatientAnnualYen: 144_000 },
    { category: '低所得I', baseYen: 15_000, outpatientYen: 8_000, outpatientAnnualYen: 144_000 },
  ],
};
