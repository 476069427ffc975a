/** How old facts may be. Milliseconds. */
export interface FreshnessPolicy {
  /** The registry's word on a certificate, before a check by card is refused. */
  readonly credentialMaxAgeMs: number;
  /** Kept coverage facts, while the store is away. */
  readonly coverageMaxAgeMs: number;
  /** How long an answer counts as fresh after its facts were read. */
  readonly freshForMs: number;
}

/** Injection token of `FreshnessPolicy`. */
export const FRESHNESS_POLICY = Symbol('freshness-policy');
