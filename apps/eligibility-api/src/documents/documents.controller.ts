import {
  DocumentQuery,
  EligibilityDeclaration,
  QualificationCertificate,
  QualificationCertificateQuery,
  QualificationNotice,
  QualificationScreen,
  type ProblemCode,
} from '@app/contracts';
import { applyDecorators, Controller, Get, Headers, Param, Query, Res, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiParam, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { CallerOf, Needs } from '../access/access.guard.js';
import type { Caller } from '../access/caller.js';
import { NamesOperator } from '../accesses/names-operator.js';
import { readerOf, type RequestHeaders } from '../accesses/reader-of.js';
import { preferred } from '../http/media-types.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { dayOf } from './asked.js';
import { DocumentPdf } from './document-pdf.js';
import { IssueDocuments, type DocumentRequest } from './issue-documents.js';
import type { DocumentContent } from './paper/draw-document.js';

const JSON_TYPE = 'application/json';
const PDF_TYPE = 'application/pdf';

/** Of every document; what else can be said against one stands beside it. */
const COMMON_PROBLEMS = [
  'invalid-request',
  'invalid-header',
  'token-missing',
  'token-invalid',
  'scope-missing',
  'insurer-missing',
  'person-not-found',
  'not-acceptable',
  'issue-date-out-of-range',
  'not-insured-on-day',
  'medical-aid-has-no-documents',
  'document-not-yet-issued',
  'character-without-glyph',
  'documents-unavailable',
] as const satisfies readonly ProblemCode[];

interface Described {
  readonly summary: string;
  readonly description: string;
  readonly content: Type;
  readonly problems: readonly ProblemCode[];
}

/** As JSON or as a PDF, whichever Accept prefers; JSON where it leaves the choice. */
const DocumentOperation = ({ summary, description, content, problems }: Described): MethodDecorator =>
  applyDecorators(
    Needs('documents:read'),
    ApiOperation({
      summary,
      description: `${description} As JSON, or with \`Accept: application/pdf\` as a PDF of one page of A4. A character that the PDF's font has no glyph for is an error, never left out or replaced; JSON has it always.`,
    }),
    ApiParam({
      name: 'insuredPersonId',
      description: 'Id of the person; one of another insurer is not found',
      schema: { type: 'string', maxLength: 20 },
      example: '1024',
    }),
    NamesOperator(),
    ApiExtraModels(content),
    ApiOkResponse({
      description: summary,
      content: {
        [JSON_TYPE]: { schema: { $ref: getSchemaPath(content) } },
        [PDF_TYPE]: { schema: { type: 'string', format: 'binary' } },
      },
    }),
    ProblemResponses(...COMMON_PROBLEMS, ...problems),
  );

/** The documents of an insurer's own people. */
@ApiTags('Documents')
@Controller('v1/insured-persons/:insuredPersonId')
export class DocumentsController {
  constructor(
    private readonly issue: IssueDocuments,
    private readonly pdf: DocumentPdf,
  ) {}

  @Get('qualification-notice')
  @DocumentOperation({
    summary: '資格情報のお知らせ',
    description:
      'With the last four digits of the individual number for who was insured on 2024-07-26, in the last third of August 2024 and once only; without them for who joined from 2024-07-27, from 2024-12-02 on; and again, without them, for earlier members. Not for who gets a 資格確認書. Rate and period from 70 on.',
    content: QualificationNotice,
    problems: ['certificate-instead-of-notice', 'copay-rate-not-on-record', 'last-four-digits-unavailable'],
  })
  async readQualificationNotice(
    @Param('insuredPersonId') personId: string,
    @Query() query: DocumentQuery,
    @CallerOf() caller: Caller,
    @Headers() headers: RequestHeaders,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const content = await this.issue.notice(requestOf(personId, query, caller, headers));
    await this.reply({ document: 'qualification-notice', content }, headers, reply);
  }

  @Get('qualification-certificate')
  @DocumentOperation({
    summary: '資格確認書',
    description:
      'For who has no registered card, whose card no longer serves, or who cannot use it; ex officio or on application (`application`). In 後期 for everybody to 2026-07-31. The insurer sets its last day (`validTo`), within five years. Whoever loses the coverage while it is valid returns it; an expired one is destroyed.',
    content: QualificationCertificate,
    problems: ['card-instead-of-certificate', 'validity-out-of-range', 'copay-rate-not-on-record'],
  })
  async readQualificationCertificate(
    @Param('insuredPersonId') personId: string,
    @Query() query: QualificationCertificateQuery,
    @CallerOf() caller: Caller,
    @Headers() headers: RequestHeaders,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { application } = query;
    const validTo = dayOf(query.validTo, '#query/validTo');
    const content = await this.issue.certificate({
      ...requestOf(personId, query, caller, headers),
      ...(application === undefined ? {} : { application }),
      ...(validTo === undefined ? {} : { validTo }),
    });
    await this.reply({ document: 'qualification-certificate', content }, headers, reply);
  }

  @Get('qualification-screen')
  @DocumentOperation({
    summary: 'マイナポータルの資格情報画面',
    description:
      'What the holder of a registered card sees of this coverage in マイナポータル, from the day on which the registration can be used.',
    content: QualificationScreen,
    problems: ['card-not-registered', 'copay-rate-not-on-record'],
  })
  async readQualificationScreen(
    @Param('insuredPersonId') personId: string,
    @Query() query: DocumentQuery,
    @CallerOf() caller: Caller,
    @Headers() headers: RequestHeaders,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const content = await this.issue.screen(requestOf(personId, query, caller, headers));
    await this.reply({ document: 'qualification-screen', content }, headers, reply);
  }

  @Get('eligibility-declaration')
  @DocumentOperation({
    summary: '被保険者資格申立書, filled in',
    description:
      'What a patient hands in on a first visit when nothing else works, with the card. Filled in as far as the record goes; day, telephone number and signature are left open.',
    content: EligibilityDeclaration,
    problems: [],
  })
  async readEligibilityDeclaration(
    @Param('insuredPersonId') personId: string,
    @Query() query: DocumentQuery,
    @CallerOf() caller: Caller,
    @Headers() headers: RequestHeaders,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const content = await this.issue.declaration(requestOf(personId, query, caller, headers));
    await this.reply({ document: 'eligibility-declaration', content }, headers, reply);
  }

  private async reply(document: DocumentContent, { accept }: RequestHeaders, reply: FastifyReply): Promise<void> {
    reply.headers({ 'cache-control': 'no-store', vary: 'accept' });
    if (preferred(typeof accept === 'string' ? accept : undefined, [JSON_TYPE, PDF_TYPE]) === JSON_TYPE) {
      void reply.type(`${JSON_TYPE}; charset=utf-8`).send(JSON.stringify(document.content));
      return;
    }
    const pdf = await this.pdf.of(document);
    void reply.type(PDF_TYPE).header('content-disposition', `inline; filename="${document.document}.pdf"`).send(pdf);
  }
}

const requestOf = (
  personId: string,
  query: DocumentQuery,
  caller: Caller,
  headers: RequestHeaders,
): DocumentRequest => {
  const issuedOn = dayOf(query.issuedOn, '#query/issuedOn');
  return { ...readerOf(caller, headers), personId, ...(issuedOn === undefined ? {} : { issuedOn }) };
};
