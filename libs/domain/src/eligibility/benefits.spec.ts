import { civilDate } from '../calendar/index.js';
import type { Copay, CostLimit, NoticeCode } from './answer.js';
import { benefitsOn } from './benefits.js';
import {
  asking,
  copayCertificate,
  FULL_CONSENT,
  income,
  KOKUHO,
  kokuhoIncome,
  KOUKI,
  koukiIncome,
  limitCertificate,
  MEDICAL_AID,
  NO_CONSENT,
  noonOf,
  pay,
  period,
  qualification,
  ticket,
} from './facts.fixture.js';
import type { QualificationFacts } from './facts.js';

type Changes = Parameters<typeof qualification>[1];

const decide = (
  birthdate: string,
  changes: Changes,
  serviceDate: string,
  knownOn = '2030-01-01',
): ReturnType<typeof benefitsOn> =>
  benefitsOn(
    qualification('2010-04-01', changes),
    civilDate(birthdate),
    asking(serviceDate, '2026-11-22', knownOn),
    FULL_CONSENT,
  );

const copayOf = (...args: Parameters<typeof decide>): Omit<Copay, 'ruleVersion'> => {
  const { ruleVersion: _any, ...rest } = decide(...args).benefits.copay;
  return rest;
};

const limitOf = (...args: Parameters<typeof decide>): CostLimit => {
  const limit = decide(...args).benefits.costLimit;
  if (limit === undefined || 'withheld' in limit) throw new Error('no limit was decided');
  return limit;
};

const noticesOf = (...args: Parameters<typeof decide>): readonly NoticeCode[] => decide(...args).notices;

const kouki = (changes: Changes = {}): Changes => ({ insurer: KOUKI, ...changes });
const kokuho = (changes: Changes = {}): Changes => ({ insurer: KOKUHO, ...changes });

describe('the band follows the service date', () => {
  it.each([
    ['born 1 April, 31 March at six', '2020-04-01', {}, '2026-03-31', 'preschool', 20],
    ['born 1 April, the day after', '2020-04-01', {}, '2026-04-01', 'general', 30],
    ['born 2 April, a school year later', '2020-04-02', {}, '2027-03-31', 'preschool', 20],
    ['born 2 April, the day after', '2020-04-02', {}, '2027-04-01', 'general', 30],
    ['the last day of the month of the 70th birthday', '1956-11-02', {}, '2026-11-30', 'general', 30],
    ['the 1st of the next month', '1956-11-02', {}, '2026-12-01', 'elderly70', undefined],
    ['born on the 1st, the day before 70', '1956-11-01', {}, '2026-10-31', 'general', 30],
    ['born on the 1st, the 70th birthday', '1956-11-01', {}, '2026-11-01', 'elderly70', undefined],
    ['the day before 75', '1951-11-22', kouki(), '2026-11-21', 'elderly70', undefined],
    ['the 75th birthday', '1951-11-22', kouki(), '2026-11-22', 'late75', undefined],
    ['certified disabled at 66', '1960-04-01', kouki({ disabilityCertified: true }), '2026-11-22', 'late75', undefined],
  ] as const)('%s', (_when, birthdate, changes, serviceDate, band, ratePercent) => {
    const { copay } = decide(birthdate, changes, serviceDate).benefits;
    expect(copay.band).toBe(band);
    expect(copay.ratePercent).toBe(ratePercent);
  });

  it.each([
    [
      'preschool',
      '2021-06-10',
      '2026-11-22',
      { ratePercent: 20, band: 'preschool', validFrom: '2021-06-10', validTo: '2028-03-31' },
    ],
    [
      'general',
      '1980-05-05',
      '2026-11-22',
      { ratePercent: 30, band: 'general', validFrom: '1987-04-01', validTo: '2050-05-31' },
    ],
  ] as const)('a rate that age alone decides holds as long as the band: %s', (_band, birthdate, serviceDate, copay) => {
    expect(copayOf(birthdate, {}, serviceDate)).toEqual(copay);
  });
});

