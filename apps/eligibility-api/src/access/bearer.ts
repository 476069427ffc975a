import { callbackify } from 'node:util';

import { Strategy, type VerifiedCallback } from 'passport-jwt';

import type { Quotas } from '../limits/quotas.js';
import type { AccessTokenClaims, TokenVerifier } from './access-tokens.js';
import type { Caller } from './caller.js';
import type { ClientDirectory } from './clients.js';
import type { RememberedTokens } from './remembered-tokens.js';
import { hasTwoFactors } from './two-factors.js';

/** What passport-jwt needs of a request. */
export interface BearerRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The request names no caller (`missing`), or one that is not accepted (`invalid`). */
export type Refusal = 'missing' | 'invalid';

/**
 * passport-jwt finds its verifier on its own class, once for the whole process, and hands it the "key". So the verifier set
 * here is a mere switch, and the key handed over is whoever verifies: two applications in one process keep their keys apart.
 * (The stock verifier, jsonwebtoken, accepts seven kinds of token that it should not; see TokenVerifier.verify.)
 */
const verify = callbackify((token: string, tokens: TokenVerifier) => tokens.verify(token));
(Strategy as unknown as { JwtVerifier: unknown }).JwtVerifier = (
  token: string,
  tokens: TokenVerifier,
  _options: unknown,
  done: Parameters<typeof verify>[2],
): void => verify(token, tokens, done);

/** RFC 6750 section 2.1. passport-jwt's own extractor takes the second word of the header, whatever follows it. */
const BEARER = /^Bearer +([\w.~+/-]+=*)$/i;
const BEARER_SCHEME = /^Bearer(\s|$)/i;

const authorizationOf = ({ headers }: BearerRequest): string => {
  const { authorization } = headers;
  return typeof authorization === 'string' ? authorization : '';
};

const callerOf = (claims: AccessTokenClaims, quotas: Quotas): Caller => {
  const clientId = claims.client_id;
  const scopes = new Set(typeof claims.scope === 'string' ? claims.scope.split(' ') : []);
  const quota = quotas.of({ clientId, scopes });
  return {
    clientId,
    scopes,
    ...(quota === undefined ? {} : { quota }),
    ...(typeof claims.institution_code === 'string' ? { institutionCode: claims.institution_code } : {}),
    ...(typeof claims.insurer_number === 'string' ? { insurerNumber: claims.insurer_number } : {}),
    ...(typeof claims.act?.sub === 'string'
      ? { actor: { sub: claims.act.sub, hasTwoFactors: hasTwoFactors(claims.amr) } }
      : {}),
  };
};

/** Turns `Authorization: Bearer` into a caller. */
export class Bearer {
  private readonly strategy: Strategy;

  constructor(
    tokens: TokenVerifier,
    clients: ClientDirectory,
    private readonly remembered: RememberedTokens,
    private readonly quotas: Quotas,
  ) {
    this.strategy = new Strategy(
      {
        jwtFromRequest: (request: BearerRequest) => BEARER.exec(authorizationOf(request))?.[1] ?? null,
        secretOrKeyProvider: (_request: unknown, _token: unknown, done: (error: unknown, key: unknown) => void) =>
          done(null, tokens),
        passReqToCallback: false,
      } as unknown as ConstructorParameters<typeof Strategy>[0],
      // A revoked client's tokens end with it.
      (claims: AccessTokenClaims, done: VerifiedCallback) =>
        done(null, clients.find(claims.client_id) === undefined ? false : claims),
    );
  }

  /** A token that was verified before is not verified again. Runs the strategy the way passport does: on a copy that carries the callbacks of this one request. */
  authenticate(request: BearerRequest): Promise<Caller | Refusal> {
    const authorization = authorizationOf(request);
    const known = this.remembered.recall(authorization);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const run = Object.assign(Object.create(this.strategy) as Strategy, {
        success: (claims: unknown) => {
          const caller = callerOf(claims as AccessTokenClaims, this.quotas);
          this.remembered.remember(authorization, claims as AccessTokenClaims, caller);
          resolve(caller);
        },
        // Another scheme is no token at all: told what is needed, and not what was wrong (RFC 6750 section 3).
        fail: () => resolve(BEARER_SCHEME.test(authorization) ? 'invalid' : 'missing'),
        error: reject,
      });
      run.authenticate(request as never);
    });
  }
}
