import { BATCH_PEOPLE_MAX, type EligibilityBatchItem } from '@app/contracts';
import { addDays, monthOf, type CivilDate } from '@app/domain';
import {
  readBulkXml,
  readXml,
  writeBulkXml,
  writeXml,
  type BulkKind,
  type Echo,
  type Fault,
  type ItemToWrite,
  type MessageToWrite,
  type ReceivedItem,
} from '@app/oqs';
import { createHash, randomInt } from 'node:crypto';
import { Readable } from 'node:stream';

import { placeOf, type BatchSeal } from '../batch/batch-seal.js';
import type { BatchResults } from '../batch/batch-results.js';
import { BatchesUnavailable, type Batches } from '../batch/batches.js';
import type { SubmitBatch } from '../batch/submit-batch.js';
import { turn } from '../batch/turn.js';
import type { AnswerKeys } from '../check-in/answer-keys.js';
import { tokyoDay, tokyoInstant, type Clock } from '../clock/clock.js';
import { ProblemException } from '../problems/problem.exception.js';
import { consentOf, insuredOf } from './ask-single.js';
import { confirmUnit, consentedUnit, isAnswered, type BatchLine } from './bulk-units.js';
import type { OqsClient } from './client.js';
import type { Incoming, Outgoing } from './desk.js';
import { noteOfFaults } from './faults.js';
import {
  BULK_EMPTY,
  BULK_FAILED,
  BULK_TOO_MANY,
  noteOfError,
  noteOfRegistration,
  OTHER_INSTITUTION,
  RECEPTION_UNKNOWN,
  STORE_AWAY,
  type Note,
} from './notes.js';
import { FAILED, IN_PROGRESS, SUCCEEDED } from './present-answer.js';
import { ReceptionsUnavailable, type BulkName, type Reception, type Receptions } from './receptions.js';
import type { RegisterNumbers, RegistrationInfo } from './register-numbers.js';
import { ReferenceNumbersUnavailable, type RegistrationOutcome } from './reference-numbers.js';
import { dateDigits, isoDate, timeDigits } from './writing.js';

type SearchInfo = ReceivedItem<'OQSmuquc01req'>;

/** Somebody in a bulk request: as they were sent, and what is wrong with that. */
interface Sent<T> {
  readonly info: Partial<T>;
  readonly note?: Note;
}

/** What a reception keeps for the answer. */
interface Contents {
  readonly fileIdentifier?: string;
  /** `YYYYMMDD`. */
  readonly confirmationDate?: string;
  readonly people?: readonly Sent<SearchInfo>[];
  readonly registrations?: readonly (Sent<RegistrationInfo> & { readonly outcome?: RegistrationOutcome })[];
  /** How many ticket holders are being asked about. */
  readonly holders?: number;
}

interface Header {
  readonly MedicalInstitutionCode?: string;
  readonly ArbitraryFileIdentifier?: string;
  readonly QualificationConfirmationDate?: string;
}

/** A bulk request that is refused whole; the receipt says so. */
class Refused extends Error {
  constructor(readonly note: Note) {
    super(note.code);
  }
}

export interface BulkDeskParts {
  readonly receptions: Receptions;
  readonly submit: SubmitBatch;
  readonly batches: Batches;
  readonly results: BatchResults;
  readonly seal: BatchSeal;
  readonly register: RegisterNumbers;
  readonly keys: AnswerKeys;
  readonly clock: Clock;
  /** Told of what was thrown instead of an answer. */
  readonly failed: (error: unknown) => void;
}

/** `OQSmuquc01`: which bulk, and which half of it. */
const BULK = /^OQS(muquc|muimm|mutic|muhvq|muonq)(01|02)req$/;

/**
 * Bulk messages: accepted under a 受付番号, asked about as a batch, fetched when they are there. They are asked about by the one way in
 * which anybody is asked about; what is kept here is only what the answer has to repeat.
 */
export class BulkDesk {
  constructor(private readonly parts: BulkDeskParts) {}

  /** `kind` is the beginning of the file's name; undefined where that is no bulk request. `answerName` is the name that the answer gets. */
  async reply(client: OqsClient, kind: string, incoming: Incoming, answerName: string): Promise<Outgoing | undefined> {
    const [, name, half] = BULK.exec(kind) ?? [];
    if (name === undefined) return undefined;
    return half === '01'
      ? this.accept(client, name as BulkName, incoming, answerName)
      : this.fetch(client, name as BulkName, incoming, answerName);
  }

