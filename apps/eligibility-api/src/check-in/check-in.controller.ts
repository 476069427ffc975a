import { EligibilityAnswer, EligibilityCheckRequest, UnchangedAnswer } from '@app/contracts';
import { Body, Controller, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { CallerOf, Needs } from '../access/access.guard.js';
import type { Caller } from '../access/caller.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { CheckMetrics } from '../metrics/check-metrics.js';
import { ProblemException } from '../problems/problem.exception.js';
import { AskOnce } from './ask-once.js';
import { readCheckHeaders } from './request-headers.js';
import type { Asking } from './given.js';
import { VerifyEligibility } from './verify-eligibility.js';

@ApiTags('Check-in')
@ApiExtraModels(EligibilityAnswer, UnchangedAnswer)
@Controller('v1/eligibility-checks')
export class CheckInController {
  constructor(
    private readonly verifyEligibility: VerifyEligibility,
    private readonly metrics: CheckMetrics,
    private readonly askOnce: AskOnce,
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
        : await this.askOnce.for(idempotencyKey, asking, request);
    this.metrics.answered(given, performance.now() - startedAt);
    void reply
      .headers({ 'cache-control': 'no-store' })
      .type('application/json; charset=utf-8')
      .send(Buffer.from(given.body, 'latin1'));
  }
}
