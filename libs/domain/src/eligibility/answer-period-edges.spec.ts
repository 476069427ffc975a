import { civilDate } from '../calendar/index.js';
import { answerPeriod } from './answer-period.js';
import { assess } from './assess.js';
import type { CertificateFacts, QualificationFacts } from './facts.js';
import {
  asking,
  byCard,
  copayCertificate,
  FULL_CONSENT,
  income,
  KOKUHO,
  KOUKI,
  koukiIncome,
  limitCertificate,
  MEDICAL_AID,
  pay,
  period,
  person,
  qualification,
  ticket,
} from './facts.fixture.js';

type Changes = { readonly [K in keyof QualificationFacts]?: QualificationFacts[K] | undefined };

/** A certificate whose days are far from every one here. */
const FAR: CertificateFacts = { status: 'good', notAfter: civilDate('2035-05-05') };

const periodOf = (on: string, birthdate: string, changes: Changes, certificate = FAR, acquiredOn = '2020-04-01') => {
  const holder = person([qualification(acquiredOn, changes)], birthdate);
  const answer = assess(byCard(holder, certificate), asking(on), FULL_CONSENT);
  return answerPeriod([certificate], holder, civilDate(on), answer);
};

const insuredBorn = (day: string) => [income(pay(300_000, { insuredBirthDate: civilDate(day) }), '2026-11-01')];
const employee = '1980-05-05';
const of72 = '1954-05-05';

describe('the days on which an answer stays what it is', () => {
  it.each<[string, string, string, Changes, string, string]>([
    [
      'a ticket that begins and ends',
      '2026-11-22',
      employee,
      { insurer: MEDICAL_AID, tickets: [ticket('2026-11', { from: '2026-11-10', to: '2026-11-25' })] },
      '2026-11-10',
      '2026-11-25',
    ],
    [
      'the day before a ticket',
      '2026-11-09',
      employee,
      { insurer: MEDICAL_AID, tickets: [ticket('2026-11', { from: '2026-11-10', to: '2026-11-25' })] },
      '2026-11-01',
      '2026-11-09',
    ],
    [
      'a ticket of days before its month: the month before',
      '2026-10-31',
      employee,
      { insurer: MEDICAL_AID, tickets: [ticket('2026-11', { from: '2026-10-20', to: '2026-12-10' })] },
      '2026-10-20',
      '2026-10-31',
    ],
    [
      'a ticket of days beyond its month: its month',
      '2026-11-22',
      employee,
      { insurer: MEDICAL_AID, tickets: [ticket('2026-11', { from: '2026-10-20', to: '2026-12-10' })] },
      '2026-11-01',
      '2026-11-30',
    ],
    [
      'a ticket of days beyond its month: the month after',
      '2026-12-01',
      employee,
      { insurer: MEDICAL_AID, tickets: [ticket('2026-11', { from: '2026-10-20', to: '2026-12-10' })] },
      '2026-12-01',
      '2026-12-10',
    ],
    [
      'an insured person who will be 70',
      '2026-11-22',
      employee,
      { income: insuredBorn('1957-01-10') },
      '2026-11-01',
      '2027-01-31',
    ],
    [
      'an insured person who is 70 from this day',
      '2027-02-01',
      employee,
      { income: insuredBorn('1957-01-10') },
      '2027-02-01',
      '2027-07-31',
    ],
    [
      'an insured person born on the day',
      '2026-11-22',
      employee,
      { income: insuredBorn('2026-11-22') },
      '2026-11-22',
      '2027-07-31',
    ],
    [
      'an insured person said to be born later',
      '2026-11-22',
      employee,
      { income: insuredBorn('2026-11-23') },
      '2026-11-01',
      '2027-07-31',
    ],
    [
      'the month of the 75th birthday, without a limit to halve',
      '2026-11-22',
      '1951-11-10',
      { insurer: KOUKI },
      '2026-11-10',
      '2026-11-30',
    ],
    ['the month before it', '2026-10-15', '1951-11-10', {}, '2026-08-01', '2026-10-31'],
    ['its days before the birthday', '2026-11-05', '1951-11-10', {}, '2026-11-01', '2026-11-09'],
    [
      'the day before the 75th birthday of somebody in 後期 by disability',
      '2026-11-09',
      '1951-11-10',
      { insurer: KOUKI, disabilityCertified: true },
      '2026-11-01',
      '2026-11-09',
    ],
    [
      'their birthday',
      '2026-11-10',
      '1951-11-10',
      { insurer: KOUKI, disabilityCertified: true },
      '2026-11-10',
      '2026-11-30',
    ],
    [
      'the last month without the 20 % of 後期, and no limit',
      '2022-09-15',
      '1945-05-05',
      {
        insurer: KOUKI,
        income: [income(koukiIncome(), '2022-08-01')],
        limitCertificates: [limitCertificate('B99', '2022-08-01')],
      },
      '2022-08-01',
      '2022-09-30',
    ],
    [
      'a rate and a limit, from before the last August',
      '2026-03-15',
      employee,
      { income: [income(pay(300_000), '2024-08-01')] },
      '2024-08-01',
      '2026-07-31',
    ],
    ['a rate without a limit: until August', '2026-03-15', employee, {}, '2025-08-01', '2026-07-31'],
    [
      'a limit without a rate: until August',
      '2026-03-15',
      of72,
      { insurer: KOKUHO, limitCertificates: [limitCertificate('B05', '2024-08-01')] },
      '2025-08-01',
      '2026-07-31',
    ],
  ])('%s', (_what, on, birthdate, changes, from, to) => {
    expect(periodOf(on, birthdate, changes)).toEqual(period(from, to));
  });

  it('of a certificate without a day are those of everything else', () => {
    const facts = { copayCertificates: [copayCertificate('elderly-recipient', 20, '2026-08-01', '2027-07-31')] };
    const without: CertificateFacts = { status: 'good' };
    expect(periodOf('2026-11-22', of72, facts, without)).toEqual(periodOf('2026-11-22', of72, facts));
  });
});
