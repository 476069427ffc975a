import { CardExpiryNotices, CardExpiryQuery } from '@app/contracts';
import { expiriesToldOn, type CivilDate } from '@app/domain';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { CallerOf, Needs } from '../access/access.guard.js';
import type { Caller } from '../access/caller.js';
import { insurerOf } from '../access/insurer-of.js';
import { CLOCK, tokyoDay, type Clock } from '../clock/clock.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { ProblemException } from '../problems/problem.exception.js';
import { dayOf } from './asked.js';
import { cardExpiryOf } from './card-expiry.js';
import { DOCUMENT_PEOPLE, DocumentsUnavailable, type DocumentPeople, type ExpiringPerson } from './document-people.js';

const PAGE = '100';
const FROM_THE_BEGINNING = '0';

/** Whom an insurer tells that a certificate or a card is to be renewed. */
@ApiTags('Documents')
@Controller('v1/card-expiry-notices')
export class CardExpiriesController {
  constructor(
    @Inject(DOCUMENT_PEOPLE) private readonly people: DocumentPeople,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Needs('documents:read')
  @ApiOperation({
    summary: 'Who is to be told on a day that certificate or card are to be renewed?',
    description:
      'The insurer’s own people on that day whose newest certificate can be renewed (from the day after three months before its last one), or has ended and is in its grace. By certificates as they are known now: whoever has renewed is not among them, since renewed certificates follow by themselves. A page after the other: `nextCursor` goes on.',
  })
  @ApiOkResponse({ type: CardExpiryNotices })
  @ProblemResponses(
    'invalid-request',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'not-acceptable',
    'documents-unavailable',
  )
  async readCardExpiryNotices(
    @Query() { on: asked, stage, cursor, limit = PAGE }: CardExpiryQuery,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CardExpiryNotices> {
    const { insurerNumber } = insurerOf(caller);
    reply.header('cache-control', 'no-store');
    const now = this.clock.now();
    const on = dayOf(asked, '#query/on') ?? tokyoDay(now);
    const size = Number(limit);
    const looked = await this.expiring(insurerNumber, on, cursor ?? FROM_THE_BEGINNING, size);
    const last = looked.length === size ? looked.at(-1)?.person.personId : undefined;
    return {
      on,
      notices: looked.flatMap((one) => {
        const notice = cardExpiryOf(one, on, now);
        return notice === undefined || (stage !== undefined && notice.stage !== stage) ? [] : [notice];
      }),
      ...(last === undefined ? {} : { nextCursor: last }),
    };
  }

  private async expiring(
    insurerNumber: string,
    on: CivilDate,
    after: string,
    limit: number,
  ): Promise<readonly ExpiringPerson[]> {
    try {
      return await this.people.expiring(insurerNumber, { insuredOn: on, ...expiriesToldOn(on), after, limit });
    } catch (error) {
      if (error instanceof DocumentsUnavailable) throw new ProblemException('documents-unavailable', { cause: error });
      throw error;
    }
  }
}
