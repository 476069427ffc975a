import { civilDate } from '../calendar/index.js';
import { kokuho70Copay, koukiCopay, rateValidityPeriod, shahoCopay, shahoRevenueRelief } from './index.js';

const date = civilDate('2026-11-22');

describe('健保', () => {
  const elder = { birthDate: civilDate('1954-06-06'), date } as const;

  it.each([
    ['260,000', 260_000, false, 20],
    ['279,999 (no such grade, still below)', 279_999, false, 20],
    ['280,000', 280_000, false, 30],
    ['280,000 with the relief granted', 280_000, true, 20],
  ])('insured person of 72 at %s', (_at, standardMonthlyRemuneration, incomeExemptionGranted, percent) => {
    const answer = shahoCopay({ ...elder, relation: 'self', standardMonthlyRemuneration, incomeExemptionGranted });
    expect(answer.copayPercent).toBe(percent);
  });

  it.each([
    ['under 70', '1965-01-01', 500_000, 20],
    ['in the month of the 70th birthday', '1956-11-10', 500_000, 20],
    ['70 since this month', '1956-10-10', 500_000, 30],
    ['70 to 74 below the line', '1955-01-01', 260_000, 20],
    ['75 already', '1951-11-22', 500_000, 20],
  ])('family member of 72 whose insured person is %s', (_who, insured, standardMonthlyRemuneration, percent) => {
    const answer = shahoCopay({
      ...elder,
      relation: 'family',
      standardMonthlyRemuneration,
      insuredBirthDate: civilDate(insured),
    });
    expect(answer.copayPercent).toBe(percent);
  });

  it('gives no rate where a fact is missing or the person is 75', () => {
    expect(shahoCopay({ ...elder, relation: 'self' })).toMatchObject({
      copayPercent: undefined,
      reason: 'remuneration-needed',
    });
    expect(shahoCopay({ ...elder, relation: 'family' })).toMatchObject({
      copayPercent: undefined,
      reason: 'insured-birth-date-needed',
    });
    expect(shahoCopay({ relation: 'self', birthDate: civilDate('1951-11-22'), date })).toMatchObject({
      copayPercent: undefined,
      reason: 'belongs-to-late75',
    });
  });

  it.each([
    ['alone, a yen below', 3_829_999, 'none', true],
    ['alone, at the line', 3_830_000, 'none', false],
    ['with a dependent of 70-74, a yen below', 5_199_999, 'dependent-70-74', true],
    ['with a dependent of 70-74, at the line', 5_200_000, 'dependent-70-74', false],
    ['with a former dependent now in 後期', 4_000_000, 'former-dependent-in-late75', true],
  ] as const)('grants the relief: %s', (_when, revenueYen, companions, granted) => {
    expect(shahoRevenueRelief({ revenueYen, companions })).toBe(granted);
  });
});

describe('国保 70-74', () => {
  const base = { maxTaxableIncome: 1_450_000, kyuTadashigakiTotal: 3_000_000, members70to74: 1 } as const;

  it.each([
    ['a yen below 1,450,000', { maxTaxableIncome: 1_449_999, totalRevenue: 9_000_000 }, 20],
    ['one member, a yen below 3,830,000', { totalRevenue: 3_829_999 }, 20],
    ['one member at 3,830,000', { totalRevenue: 3_830_000 }, 30],
    ['two members, a yen below 5,200,000', { totalRevenue: 5_199_999, members70to74: 2 }, 20],
    ['two members at 5,200,000', { totalRevenue: 5_200_000, members70to74: 2 }, 30],
    ['旧ただし書所得 of 2,100,000', { totalRevenue: 9_000_000, kyuTadashigakiTotal: 2_100_000 }, 20],
    ['旧ただし書所得 of 2,100,001', { totalRevenue: 9_000_000, kyuTadashigakiTotal: 2_100_001 }, 30],
    [
      '旧ただし書所得 of a household born earlier',
      { totalRevenue: 9_000_000, kyuTadashigakiTotal: 0, bornFrom19450102: false },
      30,
    ],
    ['with a former member below 5,200,000', { totalRevenue: 4_000_000, totalRevenueWithFormerKokuho: 5_199_999 }, 20],
    ['with a former member at 5,200,000', { totalRevenue: 4_000_000, totalRevenueWithFormerKokuho: 5_200_000 }, 30],
    ['one child under 16 taken off', { maxTaxableIncome: 1_779_999, totalRevenue: 9_000_000, childrenUnder16: 1 }, 20],
    [
      'one child of 16 to 18 taken off',
      { maxTaxableIncome: 1_570_000, totalRevenue: 9_000_000, children16To18: 1 },
      30,
    ],
    ['revenue never declared', {}, 30],
  ])('%s', (_when, facts, percent) => {
    expect(kokuho70Copay({ ...base, ...facts }).copayPercent).toBe(percent);
  });
});

