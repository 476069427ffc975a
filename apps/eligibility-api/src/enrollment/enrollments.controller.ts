import {
  CardRegistration,
  CardRegistrationRequest,
  Enrollment,
  EnrollmentCandidates,
  EnrollmentFiling,
  EnrollmentReviewRequest,
  InsuredHistory,
  InsuredHistoryQuery,
  Qualification,
  QualificationChangeFiling,
  QualificationLossFiling,
} from '@app/contracts';
import type { CivilDate } from '@app/domain';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { CallerOf, Needs } from '../access/access.guard.js';
import type { Caller } from '../access/caller.js';
import { insurerOf } from '../access/insurer-of.js';
import { AccessesUnavailable, type Accesses } from '../accesses/accesses.js';
import { NamesOperator } from '../accesses/names-operator.js';
import { readerOf } from '../accesses/reader-of.js';
import { readCheckHeaders } from '../check-in/request-headers.js';
import { tokyoDay } from '../clock/clock.js';
import { isRowId, isUuid } from '../http/ids.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { ProblemException } from '../problems/problem.exception.js';
import { FileChange } from './file-change.js';
import { FileEnrollment, refuseUnrealDays, type Filer } from './file-enrollment.js';
import type { Filing, Filings } from './filings.js';
import { orUnavailable } from './or-unavailable.js';
import { RegisterCard } from './register-card.js';
import { ReviewFiling } from './review-filing.js';
import { shownEnrollment, shownHistory, shownQualification } from './shown.js';

/** Seconds after which looking again makes sense. */
const RETRY_AFTER_SECONDS = '1';

/** What the controller takes beside the use case. */
export class EnrollmentParts {
  constructor(
    readonly filings: Filings,
    readonly accesses: Pick<Accesses, 'note'>,
    readonly now: () => number,
    /** Whether the registry answers, as far as the breaker knows. */
    readonly isRegistryThere: () => boolean,
  ) {}
}

const ofEnrollment = ApiParam({
  name: 'enrollmentId',
  description: 'enrollmentId of the filing',
  schema: { type: 'string', maxLength: 36 },
  example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
});

const idempotencyHeader = {
  name: 'Idempotency-Key',
  required: false,
  description: 'A repeat within 24 hours leads to the same filing, also after a crash and on another machine',
  schema: { type: 'string', maxLength: 255 },
  example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
} as const;

const acceptedFiling = {
  type: Enrollment,
  description: 'Kept, and on its way; a repeat under the same key shows the filing as it stands',
  headers: {
    Location: { description: 'Address of the filing', schema: { type: 'string', format: 'uri-reference' } },
    'Retry-After': { description: 'Seconds', schema: { type: 'integer' } },
  },
} as const;

@ApiTags('Enrolment')
@Controller('v1')
export class EnrollmentsController {
  constructor(
    private readonly fileEnrollment: FileEnrollment,
    private readonly fileChange: FileChange,
    private readonly registerCard: RegisterCard,
    private readonly reviewFiling: ReviewFiling,
    private readonly parts: EnrollmentParts,
  ) {}

