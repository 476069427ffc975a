import type { Consent, EligibilityAnswer } from '@app/contracts';

import { institutions, insurers } from './numbers.js';

type Deep<T> = T extends readonly (infer E)[] ? Deep<E>[] : T extends object ? { [K in keyof T]?: Deep<T[K]> } : T;
type Notices = { code: string }[];

/** One question worth asking of a scenario person, and the part of the answer that it is about. */
export interface Story {
  readonly id: string;
  readonly story: string;
  /** Scenario person whose card is used; whose current certificate, or the oldest one. */
  readonly card?: { readonly person: string; readonly certificate?: 'oldest' } | { readonly serial: string };
  readonly insured?: {
    readonly insurerNumber: string;
    readonly insuredCardSymbol?: string;
    readonly insuredIdentificationNumber: string;
    readonly insuredBranchNumber?: string;
    readonly birthdate: string;
  };
  readonly serviceDate?: string;
  readonly consent?: Consent;
  readonly expected: Deep<Omit<EligibilityAnswer, 'notices'>> & { notices?: Notices };
}

/** A serial that the registry never issued. */
const UNKNOWN_SERIAL = 'FFFFFFFF00000000';
const DAY = '2026-11-02';
const ALL: Consent = { limitApplicationCertificate: true, specificDiseases: true };

const society = (insuredIdentificationNumber: string, birthdate: string, insuredBranchNumber?: string) => ({
  insurerNumber: insurers.society.insurerNumber,
  insuredCardSymbol: '1001',
  insuredIdentificationNumber,
  ...(insuredBranchNumber === undefined ? {} : { insuredBranchNumber }),
  birthdate,
});

const u = { baseYen: 85_800, thresholdYen: 286_000, ratePercent: 1, multipleTimesYen: 44_400 };

