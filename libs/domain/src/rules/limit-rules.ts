import { birthdayAt, monthOf, yearMonth, type CivilDate, type YearMonth } from '../calendar/index.js';
import {
  CATEGORIES_70,
  CATEGORIES_UNDER70,
  costLimitRowFor,
  costLimitTableFor,
  decideCategoryUnder70,
  halved,
  isCategoryUnder70,
  isHalvedMonth,
  monthlyLimitText,
  monthlyLimitYen,
  specifiedDiseaseLimitYen,
  type AgeGroup,
  type Category,
  type CostLimitRow,
  type CostLimitTable,
} from '../cost-limit/index.js';
import { dayText, monthText, step, yenText, type Step } from '../explanation.js';
import { day, flag, month, oneOf, optional, yen } from './input.js';
import { pay, plannedBeside, tableFields } from './planned.js';
import { against, answer, type Outcome } from './result.js';
import { rule, ruleBy } from './rule.js';

const category70 = oneOf(CATEGORIES_70);
const anyCategory = oneOf([...CATEGORIES_UNDER70, ...CATEGORIES_70]);
const PLANNED_FROM = yearMonth('2027-08');

export const tooEarly = (field: string): Outcome =>
  against(field, 'before-first-table', 'limit tables are kept from 2015-01');

interface Found {
  readonly row: CostLimitRow;
  readonly table: CostLimitTable;
}

const find = (group: AgeGroup, category: Category, treatmentMonth: YearMonth): Found | undefined => {
  const table = costLimitTableFor(group, treatmentMonth);
  const row = costLimitRowFor(group, category, treatmentMonth);
  return table === undefined || row === undefined ? undefined : { row, table };
};

const SOURCE_75 = '健保令41条2項, 高確令14条の2';

/** One person's limit for outpatients, which 現役並み has none of. */
const outpatientStep = ({ outpatientYen, category }: CostLimitRow, source: string): Step =>
  outpatientYen === undefined
    ? step('外来の自己負担限度額', `区分${category}に外来だけの限度額はない`, source)
    : step('外来の自己負担限度額', `1人の外来の月額 ${yenText(outpatientYen)}`, source, outpatientYen);

/** How a limit came about: the table, the formula, and what was halved or made flat. */
const limitSteps = (
  { row, table }: Found,
  totalCostYen: number,
  opts: { readonly multipleTimes: boolean; readonly isHalved: boolean },
): readonly Step[] => {
  const steps = [step('適用する表', `${monthText(table.effectiveFrom)}からの表、区分${row.category}`, table.source)];
  if (opts.isHalved) steps.push(step('75歳到達月の特例', '限度額と計算の基準額を2分の1にする', SOURCE_75));
  if (table.ageGroup === '70over') steps.push(outpatientStep(row, table.source));
  const isFlat = opts.multipleTimes && row.multipleTimesYen !== undefined;
  const limit = monthlyLimitYen(row, totalCostYen, opts);
  const name = isFlat ? '多数回該当の限度額' : '自己負担限度額';
  steps.push(step(name, monthlyLimitText(row, totalCostYen, opts), table.source, limit));
  return steps;
};

export const kogakuUnder70 = rule(
  { treatmentMonth: month, category: anyCategory, totalCostYen: yen, multipleTimes: optional(flag), ...pay },
  (facts) => {
    if (!isCategoryUnder70(facts.category)) {
      return against('category', 'category-not-for-age', 'under 70 the categories are ア, イ, ウ, エ and オ');
    }
    const found = find('under70', facts.category, facts.treatmentMonth);
    if (found === undefined) return tooEarly('treatmentMonth');
    const opts = { multipleTimes: facts.multipleTimes ?? false, isHalved: false };
    return answer(
      {
        limitYen: monthlyLimitYen(found.row, facts.totalCostYen, opts),
        ...tableFields(found.table),
        ...plannedBeside(
          { ...facts, month: facts.treatmentMonth, rows: [['under70', facts.category]] },
          (_opts, [row]) => row && { limitYen: monthlyLimitYen(row, facts.totalCostYen, opts) },
        ),
      },
      ...limitSteps(found, facts.totalCostYen, opts),
    );
  },
);

