import type { EligibilityCheckRequest } from '@app/contracts';
import { faceFileName, type MessageToWrite } from '@app/oqs';

import type { Given } from '../check-in/given.js';
import type { VerifyEligibility } from '../check-in/verify-eligibility.js';
import { answerOf } from './ask-single.js';
import { askingOf, type OqsClient } from './client.js';
import { presentAnswer } from './present-answer.js';
import { dateDigits, timeDigits } from './writing.js';

/** Bytes of the identifier that a face message brings along; as many as in the captured one. */
const IDENTIFIER_BYTES = 11;
const HEX_DIGITS = 20;

export interface FaceMessage {
  /** As the national system's program names it. */
  readonly name: string;
  readonly message: MessageToWrite<'OQSsiquc01res_face'>;
}

/** What a card reader leaves in `face`: asked with the card, and with the consents given at the reader. */
export class AskFace {
  constructor(
    private readonly parts: {
      readonly verify: Pick<VerifyEligibility, 'for'>;
      readonly answered: (given: Given, tookMs: number) => void;
    },
  ) {}

  /** @throws ProblemException as a check does */
  async for(client: OqsClient, request: EligibilityCheckRequest): Promise<FaceMessage> {
    const beganAt = performance.now();
    const given = await this.parts.verify.for(askingOf(client), request);
    this.parts.answered(given, performance.now() - beganAt);
    const answer = answerOf(given);
    const bytes = Buffer.from(answer.checkId.replaceAll('-', ''), 'hex');
    const message = presentAnswer(answer, {
      by: '1',
      institutionCode: client.institutionCode,
      confirmationDate: dateDigits(answer.serviceDate),
      fileIdentifier: `${bytes.subarray(-IDENTIFIER_BYTES).toString('base64url')}=`,
    });
    const hex = bytes.toString('hex').slice(-HEX_DIGITS).toUpperCase();
    return {
      name: faceFileName(client.institutionCode, hex, timeDigits(answer.checkedAt)),
      message,
    };
  }
}
