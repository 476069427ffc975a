/** What is known about certificates as a whole, from reading the registry's feed. Instants are epoch milliseconds. */
export interface CertificateStatusView {
  /** Everything stored about certificates was true then; undefined before the first reading ever. */
  readonly confirmedAt: number | undefined;
  /** The registry cannot be reached now, so certificates cannot be confirmed. */
  readonly isAway: boolean;
  /** Since when it is away. */
  readonly awaySince: number | undefined;
  readonly position: number;
  /**
   * Since when a certificate that was last confirmed then cannot be confirmed, and undefined when all is well. Also where the way
   * to the registry is open, and what it said has not come here: asleep, just started, or a clock that was set back.
   */
  unconfirmedSince(confirmedAt: number): number | undefined;
}

/** What the registry says is in the hands of whoever answers within this, milliseconds. */
const ARRIVES_WITHIN_MS = 5_000;
/** Clocks of two machines differ by as much. */
const CLOCKS_DIFFER_MS = 1_000;

export const unconfirmedSince = (
  { isAway, awaySince }: Pick<CertificateStatusView, 'isAway' | 'awaySince'>,
  confirmedAt: number,
  now: number,
  awayAfterMs: number,
): number | undefined => {
  if (isAway) return awaySince ?? now;
  if (now - confirmedAt > awayAfterMs + ARRIVES_WITHIN_MS) return confirmedAt;
  return confirmedAt - now > CLOCKS_DIFFER_MS ? now : undefined;
};

/** Injection token of `CertificateStatusView`. */
export const CERTIFICATE_STATUS = Symbol('certificate-status');
