import {
  BAND_NAMES,
  bandPeriodOn,
  kokuho70Copay,
  koukiCopay,
  late20Burden,
  rateValidityPeriod,
  shahoCopay,
  windowCharge,
  type ShahoCopayInput,
} from '../copay/index.js';
import { JOINT_REVENUE_YEN, SINGLE_REVENUE_YEN, WORKING_REMUNERATION_YEN } from '../copay/thresholds.js';
import { civilDate } from '../calendar/index.js';
import { countText, manYenText, step, yenText, type Step } from '../explanation.js';
import { day, flag, integer, month, oneOf, optional, yen } from './input.js';
import { against, answer } from './result.js';
import { rule } from './rule.js';

const KOUKI_BEGAN = civilDate('2008-04-01');

/** The Japanese name of the test that decided, by its code. */
const TEST_NAMES: Readonly<Record<string, string>> = {
  preschool: '義務教育就学前',
  'under-70': '70歳未満',
  'remuneration-below-280000': '標準報酬月額28万円未満',
  'revenue-relief-granted': '基準収入額適用',
  'current-worker-income': '現役並み所得',
  'family-insured-under-70': '被保険者が70歳未満の被扶養者',
  'family-insured-75-or-over': '被保険者が75歳以上の被扶養者',
  'taxable-income-below-1450000': '課税所得145万円未満',
  'revenue-below-3830000': '収入383万円未満（単身）',
  'revenue-below-5200000': '収入合計520万円未満（複数）',
  'revenue-with-companion-below-5200000': '同一世帯の人を含む収入520万円未満',
  'old-proviso-income-2100000-or-less': '旧ただし書所得合計210万円以下',
  'before-20-percent': '2割負担の施行（2022年10月1日）前',
  'taxable-income-below-280000': '課税所得28万円未満',
  'pension-and-income-below-line': '年金収入とその他の合計所得が基準未満',
  'certain-income-20-percent': '一定以上所得',
};

const decided = (decision: {
  readonly copayPercent: number;
  readonly reason: string;
  readonly source: string;
  readonly steps: readonly Step[];
}) =>
  answer(
    { copayPercent: decision.copayPercent, reason: decision.reason },
    ...decision.steps,
    step(TEST_NAMES[decision.reason] ?? decision.reason, `負担割合は${decision.copayPercent / 10}割`, decision.source),
  );

/** What 標準報酬月額 and 基準収入額適用 did, where they were looked at: for 本人 and 家族 of 70 to 74. */
const shahoSteps = (
  { standardMonthlyRemuneration: pay, incomeExemptionGranted: granted }: ShahoCopayInput,
  { reason, source }: { readonly reason: string; readonly source: string },
): readonly Step[] => {
  const isLooked = ['remuneration-below-280000', 'revenue-relief-granted', 'current-worker-income'].includes(reason);
  if (!isLooked || pay === undefined) return [];
  const line = manYenText(WORKING_REMUNERATION_YEN);
  const insured = `被保険者の標準報酬月額 ${yenText(pay)}が${line}`;
  if (reason === 'remuneration-below-280000') {
    return [step('現役並み所得の判定', `${insured}未満のため、現役並み所得でない`, source)];
  }
  const relief = `基準収入額適用（収入が${manYenText(SINGLE_REVENUE_YEN)}未満、70歳から74歳の被扶養者がいれば合計${manYenText(JOINT_REVENUE_YEN)}未満）`;
  return [
    step('現役並み所得の判定', `${insured}以上のため、軽減にあたらなければ3割`, source),
    granted === undefined
      ? step('判定できなかった軽減', `${relief}の認定が入力されていないため、認定がないものとした`, source)
      : step('現役並み所得の軽減', `${relief}の認定が${granted ? 'あるため、3割でなく2割' : 'ない'}`, source),
  ];
};

export const copayRateShaho = rule(
  {
    scheme: oneOf(['shaho']),
    relation: oneOf(['self', 'family']),
    birthDate: day,
    date: day,
    standardMonthlyRemuneration: optional(yen),
    incomeExemptionGranted: optional(flag),
    insuredBirthDate: optional(day),
  },
  (facts) => {
    if (facts.birthDate > facts.date) {
      return against('birthDate', 'birth-after-date', 'the birth date is after the date');
    }
    if (facts.insuredBirthDate !== undefined && facts.insuredBirthDate > facts.date) {
      return against('insuredBirthDate', 'birth-after-date', 'the birth date is after the date');
    }
    const decision = shahoCopay(facts);
    switch (decision.reason) {
      case 'belongs-to-late75':
        return against('birthDate', 'belongs-to-late75', 'from the 75th birthday the person is in 後期, not in 健保');
      case 'remuneration-needed':
        return against('standardMonthlyRemuneration', 'fact-needed', '70-74 in 健保 is decided by 標準報酬月額');
      case 'insured-birth-date-needed':
        return against('insuredBirthDate', 'fact-needed', 'the rate of 家族 of 70-74 follows the insured person’s age');
      case 'preschool':
      case 'under-70':
      case 'remuneration-below-280000':
      case 'revenue-relief-granted':
      case 'current-worker-income':
      case 'family-insured-under-70':
      case 'family-insured-75-or-over':
        return decided({ ...decision, steps: shahoSteps(facts, decision) });
    }
  },
);