describe('the rate at 70 to 74', () => {
  const BORN = '1953-02-10'; // 70 from 2023-03-01, 75 on 2028-02-10
  const rate = (changes: Changes, serviceDate = '2026-11-22', birthdate = BORN): Omit<Copay, 'ruleVersion'> =>
    copayOf(birthdate, changes, serviceDate);

  it('is undetermined where nothing on record decides it, and says so', () => {
    expect(rate({})).toEqual({ band: 'elderly70' });
    expect(noticesOf(BORN, {}, '2026-11-22')).toEqual(['copay-rate-undetermined', 'cost-limit-undetermined']);
  });

  it.each([
    ['標準報酬月額 280,000', pay(280_000), '1', 30],
    ['below it', pay(279_999), '1', 20],
    ['280,000 with relief granted on application', pay(280_000, { incomeExemptionGranted: true }), '1', 20],
    ['a dependent of somebody of 70', pay(280_000, { insuredBirthDate: civilDate('1955-01-10') }), '2', 30],
    ['a dependent of somebody under 70', pay(1_000_000, { insuredBirthDate: civilDate('1970-01-10') }), '2', 20],
    ['a dependent of nobody knows whom', pay(280_000), '2', undefined],
  ] as const)('健保: %s', (_what, facts, personalFamilyClassification, ratePercent) => {
    const { ratePercent: decided } = rate({ personalFamilyClassification, income: [income(facts)] });
    expect(decided).toBe(ratePercent);
  });

  it.each([
    ['taxable 1,449,999', kokuhoIncome({ maxTaxableIncome: 1_449_999 }), 20],
    [
      'taxable 1,450,000, revenue 3,829,999',
      kokuhoIncome({ maxTaxableIncome: 1_450_000, totalRevenue: 3_829_999 }),
      20,
    ],
    [
      'taxable 1,450,000, revenue 3,830,000',
      kokuhoIncome({ maxTaxableIncome: 1_450_000, totalRevenue: 3_830_000 }),
      30,
    ],
    [
      'two members, revenue 5,199,999',
      kokuhoIncome({ maxTaxableIncome: 1_450_000, totalRevenue: 5_199_999, members70to74: 2 }),
      20,
    ],
    ['income unknown', kokuhoIncome({ maxTaxableIncome: undefined }), undefined],
  ] as const)('国保: %s', (_what, facts, ratePercent) => {
    expect(rate(kokuho({ income: [income(facts)] })).ratePercent).toBe(ratePercent);
  });

  it('the insurer’s certificate goes before a rate computed from income', () => {
    const changes = {
      income: [income(pay(1_000_000))],
      copayCertificates: [copayCertificate('elderly-recipient', 20, '2026-08-01', '2027-07-31')],
    };
    expect(rate(changes)).toEqual({
      ratePercent: 20,
      band: 'elderly70',
      validFrom: '2026-08-01',
      validTo: '2027-07-31',
    });
  });

  it.each([
    ['the day before the certificate', '2026-07-31', 30],
    ['its first day', '2026-08-01', 20],
    ['its last day', '2027-07-31', 20],
    ['the day after', '2027-08-01', 30],
  ] as const)('on %s', (_when, serviceDate, ratePercent) => {
    const changes = {
      income: [income(pay(1_000_000))],
      copayCertificates: [copayCertificate('elderly-recipient', 20, '2026-08-01', '2027-07-31')],
    };
    expect(rate(changes, serviceDate).ratePercent).toBe(ratePercent);
  });

  it('a late-elderly certificate decides nothing before 75', () => {
    expect(rate({ copayCertificates: [copayCertificate('late-elderly', 10, '2026-08-01')] })).toEqual({
      band: 'elderly70',
    });
  });

  it('a certificate known only later does not decide', () => {
    const certificate = copayCertificate('elderly-recipient', 20, '2026-08-01', undefined, noonOf('2026-11-23'));
    expect(copayOf(BORN, { copayCertificates: [certificate] }, '2026-11-22', '2026-11-22').ratePercent).toBeUndefined();
    expect(copayOf(BORN, { copayCertificates: [certificate] }, '2026-11-22', '2026-11-23').ratePercent).toBe(20);
  });

  it.each([
    ['filed first', 0],
    ['filed last', 1],
  ])('of two for the same day the one filed later is the correction, listed %s or not', (_order, at) => {
    const wrong = copayCertificate('elderly-recipient', 30, '2026-08-01', '2027-07-31', noonOf('2026-08-01'));
    const right = copayCertificate('elderly-recipient', 20, '2026-08-01', '2027-07-31', noonOf('2026-08-20'));
    expect(rate({ copayCertificates: at === 0 ? [right, wrong] : [wrong, right] }).ratePercent).toBe(20);
  });

  describe('validFrom and validTo are the days on which the rate decided is the rate', () => {
    const judged = [income(pay(1_000_000), '2023-01-01')];

    it.each([
      [
        'a certificate is cut at the start of the band',
        { copayCertificates: [copayCertificate('elderly-recipient', 20, '2022-08-01', '2023-07-31')] },
        '2023-04-01',
        '2023-03-01',
        '2023-07-31',
      ],
      [
        'a certificate is cut the day before 75',
        { copayCertificates: [copayCertificate('elderly-recipient', 20, '2027-08-01', '2028-07-31')] },
        '2027-11-22',
        '2027-08-01',
        '2028-02-09',
      ],
      [
        'a certificate ends the day before the one that replaces it',
        {
          copayCertificates: [
            copayCertificate('elderly-recipient', 20, '2025-08-01'),
            copayCertificate('elderly-recipient', 30, '2026-08-01'),
          ],
        },
        '2026-07-31',
        '2025-08-01',
        '2026-07-31',
      ],
      [
        'a certificate comes back the day after the one that replaced it for a while',
        {
          copayCertificates: [
            copayCertificate('elderly-recipient', 20, '2025-08-01', '2027-07-31'),
            copayCertificate('elderly-recipient', 30, '2026-08-01', '2026-10-31'),
          ],
        },
        '2026-11-22',
        '2026-11-01',
        '2027-07-31',
      ],
      [
        'a computed rate ends the day before a certificate begins',
        { income: judged, copayCertificates: [copayCertificate('elderly-recipient', 20, '2026-12-01')] },
        '2026-11-22',
        '2023-03-01',
        '2026-11-30',
      ],
      [
        'a computed rate begins the day after a certificate ends',
        { income: judged, copayCertificates: [copayCertificate('elderly-recipient', 20, '2025-08-01', '2026-07-31')] },
        '2026-11-22',
        '2026-08-01',
        '2028-02-09',
      ],
      [
        'a computed rate ends the day before a change of pay',
        { income: [income(pay(1_000_000), '2026-01-01'), income(pay(260_000), '2026-12-01')] },
        '2026-11-22',
        '2026-01-01',
        '2026-11-30',
      ],
      [
        'a dependent’s rate ends the day before the insured person is 70',
        {
          personalFamilyClassification: '2',
          income: [income(pay(1_000_000, { insuredBirthDate: civilDate('1957-01-10') }), '2026-01-01')],
        },
        '2026-11-22',
        '2026-01-01',
        '2027-01-31',
      ],
      [
        '国保 is judged anew every 1 August',
        kokuho({ income: [income(kokuhoIncome(), '2025-01-01')] }),
        '2026-07-31',
        '2025-08-01',
        '2026-07-31',
      ],
      [
        '国保, from the 1 August itself',
        kokuho({ income: [income(kokuhoIncome(), '2025-01-01')] }),
        '2026-08-01',
        '2026-08-01',
        '2027-07-31',
      ],
    ] as const)('%s', (_what, changes, serviceDate, validFrom, validTo) => {
      expect(rate(changes, serviceDate)).toMatchObject({ validFrom, validTo });
    });
  });
});

