import type { Verdict } from '@app/domain';

import type { Purpose } from '../check-log/check-log.js';

/** Why an answer is checked again: what its `freshness.degraded` said, or that something was filed which reaches back. */
export type RecheckReason = 'registry-unavailable' | 'database-unavailable' | 'replica-behind' | 'retroactive-change';

/** What differs between an answer that was given and the one that sets it right. */
export type Change = 'verdict' | 'credential' | 'coverage' | 'copay' | 'cost-limit';

/** An answer that is to be checked again. Instants are epoch milliseconds. */
export interface PendingRecheck {
  readonly id: string;
  readonly reason: RecheckReason;
  /** Facts from before this say nothing new. */
  readonly factsFrom: number;
  /** Sealed (`QuestionSeal`). */
  readonly question: Buffer;
  /** How often it was taken up, this time included. */
  readonly takes: number;

  readonly checkId: string;
  readonly checkedAt: number;
  readonly clientId: string;
  readonly institutionCode: string;
  readonly purpose: Purpose;
  readonly serviceDate: string;
  readonly subjectHash: Buffer;
  readonly verdict: Verdict;
  readonly credentialState: string;
  /** Kinds, as bits. */
  readonly consented: number;
  /** The short reply to `ifVersion` was given: what it stood for is not on record under this check. */
  readonly unchanged: boolean;
}

/** Who works on it, and until when nobody else may. */
export interface Lease {
  readonly owner: string;
  readonly until: number;
}

/** A re-check in a list: two verdicts and what differs, and nothing of the person. */
export interface ListedRecheck {
  readonly recheckId: string;
  readonly recheckedAt: number;
  readonly reason: RecheckReason;
  readonly changed: readonly Change[];
  readonly verdict: Verdict;
  readonly credentialState: string;
  readonly checkId: string;
  readonly checkedAt: number;
  readonly serviceDate: string;
  readonly verdictBefore: Verdict;
  readonly credentialStateBefore: string;
}

export interface RecheckListing {
  readonly institutionCode: string;
  /** Instants of re-checking: inclusive, and exclusive. */
  readonly from: number;
  readonly until: number;
  /** Re-checks before this one, newest first. */
  readonly before?: string;
  readonly limit: number;
}

export interface RecheckFigures {
  readonly pending: Readonly<Partial<Record<RecheckReason, number>>>;
  /** When the answer was given, or the change was heard, that waits longest; undefined when none waits. */
  readonly oldestNotedAt?: number;
  /** Age of the oldest change nobody has looked at yet, milliseconds; 0 when there is none. */
  readonly changesBehindMs: number;
}

/** The store of re-checks is away. */
export class RechecksUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('re-checks cannot be read or stored', options);
    this.name = 'RechecksUnavailable';
  }
}

/**
 * Answers that are to be checked again, of all counters of one database. Every method rejects with `RechecksUnavailable` when
 * it is away. One that has been set right is ended by the record of checks itself (`CheckRecord.corrects`), in the statement
 * that puts the new answer on record: each is corrected once, whoever dies when.
 */
export interface Rechecks {
  /** The oldest that nobody works on, of these reasons; ours until the lease runs out. */
  take(now: number, lease: Lease, reasons: readonly RecheckReason[], limit: number): Promise<readonly PendingRecheck[]>;
  /** Not now: nobody takes it up before the lease has run out. */
  postpone(id: string, lease: Lease): Promise<void>;
  /** Ends one without a check on record. */
  end(id: string, outcome: 'unchanged' | 'unreadable', now: number): Promise<void>;
  /** Ends those noted before this that nobody could ask again, and returns how many; also those that were set right already. */
  giveUp(notedBefore: number, now: number): Promise<number>;
  /** Deletes what ended before this. */
  forget(endedBefore: number): Promise<void>;
  list(listing: RecheckListing): Promise<readonly ListedRecheck[]>;
  figures(): Promise<RecheckFigures>;
}

/** Injection token of `Rechecks`. */
export const RECHECKS = Symbol('rechecks');

/** A place in the outbox: everything up to this person of this transaction has been looked at. */
export interface Position {
  readonly cluster: string;
  readonly transactionId: string;
  readonly personId: string;
}

/** Changes that were committed, in an order in which none comes later; nothing of the outbox is given twice. */
export interface NextChanges {
  readonly from: Position;
  readonly to: Position;
  readonly people: readonly string[];
}

/** An answer that was given about somebody who changed: not a repeat, and not set right already. */
export interface GivenAnswer {
  readonly checkId: string;
  readonly checkedAt: number;
  readonly institutionCode: string;
  readonly serviceDate: string;
  readonly verdict: Verdict;
  readonly subjectHash: Buffer;
  readonly unchanged: boolean;
}

export interface NewRecheck extends Pick<GivenAnswer, 'checkId' | 'checkedAt' | 'institutionCode'> {
  /** Sealed, base64. */
  readonly question: string;
}

/** What was filed, and which answers it may reach back to. Rejects with `RechecksUnavailable`. */
export interface FiledChanges {
  /**
   * Changes noted at least so long ago (milliseconds of the store's clock), since answers given just before them are on
   * record a moment later. Undefined when there are none, or another process looks at them.
   */
  next(now: number, lease: Lease, notedAgoMs: number, limit: number): Promise<NextChanges | undefined>;
  /** Answers of these subjects given since then, the newest first, and at most so many. */
  answersAbout(subjects: readonly Buffer[], since: number, limit: number): Promise<readonly GivenAnswer[]>;
  /**
   * Goes on from one place to the next with what was found on the way. Nothing happens when somebody else has, or when one of
   * those found was set right meanwhile: then the same changes are given again.
   */
  moveOn({ from, to }: NextChanges, found: readonly NewRecheck[], now: number): Promise<void>;
}

/** Injection token of `FiledChanges`. */
export const FILED_CHANGES = Symbol('filed-changes');
