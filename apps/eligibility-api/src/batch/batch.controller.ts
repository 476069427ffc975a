import { BatchResultLine, BatchResultsQuery, EligibilityBatch, EligibilityBatchRequest } from '@app/contracts';
import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';

import { CallerOf, Needs } from '../access/access.guard.js';
import type { Caller } from '../access/caller.js';
import { readCheckHeaders } from '../check-in/request-headers.js';
import { tokyoInstant } from '../clock/clock.js';
import { isUuid } from '../http/ids.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { bodyOf, ReadsBody } from '../http/unread-body.js';
import { ProblemException } from '../problems/problem.exception.js';
import { notStalled, type BatchResults } from './batch-results.js';
import type { BatchRunner } from './batch-runner.js';
import { BatchesUnavailable, type Batch, type Batches } from './batches.js';
import { SubmitBatch, SUBMISSION_BYTES_MAX } from './submit-batch.js';

/** A reader of results who takes nothing for so long is let go. */
const STALLED_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Seconds after which looking again makes sense. */
const RETRY_AFTER_SECONDS = '1';

/** What the controller takes beside the use case. */
export class BatchParts {
  constructor(
    readonly batches: Batches,
    readonly results: BatchResults,
    readonly runner: BatchRunner,
    readonly now: () => number,
    readonly keptHours: number,
  ) {}
}

const ofBatch = ApiParam({
  name: 'batchId',
  description: 'batchId of the batch',
  schema: { type: 'string', maxLength: 36 },
  example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
});

@ApiTags('Batches')
@ApiExtraModels(BatchResultLine)
@Controller('v1/eligibility-batches')
export class BatchController {
  constructor(
    private readonly submitBatch: SubmitBatch,
    private readonly parts: BatchParts,
  ) {}