  private async accept(client: OqsClient, name: BulkName, incoming: Incoming, answerName: string): Promise<Outgoing> {
    const kind = `OQS${name}01req` as const;
    const sent: { info: object; faults?: readonly [Fault, ...Fault[]] }[] = [];
    const hasPeople = name === 'muquc' || name === 'muimm';
    const reading = hasPeople
      ? await readBulkXml(`OQS${name}01req`, Readable.from([incoming.bytes]), (item) => {
          if (sent.length <= BATCH_PEOPLE_MAX)
            sent.push({ info: item.item, ...(item.outcome === 'faulty' ? { faults: item.faults } : {}) });
        })
      : readXml(kind, incoming.bytes);
    if (reading.outcome === 'malformed')
      return { kind: 'malformed', code: reading.fault.wireCode, message: reading.fault.ja };
    const header = (reading.message.MessageHeader ?? {}) as Header;
    const people = sent.map(({ info, faults }) => ({
      info,
      ...(faults === undefined ? {} : { note: noteOfFaults(faults) }),
    }));
    const receivedAt = this.parts.clock.now();
    try {
      if (header.MedicalInstitutionCode !== undefined && header.MedicalInstitutionCode !== client.institutionCode)
        throw new Refused(OTHER_INSTITUTION);
      // What is wrong with one of many is theirs alone.
      if (reading.outcome === 'faulty') {
        const [first, ...more] = reading.faults.filter(({ path }) => !hasPeople || !ITEM.test(path));
        if (first !== undefined) throw new Refused(noteOfFaults([first, ...more]));
      }
      if (hasPeople && people.length === 0) throw new Refused(BULK_EMPTY);
      if (people.length > BATCH_PEOPLE_MAX) throw new Refused(BULK_TOO_MANY);
      const hash = createHash('sha256').update(incoming.bytes).digest('base64url');
      const requestKey = this.parts.keys.request([client.institutionCode, incoming.name, hash]);
      const { batchId, contents } = await this.take(client, name, header, people, reading.message, requestKey);
      const receptionNumber = newReceptionNumber(receivedAt);
      const stored = await this.parts.receptions.add(
        {
          receptionNumber,
          institutionCode: client.institutionCode,
          clientId: client.clientId,
          kind: name,
          receivedAt,
          ...(batchId === undefined ? {} : { batchId }),
          contents: await this.parts.seal.close(JSON.stringify(contents), sealedFor(receptionNumber)),
        },
        requestKey,
      );
      return this.receipt(client, name, header, reading.echo, answerName, stored);
    } catch (error) {
      return this.receipt(client, name, header, reading.echo, answerName, this.noteOf(error));
    }
  }

  /** What is done with those who were sent: registered at once, or asked about in a batch. */
  private async take(
    client: OqsClient,
    name: BulkName,
    header: Header,
    people: readonly Sent<object>[],
    message: object,
    requestKey: string,
  ): Promise<{ readonly batchId?: string; readonly contents: Contents }> {
    const head = {
      ...(header.ArbitraryFileIdentifier === undefined ? {} : { fileIdentifier: header.ArbitraryFileIdentifier }),
      ...(header.QualificationConfirmationDate === undefined
        ? {}
        : { confirmationDate: header.QualificationConfirmationDate }),
    };
    switch (name) {
      case 'muquc': {
        const sent = people as readonly Sent<SearchInfo>[];
        const asked = sent.flatMap(({ info, note }, i) =>
          note === undefined ? [personAsked(String(i), info as SearchInfo)] : [],
        );
        const day = isoDate(header.QualificationConfirmationDate ?? '');
        const batchId = await this.submit(client, day, asked, requestKey);
        return { ...batchId, contents: { ...head, people: sent } };
      }
      case 'muimm': {
        const sent = people as readonly Sent<RegistrationInfo>[];
        const well = sent.filter(({ note }) => note === undefined);
        const outcomes = await this.parts.register.many(
          client,
          well.map(({ info }) => info as RegistrationInfo),
        );
        const outcomeOf = new Map(well.map((one, i) => [one, outcomes[i]]));
        return {
          contents: {
            ...head,
            registrations: sent.map((one) => {
              const outcome = outcomeOf.get(one);
              return outcome === undefined ? one : { ...one, outcome };
            }),
          },
        };
      }
      case 'mutic': {
        const month = ticketMonth(message);
        const holders = await this.parts.receptions.ticketHolders(client.institutionCode, month);
        const asked = holders.map((insured, i) => ({ itemId: String(i), insured }));
        const day = dayInMonth(month, tokyoDay(this.parts.clock.now()));
        const batchId = await this.submit(client, day, asked, requestKey);
        return { ...batchId, contents: { ...head, holders: holders.length } };
      }
      // Consents given for home visits and online examinations, on a site of the national system's own, do not reach this service.
      case 'muhvq':
      case 'muonq':
        return { contents: head };
    }
  }