describe('the rate in 後期', () => {
  const BORN = '1948-03-15';
  const rate = (facts: Parameters<typeof koukiIncome>[0], serviceDate = '2026-11-22'): Omit<Copay, 'ruleVersion'> =>
    copayOf(BORN, kouki({ income: [income(koukiIncome(facts), '2015-08-01')] }), serviceDate);

  it.each([
    ['taxable 279,999', { maxTaxableIncomeInHousehold: 279_999, pensionPlusOtherIncomeTotal: 2_000_000 }, 10],
    [
      'taxable 280,000 and 1,999,999 in all',
      { maxTaxableIncomeInHousehold: 280_000, pensionPlusOtherIncomeTotal: 1_999_999 },
      10,
    ],
    [
      'taxable 280,000 and 2,000,000 in all',
      { maxTaxableIncomeInHousehold: 280_000, pensionPlusOtherIncomeTotal: 2_000_000 },
      20,
    ],
    ['taxable 1,450,000, revenue 3,830,000', { maxTaxableIncomeInHousehold: 1_450_000, totalRevenue: 3_830_000 }, 30],
  ] as const)('%s', (_what, facts, ratePercent) => {
    expect(rate(facts).ratePercent).toBe(ratePercent);
  });

  it('holds from 1 August to 31 July', () => {
    expect(rate({})).toMatchObject({ validFrom: '2026-08-01', validTo: '2027-07-31' });
  });

  it.each([
    ['the last day of the general 10 %', '2023-03-15', '2022-09-30', 10],
    ['the first day of the 20 %', '2023-03-15', '2022-10-01', 20],
  ] as const)('was judged anew on 2022-10-01: %s', (_when, _birthday, serviceDate, ratePercent) => {
    const copay = copayOf(
      '1940-03-15',
      kouki({
        income: [
          income(
            koukiIncome({ maxTaxableIncomeInHousehold: 280_000, pensionPlusOtherIncomeTotal: 2_000_000 }),
            '2015-08-01',
          ),
        ],
      }),
      serviceDate,
    );
    expect(copay).toMatchObject(
      ratePercent === 10
        ? { ratePercent, validFrom: '2022-08-01', validTo: '2022-09-30' }
        : { ratePercent, validFrom: '2022-10-01', validTo: '2023-07-31' },
    );
  });

  it('of somebody certified disabled is not cut at 70 or 75', () => {
    const facts = kouki({ disabilityCertified: true, income: [income(koukiIncome(), '2015-08-01')] });
    expect(copayOf('1956-11-02', facts, '2026-11-22')).toMatchObject({
      band: 'late75',
      validFrom: '2026-08-01',
      validTo: '2027-07-31',
    });
  });

  it('the rate on the certificate goes before', () => {
    const changes = kouki({
      income: [income(koukiIncome())],
      copayCertificates: [
        copayCertificate('late-elderly', 30, '2026-08-01', '2027-07-31'),
        copayCertificate('elderly-recipient', 20, '2026-09-01'),
      ],
    });
    expect(copayOf(BORN, changes, '2026-11-22')).toMatchObject({ ratePercent: 30, validTo: '2027-07-31' });
  });
});

