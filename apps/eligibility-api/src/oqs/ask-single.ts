import type { EligibilityAnswer, EligibilityCheckRequest } from '@app/contracts';
import type { ReceivedMessage } from '@app/oqs';

import type { AskOnce } from '../check-in/ask-once.js';
import type { Given } from '../check-in/given.js';
import type { VerifyEligibility } from '../check-in/verify-eligibility.js';
import { tokyoInstant, type Clock } from '../clock/clock.js';
import { askedOf, type SingleQuestion } from './asked.js';
import { askingOf, type OqsClient } from './client.js';
import { noteOfFaults } from './faults.js';
import { noteOfError, OTHER_INSTITUTION, type Note } from './notes.js';
import { presentAnswer, presentFailure, type SingleAnswer } from './present-answer.js';
import { isoDate } from './writing.js';

type Question = ReceivedMessage<'OQSsiquc01req'>;
export type SearchInfo = Question['MessageBody']['QualificationConfirmSearchInfo'];

export const CONSENTED = '1';

/** Whom a 資格確認照会用情報 asks about, as any other way of asking has it. */
export const insuredOf = (info: SearchInfo): NonNullable<EligibilityCheckRequest['insured']> => ({
  insurerNumber: info.InsurerNumber,
  insuredIdentificationNumber: info.InsuredIdentificationNumber,
  birthdate: isoDate(info.Birthdate),
  ...(info.InsuredCardSymbol === undefined ? {} : { insuredCardSymbol: info.InsuredCardSymbol }),
  ...(info.InsuredBranchNumber === undefined ? {} : { insuredBranchNumber: info.InsuredBranchNumber }),
});

/** The only consent that a question by symbol and number can carry. */
export const consentOf = (info: Pick<SearchInfo, 'LimitApplicationCertificateRelatedConsFlg'>) => ({
  limitApplicationCertificate: info.LimitApplicationCertificateRelatedConsFlg === CONSENTED,
});

/** The reply of a check, as it left (`Given.body`). */
export const answerOf = ({ body }: Pick<Given, 'body'>): EligibilityAnswer =>
  JSON.parse(Buffer.from(body, 'latin1').toString('utf8')) as EligibilityAnswer;

export interface AskSingleParts {
  readonly verify: Pick<VerifyEligibility, 'for'>;
  readonly once: Pick<AskOnce, 'for'>;
  readonly clock: Clock;
  /** Told of every answer, and how long it took in milliseconds. */
  readonly answered: (given: Given, tookMs: number) => void;
  /** Told of what was thrown instead of an answer. */
  readonly failed: (error: unknown) => void;
}

/** 資格確認照会 of one person: reads the one question out of it, asks as everybody asks, and writes the answer in its tree. */
export class AskSingle {
  constructor(private readonly parts: AskSingleParts) {}

  /** Never rejects: what cannot be answered is said in the message. `repeatKey`: the same message again, which is answered as it was before. */
  async for(client: OqsClient, question: SingleQuestion, repeatKey?: string): Promise<SingleAnswer> {
    const { clock, failed } = this.parts;
    const askedAt = tokyoInstant(clock.now());
    const asked = askedOf(question, askedAt, client.institutionCode);
    const refuse = (note: Note): SingleAnswer => presentFailure(note, asked, askedAt);
    if (asked.institutionCode !== client.institutionCode) return refuse(OTHER_INSTITUTION);
    if (question.outcome === 'faulty') return refuse(noteOfFaults(question.faults));
    try {
      return presentAnswer(answerOf(await this.ask(client, question.message, repeatKey)), asked);
    } catch (error) {
      failed(error);
      return refuse(noteOfError(error));
    }
  }

  private async ask(client: OqsClient, { MessageHeader, MessageBody }: Question, repeatKey?: string): Promise<Given> {
    const { verify, once, answered } = this.parts;
    const beganAt = performance.now();
    const info = MessageBody.QualificationConfirmSearchInfo;
    const request: EligibilityCheckRequest = {
      insured: insuredOf(info),
      serviceDate: isoDate(MessageHeader.QualificationConfirmationDate),
      consent: consentOf(info),
    };
    const asking = askingOf(client);
    const given = await (repeatKey === undefined ? verify.for(asking, request) : once.for(repeatKey, asking, request));
    answered(given, performance.now() - beganAt);
    return given;
  }
}
