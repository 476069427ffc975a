import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

import type { Clock } from '../clock/clock.js';

/** A nonce is good for two to three steps. */
const STEP_MS = 10_000;
const STEPS = 3;

/**
 * Nonces of DPoP (RFC 9449 section 8): the time by our clock, under a key that all processes have, so that each takes those of
 * every other and none is kept. With one in a proof it does not matter what the clock of the caller shows.
 */
export class DpopNonces {
  private readonly key: KeyObject;

  constructor(
    key: Buffer,
    private readonly clock: Clock,
  ) {
    this.key = createSecretKey(key);
  }

  /** The one to use now. */
  current(): string {
    return this.of(this.step());
  }

  /** Whether it was given by any process in the last half minute. */
  isGood(nonce: string): boolean {
    const now = this.step();
    const given = Buffer.from(nonce);
    return Array.from({ length: STEPS }, (_, back) => Buffer.from(this.of(now - back))).some(
      (one) => one.length === given.length && timingSafeEqual(one, given),
    );
  }

  /** Until when the nonce in a proof that comes now may be used at most, epoch milliseconds. */
  get endsAt(): number {
    return (this.step() + STEPS) * STEP_MS;
  }

  private step(): number {
    return Math.floor(this.clock.now() / STEP_MS);
  }

  private of(step: number): string {
    return createHmac('sha256', this.key).update(`dpop-nonce ${step}`).digest('base64url').slice(0, 22);
  }
}
