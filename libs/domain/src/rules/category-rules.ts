import {
  decideCategoryOver70,
  decideCategoryUnder70,
  isLowIncomeI,
  lowIncomePensionLine,
  remunerationGradeOf,
  type CategoryOver70Input,
  type CategoryUnder70Decision,
  type CategoryUnder70Input,
} from '../cost-limit/index.js';
import { monthText, step, yenText } from '../explanation.js';
import { flag, month, nullable, oneOf, optional, yen } from './input.js';
import { against, answer, type Outcome } from './result.js';
import { anyRuleOf, rule, type Rule } from './rule.js';

/** Chooses by `scheme`, so that each scheme's own facts are needed and no other's. */
const byScheme = (rules: Readonly<Record<string, Rule>>): Rule =>
  anyRuleOf(Object.values(rules), (input) => {
    const scheme =
      typeof input === 'object' && input !== null ? (input as Record<string, unknown>)['scheme'] : undefined;
    const own = typeof scheme === 'string' && Object.hasOwn(rules, scheme) ? rules[scheme] : undefined;
    if (own !== undefined) return own(input);
    const error = {
      pointer: '/scheme',
      code: scheme === undefined ? 'required' : 'not-in-list',
      detail: `one of ${Object.keys(rules).join(', ')}`,
      kind: 'shape',
    } as const;
    return { ok: false, errors: [error] };
  });

/** The words for a reason. */
const UNDER70_REASONS: Readonly<Record<CategoryUnder70Decision['reason'], string>> = {
  'remuneration-830000-or-more': '標準報酬月額83万円以上',
  'remuneration-530000-or-more': '標準報酬月額53万円以上79万円以下',
  'remuneration-280000-or-more': '標準報酬月額28万円以上50万円以下',
  'remuneration-260000-or-less': '標準報酬月額26万円以下',
  'income-over-9010000': '旧ただし書所得901万円超',
  'income-over-6000000': '旧ただし書所得600万円超901万円以下',
  'income-over-2100000': '旧ただし書所得210万円超600万円以下',
  'income-2100000-or-less': '旧ただし書所得210万円以下',
  'income-not-declared': '所得が未申告のため最も高い区分',
  'resident-tax-exempt': '住民税非課税',
};

const categorised = (
  decision: { readonly category: string; readonly reason: string; readonly source: string },
  why: string,
): Outcome =>
  answer(
    { category: decision.category, reason: decision.reason },
    step('所得区分', `区分${decision.category}、${why}`, decision.source),
  );

const categorisedUnder70 = (facts: CategoryUnder70Input): Outcome => {
  const decision = decideCategoryUnder70(facts);
  const isExempt = facts.scheme === 'shaho' ? facts.insuredNonTaxable : facts.householdNonTaxable;
  const why = UNDER70_REASONS[decision.reason];
  return categorised(
    decision,
    isExempt && decision.reason !== 'resident-tax-exempt' ? `${why}（住民税非課税よりも優先）` : why,
  );
};

/** 健保 by 標準報酬月額, 国保 and 後期 by 課税所得. */
const WORKING_TIERS: Readonly<Record<string, readonly [remuneration: string, taxableIncome: string]>> = {
  現役並みIII: ['標準報酬月額83万円以上', '課税所得690万円以上'],
  現役並みII: ['標準報酬月額53万円以上79万円以下', '課税所得380万円以上690万円未満'],
  現役並みI: ['標準報酬月額50万円以下', '課税所得380万円未満'],
};

const categorisedOver70 = (facts: CategoryOver70Input): Outcome => {
  const decision = decideCategoryOver70(facts);
  switch (decision.reason) {
    case 'current-worker-income': {
      const tier = WORKING_TIERS[decision.category]?.[facts.scheme === 'shaho' ? 0 : 1] ?? '';
      const why = `3割負担の現役並み所得で、${tier}`;
      return categorised(decision, facts.nonTaxableClass === null ? why : `${why}（住民税非課税よりも優先）`);
    }
    case 'resident-tax-exempt':
      return categorised(decision, '住民税非課税世帯');
    case 'neither':
      return categorised(decision, `${facts.copayPercent / 10}割負担で、現役並み所得でも住民税非課税世帯でもない`);
  }
};

