import { hash } from 'node:crypto';

import type { CheckListing, CheckRecord, Correction, ListedCheck, OpenRow } from './check-log.js';
import { asciiJson, lineHead, parseLine, partsOf, type JournalLine } from './journal-line.js';

/** A check on its way to PostgreSQL, its text opened. */
export interface ShippedCheck {
  readonly checkId: string;
  readonly clientId: string;
  readonly institutionCode: string;
  readonly operator?: string;
  readonly purpose: string;
  /** Epoch milliseconds. */
  readonly checkedAt: number;
  readonly serviceDate: string;
  readonly subjectHash: Buffer;
  readonly verdict: string;
  readonly credentialState: string;
  readonly answerVersion: string;
  readonly degraded?: string;
  readonly unchanged: boolean;
  readonly repeats?: string;
  /** Kinds, as bits. */
  readonly consented: number;
  /** JSON as it stands in the journal's line, since the line's hash is over it. */
  readonly spliced: string;
  readonly digest: Buffer;
  /** The text with marks; undefined where nobody can open it any more. */
  readonly text: Buffer | undefined;
  readonly corrects?: Correction;
  /** Sealed; of an answer that is to be checked again. */
  readonly question?: Buffer;
  /** Its place in its writer's chain. */
  readonly n: number;
  readonly hash: Buffer;
}

/** How far a writer's chain is in PostgreSQL. */
export interface JournalPosition {
  readonly writer: string;
  /** Last check that is there; 0 before the first. */
  readonly n: number;
  /** Its hash; the writer's name before the first. */
  readonly hash: string;
  /** Of its journal; 0 where there is none. */
  readonly segment: number;
  /** Where the next line begins. */
  readonly offset: number;
}

/** An answer as PostgreSQL keeps it. */
export interface KeptAnswer extends Omit<ShippedCheck, 'n' | 'hash' | 'question' | 'corrects'> {}

/** PostgreSQL is there and does not take these checks: trying again changes nothing. */
export class ChecksRefused extends Error {
  constructor(options?: ErrorOptions) {
    super('the record does not take these checks', options);
    this.name = 'ChecksRefused';
  }
}

/** The record in PostgreSQL. Every method rejects with `RecordUnavailable` when it is away. */
export interface ShippedChecks {
  /**
   * Adds checks and moves the writer's position from one to the other, both or neither. False, and nothing added, when the
   * position is another by now: somebody else ships the same folder. Checks that are there already are left as they are, and
   * have a second place in a chain. One that corrects another is added only while that one is still to be checked again, and ends
   * that: otherwise false, and nothing is added.
   * `lateMs`: so long ago the oldest of them was given that was not degraded, where that is longer than answers take to be on record:
   * changes since then are looked at again for what they reach back to.
   * Rejects with `ChecksRefused` where it is the checks that are wrong.
   */
  ship(checks: readonly ShippedCheck[], from: JournalPosition, to: JournalPosition, lateMs?: number): Promise<boolean>;
  /** Of these writers, those it knows. */
  positions(writers: readonly string[]): Promise<readonly JournalPosition[]>;
  begin(position: JournalPosition): Promise<void>;
  find(institutionCode: string, checkId: string): Promise<KeptAnswer | undefined>;
  list(listing: CheckListing): Promise<readonly ListedCheck[]>;
}
/** A check of the journal as PostgreSQL takes it, without its text. */
export const checkOf = (line: JournalLine, spliced: string): Omit<ShippedCheck, 'text'> => ({
  checkId: line.id,
  clientId: line.client,
  institutionCode: line.institution,
  ...(line.operator === undefined ? {} : { operator: line.operator }),
  purpose: line.purpose,
  checkedAt: line.at,
  serviceDate: line.date,
  subjectHash: Buffer.from(line.subject, 'base64url'),
  verdict: line.verdict,
  credentialState: line.credential,
  answerVersion: line.version,
  ...(line.degraded === undefined ? {} : { degraded: line.degraded }),
  unchanged: line.unchanged ?? false,
  ...(line.repeats === undefined ? {} : { repeats: line.repeats }),
  consented: line.consented,
  spliced,
  digest: Buffer.from(line.digest, 'base64url'),
  n: line.n,
  hash: Buffer.from(line.hash, 'base64url'),
  ...(line.ask === undefined ? {} : { question: Buffer.from(line.ask, 'base64') }),
});

/** A check that never was in a journal, at its place in a chain, as if it had been. */
export const checkFrom = (check: CheckRecord, openRow: OpenRow, n: number, previous: string): ShippedCheck => {
  const head = lineHead(n, check, asciiJson(check.clientId));
  const text = `${head},"hash":"${hash('sha256', `${previous}\n${head}`, 'base64url')}"}`;
  const said = check.answer.text;
  return {
    ...checkOf(parseLine(text), partsOf(text)?.spliced ?? '{}'),
    ...(check.corrects === undefined ? {} : { corrects: check.corrects }),
    ...(check.question === undefined ? {} : { question: Buffer.from(check.question, 'base64') }),
    text: Buffer.from(typeof said === 'string' ? said : openRow(said), 'latin1'),
  };
};
