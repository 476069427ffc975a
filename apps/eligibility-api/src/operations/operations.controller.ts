import { OperationsState } from '@app/contracts';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { Needs } from '../access/access.guard.js';
import { tokyoInstant } from '../clock/clock.js';
import { CertificateStatus } from '../certificate-status/certificate-status.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { GuardedRegistry } from '../registry/guarded-registry.js';
import { KeptFacts } from '../replica/kept-facts.js';

@ApiTags('Operations')
@Controller('v1/operations')
export class OperationsController {
  constructor(
    private readonly registry: GuardedRegistry,
    private readonly certificates: CertificateStatus,
    private readonly facts: KeptFacts,
  ) {}

  @Get('state')
  @Needs('operations')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'State of the breaker and of the kept facts', description: 'Of the process that answers.' })
  @ApiOkResponse({ type: OperationsState })
  @ProblemResponses('token-missing', 'token-invalid', 'scope-missing')
  state(): OperationsState {
    const { breaker, since, counts } = this.registry.state;
    const { confirmedAt, position, isAway } = this.certificates;
    return {
      registry: {
        breaker,
        ...(since === undefined ? {} : { since: tokyoInstant(since) }),
        counts,
        ...(confirmedAt === undefined ? {} : { feedConfirmedAt: tokyoInstant(confirmedAt) }),
        feedPosition: position,
        degraded: isAway,
      },
      cache: this.facts.state,
    };
  }
}
