import {
  decideCategoryOver70,
  decideCategoryUnder70,
  isLowIncomeI,
  lowIncomePensionLine,
  remunerationGradeOf,
} from '../cost-limit/index.js';
import { step } from '../explanation.js';
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

const categorised = (decision: {
  readonly category: string;
  readonly reason: string;
  readonly source: string;
}): Outcome =>
  answer(
    { category: decision.category, reason: decision.reason },
    step('所得区分', `${decision.category} (${decision.reason})`, decision.source),
  );

export const kogakuCategory = byScheme({
  shaho: rule({ scheme: oneOf(['shaho']), standardMonthlyRemuneration: yen, insuredNonTaxable: flag }, (facts) =>
    categorised(decideCategoryUnder70(facts)),
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
      categorised(
        decideCategoryUnder70({
          ...facts,
          kyuTadashigakiIncome: incomeDeclared === false ? null : facts.kyuTadashigakiIncome,
        }),
      ),
  ),
});

const over70 = { copayPercent: oneOf([10, 20, 30]), nonTaxableClass: nullable(oneOf(['I', 'II'])) } as const;

export const kogakuCategoryOver70 = byScheme({
  shaho: rule({ scheme: oneOf(['shaho']), standardMonthlyRemuneration: yen, ...over70 }, (facts) =>
    facts.copayPercent === 10
      ? against('copayPercent', 'category-not-for-age', '10 % exists in 後期 only')
      : categorised(decideCategoryOver70(facts)),
  ),
  kokuho: rule({ scheme: oneOf(['kokuho']), maxTaxableIncome: yen, ...over70 }, (facts) =>
    facts.copayPercent === 10
      ? against('copayPercent', 'category-not-for-age', '10 % exists in 後期 only')
      : categorised(decideCategoryOver70(facts)),
  ),
  kouki: rule({ scheme: oneOf(['kouki']), maxTaxableIncome: yen, ...over70 }, (facts) =>
    categorised(decideCategoryOver70(facts)),
  ),
});

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
      step('低所得Iの年金収入の基準', `${line.effectiveFrom} から`, line.source, line.yen),
    );
  },
);

export const standardRemuneration = rule({ monthlyPayYen: yen }, ({ monthlyPayYen }) => {
  const grade = remunerationGradeOf(monthlyPayYen);
  return answer(
    { standardMonthlyRemuneration: grade.standardYen, grade: grade.grade },
    step('標準報酬月額', `第${grade.grade}級, 報酬月額 ${grade.payFromYen} 円から`, '健保法40条1項', grade.standardYen),
  );
});
