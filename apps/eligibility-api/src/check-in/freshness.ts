import type { Freshness } from '@app/contracts';
import type { CivilDate } from '@app/domain';

import { tokyoInstant } from '../clock/clock.js';
import { AnswerUnavailable } from './answer-unavailable.js';
import type { FreshnessPolicy } from './freshness-policy.js';

/** What decides how old an answer is. Instants are epoch milliseconds. */
export interface Ages {
  readonly source: Freshness['source'];
  /** Coverage facts are those of this instant. */
  readonly asOf: number;
  readonly coverageAway?: { readonly reason: 'database-unavailable' | 'replica-behind'; readonly since: number };
  /** When the registry last confirmed the certificate; absent without a card. */
  readonly verifiedAt?: number;
  /** Since when the registry, which was to be asked, could not be; absent when it was not to be, or could. */
  readonly registryAwaySince?: number;
}

const coverageMaxAgeMs = (reason: 'database-unavailable' | 'replica-behind', policy: FreshnessPolicy): number => {
  switch (reason) {
    case 'database-unavailable':
      return policy.coverageMaxAgeMs;
    case 'replica-behind':
      return policy.behindMaxAgeMs;
  }
};

/** How old the facts are, and whether that is within policy. Throws `AnswerUnavailable` when it is not. */
export const freshnessOf = (ages: Ages, policy: FreshnessPolicy, now: number, today: CivilDate): Freshness => {
  const { asOf, verifiedAt, coverageAway, registryAwaySince, source } = ages;
  const never = Number.POSITIVE_INFINITY;
  const coverageUntil = coverageAway === undefined ? never : asOf + coverageMaxAgeMs(coverageAway.reason, policy);
  const credentialUntil = verifiedAt === undefined ? never : verifiedAt + policy.credentialMaxAgeMs;
  const tooOld = new Error('the facts are older than policy allows');
  if (now > credentialUntil) throw new AnswerUnavailable(today, tooOld, 'registry');
  if (now > coverageUntil) throw new AnswerUnavailable(today, tooOld, 'us');
  const degraded =
    coverageAway ??
    (registryAwaySince === undefined
      ? undefined
      : { reason: 'registry-unavailable' as const, since: registryAwaySince });
  // Coverage may be current while the certificate was confirmed a while ago: an answer is as old as the older of the two.
  const oldest = Math.min(asOf, verifiedAt ?? asOf);
  return {
    source,
    asOf: tokyoInstant(oldest),
    freshUntil: tokyoInstant(oldest + policy.freshForMs),
    ...(degraded === undefined
      ? {}
      : {
          degraded: {
            reason: degraded.reason,
            since: tokyoInstant(degraded.since),
            acceptUntil: tokyoInstant(Math.min(coverageUntil, credentialUntil)),
          },
        }),
  };
};
