import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';

import type { Clock } from '../clock/clock.js';
import type { Client, ClientDirectory } from './clients.js';
import { CALLERS_ALGORITHMS } from './dpop-proof.js';
import { CLOCK_TOLERANCE_SECONDS } from './token-times.js';
import type { UsedOnce } from './used-once.js';

/** RFC 7523 section 2.2. */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** An assertion that somebody took is worth a token for so long at most, if it was not used before. */
const LIFETIME_SECONDS_MAX = 300;
const ASSERTION_CHARACTERS_MAX = 8_192;
const JTI_CHARACTERS_MAX = 255;

export interface AssertionParts {
  readonly clients: ClientDirectory;
  /** `aud`, to the letter, and nothing beside it: an assertion made for somebody else is none for us (FAPI 2.0 section 5.3.2.1). */
  readonly issuer: string;
  readonly used: UsedOnce;
  readonly clock: Clock;
}

/** Clients that prove themselves by a key of their own (`private_key_jwt`, RFC 7523). */
export class ClientAssertions {
  constructor(private readonly parts: AssertionParts) {}

  /**
   * Who made the assertion; undefined where it proves nothing. With the store away, one that another process has taken already is
   * taken once more by this one: that nobody gets a token would be worse.
   */
  async clientOf(assertion: string): Promise<Client | undefined> {
    const { clients, issuer, used, clock } = this.parts;
    if (assertion.length > ASSERTION_CHARACTERS_MAX) return undefined;
    try {
      const { iss } = decodeJwt(assertion);
      const client = typeof iss === 'string' ? clients.find(iss) : undefined;
      if (client?.jwks === undefined) return undefined;
      const now = clock.now();
      const { payload } = await jwtVerify(assertion, createLocalJWKSet(client.jwks), {
        algorithms: [...CALLERS_ALGORITHMS],
        issuer: client.clientId,
        subject: client.clientId,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['aud', 'exp', 'jti'],
        currentDate: new Date(now),
      });
      const { aud, exp = Number.POSITIVE_INFINITY, iat, jti } = payload;
      const nowSeconds = now / 1000;
      if (aud !== issuer || typeof jti !== 'string' || jti === '' || jti.length > JTI_CHARACTERS_MAX) return undefined;
      if (exp - nowSeconds > LIFETIME_SECONDS_MAX + CLOCK_TOLERANCE_SECONDS) return undefined;
      if (iat !== undefined && (iat - nowSeconds > CLOCK_TOLERANCE_SECONDS || exp - iat > LIFETIME_SECONDS_MAX))
        return undefined;
      const until = (exp + CLOCK_TOLERANCE_SECONDS) * 1000;
      return (await used.use({ kind: 'assertion', of: client.clientId, id: jti }, until)) === 'again'
        ? undefined
        : client;
    } catch {
      // Not a JWT, or not one of theirs: what exactly is nobody's business who is not them.
      return undefined;
    }
  }
}