  private async submit(
    { clientId, institutionCode, operator }: OqsClient,
    serviceDate: string,
    people: readonly EligibilityBatchItem[],
    requestKey: string,
  ): Promise<{ readonly batchId?: string }> {
    if (people.length === 0) return {};
    const { batchId } = await this.parts.submit.for(
      // Under its own key it is accepted once, whatever happens before the receipt is out.
      { clientId, institutionCode, operator, purpose: 'treatment', idempotencyKey: `oqs ${requestKey}` },
      Readable.from(batchText(serviceDate, people)),
    );
    return { batchId };
  }

  private receipt(
    client: OqsClient,
    name: BulkName,
    header: Header,
    echo: Echo | undefined,
    answerName: string,
    said: Pick<Reception, 'receptionNumber' | 'receivedAt'> | Note,
  ): Outgoing {
    const now = timeDigits(tokyoInstant(this.parts.clock.now()));
    const common = {
      ProcessExecutionTime: now,
      MedicalInstitutionCode: header.MedicalInstitutionCode ?? client.institutionCode,
      ArbitraryFileIdentifier: header.ArbitraryFileIdentifier,
    };
    const message: MessageToWrite<'OQSmuquc01res'> =
      'message' in said
        ? {
            MessageHeader: { ...common, SegmentOfResult: FAILED, ErrorCode: said.code, ErrorMessage: said.message },
            MessageBody: {
              ProcessingResultStatus: '2',
              ProcessingResultCode: said.code,
              ProcessingResultMessage: said.message,
            },
          }
        : {
            MessageHeader: { ...common, SegmentOfResult: SUCCEEDED },
            MessageBody: {
              ReceptionNumber: said.receptionNumber,
              ReceptionDateTime: timeDigits(tokyoInstant(said.receivedAt)),
            },
          };
    return { kind: 'answered', name: answerName, bytes: writeXml(`OQS${name}01res`, message, { echo }).bytes };
  }

  private async fetch(client: OqsClient, name: BulkName, incoming: Incoming, answerName: string): Promise<Outgoing> {
    const reading = readXml(`OQS${name}02req`, incoming.bytes);
    if (reading.outcome === 'malformed')
      return { kind: 'malformed', code: reading.fault.wireCode, message: reading.fault.ja };
    const header = (reading.message.MessageHeader ?? {}) as Header;
    const receptionNumber = reading.message.MessageBody?.ReceptionNumber ?? '';
    let found: Found | Note | 'in-progress';
    try {
      if (header.MedicalInstitutionCode !== undefined && header.MedicalInstitutionCode !== client.institutionCode)
        throw new Refused(OTHER_INSTITUTION);
      if (reading.outcome === 'faulty') throw new Refused(noteOfFaults(reading.faults));
      found = await this.find(client, name, receptionNumber);
    } catch (error) {
      found = this.noteOf(error);
    }
    const contents = found === 'in-progress' || 'message' in found ? undefined : found.contents;
    const common = {
      ProcessExecutionTime: timeDigits(tokyoInstant(this.parts.clock.now())),
      QualificationConfirmationDate: contents?.confirmationDate,
      MedicalInstitutionCode: header.MedicalInstitutionCode ?? client.institutionCode,
      ArbitraryFileIdentifier: header.ArbitraryFileIdentifier ?? contents?.fileIdentifier,
      // A faulty request may have named none.
      ReceptionNumber: receptionNumber === '' ? '0' : receptionNumber,
    };
    const kind = `OQS${name}02res` as const;
    const options = { echo: reading.echo };
    if (found === 'in-progress') {
      const message = { MessageHeader: { ...common, SegmentOfResult: IN_PROGRESS }, MessageBody: {} };
      return { kind: 'answered', name: answerName, bytes: writeXml(kind, message, options).bytes };
    }
    if ('message' in found) {
      const message = {
        MessageHeader: { ...common, SegmentOfResult: FAILED, ErrorCode: found.code, ErrorMessage: found.message },
        MessageBody: {
          ProcessingResultStatus: '2',
          ProcessingResultCode: found.code,
          ProcessingResultMessage: found.message,
        },
      };
      return { kind: 'answered', name: answerName, bytes: writeXml(kind, message, options).bytes };
    }
    const { units } = found;
    const answered = units.filter(isAnswered).length;
    const message = {
      MessageHeader: {
        ...common,
        SegmentOfResult: SUCCEEDED,
        NumberOfProcessingResult: String(units.length),
        NumberOfNormalProcessing: String(answered),
        NumberOfError: String(units.length - answered),
      },
      MessageBody: {},
    };
    const pieces: Buffer[] = [];
    for await (const piece of writeBulkXml(kind as BulkKind, message, units as ItemToWrite<BulkKind>[], options)) {
      pieces.push(piece);
      await turn();
    }
    return { kind: 'answered', name: answerName, bytes: Buffer.concat(pieces) };
  }