  @Post()
  @HttpCode(202)
  @Needs('eligibility:batch')
  @ReadsBody(SUBMISSION_BYTES_MAX)
  @ApiOperation({
    summary: 'Ask about up to 10,000 people, for tomorrow’s appointments',
    description:
      'Accepted whole, and worked on in the background while check-in is served first. Every person is asked about as a check would be, is on record as a check, and has one line of the results, in the order of `people`. Up to 8 MiB.',
  })
  @ApiHeader({
    name: 'Shikaku-Operator',
    required: false,
    description: 'Opaque staff id, recorded with every check of the batch',
    schema: { type: 'string', maxLength: 64 },
    example: 'staff-17',
  })
  @ApiHeader({
    name: 'Shikaku-Purpose',
    required: false,
    description: 'Why it is asked, recorded with every check of the batch',
    schema: { type: 'string', enum: ['treatment', 'claim', 'correction'], default: 'treatment' },
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'A repeat within 24 hours leads to the same batch, also after a crash and on another machine',
    schema: { type: 'string', maxLength: 255 },
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  @ApiBody({ type: EligibilityBatchRequest })
  @ApiAcceptedResponse({
    type: EligibilityBatch,
    description: 'Accepted; a repeat under the same key shows the batch as it stands',
    headers: {
      Location: { description: 'Address of the batch', schema: { type: 'string', format: 'uri-reference' } },
      'Retry-After': { description: 'Seconds', schema: { type: 'integer' } },
    },
  })
  @ProblemResponses(
    'malformed-json',
    'invalid-request',
    'invalid-header',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'institution-missing',
    'not-acceptable',
    'body-too-large',
    'unsupported-media-type',
    'service-date-out-of-range',
    'batch-item-repeated',
    'idempotency-key-reused',
    'too-many-batches',
    'batches-unavailable',
  )
  async submitEligibilityBatch(
    @CallerOf() caller: Caller,
    @Headers() headers: Record<string, string | string[] | undefined>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EligibilityBatch> {
    const asked = readCheckHeaders(headers);
    const institutionCode = institutionOf(caller);
    const batch = await orUnavailable(
      this.submitBatch.for({ ...asked, clientId: caller.clientId, institutionCode }, bodyOf(request)),
    );
    reply.headers({
      'cache-control': 'no-store',
      location: `/v1/eligibility-batches/${batch.batchId}`,
      'retry-after': RETRY_AFTER_SECONDS,
    });
    return this.shown(batch);
  }

  @Get(':batchId')
  @Needs('eligibility:batch')
  @ApiOperation({
    summary: 'How far is a batch?',
    description: 'For the institution that submitted it. Anything else is a 404.',
  })
  @ofBatch
  @ApiOkResponse({ type: EligibilityBatch })
  @ProblemResponses(
    'invalid-request',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'institution-missing',
    'batch-not-found',
    'not-acceptable',
    'batches-unavailable',
  )
  async readEligibilityBatch(
    @Param('batchId') batchId: string,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EligibilityBatch> {
    reply.header('cache-control', 'no-store');
    return this.shown(await this.find(caller, batchId));
  }

  @Post(':batchId/cancel')
  @HttpCode(200)
  @Needs('eligibility:batch')
  @ApiOperation({
    summary: 'Stop a batch',
    description:
      'Whoever has not been asked about will not be, and is deleted at once. Lines that are there stay, and so does the record of these checks; those being asked about at this moment (at most 1,000) may be on record without a line. A batch that has ended stays as it is: the reply says which it was.',
  })
  @ofBatch
  @ApiOkResponse({ type: EligibilityBatch })
  @ProblemResponses(
    'invalid-request',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'institution-missing',
    'batch-not-found',
    'not-acceptable',
    'batches-unavailable',
  )
  async cancelEligibilityBatch(
    @Param('batchId') batchId: string,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EligibilityBatch> {
    const { batches, runner, now } = this.parts;
    const institutionCode = institutionOf(caller);
    const batch = isUuid(batchId) ? await orUnavailable(batches.cancel(institutionCode, batchId, now())) : undefined;
    if (batch === undefined) throw new ProblemException('batch-not-found');
    if (batch.state === 'cancelled') runner.cancelled(batchId);
    reply.header('cache-control', 'no-store');
    return this.shown(batch);
  }

  @Get(':batchId/results')
  @Needs('eligibility:batch')
  @ApiOperation({
    summary: 'The lines of a batch, so far or all of them',
    description:
      'NDJSON, one line a person, in the order of `people`: `itemId` and either `answer`, the reply of a check byte for byte, or `problem`. Lines never change and are only added to, so a reader goes on where it was with `from`. The lines are all of them when `Shikaku-Batch-State` is finished; with cancelled there will be no more. A transfer that breaks off is an error of the transfer (no final chunk), never a shorter result.',
  })
  @ofBatch
  @ApiOkResponse({
    content: { 'application/x-ndjson': { schema: { $ref: getSchemaPath(BatchResultLine) } } },
    description:
      'Lines, each a BatchResultLine and a line feed. `Shikaku-Batch-State` and `Shikaku-Batch-Lines` say how the batch stood when the reply began.',
    headers: {
      'Shikaku-Batch-State': {
        description: 'State of the batch when the reply began',
        schema: { type: 'string', enum: ['queued', 'running', 'finished', 'cancelled', 'failed'] },
      },
      'Shikaku-Batch-Lines': {
        description: 'Lines there were when the reply began, those left out by `from` included',
        schema: { type: 'integer' },
      },
    },
  })
  @ProblemResponses(
    'invalid-request',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'institution-missing',
    'batch-not-found',
    'not-acceptable',
    'batches-unavailable',
  )
  async readEligibilityBatchResults(
    @Param('batchId') batchId: string,
    @Query() { from = '0' }: BatchResultsQuery,
    @CallerOf() caller: Caller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const batch = await this.find(caller, batchId);
    const { answered, unavailable, refused } = batch.counts;
    const pieces = this.parts.results.from(batch, Number(from));
    // Read before anything is sent: until here a store that is away can be said with a status.
    const first = await orUnavailable(pieces.next());
    const stream: Readable = Readable.from(
      notStalled(startingWith(first, pieces), STALLED_MS, () => stream.destroy()),
      // Bytes, and not more than one part ahead of the reader.
      { objectMode: false, highWaterMark: 1 },
    );
    void reply
      .headers({
        'cache-control': 'no-store',
        'shikaku-batch-state': batch.state,
        'shikaku-batch-lines': String(answered + unavailable + refused),
      })
      .type('application/x-ndjson; charset=utf-8')
      .send(stream);
  }

  private async find(caller: Caller, batchId: string): Promise<Batch> {
    const institutionCode = institutionOf(caller);
    const batch = isUuid(batchId) ? await orUnavailable(this.parts.batches.find(institutionCode, batchId)) : undefined;
    if (batch === undefined) throw new ProblemException('batch-not-found');
    return batch;
  }

  private shown({ batchId, state, submittedAt, serviceDate, total, counts, endedAt }: Batch): EligibilityBatch {
    return {
      batchId,
      state,
      submittedAt: tokyoInstant(submittedAt),
      serviceDate,
      counts: { total, ...counts },
      ...(endedAt === undefined
        ? {}
        : {
            endedAt: tokyoInstant(endedAt),
            keptUntil: tokyoInstant(endedAt + this.parts.keptHours * HOUR_MS),
          }),
    };
  }
}

const institutionOf = ({ institutionCode }: Caller): string => {
  if (institutionCode === undefined) throw new ProblemException('institution-missing');
  return institutionCode;
};

const orUnavailable = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BatchesUnavailable) throw new ProblemException('batches-unavailable', { cause: error });
    throw error;
  }
};

async function* startingWith(
  first: IteratorResult<Buffer, void>,
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
