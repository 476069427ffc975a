import {
  addDays,
  civilDate,
  dayNumber,
  firstDayOf,
  fromDayNumber,
  monthOf,
  type CivilDate,
  type IncomeFacts,
  type Insurer,
  type MedicalTicket,
  type PersonFacts,
  type QualificationFacts,
} from '@app/domain';

import type { CardRecord, CertificateRecord } from '../replica/facts-reader.js';

/** mulberry32: the same numbers for the same seed. */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const INSURERS: readonly Insurer[] = [
  { insurerNumber: '06130488', insurerName: '見本健康保険組合', scheme: 'shaho' },
  { insurerNumber: '01130012', insurerName: '"全国"協会\\東京', scheme: 'shaho' },
  { insurerNumber: '138057', insurerName: '見本区', scheme: 'kokuho' },
  { insurerNumber: '39131156', insurerName: '見本広域連合', scheme: 'kouki' },
];
const MEDICAL_AID: Insurer = { insurerNumber: '12131017', insurerName: '見本福祉事務所', scheme: 'medical-aid' };

/** Institutions, of which the first two set reference numbers now and then. */
export const INSTITUTIONS = ['1310000019', '2710000027', '0110000035'] as const;

/** What JSON escapes, and what it does not. */
const NAMES = ['資格　太郎', '𠮷野　﨑子', 'O"Neil \\ 山', 'tab\there', 'ﾊﾝｶｸ ｶﾅ', '\u0001制御', 'emoji 👪'];

const noonOf = (day: CivilDate): number => dayNumber(day) * 86_400_000 + 3 * 3_600_000;

/** Random people with cards, around a day: every scheme, age and kind of fact, some of them nonsense that was filed all the same. */
export class RandomCards {
  constructor(
    private readonly random: () => number,
    private readonly around: CivilDate,
  ) {}

