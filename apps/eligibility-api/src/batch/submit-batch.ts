import type { EligibilityBatchRequest, ProblemError } from '@app/contracts';
import { createHash, randomUUIDv7 } from 'node:crypto';

import type { AnswerKeys } from '../check-in/answer-keys.js';
import { serviceDateOf } from '../check-in/ask.js';
import type { Purpose } from '../check-log/check-log.js';
import { tokyoDay, type Clock } from '../clock/clock.js';
import { ProblemException } from '../problems/problem.exception.js';
import { placeOf, type BatchSeal } from './batch-seal.js';
import type { Batch, Batches, PeoplePart, SubmissionLimits } from './batches.js';
import { readPeople } from './read-people.js';

export const SUBMISSION_BYTES_MAX = 8 * 1024 * 1024;

/** Who submits. */
export interface Submitter {
  readonly clientId: string;
  readonly institutionCode: string;
  readonly operator?: string;
  readonly purpose: Purpose;
  readonly idempotencyKey?: string;
}

export interface SubmitBatchParts {
  readonly batches: Batches;
  readonly seal: BatchSeal;
  readonly keys: AnswerKeys;
  readonly clock: Clock;
  /** What is wrong with the body beside its people. */
  readonly faultsOf: (envelope: unknown) => readonly ProblemError[] | undefined;
  readonly limits: SubmissionLimits;
  /** Whether the record has room for more than check-in. */
  readonly hasRoom: () => boolean;
  /** Told when there is something to do. */
  readonly accepted: () => void;
}

/** Reads what is submitted, and accepts it whole or not at all. */
export class SubmitBatch {
  constructor(private readonly parts: SubmitBatchParts) {}

  async for(submitter: Submitter, body: AsyncIterable<Buffer>): Promise<Batch> {
    const { batches, keys, clock, limits, hasRoom } = this.parts;
    if (!hasRoom())
      throw new ProblemException('batches-unavailable', {
        detail: 'The local record of checks has room for check-in only.',
        retryAfterSeconds: 60,
      });
    const { idempotencyKey, ...who } = submitter;
    // Person by person, as they are read: the whole at once would stop the event loop.
    const people = idempotencyKey === undefined ? undefined : createHash('sha256');
    const read = await readPeople(body, SUBMISSION_BYTES_MAX, (person) => people?.update(keys.request(person)));
    const envelope = this.envelopeOf(read.envelope, read.total);

    const submittedAt = clock.now();
    const head = {
      batchId: randomUUIDv7(),
      ...who,
      serviceDate: serviceDateOf(envelope, tokyoDay(submittedAt)),
      submittedAt,
      total: read.total,
    };
    const request =
      people === undefined
        ? undefined
        : {
            key: keys.request([who.clientId, idempotencyKey]),
            hash: keys.request([people.digest('base64url'), { ...envelope, people: read.total }]),
          };
    const submitted = await batches.submit(
      {
        ...head,
        parts: await this.sealed(head.batchId, read.parts),
        ...(request === undefined ? {} : { request }),
      },
      limits,
    );
    switch (submitted.kind) {
      case 'accepted':
        this.parts.accepted();
        return { ...head, state: 'queued', counts: { answered: 0, unavailable: 0, refused: 0 } };
      case 'repeated':
        return submitted.batch;
      case 'key-reused':
        throw new ProblemException('idempotency-key-reused');
      case 'too-many-of-client':
        throw new ProblemException('too-many-batches', {
          detail: `At most ${limits.unfinishedOfClientMax} batches of a client may be unfinished.`,
        });
      case 'queue-full':
        throw new ProblemException('batches-unavailable', {
          detail: 'The queue of batches is full.',
          retryAfterSeconds: 60,
        });
    }
  }

  private envelopeOf(envelope: unknown, total: number): Omit<EligibilityBatchRequest, 'people'> {
    const errors = this.parts.faultsOf(envelope);
    if (errors !== undefined) throw new ProblemException('invalid-request', { errors });
    if (total === 0)
      throw new ProblemException('invalid-request', {
        errors: [{ pointer: '/people', code: 'min-items', detail: 'must have at least 1 item' }],
      });
    return envelope as EligibilityBatchRequest;
  }

  private async sealed(
    batchId: string,
    parts: readonly { readonly first: number; readonly size: number; readonly text: string }[],
  ): Promise<PeoplePart[]> {
    const sealed: PeoplePart[] = [];
    for (const { first, size, text } of parts)
      sealed.push({ first, size, people: await this.parts.seal.close(text, placeOf('people', batchId, first)) });
    return sealed;
  }
}
