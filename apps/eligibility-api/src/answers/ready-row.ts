import type { CredentialState, Verdict } from '@app/domain';

/** Written to disk: only ever added to, at the end. */
const VERDICTS: readonly Verdict[] = [
  'valid',
  'invalid',
  'invalid-newer-exists',
  'not-found',
  'multiple',
  'valid-unregistered',
];
/** Written to disk: only ever added to, at the end. */
const STATES: readonly (CredentialState | 'unconfirmed')[] = [
  'valid',
  'grace',
  'expired',
  'revoked',
  'superseded',
  'not-registered',
  // Never given; its place stays.
  'unconfirmed',
  'not-applicable',
];

/** Rows of another layout, or of other marks, are built anew. */
export const READY_FORMAT = 1;

/** Bytes of a fingerprint (AnswerKeys). */
export const FINGERPRINT_BYTES = 16;
const SUBJECT_BYTES = 32;

/** Days since 1970-01-01 that stand for "nothing ends it". */
const NEVER = 0xffff;

const SHOWS_RESULTS = 1;
const SHOWS_LIMIT = 2;
const DENIES_VIEWING = 4;
const SHOWS_TICKETS = 8;

const FORMAT_AT = 0;
const VERDICT_AT = 1;
const STATE_AT = 2;
const FLAGS_AT = 3;
const FROM_AT = 4;
const UNTIL_AT = 6;
const KNOWN_AT = 8;
const VERIFIED_AT = 16;
const COMMON_AT = 24;
const LIMIT_AT = COMMON_AT + FINGERPRINT_BYTES;
const NO_LIMIT_AT = LIMIT_AT + FINGERPRINT_BYTES;
const DISEASES_AT = NO_LIMIT_AT + FINGERPRINT_BYTES;
const NO_DISEASES_AT = DISEASES_AT + FINGERPRINT_BYTES;
const SUBJECT_AT = NO_DISEASES_AT + FINGERPRINT_BYTES;
const TEXT_AT = SUBJECT_AT + SUBJECT_BYTES;

/** Parts of an answer's version, to be combined as the caller consents. */
export interface VersionParts {
  readonly common: Buffer;
  readonly limit: Buffer;
  readonly diseases: Buffer;
}

/** A ready answer of one certificate, before it is written down. Days are since 1970-01-01, instants epoch milliseconds. */
export interface ReadyAnswer {
  /** First and last day of asking on which it holds; both ends inclusive. */
  readonly fromDay: number;
  readonly untilDay: number | undefined;
  /** Not before this instant: the latest at which any of its facts became known. */
  readonly knownAt: number;
  /** When the registry last named the certificate; the feed's confirmation may be later. */
  readonly verifiedAt: number;
  readonly verdict: Verdict;
  readonly credentialState: CredentialState;
  /** Whether there are results, with consent flags of their own. */
  readonly showsResults: boolean;
  /** Whether a limit is shown to whoever has consent for it. */
  readonly showsLimit: boolean;
  /** Whether viewing is denied to whoever has consent for it: the certificate is in its grace. */
  readonly deniesViewing: boolean;
  /** Whether there are tickets, which are shown to the institution they name in another way than to others. */
  readonly showsTickets: boolean;
  readonly consented: VersionParts;
  readonly withheld: VersionParts;
  /** Keyed hash of the serial, for the record. */
  readonly subject: Buffer;
  /** Packed, see answer-text.ts. */
  readonly text: string;
}

/** Bytes of a row. */
export const writeReady = (ready: ReadyAnswer): Buffer => {
  const row = Buffer.allocUnsafe(TEXT_AT + ready.text.length);
  row[FORMAT_AT] = READY_FORMAT;
  row.writeUInt16LE(ready.fromDay, FROM_AT);
  row.writeUInt16LE(ready.untilDay ?? NEVER, UNTIL_AT);
  row.writeDoubleLE(ready.knownAt, KNOWN_AT);
  row.writeDoubleLE(ready.verifiedAt, VERIFIED_AT);
  row[VERDICT_AT] = VERDICTS.indexOf(ready.verdict);
  row[STATE_AT] = STATES.indexOf(ready.credentialState);
  row[FLAGS_AT] =
    (ready.showsResults ? SHOWS_RESULTS : 0) |
    (ready.showsLimit ? SHOWS_LIMIT : 0) |
    (ready.deniesViewing ? DENIES_VIEWING : 0) |
    (ready.showsTickets ? SHOWS_TICKETS : 0);
  ready.consented.common.copy(row, COMMON_AT);
  ready.consented.limit.copy(row, LIMIT_AT);
  ready.withheld.limit.copy(row, NO_LIMIT_AT);
  ready.consented.diseases.copy(row, DISEASES_AT);
  ready.withheld.diseases.copy(row, NO_DISEASES_AT);
  ready.subject.copy(row, SUBJECT_AT);
  row.write(ready.text, TEXT_AT, 'latin1');
  return row;
};

/** Text of a row that a record kept. Throws where its layout is not this one. */
export const textOfRow = (row: Buffer): string => {
  if (row[FORMAT_AT] !== READY_FORMAT) throw new Error('a ready row of another layout');
  return row.toString('latin1', TEXT_AT);
};

/** Reads a row where it lies: nothing is taken out before it is asked for. */
export class ReadyReader {
  constructor(private readonly row: Buffer) {}

  /** Whether it answers on this day, with everything in it known by now. */
  answers(day: number, now: number): boolean {
    const { row } = this;
    return (
      row[FORMAT_AT] === READY_FORMAT &&
      row.readUInt16LE(FROM_AT) <= day &&
      day <= row.readUInt16LE(UNTIL_AT) &&
      row.readDoubleLE(KNOWN_AT) <= now
    );
  }

  get verifiedAt(): number {
    return this.row.readDoubleLE(VERIFIED_AT);
  }

  get verdict(): Verdict {
    return VERDICTS[this.row[VERDICT_AT] ?? -1] as Verdict;
  }

  get credentialState(): CredentialState {
    return STATES[this.row[STATE_AT] ?? -1] as CredentialState;
  }

  get showsResults(): boolean {
    return ((this.row[FLAGS_AT] ?? 0) & SHOWS_RESULTS) !== 0;
  }

  get showsLimit(): boolean {
    return ((this.row[FLAGS_AT] ?? 0) & SHOWS_LIMIT) !== 0;
  }

  get deniesViewing(): boolean {
    return ((this.row[FLAGS_AT] ?? 0) & DENIES_VIEWING) !== 0;
  }

  get showsTickets(): boolean {
    return ((this.row[FLAGS_AT] ?? 0) & SHOWS_TICKETS) !== 0;
  }

  get subject(): Buffer {
    return this.row.subarray(SUBJECT_AT, SUBJECT_AT + SUBJECT_BYTES);
  }

  get text(): string {
    return this.row.toString('latin1', TEXT_AT);
  }

  /** The fingerprint of what is shown with these consents, into `into`. */
  fingerprint(limit: boolean, diseases: boolean, into: Buffer): void {
    const { row } = this;
    const limitAt = limit ? LIMIT_AT : NO_LIMIT_AT;
    const diseasesAt = diseases ? DISEASES_AT : NO_DISEASES_AT;
    for (let i = 0; i < FINGERPRINT_BYTES; i += 1)
      into[i] = (row[COMMON_AT + i] as number) ^ (row[limitAt + i] as number) ^ (row[diseasesAt + i] as number);
  }
}
