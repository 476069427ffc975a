import type { Verdict } from '@app/domain';

import type { Splices } from '../answers/answer-text.js';

/** A ready row of the replica, sealed as it lies there. Opened only where it is shipped or shown. */
export interface KeptRow {
  readonly generation: string;
  readonly key: bigint;
  readonly stored: Uint8Array;
}

/**
 * A reply as text with marks, and what was spliced into it: together its bytes, which are kept once per version. What the
 * record says already (ids, day, version) is not kept a second time, so it must be the same in the splices.
 */
export interface RecordedAnswer {
  /** A row of the replica, or the text itself. */
  readonly text: KeptRow | string;
  readonly splices: Splices;
  /** SHA-256 of the reply's bytes, base64url: whoever puts it together again knows that it is the same. */
  readonly digest: string;
}

/** A check that was asked again, and what the new answer has otherwise; nothing when they agree. */
export interface Correction {
  readonly checkId: string;
  readonly changed: readonly string[];
}

/** What is put on record of one answer before it leaves. */
export interface CheckRecord {
  readonly checkId: string;
  readonly clientId: string;
  readonly institutionCode: string;
  readonly operator?: string;
  /** Of the workstation or reader, as the caller calls it. */
  readonly terminal?: string;
  readonly purpose: Purpose;
  /** Epoch milliseconds. */
  readonly checkedAt: number;
  readonly serviceDate: string;
  /** Keyed hash of what was asked for; the identifier itself is not on record. */
  readonly subjectHash: Buffer;
  readonly verdict: Verdict;
  readonly credentialState: string;
  readonly answerVersion: string;
  readonly degraded?: string;
  readonly unchanged: boolean;
  /** The check whose answer was given again under one Idempotency-Key. */
  readonly repeats?: string;
  /** The check that this one sets right: asked again by ourselves, with nobody waiting for the reply. */
  readonly corrects?: Correction;
  /** Kinds the patient consented to. */
  readonly consented: readonly string[];
  /** What was asked, sealed, base64: of an answer that is to be checked again. Kept beside the record until it has been. */
  readonly question?: string;
  readonly answer: RecordedAnswer;
}

export const PURPOSES = ['treatment', 'claim', 'correction'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** The answer could not be put on record, so it must not leave. */
export class RecordUnavailable extends Error {
  constructor(options?: ErrorOptions) {
    super('the check could not be recorded', options);
    this.name = 'RecordUnavailable';
  }
}

/** Every answer that leaves is on the record first. */
export interface CheckLog {
  /** Resolves once the check is on record. Rejects with `RecordUnavailable`. */
  record(check: CheckRecord): Promise<void>;
}

/** Told when a check is on record, or why it is not. */
export type Written = (error?: RecordUnavailable) => void;

/** The record as the corridor uses it. */
export interface CheckJournal extends CheckLog {
  /**
   * Puts a check on record with all others of this turn of the event loop, then tells whoever waits. Until then nothing the
   * record refers to may change. `written` is called exactly once, never within this call, and must not throw.
   */
  append(check: CheckRecord, written: Written): void;
  /** Puts checks that were collected already on record now. `written` is called once for each, by its place among them. */
  appendAll(checks: readonly CheckRecord[], written: (at: number, error?: RecordUnavailable) => void): void;
}

/** The bytes of a reply (one character each) from its text and what is spliced into it. */
export type RenderAnswer = (text: string, splices: Splices) => string;

/** The text with marks that lies in a row of the replica. */
export type OpenRow = (row: KeptRow) => string;

/** Injection token of a function: whether the journal has room for more than check-in (JOURNAL_BATCH_STOP_PERCENT). */
export const JOURNAL_HAS_ROOM = Symbol('journal-has-room');

/** Injection token of `CheckJournal`. */
export const CHECK_LOG = Symbol('check-log');

/** Injection token of `RenderAnswer`. */
export const RENDER_ANSWER = Symbol('render-answer');
/** Injection token of `OpenRow`. */
export const OPEN_ROW = Symbol('open-row');

/** A recorded check in a list. */
export interface ListedCheck {
  readonly checkId: string;
  readonly checkedAt: number;
  readonly serviceDate: string;
  readonly verdict: Verdict;
  readonly credentialState: string;
  readonly degraded: boolean;
  readonly unchanged: boolean;
  readonly repeats?: string;
  readonly corrects?: string;
  readonly operator?: string;
  readonly purpose: string;
}

/** A reply that was given, and what was put on record of it. */
export interface GivenCheck {
  /** Its bytes, one character each. */
  readonly body: string;
  readonly record: CheckRecord;
}

export interface CheckListing {
  readonly institutionCode: string;
  /** Epoch milliseconds, inclusive. */
  readonly from: number;
  /** Epoch milliseconds, exclusive. */
  readonly until: number;
  /** Checks before this one, newest first. */
  readonly before?: string;
  readonly limit: number;
}

/** Reads the record, always of one institution. Rejects with `RecordUnavailable` when it is away. */
export interface PastChecksReader {
  /** The reply's bytes as they were given. */
  answer(institutionCode: string, checkId: string): Promise<Buffer | undefined>;
  /** The same with its record, to be given again. */
  given(institutionCode: string, checkId: string): Promise<GivenCheck | undefined>;
  /** The same of one that is known to be in PostgreSQL: no file is looked through. */
  shipped(institutionCode: string, checkId: string): Promise<GivenCheck | undefined>;
  list(listing: CheckListing): Promise<readonly ListedCheck[]>;
}

/** Injection token of `PastChecksReader`. */
export const PAST_CHECKS = Symbol('past-checks');
