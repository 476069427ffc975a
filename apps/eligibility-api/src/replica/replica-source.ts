import type { PersonText } from './replica-writer.js';

/** What stands in PostgreSQL now. */
export interface Standing {
  /** Names the cluster, its timeline and the database: another one, or one restored from a copy, has another. */
  readonly cluster: string;
  /** Everything below this transaction is complete. */
  readonly watermark: string;
}

export interface Changes extends Standing {
  /** A transaction is running that the watermark waits for. */
  readonly isHeldBack: boolean;
  /** Rows of the outbox up to this transaction may have been pruned. */
  readonly prunedThrough: string;
  /** Somebody emptied a table: no list of people says what changed. */
  readonly everybody: boolean;
  readonly people: readonly string[];
  /** Whose changes these are; they may be named in the next call, as they have been heard. */
  readonly transactions: readonly string[];
}

export interface PeopleAfter {
  /** Those who are held. */
  readonly people: readonly PersonText[];
  /** The last one who was looked at; undefined when nobody comes after. */
  readonly last: string | undefined;
}

/** The truth that the replica is made from. Every call is one short transaction. */
export interface ReplicaSource {
  standing(): Promise<Standing>;
  /** About how many people there are, for progress. */
  countPeople(): Promise<number>;
  /** What transactions from the watermark on have changed, without those that were heard. */
  changesSince(watermark: string, heard: readonly string[]): Promise<Changes>;
  /** Looks at so many people after this one, in order of their ids. `insurers`: only those who have been insured there; empty for all. */
  peopleAfter(personId: string, limit: number, insurers: readonly string[]): Promise<PeopleAfter>;
  /** Those of these people who exist (and are held). */
  peopleOf(ids: readonly string[], insurers: readonly string[]): Promise<readonly PersonText[]>;
  /** Forgets old rows of the outbox. */
  prune(): Promise<void>;
}
