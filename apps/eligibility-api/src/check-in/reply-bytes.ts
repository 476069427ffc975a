import { STATUS_CODES } from 'node:http';

import type { ProblemReply } from '../problems/problem-reply.js';

/** The part of a reply's head that is the same for a second. */
export class ReplyFields {
  private second = 0;
  private kept = '';
  private last = '';

  constructor(private readonly keepAliveMs: number) {}

  /** Fields that Node's own replies have, and the end of the head. `isLast`: the connection ends with this reply. */
  common(isLast: boolean): string {
    // The machine's own clock, as in Node's replies: it is about this message, and not about what is answered.
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.second) {
      this.second = second;
      const date = `\r\nDate: ${new Date(second * 1000).toUTCString()}`;
      this.kept = `${date}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(this.keepAliveMs / 1000)}\r\n\r\n`;
      this.last = `${date}\r\nConnection: close\r\n\r\n`;
    }
    return isLast ? this.last : this.kept;
  }
}

/** The whole reply to a check that is turned away, put together once a second: `refusal` and `common` are the same for so long. */
export class TurnedAway {
  private refusal: ProblemReply | undefined;
  private common = '';
  private text = '';

  of(refusal: ProblemReply, common: string): string {
    if (refusal !== this.refusal || common !== this.common) {
      this.refusal = refusal;
      this.common = common;
      this.text = `${headOf(refusal)}${common}${refusal.body}`;
    }
    return this.text;
  }
}

export const headOf = ({ status, headers }: Omit<ProblemReply, 'body'>): string =>
  `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}${Object.entries(headers)
    .map(([name, value]) => `\r\n${name}: ${value}`)
    .join('')}`;
