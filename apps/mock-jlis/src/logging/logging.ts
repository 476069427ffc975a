import type { LoggerService } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { type Logger, pino } from 'pino';

import type { LogLevel } from '../settings/settings.js';

export const createLogger = (level: LogLevel): Logger => pino({ level, base: { service: 'mock-jlis' } });

/** Nest's own messages; its tour of modules and routes at start is for debugging only. */
export const nestLog = (log: Logger): LoggerService => {
  const at =
    (level: 'debug' | 'warn' | 'error' | 'trace') =>
    (message: unknown, ...rest: unknown[]): void => {
      log[level]({ context: rest.at(-1) }, String(message));
    };
  return { log: at('debug'), warn: at('warn'), error: at('error'), debug: at('debug'), verbose: at('trace') };
};

/** The only query values that say nothing about a person. */
const LOGGED_QUERY = ['after', 'limit', 'from'] as const;

/** One line for every answered request: method, route pattern, status, milliseconds; no path, body or header. */
export const logRequests = (fastify: FastifyInstance, log: Logger): void => {
  fastify.addHook('onResponse', async (request, reply) => {
    const query = (request.query ?? {}) as Record<string, unknown>;
    const place = Object.fromEntries(LOGGED_QUERY.flatMap((name) => number(name, query[name])));
    log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? '(none)',
        ...place,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
  });
};

const number = (name: string, value: unknown): [string, number][] =>
  typeof value === 'string' && /^\d{1,12}$/.test(value) ? [[name, Number(value)]] : [];