describe('後期', () => {
  const base = {
    date,
    maxTaxableIncomeInHousehold: 280_000,
    pensionPlusOtherIncomeTotal: 2_000_000,
    koukiMembers: 1,
    totalRevenue: 2_500_000,
  } as const;

  it.each([
    ['both lines reached', {}, 20],
    ['taxable income a yen below', { maxTaxableIncomeInHousehold: 279_999 }, 10],
    ['pension and income a yen below', { pensionPlusOtherIncomeTotal: 1_999_999 }, 10],
    ['two members at 3,199,999', { koukiMembers: 2, pensionPlusOtherIncomeTotal: 3_199_999 }, 10],
    ['two members at 3,200,000', { koukiMembers: 2, pensionPlusOtherIncomeTotal: 3_200_000 }, 20],
    ['the day before the 20 % began', { date: civilDate('2022-09-30') }, 10],
    ['the day the 20 % began', { date: civilDate('2022-10-01') }, 20],
    ['現役並み', { maxTaxableIncomeInHousehold: 1_450_000, totalRevenue: 3_830_000 }, 30],
    [
      '現役並み before the 20 % began',
      { date: civilDate('2021-01-01'), maxTaxableIncomeInHousehold: 1_450_000, totalRevenue: 3_830_000 },
      30,
    ],
    ['relieved by revenue, so 20', { maxTaxableIncomeInHousehold: 1_450_000, totalRevenue: 3_829_999 }, 20],
    [
      'relieved with a member of 70-74',
      {
        maxTaxableIncomeInHousehold: 1_450_000,
        totalRevenue: 4_000_000,
        has70to74Member: true,
        totalRevenueWith70to74: 5_199_999,
      },
      20,
    ],
    [
      'not relieved with a member of 70-74 at the line',
      {
        maxTaxableIncomeInHousehold: 1_450_000,
        totalRevenue: 4_000_000,
        has70to74Member: true,
        totalRevenueWith70to74: 5_200_000,
      },
      30,
    ],
    [
      'relieved by 旧ただし書所得',
      { maxTaxableIncomeInHousehold: 1_450_000, totalRevenue: 9_000_000, kyuTadashigakiTotal: 2_100_000 },
      20,
    ],
  ])('%s', (_when, facts, percent) => {
    expect(koukiCopay({ ...base, ...facts }).copayPercent).toBe(percent);
  });
});

