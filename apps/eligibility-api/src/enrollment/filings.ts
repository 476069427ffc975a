import type {
  EnrollmentFiling,
  EnrollmentReasonCode,
  EnrollmentState,
  FilingKind,
  NameDifference,
  QualificationChangeRow,
  ReviewDecision,
} from '@app/contracts';
import type { CivilDate, IncomeFacts, PersonFacts } from '@app/domain';

import type { IndividualNumber } from '../vault/individual-number.js';

/** What is stored of a state; `usable` is `registered` once its day has come. */
export type StoredState = Exclude<EnrollmentState, 'usable'>;

/** Why a filing came back or waits for people. `pointer` leads into the filing. */
export interface FiledReason {
  readonly code: EnrollmentReasonCode;
  readonly pointer?: string;
  /** Of a name. */
  readonly difference?: NameDifference;
  /** Which characters of it are registered in another shape, from 1. */
  readonly characters?: readonly number[];
}

export interface FiledStep {
  readonly state: StoredState;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly reasons?: readonly FiledReason[];
}

/** What was filed: somebody new, or another fact of somebody who is insured. Without an individual number. */
export type Filed = EnrollmentFiling | QualificationChangeRow;

export const isChange = (filed: Filed): filed is QualificationChangeRow =>
  filed.kind === 'change' || filed.kind === 'correction';

/** A filing as it came, under the number it is followed by. */
export interface NewFiling {
  readonly enrollmentId: string;
  readonly clientId: string;
  readonly insurerNumber: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Absent where no term counts. */
  readonly dueOn?: string;
  readonly late: boolean;
  readonly filed: Filed;
  /** Keyed hash of the number that was filed with it. */
  readonly numberIndex?: Buffer;
  /** Hash of client and Idempotency-Key. */
  readonly requestKey?: string;
}

/** What one of two people decided. */
export interface FiledReview {
  readonly reviewer: string;
  readonly decision: ReviewDecision;
  /** Of the person it is, to register. */
  readonly personRef?: string;
  readonly reason: string;
  readonly at: number;
}

/** Through which client. */
export interface NewReview extends FiledReview {
  readonly clientId: string;
}

/** A filing, as it stands. */
export interface Filing {
  readonly enrollmentId: string;
  readonly insurerNumber: string;
  readonly kind: FilingKind;
  readonly state: StoredState;
  readonly receivedAt: number;
  readonly qualificationDate?: string;
  /** Of a change. */
  readonly effectiveDate?: string;
  readonly dueOn?: string;
  readonly late: boolean;
  readonly usableFrom?: string;
  readonly qualificationId?: string;
  readonly personId?: string;
  readonly reasons?: readonly FiledReason[];
  readonly reviews?: readonly FiledReview[];
  readonly history: readonly FiledStep[];
}

export type Accepted =
  | { readonly kind: 'accepted' }
  /** The same request under the same key was accepted before. */
  | { readonly kind: 'repeated'; readonly filing: Filing }
  | { readonly kind: 'key-reused' };

/** The person and the coverage that a change is about. */
export interface ChangeSubject {
  /** The registry's own reference; absent where they were never looked up. */
  readonly personRef?: string;
  readonly person: PersonFacts;
}

interface ToLookUp {
  readonly enrollmentId: string;
  readonly insurerNumber: string;
}

/** Somebody who is to be looked up. */
export interface EnrollmentToLookUp extends ToLookUp {
  readonly filed: EnrollmentFiling;
}

/** A change that is to be confirmed. */
export interface ChangeToConfirm extends ToLookUp {
  readonly filed: QualificationChangeRow;
  /** Undefined where the insurer has no such coverage. */
  readonly subject: ChangeSubject | undefined;
}

/** A filing that is to be looked up. */
export type FilingToLookUp = EnrollmentToLookUp | ChangeToConfirm;

export const isToConfirm = (filing: FilingToLookUp): filing is ChangeToConfirm => isChange(filing.filed);

/** The one person whom the registry found by all five attributes. */
export interface FoundPerson {
  /** The registry's own reference. */
  readonly personRef: string;
  /** Goes to the vault and nowhere else. */
  readonly individualNumber: IndividualNumber;
}

