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
import { yenText } from '../explanation.js';
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

/** Why an announced table gives no amounts; stable codes. */
type Undecided = 'remuneration-not-given' | 'remuneration-of-another-category' | 'borders-not-announced';

/** The fields that would decide, and the words for the counter. */
const whyNot = (
  code: Undecided,
  { month, rows, standardMonthlyRemuneration: pay }: Asked,
): Readonly<Record<string, unknown>> => {
  const opts = { planned: true, ...(pay === undefined ? {} : { standardMonthlyRemuneration: pay }) };
  const open = rows.filter(([group, category]) => costLimitRowFor(group, category, month, opts) === undefined);
  const categories = (open.length === 0 ? rows : open).map(([, category]) => `区分${category}`).join('と');
  switch (code) {
    case 'remuneration-not-given':
      return {
        needed: ['standardMonthlyRemuneration'],
        why: {
          code,
          ja: '標準報酬月額が入力されていないため、予定の表の階層を決められない（国保と後期の階層の境目は未公表）',
          en: 'The class is told by 標準報酬月額, which was not given; the borders for 国保 and 後期 are not announced',
        },
      };
    case 'remuneration-of-another-category':
      return {
        needed: [],
        why: {
          code,
          ja: `標準報酬月額 ${yenText(pay ?? 0)}は${categories}の範囲にない。区分か標準報酬月額を確かめる`,
          en: 'The 標準報酬月額 is that of another category; one of the two is wrong',
        },
      };
    case 'borders-not-announced':
      return {
        needed: [],
        why: {
          code,
          ja: `${categories}の階層の境目が未公表のため、予定の表の額を決められない`,
          en: 'The borders of the classes of these people are not announced; nothing in the input would decide',
        },
      };
  }
};

/** A 標準報酬月額 of every class. */
const payOfEveryClass = (month: YearMonth): readonly number[] => {
  const rows = (['under70', '70over'] as const).flatMap<CostLimitRow>(
    (group) => costLimitTableFor(group, month, { planned: true })?.rows ?? [],
  );
  return [...new Set(rows.map((row) => row.remunerationFromYen ?? row.remunerationToYen ?? 0))];
};

/**
 * What the answer would be by a table that is announced and not in force: a field `planned` beside the answer by the law as it
 * stands, and never in its place. Nothing where no such table is announced for the month. Where classes of one category differ
 * and nothing tells them apart, no amounts: `needed` lists the fields that would decide, and is empty where none would; `why`
 * says so. 一般II and 一般I are of 後期, which has no 標準報酬月額.
 */
export const plannedBeside = (
  asked: Asked,
  amounts: (opts: RowOptions, rows: readonly CostLimitRow[]) => Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> => {
  const { month, rows, standardMonthlyRemuneration: given } = asked;
  const table = costLimitTableFor(rows[0]?.[0] ?? 'under70', month, { planned: true });
  if (table?.status !== 'planned') return {};
  const isLate = rows.some(([, category]) => category === '一般II' || category === '一般I');
  const pays = given === undefined || isLate ? payOfEveryClass(month) : [given];
  const found = pays.map((pay) => {
    const opts = { planned: true, standardMonthlyRemuneration: pay };
    return { opts, rows: rows.flatMap(([group, category]) => costLimitRowFor(group, category, month, opts) ?? []) };
  });
  const fitting = found.filter((one) => one.rows.length === rows.length);
  const [first, ...others] = fitting.flatMap((one) => amounts(one.opts, one.rows) ?? []);
  if (first !== undefined && others.every((other) => JSON.stringify(other) === JSON.stringify(first))) {
    return { planned: { ...tableFields(table), ...first } };
  }
  const isNotGiven = first !== undefined && given === undefined && !isLate;
  const isOfAnother = given !== undefined && !isLate && found.every((one) => one.rows.length === 0);
  const code = isNotGiven
    ? 'remuneration-not-given'
    : isOfAnother
      ? 'remuneration-of-another-category'
      : 'borders-not-announced';
  return { planned: { ...tableFields(table), ...whyNot(code, asked) } };
};