export const kogakuOver70 = rule(
  { treatmentMonth: month, category: anyCategory, totalCostYen: yen, multipleTimes: optional(flag), ...pay },
  (facts) => {
    if (isCategoryUnder70(facts.category)) {
      return against('category', 'category-not-for-age', `from 70 the categories are ${CATEGORIES_70.join(', ')}`);
    }
    const found = find('70over', facts.category, facts.treatmentMonth);
    if (found === undefined) return tooEarly('treatmentMonth');
    const opts = { multipleTimes: facts.multipleTimes ?? false, isHalved: false };
    return answer(
      {
        outpatientLimitYen: found.row.outpatientYen ?? null,
        householdLimitYen: monthlyLimitYen(found.row, facts.totalCostYen, opts),
        ...tableFields(found.table),
        ...plannedBeside(
          { ...facts, month: facts.treatmentMonth, rows: [['70over', facts.category]] },
          (_opts, [row]) =>
            row && {
              outpatientLimitYen: row.outpatientYen ?? null,
              householdLimitYen: monthlyLimitYen(row, facts.totalCostYen, opts),
            },
        ),
      },
      ...limitSteps(found, facts.totalCostYen, opts),
    );
  },
);

const STATUS_NAMES = { 'in-force': '施行済み', planned: '予定、未施行' } as const;

export const kogakuTableSelection = rule(
  {
    treatmentMonth: month,
    ageGroup: oneOf(['under70', '70over', 'over70', '70to74', '75over']),
    planned: optional(flag),
  },
  (facts) => {
    const group = facts.ageGroup === 'under70' ? 'under70' : '70over';
    const inForce = costLimitTableFor(group, facts.treatmentMonth);
    const table = facts.planned === false ? inForce : costLimitTableFor(group, facts.treatmentMonth, { planned: true });
    if (table === undefined || inForce === undefined) return tooEarly('treatmentMonth');
    return answer(
      {
        tableEffectiveFrom: table.effectiveFrom,
        status: table.status,
        inForceTableEffectiveFrom: inForce.effectiveFrom,
        certainty: table.certainty,
      },
      step(
        '診療年月による表の選択',
        `${monthText(facts.treatmentMonth)}の診療は${monthText(table.effectiveFrom)}からの表（${STATUS_NAMES[table.status]}）`,
        table.source,
      ),
    );
  },
);

export const kogakuUnder70Planned = rule(
  {
    treatmentMonth: month,
    standardMonthlyRemuneration: yen,
    nonTaxable: optional(flag),
    totalCostYen: yen,
    multipleTimes: optional(flag),
  },
  (facts) => {
    if (facts.treatmentMonth < PLANNED_FROM) {
      return against('treatmentMonth', 'before-the-rule', 'the planned classes begin in 2027-08');
    }
    const { standardMonthlyRemuneration, treatmentMonth } = facts;
    const { category } = decideCategoryUnder70({
      scheme: 'shaho',
      standardMonthlyRemuneration,
      insuredNonTaxable: facts.nonTaxable ?? false,
    });
    const opts = { planned: true, standardMonthlyRemuneration };
    const table = costLimitTableFor('under70', treatmentMonth, opts);
    const row = costLimitRowFor('under70', category, treatmentMonth, opts);
    if (table === undefined || row === undefined) return tooEarly('treatmentMonth');
    const how = { multipleTimes: facts.multipleTimes ?? false, isHalved: false };
    return answer(
      {
        limitYen: monthlyLimitYen(row, facts.totalCostYen, how),
        annualCapYen: row.annualCapYen ?? null,
        ...tableFields(table),
      },
      step('予定の表', '政令で未確認、公布までは2026年8月からの表が有効', table.source),
      ...limitSteps({ row, table }, facts.totalCostYen, how),
    );
  },
);

const halfOf = (found: Found, isHalved: boolean): Found => (isHalved ? { ...found, row: halved(found.row) } : found);

/** Why a month is halved, or is not. */
const halvedWhy = (facts: Parameters<typeof isHalvedMonth>[0]): string => {
  const birthday: CivilDate = birthdayAt(facts.birthDate, 75);
  const month = monthText(facts.treatmentMonth);
  const whose = facts.entry === 'dependent_of_turns75' ? '被保険者の75歳の誕生日' : '75歳の誕生日';
  if (isHalvedMonth(facts)) return `${month}は${whose}（${dayText(birthday)}）の月のため、限度額は2分の1`;
  if (facts.entry === 'disability_certified') return '障害認定による後期高齢者医療への加入では、2分の1にしない';
  return monthOf(birthday) === facts.treatmentMonth
    ? `${whose}（${dayText(birthday)}）が1日で、月の途中の異動がないため、2分の1にしない`
    : `${month}は${whose}（${dayText(birthday)}）の月でないため、2分の1にしない`;
};