export const kogakuCategory = byScheme({
  shaho: rule({ scheme: oneOf(['shaho']), standardMonthlyRemuneration: yen, insuredNonTaxable: flag }, (facts) =>
    categorisedUnder70(facts),
  ),
  kokuho: rule(
    {
      scheme: oneOf(['kokuho']),
      kyuTadashigakiIncome: nullable(yen),
      /** 未申告 when false, whatever income is given. */
      incomeDeclared: optional(flag),
      householdNonTaxable: flag,
    },
    ({ incomeDeclared, ...facts }) =>
      categorisedUnder70({
        ...facts,
        kyuTadashigakiIncome: incomeDeclared === false ? null : facts.kyuTadashigakiIncome,
      }),
  ),
});

const over70 = { copayPercent: oneOf([10, 20, 30]), nonTaxableClass: nullable(oneOf(['I', 'II'])) } as const;

export const kogakuCategoryOver70 = byScheme({
  shaho: rule({ scheme: oneOf(['shaho']), standardMonthlyRemuneration: yen, ...over70 }, (facts) =>
    facts.copayPercent === 10
      ? against('copayPercent', 'category-not-for-age', '10 % exists in 後期 only')
      : categorisedOver70(facts),
  ),
  kokuho: rule({ scheme: oneOf(['kokuho']), maxTaxableIncome: yen, ...over70 }, (facts) =>
    facts.copayPercent === 10
      ? against('copayPercent', 'category-not-for-age', '10 % exists in 後期 only')
      : categorisedOver70(facts),
  ),
  kouki: rule({ scheme: oneOf(['kouki']), maxTaxableIncome: yen, ...over70 }, (facts) => categorisedOver70(facts)),
});

/** The first test that fails, or that none does. */
const lowIncomeWhy = (
  facts: { readonly publicPensionRevenue: number; readonly otherIncome: number; readonly householdNonTaxable: boolean },
  lineYen: number,
): string => {
  if (!facts.householdNonTaxable) return '住民税非課税世帯でないため、低所得Iでない';
  if (facts.otherIncome > 0) return `年金のほかに所得 ${yenText(facts.otherIncome)}があるため、低所得Iでない`;
  const pension = `年金収入 ${yenText(facts.publicPensionRevenue)}が基準 ${yenText(lineYen)}`;
  return facts.publicPensionRevenue > lineYen
    ? `${pension}を超えるため、低所得Iでない`
    : `住民税非課税世帯で、${pension}以下、ほかに所得がないため、低所得I`;
};

export const lowIncomePension = rule(
  { treatmentMonth: month, publicPensionRevenue: yen, otherIncome: yen, householdNonTaxable: flag },
  (facts) => {
    const line = lowIncomePensionLine(facts.treatmentMonth);
    const lowIncomeI = isLowIncomeI(facts);
    if (line === undefined || lowIncomeI === undefined) {
      return against('treatmentMonth', 'before-first-table', 'limits are kept from 2015-01');
    }
    return answer(
      { lowIncomeI, lineYen: line.yen, certainty: line.certainty },
      step('低所得Iの年金収入の基準', `${monthText(line.effectiveFrom)}からの額`, line.source, line.yen),
      step('低所得Iの判定', lowIncomeWhy(facts, line.yen), line.source),
    );
  },
);

export const standardRemuneration = rule({ monthlyPayYen: yen }, ({ monthlyPayYen }) => {
  const grade = remunerationGradeOf(monthlyPayYen);
  return answer(
    { standardMonthlyRemuneration: grade.standardYen, grade: grade.grade },
    step(
      '標準報酬月額',
      `第${grade.grade}級、報酬月額 ${yenText(grade.payFromYen)}以上の等級`,
      '健保法40条1項',
      grade.standardYen,
    ),
  );
});
