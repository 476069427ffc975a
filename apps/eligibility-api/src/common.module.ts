import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import { Registry as MetricsRegistry } from 'prom-client';

import { CLOCK, type Clock } from './clock/clock.js';
import { ErrorsController } from './docs/errors.controller.js';
import { HealthController } from './health/health.controller.js';
import { Readiness } from './health/readiness.js';
import { BodyRules } from './http/body-rules.pipe.js';
import { RequestShape } from './http/request-shape.interceptor.js';
import { RequestShapes } from './http/request-validation.js';
import { LimitsModule } from './limits/limits.module.js';
import { ReplyMetrics } from './metrics/reply-metrics.js';
import { GATHER_METRICS, MetricsController, type GatherMetrics } from './metrics/metrics.controller.js';
import { ROLE, type Role } from './runtime/role.js';
import { SETTINGS, type Settings } from './settings/index.js';

/** What every process has: settings, clock, log, metrics, health, and the way a request is looked at. */
@Global()
@Module({})
export class CommonModule {
  static with(settings: Settings, clock: Clock, role: Role = 'whole', gather?: GatherMetrics): DynamicModule {
    return {
      module: CommonModule,
      imports: [
        LimitsModule,
        LoggerModule.forRoot({
          // Replies are logged by note-replies.ts from an allow-list; pino-http would log addresses and headers.
          pinoHttp: {
            level: settings.LOG_LEVEL,
            autoLogging: false,
            quietReqLogger: true,
            base: null,
            serializers: { req: () => undefined },
          },
        }),
      ],
      controllers: [HealthController, MetricsController, ErrorsController],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: CLOCK, useValue: clock },
        { provide: ROLE, useValue: role },
        ...(gather === undefined ? [] : [{ provide: GATHER_METRICS, useValue: gather }]),
        { provide: MetricsRegistry, useFactory: () => new MetricsRegistry() },
        {
          provide: ReplyMetrics,
          inject: [MetricsRegistry],
          useFactory: (registry: MetricsRegistry) => new ReplyMetrics(registry),
        },
        Readiness,
        RequestShapes,
        { provide: APP_INTERCEPTOR, useClass: RequestShape },
        { provide: APP_PIPE, useClass: BodyRules },
      ],
      exports: [SETTINGS, CLOCK, ROLE, MetricsRegistry, ReplyMetrics, Readiness, RequestShapes],
    };
  }
}