describe('the cost limit follows the treatment month', () => {
  const BORN = '1980-05-05';
  const OLD = '1953-02-10';

  it.each([
    [
      'A01',
      'ア',
      BORN,
      '2026-07-31',
      { baseYen: 252_600, thresholdYen: 842_000, ratePercent: 1, multipleTimesYen: 140_100 },
    ],
    [
      'A01',
      'ア',
      BORN,
      '2026-08-01',
      { baseYen: 270_300, thresholdYen: 901_000, ratePercent: 1, multipleTimesYen: 140_100 },
    ],
    [
      'A02',
      'イ',
      BORN,
      '2026-07-31',
      { baseYen: 167_400, thresholdYen: 558_000, ratePercent: 1, multipleTimesYen: 93_000 },
    ],
    [
      'A02',
      'イ',
      BORN,
      '2026-08-01',
      { baseYen: 179_100, thresholdYen: 597_000, ratePercent: 1, multipleTimesYen: 93_000 },
    ],
    [
      'A03',
      'ウ',
      BORN,
      '2026-07-31',
      { baseYen: 80_100, thresholdYen: 267_000, ratePercent: 1, multipleTimesYen: 44_400 },
    ],
    [
      'A03',
      'ウ',
      BORN,
      '2026-08-01',
      { baseYen: 85_800, thresholdYen: 286_000, ratePercent: 1, multipleTimesYen: 44_400 },
    ],
    ['A04', 'エ', BORN, '2026-07-31', { baseYen: 57_600, multipleTimesYen: 44_400 }],
    ['A04', 'エ', BORN, '2026-08-01', { baseYen: 61_500, multipleTimesYen: 44_400 }],
    ['A05', 'オ', BORN, '2026-07-31', { baseYen: 35_400, multipleTimesYen: 24_600 }],
    ['A05', 'オ', BORN, '2026-08-01', { baseYen: 36_900, multipleTimesYen: 24_600 }],
    ['A06', 'オ（境）', BORN, '2026-08-01', { baseYen: 36_900, multipleTimesYen: 24_600 }],
    [
      'B01',
      '現役並みIII',
      OLD,
      '2026-07-31',
      { baseYen: 252_600, thresholdYen: 842_000, ratePercent: 1, multipleTimesYen: 140_100 },
    ],
    [
      'B01',
      '現役並みIII',
      OLD,
      '2026-08-01',
      { baseYen: 270_300, thresholdYen: 901_000, ratePercent: 1, multipleTimesYen: 140_100 },
    ],
    ['B04', '一般', OLD, '2026-07-31', { baseYen: 57_600, multipleTimesYen: 44_400 }],
    ['B04', '一般', OLD, '2026-08-01', { baseYen: 61_500, multipleTimesYen: 44_400 }],
    ['B05', '低所得II', OLD, '2026-07-31', { baseYen: 24_600 }],
    ['B05', '低所得II', OLD, '2026-08-01', { baseYen: 25_700, multipleTimesYen: 24_600 }],
    ['B06', '低所得I', OLD, '2026-07-31', { baseYen: 15_000 }],
    ['B06', '低所得I', OLD, '2026-08-01', { baseYen: 15_700 }],
  ] as const)('%s (%s), born %s, on %s', (flag, label, birthdate, serviceDate, household) => {
    const limit = limitOf(birthdate, { limitCertificates: [limitCertificate(flag, '2024-01-01')] }, serviceDate);
    expect(limit).toMatchObject({
      classificationFlag: flag,
      label,
      treatmentMonth: serviceDate.slice(0, 7),
      changePlanned: false,
    });
    expect(limit.household).toEqual(household);
  });

  it.each([
    ['B04', '2026-07-31', 18_000, 144_000, undefined],
    ['B04', '2026-08-01', 22_000, 216_000, 530_000],
    ['B05', '2026-07-31', 8_000, 144_000, undefined],
    ['B05', '2026-08-01', 11_000, 96_000, 290_000],
    ['B06', '2026-08-01', 8_000, undefined, 180_000],
    ['B03', '2026-08-01', undefined, undefined, 530_000],
  ] as const)('outpatient and yearly amounts at 70: %s on %s', (flag, serviceDate, outpatient, yearly, cap) => {
    const limit = limitOf(OLD, { limitCertificates: [limitCertificate(flag, '2024-01-01')] }, serviceDate);
    expect([limit.outpatientYen, limit.outpatientAnnualYen, limit.annualCapYen]).toEqual([outpatient, yearly, cap]);
  });

  it.each([
    ['under 70 a B flag', BORN, 'B04'],
    ['at 70 an A flag', OLD, 'A03'],
    ['a flag that is on no list', BORN, 'A99'],
  ])('%s decides nothing', (_what, birthdate, flag) => {
    const decision = decide(birthdate, { limitCertificates: [limitCertificate(flag)] }, '2026-11-22');
    expect(decision.benefits).not.toHaveProperty('costLimit');
    expect(decision.notices).toContain('cost-limit-undetermined');
  });

  it('a certificate outlived by the 70th birthday leaves the decision to income', () => {
    const changes = { limitCertificates: [limitCertificate('A03', '2022-08-01')], income: [income(pay(260_000))] };
    expect(limitOf(OLD, changes, '2026-11-22')).toMatchObject({ classificationFlag: 'B04', label: '一般' });
    expect(decide(OLD, changes, '2026-11-22').benefits).not.toHaveProperty('limitCertificate');
  });

  it('a certificate goes before income, and is shown', () => {
    const changes = { limitCertificates: [limitCertificate('A05')], income: [income(pay(1_000_000))] };
    expect(limitOf(BORN, changes, '2026-11-22').classificationFlag).toBe('A05');
    expect(decide(BORN, changes, '2026-11-22').benefits.limitCertificate?.classificationFlag).toBe('A05');
    expect(limitOf(BORN, changes, '2026-07-31').classificationFlag).toBe('A01');
  });
});

