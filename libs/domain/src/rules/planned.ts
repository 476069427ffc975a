import type { YearMonth } from '../calendar/index.js';
import {
  costLimitRowFor,
  costLimitTableFor,
  type AgeGroup,
  type Category,
  type CostLimitRow,
  type CostLimitTable,
  type RowOptions,
} from '../cost-limit/index.js';
import { yen, optional } from './input.js';

/** 標準報酬月額 tells the finer classes of a planned table apart; the table in force has no use for it. */
export const pay = { standardMonthlyRemuneration: optional(yen) } as const;

export const tableFields = (table: CostLimitTable): Readonly<Record<string, unknown>> => ({
  tableEffectiveFrom: table.effectiveFrom,
  status: table.status,
  certainty: table.certainty,
});

interface Asked {
  readonly month: YearMonth;
  /** The categories whose rows are needed, each with its age. */
  readonly rows: readonly (readonly [AgeGroup, Category])[];
  readonly standardMonthlyRemuneration?: number;
}

/**
 * What the answer would be by a table that is announced and not in force: a field `planned` beside the answer by the law as it
 * stands, and never in its place. Nothing where no such table is announced for the month; without amounts, and with what is
 * needed, where the class cannot be told.
 */
export const plannedBeside = (
  { month, rows, standardMonthlyRemuneration }: Asked,
  amounts: (opts: RowOptions, rows: readonly CostLimitRow[]) => Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> => {
  const opts = { planned: true, ...(standardMonthlyRemuneration === undefined ? {} : { standardMonthlyRemuneration }) };
  const table = costLimitTableFor(rows[0]?.[0] ?? 'under70', month, opts);
  if (table?.status !== 'planned') return {};
  const found = rows.flatMap(([group, category]) => costLimitRowFor(group, category, month, opts) ?? []);
  const given = found.length === rows.length ? amounts(opts, found) : undefined;
  return { planned: { ...tableFields(table), ...(given ?? { needed: 'standardMonthlyRemuneration' }) } };
};