  upTo(n: number): number {
    return Math.floor(this.random() * n);
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.upTo(list.length)] as T;
  }

  /** Within so many days before or after. */
  near(days: number): CivilDate {
    return addDays(this.around, this.upTo(2 * days + 1) - days);
  }

  card(): CardRecord {
    const certificate = this.certificate();
    return {
      certificate,
      ...(certificate.status === 'superseded' && this.chance(0.8)
        ? { successor: this.certificate(['good', 'good', 'revoked']) }
        : {}),
      person: this.person(),
    };
  }

  private certificate(statuses: readonly CertificateRecord['status'][] = STATUSES): CertificateRecord {
    return {
      serial: this.upTo(2 ** 52)
        .toString(16)
        .toUpperCase()
        .padStart(8 + 2 * this.upTo(17), '0'),
      status: this.pick(statuses),
      ...(this.chance(0.95) ? { notAfter: this.near(this.chance(0.3) ? 120 : 1_500) } : {}),
      verifiedAt: noonOf(this.around) - this.upTo(40 * 86_400_000),
    };
  }

  private person(): PersonFacts {
    const birthdate = this.chance(0.5)
      ? fromDayNumber(dayNumber(civilDate('1930-01-01')) + this.upTo(35_000))
      : addDays(this.around, -Math.round(this.pick([6, 70, 75, 65]) * 365.25) + this.upTo(400) - 200);
    return {
      personId: String(this.upTo(2 ** 31)),
      identity: {
        name: this.pick(NAMES),
        nameKana: 'ｼｶｸ ﾀﾛｳ',
        ...(this.chance(0.2) ? { nameOfOther: this.pick(NAMES), sex2: '2' as const } : {}),
        sex1: this.pick(['1', '2', '3'] as const),
        birthdate,
        ...(this.chance(0.7) ? { address: '東京都千代田区霞が関１丁目２番３号', postNumber: '100-0013' } : {}),
      },
      qualifications: Array.from({ length: this.pick([0, 1, 1, 1, 1, 2, 3]) }, (_, i) => this.qualification(i)),
      referenceNumbers: INSTITUTIONS.slice(0, 2)
        .filter(() => this.chance(0.15))
        .map((institutionCode) => ({ institutionCode, referenceNumber: this.pick(['A-1', '予約"7"', 'ref;=2']) })),
    };
  }

  private qualification(index: number): QualificationFacts {
    const acquiredOn = this.near(this.chance(0.5) ? 40 : 2_000);
    const insurer = this.chance(0.1) ? MEDICAL_AID : this.pick(INSURERS);
    const period = (): { from: CivilDate; to?: CivilDate } => {
      const from = this.near(500);
      return this.chance(0.5) ? { from } : { from, to: addDays(from, this.upTo(500)) };
    };
    const some = <T>(most: number, make: () => T): T[] => Array.from({ length: this.upTo(most + 1) }, make);
    const lostOn = addDays(acquiredOn, this.upTo(900));
    // Filings are mostly of the past, also those about the future.
    const known = (day: CivilDate): number =>
      this.chance(0.97) ? Math.min(noonOf(day), noonOf(addDays(this.around, -1))) : noonOf(day);
    return {
      qualificationId: `q${index}`,
      insurer,
      insuredCardClassification: '01',
      ...(this.chance(0.8) ? { insuredCardSymbol: this.pick(['1234', '記号・甲', '']) } : {}),
      insuredIdentificationNumber: String(this.upTo(10_000_000)),
      ...(this.chance(0.8) ? { insuredBranchNumber: '01' } : {}),
      personalFamilyClassification: this.pick(['1', '2'] as const),
      ...(this.chance(0.3) ? { insuredName: this.pick(NAMES) } : {}),
      acquiredOn,
      disabilityCertified: insurer.scheme === 'kouki' && this.chance(0.2),
      ...(this.chance(0.3)
        ? {
            loss: {
              lostOn,
              ...(this.chance(0.7) ? { reasonOfLoss: this.pick(['01', '02', '03', '99'] as const) } : {}),
              recordedAt: known(addDays(lostOn, this.upTo(30))),
            },
          }
        : {}),
      availableFrom: addDays(acquiredOn, this.upTo(5)),
      recordedAt: known(acquiredOn),
      ...(this.chance(0.5) ? { insuredCertificateIssuanceDate: acquiredOn, insuredCardValidDate: acquiredOn } : {}),
      income: some(2, () => ({ ...period(), facts: this.income(), recordedAt: known(acquiredOn) })),
      copayCertificates: some(1, () => ({
        ...period(),
        kind: this.pick(['elderly-recipient', 'late-elderly'] as const),
        ratePercent: this.pick([10, 20, 30] as const),
        ...(this.chance(0.5) ? { issuedOn: acquiredOn } : {}),
        recordedAt: known(acquiredOn),
      })),
      limitCertificates: some(1, () => ({
        ...period(),
        classification: this.pick(['01', '02', '03'] as const),
        classificationFlag: this.pick(['A01', 'A02', 'A03', 'A04', 'A05', 'A06', 'B01', 'B04', 'B06', 'B09', 'B10']),
        ...(this.chance(0.5) ? { longTermOn: acquiredOn } : {}),
        recordedAt: known(acquiredOn),
      })),
      specificDiseases: some(1, () => ({
        ...period(),
        category: this.pick(['1', '2', '3'] as const),
        selfPayYen: this.pick([10_000, 20_000]),
        recordedAt: known(acquiredOn),
      })),
      tickets: insurer.scheme === 'medical-aid' ? some(3, () => this.ticket(known(acquiredOn))) : [],
    };
  }

  private ticket(recordedAt: number): MedicalTicket {
    const day = this.near(60);
    const first = firstDayOf(monthOf(day));
    // Nearly always of one month, from its first day to its last.
    const from = this.chance(0.7) ? first : addDays(first, this.upTo(60) - 30);
    return {
      ticketType: this.pick(['01', '02'] as const),
      treatmentMonth: monthOf(day),
      from,
      ...(this.chance(0.7) ? { to: addDays(from, this.upTo(45)) } : {}),
      ...(this.chance(0.5) ? { issueNumber: '0012345' } : {}),
      designatedMedicalInstitutionCode: this.pick(INSTITUTIONS),
      ...(this.chance(0.5) ? { designatedMedicalInstitutionName: '見本"診療所' } : {}),
      recordedAt,
    };
  }

  private income(): IncomeFacts {
    const nonTaxableClass = this.chance(0.2) ? { nonTaxableClass: this.pick(['I', 'II'] as const) } : {};
    const yen = (max: number): number => this.upTo(max / 10_000) * 10_000;
    switch (this.upTo(3)) {
      case 0:
        return {
          scheme: 'shaho',
          standardMonthlyRemuneration: 58_000 + yen(1_330_000),
          insuredNonTaxable: this.chance(0.2),
          incomeExemptionGranted: this.chance(0.2),
          ...(this.chance(0.3)
            ? { insuredBirthDate: addDays(this.around, -Math.round(70 * 365.25) + this.upTo(600) - 300) }
            : {}),
          ...nonTaxableClass,
        };
      case 1:
        return {
          scheme: 'kokuho',
          kyuTadashigakiIncome: yen(10_000_000),
          householdNonTaxable: this.chance(0.2),
          ...(this.chance(0.7)
            ? { maxTaxableIncome: yen(9_000_000), totalRevenue: yen(9_000_000), members70to74: 1 }
            : {}),
          ...nonTaxableClass,
        };
      default:
        return {
          scheme: 'kouki',
          maxTaxableIncomeInHousehold: yen(9_000_000),
          pensionPlusOtherIncomeTotal: yen(6_000_000),
          koukiMembers: 1 + this.upTo(2),
          totalRevenue: yen(9_000_000),
          has70to74Member: this.chance(0.2),
          ...nonTaxableClass,
        };
    }
  }
}

const STATUSES: readonly CertificateRecord['status'][] = [
  'good',
  'good',
  'good',
  'good',
  'expired',
  'revoked',
  'superseded',
];