  @Post('enrollments')
  @HttpCode(202)
  @Needs('enrollment:write')
  @ApiOperation({
    summary: 'File a 資格取得届 or a 被扶養者届',
    description:
      'The person is looked up at the registry by all five attributes; only one candidate who agrees in all of them is registered. The card is usable from the day after. What does not lead to one person comes back with what to correct; what two people match waits for people.',
  })
  @ApiHeader(idempotencyHeader)
  @ApiAcceptedResponse(acceptedFiling)
  @ProblemResponses(
    'malformed-json',
    'invalid-request',
    'invalid-header',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'not-acceptable',
    'body-too-large',
    'unsupported-media-type',
    'qualification-date-out-of-range',
    'birthdate-in-future',
    'idempotency-key-reused',
    'filings-unavailable',
  )
  async file(
    @CallerOf() caller: Caller,
    @Headers() headers: Record<string, string | string[] | undefined>,
    @Body() filing: EnrollmentFiling,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Enrollment> {
    return this.accepted(await orUnavailable(this.fileEnrollment.of(filerOf(caller, headers), filing)), reply);
  }

  @Get('enrollments/:enrollmentId')
  @Needs('enrollment:read')
  @ApiOperation({
    summary: 'How far is a filing?',
    description: 'For the insurer that filed it. Anything else is a 404.',
  })
  @ofEnrollment
  @ApiOkResponse({ type: Enrollment })
  @ProblemResponses(
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'enrollment-not-found',
    'not-acceptable',
    'filings-unavailable',
  )
  async find(
    @CallerOf() caller: Caller,
    @Param('enrollmentId') enrollmentId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Enrollment> {
    const { insurerNumber } = insurerOf(caller);
    reply.header('cache-control', 'no-store');
    const filing = await orUnavailable(this.parts.filings.find(insurerNumber, idOf(enrollmentId)));
    if (filing === undefined) throw new ProblemException('enrollment-not-found');
    return this.shown(filing);
  }

  @Get('enrollments/:enrollmentId/candidates')
  @Needs('enrollment:read')
  @ApiOperation({
    summary: 'Who could be meant by a filing that waits for people?',
    description: 'Everybody who agrees in all five attributes, as the registry says at this moment.',
  })
  @ofEnrollment
  @ApiOkResponse({ type: EnrollmentCandidates })
  @ProblemResponses(
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'enrollment-not-found',
    'not-acceptable',
    'nothing-to-review',
    'filings-unavailable',
    'registry-unavailable',
  )
  async candidates(
    @CallerOf() caller: Caller,
    @Param('enrollmentId') enrollmentId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EnrollmentCandidates> {
    const { insurerNumber } = insurerOf(caller);
    reply.header('cache-control', 'no-store');
    return { candidates: [...(await orUnavailable(this.reviewFiling.candidates(insurerNumber, idOf(enrollmentId))))] };
  }

  @Post('enrollments/:enrollmentId/reviews')
  @HttpCode(200)
  @Needs('enrollment:write')
  @ApiOperation({
    summary: 'Decide about a filing that waits for people',
    description:
      'Carried out when two different people have decided the same; each has to be named by the token (act.sub) and proved by two factors (amr). Whoever decides again replaces what they said before.',
  })
  @ofEnrollment
  @ApiOkResponse({ type: Enrollment, description: 'The filing, with what was decided about it' })
  @ProblemResponses(
    'malformed-json',
    'invalid-request',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'two-factors-needed',
    'enrollment-not-found',
    'not-acceptable',
    'nothing-to-review',
    'body-too-large',
    'unsupported-media-type',
    'not-a-candidate',
    'filings-unavailable',
    'registry-unavailable',
  )
  async review(
    @CallerOf() caller: Caller,
    @Param('enrollmentId') enrollmentId: string,
    @Body() decided: EnrollmentReviewRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Enrollment> {
    const { insurerNumber } = insurerOf(caller);
    reply.header('cache-control', 'no-store');
    return this.shown(await orUnavailable(this.reviewFiling.of(caller, insurerNumber, idOf(enrollmentId), decided)));
  }

  @Post('qualifications/:qualificationId/changes')
  @HttpCode(202)
  @Needs('enrollment:write')
  @ApiOperation({
    summary: 'File a change or a correction, also a retroactive one',
    description:
      'Name, address, what stands on the insurer’s documents, remuneration: another from a day on, or wrong until now. Where one of the five attributes is among them the registry is asked again, and confirms it of this person or the filing comes back. Followed at /v1/enrollments/{enrollmentId}. Counters answer with it within a second once it is registered, about days from effectiveDate on; answers that were given about such days are checked again by themselves.',
  })
  @ApiParam({
    name: 'qualificationId',
    description: 'qualificationId of the coverage',
    schema: { type: 'string', maxLength: 20 },
    example: '1042',
  })
  @ApiHeader(idempotencyHeader)
  @ApiAcceptedResponse(acceptedFiling)
  @ProblemResponses(
    'malformed-json',
    'invalid-request',
    'invalid-header',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'qualification-not-found',
    'not-acceptable',
    'body-too-large',
    'unsupported-media-type',
    'birthdate-in-future',
    'change-refused',
    'idempotency-key-reused',
    'filings-unavailable',
  )
  async change(
    @CallerOf() caller: Caller,
    @Headers() headers: Record<string, string | string[] | undefined>,
    @Param('qualificationId') qualificationId: string,
    @Body() filing: QualificationChangeFiling,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Enrollment> {
    return this.accepted(
      await orUnavailable(this.fileChange.of(filerOf(caller, headers), { ...filing, qualificationId })),
      reply,
    );
  }

  @Post('qualifications/:qualificationId/loss')
  @HttpCode(200)
  @Needs('enrollment:write')
  @ApiOperation({
    summary: 'File a loss, also a retroactive one',
    description:
      'Takes effect at every counter within a second. Answers that were given for days on which there was no coverage are checked again by themselves. The same again changes nothing; another day or reason corrects what was filed before.',
  })
  @ApiParam({
    name: 'qualificationId',
    description: 'qualificationId of the coverage',
    schema: { type: 'string', maxLength: 20 },
    example: '1042',
  })
  @ApiOkResponse({ type: Qualification })
  @ProblemResponses(
    'malformed-json',
    'invalid-request',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'qualification-not-found',
    'not-acceptable',
    'body-too-large',
    'unsupported-media-type',
    'loss-refused',
    'filings-unavailable',
  )
  async fileLoss(
    @CallerOf() caller: Caller,
    @Param('qualificationId') qualificationId: string,
    @Body() { disqualificationDate, reasonOfLoss }: QualificationLossFiling,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Qualification> {
    const { insurerNumber } = insurerOf(caller);
    reply.header('cache-control', 'no-store');
    refuseUnrealDays({ '/disqualificationDate': disqualificationDate });
    if (!isRowId(qualificationId)) throw new ProblemException('qualification-not-found');
    const filed = await orUnavailable(
      this.parts.filings.fileLoss(
        insurerNumber,
        qualificationId,
        { lostOn: disqualificationDate, reasonOfLoss, clientId: caller.clientId },
        this.parts.now(),
      ),
    );
    switch (filed.kind) {
      case 'filed':
        return shownQualification(filed.qualification);
      case 'not-found':
        throw new ProblemException('qualification-not-found');
      case 'before-acquisition':
        throw new ProblemException('loss-refused', { detail: 'The loss would be before the coverage began.' });
      case 'overlaps':
        throw new ProblemException('loss-refused', {
          detail: 'The coverage would reach into another one of this person at this insurer.',
        });
    }
  }

  @Get('insured-persons/:insuredPersonId/qualifications')
  @Needs('enrollment:read')
  @ApiOperation({
    summary: 'What was filed about a person, as of any day, and as it was known at any instant',
    description:
      'Of the caller’s own insurer. Name, address, symbol and number are those of the day; a loss, a change or a correction is left out where it was not known yet: so an answer that was given last month can be explained.',
  })
  @ApiParam({
    name: 'insuredPersonId',
    description: 'insuredPersonId of a filing',
    schema: { type: 'string', maxLength: 20 },
    example: '1007',
  })
  @NamesOperator()
  @ApiOkResponse({ type: InsuredHistory })
  @ProblemResponses(
    'invalid-request',
    'invalid-header',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'person-not-found',
    'not-acceptable',
    'filings-unavailable',
  )
  async history(
    @CallerOf() caller: Caller,
    @Param('insuredPersonId') insuredPersonId: string,
    @Query() { on, knownAt }: InsuredHistoryQuery,
    @Headers() headers: Record<string, string | string[] | undefined>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<InsuredHistory> {
    const reader = readerOf(caller, headers);
    reply.header('cache-control', 'no-store');
    if (on !== undefined) refuseUnrealDays({ '#query/on': on });
    const instant = knownAt === undefined ? this.parts.now() : Date.parse(knownAt);
    if (Number.isNaN(instant))
      throw new ProblemException('invalid-request', {
        errors: [{ pointer: '#query/knownAt', code: 'format', detail: 'is not an instant' }],
      });
    const found = isRowId(insuredPersonId)
      ? await orUnavailable(this.parts.filings.history(reader.insurerNumber, insuredPersonId, instant, on))
      : undefined;
    if (found === undefined) throw new ProblemException('person-not-found');
    await this.parts.accesses
      .note({ ...reader, personId: insuredPersonId, what: 'qualifications' }, this.parts.now())
      .catch((error: unknown) => {
        if (error instanceof AccessesUnavailable) throw new ProblemException('filings-unavailable', { cause: error });
        throw error;
      });
    return shownHistory(insuredPersonId, found, (on ?? tokyoDay(this.parts.now())) as CivilDate, instant);
  }

  @Post('card-registrations')
  @HttpCode(200)
  @Needs('registrations:write')
  @ApiOperation({
    summary: 'Register a card for insurance (保険証利用登録)',
    description:
      'The registry says whose card it is; that person has to be insured, or have been, at the caller’s insurer. The same again changes nothing. Renewed certificates follow by themselves.',
  })
  @ApiOkResponse({ type: CardRegistration })
  @ProblemResponses(
    'malformed-json',
    'invalid-request',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'person-not-found',
    'not-acceptable',
    'body-too-large',
    'unsupported-media-type',
    'card-not-usable',
    'filings-unavailable',
    'registry-unavailable',
  )
  async register(
    @CallerOf() caller: Caller,
    @Body() request: CardRegistrationRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CardRegistration> {
    const { insurerNumber } = insurerOf(caller);
    reply.header('cache-control', 'no-store');
    return orUnavailable(this.registerCard.of({ clientId: caller.clientId, insurerNumber }, request));
  }

  private accepted(filed: Filing, reply: FastifyReply): Enrollment {
    reply.headers({
      'cache-control': 'no-store',
      location: `/v1/enrollments/${filed.enrollmentId}`,
      'retry-after': RETRY_AFTER_SECONDS,
    });
    return this.shown(filed);
  }

  private shown(filing: Filing): Enrollment {
    return shownEnrollment(filing, this.parts.now(), this.parts.isRegistryThere());
  }
}

const filerOf = (caller: Caller, headers: Record<string, string | string[] | undefined>): Filer => {
  const { insurerNumber } = insurerOf(caller);
  const { idempotencyKey } = readCheckHeaders(headers);
  return { clientId: caller.clientId, insurerNumber, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
};

/** What is no id is nobody's. */
const idOf = (enrollmentId: string): string => {
  if (!isUuid(enrollmentId)) throw new ProblemException('enrollment-not-found');
  return enrollmentId;
};
