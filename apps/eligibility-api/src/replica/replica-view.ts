import type { PersonFacts } from '@app/domain';

import type { CardRecord } from './facts-reader.js';

/** What the replica knows of itself. Instants are epoch milliseconds. */
interface ReplicaState {
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
  /**
   * For how long `state.asOf` has been the same, by a clock that nobody sets, as of the last `refresh`. Milliseconds. A clock that
   * was set back makes a replica look newer than it is; this does not.
   */
  readonly stoodMs: number;
  /** Whether this process has seen `state.asOf` move: before that it knows nothing of its age but what the clock says. */
  readonly hasMoved: boolean;
  /** Takes the newest snapshot. Called some fifty times a second by a timer, and before every reading by tests. */
  refresh(): void;
  /** Undefined too when the file turns out broken, or the person is known to have changed: then somebody else has to answer. */
  ready(serial: string): ReadyRow | undefined;
  /** `ready` of each, in their order: for many at once it takes half the time, as each step stays in the processor's caches. */
  readyAll(serials: readonly string[]): readonly (ReadyRow | undefined)[];
  /** Throws when it cannot be known: `ReplicaBroken`, or `NotKnownYet` while many changes are being read. */
  card(serial: string): CardRecord | undefined;
  /** As `card`. At most 100. */
  people(insurerNumber: string, numberKey: string): readonly PersonFacts[];
}

/** Whether a replica may be answered from as one that is complete. `now` in epoch milliseconds. */
export const isCurrent = (
  { state, stoodMs, hasMoved }: Pick<ReplicaView, 'state' | 'stoodMs' | 'hasMoved'>,
  now: number,
  behindMs: number,
): boolean =>
  state !== undefined &&
  now - state.asOf <= behindMs &&
  stoodMs <= behindMs &&
  // From the future: the clock was set back, before or after it was last written.
  (state.asOf <= now || hasMoved);

/** Injection token of `ReplicaView`. */
export const REPLICA_VIEW = Symbol('replica-view');

/** Opens ready rows that were kept elsewhere (the journal), also those of generations whose file has gone. */
export interface KeptRows {
  /** The bytes that `ReadyRow.opened` held. Throws when the row is not one of this key. */
  openKept(row: { readonly generation: string; readonly key: bigint; readonly stored: Uint8Array }): Buffer;
}

/** Injection token of `KeptRows`. */
export const KEPT_ROWS = Symbol('kept-rows');

/** A row that is to answer one certificate from now on, made from its facts. */
export interface BuiltReady {
  /** Last Tokyo day of asking on which it may answer, as days since 1970-01-01; undefined when nothing ends it. */
  readonly untilDay: number | undefined;
  readonly opened: Uint8Array;
}

/**
 * Makes ready answers; the replica knows nothing of what is in them. `day` is the Tokyo day of asking, as days since
 * 1970-01-01. Undefined where an answer has to be worked out each time (tickets of medical aid, for one).
 */
export type BuildReady = (record: CardRecord, day: number) => BuiltReady | undefined;

export interface ReadyBuilder {
  /** Differs when the same facts would give other bytes: rules, format, settings. Rows of another version are not served, and built anew. */
  readonly version: string;
  readonly build: BuildReady;
}

/** Injection token of `ReadyBuilder`; where nothing is provided, no rows are built. */
export const READY_BUILDER = Symbol('ready-builder');
