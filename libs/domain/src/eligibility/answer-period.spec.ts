import * as fc from 'fast-check';

import { addDays, civilDate, dayNumber, earlier, fromDayNumber, later, type CivilDate } from '../calendar/index.js';
import type { EligibilityAnswer } from './answer.js';
import { answerPeriod } from './answer-period.js';
import { assess } from './assess.js';
import type { CertificateFacts, FactChange, Identity, IncomeFacts, PersonFacts, QualificationFacts } from './facts.js';
import {
  byCard,
  CLINIC,
  copayCertificate,
  FULL_CONSENT,
  GOOD,
  income,
  KOKUHO,
  kokuhoIncome,
  KOUKI,
  koukiIncome,
  limitCertificate,
  lost,
  pay,
  period,
  person,
  qualification,
  SHAHO,
} from './facts.fixture.js';

const KNOWN_LATER = Date.parse('2200-01-01T00:00:00Z');

const on = (day: CivilDate, holder: PersonFacts, certificate: CertificateFacts): EligibilityAnswer =>
  assess(
    byCard(holder, certificate),
    { serviceDate: day, askedOn: day, knownAt: KNOWN_LATER, institutionCode: CLINIC },
    FULL_CONSENT,
  );

/** What a caller sees, treatment months aside. */
const seen = (answer: EligibilityAnswer): string =>
  JSON.stringify(answer, (name, value: unknown) => (name === 'treatmentMonth' ? undefined : value));

const periodOf = (
  day: string,
  holder: PersonFacts,
  certificate: CertificateFacts = GOOD,
): { from: string; to?: string } =>
  answerPeriod([certificate], holder, civilDate(day), on(civilDate(day), holder, certificate));

describe('an answer stays what it is', () => {
  it.each([
    ['until the certificate is about to end', '2026-11-22', person(), '2026-08-01', '2027-07-31'],
    ['from the day it is about to end', '2029-02-06', person(), '2029-02-06', '2029-02-28'],
    [
      'until the coverage is lost',
      '2026-11-22',
      person([qualification('2024-04-01', { loss: lost('2027-01-01') })]),
      '2026-08-01',
      '2026-12-31',
    ],
    [
      'from the day it is lost',
      '2027-01-01',
      person([qualification('2024-04-01', { loss: lost('2027-01-01') })]),
      '2027-01-01',
      '2029-02-05',
    ],
    [
      'until the day before 70 counts',
      '2026-11-22',
      person([qualification()], '1956-12-20'),
      '2026-08-01',
      '2026-12-31',
    ],
    [
      'until the month before the 75th birthday',
      '2026-11-22',
      person([qualification('2024-04-01', { insurer: KOKUHO, income: [income(kokuhoIncome())] })], '1952-01-15'),
      '2026-08-01',
      '2026-12-31',
    ],
    [
      'until 70, of somebody late elderly by disability whose incomes are those of an employee',
      '2022-10-15',
      person(
        [
          qualification('2019-01-01', {
            insurer: KOUKI,
            disabilityCertified: true,
            income: [income(pay(300_000), '2019-01-01')],
          }),
        ],
        '1952-11-01',
      ),
      '2019-01-01',
      '2022-10-31',
    ],
    [
      'while a certificate of the limit holds',
      '2026-11-22',
      person([
        qualification('2024-04-01', { limitCertificates: [limitCertificate('A02', '2026-11-01', '2026-11-30')] }),
      ]),
      '2026-11-01',
      '2026-11-30',
    ],
  ])('%s', (_what, day, holder, from, to) => {
    const withIncome: PersonFacts = {
      ...holder,
      qualifications: holder.qualifications.map((q) =>
        q.income.length > 0 ? q : { ...q, income: [income(pay(300_000))] },
      ),
    };
    expect(periodOf(day, withIncome)).toEqual({ from, to });
  });
});

const FIRST = dayNumber(civilDate('2019-01-01'));
const days = (from: number, span: number): fc.Arbitrary<CivilDate> =>
  fc.integer({ min: from, max: from + span }).map(fromDayNumber);
const anyPeriod = fc
  .tuple(days(FIRST, 4_000), fc.option(fc.integer({ min: 0, max: 900 }), { nil: undefined }))
  .map(([from, length]) => period(from, length === undefined ? undefined : addDays(from, length)));

const anyIncome: fc.Arbitrary<IncomeFacts> = fc.oneof(
  fc
    .tuple(
      fc.integer({ min: 58, max: 1_390 }),
      fc.boolean(),
      fc.option(days(dayNumber(civilDate('1935-01-01')), 20_000)),
    )
    .map(([thousands, exempt, insured]) =>
      pay(thousands * 1_000, {
        insuredNonTaxable: exempt,
        ...(insured === null ? {} : { insuredBirthDate: insured }),
      }),
    ),
  fc.tuple(fc.integer({ min: 0, max: 9_000 }), fc.boolean(), fc.boolean()).map(([thousands, exempt, known]) =>
    kokuhoIncome({
      kyuTadashigakiIncome: thousands * 1_000,
      householdNonTaxable: exempt,
      ...(known ? { maxTaxableIncome: thousands * 800 } : { maxTaxableIncome: undefined, totalRevenue: undefined }),
    }),
  ),
  fc
    .integer({ min: 0, max: 9_000 })
    .map((thousands) => koukiIncome({ maxTaxableIncomeInHousehold: thousands * 1_000 })),
);

