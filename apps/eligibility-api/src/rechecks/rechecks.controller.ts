import { Rechecks as RechecksPage, RechecksQuery, type Recheck } from '@app/contracts';
import { addDays, QUALIFICATION_VALIDITY } from '@app/domain';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { CallerOf, Needs } from '../access/access.guard.js';
import type { Caller } from '../access/caller.js';
import { CLOCK, startOfTokyoDay, tokyoDay, tokyoInstant, type Clock } from '../clock/clock.js';
import { readDayRange } from '../http/day-range.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { ProblemException } from '../problems/problem.exception.js';
import { RECHECKS, RechecksUnavailable, type ListedRecheck, type Rechecks } from './rechecks.js';

const PAGE = 100;

@ApiTags('Check-in')
@Controller('v1/rechecks')
export class RechecksController {
  constructor(
    @Inject(RECHECKS) private readonly rechecks: Rechecks,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Needs('rechecks:read')
  @ApiOperation({
    summary: "List what turned out otherwise, of one's own checks",
    description:
      'Every degraded answer is checked again by itself when its source is back, and every answer when something is filed that reaches back to its service date. Listed are those that turned out otherwise: in verdict, usability of the card, coverage, copay or limit. Newest first, 100 a page, by the Tokyo day of re-checking. `recheckId` is a check like any other: GET /v1/eligibility-checks/{recheckId} has the whole answer.',
  })
  @ApiOkResponse({ type: RechecksPage })
  @ProblemResponses(
    'invalid-request',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'institution-missing',
    'not-acceptable',
    'list-unavailable',
  )
  async listRechecks(
    @Query() query: RechecksQuery,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RechecksPage> {
    if (caller.institutionCode === undefined) throw new ProblemException('institution-missing');
    const { from, to } = readDayRange(query, tokyoDay(this.clock.now()));
    reply.header('cache-control', 'no-store');
    const found = await this.rechecks
      .list({
        institutionCode: caller.institutionCode,
        from: startOfTokyoDay(from),
        until: startOfTokyoDay(addDays(to, 1)),
        ...(query.cursor === undefined ? {} : { before: query.cursor }),
        limit: PAGE + 1,
      })
      .catch((error: unknown) => {
        if (error instanceof RechecksUnavailable) throw new ProblemException('list-unavailable', { cause: error });
        throw error;
      });
    const rechecks = found.slice(0, PAGE).map(shown);
    const last = rechecks.at(-1);
    return { rechecks, ...(found.length > PAGE && last !== undefined ? { nextCursor: last.recheckId } : {}) };
  }
}

const shown = ({
  recheckId,
  recheckedAt,
  reason,
  changed,
  verdict,
  credentialState,
  checkId,
  checkedAt,
  serviceDate,
  verdictBefore,
  credentialStateBefore,
}: ListedRecheck): Recheck => ({
  recheckId,
  recheckedAt: tokyoInstant(recheckedAt),
  reason,
  changed: [...changed],
  serviceDate,
  verdict,
  qualificationValidity: QUALIFICATION_VALIDITY[verdict],
  credentialState,
  corrects: {
    checkId,
    checkedAt: tokyoInstant(checkedAt),
    verdict: verdictBefore,
    qualificationValidity: QUALIFICATION_VALIDITY[verdictBefore],
    credentialState: credentialStateBefore,
  },
});
