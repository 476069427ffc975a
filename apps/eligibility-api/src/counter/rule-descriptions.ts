import type { RULES_SERVED, CalculatorCall } from './rules-served.js';

export type ServedRule = (typeof RULES_SERVED)[CalculatorCall][number];

interface RuleDescription {
  /** What it answers, in the words of the counter and in English. */
  readonly ja: string;
  readonly en: string;
  readonly example: Readonly<Record<string, unknown>>;
}

/** For the documentation: what each rule answers, and an input of our own that it answers. */
export const RULE_DESCRIPTIONS: Readonly<Record<ServedRule, RuleDescription>> = {
  'document-decision': {
    ja: '受診時に示すものの可否',
    en: 'whether the visit is insured with what the patient holds, on what condition, and what the clerk does next',
    example: { document: 'mynacard_registered', reader: 'down', date: '2026-11-22', visit: 'first' },
  },
  'claim-fallback': {
    ja: '資格が確認できなかったレセプトの請求先',
    en: 'whom to claim from when the coverage was not found, or found afterwards',
    example: { foundAfterwards: null, scheme: 'kouki' },
  },
  'claim-special-note': {
    ja: 'レセプト特記事項',
    en: 'the code of the remark that goes with a cost-limit category',
    example: { ageGroup: '70to74', category: '一般', multipleTimes: true },
  },
  'kouki-shikakukakuninsho-2026-08': {
    ja: '後期の資格確認書の職権交付',
    en: 'whether a member of 後期 is sent a 資格確認書 without asking',
    example: { birthDate: '1940-03-15', date: '2026-11-22' },
  },
  'copay-rate-shaho': {
    ja: '被用者保険の負担割合',
    en: 'the rate in employees’ insurance',
    example: {
      scheme: 'shaho',
      relation: 'self',
      birthDate: '1955-03-10',
      date: '2026-11-22',
      standardMonthlyRemuneration: 300_000,
      incomeExemptionGranted: false,
    },
  },
  'copay-rate-kokuho70': {
    ja: '国保の70-74歳の負担割合',
    en: 'the rate of 70 to 74 in 国保',
    example: {
      scheme: 'kokuho',
      band: 'elderly70',
      maxTaxableIncome: 1_600_000,
      totalRevenue: 3_700_000,
      members70to74: 1,
    },
  },
  'copay-rate-kouki': {
    ja: '後期高齢者医療の負担割合',
    en: 'the rate in 後期',
    example: {
      scheme: 'kouki',
      date: '2026-11-22',
      maxTaxableIncomeInHousehold: 600_000,
      pensionPlusOtherIncomeTotal: 2_500_000,
      koukiMembers: 1,
    },
  },
  'age-band': {
    ja: '年齢区分',
    en: 'the age band of a day, and the days it holds for',
    example: { birthDate: '1956-12-01', date: '2026-11-22' },
  },
  'age-reached': {
    ja: '年齢到達日',
    en: 'the day a legal age is reached: the day before the birthday',
    example: { birthDate: '1956-12-01', age: 70 },
  },
  'preschool-boundary': {
    ja: '義務教育就学の境目',
    en: 'the last day of the preschool rate',
    example: { birthDate: '2021-07-20' },
  },
  'elderly-boundaries': {
    ja: '70歳・75歳の境目',
    en: 'the first day of the band of 70 to 74, and of 後期',
    example: { birthDate: '1956-12-01' },
  },
  'rate-validity-period': {
    ja: '負担割合の有効期間',
    en: 'from when to when a rate holds, and the year whose income decides it',
    example: { scheme: 'kouki', birthDate: '1948-06-02', date: '2026-11-22' },
  },
  'kouki-2wari-transition': {
    ja: '2割負担の配慮措置',
    en: 'what a member of 後期 at 20 % bore until 2025-09',
    example: { treatmentMonth: '2025-08', outpatientCostYen: 60_000 },
  },
  'kogaku-under70': {
    ja: '70歳未満の自己負担限度額',
    en: 'the monthly limit under 70',
    example: { treatmentMonth: '2026-11', category: 'ウ', totalCostYen: 1_000_000 },
  },
  'kogaku-under70-from-2027-08': {
    ja: '70歳未満の自己負担限度額（2027年8月からの予定）',
    en: 'the monthly limit under 70 by the table announced for 2027-08, which is not law yet: `status` is `planned`',
    example: { treatmentMonth: '2027-09', standardMonthlyRemuneration: 380_000, totalCostYen: 1_000_000 },
  },
  'kogaku-over70': {
    ja: '70歳以上の自己負担限度額',
    en: 'the monthly limits of 70 and over: outpatient and household',
    example: { treatmentMonth: '2026-11', category: '一般', totalCostYen: 400_000 },
  },
  'kogaku-75th-month': {
    ja: '75歳到達月の特例',
    en: 'whether the limits of a month are halved, and the halved limit (asked by birthDate, categoryTier or category70)',
    example: { birthDate: '1951-11-22', treatmentMonth: '2026-11', entry: 'turns75' },
  },
  'kogaku-household': {
    ja: '世帯合算',
    en: 'the household total of one month, step by step',
    example: {
      treatmentMonth: '2026-11',
      category: 'ウ',
      category70: '一般',
      items: [
        { age: 'u70', person: '夫', setting: 'in', cost: 800_000, percent: 30 },
        { age: 'o70', person: '母', setting: 'out', cost: 150_000, percent: 20 },
      ],
    },
  },
  'kogaku-multiple-times': {
    ja: '多数回該当',
    en: 'whether the month is the fourth or later within twelve',
    example: { treatmentMonth: '2026-11', paidMonths: ['2026-01', '2026-04', '2026-09'], sameInsurer: true },
  },
  'kogaku-outpatient-year': {
    ja: '外来年間合算',
    en: 'the yearly outpatient cap of 70 and over',
    example: {
      periodFrom: '2025-08',
      periodTo: '2026-07',
      categoryOn31July: '一般',
      monthlyOutpatientAfterMonthlyRefund: [18_000, 18_000, 18_000, 18_000, 18_000, 18_000, 18_000, 18_000, 18_000],
    },
  },
  'kogaku-annual-cap': {
    ja: '年間上限',
    en: 'the yearly cap from 2026-08, paid back on application',
    example: {
      periodFrom: '2026-08',
      periodTo: '2027-07',
      category: 'ウ',
      burdenAfterMonthlyRefund: [92_940, 92_940, 92_940, 44_400, 44_400, 44_400, 44_400, 44_400, 44_400],
    },
  },
  'kogaku-category': {
    ja: '70歳未満の所得区分',
    en: 'the cost-limit category under 70',
    example: { scheme: 'kokuho', kyuTadashigakiIncome: 3_500_000, householdNonTaxable: false },
  },
  'kogaku-category-over70': {
    ja: '70歳以上の所得区分',
    en: 'the cost-limit category of 70 and over',
    example: { scheme: 'kouki', maxTaxableIncome: 900_000, copayPercent: 20, nonTaxableClass: null },
  },
  'kogaku-table-selection': {
    ja: '診療年月による表の選択',
    en: 'which table is that of a month, and whether it is in force or planned',
    example: { treatmentMonth: '2027-08', ageGroup: 'under70' },
  },
  'specified-disease': {
    ja: '特定疾病の限度額',
    en: 'the monthly limit of a specified disease at one institution',
    example: { diseaseCode: '1', under70: true, category: 'ア' },
  },
  'low-income-1-pension': {
    ja: '低所得Iの年金収入の基準',
    en: 'whether somebody is in 低所得I',
    example: { treatmentMonth: '2026-11', publicPensionRevenue: 800_000, otherIncome: 0, householdNonTaxable: true },
  },
  'standard-remuneration-grade': {
    ja: '標準報酬月額',
    en: 'the grade of a monthly pay',
    example: { monthlyPayYen: 312_000 },
  },
  'window-rounding': {
    ja: '窓口の一部負担金',
    en: 'points and rate to yen at the window, rounded',
    example: { points: 467, copayPercent: 30 },
  },
  'meal-copay': {
    ja: '食事療養標準負担額',
    en: 'what the meals of an inpatient day cost',
    example: { date: '2026-11-22', class: '一般', meals: 3 },
  },
  'insurer-number': {
    ja: '保険者番号',
    en: 'an insurer number: its parts, check digit and near misses',
    example: { insurerNumber: '06310488' },
  },
  'medical-institution-code': {
    ja: '医療機関コード',
    en: 'a code of an institution: its parts, check digit and near misses',
    example: { code: '1312345679' },
  },
  'public-expense-number': {
    ja: '公費負担者番号・受給者番号',
    en: 'a payer number or recipient number of public expense',
    example: { payerNumber: '54136015' },
  },
  'kouki-insured-number': {
    ja: '後期の被保険者番号',
    en: 'an insured number of 後期; of a near miss it says where, never a number',
    example: { insuredNumber: '12345678' },
  },
  'symbol-number-branch': {
    ja: '記号・番号・枝番',
    en: 'symbol, number and branch number as they are compared',
    example: { scheme: 'shaho', symbol: '１２３', number: '45', branch: '1' },
  },
};