const anyQualification: fc.Arbitrary<QualificationFacts> = fc
  .record({
    acquired: days(FIRST, 3_000),
    insurer: fc.constantFrom(SHAHO, KOKUHO, KOUKI),
    family: fc.constantFrom('1' as const, '2' as const),
    disabled: fc.boolean(),
    lossAfter: fc.option(fc.integer({ min: 0, max: 2_500 }), { nil: undefined }),
    filedAfter: fc.integer({ min: 0, max: 40 }),
    availableAfter: fc.integer({ min: 0, max: 20 }),
    incomes: fc.array(fc.tuple(anyIncome, anyPeriod), { maxLength: 3 }),
    rates: fc.array(
      fc.tuple(
        fc.constantFrom('elderly-recipient' as const, 'late-elderly' as const),
        fc.constantFrom(10, 20, 30),
        anyPeriod,
      ),
      { maxLength: 2 },
    ),
    limits: fc.array(fc.tuple(fc.constantFrom('A01', 'A03', 'A05', 'B02', 'B06', 'B10'), anyPeriod), { maxLength: 2 }),
    diseases: fc.array(anyPeriod, { maxLength: 1 }),
    changedNumbers: fc.array(
      fc.tuple(fc.option(days(FIRST, 4_000), { nil: undefined }), fc.integer({ min: 1, max: 9 })),
      {
        maxLength: 2,
      },
    ),
  })
  .map((q) =>
    qualification(q.acquired, {
      insurer: q.insurer,
      personalFamilyClassification: q.family,
      disabilityCertified: q.insurer === KOUKI && q.disabled,
      availableFrom: addDays(q.acquired, q.availableAfter),
      ...(q.lossAfter === undefined
        ? {}
        : { loss: lost(addDays(q.acquired, q.lossAfter), addDays(q.acquired, q.lossAfter + q.filedAfter)) }),
      income: q.incomes.map(([facts, at]) => ({ ...at, facts, recordedAt: 0 })),
      copayCertificates: q.rates.map(([kind, rate, at]) => copayCertificate(kind, rate, at.from, at.to)),
      limitCertificates: q.limits.map(([flag, at]) => limitCertificate(flag, at.from, at.to)),
      specificDiseases: q.diseases.map((at) => ({ ...at, category: '1', selfPayYen: 10_000, recordedAt: 0 })),
      changes: q.changedNumbers.map(([from, number], i) => ({
        ...(from === undefined ? {} : { from }),
        recordedAt: i,
        changed: { insuredIdentificationNumber: String(number) },
      })),
    }),
  );

const anyIdentityChange: fc.Arbitrary<FactChange<Identity>> = fc
  .record({
    from: fc.option(days(FIRST, 4_000), { nil: undefined }),
    name: fc.constantFrom('一', '二', '三'),
    birthdate: fc.option(days(dayNumber(civilDate('1930-01-01')), 33_000), { nil: undefined }),
  })
  .map(({ from, name, birthdate }) => ({
    ...(from === undefined ? {} : { from }),
    recordedAt: 0,
    changed: { name, ...(birthdate === undefined ? {} : { birthdate }) },
  }));

const anyCertificate: fc.Arbitrary<CertificateFacts> = fc.record({
  status: fc.constantFrom('good' as const, 'expired' as const, 'revoked' as const),
  notAfter: days(FIRST, 5_000),
});

it('on no day of its period is the answer another', () => {
  fc.assert(
    fc.property(
      fc.array(anyQualification, { minLength: 1, maxLength: 3 }),
      days(dayNumber(civilDate('1930-01-01')), 33_000),
      anyCertificate,
      days(dayNumber(civilDate('2021-01-01')), 2_700),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
      fc.array(anyIdentityChange, { maxLength: 2 }),
      (qualifications, birthdate, certificate, day, probes, identityChanges) => {
        const holder = { ...person(qualifications, birthdate), identityChanges };
        const answer = on(day, holder, certificate);
        const { from, to } = answerPeriod([certificate], holder, day, answer);
        const first = later(from, later(addDays(day, -1_000), birthdate));
        const last = to === undefined ? addDays(day, 1_000) : earlier(to, addDays(day, 1_000));
        const span = dayNumber(last) - dayNumber(first);
        const asked = [0, 1, ...probes].map((share) => addDays(first, Math.round(share * span)));
        for (const other of asked)
          expect(seen(on(other, holder, certificate)), `${day} as on ${other}`).toBe(seen(answer));
      },
    ),
    { numRuns: 3_000 },
  );
});
