import { Logger } from '@nestjs/common';
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';

import type { Clock } from '../clock/clock.js';

/** However many tokens name keys that nobody knows: their issuer is asked at most this often. */
const COOL_DOWN_MS = 30_000;
const FETCH_TIMEOUT_MS = 3_000;
/** An issuer that is away is believed for so long by the keys it had last. */
const KEPT_MS = 24 * 3_600_000;

export interface OutsideKeysParts {
  readonly url: string;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
}

/**
 * The keys of an issuer that is not us (RFC 7517), fetched by jose's remote set. What jose does not do by itself: a cool-down that
 * counts failures too, and keys that stay good for a day while their issuer cannot be reached, and not a day longer.
 */
export class OutsideKeys {
  private readonly logger = new Logger('Access');
  private readonly set: ReturnType<typeof createRemoteJWKSet>;
  private triedAt = Number.NEGATIVE_INFINITY;
  private fetchedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: OutsideKeysParts) {
    const { url, fetch: fetched = fetch } = parts;
    this.set = createRemoteJWKSet(new URL(url), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      // How old keys may be, and how often they are fetched, is decided below, by a clock that can be set.
      cacheMaxAge: Number.POSITIVE_INFINITY,
      cooldownDuration: 0,
      [customFetch]: async (address, options) => {
        if (this.isCoolingDown) throw new Error('the issuer was asked a moment ago');
        this.triedAt = parts.clock.now();
        const response = await fetched(address, options);
        if (response.status === 200) this.fetchedAt = this.triedAt;
        return response;
      },
    });
  }

  /** The key that a token names. Rejects where the issuer has none such, or has not been heard of for a day. */
  readonly key: JWTVerifyGetKey = async (header, token) => {
    if (header.kid === undefined) throw new Error('no key is named');
    if (this.fetchedAt !== Number.NEGATIVE_INFINITY && this.isTooOld) await this.refresh();
    if (this.fetchedAt !== Number.NEGATIVE_INFINITY && this.isTooOld) throw new Error('the keys are too old');
    return this.set(header, token);
  };

  /** Behind the callers: a key that its issuer has withdrawn is good no longer. */
  async refresh(): Promise<void> {
    if (this.isCoolingDown) return;
    await this.set.reload().catch((error: unknown) => {
      this.logger.warn({ event: 'issuer-keys-unavailable', cause: (error as Error).name });
    });
  }

  /** Epoch milliseconds; undefined before the issuer was heard of. */
  get heardAt(): number | undefined {
    return this.fetchedAt === Number.NEGATIVE_INFINITY ? undefined : this.fetchedAt;
  }

  private get isCoolingDown(): boolean {
    const ago = this.parts.clock.now() - this.triedAt;
    // A clock that was set back must not make this stand still.
    return ago >= 0 && ago < COOL_DOWN_MS;
  }

  private get isTooOld(): boolean {
    return this.parts.clock.now() - this.fetchedAt > KEPT_MS;
  }
}
