/** How old facts may be. Milliseconds. Made by `freshnessPolicyOf` (degraded-policy.ts), which says why. */
export interface FreshnessPolicy {
  /** The registry's word on a certificate, before a check by card is refused. */
  readonly credentialMaxAgeMs: number;
  /** Kept coverage facts, while the store is away. */
  readonly coverageMaxAgeMs: number;
  /** The same, while the store is there and has no time to say what is new. */
  readonly behindMaxAgeMs: number;
  /** How long an answer counts as fresh after its facts were read. */
  readonly freshForMs: number;
}

/** Injection token of `FreshnessPolicy`. */
export const FRESHNESS_POLICY = Symbol('freshness-policy');
