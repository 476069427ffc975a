import {
  annualCap,
  CATEGORIES_70,
  CATEGORIES_UNDER70,
  householdTotal,
  isBenefitYear,
  isCategoryUnder70,
  LOWER_CAP_REMUNERATION_YEN,
  mealChargeOn,
  MEAL_CLASSES,
  MEALS_A_DAY,
  multipleTimes,
  outpatientYear,
  type MultipleTimes,
  type MultipleTimesFacts,
  type HouseholdTotal,
  type YearlyRefund,
} from '../cost-limit/index.js';
import { countText, dayText, monthText, step, yenText } from '../explanation.js';
import { day, flag, integer, listOf, month, nullable, object, oneOf, optional, text, yen } from './input.js';
import { tooEarly } from './limit-rules.js';
import { pay, plannedBeside } from './planned.js';
import { against, answer } from './result.js';
import { rule } from './rule.js';

const totalFields = ({ steps: _steps, refundPerson75, ...total }: HouseholdTotal): Readonly<Record<string, unknown>> =>
  refundPerson75 === 0 ? total : { ...total, refundPerson75 };

export const kogakuHousehold = rule(
  {
    treatmentMonth: month,
    category: optional(oneOf(CATEGORIES_UNDER70)),
    category70: optional(oneOf(CATEGORIES_70)),
    multipleTimes: optional(flag),
    ...pay,
    items: listOf(
      object({
        age: oneOf(['u70', 'o70']),
        person: text(50),
        setting: oneOf(['in', 'out']),
        cost: yen,
        percent: oneOf([10, 20, 30]),
        institution: optional(text(50)),
        turns75Month: optional(flag),
      }),
    ),
  },
  (facts) => {
    const result = householdTotal(facts);
    if (result.ok) {
      // The category of an age that nobody in the household has decides nothing.
      const has = (age: 'u70' | 'o70'): boolean => facts.items.some((item) => item.age === age);
      const planned = plannedBeside(
        {
          ...facts,
          month: facts.treatmentMonth,
          rows: [
            ...(facts.category !== undefined && has('u70') ? [['under70', facts.category] as const] : []),
            ...(facts.category70 !== undefined && has('o70') ? [['70over', facts.category70] as const] : []),
          ],
        },
        (opts) => {
          const other = householdTotal(facts, opts);
          return other.ok ? totalFields(other.value) : undefined;
        },
      );
      return answer({ ...totalFields(result.value), ...planned }, ...result.value.steps);
    }
    switch (result.missing) {
      case 'category':
        return against('category', 'fact-needed', 'somebody is under 70');
      case 'category70':
        return against('category70', 'fact-needed', 'somebody is 70 or over');
      case 'table':
        return tooEarly('treatmentMonth');
    }
  },
);

/** Whether the month is the fourth, and what was not counted. */
const multipleTimesWhy = (facts: MultipleTimesFacts, found: MultipleTimes): string => {
  switch (found.reason) {
    case 'another-insurer':
      return '支給を受けた月と保険者が異なるため、その月の回数を数えず、該当しない';
    case 'another-status':
      return '支給を受けた月と本人・家族の別が異なるため、その月の回数を数えず、該当しない';
    case 'counted': {
      const within = `${monthText(found.windowFrom)}から${monthText(facts.treatmentMonth)}までの12か月`;
      const count = found.countedMonths.length;
      return [
        `${within}のうち、この月より前に支給を受けた月が${count}回`,
        ...(facts.sameInsurer ? [] : ['同じ都道府県内の異動で世帯が続くため通算する']),
        ...((facts.outpatientOnlyPaidMonths ?? []).length > 0 ? ['70歳以上の外来だけの支給は数えない'] : []),
        found.multipleTimes ? '4回目以降にあたるため該当する' : '3回に満たないため該当しない',
      ].join('、');
    }
  }
};

export const kogakuMultipleTimes = rule(
  {
    treatmentMonth: month,
    paidMonths: listOf(month, 600),
    outpatientOnlyPaidMonths: optional(listOf(month, 600)),
    ageBand: optional(oneOf(['preschool', 'general', 'elderly70', 'late75'])),
    sameInsurer: flag,
    sameStatus: optional(flag),
    scheme: optional(oneOf(['shaho', 'kokuho', 'kouki'])),
    movedWithinPrefecture: optional(flag),
    householdContinues: optional(flag),
  },
  ({ ageBand: _ageBand, ...facts }) => {
    const found = multipleTimes(facts);
    return answer(
      { multipleTimes: found.multipleTimes, countedMonths: found.countedMonths, windowFrom: found.windowFrom },
      step('多数回該当', multipleTimesWhy(facts, found), '健保令42条1項ただし書'),
    );
  },
);

const yearFields = (year: YearlyRefund | undefined): Readonly<Record<string, unknown>> | undefined =>
  year && { capYen: year.capYen, refundYen: year.refundYen };

const yearPeriod = { periodFrom: month, periodTo: month } as const;
const notAYear = against('periodFrom', 'not-a-benefit-year', 'the year runs from August to the July after');

