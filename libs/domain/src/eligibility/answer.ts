import type { CivilDate, YearMonth } from '../calendar/index.js';
import type { Band } from '../copay/index.js';
import type {
  Identity,
  LimitCertificate,
  CopayCertificate,
  MedicalTicket,
  QualificationFacts,
  ReasonOfLoss,
  SpecificDiseaseFacts,
} from './facts.js';

export type Verdict = 'valid' | 'invalid' | 'invalid-newer-exists' | 'not-found' | 'multiple' | 'valid-unregistered';

/** 資格有効性 (OQSCD006). */
export const QUALIFICATION_VALIDITY = {
  valid: '1',
  invalid: '2',
  'invalid-newer-exists': '3',
  'not-found': '4',
  multiple: '5',
  'valid-unregistered': '6',
} as const satisfies Record<Verdict, string>;

export type CredentialState =
  'valid' | 'grace' | 'expired' | 'revoked' | 'superseded' | 'not-registered' | 'not-applicable';

export interface Credential {
  readonly state: CredentialState;
  /** Whether coverage may be shown on the strength of this card. */
  readonly usable: boolean;
  /** Whether medical information may be viewed (not in grace, not without a card). */
  readonly medicalInfoUsable: boolean;
  readonly certificateExpirationDate?: CivilDate;
  readonly graceUntil?: CivilDate;
}

export interface Copay {
  /** Absent when nothing on record decides it. */
  readonly ratePercent?: 0 | 10 | 20 | 30;
  readonly band: Band;
  readonly validFrom?: CivilDate;
  readonly validTo?: CivilDate;
  readonly ruleVersion: string;
}

/** Yen. */
export interface LimitAmount {
  readonly baseYen: number;
  readonly thresholdYen?: number;
  readonly ratePercent?: number;
  readonly multipleTimesYen?: number;
}

export interface CostLimit {
  readonly classificationFlag: string;
  readonly label: string;
  readonly treatmentMonth: YearMonth;
  readonly tableEffectiveFrom: YearMonth;
  readonly household: LimitAmount;
  readonly person?: LimitAmount;
  readonly outpatientYen?: number;
  readonly outpatientAnnualYen?: number;
  readonly annualCapYen?: number;
  readonly halved?: true;
  readonly validFrom: CivilDate;
  readonly validTo?: CivilDate;
  readonly ruleVersion: string;
  /** The table used was announced for an earlier period only; a successor is planned. */
  readonly changePlanned: boolean;
  /** The table used is announced and not yet law. */
  readonly planned?: true;
}

export type Withheld = { readonly withheld: 'not-consented' };

export interface Viewing {
  readonly specificHealthCheckups: ConsentDecision;
  readonly pharmacists: ConsentDecision;
  readonly diagnosis: ConsentDecision;
  readonly operation: ConsentDecision;
}

/** OQSCD016: 0 not consented, 1 consented, 3 consented but not to be had (certificate in grace). */
export type ConsentDecision = '0' | '1' | '3';

/** What is shown of one coverage that holds on the service date. */
export interface CurrentBenefits {
  readonly copay: Copay;
  /** Absent: consented, but nothing on record decides the category. */
  readonly costLimit?: CostLimit | Withheld;
  readonly limitCertificate?: LimitCertificate;
  readonly specificDiseases: readonly SpecificDiseaseFacts[] | Withheld;
  readonly copayCertificate?: CopayCertificate;
  readonly tickets?: readonly (MedicalTicket & { readonly designatedMedicalInstitutionFlag: '0' | '1' })[];
}

/** One coverage in an answer. `benefits` is absent when it does not hold on the service date. */
export interface QualificationResult {
  readonly qualification: QualificationFacts;
  readonly identity: Identity;
  readonly lostOn?: CivilDate;
  readonly reasonOfLoss?: ReasonOfLoss;
  readonly benefits?: CurrentBenefits;
  readonly referenceNumber?: string;
}

export type NoticeCode =
  | 'certificate-expires-soon'
  | 'certificate-in-grace'
  | 'certificate-superseded'
  | 'certificate-unknown'
  | 'credential-unusable'
  | 'register-at-reader'
  | 'registration-pending'
  | 'branch-number-needed'
  | 'insurer-number-check-digit'
  | 'coverage-lost'
  | 'coverage-lost-retroactively'
  | 'newer-coverage-exists'
  | 'late-elderly-from-75'
  | 'several-coverages'
  | 'medical-aid-not-registered-here'
  | 'copay-rate-undetermined'
  | 'cost-limit-undetermined'
  | 'cost-limit-change-planned'
  | 'cost-limit-by-planned-table';

export interface EligibilityAnswer {
  readonly verdict: Verdict;
  readonly credential: Credential;
  /** Absent when nothing was found or nothing may be shown. */
  readonly results?: readonly QualificationResult[];
  readonly limitApplicationCertificateConsented: boolean;
  readonly specificDiseasesConsented: boolean;
  readonly viewing: Viewing;
  readonly notices: readonly NoticeCode[];
}

/** What the patient agreed to; the body of this request decides, an absent field is not consented. */
export interface Consent {
  readonly limitApplicationCertificate: boolean;
  readonly specificDiseases: boolean;
  readonly pharmacists: boolean;
  readonly specificHealthCheckups: boolean;
  readonly diagnosis: boolean;
  readonly operation: boolean;
}

/** Coverage, copay and limits follow `serviceDate`; credential and availability follow `askedOn`; what was known follows `knownAt`. */
export interface Question {
  readonly serviceDate: CivilDate;
  /** Tokyo day of asking. */
  readonly askedOn: CivilDate;
  /** Epoch milliseconds. */
  readonly knownAt: number;
  /** 10-digit code of the institution that asks, where it is one. */
  readonly institutionCode?: string;
  /** Answer from limit tables that are announced and not yet law. Off: months beyond stay on the table in force. */
  readonly plannedTables?: boolean;
}