  private async find(
    { institutionCode }: OqsClient,
    name: BulkName,
    receptionNumber: string,
  ): Promise<Found | 'in-progress'> {
    const { receptions, seal } = this.parts;
    const reception = await receptions.find(institutionCode, name, receptionNumber);
    if (reception === undefined) throw new Refused(RECEPTION_UNKNOWN);
    const opened = await seal.open(reception.contents, sealedFor(receptionNumber));
    const contents = JSON.parse(opened.toString('utf8')) as Contents;
    const lines = await this.lines(institutionCode, reception.batchId);
    if (lines === 'in-progress') return lines;
    return { contents, units: unitsOf(contents, lines) };
  }

  private async lines(
    institutionCode: string,
    batchId: string | undefined,
  ): Promise<ReadonlyMap<string, BatchLine> | 'in-progress'> {
    const lines = new Map<string, BatchLine>();
    if (batchId === undefined) return lines;
    const batch = await this.parts.batches.find(institutionCode, batchId);
    if (batch === undefined) throw new Refused(RECEPTION_UNKNOWN);
    if (batch.state === 'queued' || batch.state === 'running') return 'in-progress';
    if (batch.state !== 'finished') throw new Refused(BULK_FAILED);
    for await (const piece of this.parts.results.from(batch, 0)) {
      for (const text of piece.toString('utf8').split('\n')) {
        if (text === '') continue;
        const line = JSON.parse(text) as BatchLine;
        lines.set(line.itemId, line);
      }
      await turn();
    }
    return lines;
  }

  private noteOf(error: unknown): Note {
    if (error instanceof Refused) return error.note;
    this.parts.failed(error);
    if (
      error instanceof ReceptionsUnavailable ||
      error instanceof BatchesUnavailable ||
      error instanceof ReferenceNumbersUnavailable
    )
      return STORE_AWAY;
    return noteOfError(error instanceof ProblemException ? error : new Error('unexpected', { cause: error }));
  }
}

type Unit = ReturnType<typeof confirmUnit> | ReturnType<typeof consentedUnit> | ItemToWrite<'OQSmuimm02res'>;

interface Found {
  readonly contents: Contents;
  readonly units: readonly Unit[];
}

const sealedFor = (receptionNumber: string): string => placeOf('people', `reception ${receptionNumber}`, 0);
/** A fault within one person of many. */
const ITEM = /^MessageBody\/(QualificationConfirmSearchInfo|ReferenceNumberRegistrationInfo)(\[\d+\])?\//;

const unitsOf = (
  { people, registrations, holders }: Contents,
  lines: ReadonlyMap<string, BatchLine>,
): readonly Unit[] => {
  const unanswered: Note = BULK_FAILED;
  if (people !== undefined)
    return people.map(({ info, note }, i) => confirmUnit(info, note ?? lines.get(String(i)) ?? unanswered));
  if (registrations !== undefined)
    return registrations.map(({ info, note, outcome }) => {
      const why = note ?? noteOfRegistration(outcome ?? 'not-found');
      return {
        ReferenceNumberRegistrationInfo: info,
        ProcessingResultStatus: why === undefined ? '1' : '2',
        ProcessingResultCode: why?.code,
        ProcessingResultMessage: why?.message,
      };
    });
  return holders === undefined ? [] : [...lines.values()].map(consentedUnit);
};

const personAsked = (itemId: string, info: SearchInfo): EligibilityBatchItem => ({
  itemId,
  insured: insuredOf(info),
  consent: consentOf(info),
});

/** The body of a batch, a piece for every person: as one text it would stop the event loop. */
function* batchText(serviceDate: string, people: readonly EligibilityBatchItem[]): Generator<Buffer> {
  yield Buffer.from(`{"serviceDate":${JSON.stringify(serviceDate)},"people":[`);
  for (const [i, person] of people.entries()) yield Buffer.from(`${i === 0 ? '' : ','}${JSON.stringify(person)}`);
  yield Buffer.from(']}');
}

const ticketMonth = (message: object): string => {
  const { MessageBody } = message as {
    MessageBody?: { QualificationConfirmSearchInfo?: { MedicalTreatmentMonth?: string } };
  };
  const digits = MessageBody?.QualificationConfirmSearchInfo?.MedicalTreatmentMonth ?? '';
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}`;
};

/** The day of a month that is asked about: today while the month lasts, its first day before it, its last one after. */
const dayInMonth = (month: string, today: CivilDate): string => {
  if (monthOf(today) === month) return today;
  const first = `${month}-01` as CivilDate;
  if (first > today) return first;
  let day = addDays(first, 27);
  while (monthOf(addDays(day, 1)) === month) day = addDays(day, 1);
  return day;
};

const RANDOM_DIGITS = 12;

/** Its day, and digits that nobody could guess from another's. */
const newReceptionNumber = (receivedAt: number): string =>
  dateDigits(tokyoDay(receivedAt)) + Array.from({ length: RANDOM_DIGITS }, () => String(randomInt(10))).join('');
