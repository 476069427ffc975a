import { tokyoDay } from '../calendar/civil-day.js';
import { SettableClock } from '../clock/clock.js';
import { SCENARIO_COUNT } from '../population/scenario-people.js';
import { SyntheticPopulation } from '../population/synthetic-population.js';
import { ChangeFeed } from './change-feed.js';
import { ChangeRefused, Registry } from './registry.js';

const EMPLOYEE = 'FFFFFFFF00100001';
const GRACE = 'FFFFFFFF00A00001';
const SOON = 'FFFFFFFF00E00001';

const setUp = (now = '2026-11-22T23:59:59+09:00') => {
  const clock = new SettableClock(now);
  const registry = new Registry(
    new SyntheticPopulation(1, 100, tokyoDay(clock.now())),
    clock,
    new ChangeFeed('generation'),
  );
  return { clock, registry };
};

describe('a new day in Tokyo', () => {
  it('moves the dates that hang on today, under the same serials, and says so in the feed', () => {
    const { clock, registry } = setUp();
    expect(registry.certificateStatus(GRACE)).toMatchObject({ status: 'expired', notAfter: '2026-11-12' });
    expect(registry.changesSince(0, 10)).toEqual([]);

    clock.advance(1000);

    expect(registry.changesSince(0, 10)).toMatchObject([
      {
        sequence: 1,
        serial: GRACE,
        notAfter: '2026-11-13',
        status: 'expired',
        changedAt: '2026-11-23T00:00:00.000+09:00',
      },
      { sequence: 2, serial: SOON, notAfter: '2026-12-23', status: 'good' },
    ]);
    expect(registry.certificateStatus(SOON)).toMatchObject({ notAfter: '2026-12-23' });
  });

  it('is noticed once', () => {
    const { clock, registry } = setUp();
    clock.advance(1000);
    registry.keepUpWithTheDay();
    clock.advance(86_399_000);
    registry.keepUpWithTheDay();
    expect(registry.feed.last).toBe(2);
  });

  it('leaves alone what an operator has changed', () => {
    const { clock, registry } = setUp();
    registry.change('revoke', SOON);
    clock.advance(1000);
    expect(registry.changesSince(1, 10).map(({ serial }) => serial)).toEqual([GRACE]);
    expect(registry.certificateStatus(SOON)).toMatchObject({ status: 'revoked', notAfter: '2026-12-22' });
  });

  it('gives everybody who needs one a later end when its year has come', () => {
    const { clock, registry } = setUp('2026-12-31T23:59:59+09:00');
    const before = registry.certificateStatus(EMPLOYEE).notAfter ?? '';
    clock.set('2030-01-01T00:00:00+09:00');
    expect(registry.certificateStatus(EMPLOYEE)).toMatchObject({ status: 'good' });
    expect(registry.certificateStatus(EMPLOYEE).notAfter ?? '').toMatch(/^203[1-4]-05-05$/);
    expect(before).toBe('2030-05-05');
  });
});

it.each([
  ['on its last day', '23:59:59', 0, 'good'],
  ['on the day after', '00:00:00', 1, 'expired'],
])('a certificate %s is %s', (_when, time, daysLater, status) => {
  const { clock, registry } = setUp();
  const { serial = '' } = registry.resident(SCENARIO_COUNT).certificates[0] ?? {};
  clock.set(`${registry.certificateStatus(serial).notAfter}T${time}+09:00`);
  clock.advance(daysLater * 86_400_000);
  expect(registry.certificateStatus(serial).status).toBe(status);
  expect(registry.changesSince(0, 100).map((change) => change.serial)).not.toContain(serial);
});

describe('an operator', () => {
  it('revokes today', () => {
    const { registry } = setUp();
    expect(registry.change('revoke', EMPLOYEE)).toMatchObject([
      { sequence: 1, status: 'revoked', revokedOn: '2026-11-22' },
    ]);
    expect(registry.certificateStatus(EMPLOYEE)).toMatchObject({ status: 'revoked', revokedOn: '2026-11-22' });
  });

  it('lets a certificate have ended yesterday', () => {
    const { registry } = setUp();
    expect(registry.change('expire', EMPLOYEE)).toMatchObject([{ status: 'expired', notAfter: '2026-11-21' }]);
  });

  it('renews: the old one first, then its successor, again and again, for scenario and synthetic people', () => {
    const { registry } = setUp();
    const synthetic = registry.resident(SCENARIO_COUNT + 7).certificates[0]?.serial ?? '';
    for (const first of [EMPLOYEE, synthetic]) {
      let serial = first;
      const seen = new Set([serial]);
      for (let n = 0; n < 20; n += 1) {
        const [old, successor] = registry.change('renew', serial);
        expect(old).toMatchObject({ serial, status: 'superseded', supersededBy: successor?.serial });
        expect(successor).toMatchObject({ status: 'good', supersedes: serial, notBefore: '2026-11-22' });
        serial = successor?.serial ?? '';
        seen.add(serial);
        expect(registry.certificateStatus(serial)).toMatchObject({ status: 'good', personRef: old?.personRef });
      }
      expect(seen.size).toBe(21);
    }
  });

  it('is seen in the population, oldest certificate first', () => {
    const { registry } = setUp();
    registry.change('renew', EMPLOYEE);
    expect(registry.populationPerson(0).certificates.map(({ serial, status }) => [serial, status])).toEqual([
      [EMPLOYEE, 'superseded'],
      ['FFFFFFFF00100002', 'good'],
    ]);
  });

  it.each([
    ['revoke', 'FFFFFFFF00000000', 'certificate-unknown'],
    ['revoke', 'FFFFFFFF00C00001', 'certificate-not-current'], // revoked
    ['renew', 'FFFFFFFF00D00001', 'certificate-not-current'], // superseded
    ['expire', 'FFFFFFFF00B00001', 'certificate-not-current'], // expired
  ] as const)('may not %s %s: %s', (event, serial, because) => {
    const { registry } = setUp();
    expect(() => registry.change(event, serial)).toThrow(new ChangeRefused(because));
    expect(registry.feed.last).toBe(0);
  });

  it.each(['renew', 'revoke'] as const)('may %s an expired certificate', (event) => {
    const { registry } = setUp();
    expect(registry.change(event, GRACE).at(0)?.serial).toBe(GRACE);
  });
});
