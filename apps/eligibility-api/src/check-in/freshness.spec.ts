import { civilDate } from '@app/domain';

import { readSettings, settingsSchema } from '../settings/index.js';
import { AnswerUnavailable } from './answer-unavailable.js';
import { DEGRADED_POLICY, freshnessPolicyOf } from './degraded-policy.js';
import { freshnessOf, type Ages } from './freshness.js';

const HOUR_MS = 3_600_000;
const VISIT = civilDate('2026-11-22');
const READ_AT = Date.parse('2026-11-22T09:00:00.000+09:00');
const policy = freshnessPolicyOf(
  readSettings({
    DATABASE_URL: 'postgres://nobody@localhost/none',
    CREDENTIAL_MAX_AGE_HOURS: '5',
    COVERAGE_MAX_AGE_HOURS: '7',
    REPLICA_BEHIND_MAX_AGE_HOURS: '3',
  }),
);

const REGISTRY: Ages = { source: 'replica', asOf: READ_AT, verifiedAt: READ_AT, registryAwaySince: READ_AT };
const coverage = (reason: 'database-unavailable' | 'replica-behind', more: Partial<Ages> = {}): Ages => ({
  source: 'replica',
  asOf: READ_AT,
  coverageAway: { reason, since: READ_AT },
  ...more,
});

describe('an answer from facts that are', () => {
  it.each<[string, Ages, number, string]>([
    ['a certificate nobody confirms', REGISTRY, 5 * HOUR_MS, 'registry-unavailable'],
    ['coverage without the database', coverage('database-unavailable'), 7 * HOUR_MS, 'database-unavailable'],
    ['coverage of a replica that is behind', coverage('replica-behind'), 3 * HOUR_MS, 'replica-behind'],
    [
      'both: coverage is what it is for',
      coverage('database-unavailable', { verifiedAt: READ_AT, registryAwaySince: READ_AT }),
      5 * HOUR_MS,
      'database-unavailable',
    ],
    [
      'both, and coverage the older',
      coverage('replica-behind', { verifiedAt: READ_AT, registryAwaySince: READ_AT }),
      3 * HOUR_MS,
      'replica-behind',
    ],
  ])('%s is given up to its age, says until when, and not a millisecond longer', (_what, ages, maxAgeMs, reason) => {
    const last = freshnessOf(ages, policy, READ_AT + maxAgeMs, VISIT);
    expect(last.degraded).toEqual({
      reason,
      since: '2026-11-22T09:00:00.000+09:00',
      acceptUntil: `2026-11-22T${String(9 + maxAgeMs / HOUR_MS).padStart(2, '0')}:00:00.000+09:00`,
    });
    expect(() => freshnessOf(ages, policy, READ_AT + maxAgeMs + 1, VISIT)).toThrow(AnswerUnavailable);
  });

  it('a certificate that was confirmed too long ago, though nobody was asked', () => {
    const ages: Ages = { source: 'replica', asOf: READ_AT, verifiedAt: READ_AT };
    expect(freshnessOf(ages, policy, READ_AT + 5 * HOUR_MS, VISIT)).not.toHaveProperty('degraded');
    expect(() => freshnessOf(ages, policy, READ_AT + 5 * HOUR_MS + 1, VISIT)).toThrow(AnswerUnavailable);
  });

  it('current coverage, however long ago that was: nobody was away', () => {
    const ages: Ages = { source: 'database', asOf: READ_AT };
    expect(freshnessOf(ages, policy, READ_AT + 1_000 * HOUR_MS, VISIT)).not.toHaveProperty('degraded');
  });
});

it.each(['2025-12-01', '2025-12-02'])(
  'what cannot be answered says what to ask for on the day of the visit, %s',
  (day) => {
    let refused: unknown;
    try {
      freshnessOf(REGISTRY, policy, READ_AT + 6 * HOUR_MS, civilDate(day));
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(AnswerUnavailable);
    const { fallback } = (refused as AnswerUnavailable).details;
    expect(fallback?.date).toBe(day);
    expect(fallback?.documents.some(({ code }) => code === 'insurance-card')).toBe(day === '2025-12-01');
  },
);

describe('the policy', () => {
  it('has a row for every reason, each with a setting that has a default, and a reason of its own', () => {
    expect(DEGRADED_POLICY.map(({ reason }) => reason).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'database-unavailable',
      'registry-unavailable',
      'replica-behind',
    ]);
    for (const { setting, because, when } of DEGRADED_POLICY) {
      expect(settingsSchema.shape[setting].safeParse(undefined).data).toBeGreaterThan(0);
      expect(because.length).toBeGreaterThan(40);
      expect(when.length).toBeGreaterThan(20);
    }
  });

  it('is 24, 72 and 24 hours unless somebody chose otherwise', () => {
    const { credentialMaxAgeMs, coverageMaxAgeMs, behindMaxAgeMs } = freshnessPolicyOf(
      readSettings({ DATABASE_URL: 'postgres://nobody@localhost/none' }),
    );
    expect([credentialMaxAgeMs, coverageMaxAgeMs, behindMaxAgeMs].map((ms) => ms / HOUR_MS)).toEqual([24, 72, 24]);
  });
});
