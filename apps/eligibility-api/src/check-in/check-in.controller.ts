import { EligibilityAnswer, EligibilityCheckRequest, UnchangedAnswer } from '@app/contracts';
import { Body, Controller, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { randomUUIDv7 } from 'node:crypto';

import { CallerOf, Needs } from '../access/access.guard.js';
import type { Caller } from '../access/caller.js';
import { RecordUnavailable, type CheckLog, type PastChecksReader } from '../check-log/check-log.js';
import { tokyoDay, type Clock } from '../clock/clock.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { CheckMetrics } from '../metrics/check-metrics.js';
import { ProblemException } from '../problems/problem.exception.js';
import type { AnswerKeys } from './answer-keys.js';
import { AnswerUnavailable } from './answer-unavailable.js';
import { serviceDateOf } from './ask.js';
import { KeyReused, type IdempotencyKeys } from '../idempotency/idempotency-keys.js';
import { readCheckHeaders } from './request-headers.js';
import { givenAgain, type Asking, type Given } from './given.js';
import { VerifyEligibility } from './verify-eligibility.js';

/** What the controller takes beside the use case. */
export class CheckInParts {
  constructor(
    readonly log: CheckLog,
    readonly past: PastChecksReader,
    readonly keys: AnswerKeys,
    readonly idempotencyKeys: IdempotencyKeys<Given>,
    readonly clock: Clock,
  ) {}
}

@ApiTags('Check-in')
@ApiExtraModels(EligibilityAnswer, UnchangedAnswer)
@Controller('v1/eligibility-checks')
export class CheckInController {
  constructor(
    private readonly verifyEligibility: VerifyEligibility,
    private readonly metrics: CheckMetrics,
    private readonly parts: CheckInParts,
  ) {}

  @Post()
  @HttpCode(200)
  @Needs('eligibility:check')
  @ApiOperation({
    summary: 'Ask whether one person is covered',
    description:
      'By card (certificate serial) or by insurer number, symbol and number. A person found and not covered is a 200 with verdict invalid, invalid-newer-exists or not-found; an answer that cannot be given is a 503 answer-unavailable with fallback documents, and never one of those.',
  })
  @ApiHeader({
    name: 'Shikaku-Operator',
    required: false,
    description: 'Opaque staff id, recorded with the check',
    schema: { type: 'string', maxLength: 64 },
    example: 'staff-17',
  })
  @ApiHeader({
    name: 'Shikaku-Terminal',
    required: false,
    description: 'Opaque id of the workstation or reader, recorded with the check',
    schema: { type: 'string', maxLength: 64 },
    example: 'reception-2',
  })
  @ApiHeader({
    name: 'Shikaku-Purpose',
    required: false,
    description: 'Why it is asked, recorded with the check',
    schema: { type: 'string', enum: ['treatment', 'claim', 'correction'], default: 'treatment' },
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'A repeat within 10 minutes returns the same bytes',
    schema: { type: 'string', maxLength: 255 },
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  @ApiResponse({
    status: 200,
    description: 'The answer; the short one when `ifVersion` is still current',
    schema: { oneOf: [{ $ref: getSchemaPath(EligibilityAnswer) }, { $ref: getSchemaPath(UnchangedAnswer) }] },
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
    'birthdate-in-future',
    'idempotency-key-reused',
    'too-many-guesses',
    'answer-unavailable',
  )
  async create(
    @Body() request: EligibilityCheckRequest,
    @CallerOf() caller: Caller,
    @Headers() headers: Record<string, string | string[] | undefined>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const startedAt = performance.now();
    const { idempotencyKey, ...asked } = readCheckHeaders(headers);
    const { institutionCode } = caller;
    if (institutionCode === undefined) throw new ProblemException('institution-missing');
    const asking: Asking = { ...asked, caller: { ...caller, institutionCode } };

    const given =
      idempotencyKey === undefined
        ? await this.verifyEligibility.for(asking, request)
        : await this.once(idempotencyKey, asking, request);
    this.metrics.answered(given, performance.now() - startedAt);
    void reply
      .headers({ 'cache-control': 'no-store' })
      .type('application/json; charset=utf-8')
      .send(Buffer.from(given.body, 'latin1'));
  }

  private async once(idempotencyKey: string, asking: Asking, request: EligibilityCheckRequest): Promise<Given> {
    const { keys, clock, idempotencyKeys, past } = this.parts;
    const { clientId, institutionCode } = asking.caller;
    try {
      const { outcome, repeated } = await idempotencyKeys.once(
        keys.keyOf(clientId, idempotencyKey),
        keys.request(request),
        {
          first: () => this.verifyEligibility.for(asking, request),
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