export const kogakuOutpatientYear = rule(
  {
    ...yearPeriod,
    categoryOn31July: oneOf(CATEGORIES_70),
    monthlyOutpatientAfterMonthlyRefund: listOf(nullable(yen), 1000),
    ...pay,
  },
  (facts) => {
    if (!isBenefitYear(facts.periodFrom, facts.periodTo)) return notAYear;
    if (facts.monthlyOutpatientAfterMonthlyRefund.length > 12) {
      return against('monthlyOutpatientAfterMonthlyRefund', 'too-many-months', 'a year has twelve months');
    }
    const year = outpatientYear(facts);
    if (year === undefined)
      return against('periodFrom', 'before-the-rule', 'the yearly outpatient cap began in 2017-08');
    return answer(
      {
        capYen: year.capYen,
        refundYen: year.refundYen,
        totalYen: year.totalYen,
        ...plannedBeside({ ...facts, month: facts.periodFrom, rows: [['70over', facts.categoryOn31July]] }, (opts) =>
          yearFields(outpatientYear(facts, opts)),
        ),
      },
      step('外来年間の自己負担', '一般・低所得の月の外来の合計、月ごとの支給後', '健保令41条の2', year.totalYen),
      year.capYen === null
        ? step('外来年間合算', `基準日7月31日の区分${facts.categoryOn31July}に年間上限がない`, '健保令41条の2', 0)
        : step(
            '外来年間合算',
            `年間上限 ${yenText(year.capYen)}（基準日7月31日の区分${facts.categoryOn31July}）を${year.refundYen > 0 ? '超えた分を支給' : '超えないため支給なし'}`,
            '健保令41条の2',
            year.refundYen,
          ),
    );
  },
);

export const kogakuAnnualCap = rule(
  {
    ...yearPeriod,
    category: oneOf([...CATEGORIES_UNDER70, ...CATEGORIES_70]),
    burdenAfterMonthlyRefund: listOf(yen, 1000),
    ...pay,
    lowerIncomeShown: optional(flag),
  },
  (facts) => {
    if (!isBenefitYear(facts.periodFrom, facts.periodTo)) return notAYear;
    if (facts.burdenAfterMonthlyRefund.length > 12) {
      return against('burdenAfterMonthlyRefund', 'too-many-months', 'a year has twelve months');
    }
    const own = facts.standardMonthlyRemuneration;
    const isLower = facts.lowerIncomeShown === true || (own !== undefined && own <= LOWER_CAP_REMUNERATION_YEN);
    const year = annualCap({ ...facts, lowerIncomeShown: isLower });
    if (year === undefined) return against('periodFrom', 'before-the-rule', 'the yearly cap begins in 2026-08');
    const source = '厚生労働省 001726232.pdf 年間上限';
    const cap = `年間上限 ${yenText(year.capYen ?? 0)}（区分${facts.category}${isLower ? '、標準報酬月額15万円以下または年収約200万円以下の申出' : ''}）`;
    return answer(
      {
        capYen: year.capYen,
        refundYen: year.refundYen,
        totalYen: year.totalYen,
        certainty: 'likely',
        ...plannedBeside(
          {
            ...facts,
            month: facts.periodFrom,
            rows: [[isCategoryUnder70(facts.category) ? 'under70' : '70over', facts.category]],
          },
          (opts) => yearFields(annualCap({ ...facts, lowerIncomeShown: isLower }, opts)),
        ),
      },
      step(
        '年間の自己負担',
        `${isCategoryUnder70(facts.category) ? '70歳未満' : '70歳以上'}、月ごとの支給後`,
        source,
        year.totalYen,
      ),
      step(
        '年間上限',
        `${cap}を${year.refundYen > 0 ? '超えた分を申請により支給' : '超えないため支給なし'}`,
        source,
        year.refundYen,
      ),
    );
  },
);

export const mealCopay = rule({ date: day, class: oneOf(MEAL_CLASSES), meals: integer(0, 1000) }, (facts) => {
  if (facts.meals > MEALS_A_DAY) return against('meals', 'too-many-meals', 'at most 3 meals a day are charged');
  const found = mealChargeOn(facts.date, facts.class);
  if (found === undefined) return against('date', 'before-first-table', 'meal charges are kept from 2016-04-01');
  const { charge, source, effectiveFrom } = found;
  if (charge.yen === null) {
    return answer(
      { perMealYen: null, totalYen: null, perMealYenBetween: charge.span, effectiveFrom, certainty: charge.certainty },
      step(
        '食事療養標準負担額',
        charge.span === null
          ? '金額が公表資料で確認できない'
          : `金額が公表資料で確認できない、1食 ${yenText(charge.span[0])}から${yenText(charge.span[1])}の見込み`,
        source,
      ),
    );
  }
  const totalYen = charge.yen * facts.meals;
  return answer(
    { perMealYen: charge.yen, totalYen, effectiveFrom, certainty: charge.certainty },
    step('食事療養標準負担額', `${dayText(effectiveFrom)}からの額、1食につき`, source, charge.yen),
    step('合計', `${yenText(charge.yen)} × ${countText(facts.meals)}食`, source, totalYen),
  );
});
