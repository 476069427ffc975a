import { JlisPopulationPerson } from '@app/contracts/jlis';
import { Controller, Get, Query, Res, StreamableFile } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Problem } from '../problems/problem.js';
import { populationStream } from './population-stream.js';
import { PopulationQuery } from './queries.js';
import { Registry } from './registry.js';

@ApiTags('people')
@ApiExtraModels(JlisPopulationPerson)
@Controller('v1/population')
export class PopulationController {
  constructor(private readonly registry: Registry) {}

  @Get()
  @ApiOperation({
    summary: 'All residents, one JSON object per line',
    description:
      'Scenario people first, then the synthetic ones. Computed while it is read, no faster than it is read. What changes while the stream runs is in the change feed after `registry-sequence`.',
  })
  @ApiOkResponse({
    content: { 'application/x-ndjson': { schema: { $ref: getSchemaPath(JlisPopulationPerson) } } },
    headers: {
      'registry-generation': { description: 'Generation of the change feed', schema: { type: 'string' } },
      'registry-sequence': {
        description: 'Last sequence of the feed when the stream began: go on from here',
        schema: { type: 'integer' },
      },
    },
  })
  @ApiBadRequestResponse({ type: Problem })
  @ApiServiceUnavailableResponse({ type: Problem, description: 'A fault switch is on' })
  stream(@Query() { from, limit }: PopulationQuery, @Res({ passthrough: true }) reply: FastifyReply): StreamableFile {
    this.registry.keepUpWithTheDay();
    reply.header('registry-generation', this.registry.feed.generation);
    reply.header('registry-sequence', this.registry.feed.last);
    return new StreamableFile(populationStream(this.registry, from, limit), { type: 'application/x-ndjson' });
  }
}
