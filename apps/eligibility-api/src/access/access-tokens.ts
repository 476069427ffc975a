import { decodeJwt, jwtVerify, SignJWT, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { randomUUID } from 'node:crypto';

import type { Clock } from '../clock/clock.js';
import type { Client } from './clients.js';
import { CALLERS_ALGORITHMS } from './dpop-proof.js';
import type { SigningKeys, VerifyingKeys } from './signing-key.js';
import { CLOCK_TOLERANCE_SECONDS, LIFETIME_SECONDS_MAX } from './token-times.js';

export interface TokenOptions {
  readonly issuer: string;
  readonly audience: string;
}

/** Ours are about 600 bytes; a longer text is not worth hashing. */
const TOKEN_CHARACTERS_MAX = 4_096;
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.([\w-]+)$/;

/** 64 bytes leave four bits of the last character unused: without this, one signature has sixteen spellings, and more with padding. */
const isSpelledProperly = (token: string): boolean => {
  const signature = COMPACT_JWS.exec(token)?.[1];
  return signature !== undefined && Buffer.from(signature, 'base64url').toString('base64url') === signature;
};

/** Claims of an access token (RFC 9068). */
export interface AccessTokenClaims extends JWTPayload {
  readonly sub: string;
  readonly client_id: string;
  readonly scope?: string;
  readonly institution_code?: string;
  readonly insurer_number?: string;
  /** Whom an outside issuer has seen act through the client, and how they proved themselves (RFC 8693, RFC 8176). */
  readonly act?: { readonly sub?: unknown };
  readonly amr?: unknown;
  /** The key that the token is bound to (RFC 7800, RFC 9449 section 6.1). */
  readonly cnf?: { readonly jkt?: unknown };
}

/** Issues access tokens: signed JWTs by RFC 9068. */
export class TokenIssuer {
  constructor(
    private readonly keys: SigningKeys,
    private readonly options: TokenOptions & { readonly lifetimeSeconds: number },
    private readonly clock: Clock,
  ) {}

  /** @param keyThumbprint of the key that the token is to be bound to */
  async issue(
    client: Client,
    scopes: readonly string[],
    keyThumbprint?: string,
  ): Promise<{ token: string; expiresInSeconds: number }> {
    const issuedAt = Math.floor(this.clock.now() / 1000);
    const key = this.keys.current;
    const token = await new SignJWT({
      client_id: client.clientId,
      scope: scopes.join(' '),
      ...(client.institutionCode === undefined ? {} : { institution_code: client.institutionCode }),
      ...(client.insurerNumber === undefined ? {} : { insurer_number: client.insurerNumber }),
      ...(keyThumbprint === undefined ? {} : { cnf: { jkt: keyThumbprint } }),
    })
      .setProtectedHeader({ alg: key.algorithm, typ: 'at+jwt', kid: key.keyId })
      .setIssuer(this.options.issuer)
      .setSubject(client.clientId)
      .setAudience(this.options.audience)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + this.options.lifetimeSeconds)
      .sign(key.privateKey);
    return { token, expiresInSeconds: this.options.lifetimeSeconds };
  }
}

/** Somebody else whose tokens are accepted. */
export interface OutsideIssuer {
  readonly issuer: string;
  readonly key: JWTVerifyGetKey;
}

const claimedIssuer = (token: string): unknown => {
  const { iss } = decodeJwt(token);
  return iss;
};

/** Verifies them, by RFC 8725 and then some. */
export class TokenVerifier {
  constructor(
    private readonly keys: VerifyingKeys,
    private readonly options: TokenOptions,
    private readonly clock: Clock,
    private readonly outside?: OutsideIssuer,
  ) {}

  /** Whether what the claims say of a client is somebody else's word. */
  isFromOutside({ iss }: AccessTokenClaims): boolean {
    return iss !== this.options.issuer;
  }

  /**
   * Rejects whatever is not an access token of ours, or of the issuer who is trusted beside us, meant for us and current. jsonwebtoken, which
   * passport-jwt brings, accepts an ID token, a token without `exp` or `sub`, one issued tomorrow, an unknown `crit` and a ten-year lifetime;
   * this does not.
   */
  async verify(token: string): Promise<AccessTokenClaims> {
    if (token.length > TOKEN_CHARACTERS_MAX) throw new Error('the token is too long');
    if (!isSpelledProperly(token)) throw new Error('the token is not three parts of base64url as it is written');
    const { outside } = this;
    // Only to choose whose keys to look among: they and the name are verified together.
    const trusted =
      outside !== undefined && claimedIssuer(token) === outside.issuer
        ? { issuer: outside.issuer, algorithms: [...CALLERS_ALGORITHMS], key: outside.key }
        : { issuer: this.options.issuer, algorithms: ['ES256'], key: this.publicKey };
    const { payload } = await jwtVerify(token, trusted.key, {
      algorithms: trusted.algorithms,
      issuer: trusted.issuer,
      audience: this.options.audience,
      typ: 'at+jwt',
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      maxTokenAge: LIFETIME_SECONDS_MAX,
      requiredClaims: ['iss', 'aud', 'sub', 'exp', 'iat', 'jti', 'client_id'],
      currentDate: new Date(this.clock.now()),
    });
    const { exp = Number.POSITIVE_INFINITY, iat = 0, client_id: clientId, sub } = payload;
    if (exp - iat > LIFETIME_SECONDS_MAX) throw new Error('the lifetime is too long');
    if (typeof clientId !== 'string' || typeof sub !== 'string') throw new Error('client_id and sub must be strings');
    return payload as AccessTokenClaims;
  }

  /** Only our own keys, by their ids; a key or an address that the token brings along is never looked at. */
  private readonly publicKey: JWTVerifyGetKey = async ({ kid }) => {
    const key = kid === undefined ? undefined : await this.keys.of(kid);
    if (key === undefined) throw new Error('no such key');
    return key.publicKey;
  };

  /** JWK set (RFC 7517) of the keys that verify our tokens. */
  get jwks(): { keys: object[] } {
    return this.keys.jwks;
  }
}
