import { OperationsState } from '@app/contracts';
import { JlisFaults } from '@app/contracts/jlis';
import { Body, Controller, Get, Header, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { Needs } from '../access/access.guard.js';
import { tokyoInstant } from '../clock/clock.js';
import { CertificateStatus } from '../certificate-status/certificate-status.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { GuardedRegistry } from '../registry/guarded-registry.js';
import { KeptFacts } from '../replica/kept-facts.js';
import { RegistryFaults } from './registry-faults.js';

@ApiTags('Operations')
@Controller('v1/operations')
export class OperationsController {
  constructor(
    private readonly registry: GuardedRegistry,
    private readonly certificates: CertificateStatus,
    private readonly facts: KeptFacts,
    private readonly faults: RegistryFaults,
  ) {}

  @Get('state')
  @Needs('operations')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'State of the breaker and of the kept facts', description: 'Of the process that answers.' })
  @ApiOkResponse({ type: OperationsState })
  @ProblemResponses('token-missing', 'token-invalid', 'scope-missing', 'not-acceptable')
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

  @Get('registry-faults')
  @Needs('operations')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: "Read the mock registry's fault switches",
    description: 'Only where the registry is the mock (REGISTRY_FAULTS_URL).',
  })
  @ApiOkResponse({ type: JlisFaults })
  @ProblemResponses(
    'token-missing',
    'token-invalid',
    'scope-missing',
    'not-acceptable',
    'not-found',
    'registry-unavailable',
  )
  readFaults(): Promise<JlisFaults> {
    return this.faults.read();
  }

  @Put('registry-faults')
  @Needs('operations')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: "Set the mock registry's fault switches",
    description:
      'Replaces them all; `{}` heals everything. An operation left out is well; `all` stands for every operation not named.',
  })
  @ApiOkResponse({ type: JlisFaults })
  @ProblemResponses(
    'malformed-json',
    'invalid-request',
    'token-missing',
    'token-invalid',
    'scope-missing',
    'not-acceptable',
    'unsupported-media-type',
    'not-found',
    'registry-unavailable',
  )
  replaceFaults(@Body() faults: JlisFaults): Promise<JlisFaults> {
    return this.faults.replace(faults);
  }
}
