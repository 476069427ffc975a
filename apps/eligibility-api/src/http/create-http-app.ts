import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { Logger } from 'nestjs-pino';

import { Corridor, type CorridorTools, type IsCheckRequest } from '../check-in/corridor.js';
import { FrontDoor } from '../check-in/front-door.js';
import { Gate } from '../limits/gate.js';
import { refuseAddress, refuseBytes } from '../problems/before-a-route.js';
import { CLOCK, type Clock } from '../clock/clock.js';
import { ReplyMetrics } from '../metrics/reply-metrics.js';
import { ProblemFilter } from '../problems/problem.filter.js';
import { SETTINGS, type Settings } from '../settings/index.js';
import { takeCsv } from './csv-body.js';
import { takeXml } from './xml-body.js';
import { jsonBody } from './json-body.js';
import { KnownRoutes } from './known-routes.js';
import { noteReplies, replyNoter } from './note-replies.js';
import { createOpenApi } from './openapi.js';
import { RequestShapes, validateByOpenApi } from './request-validation.js';

const BODY_BYTES_MAX = 64 * 1024;
/** Of the request line and the headers together. */
const HEADER_BYTES_MAX = 16 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 72_000;

/** An application that is complete and not yet listening. */
export interface HttpApp {
  readonly app: NestFastifyApplication;
  readonly document: OpenAPIObject;
}

/** Builds an application: Fastify with every limit written out, the guard, problems, validation from the OpenAPI document, and the docs. */
export const createHttpApp = async (module: Type | DynamicModule, process: 'counter' | 'office'): Promise<HttpApp> => {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A proxy's word on who called is believed only where an operator says so; nobody has yet.
    trustProxy: false,
    // Closing ends idle connections at once and lets answers under way leave.
    forceCloseConnections: 'idle',
    // What arrives on a connection kept alive is still answered; its reply closes the connection.
    return503OnClosing: false,
    // An id of any length is looked for and not found, like any other that is not there.
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: HEADER_BYTES_MAX },
    http: { maxHeaderSize: HEADER_BYTES_MAX },
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseBytes,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bufferLogs: true,
    abortOnError: false,
  });
  const logger = app.get(Logger);
  app.useLogger(logger);
  app.flushLogs();

  const fastify = adapter.getInstance();
  // Fastify reads text/plain by itself; nothing here takes it.
  fastify.removeContentTypeParser('text/plain');
  app.useBodyParser('application/json', { bodyLimit: BODY_BYTES_MAX }, jsonBody(fastify));
  if (process === 'office') takeCsv(fastify);
  else takeXml(fastify);
  const note = replyNoter(logger, app.get(ReplyMetrics), app.get<Settings>(SETTINGS).LOG_LEVEL);
  noteReplies(fastify, note);
  const knownRoutes = new KnownRoutes(fastify);
  const document = createOpenApi(app, process);
  const shapes = app.get(RequestShapes);
  validateByOpenApi(fastify, document, shapes);
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'docs/openapi.json',
    yamlDocumentUrl: 'docs/openapi.yaml',
    customSiteTitle: 'Shikaku API',
  });
  app.useGlobalFilters(new ProblemFilter(knownRoutes, app.get<Clock>(CLOCK)));
  const door = process === 'counter' ? app.get(FrontDoor) : undefined;
  if (door !== undefined) fastify.addHook('preClose', () => door.close());
  await app.init();
  if (door !== undefined) {
    const replies = app.get(ReplyMetrics);
    const count = replies.replied.bind(replies);
    const gate = app.get(Gate);
    const tools: CorridorTools = {
      isCheckRequest: isOfShape(shapes, 'EligibilityCheckRequest') as IsCheckRequest,
      note,
      count,
      turnAway: gate.turnAway.bind(gate),
    };
    fastify.server.maxConnections = app.get<Settings>(SETTINGS).CONNECTIONS_MAX;
    // From the inside out: the router, who may come to it, the corridor beside both, and the door before everything.
    gate.standBefore(fastify.server, count);
    app.get(Corridor).standBefore(fastify.server, tools);
    door.standBefore(fastify.server, tools);
  }
  return { app, document };
};

const isOfShape = (shapes: RequestShapes, name: string): ((value: unknown) => boolean) => {
  const faults = shapes.compile({ $ref: `openapi#/components/schemas/${name}` });
  return (value) => faults(value) === undefined;
};
