import type { Clock } from '../clock/clock.js';
import type { ReplicaView } from '../replica/replica-view.js';
import { unconfirmedSince, type CertificateStatusView } from './certificate-status-view.js';

/** The feed as a process sees it that does not read it: by what the keeper wrote into the replica. */
export class SeenCertificates implements CertificateStatusView {
  /** Known to the keeper, who counts. */
  readonly position = 0;
  private readonly startedAt: number;

  constructor(
    private readonly replica: Pick<ReplicaView, 'state'>,
    private readonly breaker: { readonly isClosed: boolean; readonly openedAt: number | undefined },
    private readonly clock: Clock,
    private readonly awayAfterMs: number,
  ) {
    this.startedAt = clock.now();
  }

  get confirmedAt(): number | undefined {
    return this.replica.state?.certificatesConfirmedAt;
  }

  get isAway(): boolean {
    return !this.breaker.isClosed || this.clock.now() - this.lastGoodAt > this.awayAfterMs;
  }

  get awaySince(): number | undefined {
    if (!this.isAway) return undefined;
    return this.breaker.isClosed
      ? this.lastGoodAt
      : Math.min(this.lastGoodAt, this.breaker.openedAt ?? Number.POSITIVE_INFINITY);
  }

  unconfirmedSince(confirmedAt: number): number | undefined {
    return unconfirmedSince(this, confirmedAt, this.clock.now(), this.awayAfterMs);
  }

  private get lastGoodAt(): number {
    return this.confirmedAt ?? this.startedAt;
  }
}