describe('the category from income', () => {
  const under70 = (facts: Parameters<typeof income>[0], changes: Changes = {}): string =>
    limitOf('1980-05-05', { ...changes, income: [income(facts)] }, '2026-11-22').label;
  const from70 = (facts: Parameters<typeof income>[0], changes: Changes = {}): string =>
    limitOf('1953-02-10', { ...changes, income: [income(facts)] }, '2026-11-22').label;

  it.each([
    ['830,000', pay(830_000), 'ア'],
    ['790,000', pay(790_000), 'イ'],
    ['530,000', pay(530_000), 'イ'],
    ['500,000', pay(500_000), 'ウ'],
    ['280,000', pay(280_000), 'ウ'],
    ['260,000', pay(260_000), 'エ'],
    ['260,000, non-taxable', pay(260_000, { insuredNonTaxable: true }), 'オ'],
    ['500,000, non-taxable', pay(500_000, { insuredNonTaxable: true }), 'オ'],
    ['530,000, non-taxable stays イ', pay(530_000, { insuredNonTaxable: true }), 'イ'],
    ['830,000, non-taxable stays ア', pay(830_000, { insuredNonTaxable: true }), 'ア'],
  ] as const)('健保 under 70: %s', (_what, facts, label) => {
    expect(under70(facts)).toBe(label);
  });

  it.each([
    ['9,010,001', { kyuTadashigakiIncome: 9_010_001 }, 'ア'],
    ['9,010,000', { kyuTadashigakiIncome: 9_010_000 }, 'イ'],
    ['6,000,001, non-taxable stays イ', { kyuTadashigakiIncome: 6_000_001, householdNonTaxable: true }, 'イ'],
    ['6,000,000', { kyuTadashigakiIncome: 6_000_000 }, 'ウ'],
    ['2,100,001', { kyuTadashigakiIncome: 2_100_001 }, 'ウ'],
    ['2,100,000', { kyuTadashigakiIncome: 2_100_000 }, 'エ'],
    ['0, non-taxable', { kyuTadashigakiIncome: 0, householdNonTaxable: true }, 'オ'],
  ] as const)('国保 under 70: %s', (_what, facts, label) => {
    expect(under70(kokuhoIncome(facts), kokuho())).toBe(label);
  });

  it.each([
    ['30 % at 830,000', pay(830_000), '現役並みIII'],
    ['30 % at 530,000', pay(530_000), '現役並みII'],
    ['30 % at 280,000', pay(280_000), '現役並みI'],
    ['30 % goes before non-taxable', pay(280_000, { nonTaxableClass: 'I' }), '現役並みI'],
    ['20 %', pay(260_000), '一般'],
    ['non-taxable, class I', pay(98_000, { insuredNonTaxable: true, nonTaxableClass: 'I' }), '低所得I'],
    ['non-taxable, class II', pay(98_000, { insuredNonTaxable: true, nonTaxableClass: 'II' }), '低所得II'],
    ['non-taxable and nothing said of a class: II', pay(98_000, { insuredNonTaxable: true }), '低所得II'],
  ] as const)('健保 at 70: %s', (_what, facts, label) => {
    expect(from70(facts)).toBe(label);
  });

  it.each([
    ['6,900,000', kokuhoIncome({ maxTaxableIncome: 6_900_000, totalRevenue: 9_000_000 }), '現役並みIII'],
    ['3,800,000', kokuhoIncome({ maxTaxableIncome: 3_800_000, totalRevenue: 9_000_000 }), '現役並みII'],
    ['1,450,000', kokuhoIncome({ maxTaxableIncome: 1_450_000, totalRevenue: 9_000_000 }), '現役並みI'],
    ['a non-taxable household', kokuhoIncome({ maxTaxableIncome: 0, householdNonTaxable: true }), '低所得II'],
  ] as const)('国保 at 70: %s', (_what, facts, label) => {
    expect(from70(facts, kokuho())).toBe(label);
  });

  it.each([
    [
      '20 %',
      koukiIncome({ maxTaxableIncomeInHousehold: 280_000, pensionPlusOtherIncomeTotal: 2_000_000 }),
      'B09',
      '一般II',
    ],
    ['10 %', koukiIncome(), 'B10', '一般I'],
    ['non-taxable II', koukiIncome({ nonTaxableClass: 'II' }), 'B05', '低所得II'],
    [
      '30 % at 3,800,000',
      koukiIncome({ maxTaxableIncomeInHousehold: 3_800_000, totalRevenue: 9_000_000 }),
      'B02',
      '現役並みII',
    ],
  ] as const)('後期: %s', (_what, facts, classificationFlag, label) => {
    const limit = limitOf('1948-03-15', kouki({ income: [income(facts)] }), '2026-11-22');
    expect(limit).toMatchObject({ classificationFlag, label });
  });

  it('the tier of a 30 % on a certificate is not guessed where no income says it', () => {
    const changes = kokuho({
      income: [income(kokuhoIncome({ maxTaxableIncome: undefined }))],
      copayCertificates: [copayCertificate('elderly-recipient', 30, '2026-08-01')],
    });
    expect(decide('1953-02-10', changes, '2026-11-22').notices).toEqual(['cost-limit-undetermined']);
  });
});

