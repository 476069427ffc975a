import { ConsentBit, type Splices } from '../answers/answer-text.js';
import { tokyoInstant } from '../clock/clock.js';
import type { CheckRecord } from './check-log.js';

/*
 * One line of the journal is one check, or what a segment begins with:
 *
 *   {"journal":1,"writer":"…","segment":2,"n":4711,"previous":"…","ruleVersion":"…","startedAt":…}
 *   {"n":4711,"id":"…","at":…, … ,"spliced":{…},"digest":"…","hash":"…","row":["generation","key","base64"]}
 *
 * `hash` is SHA-256 over the hash before and everything of the line before `"hash"`. The text follows it, and the hash holds
 * it through `digest`: so a chain can be followed in PostgreSQL too, where a text lies once for all checks that gave it.
 * The first check's hash before is the writer's name. A text is a row of the replica (`row`), sealed here (`sealed`), or that
 * of an earlier line of the segment (`as`). Behind it may stand what was asked, sealed (`ask`), which goes when the check has
 * been asked again; that it is the question of this check follows from `subject`. There is no personal data outside of these.
 */

export const JOURNAL_FORMAT = 1;

export interface SegmentHeader {
  readonly journal: number;
  readonly writer: string;
  readonly segment: number;
  /** Of the first check in it. */
  readonly n: number;
  /** Hash of the check before it. */
  readonly previous: string;
  readonly ruleVersion: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** What is spliced into the text and does not follow from the rest of the record, and what records have had since they were first made. */
interface Spliced {
  readonly freshness?: object;
  readonly verifiedAt?: string;
  readonly availableUntil?: string;
  /** Of a repeat: as the check was that it repeats. */
  readonly id?: string;
  readonly at?: string;
  readonly consented?: number;
  /** Of a re-check: the check that it sets right. */
  readonly corrects?: string;
  /** Where it was asked. Here, and not beside the operator, so that a version from before there were any still proves the line. */
  readonly terminal?: string;
}

/** A check as it stands in the journal. */
export interface JournalLine {
  readonly n: number;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly client: string;
  readonly institution: string;
  readonly operator?: string;
  readonly purpose: string;
  readonly date: string;
  readonly subject: string;
  readonly verdict: string;
  readonly credential: string;
  readonly version: string;
  readonly degraded?: string;
  readonly unchanged?: true;
  readonly repeats?: string;
  readonly consented: number;
  readonly spliced: Spliced;
  readonly digest: string;
  readonly hash: string;
  readonly row?: readonly [generation: string, key: string, stored: string];
  readonly sealed?: string;
  readonly as?: number;
  readonly ask?: string;
}

/** Kinds of consent with their bits. */
export const CONSENT_KINDS = Object.entries(ConsentBit);
const bitOf: Readonly<Record<string, number | undefined>> = ConsentBit;

/** JSON that is ASCII, as every line is. */
export const asciiJson = (text: string): string =>
  JSON.stringify(text).replaceAll(
    // Code units on purpose: JSON writes a character beyond the first plane as two of them.
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Kinds of consent as bits. */
const consentBits = (kinds: readonly string[]): number => {
  let bits = 0;
  for (const kind of kinds) bits |= bitOf[kind] ?? 0;
  return bits;
};

export const consentKinds = (bits: number): string[] =>
  CONSENT_KINDS.flatMap(([kind, bit]) => ((bits & bit) === 0 ? [] : [kind]));

const splicedText = (check: CheckRecord, consented: number): string => {
  const { splices } = check.answer;
  let text = '';
  // JSON that was written by JSON.stringify reads back to the same text.
  if (splices.freshness !== '') text += `,"freshness":${splices.freshness}`;
  if (splices.verifiedAt !== '') text += `,"verifiedAt":"${splices.verifiedAt}"`;
  if (splices.availableUntil !== '') text += `,"availableUntil":"${splices.availableUntil}"`;
  if (check.repeats !== undefined) text += `,"id":"${splices.checkId}","at":"${splices.checkedAt}"`;
  if (splices.consented !== consented) text += `,"consented":${splices.consented}`;
  if (check.corrects !== undefined) text += `,"corrects":"${check.corrects.checkId}"`;
  if (check.terminal !== undefined) text += `,"terminal":${asciiJson(check.terminal)}`;
  return text === '' ? '{}' : `{${text.slice(1)}}`;
};

/**
 * A line up to its hash. By concatenation, since it is written for every check: codes, ids, days, instants and base64url need no
 * escaping, and `client` is JSON already. What a caller chose is escaped.
 */
export const lineHead = (n: number, check: CheckRecord, client: string): string => {
  const consented = consentBits(check.consented);
  return (
    `{"n":${n},"id":"${check.checkId}","at":${check.checkedAt},"client":${client},"institution":"${check.institutionCode}"` +
    (check.operator === undefined ? '' : `,"operator":${asciiJson(check.operator)}`) +
    `,"purpose":"${check.purpose}","date":"${check.serviceDate}","subject":"${check.subjectHash.toString('base64url')}"` +
    `,"verdict":"${check.verdict}","credential":"${check.credentialState}","version":"${check.answerVersion}"` +
    (check.degraded === undefined ? '' : `,"degraded":"${check.degraded}"`) +
    (check.unchanged ? ',"unchanged":true' : '') +
    (check.repeats === undefined ? '' : `,"repeats":"${check.repeats}"`) +
    `,"consented":${consented},"spliced":${splicedText(check, consented)},"digest":"${check.answer.digest}"`
  );
};

/** A check as PostgreSQL keeps it: everything that its line was made of, up to the hash. */
export interface LineFields {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly client: string;
  readonly institution: string;
  readonly operator: string | null;
  readonly purpose: string;
  readonly date: string;
  /** base64url, as is `digest`. */
  readonly subject: string;
  readonly verdict: string;
  readonly credential: string;
  readonly version: string;
  readonly degraded: string | null;
  readonly unchanged: boolean;
  readonly repeats: string | null;
  readonly consented: number;
  /** JSON, byte for byte. */
  readonly spliced: string;
  readonly digest: string;
}

/** The same as `lineHead` made, out of what is kept of it. */
export const headFrom = (n: number, check: LineFields): string =>
  `{"n":${n},"id":"${check.id}","at":${check.at},"client":${asciiJson(check.client)},"institution":"${check.institution}"` +
  (check.operator === null ? '' : `,"operator":${asciiJson(check.operator)}`) +
  `,"purpose":"${check.purpose}","date":"${check.date}","subject":"${check.subject}"` +
  `,"verdict":"${check.verdict}","credential":"${check.credential}","version":"${check.version}"` +
  (check.degraded === null ? '' : `,"degraded":"${check.degraded}"`) +
  (check.unchanged ? ',"unchanged":true' : '') +
  (check.repeats === null ? '' : `,"repeats":"${check.repeats}"`) +
  `,"consented":${check.consented},"spliced":${check.spliced},"digest":"${check.digest}"`;

/** The part of a line that its hash is made of, and of that what was spliced, as it is written. Undefined where it is no line. */
export const partsOf = (line: string): { head: string; spliced: string } | undefined => {
  const end = line.lastIndexOf(',"hash":"');
  const from = line.indexOf(',"spliced":{');
  const to = line.lastIndexOf(',"digest":"', end);
  return end < 0 || from < 0 || to < from
    ? undefined
    : { head: line.slice(0, end), spliced: line.slice(from + ',"spliced":'.length, to) };
};

/** A line's hash, without reading the rest of it. */
export const hashOf = (line: string): string | undefined => /,"hash":"([\w-]{43})"/.exec(line)?.[1];

/** What is spliced into an answer's text, out of the record and what it keeps beside. */
export const splicesOf = (
  check: Pick<JournalLine, 'id' | 'at' | 'institution' | 'date' | 'version' | 'consented'>,
  spliced: Spliced,
): Splices => ({
  checkId: spliced.id ?? check.id,
  checkedAt: spliced.at ?? tokyoInstant(check.at),
  serviceDate: check.date,
  answerVersion: check.version,
  freshness: spliced.freshness === undefined ? '' : JSON.stringify(spliced.freshness),
  verifiedAt: spliced.verifiedAt ?? '',
  availableUntil: spliced.availableUntil ?? '',
  treatmentMonth: check.date.slice(0, 7),
  consented: spliced.consented ?? check.consented,
  institutionCode: check.institution,
});

/** Reads a line that is whole. */
export const parseLine = (line: string): JournalLine => JSON.parse(line) as JournalLine;
