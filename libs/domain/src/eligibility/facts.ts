import type { CivilDate, YearMonth } from '../calendar/index.js';

/**
 * What is known about a person, as plain values. Two kinds of source with different failure modes never mix: *coverage*
 * (filed by insurers) and *credential* (the national registry's word on a certificate).
 *
 * `recordedAt` is when a fact became known here, epoch milliseconds, so that a past answer can be explained.
 */
export type Instant = number;

/** OQSCD007: 1 male, 2 female, 3 not set. */
export type Sex = '1' | '2' | '3';

export interface Identity {
  readonly name: string;
  readonly nameKana: string;
  readonly nameOfOther?: string;
  readonly nameOfOtherKana?: string;
  readonly sex1: Sex;
  readonly sex2?: Sex;
  readonly birthdate: CivilDate;
  readonly address?: string;
  readonly postNumber?: string;
}

/**
 * Something that was filed as another than before: from a day on, or, without `from`, all along, since it had been wrong from the
 * start.
 */
export interface FactChange<T> {
  readonly from?: CivilDate;
  readonly recordedAt: Instant;
  /** What became another, and nothing else. */
  readonly changed: Partial<T>;
  /** What is no longer there. */
  readonly removed?: readonly (keyof T)[];
}

/** Whose rules apply. */
export type CoverageScheme = 'shaho' | 'kokuho' | 'kouki' | 'medical-aid';

/** OQSCD008: 01 death, 02 public assistance began, 03 other insurance acquired, 99 other. */
export type ReasonOfLoss = '01' | '02' | '03' | '99';

export interface FiledLoss {
  /** First day without coverage. */
  readonly lostOn: CivilDate;
  readonly reasonOfLoss?: ReasonOfLoss;
  readonly recordedAt: Instant;
}

/** A period in which a fact holds, both ends inclusive. */
export interface Period {
  readonly from: CivilDate;
  readonly to?: CivilDate;
}

/** Facts that decide rate and category where no certificate does. The fields are those of the rules (rules.md sections 1 and 2). */
export type IncomeFacts =
  | {
      readonly scheme: 'shaho';
      readonly standardMonthlyRemuneration: number;
      readonly insuredNonTaxable: boolean;
      readonly incomeExemptionGranted: boolean;
      /** Birth date of the insured, where the person is a dependent. */
      readonly insuredBirthDate?: CivilDate;
      readonly nonTaxableClass?: 'I' | 'II';
    }
  | {
      readonly scheme: 'kokuho';
      readonly kyuTadashigakiIncome: number;
      readonly householdNonTaxable: boolean;
      readonly maxTaxableIncome?: number;
      readonly totalRevenue?: number;
      readonly members70to74?: number;
      readonly kyuTadashigakiTotal?: number;
      readonly nonTaxableClass?: 'I' | 'II';
    }
  | {
      readonly scheme: 'kouki';
      readonly maxTaxableIncomeInHousehold: number;
      readonly pensionPlusOtherIncomeTotal: number;
      readonly koukiMembers: number;
      readonly totalRevenue: number;
      readonly has70to74Member: boolean;
      readonly totalRevenueWith70to74?: number;
      readonly kyuTadashigakiTotal?: number;
      readonly nonTaxableClass?: 'I' | 'II';
    };

export interface IncomeAssessment extends Period {
  readonly facts: IncomeFacts;
  readonly recordedAt: Instant;
}

/** 高齢受給者証 (70-74) or the rate of the late-elderly certificate: the insurer's decision, which goes before a computed rate. */
export interface CopayCertificate extends Period {
  readonly kind: 'elderly-recipient' | 'late-elderly';
  readonly ratePercent: 10 | 20 | 30;
  readonly issuedOn?: CivilDate;
  readonly recordedAt: Instant;
}

/** 限度額適用認定証 and its kin. */
export interface LimitCertificate extends Period {
  /** OQSCD011. */
  readonly classification: '01' | '02' | '03';
  /** OQSCD012, such as A03. */
  readonly classificationFlag: string;
  readonly issuedOn?: CivilDate;
  readonly longTermOn?: CivilDate;
  readonly recordedAt: Instant;
}

/** 特定疾病療養受療証. */
export interface SpecificDiseaseFacts extends Period {
  /** OQSCD013: 1 dialysis, 2 haemophilia, 3 HIV. */
  readonly category: '1' | '2' | '3';
  readonly issuedOn?: CivilDate;
  readonly selfPayYen: number;
  readonly recordedAt: Instant;
}

