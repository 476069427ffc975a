import type { Category70, CategoryUnder70 } from '../category.js';
import type { CostLimitTable } from '../row.js';
import { OVER70_2015_01, UNDER70_2015_01 } from './2015-01.js';
import { OVER70_2017_08 } from './2017-08.js';
import { OVER70_2018_08 } from './2018-08.js';
import { OVER70_2026_08, UNDER70_2026_08 } from './2026-08.js';
import { OVER70_2027_08_PLANNED, UNDER70_2027_08_PLANNED } from './2027-08-planned.js';

/** Newest first; a reform is one more line. */
export const UNDER70_TABLES: readonly CostLimitTable<CategoryUnder70>[] = [
  UNDER70_2027_08_PLANNED,
  UNDER70_2026_08,
  UNDER70_2015_01,
];

export const OVER70_TABLES: readonly CostLimitTable<Category70>[] = [
  OVER70_2027_08_PLANNED,
  OVER70_2026_08,
  OVER70_2018_08,
  OVER70_2017_08,
  OVER70_2015_01,
];
