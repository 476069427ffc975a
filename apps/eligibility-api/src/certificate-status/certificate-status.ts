import { Logger } from '@nestjs/common';

import type { Clock } from '../clock/clock.js';
import type { CertificateFeed } from './certificate-feed.js';
import { unconfirmedSince, type CertificateStatusView } from './certificate-status-view.js';

export interface CertificateStatusOptions {
  /** Without a confirmation for this long the registry counts as away. */
  readonly awayAfterMs: number;
  /** How old a confirmation may be for answers to be given from it. */
  readonly usableForMs: number;
}

/** The feed as a whole: what it has confirmed, and whether the way to the registry is open. */
export class CertificateStatus implements CertificateStatusView {
  private readonly logger = new Logger('CertificateStatus');
  private readonly startedAt: number;
  private failing = false;
  private lastGoodAt: number | undefined;

  constructor(
    private readonly feed: CertificateFeed,
    private readonly breaker: { readonly isClosed: boolean; readonly openedAt: number | undefined },
    private readonly clock: Clock,
    private readonly options: CertificateStatusOptions,
  ) {
    this.startedAt = clock.now();
  }

  get confirmedAt(): number | undefined {
    return this.feed.confirmedAt;
  }

  get position(): number {
    return this.feed.position;
  }

  get isAway(): boolean {
    return !this.breaker.isClosed || this.clock.now() - (this.lastGoodAt ?? this.startedAt) > this.options.awayAfterMs;
  }

  get awaySince(): number | undefined {
    if (!this.isAway) return undefined;
    const silentSince = this.lastGoodAt ?? this.startedAt;
    return this.breaker.isClosed ? silentSince : Math.min(silentSince, this.breaker.openedAt ?? silentSince);
  }

  unconfirmedSince(confirmedAt: number): number | undefined {
    return unconfirmedSince(this, confirmedAt, this.clock.now(), this.options.awayAfterMs);
  }

  /** Takes up what an earlier process confirmed, and tells whether that is still good to answer from. */
  async resume(): Promise<boolean> {
    try {
      await this.feed.resume();
    } catch {
      // The store is away: every catching up tries this again, and reports it.
      return false;
    }
    return this.confirmedAt !== undefined && this.clock.now() - this.confirmedAt <= this.options.usableForMs;
  }

  /** Reads the feed to its end. Does not reject: a failure is logged once, when it begins. */
  async catchUp(signal: AbortSignal): Promise<void> {
    try {
      await this.feed.catchUp(signal);
      if (this.failing) this.logger.log({ event: 'certificate-feed-restored' });
      this.failing = false;
      // What was read is as good as the question it answers, however long ago that was asked.
      this.lastGoodAt = this.feed.confirmedAt ?? this.clock.now();
    } catch (error) {
      if (signal.aborted) return;
      if (!this.failing) this.logger.warn({ event: 'certificate-feed-interrupted', cause: (error as Error).name });
      this.failing = true;
    }
  }
}
