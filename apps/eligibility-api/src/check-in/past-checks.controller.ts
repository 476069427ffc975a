import { EligibilityAnswer, UnchangedAnswer, PastChecks, PastChecksQuery, type PastCheck } from '@app/contracts';
import { addDays, QUALIFICATION_VALIDITY } from '@app/domain';
import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';

import { CallerOf, Needs } from '../access/access.guard.js';
import type { Caller } from '../access/caller.js';
import { PAST_CHECKS, RecordUnavailable, type ListedCheck, type PastChecksReader } from '../check-log/check-log.js';
import { CLOCK, startOfTokyoDay, tokyoDay, tokyoInstant, type Clock } from '../clock/clock.js';
import { readDayRange } from '../http/day-range.js';
import { isUuid } from '../http/ids.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { ProblemException } from '../problems/problem.exception.js';

const PAGE = 100;

@ApiTags('Check-in')
@Controller('v1/eligibility-checks')
export class PastChecksController {
  constructor(
    @Inject(PAST_CHECKS) private readonly pastChecks: PastChecksReader,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get(':checkId')
  @Needs('checks:read')
  @ApiOperation({
    summary: 'Read an answer again, exactly as it was given',
    description: 'For the institution that asked. Anything else is a 404.',
  })
  @ApiParam({
    name: 'checkId',
    description: 'checkId of the answer',
    schema: { type: 'string', maxLength: 36 },
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  @ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: 'ETag of an earlier reading',
    schema: { type: 'string', maxLength: 200 },
  })
  @ApiOkResponse({
    schema: { oneOf: [{ $ref: getSchemaPath(EligibilityAnswer) }, { $ref: getSchemaPath(UnchangedAnswer) }] },
    headers: { ETag: { description: 'Strong and opaque', schema: { type: 'string' } } },
  })
  @ApiResponse({ status: 304, description: 'Unchanged, as every stored answer is' })
  @ProblemResponses(
    'token-missing',
    'token-invalid',
    'scope-missing',
    'check-not-found',
    'not-acceptable',
    'list-unavailable',
  )
  async read(
    @Param('checkId') checkId: string,
    @CallerOf() caller: Caller,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const answer =
      isUuid(checkId) && caller.institutionCode !== undefined
        ? await this.answer(caller.institutionCode, checkId)
        : undefined;
    if (answer === undefined) throw new ProblemException('check-not-found');
    // Of the id, not of the body: an answer never changes, and a hash of personal data would say something about it.
    const etag = `"${createHash('sha256').update(checkId).digest('base64url').slice(0, 22)}"`;
    reply.headers({ etag, 'cache-control': 'private, no-cache' });
    if (ifNoneMatch !== undefined && matches(ifNoneMatch, etag)) {
      void reply.status(304).send();
      return;
    }
    void reply.type('application/json; charset=utf-8').send(answer);
  }

  @Get()
  @Needs('checks:read')
  @ApiOperation({
    summary: "List one's own checks",
    description: 'Newest first, 100 a page, by the Tokyo day of checking. What was decided, and nothing of the person.',
  })
  @ApiOkResponse({ type: PastChecks })
  @ProblemResponses(
    'invalid-request',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'institution-missing',
    'not-acceptable',
    'list-unavailable',
  )
  async list(
    @Query() query: PastChecksQuery,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PastChecks> {
    if (caller.institutionCode === undefined) throw new ProblemException('institution-missing');
    const { from, to } = readDayRange(query, tokyoDay(this.clock.now()));
    const { cursor } = query;
    reply.header('cache-control', 'no-store');
    const found = await this.orUnavailable(
      this.pastChecks.list({
        institutionCode: caller.institutionCode,
        from: startOfTokyoDay(from),
        until: startOfTokyoDay(addDays(to, 1)),
        ...(cursor === undefined ? {} : { before: cursor }),
        limit: PAGE + 1,
      }),
    );
    const checks = found.slice(0, PAGE).map(shown);
    const last = checks.at(-1);
    return { checks, ...(found.length > PAGE && last !== undefined ? { nextCursor: last.checkId } : {}) };
  }

  private answer(institutionCode: string, checkId: string): Promise<Buffer | undefined> {
    return this.orUnavailable(this.pastChecks.answer(institutionCode, checkId));
  }

  private async orUnavailable<T>(reading: Promise<T>): Promise<T> {
    try {
      return await reading;
    } catch (error) {
      if (error instanceof RecordUnavailable) throw new ProblemException('list-unavailable', { cause: error });
      throw error;
    }
  }
}

const matches = (header: string, etag: string): boolean =>
  header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);

const shown = ({ checkedAt, unchanged, repeats, ...check }: ListedCheck): PastCheck => ({
  ...check,
  checkedAt: tokyoInstant(checkedAt),
  qualificationValidity: QUALIFICATION_VALIDITY[check.verdict],
  ...(unchanged ? { unchanged } : {}),
  ...(repeats === undefined ? {} : { repeated: repeats }),
});
