import { callbackify } from 'node:util';

import { Strategy, type VerifiedCallback } from 'passport-jwt';

import type { Quotas } from '../limits/quotas.js';
import type { AccessTokenClaims, TokenVerifier } from './access-tokens.js';
import type { Caller } from './caller.js';
import { acceptsToken, type Client, type ClientDirectory } from './clients.js';
import type { DpopProofs, ProofFault } from './dpop-proof.js';
import type { RememberedTokens } from './remembered-tokens.js';
import { hasTwoFactors } from './two-factors.js';

/** What passport-jwt needs of a request, and what a proof of possession is about. */
export interface BearerRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Without method and address a token that is bound to a key is not accepted. */
  readonly method?: string;
  readonly url?: string;
}

/**
 * The request names no caller (`missing`), or one that is not accepted (`invalid`); or the proof beside its token is not good, or
 * lacks a nonce.
 */
export type Refusal = 'missing' | 'invalid' | ProofFault;

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

/** RFC 6750 section 2.1, RFC 9449 section 7.1. passport-jwt's own extractor takes the second word of the header, whatever follows it. */
const TOKEN = /^(?:Bearer|DPoP) +([\w.~+/-]+=*)$/i;
const SCHEME = /^(?:Bearer|DPoP)(\s|$)/i;
const BOUND_SCHEME = /^DPoP(\s|$)/i;

/** Whether an Authorization header is that of a token bound to a key. */
export const isBoundScheme = (authorization: string | undefined): boolean => BOUND_SCHEME.test(authorization ?? '');

const authorizationOf = ({ headers }: BearerRequest): string => {
  const { authorization } = headers;
  return typeof authorization === 'string' ? authorization : '';
};

const thumbprintOf = ({ cnf }: AccessTokenClaims): string | undefined =>
  typeof cnf?.jkt === 'string' ? cnf.jkt : undefined;

const callerOf = (claims: AccessTokenClaims, quotas: Quotas): Caller => {
  const clientId = claims.client_id;
  const scopes = new Set(typeof claims.scope === 'string' ? claims.scope.split(' ') : []);
  const quota = quotas.of({ clientId, scopes });
  const keyThumbprint = thumbprintOf(claims);
  return {
    clientId,
    scopes,
    ...(quota === undefined ? {} : { quota }),
    ...(typeof claims.institution_code === 'string' ? { institutionCode: claims.institution_code } : {}),
    ...(typeof claims.insurer_number === 'string' ? { insurerNumber: claims.insurer_number } : {}),
    ...(keyThumbprint === undefined ? {} : { keyThumbprint }),
    ...(typeof claims.act?.sub === 'string'
      ? { actor: { sub: claims.act.sub, hasTwoFactors: hasTwoFactors(claims.amr) } }
      : {}),
  };
};

/**
 * An outside issuer says who calls; what they may, and in whose name, is as they are registered here. Undefined where it says
 * otherwise: then somebody is mistaken about who this is.
 */
const asRegistered = (claims: AccessTokenClaims, client: Client): AccessTokenClaims | undefined => {
  const { institutionCode, insurerNumber } = client;
  const contradicts =
    (claims.institution_code !== undefined && claims.institution_code !== institutionCode) ||
    (claims.insurer_number !== undefined && claims.insurer_number !== insurerNumber);
  if (contradicts) return undefined;
  const scopes = (typeof claims.scope === 'string' ? claims.scope.split(' ') : []).filter((scope) =>
    client.scopes.includes(scope),
  );
  return {
    ...claims,
    scope: scopes.join(' '),
    ...(institutionCode === undefined ? {} : { institution_code: institutionCode }),
    ...(insurerNumber === undefined ? {} : { insurer_number: insurerNumber }),
  };
};

export interface BearerParts {
  readonly tokens: TokenVerifier;
  readonly clients: ClientDirectory;
  readonly remembered: RememberedTokens;
  readonly quotas: Quotas;
  readonly proofs: DpopProofs;
  /** Tokens bound to a key, apart from the others: whoever finds one here has not proven anything yet. */
  readonly rememberedBound: RememberedTokens;
}

