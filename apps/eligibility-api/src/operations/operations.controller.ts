import { OperationsState } from '@app/contracts';
import { JlisFaults } from '@app/contracts/jlis';
import { Body, Controller, Get, Header, Inject, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { Needs } from '../access/access.guard.js';
import { CLOCK, tokyoInstant, type Clock } from '../clock/clock.js';
import { CERTIFICATE_STATUS, type CertificateStatusView } from '../certificate-status/certificate-status-view.js';
import { UnlimitedProblemResponses } from '../http/problem-responses.js';
import { GuardedRegistry } from '../registry/guarded-registry.js';
import { Keeper } from '../replica/keeper.js';
import { ReplicaReader } from '../replica/replica-reader.js';
import { replicaStatus } from '../replica/replica-status.js';
import { ReplicatedFacts } from '../replica/replicated-facts.js';
import { RegistryFaults } from './registry-faults.js';

@ApiTags('Operations')
@Controller('v1/operations')
export class OperationsController {
  constructor(
    private readonly registry: GuardedRegistry,
    @Inject(CERTIFICATE_STATUS) private readonly certificates: CertificateStatusView,
    private readonly keeper: Keeper,
    private readonly replica: ReplicaReader,
    private readonly facts: ReplicatedFacts,
    private readonly faults: RegistryFaults,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('state')
  @Needs('operations')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'State of the breaker and of the replica', description: 'Of the process that answers.' })
  @ApiOkResponse({ type: OperationsState })
  @UnlimitedProblemResponses('token-missing', 'token-invalid', 'scope-missing', 'not-acceptable')
  state(): OperationsState {
    const { breaker, since, counts } = this.registry.state;
    const status = replicaStatus(this.keeper, this.replica, this.facts, this.clock.now());
    const { state } = this.replica;
    const { progress } = this.keeper;
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
      replica: {
        current: status.current,
        keeper: status.keeper,
        ...(state === undefined
          ? {}
          : {
              generation: state.generation,
              asOf: tokyoInstant(state.asOf),
              begunAt: tokyoInstant(state.begunAt),
              people: state.people,
              cards: state.cards,
              readyAnswers: state.ready,
            }),
        ...(progress === undefined ? {} : { loading: progress }),
      },
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
  @UnlimitedProblemResponses(
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
  @UnlimitedProblemResponses(
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
