/** What is known about certificates as a whole, from reading the registry's feed. Instants are epoch milliseconds. */
export interface CertificateStatusView {
  /** Everything stored about certificates was true then; undefined before the first reading ever. */
  readonly confirmedAt: number | undefined;
  /** The registry cannot be reached now, so certificates cannot be confirmed. */
  readonly isAway: boolean;
  /** Since when it is away. */
  readonly awaySince: number | undefined;
  readonly position: number;
}

/** Injection token of `CertificateStatusView`. */
export const CERTIFICATE_STATUS = Symbol('certificate-status');
