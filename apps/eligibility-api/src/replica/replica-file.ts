import { DatabaseSync } from 'node:sqlite';

import type { PersonFacts } from '@app/domain';

import type { CardRecord, CertificateRecord } from './facts-reader.js';

/** Raise it when anything in the file is written in another way: files of another format are not read. */
export const FILE_FORMAT = 3;

/** Longest chain of renewals that is followed; a card is renewed every five years. */
const RENEWALS_MAX = 16;

/** Everything the replica holds of one person, as it is sealed. */
export interface PersonRow {
  readonly facts: PersonFacts;
  readonly certificates: readonly HeldCertificate[];
  /** Insurer number and number in its normal form, of every qualification. */
  readonly numbers: readonly (readonly [insurerNumber: string, numberKey: string])[];
}

interface HeldCertificate extends CertificateRecord {
  readonly supersededBy?: string;
}

/** What a file says of itself. One row, written in the transaction that made it true. Instants are epoch milliseconds. */
export interface FileState {
  readonly format: number;
  readonly generation: string;
  readonly keyCheck: string;
  readonly sealed: boolean;
  /** Insurers whose people are held, in order; empty when everybody is. */
  readonly insurers: readonly string[];
  /** The PostgreSQL it was read from: another one, or a restored one, is another truth. */
  readonly cluster: string;
  readonly watermark: string;
  /** The snapshot is whole, and everything changed since then is in. */
  readonly loaded: boolean;
  readonly asOf: number;
  readonly certificatesConfirmedAt: number | undefined;
  readonly people: number;
  readonly cards: number;
  readonly numbers: number;
  readonly ready: number;
  /** People who are known to have changed and whose facts are still those of before; the oldest of those are as of `staleSince`. */
  readonly stale: number;
  readonly staleSince: number | undefined;
  /** People whose facts are current and whose ready answers are still to be made from them: theirs are worked out meanwhile. */
  readonly unready: number;
  /** By which rules and format ready rows are being built, and up to which person they have been. */
  readonly readyVersion: string;
  readonly readyThrough: string;
  /** When the snapshot was begun. */
  readonly begunAt: number;
}

/**
 * Tables. Keys are 64-bit integers and rows are sealed blobs; an integer key in pages of 8 kB is the fastest lookup that SQLite
 * has (about 10 µs among a million rows). Places (`k`) may be shared: `card` and `number` hold all who lie there, `ready` the
 * last, and whoever reads compares the whole serial or number.
 */
const TABLES = `
  create table state (id integer primary key check (id = 1), text text not null) strict;
  create table person (person_id integer primary key, record blob not null) strict;
  create table card (k integer not null, person_id integer not null, primary key (k, person_id)) strict, without rowid;
  create table number (k integer not null, person_id integer not null, primary key (k, person_id)) strict, without rowid;
  create table ready (k integer primary key, person_id integer not null, until_day integer, record blob not null) strict;
  create table stale (person_id integer primary key) strict;
  create table unready (person_id integer primary key) strict;
  create index ready_until on ready (until_day) where until_day is not null`;

/** Opens a new file for building: nothing of it is believed before it is whole, so nothing is written twice. */
export const createFile = (path: string): DatabaseSync => {
  const db = new DatabaseSync(path);
  db.exec('pragma page_size = 8192; pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536');
  db.exec(TABLES);
  return db;
};

/** Opens a file that is current for the keeper: the only one who writes. */
export const openForWriting = (path: string): DatabaseSync => {
  const db = new DatabaseSync(path, { timeout: 2_000 });
  db.exec(
    'pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -16384; pragma wal_autocheckpoint = 0; pragma journal_size_limit = 33554432',
  );
  return db;
};

export const openForReading = (path: string): DatabaseSync => {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 200 });
  db.exec(`pragma cache_size = -${READING_CACHE_KB_MIN}; pragma query_only = on`);
  return db;
};

const READING_CACHE_KB_MIN = 2_048;
const PAGE_KB = 8;
/** Some eleven rows lie in a page and six hundred pages below another. */
const CARDS_PER_INNER_PAGE = 6_600;

/**
 * Room for the pages that lead to the rows, and not for rows: any card may be asked about next, and what is kept of others is
 * thrown away page by page whenever the keeper has written (16 MB: a millisecond, and a tenth of all time under load).
 */
export const keepInnerPages = (db: DatabaseSync, { cards }: FileState): void => {
  const kilobytes = Math.ceil((cards / CARDS_PER_INNER_PAGE) * PAGE_KB * 1.5);
  db.exec(`pragma cache_size = -${Math.max(READING_CACHE_KB_MIN, kilobytes)}`);
};

export const readState = (db: DatabaseSync): FileState | undefined => {
  const row = db.prepare('select text from state where id = 1').get() as { text: string } | undefined;
  if (row === undefined) return undefined;
  const state = JSON.parse(row.text) as FileState;
  return state.format === FILE_FORMAT ? state : undefined;
};

/**
 * Whether every page of the two indexes is there and they hold what the file says: a page lost from one would make somebody
 * "not found". Records need no such look, as each proves itself when it is opened.
 */
export const isWhole = (db: DatabaseSync, state: FileState): boolean => {
  const count = (table: string): number => (db.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n;
  return count('card') === state.cards && count('number') === state.numbers;
};

/** Where a serial leads among a person's certificates; undefined when it is none of them. */
export const cardOf = ({ facts, certificates }: PersonRow, serial: string): CardRecord | undefined => {
  const bySerial = (wanted: string | undefined): HeldCertificate | undefined =>
    wanted === undefined ? undefined : certificates.find((certificate) => certificate.serial === wanted);
  const first = bySerial(serial);
  if (first === undefined) return undefined;
  let last = first;
  for (let place = 1; place < RENEWALS_MAX; place += 1) {
    const next = bySerial(last.supersededBy);
    if (next === undefined) break;
    last = next;
  }
  const successor = last === first ? {} : { successor: shown(last) };
  return { certificate: shown(first), ...successor, person: facts };
};

const shown = ({ serial, status, notAfter, verifiedAt }: HeldCertificate): CertificateRecord => ({
  serial,
  status,
  ...(notAfter === undefined ? {} : { notAfter }),
  verifiedAt,
});

const VERSION_BYTES = 8;

/** A ready row names its serial, because places may be shared, and what built it; then come the builder's bytes. */
export const readyHead = (serial: string, version: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(serial.length), Buffer.from(serial, 'latin1'), version.subarray(0, VERSION_BYTES)]);

/** The builder's bytes of an opened row, or undefined when the row is another serial's or was built by other rules. */
export const readyBodyFor = (opened: Buffer, serial: string, version: Buffer): Buffer | undefined => {
  const nameEnd = 1 + serial.length;
  return opened[0] === serial.length &&
    opened.toString('latin1', 1, nameEnd) === serial &&
    opened.compare(version, 0, VERSION_BYTES, nameEnd, nameEnd + VERSION_BYTES) === 0
    ? opened.subarray(nameEnd + VERSION_BYTES)
    : undefined;
};

export const readyBody = (opened: Buffer): Buffer => opened.subarray(1 + (opened[0] ?? 0) + VERSION_BYTES);
