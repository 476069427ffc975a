import { createParamDecorator, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { QuotaExceeded, rateLimitHeaders } from '../limits/quota-exceeded.js';
import { ProblemException } from '../problems/problem.exception.js';
import { Bearer, isBoundScheme, type BearerRequest, type Refusal } from './bearer.js';
import type { Caller, Scope } from './caller.js';
import { CALLERS_ALGORITHMS } from './dpop-proof.js';

const NEEDED_SCOPE = 'shikaku:scope';
const OPEN = 'shikaku:open';
const BARE_TOKEN = 'shikaku:bare-token';

/** The scope a caller needs for this operation. An operation with neither `@Needs` nor `@Open` answers nobody. */
export const Needs = (scope: Scope) => SetMetadata(NEEDED_SCOPE, scope);

/** Answers anybody: health, metrics, keys, documentation, and the token endpoint, which authenticates by itself. */
export const Open = () => SetMetadata(OPEN, true);

/** The token stands in `Authorization` without a scheme before it, as the national system has it. */
export const BareToken = () => SetMetadata(BARE_TOKEN, true);

type CalledRequest = FastifyRequest & { caller?: Caller };

/** The caller, as a parameter of a handler. */
export const CallerOf = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<CalledRequest>();
  if (caller === undefined) throw new Error('a handler asked for the caller of an open operation');
  return caller;
});

const BEARER = 'Bearer realm="shikaku"';
const BOUND = `DPoP realm="shikaku", algs="${CALLERS_ALGORITHMS.join(' ')}"`;
const AUTHORIZATION = 'authorization';

/** Node keeps the first of several Authorization headers; a proxy before us may have looked at another. */
const severalTokens = (request: FastifyRequest): boolean =>
  request.raw.rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === AUTHORIZATION).length > 1;

const withScheme = (request: FastifyRequest): BearerRequest => {
  const { authorization } = request.headers;
  const isAlone = authorization !== undefined && /^[^\s]+$/.test(authorization);
  return isAlone ? { headers: { authorization: `Bearer ${authorization}` } } : request;
};

/** Every operation passes here: who calls (RFC 6750), and whether they may. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly bearer: Bearer,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const handlers = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(OPEN, handlers) === true) return true;
    const scope = this.reflector.getAllAndOverride<Scope | undefined>(NEEDED_SCOPE, handlers);

    const request = context.switchToHttp().getRequest<CalledRequest>();
    const isBare = this.reflector.getAllAndOverride<boolean | undefined>(BARE_TOKEN, handlers) === true;
    const caller = severalTokens(request)
      ? 'invalid'
      : await this.bearer.authenticate(isBare ? withScheme(request) : request);
    if (typeof caller === 'string') throw this.refusal(caller, isBoundScheme(request.headers.authorization));
    if (scope === undefined || !caller.scopes.has(scope))
      throw new ProblemException('scope-missing', {
        headers: {
          'www-authenticate': `${caller.keyThumbprint === undefined ? BEARER : BOUND}, error="insufficient_scope"${scope === undefined ? '' : `, scope="${scope}"`}`,
        },
      });
    const { quota } = caller;
    if (quota !== undefined) {
      if (!quota.take()) throw new QuotaExceeded(quota);
      context.switchToHttp().getResponse<FastifyReply>().headers(rateLimitHeaders(quota));
    }
    request.caller = caller;
    return true;
  }

  private refusal(refusal: Refusal, isBound: boolean): ProblemException {
    if (refusal === 'missing')
      return new ProblemException('token-missing', { headers: { 'www-authenticate': BEARER } });
    const challenge = isBound ? BOUND : BEARER;
    if (refusal === 'invalid')
      return new ProblemException('token-invalid', {
        headers: { 'www-authenticate': `${challenge}, error="invalid_token"` },
      });
    return new ProblemException(refusal === 'use_dpop_nonce' ? 'proof-nonce-needed' : 'proof-invalid', {
      headers: { 'www-authenticate': `${challenge}, error="${refusal}"`, 'dpop-nonce': this.bearer.nonce },
    });
  }
}
