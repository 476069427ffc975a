import type { ProblemCode } from '@app/contracts';
import { randomUUID } from 'node:crypto';

import { tokyoDay, type Clock } from '../clock/clock.js';
import { problemReply, type ProblemReply } from '../problems/problem-reply.js';

type Code = Extract<ProblemCode, 'overloaded' | 'check-in-first'>;

/**
 * Refusals made once a second, for all that are refused in it: an overload is no time for making them one by one. So one
 * `instance` stands for all of a second, and when to come again differs from one second to the next, so that not all come
 * again at once. The body has one character for each byte.
 */
export class FixedRefusals {
  private second = -1;
  private readonly made = new Map<Code, ProblemReply>();

  constructor(private readonly clock: Clock) {}

  of(code: Code): ProblemReply {
    const now = this.clock.now();
    const second = Math.floor(now / 1000);
    if (second !== this.second) {
      this.second = second;
      this.made.clear();
    }
    let refusal = this.made.get(code);
    if (refusal === undefined) {
      const { status, headers, body } = problemReply(
        code,
        { retryAfterSeconds: 1 + (second % RETRY_AFTER_SECONDS_MAX) },
        `urn:uuid:${randomUUID()}`,
        tokyoDay(now),
      );
      const bytes = Buffer.from(body);
      refusal = {
        status,
        headers: { ...headers, 'content-length': String(bytes.length) },
        body: bytes.toString('latin1'),
      };
      this.made.set(code, refusal);
    }
    return refusal;
  }
}

const RETRY_AFTER_SECONDS_MAX = 3;
