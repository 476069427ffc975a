import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

import type { Clock } from './clock/clock.js';
import { FaultHook } from './faults/fault-hook.js';
import { Faults } from './faults/faults.js';
import { createLogger, logRequests, nestLog } from './logging/logging.js';
import { MockJlisModule } from './mock-jlis.module.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { requestValidation } from './problems/validation.js';
import { Registry } from './registry/registry.js';
import type { Settings } from './settings/settings.js';

/** Requests here are a serial or five attributes. */
const BODY_LIMIT_BYTES = 16 * 1024;
/** What answers already under way may take at shutdown. */
const SHUTDOWN_GRACE_MS = 1000;

export interface MockJlisOptions {
  settings: Settings;
  clock: Clock;
  /** Changes kept for readers of the feed; 1,000,000 when left out. */
  retainedChanges?: number;
}

/** A registry in this process. */
export interface MockJlis {
  readonly app: NestFastifyApplication;
  readonly registry: Registry;
  readonly faults: Faults;
  /**
   * Listens on the settings' host and port.
   * @returns the base URL, `http://127.0.0.1:3100`
   */
  listen(): Promise<string>;
  /** Stops within two seconds, whatever is still open. */
  close(): Promise<void>;
}

/** Builds the registry; it listens when told to. */
export const createMockJlis = async ({ settings, clock, retainedChanges }: MockJlisOptions): Promise<MockJlis> => {
  const log = createLogger(settings.logLevel);
  const app = await NestFactory.create<NestFastifyApplication>(
    MockJlisModule.of({ settings, clock, log, retainedChanges }),
    new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES }),
    { logger: nestLog(log), bodyParser: false, abortOnError: false },
  );
  const fastify = app.getHttpAdapter().getInstance();
  // Fastify reads text/plain by itself; nothing here takes it.
  fastify.removeContentTypeParser('text/plain');
  logRequests(fastify, log);
  const faultHook = app.get(FaultHook);
  faultHook.register(fastify);
  app.useGlobalPipes(requestValidation());
  app.useGlobalFilters(new ProblemFilter(log));
  describe(app);

  return {
    app,
    registry: app.get(Registry),
    faults: app.get(Faults),
    listen: async () => {
      await app.init();
      // Not app.listen(): it logs an occupied port with its stack before the caller can say it plainly.
      return fastify.listen({ port: settings.port, host: settings.host });
    },
    close: async () => {
      faultHook.release();
      const cut = setTimeout(() => fastify.server.closeAllConnections(), SHUTDOWN_GRACE_MS);
      try {
        await app.close();
      } finally {
        clearTimeout(cut);
      }
    },
  };
};

/** OpenAPI at /docs, written when somebody first looks. */
const describe = (app: NestFastifyApplication): void => {
  const document = new DocumentBuilder()
    .setTitle('Mock J-LIS')
    .setDescription('A stand-in for the national registry with a synthetic population. No real person is in it.')
    .setVersion('1')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, document));
};
