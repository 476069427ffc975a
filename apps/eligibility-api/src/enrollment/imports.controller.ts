import { EnrollmentImport, IMPORT_STATES, ImportRow, ImportRowsQuery, QualificationChangeRow } from '@app/contracts';
import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
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
import { insurerOf } from '../access/insurer-of.js';
import { notStalled } from '../batch/batch-results.js';
import { readCheckHeaders } from '../check-in/request-headers.js';
import { tokyoInstant } from '../clock/clock.js';
import { csvEncodingOf } from '../http/csv-body.js';
import { isUuid } from '../http/ids.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { bodyOf, ReadsBody } from '../http/unread-body.js';
import { ProblemException } from '../problems/problem.exception.js';
import type { Import, Imports } from './imports.js';
import { orUnavailable } from './or-unavailable.js';
import { IMPORT_BYTES_MAX, SubmitImport } from './submit-import.js';

/** A reader of outcomes who takes nothing for so long is let go. */
const STALLED_MS = 60_000;
/** Seconds after which looking again makes sense. */
const RETRY_AFTER_SECONDS = '1';

/** What the controller takes beside the use case. */
export class ImportParts {
  constructor(readonly imports: Imports) {}
}

const ofImport = ApiParam({
  name: 'importId',
  description: 'importId of the import',
  schema: { type: 'string', maxLength: 36 },
  example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
});

@ApiTags('Enrolment')
@ApiExtraModels(ImportRow, QualificationChangeRow)
@Controller('v1/enrollment-imports')
export class ImportsController {
  constructor(
    private readonly submitImport: SubmitImport,
    private readonly parts: ImportParts,
  ) {}

