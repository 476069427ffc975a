import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Logger } from 'pino';

import { ChangeRefused } from '../registry/registry.js';
import { SearchTooWide } from '../registry/person-search.js';
import { type Problem, problemBody, type ProblemCode, ProblemException } from './problem.js';
import { sendProblem } from './send-problem.js';

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'DELETE'];

const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed-request',
  404: 'not-found',
  413: 'body-too-large',
  415: 'unsupported-media-type',
};

/** Nest's exceptions and Fastify's errors both carry a status, in different places. */
const statusOf = (error: unknown): number => {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return 500;
};

/** Where every error becomes a reply. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const problem = this.#problemOf(error);
    const allowed = problem.code === 'not-found' ? this.#methodsAt(http.getRequest<FastifyRequest>()) : [];
    if (allowed.length > 0) {
      reply.header('allow', allowed.join(', '));
      sendProblem(reply, problemBody('method-not-allowed'));
      return;
    }
    sendProblem(reply, problem);
  }

  #problemOf(error: unknown): Problem {
    if (error instanceof ProblemException) return error.problem;
    if (error instanceof ChangeRefused) return problemBody(error.because);
    if (error instanceof SearchTooWide) return problemBody('search-too-wide');
    const status = statusOf(error);
    const code = BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'malformed-request' : 'internal-error');
    if (code === 'internal-error') {
      // A message may quote what was sent; the name and the frames cannot.
      const frames =
        error instanceof Error ? error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) : undefined;
      this.log.error({ error: error instanceof Error ? error.name : typeof error, frames }, 'unexpected error');
    }
    return problemBody(code);
  }

  #methodsAt(request: FastifyRequest): string[] {
    // The router answers 404 for a known path with another method; all paths here are fixed, so it can be asked.
    const url = request.url.split('?', 1)[0] ?? '';
    if (request.routeOptions.url !== undefined) return [];
    return METHODS.filter((method) => request.server.hasRoute({ url, method }));
  }
}
