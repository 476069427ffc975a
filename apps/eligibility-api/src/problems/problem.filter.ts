import { problems, type ProblemCode, type ProblemDefinition } from '@app/contracts';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';

import { tokyoDay, type Clock } from '../clock/clock.js';
import { problemReply, type ProblemReply } from './problem-reply.js';
import { ProblemException, type ProblemDetails } from './problem.exception.js';

/** Statuses that Fastify and Nest raise by themselves, before or beside our own code. */
const codeOfStatus: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed-json',
  401: 'token-missing',
  403: 'scope-missing',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  413: 'body-too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
};

const statusOf = (exception: unknown): number | undefined => {
  if (exception instanceof HttpException) return exception.getStatus();
  const { statusCode } = (exception ?? {}) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
};

const problemOf = (exception: unknown): { code: ProblemCode; details: ProblemDetails } => {
  if (exception instanceof ProblemException) return { code: exception.code, details: exception.details };
  const code = codeOfStatus[statusOf(exception) ?? 500];
  return code === undefined ? { code: 'internal-error', details: { cause: exception } } : { code, details: {} };
};

/** The one place where an error becomes a reply. No stack, no SQL, nothing of what was sent. */
export class ProblemReplies {
  private readonly logger = new Logger('Problem');

  constructor(private readonly clock: Clock) {}

  /** The reply to what was thrown, which is on the log by then. */
  of(exception: unknown): ProblemReply {
    const { code, details } = problemOf(exception);
    return this.reply(code, details);
  }

  reply(code: ProblemCode, details: ProblemDetails): ProblemReply {
    const instance = `urn:uuid:${randomUUID()}`;
    this.log(code, problems[code], instance, details);
    return problemReply(code, details, instance, tokyoDay(this.clock.now()));
  }

  /** The owner decides how loud: what the caller sent wrong is no alarm of ours. */
  private log(code: ProblemCode, definition: ProblemDefinition, instance: string, details: ProblemDetails): void {
    const { status } = definition;
    const owner = details.owner ?? definition.owner;
    const line = { code, owner, status, instance, ...describe(details.cause) };
    if (owner === 'us' && status >= 500) this.logger.error(line);
    else if (owner === 'registry') this.logger.warn(line);
    else this.logger.debug(line);
  }
}

/** Replies to whatever a handler throws. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly replies: ProblemReplies;

  constructor(
    private readonly routes: { methodsOf(path: string): readonly string[] },
    clock: Clock,
  ) {
    this.replies = new ProblemReplies(clock);
  }

  catch(exception: unknown, host: ArgumentsHost): void {
    const { code, details } = this.orOtherMethod(
      problemOf(exception),
      host.switchToHttp().getRequest<FastifyRequest>(),
    );
    const { status, headers, body } = this.replies.reply(code, details);
    host
      .switchToHttp()
      .getResponse<FastifyReply>()
      .status(status)
      .headers(headers)
      // Serialised already: a schema for this status must not drop a field of the problem.
      .serializer((payload: unknown) => payload as string)
      .send(body);
  }

  /** Fastify says 404 where the address is known and the method is not. */
  private orOtherMethod(
    problem: { code: ProblemCode; details: ProblemDetails },
    request: FastifyRequest,
  ): { code: ProblemCode; details: ProblemDetails } {
    if (problem.code !== 'not-found') return problem;
    const methods = this.routes.methodsOf(request.url.split('?', 1)[0] ?? '/');
    return methods.length === 0
      ? problem
      : { code: 'method-not-allowed', details: { headers: { allow: methods.join(', ') } } };
  }
}

/** Lines of the stack below the message, which may have lines and paths of its own. */
const framesOf = ({ stack = '', message }: Error): string[] =>
  stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));

/**
 * Names and codes of an error and what caused it, and where in our code; never its message, which may hold what was sent
 * (PostgreSQL quotes values, parsers quote input).
 */
const describe = (cause: unknown): object => {
  const chain: { name: string; code?: string }[] = [];
  let at: string | undefined;
  for (let error = cause; error instanceof Error && chain.length < 5; error = error.cause) {
    const code: unknown = (error as { code?: unknown }).code;
    chain.push({ name: error.name, ...(typeof code === 'string' ? { code } : {}) });
    at ??= framesOf(error).find((line) => line.includes('/dist/') || line.includes('/apps/'));
  }
  return chain.length === 0
    ? {}
    : { cause: chain, ...(at === undefined ? {} : { at: at.replace(/\(?(file:\/\/)?\/.*\/(apps|libs)\//, '($2/') }) };
};
