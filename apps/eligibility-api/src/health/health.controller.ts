import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { Open } from '../access/access.guard.js';
import { UnlimitedProblemResponses } from '../http/problem-responses.js';
import { Readiness } from './readiness.js';

/** Whether the process lives, and whether it should be sent callers. */
export class Health {
  @ApiProperty({
    description: 'live; ready: send callers here; starting and stopping: do not',
    enum: ['live', 'ready', 'starting', 'stopping'],
    example: 'ready',
  })
  status: 'live' | 'ready' | 'starting' | 'stopping';
}

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @Open()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Does the process live?',
    description: 'Depends on nothing else; a restart would not help what this does not report.',
    security: [],
  })
  @ApiOkResponse({ type: Health })
  @UnlimitedProblemResponses('invalid-request')
  live(): Health {
    return { status: 'live' };
  }

  @Get('ready')
  @Open()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Should callers be sent here?',
    description:
      'Once ready, the registry or PostgreSQL going away does not make it unready: it answers what it can, and says what it cannot.',
    security: [],
  })
  @ApiOkResponse({ type: Health })
  @UnlimitedProblemResponses('invalid-request')
  @ApiServiceUnavailableResponse({ type: Health, description: 'Starting or stopping' })
  ready(@Res({ passthrough: true }) reply: FastifyReply): Health {
    const { status } = this.readiness;
    if (status !== 'ready') reply.status(503);
    return { status };
  }
}
