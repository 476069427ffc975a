import { Controller, Get, Header, Inject, Optional } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { Registry } from 'prom-client';

import { Open } from '../access/access.guard.js';

/** Gathers the figures of all processes that belong together; without it, a process tells its own. */
export type GatherMetrics = (own: Registry) => Promise<string>;

/** Injection token of `GatherMetrics`. */
export const GATHER_METRICS = Symbol('gather-metrics');

/** Prometheus text format. Open, as scrapers expect: it holds counts only; a balancer need not pass it on. */
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly registry: Registry,
    @Optional() @Inject(GATHER_METRICS) private readonly gather?: GatherMetrics,
  ) {}

  @Get()
  @Open()
  @ApiExcludeEndpoint()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  read(): Promise<string> {
    return this.gather === undefined ? this.registry.metrics() : this.gather(this.registry);
  }
}
