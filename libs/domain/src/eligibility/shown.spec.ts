import { civilDate } from '../calendar/index.js';
import { assess } from './assess.js';
import type { QualificationFacts } from './facts.js';
import {
  asking,
  byCard,
  byNumber,
  copayCertificate,
  FULL_CONSENT,
  income,
  KOKUHO,
  kokuhoIncome,
  KOUKI,
  koukiIncome,
  limitCertificate,
  lost,
  MEDICAL_AID,
  noonOf,
  OTHER_SHAHO,
  pay,
  person,
  qualification,
  ticket,
} from './facts.fixture.js';

type Changes = { readonly [K in keyof QualificationFacts]?: QualificationFacts[K] | undefined };

const of72 = '1954-05-05';
const shownFor = (birthdate: string, changes: Changes, on = '2026-11-22') => {
  const { results = [], notices } = assess(
    byCard(person([qualification('2024-04-01', changes)], birthdate)),
    asking(on),
    FULL_CONSENT,
  );
  return { ...results[0]?.benefits, notices };
};

describe('the certificate of the rate', () => {
  const certificate = copayCertificate('elderly-recipient', 20, '2026-08-01');

  it('is shown where there is one', () => {
    expect(shownFor(of72, { copayCertificates: [certificate] }).copayCertificate).toEqual(certificate);
  });

  it('is not shown where there is none, or one of the other kind', () => {
    expect(shownFor(of72, {})).not.toHaveProperty('copayCertificate');
    expect(shownFor(of72, { copayCertificates: [{ ...certificate, kind: 'late-elderly' }] })).not.toHaveProperty(
      'copayCertificate',
    );
  });
});

describe('the rate of 国保 70-74', () => {
  const working = { maxTaxableIncome: 1_600_000, totalRevenue: 6_000_000 };

  it.each([
    ['旧ただし書所得 at the line', { ...working, kyuTadashigakiTotal: 2_100_000 }, 20],
    ['旧ただし書所得 over the line', { ...working, kyuTadashigakiTotal: 2_100_001 }, 30],
    ['旧ただし書所得 not known', working, 30],
    ['課税所得 not known', { ...working, maxTaxableIncome: undefined }, undefined],
    ['収入 not known', { ...working, totalRevenue: undefined }, undefined],
    ['members not known', { ...working, members70to74: undefined }, undefined],
  ])('with %s', (_what, facts, percent) => {
    const shown = shownFor(of72, { insurer: KOKUHO, income: [income(kokuhoIncome(facts))] });
    expect(shown.copay?.ratePercent).toBe(percent);
    expect(shown.copay !== undefined && 'validFrom' in shown.copay).toBe(percent !== undefined);
    expect(shown.notices.includes('copay-rate-undetermined')).toBe(percent === undefined);
    expect(shown.notices.includes('cost-limit-undetermined')).toBe(percent === undefined);
  });

  it('is not computed for somebody in 後期', () => {
    const shown = shownFor('1945-05-05', { insurer: KOUKI, income: [income(kokuhoIncome())] });
    expect(shown.copay).not.toHaveProperty('ratePercent');
  });
});

