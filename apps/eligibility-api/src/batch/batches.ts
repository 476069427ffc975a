import type { Purpose } from '../check-log/check-log.js';

/** People worked on, written and read together. */
export const PART_PEOPLE = 500;

export type BatchState = 'queued' | 'running' | 'finished' | 'cancelled' | 'failed';

/** Who submitted a batch, why, and for which day: what every check of it is asked with. */
export interface BatchHead {
  readonly batchId: string;
  readonly clientId: string;
  readonly institutionCode: string;
  readonly operator?: string;
  readonly purpose: Purpose;
  readonly serviceDate: string;
  /** Epoch milliseconds. */
  readonly submittedAt: number;
  readonly total: number;
}

/** How many lines of which kind. */
export interface Counts {
  readonly answered: number;
  readonly unavailable: number;
  readonly refused: number;
}

export interface Batch extends BatchHead {
  readonly state: BatchState;
  /** Epoch milliseconds; when it was finished, cancelled or given up. */
  readonly endedAt?: number;
  readonly counts: Counts;
}

/** Some people of a batch, sealed. */
export interface PeoplePart {
  /** Place of the first of them in the batch, from 0. */
  readonly first: number;
  readonly size: number;
  readonly people: Buffer;
}

/** What became of them: sealed lines of NDJSON. */
export interface ResultsPart {
  readonly first: number;
  readonly size: number;
  readonly results: Buffer;
}

export interface Submission extends BatchHead {
  readonly parts: readonly PeoplePart[];
  /** Keyed hashes of client and Idempotency-Key, and of what was submitted under it. */
  readonly request?: { readonly key: string; readonly hash: string };
}

export interface SubmissionLimits {
  readonly unfinishedOfClientMax: number;
  readonly unfinishedMax: number;
}

export type Submitted =
  | { readonly kind: 'accepted' }
  /** The same request under the same key was accepted before. */
  | { readonly kind: 'repeated'; readonly batch: Batch }
  | { readonly kind: 'key-reused' }
  | { readonly kind: 'too-many-of-client' }
  | { readonly kind: 'queue-full' };

/** Who works on a batch, and until when nobody else may. */
export interface Lease {
  readonly owner: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

export interface QueueFigures {
  readonly queued: number;
  readonly running: number;
  /** Epoch milliseconds; when the oldest unfinished batch was submitted. */
  readonly oldestSubmittedAt?: number;
}

/** The store of batches is away. */
export class BatchesUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('batches cannot be stored or read', options);
    this.name = 'BatchesUnavailable';
  }
}

/**
 * The queue of batches and what came of them. Instants are epoch milliseconds and come from the caller. Every call rejects
 * with `BatchesUnavailable` when the store is away, and is safe to repeat.
 */
export interface Batches {
  /** In one transaction: the batch whole, or nothing of it. */
  submit(submission: Submission, limits: SubmissionLimits): Promise<Submitted>;
  find(institutionCode: string, batchId: string): Promise<Batch | undefined>;
  /** Ends a batch that has not ended, and erases the people not yet answered. One that has ended stays as it is. */
  cancel(institutionCode: string, batchId: string, now: number): Promise<Batch | undefined>;
  /** The part that holds the line at this place; undefined when it is not there yet, or no more. */
  results(batchId: string, line: number): Promise<ResultsPart | undefined>;

  /** The oldest unfinished batch that nobody holds a lease on. */
  take(now: number, lease: Lease): Promise<(BatchHead & { readonly takes: number }) | undefined>;
  /** False when the batch is no longer this owner's: cancelled, or taken up by another. */
  renew(batchId: string, lease: Lease): Promise<boolean>;
  /** Lets another take it up at once. */
  release(batchId: string, owner: string): Promise<void>;
  /** The first part from this person on that has not been answered. */
  nextPeople(batchId: string, from: number): Promise<PeoplePart | undefined>;
  /** Puts results in the place of people. False when they were no longer there: cancelled, or answered by another. */
  answered(batchId: string, part: ResultsPart, counts: Counts, lease: Lease): Promise<boolean>;
  /** Only the owner of the lease can, and `finished` only when everybody has been answered. */
  end(batchId: string, owner: string, state: 'finished' | 'cancelled' | 'failed', now: number): Promise<void>;

  /** Deletes batches that ended before this instant, and unfinished ones that were submitted before it. */
  forget(before: number): Promise<void>;
  figures(): Promise<QueueFigures>;
}

/** Injection token of `Batches`. */
export const BATCHES = Symbol('batches');