/** 医療券・調剤券 of medical aid. */
export interface MedicalTicket extends Period {
  readonly ticketType: '01' | '02';
  readonly issueNumber?: string;
  readonly treatmentMonth: YearMonth;
  readonly designatedMedicalInstitutionCode: string;
  readonly designatedMedicalInstitutionName?: string;
  readonly medicalTreatmentType?: '01' | '02' | '03' | '04' | '05';
  readonly selfPayAmountYen?: number;
  readonly singleOrCombinedUse?: '01' | '02';
  readonly recordedAt: Instant;
}

export interface Insurer {
  /** 8 digits, or 6 for 国保; for medical aid the 公費負担者番号. */
  readonly insurerNumber: string;
  readonly insurerName: string;
  readonly scheme: CoverageScheme;
}

/** One coverage of a person at one insurer, from the day acquired to the day lost. */
export interface QualificationFacts {
  readonly qualificationId: string;
  readonly insurer: Insurer;
  /** OQSCD010. */
  readonly insuredCardClassification: string;
  readonly insuredCardSymbol?: string;
  readonly insuredIdentificationNumber: string;
  readonly insuredBranchNumber?: string;
  /** OQSCD009: 1 the insured, 2 family. */
  readonly personalFamilyClassification: '1' | '2';
  readonly insuredName?: string;
  readonly acquiredOn: CivilDate;
  /** Entered the late-elderly scheme before 75, by certified disability (障害認定). */
  readonly disabilityCertified: boolean;
  readonly loss?: FiledLoss;
  /** First Tokyo day of asking on which the registration can be used: the day after it was completed. */
  readonly availableFrom: CivilDate;
  readonly recordedAt: Instant;
  readonly insuredCertificateIssuanceDate?: CivilDate;
  readonly insuredCardValidDate?: CivilDate;
  readonly insuredCardExpirationDate?: CivilDate;
  readonly income: readonly IncomeAssessment[];
  readonly copayCertificates: readonly CopayCertificate[];
  readonly limitCertificates: readonly LimitCertificate[];
  readonly specificDiseases: readonly SpecificDiseaseFacts[];
  readonly tickets: readonly MedicalTicket[];
  /** In the order in which they were filed; what stands above is as it was first registered. */
  readonly changes?: readonly FactChange<ShownAtInsurer>[];
}

/** What stands on the insurer's documents and may become another while the coverage goes on. */
export type ShownAtInsurer = Pick<
  QualificationFacts,
  | 'insuredCardSymbol'
  | 'insuredIdentificationNumber'
  | 'insuredBranchNumber'
  | 'personalFamilyClassification'
  | 'insuredName'
>;

/** 照会番号 that an institution has set for a person; it belongs to that institution. */
export interface ReferenceNumber {
  readonly institutionCode: string;
  readonly referenceNumber: string;
}

/** Everything that coverage knows about one person. */
export interface PersonFacts {
  readonly personId: string;
  /** As first registered. */
  readonly identity: Identity;
  /** In the order in which they were filed. */
  readonly identityChanges?: readonly FactChange<Identity>[];
  readonly qualifications: readonly QualificationFacts[];
  readonly referenceNumbers: readonly ReferenceNumber[];
}

/** The registry's word on one certificate. */
export interface CertificateFacts {
  readonly status: 'good' | 'expired' | 'revoked' | 'superseded';
  /** Last day of validity. */
  readonly notAfter?: CivilDate;
}

/**
 * What a card's serial led to. `unknown`: the registry does not know the serial. `not-linked`: it does, but no insured person
 * is linked to it. `linked`: `certificate` is the one that was sent, `successor` the newest one, where it has been renewed.
 */
export type CardFacts =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-linked'; readonly certificate: CertificateFacts }
  | {
      readonly kind: 'linked';
      readonly certificate: CertificateFacts;
      readonly successor?: CertificateFacts;
      readonly person: PersonFacts;
    };

/** What stands on a 資格確認書, after normalising (identifiers/). */
export interface InsuredKey {
  readonly insurerNumber: string;
  readonly insurerNumberCheckDigitWrong: boolean;
  readonly insuredCardSymbol?: string;
  readonly insuredIdentificationNumber: string;
  readonly insuredBranchNumber?: string;
  readonly birthdate: CivilDate;
}

/** All facts that one question needs. `people` are those whose insurer number and number agree with the question. */
export type Facts =
  | { readonly by: 'card'; readonly card: CardFacts }
  | { readonly by: 'insured'; readonly asked: InsuredKey; readonly people: readonly PersonFacts[] };
