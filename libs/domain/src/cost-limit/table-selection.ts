import type { YearMonth } from '../calendar/year-month.js';
import type { AgeGroup, Category } from './category.js';
import type { CostLimitRow, CostLimitTable } from './row.js';
import { OVER70_TABLES, UNDER70_TABLES } from './tables/index.js';

export interface TableOptions {
  /** Reach for a table that is announced and not yet in force. Off: months beyond stay on the last published table. */
  readonly planned?: boolean;
}

export interface RowOptions extends TableOptions {
  /** 標準報酬月額, yen: tells the finer classes of a planned table apart. Without it such a row is not found. */
  readonly standardMonthlyRemuneration?: number;
}

/**
 * The table of the treatment month (診療年月); never that of today. `undefined` before 2015-01, which this service does
 * not answer for.
 */
export const costLimitTableFor = (
  ageGroup: AgeGroup,
  month: YearMonth,
  opts: TableOptions = {},
): CostLimitTable | undefined => {
  const tables: readonly CostLimitTable[] = ageGroup === 'under70' ? UNDER70_TABLES : OVER70_TABLES;
  for (const table of tables) {
    if (month >= table.effectiveFrom && (table.status === 'in-force' || opts.planned === true)) return table;
  }
  return undefined;
};

/**
 * The row of a category. 一般II and 一般I fall back to 一般 where a table does not split it. `undefined` when the month is
 * before the first table, the category is not of that age, or a finer class cannot be told apart.
 */
export const costLimitRowFor = (
  ageGroup: AgeGroup,
  category: Category,
  month: YearMonth,
  opts: RowOptions = {},
): CostLimitRow | undefined => {
  const table = costLimitTableFor(ageGroup, month, opts);
  if (table === undefined) return undefined;
  const own = table.rows.filter((row) => row.category === category);
  const rows =
    own.length === 0 && (category === '一般II' || category === '一般I')
      ? table.rows.filter((row) => row.category === '一般')
      : own;
  if (rows.length <= 1) return rows[0];
  const pay = opts.standardMonthlyRemuneration;
  if (pay === undefined) return undefined;
  // A pay that reaches the class above is that of another category.
  const above = rows[0] === undefined ? undefined : table.rows[table.rows.indexOf(rows[0]) - 1];
  if (above?.remunerationFromYen !== undefined && pay >= above.remunerationFromYen) return undefined;
  // Rows run from the highest class down; a pay between two grades belongs to the lower.
  return rows.find((row) => pay >= (row.remunerationFromYen ?? 0));
};
