import type { QualificationResult } from '@app/contracts';
import { createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { FINGERPRINT_BYTES, type VersionParts } from '../answers/ready-row.js';
import { createFileOnce, markedLine, type KeyMaker } from '../settings/secret-file.js';
import { groupOf, isTime } from './answer-members.js';
import type { AnswerContent } from './present.js';
import { QuestionSeal } from './question-seal.js';

const FILE = 'answer-key';
const KEY_BYTES = 32;
/** Of 256 bits: enough to tell one reference number from another of the same institution's. */
const REFERENCE_CHARACTERS = 8;

const derive = (master: Buffer, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), purpose, KEY_BYTES)));

/** Makes the master key in the secrets folder, unless there is one. */
export const makeAnswerKey = (secretsDir: string, maker: KeyMaker = 'prepare'): Promise<void> =>
  createFileOnce(join(secretsDir, FILE), markedLine(randomBytes(KEY_BYTES).toString('hex'), maker));

/** Reads the master key (64 hexadecimal digits). */
export const readAnswerKey = async (secretsDir: string): Promise<Buffer> => {
  const key = Buffer.from((await readFile(join(secretsDir, FILE), 'utf8')).trim(), 'hex');
  if (key.length !== KEY_BYTES) throw new Error('the answer key must be 64 hexadecimal digits');
  return key;
};

/** The order in which a client writes its fields is not part of what it asks. */
const inOrder = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [c]) => (a < c ? -1 : 1)))
    : value;

type Members = Record<string, unknown>;

/** Members of results, by what decides whether they are shown. */
const parted = (results: readonly QualificationResult[]): Record<'common' | 'limit' | 'diseases', Members[]> => {
  const common: Members[] = [];
  const limit: Members[] = [];
  const diseases: Members[] = [];
  for (const result of results) {
    const of = { common: {}, limit: {}, diseases: {} } as Record<'common' | 'limit' | 'diseases', Members>;
    for (const [name, value] of Object.entries(result)) {
      const group = groupOf(name);
      if (group !== 'viewing' && group !== 'reference' && !isTime(name)) of[group][name] = comparable(name, value);
    }
    common.push(of.common);
    limit.push(of.limit);
    diseases.push(of.diseases);
  }
  return { common, limit, diseases };
};

/** Flags of the four kinds of viewing, as the results show them; alike in each. */
const viewingShown = ([first]: readonly QualificationResult[]): string =>
  first === undefined
    ? ''
    : `${first.specificHealthCheckupsInfoConsFlg}${first.pharmacistsInfoConsFlg}${first.diagnosisInfoConsFlg}${first.operationInfoConsFlg}`;

const monthShown = (results: readonly QualificationResult[]): string => {
  for (const { costLimit } of results)
    if (costLimit !== undefined && 'treatmentMonth' in costLimit) return costLimit.treatmentMonth;
  return '';
};

/** What is the day's own, or the asking institution's, is put into a version by itself. */
const comparable = (name: string, value: unknown): unknown => {
  if (name === 'costLimit') return withoutMonth(value);
  return name === 'publicExpense' ? (value as readonly Members[]).map(withoutFlag) : value;
};

const withoutFlag = ({ designatedMedicalInstitutionFlag: _flag, ...ticket }: Members): Members => ticket;

/** Which of the tickets name the institution that is shown them. */
const ticketsShown = (results: readonly QualificationResult[]): string =>
  results
    .flatMap(({ publicExpense = [] }) => publicExpense)
    .map(({ designatedMedicalInstitutionFlag }) => designatedMedicalInstitutionFlag)
    .join('');

/** A treatment month is the day's own, and no time of a fact. */
const withoutMonth = (value: unknown): unknown => {
  const { treatmentMonth: _month, ...limit } = value as Members;
  return limit;
};

/**
 * Keyed fingerprints. Keyed, because an answer and an insurance number have so few possible values that a plain hash of
 * either could be undone by trying them all.
 */
export class AnswerKeys {
  private readonly versionKey: KeyObject;
  private readonly subjectKey: KeyObject;
  private readonly requestKey: KeyObject;
  private readonly idempotencyKey: KeyObject;
  /** Seals what was asked, for as long as it is to be asked again. */
  readonly questions: QuestionSeal;

  constructor(master: Buffer) {
    this.versionKey = derive(master, 'answer-version');
    this.subjectKey = derive(master, 'subject-hash');
    this.requestKey = derive(master, 'request-hash');
    this.idempotencyKey = derive(master, 'idempotency-key');
    this.questions = new QuestionSeal(derive(master, 'question-seal'));
  }

  /** Opaque; differs when anything the caller would see differs. Of the same instance group, alike on every instance. */
  version(content: AnswerContent): string {
    const { results = [] } = content;
    const { common, limit, diseases } = this.versionParts(content);
    const fingerprint = Buffer.allocUnsafe(FINGERPRINT_BYTES);
    for (let i = 0; i < FINGERPRINT_BYTES; i += 1)
      fingerprint[i] = (common[i] as number) ^ (limit[i] as number) ^ (diseases[i] as number);
    return this.versionOf(
      fingerprint,
      viewingShown(results),
      monthShown(results),
      ticketsShown(results),
      results[0]?.referenceNumber,
    );
  }

  /**
   * One fingerprint each of what everybody sees, and of what is seen with or without a consent. Each is a keyed hash of its own;
   * combined by exclusive or they tell any two answers apart, and a ready answer needs five of them and not one for each of 64
   * consents.
   */
  versionParts({
    results = [],
    notices,
    credential: { verifiedAt: _time, ...credential },
    ...rest
  }: AnswerContent): VersionParts {
    const members = parted(results);
    return {
      common: this.part('common', { ...rest, credential, results: members.common }),
      // Notices of a limit come with the consent for it.
      limit: this.part('limit', { notices, results: members.limit }),
      diseases: this.part('diseases', members.diseases),
    };
  }

  /** `viewing` holds the flags of the four kinds, `month` the treatment month, `tickets` a flag for each; each empty where it is not shown. */
  versionOf(fingerprint: Buffer, viewing: string, month: string, tickets: string, referenceNumber?: string): string {
    return `v2.${fingerprint.toString('base64url')}.${viewing}${month}${tickets === '' ? '' : `.t${tickets}`}${
      referenceNumber === undefined ? '' : `.${this.reference(referenceNumber)}`
    }`;
  }

  /** Stands in the record for what was asked about, so that the record holds no identifier. */
  subject(identifier: string): Buffer {
    return createHmac('sha256', this.subjectKey).update(identifier).digest();
  }

  /** Tells one request body from another under an Idempotency-Key. */
  request(body: unknown): string {
    return createHmac('sha256', this.requestKey).update(JSON.stringify(body, inOrder)).digest('base64url');
  }

  /** Stands for an Idempotency-Key, which is its client's own and may be anything at all. */
  keyOf(clientId: string, idempotencyKey: string): string {
    return createHmac('sha256', this.idempotencyKey).update(`${clientId} ${idempotencyKey}`).digest('base64url');
  }

  private part(name: string, value: unknown): Buffer {
    return createHmac('sha256', this.versionKey)
      .update(`${name}\n${JSON.stringify(value)}`)
      .digest()
      .subarray(0, FINGERPRINT_BYTES);
  }

  private reference(referenceNumber: string): string {
    return createHmac('sha256', this.versionKey)
      .update(`reference\n${referenceNumber}`)
      .digest('base64url')
      .slice(0, REFERENCE_CHARACTERS);
  }
}