export const kogaku75thMonth = ruleBy([
  [
    'categoryTier',
    rule(
      {
        treatmentMonth: month,
        categoryTier: anyCategory,
        totalCostYen: yen,
        multipleTimes: optional(flag),
        halved: flag,
        ...pay,
      },
      (facts) => {
        const group = isCategoryUnder70(facts.categoryTier) ? 'under70' : '70over';
        const found = find(group, facts.categoryTier, facts.treatmentMonth);
        if (found === undefined) return tooEarly('treatmentMonth');
        const half = halfOf(found, facts.halved);
        const opts = { multipleTimes: facts.multipleTimes ?? false, isHalved: facts.halved };
        return answer(
          {
            limitYen: monthlyLimitYen(half.row, facts.totalCostYen, opts),
            ...tableFields(found.table),
            ...plannedBeside(
              { ...facts, month: facts.treatmentMonth, rows: [[group, facts.categoryTier]] },
              (_opts, [row]) =>
                row && {
                  limitYen: monthlyLimitYen(facts.halved ? halved(row) : row, facts.totalCostYen, opts),
                },
            ),
          },
          ...limitSteps(half, facts.totalCostYen, opts),
        );
      },
    ),
  ],
  [
    'category70',
    rule(
      {
        treatmentMonth: month,
        category70,
        totalCostYen: optional(yen),
        multipleTimes: optional(flag),
        halved: flag,
        ...pay,
      },
      (facts) => {
        const found = find('70over', facts.category70, facts.treatmentMonth);
        if (found === undefined) return tooEarly('treatmentMonth');
        const { totalCostYen } = facts;
        if (found.row.thresholdYen !== undefined && totalCostYen === undefined) {
          return against('totalCostYen', 'fact-needed', 'the limit of 現役並み depends on the total cost');
        }
        const half = halfOf(found, facts.halved);
        const opts = { multipleTimes: facts.multipleTimes ?? false, isHalved: facts.halved };
        return answer(
          {
            outpatientLimitYen: half.row.outpatientYen ?? null,
            personLimitYen: monthlyLimitYen(half.row, totalCostYen ?? 0, opts),
            ...tableFields(found.table),
            ...plannedBeside(
              { ...facts, month: facts.treatmentMonth, rows: [['70over', facts.category70]] },
              (_opts, [row]) => {
                if (row === undefined) return undefined;
                const own = facts.halved ? halved(row) : row;
                return {
                  outpatientLimitYen: own.outpatientYen ?? null,
                  personLimitYen: monthlyLimitYen(own, totalCostYen ?? 0, opts),
                };
              },
            ),
          },
          ...limitSteps(half, totalCostYen ?? 0, opts),
        );
      },
    ),
  ],
  [
    'birthDate',
    rule(
      {
        birthDate: day,
        treatmentMonth: month,
        entry: oneOf(['turns75', 'dependent_of_turns75', 'disability_certified']),
      },
      (facts) =>
        answer(
          { halved: isHalvedMonth(facts) },
          step('75歳到達月の特例', halvedWhy(facts), `${SOURCE_75}; さいたま市, 協会けんぽ`),
        ),
    ),
  ],
]);

export const specifiedDisease = rule(
  {
    diseaseCode: oneOf(['1', '2', '3']),
    under70: flag,
    category: anyCategory,
    turns75Month: optional(flag),
  },
  (facts) => {
    if (isCategoryUnder70(facts.category) !== facts.under70) {
      return against('category', 'category-not-for-age', 'the category is not one of that age');
    }
    const turns75Month = facts.turns75Month ?? false;
    const limit = specifiedDiseaseLimitYen({ ...facts, turns75Month });
    const whole = specifiedDiseaseLimitYen({ ...facts, turns75Month: false });
    const detail = [
      `医療機関ごと、入院と外来は別の月額 ${yenText(whole)}`,
      ...(whole > 10_000 ? ['70歳未満で人工透析を受ける区分ア・イの額'] : []),
      ...(turns75Month ? ['75歳到達月のため2分の1'] : []),
    ].join('、');
    return answer(
      { limitPerInstitutionYen: limit },
      step('特定疾病療養受療証', detail, '健保令41条9項・42条9項', limit),
    );
  },
);