describe('the category', () => {
  it.each<[string, string, Changes, string | undefined]>([
    ['before school', '2022-01-01', { income: [income(pay(300_000))] }, 'A03'],
    ['under 70 with the facts of 後期', '1980-05-05', { income: [income(koukiIncome())] }, undefined],
    ['健保 70-74, 非課税', of72, { income: [income(pay(200_000, { insuredNonTaxable: true }))] }, 'B05'],
    ['健保 70-74', of72, { income: [income(pay(200_000))] }, 'B04'],
    [
      '国保 70-74, 非課税',
      of72,
      { insurer: KOKUHO, income: [income(kokuhoIncome({ householdNonTaxable: true }))] },
      'B05',
    ],
    [
      '国保 70-74 with a certificate of 2割, 課税所得 not known',
      of72,
      {
        insurer: KOKUHO,
        copayCertificates: [copayCertificate('elderly-recipient', 20, '2026-08-01')],
        income: [income(kokuhoIncome({ maxTaxableIncome: undefined }))],
      },
      'B04',
    ],
    [
      '国保 70-74 with a certificate of 3割, 課税所得 not known',
      of72,
      {
        insurer: KOKUHO,
        copayCertificates: [copayCertificate('elderly-recipient', 30, '2026-08-01')],
        income: [income(kokuhoIncome({ maxTaxableIncome: undefined }))],
      },
      undefined,
    ],
    [
      '70-74 with a certificate of under 70',
      of72,
      { limitCertificates: [limitCertificate('A01')], income: [income(pay(200_000))] },
      'B04',
    ],
    [
      'under 70 with a certificate of 70 and over',
      '1980-05-05',
      { limitCertificates: [limitCertificate('B05')], income: [income(pay(200_000))] },
      'A04',
    ],
    ['a flag that is none', '1980-05-05', { limitCertificates: [limitCertificate('A99')] }, undefined],
  ])('%s', (_what, birthdate, changes, flag) => {
    const { costLimit, notices } = shownFor(birthdate, changes);
    expect(costLimit && 'classificationFlag' in costLimit ? costLimit.classificationFlag : undefined).toBe(flag);
    expect(notices.includes('cost-limit-undetermined')).toBe(flag === undefined);
  });

  it.each([
    ['70-74: with the rate, every 1 August', of72, '2025-08-01'],
    ['under 70: with the income', '1980-05-05', '2024-08-01'],
  ])('of 国保 is judged anew, %s', (_what, birthdate, validFrom) => {
    const changes = { insurer: KOKUHO, income: [income(kokuhoIncome())] };
    expect(shownFor(birthdate, changes, '2025-11-22').costLimit).toMatchObject({ validFrom, validTo: '2026-07-31' });
  });
});

it.each([
  ['death', '01', '01'],
  ['public assistance', '02', '02'],
  ['another insurance', '03', '03'],
  ['anything else', '99', '03'],
] as const)('a loss filed for the 75th birthday because of %s', (_what, filed, reasonOfLoss) => {
  const loss = lost('2026-11-22', '2026-11-22', filed);
  const { results } = assess(
    byCard(person([qualification('2020-04-01', { loss })], '1951-11-22')),
    asking(),
    FULL_CONSENT,
  );
  expect(results?.[0]).toMatchObject({ lostOn: '2026-11-22', reasonOfLoss });
});

describe('medical aid', () => {
  const aid = (changes: Changes, acquiredOn = '2024-04-01') =>
    qualification(acquiredOn, { insurer: MEDICAL_AID, ...changes });
  const { to: _to, ...open } = ticket('2026-11');

  it.each([
    ['of the month', [ticket('2026-11')], 'valid'],
    ['without an end', [open], 'valid'],
    ['of the month before, though it runs on', [ticket('2026-10', { to: '2026-11-30' })], 'valid-unregistered'],
    ['that begins tomorrow', [ticket('2026-11', { from: '2026-11-23' })], 'valid-unregistered'],
    ['that ended yesterday', [ticket('2026-11', { to: '2026-11-21' })], 'valid-unregistered'],
    ['filed this moment', [ticket('2026-11', { recordedAt: noonOf('2026-11-22') })], 'valid'],
    ['filed a moment later', [ticket('2026-11', { recordedAt: noonOf('2026-11-22') + 1 })], 'valid-unregistered'],
  ])('with a ticket %s', (_what, tickets, verdict) => {
    expect(assess(byCard(person([aid({ tickets })])), asking(), FULL_CONSENT).verdict).toBe(verdict);
  });

  it('shows a ticket filed this moment, and none filed a moment later', () => {
    const tickets = [0, 1].map((later) => ticket('2026-11', { recordedAt: noonOf('2026-11-22') + later }));
    expect(shownFor('1980-05-05', { insurer: MEDICAL_AID, tickets }).tickets).toHaveLength(1);
  });

  it('is registered where one of two is', () => {
    const two = [aid({ tickets: [ticket('2026-11')] }), aid({ qualificationId: 'other' }, '2025-04-01')];
    expect(assess(byCard(person(two)), asking(), FULL_CONSENT).verdict).toBe('valid');
  });
});

describe('a number held twice', () => {
  it('is valid while one of the two holds', () => {
    const two = [qualification('2020-04-01', { loss: lost('2022-04-01') }), qualification('2024-04-01')];
    expect(assess(byNumber([person(two)]), asking(), FULL_CONSENT).verdict).toBe('valid');
  });
});