  @Post()
  @HttpCode(202)
  @Needs('enrollment:write')
  @ReadsBody(IMPORT_BYTES_MAX)
  @ApiOperation({
    summary: 'File many at once, from a CSV file',
    description:
      'One line of column names, then a filing a row: kind (届出区分), qualificationDate (資格取得年月日), name (氏名), nameKana (カナ氏名), birthdate (生年月日), sex1 (性別), address (住所), postNumber (郵便番号), nameOfOther (通称名), insuredCardSymbol (記号), insuredIdentificationNumber (番号), insuredBranchNumber (枝番), insuredName (被保険者氏名), standardMonthlyRemuneration (標準報酬月額); of a change or a correction (kind change, correction) qualificationId (資格ID), effectiveDate (変更年月日) and what became another, with personalFamilyClassification (本人家族区分); in any order and under either name; an empty cell is absent. Days are YYYY-MM-DD or Japanese (令和8年11月20日, R8.11.20). UTF-8 with or without a byte order mark, or Shift_JIS as Windows has it where charset=shift_jis says so. Up to 8 MiB. Each row is filed as POST /v1/enrollments or /v1/qualifications/{qualificationId}/changes would, or refused with what is wrong in it; one does not stop the others. What is wrong with the first line refuses the file.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'A repeat within 24 hours leads to the same import, also after a crash and on another machine',
    schema: { type: 'string', maxLength: 255 },
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  @ApiConsumes('text/csv')
  @ApiBody({ schema: { type: 'string' }, description: 'RFC 4180; lines end with LF or CRLF' })
  @ApiAcceptedResponse({
    type: EnrollmentImport,
    description: 'Kept, and on its way; a repeat under the same key shows the import as it stands',
    headers: {
      Location: { description: 'Address of the import', schema: { type: 'string', format: 'uri-reference' } },
      'Retry-After': { description: 'Seconds', schema: { type: 'integer' } },
    },
  })
  @ProblemResponses(
    'invalid-request',
    'invalid-header',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'not-acceptable',
    'body-too-large',
    'unsupported-media-type',
    'idempotency-key-reused',
    'filings-unavailable',
  )
  async submitEnrollmentImport(
    @CallerOf() caller: Caller,
    @Headers() headers: Record<string, string | string[] | undefined>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EnrollmentImport> {
    const { insurerNumber } = insurerOf(caller);
    const { idempotencyKey } = readCheckHeaders(headers);
    const submitted = await orUnavailable(
      this.submitImport.of(
        { clientId: caller.clientId, insurerNumber, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) },
        csvEncodingOf(request),
        bodyOf(request),
      ),
    );
    reply.headers({
      'cache-control': 'no-store',
      location: `/v1/enrollment-imports/${submitted.importId}`,
      'retry-after': RETRY_AFTER_SECONDS,
    });
    return shown(submitted);
  }

  @Get(':importId')
  @Needs('enrollment:read')
  @ApiOperation({
    summary: 'How far is an import?',
    description: 'For the insurer that filed it. Anything else is a 404.',
  })
  @ofImport
  @ApiOkResponse({ type: EnrollmentImport })
  @ProblemResponses(
    'token-missing',
    'token-invalid',
    'scope-missing',
    'insurer-missing',
    'import-not-found',
    'not-acceptable',
    'filings-unavailable',
  )
  async readEnrollmentImport(
    @Param('importId') importId: string,
    @CallerOf() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EnrollmentImport> {
    reply.header('cache-control', 'no-store');
    return shown(await this.find(caller, importId));
  }

  @Get(':importId/rows')
  @Needs('enrollment:read')
  @ApiOperation({
    summary: 'What became of each row, so far or all of them',
    description:
      'NDJSON, one line a row, in the order of the file: `line` of the file and either `enrollmentId` or `errors`. Lines never change and are only added to, so a reader goes on where it was with `from`. They are all of them when `Shikaku-Import-State` is finished.',
  })
  @ofImport
  @ApiOkResponse({
    content: { 'application/x-ndjson': { schema: { $ref: getSchemaPath(ImportRow) } } },
    description: 'Lines, each an ImportRow and a line feed. The headers say how the import stood when the reply began.',
    headers: {
      'Shikaku-Import-State': {
        description: 'State of the import when the reply began',
        schema: { type: 'string', enum: [...IMPORT_STATES] },
      },
      'Shikaku-Import-Rows': {
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
    'insurer-missing',
    'import-not-found',
    'not-acceptable',
    'filings-unavailable',
  )
  async readEnrollmentImportRows(
    @Param('importId') importId: string,
    @Query() { from = '0' }: ImportRowsQuery,
    @CallerOf() caller: Caller,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = await this.find(caller, importId);
    const pieces = outcomesOf(this.parts.imports, found, Number(from));
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
        'shikaku-import-state': found.state,
        'shikaku-import-rows': String(found.counts.rows),
      })
      .type('application/x-ndjson; charset=utf-8')
      .send(stream);
  }

  private async find(caller: Caller, importId: string): Promise<Import> {
    const { insurerNumber } = insurerOf(caller);
    const found = isUuid(importId) ? await orUnavailable(this.parts.imports.find(insurerNumber, importId)) : undefined;
    if (found === undefined) throw new ProblemException('import-not-found');
    return found;
  }
}

const shown = ({ importId, state, encoding, receivedAt, counts, endedAt }: Import): EnrollmentImport => ({
  importId,
  state,
  encoding,
  receivedAt: tokyoInstant(receivedAt),
  counts: { ...counts },
  ...(endedAt === undefined ? {} : { endedAt: tokyoInstant(endedAt) }),
});

/** Lines from a row on, as far as they were there when the import was read. Rejects when some that were there are gone. */
async function* outcomesOf(imports: Imports, { importId, counts }: Import, from: number): AsyncGenerator<Buffer, void> {
  for (let row = from; row < counts.rows;) {
    const part = await imports.outcomes(importId, row);
    if (part === undefined) throw new Error('outcomes were deleted while they were read');
    const lines = part.outcomes.split('\n').slice(row - part.first, Math.min(part.size, counts.rows - part.first));
    yield Buffer.from(lines.map((line) => `${line}\n`).join(''));
    row = part.first + part.size;
  }
}

async function* startingWith(
  first: IteratorResult<Buffer, void>,
  rest: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