describe('the month of the 75th birthday', () => {
  const flag = [limitCertificate('B04', '2020-01-01')];
  const HALF = { baseYen: 30_750, multipleTimesYen: 22_200 };

  it.each([
    ['the month before', '1951-11-22', {}, '2026-10-31', undefined, 22_000],
    ['the first of the month, in the old scheme', '1951-11-22', {}, '2026-11-01', HALF, 11_000],
    ['the day before the birthday', '1951-11-22', {}, '2026-11-21', HALF, 11_000],
    ['the birthday, in 後期', '1951-11-22', kouki(), '2026-11-22', HALF, 11_000],
    ['the last of the month', '1951-11-22', kouki(), '2026-11-30', HALF, 11_000],
    ['the month after', '1951-11-22', kouki(), '2026-12-01', undefined, 22_000],
    ['born on the 1st', '1951-11-01', kouki(), '2026-11-15', undefined, 22_000],
    ['born on the 2nd', '1951-11-02', kouki(), '2026-11-15', HALF, 11_000],
    ['certified disabled', '1951-11-22', kouki({ disabilityCertified: true }), '2026-11-25', undefined, 22_000],
  ] as const)('%s', (_when, birthdate, changes, serviceDate, person, outpatientYen) => {
    const limit = limitOf(birthdate, { ...changes, limitCertificates: flag }, serviceDate);
    expect(limit.person).toEqual(person);
    expect(limit.halved).toBe(person === undefined ? undefined : true);
    expect(limit.outpatientYen).toBe(outpatientYen);
    expect(limit.household).toEqual({ baseYen: 61_500, multipleTimesYen: 44_400 });
  });
});

