import { answerFileName, parseFileName, readXml, writeXml, type Malformation } from '@app/oqs';
import { createHash } from 'node:crypto';

import type { AskSingle } from './ask-single.js';
import type { BulkDesk } from './bulk-desk.js';
import type { OqsClient } from './client.js';
import type { Incoming, Outgoing } from './desk.js';
import type { RegisterNumbers } from './register-numbers.js';

const NOT_A_REQUEST: Outgoing = {
  kind: 'malformed',
  code: 'SHK1011',
  message: 'ファイル名が照会電文のもの（OQSsiquc01req_….xmlなど）ではありません。',
};

const malformed = ({ wireCode, ja }: Malformation): Outgoing => ({
  kind: 'malformed',
  code: wireCode,
  message: ja,
});

export interface MessageDeskParts {
  readonly single: AskSingle;
  readonly register: RegisterNumbers;
  readonly bulk: BulkDesk;
}

/** Answers XML messages of every kind, whatever way they came. */
export class MessageDesk {
  constructor(private readonly parts: MessageDeskParts) {}

  /** As `Desk.reply`, for one of many clients. */
  async reply(client: OqsClient, incoming: Incoming): Promise<Outgoing> {
    const kind = parseFileName(incoming.name)?.kind;
    const name = answerFileName(incoming.name);
    if (kind === undefined || name === undefined) return NOT_A_REQUEST;
    if (kind === 'OQSsiquc01req') return this.single(client, incoming, name);
    if (kind === 'OQSsiimm01req') return this.register(client, incoming, name);
    return (await this.parts.bulk.reply(client, kind, incoming, name)) ?? NOT_A_REQUEST;
  }

  private async single(client: OqsClient, incoming: Incoming, name: string): Promise<Outgoing> {
    const reading = readXml('OQSsiquc01req', incoming.bytes);
    if (reading.outcome === 'malformed') return malformed(reading.fault);
    // The same file again, to the byte, is the same question; the same name with another person in it is not.
    const hash = createHash('sha256').update(incoming.bytes).digest('base64url');
    const answer = await this.parts.single.for(client, reading, `oqs ${incoming.name} ${hash}`);
    return { kind: 'answered', name, bytes: writeXml('OQSsiquc01res', answer, { echo: reading.echo }).bytes };
  }

  private async register(client: OqsClient, incoming: Incoming, name: string): Promise<Outgoing> {
    const reading = readXml('OQSsiimm01req', incoming.bytes);
    if (reading.outcome === 'malformed') return malformed(reading.fault);
    const answer = await this.parts.register.single(client, reading);
    return { kind: 'answered', name, bytes: writeXml('OQSsiimm01res', answer, { echo: reading.echo }).bytes };
  }
}
