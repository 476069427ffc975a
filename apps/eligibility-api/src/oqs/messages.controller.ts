import { EligibilityCheckRequest } from '@app/contracts';
import { BULK_MAX_BYTES, parseFileName, writeXml } from '@app/oqs';
import { Body, Controller, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { CallerOf, Needs } from '../access/access.guard.js';
import type { Caller } from '../access/caller.js';
import { readCheckHeaders } from '../check-in/request-headers.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { bodyOf, ReadsBody } from '../http/unread-body.js';
import { ProblemException } from '../problems/problem.exception.js';
import { AskFace } from './ask-face.js';
import { FACES } from './client.js';
import { clientOf } from './client-of.js';
import { MessageDesk } from './message-desk.js';
import { ReadAppText } from './read-app-text.js';
import { readBytes } from './read-body.js';

/** The app's text has some thirty lines. */
const APP_TEXT_BYTES_MAX = 64 * 1024;
const NAME_HEADER = 'Shikaku-File-Name';
const BULK_NAME = /^OQSmu/i;

const answerHeaders = {
  [NAME_HEADER]: {
    description: 'Name of the file that a client looks for, percent-encoded',
    schema: { type: 'string' as const },
    example: 'OQSsiquc01res_20261122000001.xml',
  },
};
const fileName = ApiHeader({
  name: NAME_HEADER,
  required: true,
  description:
    'Name of the file that the message would have in `req`, percent-encoded; its beginning says what kind of message it is',
  schema: { type: 'string', maxLength: 800 },
  example: 'OQSsiquc01req_20261122000001.xml',
});
const operator = ApiHeader({
  name: 'Shikaku-Operator',
  required: false,
  description: 'Opaque staff id, recorded with the check',
  schema: { type: 'string', maxLength: 64 },
  example: 'staff-17',
});
const XML = { 'application/xml': { schema: { type: 'string' as const } } };

/** The national system's XML messages over HTTP: what lies between a folder on a clinic's network and this service. */
@ApiTags('National messages')
@Controller('v1/oqs')
export class MessagesController {
  constructor(
    private readonly desk: MessageDesk,
    private readonly face: AskFace,
    private readonly appTexts: ReadAppText,
  ) {}

  @Post('messages')
  @HttpCode(200)
  @Needs('eligibility:check')
  @ReadsBody(BULK_MAX_BYTES)
  @fileName
  @operator
  @ApiOperation({
    summary: 'Answer one XML message of the national system',
    description:
      'OQSsiquc01 (one person), OQSsiimm01 (照会番号), and the two halves of OQSmuquc, OQSmuimm, OQSmutic, OQSmuhvq and OQSmuonq; docs/oqs describes each element. UTF-8 or Shift_JIS as the message itself declares; the answer is in UTF-8. What cannot be answered is a message with SegmentOfResult 9, never "not covered"; what is no message at all is malformed-message. Bulk messages need eligibility:batch too. The same message under the same name within 10 minutes gets the same answer.',
  })
  @ApiConsumes('application/xml')
  @ApiBody({
    schema: { type: 'string', maxLength: BULK_MAX_BYTES },
    description: 'The message, up to 4 MiB; up to 64 MiB in bulk',
  })
  @ApiProduces('application/xml')
  @ApiOkResponse({ description: 'The answer', headers: answerHeaders, content: XML })
  @ProblemResponses(
    'malformed-message',
    'invalid-header',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'institution-missing',
    'not-acceptable',
    'body-too-large',
    'unsupported-media-type',
  )
  async answerMessage(
    @CallerOf() caller: Caller,
    @Headers() headers: Record<string, string | string[] | undefined>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const name = nameIn(headers);
    const isBulk = BULK_NAME.test(name);
    if (isBulk && !caller.scopes.has('eligibility:batch')) throw new ProblemException('scope-missing');
    const { operator: named = isBulk ? FACES.bulk : FACES.xml } = readCheckHeaders(headers);
    const bytes = await readBytes(bodyOf(request), BULK_MAX_BYTES);
    const outgoing = await this.desk.reply(clientOf(caller, named), { name, bytes });
    if (outgoing.kind === 'malformed')
      throw new ProblemException('malformed-message', {
        errors: [{ pointer: '', code: outgoing.code, detail: outgoing.message }],
      });
    sendXml(reply, outgoing);
  }

  @Post('face-messages')
  @HttpCode(200)
  @Needs('eligibility:check')
  @operator
  @ApiOperation({
    summary: 'Ask with a card, and get what a card reader leaves in `face`',
    description:
      'A check as POST /v1/eligibility-checks, whose answer is the XML message OQSsiquc01res_face. A card that cannot be used is SegmentOfResult 9.',
  })
  @ApiProduces('application/xml')
  @ApiOkResponse({ description: 'The message', headers: answerHeaders, content: XML })
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
    'answer-unavailable',
  )
  async answerFace(
    @Body() request: EligibilityCheckRequest,
    @CallerOf() caller: Caller,
    @Headers() headers: Record<string, string | string[] | undefined>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { operator: named = FACES.reader } = readCheckHeaders(headers);
    const { name, message } = await this.face.for(clientOf(caller, named), request);
    sendXml(reply, { name, bytes: writeXml('OQSsiquc01res_face', message).bytes });
  }

  @Post('app-texts')
  @HttpCode(200)
  @Needs('eligibility:check')
  @ReadsBody(APP_TEXT_BYTES_MAX)
  @ApiOperation({
    summary: 'Turn what マイナ資格確認アプリ puts on the clipboard into the message of a card reader',
    description:
      'The app has no interface to a receipt computer; its text is copied by hand. Any line end, width of letters and order of lines; what is wrong is refused with its line. Nothing is asked and nothing is on record: the app has asked the national system itself.',
  })
  @ApiConsumes('text/plain')
  @ApiBody({ schema: { type: 'string', maxLength: APP_TEXT_BYTES_MAX }, description: 'The text, in UTF-8' })
  @ApiProduces('application/xml')
  @ApiOkResponse({ description: 'The message', headers: answerHeaders, content: XML })
  @ProblemResponses(
    'malformed-message',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'institution-missing',
    'not-acceptable',
    'body-too-large',
    'unsupported-media-type',
  )
  async readAppText(
    @CallerOf() caller: Caller,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const client = clientOf(caller, FACES.reader);
    sendXml(reply, this.appTexts.of(client, await readBytes(bodyOf(request), APP_TEXT_BYTES_MAX)));
  }
}

const nameIn = (headers: Record<string, string | string[] | undefined>): string => {
  const encoded = headers[NAME_HEADER.toLowerCase()];
  try {
    const name = decodeURIComponent(typeof encoded === 'string' ? encoded : '');
    if (parseFileName(name) !== undefined) return name;
  } catch {
    // Not percent-encoded: told below.
  }
  throw new ProblemException('invalid-header', {
    errors: [
      {
        pointer: `#header/${NAME_HEADER}`,
        code: 'format',
        detail: 'must be the name of a request, such as OQSsiquc01req_20261122000001.xml',
      },
    ],
  });
};

const sendXml = (reply: FastifyReply, { name, bytes }: { readonly name: string; readonly bytes: Buffer }): void => {
  void reply
    .headers({ 'cache-control': 'no-store', [NAME_HEADER]: encodeURIComponent(name) })
    .type('application/xml; charset=utf-8')
    .send(bytes);
};