describe('validFrom and validTo of the limit are the days on which it is the limit', () => {
  const A = [limitCertificate('A03', '2020-01-01')];
  const B = [limitCertificate('B04', '2020-01-01')];

  it.each([
    [
      'the table of before ends 2026-07-31',
      '1980-05-05',
      { limitCertificates: A },
      '2026-07-31',
      '2020-01-01',
      '2026-07-31',
    ],
    [
      'the table of 2026-08 ends where a change is planned',
      '1980-05-05',
      { limitCertificates: A },
      '2026-08-01',
      '2026-08-01',
      '2027-07-31',
    ],
    [
      'a certificate ends before it',
      '1980-05-05',
      { limitCertificates: [limitCertificate('A03', '2026-09-10', '2026-12-24')] },
      '2026-11-22',
      '2026-09-10',
      '2026-12-24',
    ],
    [
      'a certificate ends the day before the next',
      '1980-05-05',
      { limitCertificates: [limitCertificate('A03', '2026-09-01'), limitCertificate('A04', '2027-01-01')] },
      '2026-11-22',
      '2026-09-01',
      '2026-12-31',
    ],
    [
      'an income decides until a certificate begins',
      '1980-05-05',
      { limitCertificates: [limitCertificate('A05', '2026-12-01')], income: [income(pay(300_000), '2026-10-01')] },
      '2026-11-22',
      '2026-10-01',
      '2026-11-30',
    ],
    [
      'an A flag ends with the month of 70',
      '1956-11-22',
      { limitCertificates: A },
      '2026-11-22',
      '2026-08-01',
      '2026-11-30',
    ],
    [
      'a B flag begins with the month after 70',
      '1956-11-22',
      { limitCertificates: B },
      '2026-12-01',
      '2026-12-01',
      '2027-07-31',
    ],
    [
      '70 to 74 ends before the month of 75',
      '1951-11-22',
      { limitCertificates: B },
      '2026-10-31',
      '2026-08-01',
      '2026-10-31',
    ],
    [
      'the halved month to the day before the birthday',
      '1951-11-22',
      { limitCertificates: B },
      '2026-11-03',
      '2026-11-01',
      '2026-11-21',
    ],
    [
      'the halved month from the birthday',
      '1951-11-22',
      kouki({ limitCertificates: B }),
      '2026-11-23',
      '2026-11-22',
      '2026-11-30',
    ],
    [
      '後期 in full from the month after',
      '1951-11-22',
      kouki({ limitCertificates: B }),
      '2026-12-01',
      '2026-12-01',
      '2027-07-31',
    ],
    [
      '後期 in full from a birthday on the 1st',
      '1951-11-01',
      kouki({ limitCertificates: B }),
      '2026-12-01',
      '2026-11-01',
      '2027-07-31',
    ],
    [
      'at 70 a computed category ends with the rate',
      '1953-02-10',
      kokuho({ income: [income(kokuhoIncome(), '2026-10-01')] }),
      '2026-11-22',
      '2026-10-01',
      '2027-07-31',
    ],
    [
      'beyond what was announced, month by month',
      '1980-05-05',
      { limitCertificates: A },
      '2027-10-15',
      '2027-10-01',
      '2027-10-31',
    ],
  ] as const)('%s', (_what, birthdate, changes, serviceDate, validFrom, validTo) => {
    expect(limitOf(birthdate, changes, serviceDate)).toMatchObject({ validFrom, validTo });
  });

  it.each([
    ['2027-07-31', false, []],
    ['2027-08-01', true, ['cost-limit-change-planned']],
  ] as const)(
    'a month for which a change is planned keeps the table and says so: %s',
    (serviceDate, planned, notices) => {
      const changes = { limitCertificates: A };
      const limit = limitOf('1980-05-05', changes, serviceDate);
      expect(limit).toMatchObject({
        changePlanned: planned,
        tableEffectiveFrom: '2026-08',
        household: { baseYen: 85_800 },
      });
      expect(noticesOf('1980-05-05', changes, serviceDate)).toEqual(notices);
    },
  );
});