const household = {
  kyuTadashigakiTotal: optional(yen),
  bornFrom19450102: optional(flag),
  childrenUnder16: optional(integer(0, 30)),
  children16To18: optional(integer(0, 30)),
} as const;

export const copayRateKokuho70 = rule(
  {
    scheme: oneOf(['kokuho']),
    band: oneOf(['preschool', 'general', 'elderly70', 'late75']),
    date: optional(day),
    maxTaxableIncome: yen,
    totalRevenue: optional(yen),
    members70to74: integer(1, 30),
    totalRevenueWithFormerKokuho: optional(yen),
    ...household,
  },
  ({ scheme: _scheme, band, date: _date, ...facts }) =>
    band === 'elderly70'
      ? decided(kokuho70Copay(facts))
      : against('band', 'band-not-for-rule', 'this rule is for 高齢受給者 of 70-74'),
);

export const copayRateKouki = rule(
  {
    scheme: oneOf(['kouki']),
    date: day,
    maxTaxableIncomeInHousehold: yen,
    pensionPlusOtherIncomeTotal: yen,
    koukiMembers: integer(1, 30),
    totalRevenue: optional(yen),
    has70to74Member: optional(flag),
    totalRevenueWith70to74: optional(yen),
    ...household,
  },
  ({ scheme: _scheme, ...facts }) =>
    facts.date < KOUKI_BEGAN
      ? against('date', 'before-the-rule', '後期 began on 2008-04-01')
      : decided(koukiCopay(facts)),
);

export const rateValidity = rule(
  {
    scheme: oneOf(['kokuho_or_kouki', 'kokuho', 'kouki']),
    birthDate: day,
    date: day,
    disabilityCertifiedFrom: optional(day),
  },
  ({ scheme: _scheme, ...facts }) => {
    if (facts.birthDate > facts.date) {
      return against('birthDate', 'birth-after-date', 'the birth date is after the date');
    }
    const validity = rateValidityPeriod(facts);
    const { band } = bandPeriodOn(facts.birthDate, facts.date, facts);
    return answer(
      { ...validity },
      step(
        '負担割合の判定',
        `毎年8月1日に、前年（この期間は${validity.incomeYear}年）の所得で判定する`,
        '高確令7条, 国保令27条の2',
      ),
      step('年齢区分による区切り', BAND_NAMES[band], '健保法74条, 高確法50条'),
    );
  },
);

export const kouki2wariTransition = rule(
  { treatmentMonth: month, outpatientCostYen: yen, turns75Month: optional(flag) },
  (facts) => {
    const burden = late20Burden({ ...facts, turns75Month: facts.turns75Month ?? false });
    if (burden === undefined) return against('treatmentMonth', 'before-first-table', 'limits are kept from 2015-01');
    return answer({ copayPercent: burden.copayPercent, burdenYen: burden.burdenYen }, ...burden.steps);
  },
);

export const windowRounding = rule(
  { points: integer(0, 100_000_000), copayPercent: oneOf([10, 20, 30]), limitYen: optional(yen) },
  (facts) => {
    const charge = windowCharge(facts);
    return answer(
      { rawYen: charge.rawYen, chargedYen: charge.chargedYen, rounding: charge.rounding },
      step(
        '一部負担金',
        `${countText(facts.points)}点 × 10円 × ${facts.copayPercent / 10}割`,
        '健保法74条',
        charge.rawYen,
      ),
      charge.rounding === 'to-ten-yen'
        ? step(
            '端数処理',
            '10円未満の端数は、5円未満を切り捨て、5円以上を10円に切り上げ',
            '健保法75条',
            charge.chargedYen,
          )
        : step(
            '高額療養費の限度額',
            `残りの限度額 ${yenText(charge.chargedYen)}に達したため、1円単位で受け取る`,
            '健保令43条（独自の解釈）',
            charge.chargedYen,
          ),
    );
  },
);
