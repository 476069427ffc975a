import type { PersonFacts } from '@app/domain';

import type { CardRecord } from './facts-reader.js';

/** What the replica knows of itself. Instants are epoch milliseconds. */
export interface ReplicaState {
  /** Names the file: 32 hexadecimal digits, new with every snapshot. Its keys are derived from it. */
  readonly generation: string;
  /** Everything in the replica is as of this instant: every change committed before it has been applied. */
  readonly asOf: number;
  /** Everything the replica says of certificates was true at this instant, by the registry's feed; undefined before its first reading ever. */
  readonly certificatesConfirmedAt: number | undefined;
}

/** A ready answer of one certificate as it lies in the replica. */
export interface ReadyRow {
  /** Its place: the 64-bit keyed index of the serial. */
  readonly key: bigint;
  /** As stored: sealed, unless the operator chose otherwise. Goes to the journal as it is. */
  readonly stored: Uint8Array;
  /** Opened, see answers/ready-answer.ts. Belongs to the caller. */
  readonly opened: Buffer;
}

/**
 * Facts and ready answers of every insured person, on this machine's disk. Synchronous: a lookup is about ten microseconds.
 * All readings between two calls of `refresh` see one snapshot, and `state` is of that same snapshot.
 */
export interface ReplicaView {
  /** Undefined while there is nothing that may be answered from: being loaded, or found broken. */
  readonly state: ReplicaState | undefined;
  /** Takes the newest snapshot. Called some twenty times a second by a timer, and before every reading by tests. */
  refresh(): void;
  ready(serial: string): ReadyRow | undefined;
  card(serial: string): CardRecord | undefined;
  people(insurerNumber: string, numberKey: string): readonly PersonFacts[];
}

/** Injection token of `ReplicaView`. */
export const REPLICA_VIEW = Symbol('replica-view');

/** A row that is to answer one certificate from now on, made from its facts. */
export interface BuiltReady {
  /** Last Tokyo day of asking on which it may answer, as days since 1970-01-01; undefined when nothing ends it. */
  readonly untilDay: number | undefined;
  readonly opened: Uint8Array;
}

/**
 * Makes ready answers; the replica knows nothing of what is in them. `day` is the Tokyo day of asking, as days since
 * 1970-01-01. Undefined where an answer has to be worked out each time (medical aid, for one).
 */
export type BuildReady = (record: CardRecord, day: number) => BuiltReady | undefined;

/** Injection token of `BuildReady`. */
export const BUILD_READY = Symbol('build-ready');
