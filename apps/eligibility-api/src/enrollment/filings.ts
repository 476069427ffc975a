import type {
  EnrollmentFiling,
  EnrollmentKind,
  EnrollmentReasonCode,
  EnrollmentState,
  ReviewDecision,
} from '@app/contracts';
import type { IncomeFacts } from '@app/domain';

import type { IndividualNumber } from '../vault/individual-number.js';

/** What is stored of a state; `usable` is `registered` once its day has come. */
export type StoredState = Exclude<EnrollmentState, 'usable'>;

/** Why a filing came back or waits for people. `pointer` leads into the filing. */
export interface FiledReason {
  readonly code: EnrollmentReasonCode;
  readonly pointer?: string;
}

export interface FiledStep {
  readonly state: StoredState;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly reasons?: readonly FiledReason[];
}

/** A filing as it came, under the number it is followed by. */
export interface NewFiling {
  readonly enrollmentId: string;
  readonly clientId: string;
  readonly insurerNumber: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly dueOn: string;
  readonly late: boolean;
  /** Without an individual number. */
  readonly filed: EnrollmentFiling;
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
  readonly kind: EnrollmentKind;
  readonly state: StoredState;
  readonly receivedAt: number;
  readonly qualificationDate: string;
  readonly dueOn: string;
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

/** A filing that is to be looked up. */
export interface FilingToLookUp {
  readonly enrollmentId: string;
  readonly insurerNumber: string;
  readonly filed: EnrollmentFiling;
}

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
  ): Promise<readonly FiledCoverage[] | undefined>;
}

/** Injection token of `Filings`. */
export const FILINGS = Symbol('filings');
