import { normaliseBranch, normaliseNumber, normaliseSymbol } from '@app/domain';
import type { MessageToWrite, Reading, ReceivedMessage } from '@app/oqs';

import { tokyoInstant, type Clock } from '../clock/clock.js';
import type { OqsClient } from './client.js';
import { noteOfFaults } from './faults.js';
import { noteOfRegistration, OTHER_INSTITUTION, STORE_AWAY, type Note } from './notes.js';
import { FAILED, SUCCEEDED } from './present-answer.js';
import {
  ReferenceNumbersUnavailable,
  type ReferenceNumbers,
  type Registration,
  type RegistrationOutcome,
} from './reference-numbers.js';
import { timeDigits } from './writing.js';

export type RegistrationInfo = ReceivedMessage<'OQSsiimm01req'>['MessageBody']['ReferenceNumberRegistrationInfo'];
type SingleRegistration = Exclude<Reading<'OQSsiimm01req'>, { readonly outcome: 'malformed' }>;
type Registered = MessageToWrite<'OQSsiimm01res'>;

/** One transaction: short, since replicas wait for the oldest one that is open. */
const TOGETHER = 500;

const registrationOf = (info: RegistrationInfo): Registration => {
  const symbol = normaliseSymbol(info.InsuredCardSymbol ?? '');
  return {
    insurerNumber: info.InsurerNumber,
    insuredIdentificationNumber: normaliseNumber(info.InsuredIdentificationNumber),
    referenceNumber: info.ReferenceNumber,
    ...(symbol === '' ? {} : { insuredCardSymbol: symbol }),
    ...(info.InsuredBranchNumber === undefined
      ? {}
      : { insuredBranchNumber: normaliseBranch(info.InsuredBranchNumber) }),
  };
};

/** 照会番号登録, of one person and of many. */
export class RegisterNumbers {
  constructor(
    private readonly numbers: ReferenceNumbers,
    private readonly clock: Clock,
  ) {}

  /** Never rejects for want of the store: that is said in the message. */
  async single(client: OqsClient, request: SingleRegistration): Promise<Registered> {
    const header = request.message.MessageHeader;
    const info = request.message.MessageBody?.ReferenceNumberRegistrationInfo;
    const told = (segment: string, note?: Note): Registered => ({
      MessageHeader: {
        ProcessExecutionTime: timeDigits(tokyoInstant(this.clock.now())),
        MedicalInstitutionCode: header?.MedicalInstitutionCode ?? client.institutionCode,
        ArbitraryFileIdentifier: header?.ArbitraryFileIdentifier,
        SegmentOfResult: segment,
        // A client in use takes any ErrorCode for a failure, and there is one only where it is.
        ErrorCode: note?.code,
        ErrorMessage: note?.message,
      },
      MessageBody: {
        ReferenceNumberRegistrationInfo: info,
        ProcessingResultStatus: note === undefined ? '1' : '2',
        ProcessingResultCode: note?.code,
        ProcessingResultMessage: note?.message,
      },
    });
    if (header?.MedicalInstitutionCode !== undefined && header.MedicalInstitutionCode !== client.institutionCode)
      return told(FAILED, OTHER_INSTITUTION);
    if (request.outcome === 'faulty') return told(FAILED, noteOfFaults(request.faults));
    try {
      const [outcome = 'not-found'] = await this.many(client, [
        request.message.MessageBody.ReferenceNumberRegistrationInfo,
      ]);
      const note = noteOfRegistration(outcome);
      return told(note === undefined ? SUCCEEDED : FAILED, note);
    } catch (error) {
      if (error instanceof ReferenceNumbersUnavailable) return told(FAILED, STORE_AWAY);
      throw error;
    }
  }

  /** @throws ReferenceNumbersUnavailable */
  async many(client: OqsClient, infos: readonly RegistrationInfo[]): Promise<readonly RegistrationOutcome[]> {
    const { clientId, institutionCode } = client;
    const outcomes: RegistrationOutcome[] = [];
    for (let i = 0; i < infos.length; i += TOGETHER)
      outcomes.push(
        ...(await this.numbers.register(
          { clientId, institutionCode, now: this.clock.now() },
          infos.slice(i, i + TOGETHER).map(registrationOf),
        )),
      );
    return outcomes;
  }
}
