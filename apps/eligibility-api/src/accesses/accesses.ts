/** What the office shows of a person, each reading of which is on record. */
export type ReadingKind =
  | 'qualification-notice'
  | 'qualification-certificate'
  | 'qualification-screen'
  | 'eligibility-declaration'
  | 'qualifications'
  | 'accesses';

/** Who reads at the office. */
export interface Reader {
  readonly insurerNumber: string;
  readonly clientId: string;
  /** Opaque id of the person at the screen, where it is known. */
  readonly operator?: string;
}

export interface Reading extends Reader {
  readonly personId: string;
  readonly what: ReadingKind;
}

/** Somebody of an insurer: what their record is found by, and what tells them from their family. */
export interface Patient {
  readonly insurerNumber: string;
  readonly personId: string;
  readonly birthdate: string;
  /** Serials of every certificate that leads to them. */
  readonly serials: readonly string[];
  /** Their coverages at this insurer. */
  readonly coverages: readonly PatientCoverage[];
}

interface PatientCoverage {
  /** As numbers are compared. */
  readonly number: string;
  readonly branch: string | null;
  readonly acquiredOn: string;
  readonly lostOn: string | null;
  /** Somebody else has, or had, this number as well. */
  readonly shared: boolean;
}

/** An access as it is on record. `at` in epoch milliseconds. */
export type RecordedAccess = RecordedCheck | RecordedReading | RecordedOpening | RecordedReview;

interface OnRecord {
  readonly accessId: string;
  readonly at: number;
}

/** A check at an institution, or the same asked again by ourselves (`again`). */
export interface RecordedCheck extends OnRecord {
  readonly kind: 'check';
  readonly again: boolean;
  readonly institutionCode: string;
  readonly purpose: string;
  readonly serviceDate: string;
  readonly verdict: string;
  /** Kinds consented to. */
  readonly consented: readonly string[];
  readonly subjectHash: Buffer;
  /** The answer as it is kept; undefined where it is not there any more, and empty where it was the one before. */
  readonly text: Buffer | undefined;
}

/** A document issued, or a record read, at the office. */
interface RecordedReading extends OnRecord {
  readonly kind: 'reading';
  readonly what: ReadingKind;
  readonly operator?: string;
}

/** The individual number was opened. */
interface RecordedOpening extends OnRecord {
  readonly kind: 'opening';
  readonly purpose: string;
  readonly operator?: string;
}

/** Somebody decided about a filing. */
interface RecordedReview extends OnRecord {
  readonly kind: 'review';
  readonly decision: string;
  readonly operator: string;
}

/** Where a page begins: everything before this access, newest first. */
export interface AccessPlace {
  readonly at: number;
  readonly accessId: string;
}

export interface AccessListing {
  /** Keyed hashes that checks about them are recorded under. */
  readonly subjects: readonly Buffer[];
  /** Epoch milliseconds, inclusive. */
  readonly from: number;
  /** Epoch milliseconds, exclusive. */
  readonly until: number;
  readonly before?: AccessPlace;
  readonly limit: number;
}

/** What is on record cannot be read or added to now. */
export class AccessesUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('the record of accesses cannot be reached', options);
    this.name = 'AccessesUnavailable';
  }
}

/** Who looked at whose record. Every method rejects with `AccessesUnavailable` where PostgreSQL is away. */
export interface Accesses {
  /** Resolves once the reading is on record: nothing is shown before. `at` in epoch milliseconds. */
  note(reading: Reading, at: number): Promise<void>;
  /** Somebody who is or was insured at that insurer; anybody else is not found, whether or not they exist. */
  find(insurerNumber: string, personId: string): Promise<Patient | undefined>;
  /** Newest first. Checks of everybody who shares a number are among them. */
  list(patient: Patient, listing: AccessListing): Promise<readonly RecordedAccess[]>;
}

/** Injection token of `Accesses`. */
export const ACCESSES = Symbol('accesses');