it('a number that has not begun is not found, whoever else covers the person', () => {
  const two = [
    qualification('2026-12-01', { availableFrom: civilDate('2026-11-01') }),
    qualification('2020-04-01', { insurer: OTHER_SHAHO }),
  ];
  expect(assess(byNumber([person(two)]), asking(), FULL_CONSENT).verdict).toBe('not-found');
});

describe('the limit', () => {
  const planned = (on: string) =>
    assess(
      byCard(person([qualification('2010-04-01', { income: [income(pay(300_000), '2010-04-01')] })])),
      { ...asking(on), plannedTables: true },
      FULL_CONSENT,
    );

  it('by a planned table announces no further change', () => {
    const { results, notices } = planned('2027-09-10');
    expect(results?.[0]?.benefits?.costLimit).toMatchObject({
      tableEffectiveFrom: '2027-08',
      planned: true,
      changePlanned: false,
    });
    expect(notices).toContain('cost-limit-by-planned-table');
  });

  it('is not told before the first table, planned tables or not', () => {
    expect(planned('2014-12-31').notices).toContain('cost-limit-undetermined');
  });

  it.each([
    ['on the last day before school', '2026-03-31'],
    ['on the first day of school', '2026-04-01'],
  ])('under 70 does not begin or end with school: %s', (_what, on) => {
    const { copay, costLimit } = shownFor('2019-06-01', { income: [income(pay(300_000))] }, on);
    expect(copay).toMatchObject(on < '2026-04-01' ? { validTo: '2026-03-31' } : { validFrom: '2026-04-01' });
    expect(costLimit).toMatchObject({ validFrom: '2024-08-01', validTo: '2026-07-31' });
  });

  it('follows the certificate that begins last, whichever was filed last', () => {
    const limitCertificates = [
      limitCertificate('A02', '2026-09-01', undefined, 0),
      limitCertificate('A01', '2026-08-01', undefined, 1),
    ];
    expect(shownFor('1980-05-05', { limitCertificates }).costLimit).toMatchObject({ classificationFlag: 'A02' });
  });

  it('of 後期 begins with the certificate of the rate, which has no end', () => {
    const shown = shownFor('1945-05-05', {
      insurer: KOUKI,
      copayCertificates: [copayCertificate('late-elderly', 20, '2026-10-01')],
      income: [income(koukiIncome())],
    });
    expect(shown.copay).toMatchObject({ ratePercent: 20, validFrom: '2026-10-01' });
    expect(shown.costLimit).toMatchObject({
      classificationFlag: 'B09',
      validFrom: '2026-10-01',
      validTo: '2027-07-31',
    });
  });
});

describe('a field stands only where there is something to say', () => {
  const decided = (birthdate: string, changes: Changes, on = '2026-11-22') =>
    assess(
      byCard(person([qualification('2020-04-01', changes)], birthdate)),
      { ...asking(on), plannedTables: true },
      FULL_CONSENT,
    );

  it.each([
    ['a coverage that goes on', () => decided('1980-05-05', {})],
    ['a loss without a reason', () => decided('1980-05-05', { loss: lost('2026-10-01') })],
    ['a limit of one amount', () => decided('1980-05-05', { limitCertificates: [limitCertificate('A05')] })],
    [
      'a limit of a table without 多数回 or a yearly cap',
      () => decided(of72, { limitCertificates: [limitCertificate('B05', '2025-08-01')] }, '2026-07-15'),
    ],
    ['a limit of 70-74', () => decided(of72, { income: [income(pay(200_000))] })],
    ['a limit of 70-74, 現役並み', () => decided(of72, { income: [income(pay(900_000))] })],
    [
      'rate and limit without an end',
      () =>
        decided(
          '1945-05-05',
          {
            insurer: KOUKI,
            copayCertificates: [copayCertificate('late-elderly', 10, '2026-10-01')],
            limitCertificates: [limitCertificate('B05')],
          },
          '2027-09-10',
        ),
    ],
    ['a certificate without a day', () => assess(byCard(person(), { status: 'revoked' }), asking(), FULL_CONSENT)],
  ])('%s', (_what, decide) => {
    const answer = decide();
    expect(answer).toStrictEqual(JSON.parse(JSON.stringify(answer)));
  });
});