/** What a look-up came to. */
export type LookedUp =
  | { readonly outcome: 'register'; readonly person: FoundPerson; readonly income?: IncomeFacts }
  /** A change: as the registry confirmed it of this person, or as it needs nobody to confirm it. */
  | { readonly outcome: 'record'; readonly person?: FoundPerson }
  | { readonly outcome: 'return'; readonly reasons: readonly FiledReason[] }
  | { readonly outcome: 'review'; readonly reasons: readonly FiledReason[] };

/** A coverage of the insurer's own. */
export interface OwnQualification {
  readonly qualificationId: string;
  readonly personId: string;
  readonly acquiredOn: string;
  readonly lostOn?: string;
  readonly reasonOfLoss?: string;
  readonly lossRecordedAt?: number;
}

/** A coverage with everything of it that was filed. */
export interface FiledCoverage extends OwnQualification {
  readonly insuredCardSymbol?: string;
  readonly insuredIdentificationNumber: string;
  readonly insuredBranchNumber?: string;
  readonly personalFamilyClassification: string;
  readonly usableFrom: string;
  readonly recordedAt: number;
}

/** A change or a correction that was recorded. */
export interface KnownChange {
  /** Of a coverage; absent: of the person. */
  readonly qualificationId?: string;
  readonly from?: CivilDate;
  readonly recordedAt: number;
  readonly changed: readonly string[];
  /** The filing it came from, where this insurer filed it. */
  readonly enrollmentId?: string;
}

/** What one insurer's filings say of a person, as it was known at an instant. */
export interface KnownPerson {
  readonly coverages: readonly FiledCoverage[];
  /** With their coverage at this insurer alone; everything that is known now. */
  readonly facts: PersonFacts;
  /** What was known at the instant, in the order in which it was filed. */
  readonly changes: readonly KnownChange[];
}

/** A coverage that is to be changed. */
export interface CoverageToChange {
  readonly acquiredOn: CivilDate;
  readonly lostOn?: CivilDate;
  readonly scheme: string;
}

export interface NewLoss {
  readonly lostOn: string;
  readonly reasonOfLoss: string;
  readonly clientId: string;
}

export type LossFiled =
  | { readonly kind: 'filed'; readonly qualification: OwnQualification }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'before-acquisition' }
  /** The coverage would reach into another one of this person at this insurer. */
  | { readonly kind: 'overlaps' };

/** The insurers' filings are not to be reached. */
export class FilingsUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('filings cannot be reached', options);
    this.name = 'FilingsUnavailable';
  }
}

/** Filings and what comes of them. Every method rejects with `FilingsUnavailable` where PostgreSQL is away. */
export interface Filings {
  /** Keeps a filing and queues its look-up, both or neither. */
  accept(filing: NewFiling): Promise<Accepted>;
  find(insurerNumber: string, enrollmentId: string): Promise<Filing | undefined>;
  /** A filing whose look-up begins, or goes on after a crash; undefined when it has come to its end already. */
  begin(enrollmentId: string, now: number): Promise<FilingToLookUp | undefined>;
  /** Ends the look-up, once: whoever comes second changes nothing. */
  conclude(filing: FilingToLookUp, found: LookedUp, now: number): Promise<void>;
  /** A filing that waits for people. */
  toReview(insurerNumber: string, enrollmentId: string): Promise<FilingToLookUp | undefined>;
  /**
   * Keeps a decision, and carries it out when somebody else's last one is the same: both or neither. False where the filing waits for
   * nobody any more.
   */
  review(filing: FilingToLookUp, review: NewReview, carriedOut: LookedUp): Promise<boolean>;
  /** Undefined where the insurer has no such coverage. */
  coverage(insurerNumber: string, qualificationId: string): Promise<CoverageToChange | undefined>;
  fileLoss(insurerNumber: string, qualificationId: string, loss: NewLoss, now: number): Promise<LossFiled>;
  /**
   * This insurer's coverages of a person as they were known at an instant; those that hold on a day, where one is given. Undefined where
   * the person is and was none of theirs.
   */
  history(
    insurerNumber: string,
    personId: string,
    knownAt: number,
    on: string | undefined,
  ): Promise<KnownPerson | undefined>;
}

/** Injection token of `Filings`. */
export const FILINGS = Symbol('filings');
