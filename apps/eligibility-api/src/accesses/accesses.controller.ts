import { PersonAccesses, PersonAccessesQuery, type PersonAccess } from '@app/contracts';
import { addDays } from '@app/domain';
import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { CallerOf, Needs } from '../access/access.guard.js';
import type { Caller } from '../access/caller.js';
import { CLOCK, startOfTokyoDay, tokyoDay, tokyoInstant, type Clock } from '../clock/clock.js';
import { readDayRange } from '../http/day-range.js';
import { isRowId } from '../http/ids.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { ProblemException } from '../problems/problem.exception.js';
import { cursorOf, readCursor } from './access-cursor.js';
import { AccessesUnavailable } from './accesses.js';
import { ListAccesses, type ListedAccess } from './list-accesses.js';
import { NamesOperator } from './names-operator.js';
import { readerOf, type RequestHeaders } from './reader-of.js';

/** Before anything can be on record. */
const FIRST_DAY = '2015-01-01';

@ApiTags('Insured persons')
@Controller('v1/insured-persons/:insuredPersonId')
export class AccessesController {
  constructor(
    private readonly listAccesses: ListAccesses,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('accesses')
  @Needs('accesses:read')
  @ApiOperation({
    summary: 'Who looked at a person’s record',
    description:
      'What a patient may ask of their insurer: every check that showed this insurer’s coverage of them, by which institution, when, what for and with which consents, and what the insurer itself read, issued and decided. Of the caller’s own people only. Of a family that shares a number, only what was asked about this person. Whose staff at an institution asked is that institution’s to say. Newest first, at most 100 a page; a page may hold fewer and still have a next one. Each reading is on the record that it shows.',
  })
  @ApiParam({
    name: 'insuredPersonId',
    description: 'Id of the person; one of another insurer is not found',
    schema: { type: 'string', maxLength: 20 },
    example: '1024',
  })
  @NamesOperator()
  @ApiOkResponse({ type: PersonAccesses })
  @ProblemResponses(
    'invalid-request',
    'invalid-header',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'person-not-found',
    'not-acceptable',
    'accesses-unavailable',
  )
  async readPersonAccesses(
    @Param('insuredPersonId') insuredPersonId: string,
    @Query() { from: first = FIRST_DAY, to: last, cursor }: PersonAccessesQuery,
    @CallerOf() caller: Caller,
    @Headers() headers: RequestHeaders,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PersonAccesses> {
    const reader = readerOf(caller, headers);
    reply.header('cache-control', 'no-store');
    const { from, to } = readDayRange({ from: first, to: last }, tokyoDay(this.clock.now()));
    const time = {
      from: startOfTokyoDay(from),
      until: startOfTokyoDay(addDays(to, 1)),
      ...(cursor === undefined ? {} : { before: readCursor(cursor) }),
    };
    // An id of another form is nobody's.
    const page = isRowId(insuredPersonId) ? await this.page(reader, insuredPersonId, time) : undefined;
    if (page === undefined) throw new ProblemException('person-not-found');
    return {
      insuredPersonId,
      accesses: page.accesses.map(shown),
      ...(page.next === undefined ? {} : { nextCursor: cursorOf(page.next) }),
    };
  }

  private async page(...asked: Parameters<ListAccesses['page']>): ReturnType<ListAccesses['page']> {
    try {
      return await this.listAccesses.page(...asked);
    } catch (error) {
      if (error instanceof AccessesUnavailable) throw new ProblemException('accesses-unavailable', { cause: error });
      throw error;
    }
  }
}

const shown = (access: ListedAccess): PersonAccess => {
  const common = { accessId: access.accessId, at: tokyoInstant(access.at) };
  switch (access.kind) {
    case 'check':
      return {
        ...common,
        what: access.again ? 'check-again' : 'check',
        institutionCode: access.institutionCode,
        by: access.by,
        purpose: access.purpose,
        serviceDate: access.serviceDate,
        verdict: access.verdict,
        consented: [...access.consented],
      };
    case 'reading':
      return { ...common, what: access.what, ...operatorOf(access) };
    case 'opening':
      return { ...common, what: 'individual-number-opened', purpose: access.purpose, ...operatorOf(access) };
    case 'review':
      return { ...common, what: 'enrollment-reviewed', decision: access.decision, operator: access.operator };
  }
};

const operatorOf = ({ operator }: { readonly operator?: string }): { operator?: string } =>
  operator === undefined ? {} : { operator };
