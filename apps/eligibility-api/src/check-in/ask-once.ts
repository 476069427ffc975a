import type { EligibilityCheckRequest } from '@app/contracts';
import { randomUUIDv7 } from 'node:crypto';

import { RecordUnavailable, type CheckLog, type PastChecksReader } from '../check-log/check-log.js';
import { tokyoDay, type Clock } from '../clock/clock.js';
import { KeyReused, type IdempotencyKeys } from '../idempotency/idempotency-keys.js';
import { ProblemException } from '../problems/problem.exception.js';
import type { AnswerKeys } from './answer-keys.js';
import { AnswerUnavailable } from './answer-unavailable.js';
import { serviceDateOf } from './ask.js';
import { givenAgain, type Asking, type Given } from './given.js';
import type { VerifyEligibility } from './verify-eligibility.js';

export interface AskOnceParts {
  readonly verify: Pick<VerifyEligibility, 'for'>;
  readonly log: CheckLog;
  readonly past: PastChecksReader;
  readonly keys: AnswerKeys;
  readonly idempotencyKeys: IdempotencyKeys<Given>;
  readonly clock: Clock;
}

/** A check under a key of its caller's: repeated within ten minutes it gives the same bytes, and is on the record as a repeat. */
export class AskOnce {
  constructor(private readonly parts: AskOnceParts) {}

  /** @throws ProblemException `idempotency-key-reused` where the key came with another request */
  async for(idempotencyKey: string, asking: Asking, request: EligibilityCheckRequest): Promise<Given> {
    const { keys, clock, idempotencyKeys, past, verify } = this.parts;
    const { clientId, institutionCode } = asking.caller;
    try {
      const { outcome, repeated } = await idempotencyKeys.once(
        keys.keyOf(clientId, idempotencyKey),
        keys.request(request),
        {
          first: () => verify.for(asking, request),
          given: async (checkId) => {
            const given = await past.given(institutionCode, checkId);
            return given === undefined ? undefined : givenAgain(given);
          },
        },
      );
      if (repeated) await this.recordRepeat(asking, outcome);
      return outcome;
    } catch (error) {
      if (error instanceof KeyReused) throw new ProblemException('idempotency-key-reused');
      if (error instanceof RecordUnavailable)
        throw new AnswerUnavailable(serviceDateOf(request, tokyoDay(clock.now())), error);
      throw error;
    }
  }

  /** The same bytes leave again, so they are on the record again, as what they are. */
  private recordRepeat(asking: Asking, { record }: Given): Promise<void> {
    // Checked again as the one it repeats, if at all.
    const { operator: _before, terminal: _there, question: _asked, ...same } = record;
    return this.parts.log.record({
      ...same,
      ...(asking.operator === undefined ? {} : { operator: asking.operator }),
      ...(asking.terminal === undefined ? {} : { terminal: asking.terminal }),
      purpose: asking.purpose,
      checkId: randomUUIDv7(),
      checkedAt: this.parts.clock.now(),
      repeats: record.checkId,
      consented: [],
    });
  }
}
