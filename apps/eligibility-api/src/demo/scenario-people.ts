import type { IncomeFacts } from '@app/domain';

import type { PersonSeed } from './coverage-seed.js';
import { institutions, insurers } from './numbers.js';

const pay = (standardMonthlyRemuneration: number, nonTaxable = false): IncomeFacts => ({
  scheme: 'shaho',
  standardMonthlyRemuneration,
  insuredNonTaxable: nonTaxable,
  incomeExemptionGranted: false,
});

const ward = (income: number): IncomeFacts => ({
  scheme: 'kokuho',
  kyuTadashigakiIncome: income,
  householdNonTaxable: false,
});

const late = (
  maxTaxableIncomeInHousehold: number,
  pensionPlusOtherIncomeTotal: number,
  totalRevenue: number,
): IncomeFacts => ({
  scheme: 'kouki',
  maxTaxableIncomeInHousehold,
  pensionPlusOtherIncomeTotal,
  koukiMembers: 1,
  totalRevenue,
  has70to74Member: false,
});

const employee = (number: string, more: object = {}): PersonSeed['coverages'][number] => ({
  insurer: insurers.society,
  symbol: '1001',
  number,
  branch: '01',
  acquiredOn: '2020-04-01',
  income: pay(300_000),
  ...more,
});

/**
 * The coverage half of each scenario person; the registry half (names, births, certificates) is the mock's, by the same id.
 * All days are absolute, and stories name their service date, so that they come out alike on any day.
 */
export const scenarioPeople: Readonly<Record<string, PersonSeed>> = {
  employee: { coverages: [employee('1000001')] },
  dependent: { coverages: [employee('1000001', { branch: '02', relation: 'family', insuredName: '資格　太郎' })] },
  child: { coverages: [employee('1000001', { branch: '03', relation: 'family', insuredName: '資格　太郎' })] },
  'elderly-20': {
    coverages: [
      {
        insurer: insurers.ward,
        symbol: '13-01',
        number: '2000001',
        branch: '01',
        acquiredOn: '2015-04-01',
        income: {
          ...ward(1_200_000),
          maxTaxableIncome: 600_000,
          totalRevenue: 2_400_000,
          members70to74: 1,
        } as IncomeFacts,
        copayCertificate: { kind: 'elderly-recipient', ratePercent: 20, from: '2026-08-01', to: '2027-07-31' },
      },
    ],
  },
  'elderly-30': { coverages: [employee('1000002', { income: pay(300_000) })] },
  'low-income': {
    coverages: [
      {
        insurer: insurers.ward,
        symbol: '13-01',
        number: '2000002',
        branch: '01',
        acquiredOn: '2018-04-01',
        income: {
          scheme: 'kokuho',
          kyuTadashigakiIncome: 0,
          householdNonTaxable: true,
          maxTaxableIncome: 0,
          totalRevenue: 1_500_000,
          members70to74: 1,
          nonTaxableClass: 'II',
        },
      },
    ],
  },
  'late-10': {
    coverages: [
      {
        insurer: insurers.lateElderly,
        number: '00000018',
        acquiredOn: '2020-02-11',
        income: late(200_000, 1_500_000, 1_500_000),
      },
    ],
  },
  'late-20': {
    coverages: [
      {
        insurer: insurers.lateElderly,
        number: '00000026',
        acquiredOn: '2023-07-07',
        income: late(900_000, 2_500_000, 2_500_000),
      },
    ],
  },
  'late-30': {
    coverages: [
      {
        insurer: insurers.lateElderly,
        number: '00000034',
        acquiredOn: '2022-12-24',
        income: late(2_000_000, 4_500_000, 4_500_000),
      },
    ],
  },
  'turns-75': {
    coverages: [
      employee('1000003', { income: pay(200_000), lostOn: '2026-11-22', reasonOfLoss: '03' }),
      {
        insurer: insurers.lateElderly,
        number: '00000042',
        acquiredOn: '2026-11-22',
        income: late(200_000, 1_500_000, 1_500_000),
      },
    ],
  },
  'certificate-grace': { coverages: [employee('1000004')] },
  'certificate-expired': { coverages: [employee('1000005')] },
  'certificate-revoked': { coverages: [employee('1000006')] },
  'certificate-renewed': { coverages: [employee('1000007')] },
  'certificate-expires-soon': { coverages: [employee('1000008')] },
  'coverage-lost': { coverages: [employee('1000009', { lostOn: '2026-10-01', reasonOfLoss: '99' })] },
  'job-changed': {
    coverages: [
      employee('1000010', { lostOn: '2026-10-01', reasonOfLoss: '03' }),
      {
        insurer: insurers.otherSociety,
        symbol: '55',
        number: '3000001',
        branch: '01',
        acquiredOn: '2026-10-01',
        income: pay(340_000),
      },
    ],
  },
  'two-coverages': {
    coverages: [
      employee('1000011'),
      {
        insurer: insurers.association,
        symbol: '12345678',
        number: '77',
        branch: '01',
        acquiredOn: '2026-10-01',
        income: pay(260_000),
      },
    ],
  },
  'retroactive-loss': {
    coverages: [employee('1000012', { lostOn: '2026-09-16', reasonOfLoss: '99', lossFiledOn: '2026-10-20' })],
  },
  dialysis: {
    coverages: [employee('1000013', { disease: { category: '1', selfPayYen: 10_000, from: '2024-04-01' } })],
  },
  'non-taxable': { coverages: [employee('1000014', { income: pay(530_000, true) })] },
  'no-consent': { coverages: [employee('1000015')] },
  'medical-aid': {
    coverages: [
      {
        insurer: insurers.welfare,
        number: '1234567',
        classification: 'A1',
        acquiredOn: '2025-04-01',
        tickets: [
          {
            type: '01',
            month: '2026-11',
            from: '2026-11-01',
            to: '2026-11-30',
            institutionCode: institutions.clinic,
            institutionName: '見本クリニック',
            issueNumber: '0000123',
          },
        ],
      },
    ],
  },
  'medical-aid-no-ticket': {
    coverages: [{ insurer: insurers.welfare, number: '1234575', classification: 'A1', acquiredOn: '2025-04-01' }],
  },
  'twin-a': { coverages: [employee('1000016', { branch: '03', relation: 'family', insuredName: '双子　親' })] },
  'twin-b': { coverages: [employee('1000016', { branch: '04', relation: 'family', insuredName: '双子　親' })] },
  'client-search': {
    coverages: [
      {
        insurer: insurers.society,
        symbol: '1234',
        number: '1987654',
        branch: '01',
        acquiredOn: '2019-04-01',
        cardIssuedOn: '2019-04-01',
        income: pay(300_000),
        limitCertificate: { classification: '01', flag: 'A03', from: '2022-09-01' },
      },
    ],
  },
  'reference-number': {
    coverages: [employee('1000017')],
    referenceNumber: { institutionCode: institutions.clinic, referenceNumber: 'K-000123' },
  },
  'newly-enrolled': { coverages: [employee('1000018', { acquiredOn: '2026-11-01', income: pay(220_000) })] },
};