describe('what the steps of a rate say', () => {
  const elder = {
    date,
    maxTaxableIncomeInHousehold: 1_450_000,
    pensionPlusOtherIncomeTotal: 4_000_000,
    koukiMembers: 1,
  } as const;
  const told = (facts: Partial<Parameters<typeof koukiCopay>[0]>) =>
    koukiCopay({ ...elder, ...facts }).steps.map(({ rule, detail }) => `${rule}: ${detail}`);
  const WORKING = '現役並み所得の判定: 課税所得 1,450,000円が145万円以上のため、軽減にあたらなければ3割';
  const NOT_GIVEN = '判定できなかった軽減: 次が入力されていないため判定していない。あてはまれば3割でなくなる: ';

  it('後期: relieved of 3割 by 収入, and then judged for 2割', () => {
    expect(told({ totalRevenue: 3_829_999 })).toEqual([
      WORKING,
      '現役並み所得の軽減: 収入 3,829,999円が383万円（1人）未満のため、3割でなく、2割か1割かを判定する',
      '2割の判定: 課税所得 1,450,000円が28万円以上で、年金収入とその他の合計所得 4,000,000円が200万円（1人）以上のため、2割',
    ]);
  });

  it.each([
    [
      '1人',
      { koukiMembers: 1 },
      '収入（1人で383万円未満）、旧ただし書所得の合計（1945年1月2日以後に生まれた人がいる世帯で210万円以下）',
    ],
    [
      '2人',
      { koukiMembers: 2 },
      '収入（2人以上の合計で520万円未満）、旧ただし書所得の合計（1945年1月2日以後に生まれた人がいる世帯で210万円以下）',
    ],
    ['旧ただし書所得 given', { kyuTadashigakiTotal: 3_000_000 }, '収入（1人で383万円未満）'],
    ['born before', { bornFrom19450102: false }, '収入（1人で383万円未満）'],
    [
      'somebody of 70 to 74, the sum not given',
      { totalRevenue: 3_830_000, has70to74Member: true, kyuTadashigakiTotal: 3_000_000 },
      '70歳から74歳の世帯員を含む収入（合計で520万円未満）',
    ],
  ])('後期: 3割 names what was not given and would have decided: %s', (_who, facts, missing) => {
    expect(koukiCopay({ ...elder, ...facts }).copayPercent).toBe(30);
    expect(told(facts).at(-1)).toBe(`${NOT_GIVEN}${missing}`);
  });

  it('後期: 3割 with everything given leaves nothing open', () => {
    const lines = told({ totalRevenue: 3_830_000, kyuTadashigakiTotal: 2_100_001, has70to74Member: false });
    expect(lines).toEqual([
      WORKING,
      '現役並み所得の軽減: 旧ただし書所得の合計 2,100,001円が210万円を超えるため、この軽減にあたらない',
      '現役並み所得の軽減: 収入 3,830,000円が383万円（1人）以上のため、この軽減にあたらない',
    ]);
  });

  it('後期: the deduction for children is a step with its amount, and the income of the 2割 test is without it', () => {
    const { steps } = koukiCopay({
      ...elder,
      maxTaxableIncomeInHousehold: 2_229_999,
      childrenUnder16: 2,
      children16To18: 1,
    });
    expect(steps[0]).toMatchObject({
      rule: '世帯主の子の控除',
      amountYen: 780_000,
      detail: '16歳未満 2人 × 330,000円、16歳から18歳 1人 × 120,000円を、判定の前に課税所得から差し引く',
    });
    expect(steps[1]?.detail).toBe(
      '課税所得 2,229,999円 − 控除 780,000円 = 1,449,999円が145万円未満のため、現役並み所得でない',
    );
    expect(steps[2]?.detail).toContain('課税所得 2,229,999円（子の控除の前の額）');
    expect(told({ maxTaxableIncomeInHousehold: 280_000 }).join('')).not.toContain('子の控除');
  });

  it('国保: relieved to 2割', () => {
    const { steps } = kokuho70Copay({ maxTaxableIncome: 1_450_000, members70to74: 2, totalRevenue: 5_199_999 });
    expect(steps.at(-1)?.detail).toBe('収入 5,199,999円が520万円（2人以上の合計）未満のため、3割でなく2割');
  });
});

describe('how long a judged rate holds', () => {
  it.each([
    ['70-74 in mid-year', '1955-03-10', '2026-11-22', '2026-08-01', '2027-07-31', 2025],
    ['on 31 July', '1955-03-10', '2026-07-31', '2025-08-01', '2026-07-31', 2024],
    ['on 1 August', '1955-03-10', '2026-08-01', '2026-08-01', '2027-07-31', 2025],
    ['70 since this month', '1956-10-10', '2026-11-22', '2026-11-01', '2027-07-31', 2025],
    ['75 inside the year: the last days at 74', '1952-03-10', '2026-11-22', '2026-08-01', '2027-03-09', 2025],
    ['75 inside the year: the first day in 後期', '1952-03-10', '2027-03-10', '2027-03-10', '2027-07-31', 2025],
  ])('%s', (_when, birthDate, on, validFrom, validTo, incomeYear) => {
    expect(rateValidityPeriod({ birthDate: civilDate(birthDate), date: civilDate(on) })).toEqual({
      validFrom,
      validTo,
      incomeYear,
    });
  });
});
