import type { Degraded } from '@app/contracts';

import type { Settings } from '../settings/index.js';
import type { FreshnessPolicy } from './freshness-policy.js';

const HOUR_MS = 3_600_000;
/** Changes of coverage are seen within a quarter of a second; an answer is worth relying on for a few seconds. */
const FRESH_FOR_MS = 5_000;

/** One way in which an answer can be degraded, and for how long such answers are given. */
export interface DegradedRow {
  readonly reason: Degraded['reason'];
  /** Whose age counts: the registry's word on the certificate, or the coverage facts. */
  readonly of: 'credential' | 'coverage';
  /** Setting of the longest age, in hours. Beyond it the answer is 503. */
  readonly setting: 'CREDENTIAL_MAX_AGE_HOURS' | 'COVERAGE_MAX_AGE_HOURS' | 'REPLICA_BEHIND_MAX_AGE_HOURS';
  readonly when: string;
  readonly because: string;
}

/**
 * How old an answer may be, by reason. A negative verdict is never among these where coverage is what is old: "nobody" and "no
 * longer" need a source that is complete. Where two hold, the answer names the one about coverage, and accepts to the
 * earlier of the two.
 */
export const DEGRADED_POLICY: readonly DegradedRow[] = [
  {
    reason: 'registry-unavailable',
    of: 'credential',
    setting: 'CREDENTIAL_MAX_AGE_HOURS',
    when: 'the feed of certificate changes is silent, the breaker is not closed, or `maxAgeSeconds` asked for a word newer than the registry gives',
    because:
      'A card that was lost is revoked within the day, and the national list of revocations is a daily one: a word from yesterday is what the field lives with.',
  },
  {
    reason: 'database-unavailable',
    of: 'coverage',
    setting: 'COVERAGE_MAX_AGE_HOURS',
    when: 'the replica is not current, and PostgreSQL cannot be reached',
    because:
      'Losses are filed days after they happen (5 days for the notice, about 5 more until it shows), so that three days add little to what every answer risks; and they bridge a weekend.',
  },
  {
    reason: 'replica-behind',
    of: 'coverage',
    setting: 'REPLICA_BEHIND_MAX_AGE_HOURS',
    when: 'the replica is not current, or has not yet read somebody who changed, and PostgreSQL is there but has no time to say',
    because:
      'The newer facts exist, and other counters answer from them: two answers to one question are borne for a day, not for three.',
  },
];

/** The policy as these settings make it. */
export const freshnessPolicyOf = (settings: Settings): FreshnessPolicy => {
  const maxAgeMs = Object.fromEntries(
    DEGRADED_POLICY.map(({ reason, setting }) => [reason, settings[setting] * HOUR_MS]),
  ) as Record<Degraded['reason'], number>;
  return {
    credentialMaxAgeMs: maxAgeMs['registry-unavailable'],
    coverageMaxAgeMs: maxAgeMs['database-unavailable'],
    behindMaxAgeMs: maxAgeMs['replica-behind'],
    freshForMs: FRESH_FOR_MS,
  };
};
