import {
  JlisCertificateChanges,
  JlisCertificateStatusRequest,
  JlisCertificateStatusResponse,
} from '@app/contracts/jlis';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiGoneResponse,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';

import { Problem, ProblemException } from '../problems/problem.js';
import { FeedTruncated } from './change-feed.js';
import { ChangesQuery } from './queries.js';
import { Registry } from './registry.js';

@ApiTags('certificates')
@Controller('v1')
export class CertificatesController {
  constructor(private readonly registry: Registry) {}

  @Post('certificate-status')
  @HttpCode(200)
  @ApiOperation({
    summary: 'The status of one certificate',
    description: 'An unknown serial is an answer (`unknown`), not an error.',
  })
  @ApiOkResponse({ type: JlisCertificateStatusResponse })
  @ApiBadRequestResponse({ type: Problem })
  @ApiServiceUnavailableResponse({ type: Problem, description: 'A fault switch is on' })
  status(@Body() { serial }: JlisCertificateStatusRequest): JlisCertificateStatusResponse {
    return { ...this.registry.certificateStatus(serial), asOf: this.registry.asOf };
  }

  @Get('certificate-changes')
  @ApiOperation({
    summary: 'Changes to certificates, oldest first',
    description:
      'Revocations, renewals and moved dates since the start. A certificate that merely reaches its last day is not announced: its reader holds `notAfter`. Load the population afresh when `generation` differs from the last time or the answer is 410.',
  })
  @ApiOkResponse({ type: JlisCertificateChanges })
  @ApiBadRequestResponse({ type: Problem })
  @ApiGoneResponse({ type: Problem, description: '`feed-truncated`, with the present `generation` and `last`' })
  @ApiServiceUnavailableResponse({ type: Problem, description: 'A fault switch is on' })
  changes(@Query() { after, limit }: ChangesQuery): JlisCertificateChanges {
    const { feed } = this.registry;
    try {
      const changes = this.registry.changesSince(after, limit);
      return {
        changes,
        next: changes.at(-1)?.sequence ?? Math.min(after, feed.last),
        last: feed.last,
        generation: feed.generation,
        asOf: this.registry.asOf,
      };
    } catch (error) {
      if (!(error instanceof FeedTruncated)) throw error;
      throw new ProblemException('feed-truncated', { generation: feed.generation, last: feed.last });
    }
  }
}
