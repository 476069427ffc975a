import { faceFileName, oqsDateTime, readClipboard, writeXml } from '@app/oqs';
import { randomBytes } from 'node:crypto';

import type { Clock } from '../clock/clock.js';
import { ProblemException } from '../problems/problem.exception.js';
import type { OqsClient } from './client.js';

/** As many as in the captured message. */
const IDENTIFIER_BYTES = 11;
const HEX_BYTES = 10;
/** A text has some thirty lines, each with one thing that can be wrong. */
const TOLD_MAX = 20;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Takes over what マイナ資格確認アプリ showed: a message as a card reader leaves it. */
export class ReadAppText {
  constructor(private readonly clock: Clock) {}

  /** @throws ProblemException `malformed-message`, with the lines at fault */
  of({ institutionCode }: OqsClient, bytes: Buffer): { readonly name: string; readonly bytes: Buffer } {
    const at = oqsDateTime(this.clock.now());
    const reading = readClipboard(textOf(bytes), {
      institutionCode,
      at,
      fileIdentifier: `${randomBytes(IDENTIFIER_BYTES).toString('base64url')}=`,
    });
    if (reading.outcome === 'read')
      return {
        name: faceFileName(institutionCode, randomBytes(HEX_BYTES).toString('hex').toUpperCase(), at),
        bytes: writeXml('OQSsiquc01res_face', reading.message).bytes,
      };
    const faults = reading.outcome === 'malformed' ? [reading.fault] : reading.faults;
    throw new ProblemException('malformed-message', {
      errors: faults.slice(0, TOLD_MAX).map(({ wireCode, ja }) => ({ pointer: '', code: wireCode, detail: ja })),
    });
  }
}

const textOf = (bytes: Buffer): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ProblemException('malformed-message', {
      errors: [{ pointer: '', code: 'SHK1003', detail: '文字コードはUTF-8としてください。' }],
    });
  }
};
