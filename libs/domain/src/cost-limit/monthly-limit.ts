import { yenText } from '../explanation.js';
import type { CostLimitRow } from './row.js';

const half = (yen: number): number => yen / 2;

/**
 * The row for the month of the 75th birthday: base, threshold, multiple-times and outpatient amounts halved (健保令41条2項・
 * 42条). Every published amount is even, so the halves are whole yen. Yearly amounts stay.
 */
export const halved = <R extends CostLimitRow>(row: R): R => ({
  ...row,
  baseYen: half(row.baseYen),
  ...(row.thresholdYen === undefined ? {} : { thresholdYen: half(row.thresholdYen) }),
  ...(row.multipleTimesYen === undefined ? {} : { multipleTimesYen: half(row.multipleTimesYen) }),
  ...(row.outpatientYen === undefined ? {} : { outpatientYen: half(row.outpatientYen) }),
});

/** The 1 % part, yen: never negative, under 0.5 yen dropped and 0.5 or more raised (健保令42条; 端数は四捨五入). */
export const percentagePartYen = (row: CostLimitRow, totalCostYen: number): number => {
  if (row.thresholdYen === undefined || row.ratePercent === undefined) return 0;
  return Math.floor((Math.max(0, totalCostYen - row.thresholdYen) * row.ratePercent + 50) / 100);
};

/**
 * The household's limit for a month, yen. `totalCostYen` is the whole cost (10割) of the treatments added up, without meals
 * and without charges outside insurance. With multiple times the amount is flat; a class that has none keeps its base.
 */
export const monthlyLimitYen = (
  row: CostLimitRow,
  totalCostYen: number,
  opts: { readonly multipleTimes?: boolean } = {},
): number => {
  if (opts.multipleTimes === true && row.multipleTimesYen !== undefined) return row.multipleTimesYen;
  return row.baseYen + percentagePartYen(row, totalCostYen);
};

/** The same as words: how the limit comes about, and what it is. */
export const monthlyLimitText = (
  row: CostLimitRow,
  totalCostYen: number,
  opts: { readonly multipleTimes?: boolean } = {},
): string => {
  const limit = yenText(monthlyLimitYen(row, totalCostYen, opts));
  if (opts.multipleTimes === true && row.multipleTimesYen !== undefined) return `${limit}（多数回該当の定額）`;
  if (row.thresholdYen === undefined) {
    return opts.multipleTimes === true ? `${limit}（定額、この区分に多数回該当の額はない）` : `${limit}（定額）`;
  }
  const over = totalCostYen - row.thresholdYen;
  if (over <= 0) return `${limit}（医療費 ${yenText(totalCostYen)}が ${yenText(row.thresholdYen)}以下のため加算なし）`;
  const sum = `${yenText(row.baseYen)} + (医療費 ${yenText(totalCostYen)} − ${yenText(row.thresholdYen)}) × 1% = ${limit}`;
  return over % 100 === 0 ? sum : `${sum}（1円未満は四捨五入）`;
};
