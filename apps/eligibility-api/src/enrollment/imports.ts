import type { ImportEncoding, ImportState } from '@app/contracts';

import type { NewFiling } from './filings.js';
import type { ImportColumn } from './import-columns.js';

interface ImportCounts {
  readonly rows: number;
  readonly filed: number;
  readonly refused: number;
}

/** An import, as it stands. */
export interface Import {
  readonly importId: string;
  readonly insurerNumber: string;
  readonly state: ImportState;
  readonly encoding: ImportEncoding;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly endedAt?: number;
  readonly counts: ImportCounts;
}

/** A file as it came, its first line read. */
export interface NewImport {
  readonly importId: string;
  readonly clientId: string;
  readonly insurerNumber: string;
  readonly encoding: ImportEncoding;
  /** Epoch milliseconds; its rows are filed as of this instant, whenever they are worked on. */
  readonly receivedAt: number;
  readonly columns: readonly ImportColumn[];
  readonly bytes: Buffer;
  /** Where its rows begin: the byte, and the line, from 1. */
  readonly firstByte: number;
  readonly firstLine: number;
  /** Hash of client and Idempotency-Key, and of what was sent under it. */
  readonly request?: { readonly key: string; readonly hash: string };
}

export type ImportAccepted =
  | { readonly kind: 'accepted' }
  /** The same request under the same key was accepted before. */
  | { readonly kind: 'repeated'; readonly import: Import }
  | { readonly kind: 'key-reused' };

/** What is next of an import. */
export interface NextRows {
  readonly importId: string;
  readonly clientId: string;
  readonly insurerNumber: string;
  readonly encoding: ImportEncoding;
  readonly receivedAt: number;
  readonly columns: readonly ImportColumn[];
  /** From the next row on; it may end within a row. */
  readonly bytes: Uint8Array;
  /** Whether the file ends where the bytes do. */
  readonly isAll: boolean;
  /** Line at which the bytes begin, from 1. */
  readonly line: number;
}

/** What became of some rows: kept all at once. */
export interface DoneRows {
  /** Of the bytes that were next. */
  readonly bytes: number;
  readonly lines: number;
  readonly filings: readonly NewFiling[];
  /** A line of the outcomes for each row, in their order, each with its line feed. */
  readonly outcomes: string;
  readonly counts: ImportCounts;
}

/** Some outcomes: those of the rows `first` to `first + size - 1`, counted from 0. */
export interface OutcomesPart {
  readonly first: number;
  readonly size: number;
  readonly outcomes: string;
}

/** Imports of filings. Every method rejects with `FilingsUnavailable` where PostgreSQL is away. */
export interface Imports {
  /** Keeps a file and queues the work on it, both or neither. */
  accept(file: NewImport): Promise<ImportAccepted>;
  find(insurerNumber: string, importId: string): Promise<Import | undefined>;
  /** The outcomes among which row `row` has its own; undefined when there is none yet. */
  outcomes(importId: string, row: number): Promise<OutcomesPart | undefined>;
  /**
   * Gives out what is next, up to `bytesMax`, and keeps what was made of it, in one transaction: filings with their look-ups queued, outcomes, and
   * how far it is. Of two who work on one import the second waits, and goes on behind the first. `work` may answer undefined: it needs
   * more bytes to find the end of one row.
   */
  next(
    importId: string,
    bytesMax: number,
    work: (next: NextRows) => DoneRows | undefined,
    now: () => number,
  ): Promise<'goes-on' | 'needs-more' | 'ended'>;
  /** Removes imports that ended before an instant, with the outcomes of their rows; the filings stay. */
  forget(endedBefore: number, signal: AbortSignal): Promise<void>;
}

/** Injection token of `Imports`. */
export const IMPORTS = Symbol('imports');