export const stories: readonly Story[] = [
  {
    id: 'employee-30-u',
    story: '会社員、3割・区分ウ / an employee: 30 %, category ウ',
    card: { person: 'employee' },
    insured: society('1000001', '1980-05-05', '01'),
    serviceDate: DAY,
    consent: ALL,
    expected: {
      verdict: 'valid',
      qualificationValidity: '1',
      results: [
        {
          insurerNumber: insurers.society.insurerNumber,
          copay: { ratePercent: 30, band: 'general' },
          costLimit: {
            classificationFlag: 'A03',
            label: 'ウ',
            treatmentMonth: '2026-11',
            tableEffectiveFrom: '2026-08',
            household: u,
            annualCapYen: 530_000,
          },
        },
      ],
    },
  },
  {
    id: 'employee-before-2026-08',
    story: '同じ会社員の2026年7月診療、旧表 / the same in July 2026: the table before',
    card: { person: 'employee' },
    serviceDate: '2026-07-31',
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [
        {
          costLimit: {
            classificationFlag: 'A03',
            tableEffectiveFrom: '2015-01',
            household: { baseYen: 80_100, thresholdYen: 267_000, ratePercent: 1, multipleTimesYen: 44_400 },
          },
        },
      ],
    },
  },
  {
    id: 'dependent',
    story: '被扶養者 / a dependent of the employee',
    card: { person: 'dependent' },
    serviceDate: DAY,
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [{ personalFamilyClassification: '2', insuredName: '資格　太郎', copay: { ratePercent: 30 } }],
    },
  },
  {
    id: 'child-last-day-20',
    story: '未就学児、2割の最終日 / a child on the last day of 20 %',
    card: { person: 'child' },
    serviceDate: '2026-03-31',
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [{ preschoolClassification: '1', copay: { ratePercent: 20, band: 'preschool', validTo: '2026-03-31' } }],
    },
  },
  {
    id: 'child-first-day-30',
    story: '就学、3割の初日 / the same child the day after: 30 %',
    card: { person: 'child' },
    serviceDate: '2026-04-01',
    consent: ALL,
    expected: { verdict: 'valid', results: [{ copay: { ratePercent: 30, band: 'general', validFrom: '2026-04-01' } }] },
  },
  {
    id: 'elderly-20',
    story: '70～74歳、2割・一般 / 70 to 74: 20 %',
    card: { person: 'elderly-20' },
    serviceDate: DAY,
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [
        {
          copay: { ratePercent: 20, band: 'elderly70', validFrom: '2026-08-01', validTo: '2027-07-31' },
          elderlyRecipientCertificateInfo: { elderlyRecipientContributionRatio: '020' },
          costLimit: {
            classificationFlag: 'B04',
            label: '一般',
            outpatientYen: 22_000,
            outpatientAnnualYen: 216_000,
            household: { baseYen: 61_500, multipleTimesYen: 44_400 },
          },
        },
      ],
    },
  },
  {
    id: 'elderly-30',
    story: '70～74歳、現役並み3割 / 70 to 74 with working income: 30 %',
    card: { person: 'elderly-30' },
    serviceDate: DAY,
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [
        { copay: { ratePercent: 30, band: 'elderly70' }, costLimit: { classificationFlag: 'B03', household: u } },
      ],
    },
  },
  {
    id: 'low-income-ii',
    story: '70～74歳、低所得II / 70 to 74, exempt from resident tax',
    card: { person: 'low-income' },
    serviceDate: DAY,
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [
        {
          copay: { ratePercent: 20 },
          costLimit: {
            classificationFlag: 'B05',
            outpatientYen: 11_000,
            household: { baseYen: 25_700, multipleTimesYen: 24_600 },
          },
        },
      ],
    },
  },
  {
    id: 'late-10',
    story: '後期高齢者1割 / 75 and over: 10 %',
    card: { person: 'late-10' },
    serviceDate: DAY,
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [
        {
          copay: { ratePercent: 10, band: 'late75' },
          insuredPartialContributionRatio: '010',
          costLimit: { classificationFlag: 'B10' },
        },
      ],
    },
  },
  {
    id: 'late-20',
    story: '後期高齢者2割 / 75 and over: 20 %',
    card: { person: 'late-20' },
    serviceDate: DAY,
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [{ copay: { ratePercent: 20, band: 'late75' }, costLimit: { classificationFlag: 'B09' } }],
    },
  },
  {
    id: 'late-30',
    story: '後期高齢者3割 / 75 and over with working income: 30 %',
    card: { person: 'late-30' },
    serviceDate: DAY,
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [{ copay: { ratePercent: 30, band: 'late75' }, costLimit: { classificationFlag: 'B03' } }],
    },
  },
  {
    id: 'day-before-75',
    story: '75歳の誕生日の前日、限度額は半額 / the day before the 75th birthday: limits halved that month',
    card: { person: 'turns-75' },
    serviceDate: '2026-11-21',
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [
        {
          insurerNumber: insurers.society.insurerNumber,
          copay: { band: 'elderly70', validTo: '2026-11-21' },
          costLimit: { halved: true, outpatientYen: 11_000 },
        },
      ],
    },
  },
  {
    id: 'day-of-75',
    story: '75歳の誕生日、後期へ / the 75th birthday: the late-elderly scheme',
    card: { person: 'turns-75' },
    serviceDate: '2026-11-22',
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [
        {
          insurerNumber: insurers.lateElderly.insurerNumber,
          copay: { ratePercent: 10, band: 'late75', validFrom: '2026-11-22' },
          costLimit: {
            classificationFlag: 'B10',
            halved: true,
            person: { baseYen: 30_750 },
            household: { baseYen: 61_500 },
            outpatientYen: 11_000,
          },
        },
      ],
    },
  },
  {
    id: 'certificate-grace',
    story: '証明書の猶予期間中 / certificate expired, in its three months of grace',
    card: { person: 'certificate-grace' },
    expected: { verdict: 'valid', credential: { state: 'grace' }, notices: [{ code: 'certificate-in-grace' }] },
  },
  {
    id: 'certificate-expired',
    story: '証明書の猶予も終了 / certificate expired and past its grace',
    card: { person: 'certificate-expired' },
    expected: {
      verdict: 'valid',
      credential: { state: 'expired', certificateExpirationDate: '2025-03-03', graceUntil: '2025-06-30' },
      notices: [{ code: 'credential-unusable' }],
    },
  },
  {
    id: 'certificate-revoked',
    story: '証明書の失効 / certificate revoked',
    card: { person: 'certificate-revoked' },
    expected: { verdict: 'valid', credential: { state: 'revoked' }, notices: [{ code: 'credential-unusable' }] },
  },
  {
    id: 'certificate-renewed',
    story: '更新前の証明書 / the serial of a certificate renewed since',
    card: { person: 'certificate-renewed', certificate: 'oldest' },
    expected: { verdict: 'valid', credential: { state: 'superseded' }, notices: [{ code: 'certificate-superseded' }] },
  },
  {
    id: 'certificate-expires-soon',
    story: '証明書の期限が間近 / certificate about to expire',
    card: { person: 'certificate-expires-soon' },
    expected: { verdict: 'valid', credential: { state: 'valid' }, notices: [{ code: 'certificate-expires-soon' }] },
  },
  {
    id: 'coverage-last-day',
    story: '喪失日の前日 / the last day of coverage',
    card: { person: 'coverage-lost' },
    serviceDate: '2026-09-30',
    expected: { verdict: 'valid', qualificationValidity: '1' },
  },
  {
    id: 'coverage-lost',
    story: '昨日まで有効だった資格 / coverage that ended yesterday',
    card: { person: 'coverage-lost' },
    serviceDate: '2026-10-01',
    expected: {
      verdict: 'invalid',
      qualificationValidity: '2',
      results: [{ disqualificationDate: '2026-10-01', reasonOfLoss: '99' }],
      notices: [{ code: 'coverage-lost' }],
    },
  },
  {
    id: 'job-changed',
    story: '転職後、カードで / after a change of job, by card: the new insurer',
    card: { person: 'job-changed' },
    serviceDate: '2026-10-01',
    expected: { verdict: 'valid', results: [{ insurerNumber: insurers.otherSociety.insurerNumber }] },
  },
  {
    id: 'job-changed-old-number',
    story: '転職後、旧保険の番号で / the same by the old number: a newer coverage exists',
    insured: society('1000010', '1987-06-30'),
    serviceDate: '2026-10-01',
    expected: {
      verdict: 'invalid-newer-exists',
      qualificationValidity: '3',
      credential: { state: 'not-applicable' },
      results: [{ insurerNumber: insurers.society.insurerNumber, disqualificationDate: '2026-10-01' }],
    },
  },
  {
    id: 'two-coverages',
    story: '二重加入 / two coverages at once',
    card: { person: 'two-coverages' },
    serviceDate: DAY,
    expected: {
      verdict: 'multiple',
      qualificationValidity: '5',
      results: [
        { insurerNumber: insurers.association.insurerNumber },
        { insurerNumber: insurers.society.insurerNumber },
      ],
    },
  },
  {
    id: 'retroactive-loss',
    story: 'さかのぼった喪失 / a loss filed a month later',
    card: { person: 'retroactive-loss' },
    serviceDate: '2026-09-20',
    expected: {
      verdict: 'invalid',
      results: [{ disqualificationDate: '2026-09-16' }],
      notices: [{ code: 'coverage-lost-retroactively' }],
    },
  },
  {
    id: 'dialysis',
    story: '特定疾病（人工透析） / dialysis',
    card: { person: 'dialysis' },
    serviceDate: DAY,
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [
        {
          specificDiseases: {
            certificates: [{ specificDiseasesDiseaseCategory: '1', specificDiseasesSelfPay: 10_000 }],
          },
        },
      ],
    },
  },
  {
    id: 'non-taxable-i',
    story: '非課税でも標報53万円以上は区分イ / exempt from tax, but 標準報酬月額 530,000: イ, not オ',
    card: { person: 'non-taxable' },
    serviceDate: DAY,
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [{ costLimit: { classificationFlag: 'A02', label: 'イ', household: { baseYen: 179_100 } } }],
    },
  },
  {
    id: 'no-consent',
    story: '同意なし / no consent to limits and diseases',
    card: { person: 'no-consent' },
    serviceDate: DAY,
    consent: {},
    expected: {
      verdict: 'valid',
      results: [
        {
          copay: { ratePercent: 30 },
          costLimit: { withheld: 'not-consented' },
          specificDiseases: { withheld: 'not-consented' },
          limitApplicationCertificateRelatedConsFlg: '0',
        },
      ],
    },
  },
  {
    id: 'medical-aid',
    story: '医療扶助、医療券あり / medical aid with a ticket for demo-clinic',
    card: { person: 'medical-aid' },
    serviceDate: DAY,
    expected: {
      verdict: 'valid',
      results: [
        {
          insuredCardClassification: 'A1',
          copay: { ratePercent: 0 },
          publicExpense: [{ ticketType: '01', designatedMedicalInstitutionCode: institutions.clinic }],
        },
      ],
    },
  },
  {
    id: 'medical-aid-unregistered',
    story: '医療扶助、医療券なし / medical aid, no ticket this month',
    card: { person: 'medical-aid-no-ticket' },
    serviceDate: DAY,
    expected: {
      verdict: 'valid-unregistered',
      qualificationValidity: '6',
      notices: [{ code: 'medical-aid-not-registered-here' }],
    },
  },
  {
    id: 'not-registered',
    story: '保険証利用登録がまだのカード / a good card not yet registered for insurance',
    card: { person: 'not-registered' },
    expected: {
      verdict: 'not-found',
      qualificationValidity: '4',
      credential: { state: 'not-registered' },
      notices: [{ code: 'register-at-reader' }],
    },
  },
  {
    id: 'unknown-card',
    story: '登録機関が知らないカード / a serial the registry does not know',
    card: { serial: UNKNOWN_SERIAL },
    expected: {
      verdict: 'not-found',
      qualificationValidity: '4',
      credential: { state: 'not-registered' },
      notices: [{ code: 'certificate-unknown' }],
    },
  },
  {
    id: 'twins-without-branch',
    story: '双子、枝番なし / twins asked without a branch number',
    insured: society('1000016', '2015-02-14'),
    serviceDate: DAY,
    expected: { verdict: 'multiple', qualificationValidity: '5', notices: [{ code: 'branch-number-needed' }] },
  },
  {
    id: 'twins-with-branch',
    story: '双子、枝番04 / one of the twins by branch number',
    insured: society('1000016', '2015-02-14', '04'),
    serviceDate: DAY,
    expected: { verdict: 'valid', results: [{ insuredBranchNumber: '04' }] },
  },
  {
    id: 'client-search',
    story: '実在クライアントと同じ尋ね方 / asked in the way an existing client asks',
    insured: {
      insurerNumber: insurers.society.insurerNumber,
      insuredCardSymbol: '1234',
      insuredIdentificationNumber: '1987654',
      birthdate: '2000-01-02',
    },
    serviceDate: '2023-03-04',
    consent: { limitApplicationCertificate: true },
    expected: {
      verdict: 'valid',
      qualificationValidity: '1',
      credential: { state: 'not-applicable' },
      results: [
        {
          name: '診療　太郎',
          insuredBranchNumber: '01',
          costLimit: { classificationFlag: 'A03', tableEffectiveFrom: '2015-01' },
          limitApplicationCertificateRelatedInfo: {
            limitApplicationCertificateClassification: '01',
            limitApplicationCertificateClassificationFlag: 'A03',
            limitApplicationCertificateDate: '2022-09-01',
            limitApplicationCertificateValidStartDate: '2022-09-01',
          },
        },
      ],
    },
  },
  {
    id: 'reference-number',
    story: '照会番号あり（demo-clinicの設定） / a reference number set by demo-clinic',
    card: { person: 'reference-number' },
    expected: { verdict: 'valid', results: [{ referenceNumber: 'K-000123' }] },
  },
  {
    id: 'before-enrolment',
    story: '資格取得日の前日 / the day before coverage begins',
    card: { person: 'newly-enrolled' },
    serviceDate: '2026-10-31',
    expected: { verdict: 'not-found', qualificationValidity: '4' },
  },
  {
    id: 'first-day',
    story: '資格取得日 / the first day of coverage',
    card: { person: 'newly-enrolled' },
    serviceDate: '2026-11-01',
    consent: ALL,
    expected: {
      verdict: 'valid',
      results: [{ qualificationDate: '2026-11-01', costLimit: { classificationFlag: 'A04' } }],
    },
  },
  {
    id: 'wrong-check-digit',
    story: '保険者番号の検証番号の誤り / an insurer number with a wrong check digit',
    insured: { insurerNumber: '06130487', insuredIdentificationNumber: '1000001', birthdate: '1980-05-05' },
    serviceDate: DAY,
    expected: { verdict: 'not-found', notices: [{ code: 'insurer-number-check-digit' }] },
  },
];
