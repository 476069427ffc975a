import { civilDate } from '../calendar/index.js';
import type { CostLimit, NoticeCode } from './answer.js';
import { benefitsOn } from './benefits.js';
import type { QualificationFacts } from './facts.js';
import { asking, FULL_CONSENT, income, kokuhoIncome, limitCertificate, pay, qualification } from './facts.fixture.js';

const decide = (
  facts: QualificationFacts,
  serviceDate: string,
  plannedTables: boolean,
  birthdate = '1980-05-05',
): { readonly limit: CostLimit; readonly notices: readonly NoticeCode[] } => {
  const question = { ...asking(serviceDate), plannedTables };
  const { benefits, notices } = benefitsOn(facts, civilDate(birthdate), question, FULL_CONSENT);
  return { limit: benefits.costLimit as CostLimit, notices };
};

const employee = qualification('2024-04-01', { income: [income(pay(380_000))] });

describe('planned tables in a check', () => {
  it.each([
    [
      'off, on the first day of the planned table',
      '2027-08-01',
      false,
      '2026-08',
      85_800,
      ['cost-limit-change-planned'],
    ],
    ['on, the day before it', '2027-07-31', true, '2026-08', 85_800, []],
    ['on, on its first day', '2027-08-01', true, '2027-08', 98_100, ['cost-limit-by-planned-table']],
  ] as const)('%s', (_what, serviceDate, plannedTables, tableEffectiveFrom, baseYen, notices) => {
    const { limit, notices: said } = decide(employee, serviceDate, plannedTables);
    expect(limit).toMatchObject({ label: 'ウ', tableEffectiveFrom, household: { baseYen } });
    expect(said).toEqual(notices);
  });

  it('are used only where the question says so', () => {
    const { benefits } = benefitsOn(employee, civilDate('1980-05-05'), asking('2027-08-01'), FULL_CONSENT);
    expect(benefits.costLimit).toMatchObject({ tableEffectiveFrom: '2026-08' });
  });

  it.each([
    ['a certificate of a category of one class', { limitCertificates: [limitCertificate('A05')] }, 36_900],
    [
      'a certificate, with the 標準報酬月額 on record',
      { limitCertificates: [limitCertificate('A03')], income: [income(pay(500_000))] },
      110_400,
    ],
    ['エ at the edge of its classes', { income: [income(pay(200_000))] }, 69_600],
    ['エ below the edge', { income: [income(pay(190_000))] }, 65_400],
  ])('tell the class by %s', (_what, changes, baseYen) => {
    const { limit, notices } = decide(qualification('2024-04-01', changes), '2027-08-01', true);
    expect(limit).toMatchObject({ tableEffectiveFrom: '2027-08', planned: true, household: { baseYen } });
    expect(notices).toEqual(['cost-limit-by-planned-table']);
  });

  it.each([
    ['a certificate alone', { limitCertificates: [limitCertificate('A03')] }],
    [
      'a 標準報酬月額 of another category',
      { limitCertificates: [limitCertificate('A04')], income: [income(pay(380_000))] },
    ],
    ['income of 国保, whose borders are not published', { income: [income(kokuhoIncome())] }],
  ])('stay with the law where the class cannot be told: %s', (_what, changes) => {
    const { limit, notices } = decide(qualification('2024-04-01', changes), '2027-08-15', true);
    expect(limit).toMatchObject({
      tableEffectiveFrom: '2026-08',
      changePlanned: true,
      validFrom: '2027-08-01',
      validTo: '2027-08-31',
    });
    expect(limit).not.toHaveProperty('planned');
    expect(notices).toEqual(['cost-limit-change-planned']);
  });

  it('hold from their first month, as long as the class is told', () => {
    const until = qualification('2024-04-01', { income: [income(pay(380_000), '2024-08-01', '2027-12-31')] });
    expect(decide(until, '2027-10-15', true).limit).toMatchObject({ validFrom: '2027-08-01', validTo: '2027-12-31' });
    const certified = qualification('2024-04-01', {
      limitCertificates: [limitCertificate('A03')],
      income: [income(pay(380_000), '2027-09-01', '2028-08-31')],
    });
    expect(decide(certified, '2027-10-15', true).limit).toMatchObject({ validFrom: '2027-09-01' });
  });

  it.each([
    ['begins', '2027-08-20', undefined, '2027-08-01', '2027-08-19'],
    ['has ended', '2026-08-01', '2027-08-10', '2027-08-11', '2027-08-31'],
  ])('are waited for no longer than until income %s', (_what, from, to, validFrom, validTo) => {
    const facts = qualification('2024-04-01', {
      limitCertificates: [limitCertificate('A03')],
      income: [income(pay(380_000), from, to)],
    });
    expect(decide(facts, '2027-08-15', true).limit).toMatchObject({
      tableEffectiveFrom: '2026-08',
      validFrom,
      validTo,
    });
    expect(decide(facts, '2027-08-15', false).limit).toMatchObject({ validFrom: '2027-08-01', validTo: '2027-08-31' });
  });

  it.each([
    ['on its first day', '2027-08-10', '2027-08-20', '2027-08-10', '2027-08-10', '2027-08-20'],
    ['on its last day', '2027-08-10', '2027-08-20', '2027-08-20', '2027-08-10', '2027-08-20'],
    ['the day before it', '2027-08-10', '2027-08-20', '2027-08-09', '2027-08-01', '2027-08-09'],
    ['the day after it', '2027-08-10', '2027-08-20', '2027-08-21', '2027-08-21', '2027-08-31'],
    ['while it has no end', '2027-08-10', undefined, '2027-08-20', '2027-08-10', '2027-08-31'],
  ])('are waited for no longer than income that tells no class: %s', (_what, from, to, on, validFrom, validTo) => {
    const facts = qualification('2024-04-01', {
      limitCertificates: [limitCertificate('A03')],
      income: [income(kokuhoIncome(), from, to)],
    });
    expect(decide(facts, on, true).limit).toMatchObject({ tableEffectiveFrom: '2026-08', validFrom, validTo });
  });

  it('have an outpatient limit of their own at 70', () => {
    const facts = qualification('2024-04-01', { income: [income(pay(200_000))] });
    expect(decide(facts, '2027-09-01', true, '1955-01-10').limit).toMatchObject({
      label: '一般',
      outpatientYen: 28_000,
      outpatientAnnualYen: 216_000,
      household: { baseYen: 69_600 },
    });
  });
});
