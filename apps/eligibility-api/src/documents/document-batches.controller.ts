import { DocumentBatchLine, DocumentBatchRequest } from '@app/contracts';
import { Body, Controller, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';

import { CallerOf, Needs } from '../access/access.guard.js';
import type { Caller } from '../access/caller.js';
import { NamesOperator } from '../accesses/names-operator.js';
import { readerOf, type RequestHeaders } from '../accesses/reader-of.js';
import { notStalled } from '../batch/batch-results.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { dayOf } from './asked.js';
import { IssueBatch } from './issue-batch.js';

/** A reader who takes nothing for so long is let go. */
const STALLED_MS = 60_000;

/** One document for many people at once. */
@ApiTags('Documents')
@ApiExtraModels(DocumentBatchLine)
@Controller('v1/document-batches')
export class DocumentBatchesController {
  constructor(private readonly batch: IssueBatch) {}

  @Post()
  @HttpCode(200)
  @Needs('documents:read')
  @ApiOperation({
    summary: 'Issue one document to up to 1,000 people',
    description:
      'NDJSON, one line a person, in the order of `people`, written as each is issued: `done` of `total` is the progress. A person who gets none has the problem in their line, and the others their document. Nothing is kept here: what broke off is asked for again with the people whose lines are missing.',
  })
  @NamesOperator()
  @ApiOkResponse({
    description: 'Lines, each a DocumentBatchLine and a line feed',
    content: { 'application/x-ndjson': { schema: { $ref: getSchemaPath(DocumentBatchLine) } } },
  })
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
  )
  issueDocumentBatch(
    @Body() { document, format = 'pdf', issuedOn: day, people }: DocumentBatchRequest,
    @CallerOf() caller: Caller,
    @Headers() headers: RequestHeaders,
    @Res() reply: FastifyReply,
  ): void {
    const reader = readerOf(caller, headers);
    const issuedOn = dayOf(day, '/issuedOn');
    const lines = this.batch.lines({
      ...reader,
      document,
      format,
      people,
      ...(issuedOn === undefined ? {} : { issuedOn }),
    });
    const stream: Readable = Readable.from(
      notStalled(asBytes(lines), STALLED_MS, () => stream.destroy()),
      // Bytes, and not more than one document ahead of the reader.
      { objectMode: false, highWaterMark: 1 },
    );
    void reply.header('cache-control', 'no-store').type('application/x-ndjson; charset=utf-8').send(stream);
  }
}

const asBytes = async function* (lines: AsyncIterable<DocumentBatchLine>): AsyncGenerator<Buffer, void> {
  for await (const line of lines) yield Buffer.from(`${JSON.stringify(line)}\n`);
};
