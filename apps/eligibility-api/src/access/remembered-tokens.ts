import { LRUCache } from 'lru-cache';

import type { Clock } from '../clock/clock.js';
import type { AccessTokenClaims } from './access-tokens.js';
import type { Caller } from './caller.js';
import { acceptsToken, type ClientDirectory } from './clients.js';
import { CLOCK_TOLERANCE_SECONDS, LIFETIME_SECONDS_MAX } from './token-times.js';

/** About 1 kB each. Every institution of the country at once would not fit: those that asked last are the ones that ask next. */
const TOKENS_MAX = 50_000;

interface Remembered {
  readonly caller: Caller;
  /** The instants between which verifying again would give the same. Epoch milliseconds, the latter exclusive. */
  readonly from: number;
  readonly until: number;
}

/**
 * Tokens that were verified, by the Authorization header they came in, for as long as they are good. Verifying one costs
 * 350 microseconds (ES256), looking it up less than one. A client that is revoked is looked up each time, and its tokens end
 * with it.
 */
export class RememberedTokens {
  private readonly tokens = new LRUCache<string, Remembered>({ max: TOKENS_MAX });

  constructor(
    private readonly clients: ClientDirectory,
    private readonly clock: Clock,
  ) {}

  /** The caller, if this very header was verified before and would be again. */
  recall(authorization: string): Caller | undefined {
    const known = this.tokens.get(authorization);
    if (known === undefined) return undefined;
    const now = this.clock.now();
    if (now >= known.from && now < known.until) {
      const client = this.clients.find(known.caller.clientId);
      if (client !== undefined && acceptsToken(client, known.caller.keyThumbprint)) return known.caller;
    }
    this.tokens.delete(authorization);
    return undefined;
  }

  /** Keeps what verifying found. The times are those that the verifier judges by, to the second. */
  remember(authorization: string, claims: AccessTokenClaims, caller: Caller): void {
    const { exp = 0, iat = 0, nbf = iat } = claims;
    this.tokens.set(authorization, {
      caller,
      from: (Math.ceil(Math.max(iat, nbf)) - CLOCK_TOLERANCE_SECONDS) * 1000,
      until: (Math.floor(Math.min(exp, iat + LIFETIME_SECONDS_MAX + 1)) + CLOCK_TOLERANCE_SECONDS) * 1000,
    });
  }
}