/** Turns `Authorization` into a caller. */
export class Bearer {
  private readonly strategy: Strategy;

  constructor(private readonly parts: BearerParts) {
    const { tokens, clients } = parts;
    this.strategy = new Strategy(
      {
        jwtFromRequest: (request: BearerRequest) => TOKEN.exec(authorizationOf(request))?.[1] ?? null,
        secretOrKeyProvider: (_request: unknown, _token: unknown, done: (error: unknown, key: unknown) => void) =>
          done(null, tokens),
        passReqToCallback: false,
      } as unknown as ConstructorParameters<typeof Strategy>[0],
      // A revoked client's tokens end with it.
      (claims: AccessTokenClaims, done: VerifiedCallback) => {
        const client = clients.find(claims.client_id);
        const accepted = client !== undefined && acceptsToken(client, thumbprintOf(claims));
        done(null, accepted ? (tokens.isFromOutside(claims) ? asRegistered(claims, client) : claims) : false);
      },
    );
  }

  /** A token that was verified before is not verified again. */
  authenticate(request: BearerRequest): Promise<Caller | Refusal> {
    const authorization = authorizationOf(request);
    const known = this.parts.remembered.recall(authorization);
    if (known !== undefined) return Promise.resolve(known);
    return isBoundScheme(authorization) ? this.bound(request, authorization) : this.unbound(request, authorization);
  }

  /** Of the nonces that a proof may be asked to have. */
  get nonce(): string {
    return this.parts.proofs.nonce;
  }

  private async unbound(request: BearerRequest, authorization: string): Promise<Caller | Refusal> {
    const verified = await this.verified(request, authorization);
    if (typeof verified === 'string') return verified;
    // Whoever stole it could send it so: no downgrade (RFC 9449 section 7.2).
    if (verified.caller.keyThumbprint !== undefined) return 'invalid';
    this.parts.remembered.remember(authorization, verified.claims, verified.caller);
    return verified.caller;
  }

  /** The token is remembered, the proof beside it is judged each time. */
  private async bound(request: BearerRequest, authorization: string): Promise<Caller | Refusal> {
    const { rememberedBound, proofs } = this.parts;
    const { method, url, headers } = request;
    const proof = headers['dpop'];
    const accessToken = TOKEN.exec(authorization)?.[1];
    if (accessToken === undefined) return 'invalid';
    if (method === undefined || url === undefined || typeof proof !== 'string') return 'invalid_dpop_proof';
    let caller = rememberedBound.recall(authorization);
    if (caller === undefined) {
      const verified = await this.verified(request, authorization);
      if (typeof verified === 'string') return verified;
      ({ caller } = verified);
      if (caller.keyThumbprint === undefined) return 'invalid';
      rememberedBound.remember(authorization, verified.claims, caller);
    }
    const proven = await proofs.judge(proof, { method, path: url.split('?', 1)[0] as string, accessToken });
    if ('fault' in proven) return proven.fault;
    return proven.thumbprint === caller.keyThumbprint ? caller : 'invalid';
  }

  /** Runs the strategy the way passport does: on a copy that carries the callbacks of this one request. */
  private verified(
    request: BearerRequest,
    authorization: string,
  ): Promise<{ claims: AccessTokenClaims; caller: Caller } | Refusal> {
    return new Promise((resolve, reject) => {
      const run = Object.assign(Object.create(this.strategy) as Strategy, {
        success: (found: unknown) => {
          const claims = found as AccessTokenClaims;
          resolve({ claims, caller: callerOf(claims, this.parts.quotas) });
        },
        // Another scheme is no token at all: told what is needed, and not what was wrong (RFC 6750 section 3).
        fail: () => resolve(SCHEME.test(authorization) ? 'invalid' : 'missing'),
        error: reject,
      });
      run.authenticate(request as never);
    });
  }
}