describe('consent decides field by field', () => {
  const facts: QualificationFacts = qualification('2024-04-01', {
    limitCertificates: [limitCertificate('A03')],
    specificDiseases: [{ category: '1', selfPayYen: 10_000, ...period('2025-01-01', '2026-11-22'), recordedAt: 0 }],
  });
  const shown = (consent: Partial<typeof NO_CONSENT>): ReturnType<typeof benefitsOn> =>
    benefitsOn(facts, civilDate('1980-05-05'), asking(), { ...NO_CONSENT, ...consent });

  it('nothing consented: both are withheld, the rate is not', () => {
    const { benefits, notices } = shown({});
    expect(benefits.costLimit).toEqual({ withheld: 'not-consented' });
    expect(benefits.specificDiseases).toEqual({ withheld: 'not-consented' });
    expect(benefits).not.toHaveProperty('limitCertificate');
    expect(benefits.copay.ratePercent).toBe(30);
    expect(notices).toEqual([]);
  });

  it('the limit alone', () => {
    const { benefits } = shown({ limitApplicationCertificate: true });
    expect(benefits.costLimit).toMatchObject({ classificationFlag: 'A03' });
    expect(benefits.limitCertificate).toMatchObject({ classificationFlag: 'A03' });
    expect(benefits.specificDiseases).toEqual({ withheld: 'not-consented' });
  });

  it('the diseases alone', () => {
    const { benefits } = shown({ specificDiseases: true });
    expect(benefits.costLimit).toEqual({ withheld: 'not-consented' });
    expect(benefits.specificDiseases).toEqual(facts.specificDiseases);
  });

  it('a withheld limit that is undetermined says nothing of it', () => {
    const { notices } = benefitsOn(qualification(), civilDate('1980-05-05'), asking(), NO_CONSENT);
    expect(notices).toEqual([]);
  });

  it.each([
    ['the day before', '2024-12-31', 0],
    ['the first day', '2025-01-01', 1],
    ['the last day', '2026-11-22', 1],
    ['the day after', '2026-11-23', 0],
  ])('a disease certificate is shown in force only: %s', (_when, serviceDate, count) => {
    const { benefits } = benefitsOn(facts, civilDate('1980-05-05'), asking(serviceDate, '2026-11-23'), FULL_CONSENT);
    expect(benefits.specificDiseases).toHaveLength(count);
  });
});

describe('medical aid', () => {
  const tickets = [
    ticket('2026-10'),
    ticket('2026-11'),
    ticket('2026-11', { institution: '1310000027' }),
    ticket('2026-11', { recordedAt: noonOf('2026-11-23') }),
  ];
  const aid = (birthdate: string): ReturnType<typeof benefitsOn> =>
    benefitsOn(
      qualification('2024-04-01', { insurer: MEDICAL_AID, income: [income(pay(260_000))], tickets }),
      civilDate(birthdate),
      asking('2026-11-22'),
      FULL_CONSENT,
    );

  it.each([
    ['a child', '2022-05-05', 'preschool'],
    ['an adult', '1980-05-05', 'general'],
    ['at 72', '1954-05-05', 'elderly70'],
    ['at 80', '1946-05-05', 'late75'],
  ])('pays nothing and has no limit: %s', (_who, birthdate, band) => {
    const { benefits, notices } = aid(birthdate);
    expect(benefits.copay).toMatchObject({ ratePercent: 0, band });
    expect(benefits).not.toHaveProperty('costLimit');
    expect(notices).toEqual([]);
  });

  it('shows the known tickets of the month, flagged 0 for the institution that asks and 1 for another', () => {
    const shown = aid('1980-05-05').benefits.tickets;
    expect(shown?.map((one) => [one.treatmentMonth, one.designatedMedicalInstitutionFlag])).toEqual([
      ['2026-11', '0'],
      ['2026-11', '1'],
    ]);
  });

  it('an insurance has no tickets to show', () => {
    expect(decide('1980-05-05', { tickets }, '2026-11-22').benefits).not.toHaveProperty('tickets');
  });
});
