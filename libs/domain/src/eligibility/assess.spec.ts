import * as fc from 'fast-check';
import { addDays, civilDate, dayNumber, fromDayNumber, monthOf, type CivilDate } from '../calendar/index.js';
import { normaliseNumber } from '../identifiers/index.js';
import { QUALIFICATION_VALIDITY, type EligibilityAnswer, type Question } from './answer.js';
import { assess } from './assess.js';
import {
  asking,
  byCard,
  byNumber,
  CLINIC,
  FULL_CONSENT,
  GOOD,
  KOKUHO,
  KOUKI,
  limitCertificate,
  lost,
  MEDICAL_AID,
  NO_CONSENT,
  noonOf,
  OTHER_SHAHO,
  person,
  qualification,
  SHAHO,
} from './facts.fixture.js';
import type {
  CertificateFacts,
  CoverageScheme,
  Facts,
  IncomeFacts,
  InsuredKey,
  Insurer,
  PersonFacts,
  QualificationFacts,
} from './facts.js';

const revoked: CertificateFacts = { ...GOOD, status: 'revoked' };
const inGrace: CertificateFacts = { status: 'good', notAfter: civilDate('2026-10-05') };

it.each([
  ['valid', '1'],
  ['invalid', '2'],
  ['invalid-newer-exists', '3'],
  ['not-found', '4'],
  ['multiple', '5'],
  ['valid-unregistered', '6'],
] as const)('%s is 資格有効性 %s', (verdict, code) => {
  expect(QUALIFICATION_VALIDITY[verdict]).toBe(code);
});

describe('what a card that proves nothing keeps back', () => {
  const covered = person();
  const ended = person([qualification('2020-04-01', { loss: lost('2024-04-01') })]);

  it.each([
    ['a good card', covered, GOOD, 'valid', true, []],
    ['a card in grace', covered, inGrace, 'valid', true, ['certificate-in-grace']],
    ['a revoked card of somebody covered', covered, revoked, 'valid', false, ['credential-unusable']],
    [
      'a revoked card of somebody whose coverage ended',
      ended,
      revoked,
      'invalid',
      false,
      ['credential-unusable', 'coverage-lost'],
    ],
    [
      'an expired card',
      covered,
      { status: 'good', notAfter: civilDate('2026-08-21') },
      'valid',
      true,
      ['certificate-in-grace'],
    ],
    [
      'a card expired past its grace',
      covered,
      { status: 'good', notAfter: civilDate('2026-07-31') },
      'valid',
      false,
      ['credential-unusable'],
    ],
  ] as const)('%s', (_what, holder, certificate, verdict, hasResults, notices) => {
    const answer = assess(byCard(holder, certificate), asking(), NO_CONSENT);
    expect(answer.verdict).toBe(verdict);
    expect('results' in answer).toBe(hasResults);
    expect(answer.notices).toEqual(notices);
  });

  it('a superseded card answers as its successor, and shows what the successor may', () => {
    const facts: Facts = {
      by: 'card',
      card: { kind: 'linked', certificate: { ...GOOD, status: 'superseded' }, successor: GOOD, person: covered },
    };
    const answer = assess(facts, asking(), NO_CONSENT);
    expect(answer.credential.state).toBe('superseded');
    expect(answer.results).toHaveLength(1);
    expect(answer.notices).toEqual(['certificate-superseded']);
  });

  it.each([
    ['unknown to the registry', { kind: 'unknown' }, 'not-registered', 'certificate-unknown'],
    ['good and not linked', { kind: 'not-linked', certificate: GOOD }, 'not-registered', 'register-at-reader'],
    ['revoked and not linked', { kind: 'not-linked', certificate: revoked }, 'revoked', 'credential-unusable'],
  ] as const)('a card %s is not found', (_what, card, state, notice) => {
    const answer = assess({ by: 'card', card }, asking(), FULL_CONSENT);
    expect(answer.verdict).toBe('not-found');
    expect(answer.credential.state).toBe(state);
    expect(answer).not.toHaveProperty('results');
    expect(answer.notices).toEqual([notice]);
  });

  it('the card is judged on the day of asking, coverage on the service date', () => {
    const answer = assess(byCard(covered, inGrace), asking('2026-09-01', '2027-02-01'), NO_CONSENT);
    expect(answer.verdict).toBe('valid');
    expect(answer.credential.state).toBe('expired');
  });

  it('nothing of a benefit is told where nothing is shown', () => {
    const answer = assess(byCard(person([qualification()], '1953-02-10'), revoked), asking(), FULL_CONSENT);
    expect(answer.notices).toEqual(['credential-unusable']);
  });
});

describe('medical information', () => {
  const KINDS = ['specificHealthCheckups', 'pharmacists', 'diagnosis', 'operation'] as const;

  it.each([
    ['consented at a good card', byCard(person()), FULL_CONSENT, '1'],
    ['not consented at a good card', byCard(person()), NO_CONSENT, '0'],
    ['consented with a card in grace: hard to get', byCard(person(), inGrace), FULL_CONSENT, '3'],
    ['not consented with a card in grace', byCard(person(), inGrace), NO_CONSENT, '0'],
    ['by number there is nobody who could have consented', byNumber([person()]), FULL_CONSENT, '0'],
  ] as const)('%s', (_what, facts, consent, decision) => {
    expect(assess(facts, asking(), consent).viewing).toEqual({
      specificHealthCheckups: decision,
      pharmacists: decision,
      diagnosis: decision,
      operation: decision,
    });
  });

  it.each(KINDS)('%s is decided by its own consent', (kind) => {
    const { viewing } = assess(byCard(person()), asking(), { ...NO_CONSENT, [kind]: true });
    expect(Object.entries(viewing).filter(([, decision]) => decision === '1')).toEqual([[kind, '1']]);
  });
});

describe('a result', () => {
  it('carries benefits only where the coverage holds', () => {
    const ended = person([qualification('2020-04-01', { loss: lost('2024-04-01', '2024-04-01', '03') })]);
    const [result] = assess(byCard(ended), asking(), FULL_CONSENT).results ?? [];
    expect(result).toMatchObject({ lostOn: '2024-04-01', reasonOfLoss: '03' });
    expect(result).not.toHaveProperty('benefits');
  });

  it('carries the reference number of the institution that asks, and of no other', () => {
    const holder: PersonFacts = {
      ...person(),
      referenceNumbers: [
        { institutionCode: '1310000027', referenceNumber: 'theirs' },
        { institutionCode: CLINIC, referenceNumber: 'ours' },
      ],
    };
    expect(assess(byCard(holder), asking(), NO_CONSENT).results?.[0]?.referenceNumber).toBe('ours');
    const elsewhere = { ...asking(), institutionCode: '1310000035' };
    expect(assess(byCard(holder), elsewhere, NO_CONSENT).results?.[0]).not.toHaveProperty('referenceNumber');
  });

  it('of each of two coverages has its own benefits; a notice of both is told once', () => {
    const two = person([
      qualification('2024-04-01', { limitCertificates: [limitCertificate('A03')] }),
      qualification('2025-04-01', { insurer: OTHER_SHAHO, limitCertificates: [limitCertificate('A05')] }),
      qualification('2025-05-01', { insurer: KOKUHO }),
      qualification('2025-06-01', { insurer: KOKUHO }),
    ]);
    const answer = assess(byCard(two), asking(), FULL_CONSENT);
    const limits = answer.results?.map((result) => result.benefits?.costLimit);
    expect(limits).toMatchObject([undefined, undefined, { label: 'オ' }, { label: 'ウ' }]);
    expect(answer.notices).toEqual(['several-coverages', 'cost-limit-undetermined']);
  });
});

/* Laws that hold for any facts. Dates run from 1926 to 2100, every list may be empty, overlap and contradict itself. */

const FIRST = dayNumber(civilDate('1926-01-01'));
const LAST = dayNumber(civilDate('2100-12-31'));

const anyDay = fc.integer({ min: FIRST, max: LAST }).map(fromDayNumber);
/** Days close to each other meet each other's edges, which days of two centuries never would. */
const nearDay = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -900, max: 900 }).map((days) => addDays(civilDate('2026-08-01'), days)) },
  { weight: 1, arbitrary: anyDay },
);
const instant = nearDay.map((day) => noonOf(day));
const optionally = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const defined = <T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
const periods = fc
  .tuple(nearDay, optionally(fc.integer({ min: 0, max: 800 })))
  .map(([from, days]) => (days === undefined ? { from } : { from, to: addDays(from, days) }));
const dated = <T extends object>(facts: fc.Arbitrary<T>): fc.Arbitrary<T & { from: CivilDate; recordedAt: number }> =>
  fc.tuple(periods, instant, facts).map(([when, recordedAt, rest]) => ({ ...when, recordedAt, ...rest }));

const INSURERS: Readonly<Record<CoverageScheme, Insurer>> = {
  shaho: SHAHO,
  kokuho: KOKUHO,
  kouki: KOUKI,
  'medical-aid': MEDICAL_AID,
};

const yen = fc.constantFrom(0, 98_000, 260_000, 280_000, 530_000, 830_000, 1_450_000, 2_000_000, 3_800_000, 9_000_000);
const taxClass = optionally(fc.constantFrom('I' as const, 'II' as const));
const members = fc.integer({ min: 1, max: 3 });
const incomeOf = (scheme: CoverageScheme): fc.Arbitrary<IncomeFacts> => {
  switch (scheme) {
    case 'shaho':
    case 'medical-aid':
      return fc
        .record({
          scheme: fc.constant('shaho' as const),
          standardMonthlyRemuneration: yen,
          insuredNonTaxable: fc.boolean(),
          incomeExemptionGranted: fc.boolean(),
          insuredBirthDate: optionally(fc.integer({ min: 64, max: 80 }).chain(bornAbout)),
          nonTaxableClass: taxClass,
        })
        .map(defined<IncomeFacts>);
    case 'kokuho':
      return fc
        .record({
          scheme: fc.constant('kokuho' as const),
          kyuTadashigakiIncome: yen,
          householdNonTaxable: fc.boolean(),
          maxTaxableIncome: optionally(yen),
          totalRevenue: optionally(yen),
          members70to74: optionally(members),
          kyuTadashigakiTotal: optionally(yen),
          nonTaxableClass: taxClass,
        })
        .map(defined<IncomeFacts>);
    case 'kouki':
      return fc
        .record({
          scheme: fc.constant('kouki' as const),
          maxTaxableIncomeInHousehold: yen,
          pensionPlusOtherIncomeTotal: yen,
          koukiMembers: members,
          totalRevenue: yen,
          has70to74Member: fc.boolean(),
          totalRevenueWith70to74: optionally(yen),
          kyuTadashigakiTotal: optionally(yen),
          nonTaxableClass: taxClass,
        })
        .map(defined<IncomeFacts>);
  }
};

/** Somebody who is about `age` in 2026. */
const bornAbout = (age: number): fc.Arbitrary<CivilDate> =>
  fc
    .integer({ min: -500, max: 500 })
    .map((days) => addDays(fromDayNumber(dayNumber(civilDate('2026-08-01')) - Math.round(age * 365.25)), days));

const birthdates = fc.oneof(
  fc.constantFrom(5, 6, 40, 65, 69, 70, 74, 75, 76, 90).chain(bornAbout),
  fc.constantFrom('1952-02-29', '1956-02-29', '1956-11-01', '2020-04-01').map(civilDate),
  anyDay,
);

const lists = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { maxLength: 3 });
const FLAGS = ['A01', 'A03', 'A05', 'A06', 'B01', 'B04', 'B05', 'B06', 'B09', 'B10', 'Z99'] as const;

const qualifications: fc.Arbitrary<QualificationFacts> = fc
  .constantFrom<CoverageScheme>('shaho', 'kokuho', 'kouki', 'medical-aid')
  .chain((scheme) =>
    fc
      .record({
        qualificationId: fc.uuid(),
        insurer: fc.constant(INSURERS[scheme]),
        insuredCardClassification: fc.constant('01'),
        insuredCardSymbol: optionally(fc.constantFrom('1234', '１２３４', '12-34')),
        insuredIdentificationNumber: fc.constantFrom('1987654', '１９８７６５４', '5'),
        insuredBranchNumber: optionally(fc.constantFrom('01', '1', '02')),
        personalFamilyClassification: fc.constantFrom('1' as const, '2' as const),
        acquiredOn: fc.oneof(fc.constant(civilDate('1990-01-01')), nearDay),
        disabilityCertified: scheme === 'kouki' ? fc.boolean() : fc.constant(false),
        loss: optionally(
          fc.record({
            lostOn: nearDay,
            recordedAt: instant,
            reasonOfLoss: fc.constantFrom('01' as const, '03' as const),
          }),
        ),
        availableFrom: nearDay,
        recordedAt: fc.oneof(fc.constant(0), instant),
        income: lists(dated(incomeOf(scheme).map((facts) => ({ facts })))),
        copayCertificates: lists(
          dated(
            fc.record({
              kind: fc.constantFrom('elderly-recipient' as const, 'late-elderly' as const),
              ratePercent: fc.constantFrom(10 as const, 20 as const, 30 as const),
            }),
          ),
        ),
        limitCertificates: lists(
          dated(
            fc.record({ classification: fc.constant('01' as const), classificationFlag: fc.constantFrom(...FLAGS) }),
          ),
        ),
        specificDiseases: lists(
          dated(fc.record({ category: fc.constantFrom('1' as const, '3' as const), selfPayYen: fc.constant(10_000) })),
        ),
        tickets: lists(
          dated(
            fc.record({
              ticketType: fc.constant('01' as const),
              treatmentMonth: nearDay.map(monthOf),
              designatedMedicalInstitutionCode: fc.constantFrom(CLINIC, '1310000027'),
            }),
          ),
        ),
      })
      .map(defined<QualificationFacts>),
  );

const people: fc.Arbitrary<PersonFacts> = fc
  .record({ birthdate: birthdates, personId: fc.uuid(), held: lists(qualifications) })
  .map(({ birthdate, personId, held }) => person(held, birthdate, personId));

const questions: fc.Arbitrary<Question> = fc.record({
  serviceDate: nearDay,
  askedOn: nearDay,
  knownAt: instant,
  institutionCode: fc.constant(CLINIC),
});

const certificates: fc.Arbitrary<CertificateFacts> = fc
  .record({
    status: fc.constantFrom('good' as const, 'expired' as const, 'revoked' as const, 'superseded' as const),
    notAfter: optionally(nearDay),
  })
  .map(defined<CertificateFacts>);

/** What somebody would ask who knows one of the person's coverages, or knows it wrong. */
const keyOf = (holder: PersonFacts): fc.Arbitrary<InsuredKey> => {
  const [first] = holder.qualifications;
  const { birthdate } = holder.identity;
  return fc.record({
    insurerNumberCheckDigitWrong: fc.constant(false),
    insurerNumber: fc.constant(first?.insurer.insurerNumber ?? SHAHO.insurerNumber),
    insuredIdentificationNumber: fc.constant(normaliseNumber(first?.insuredIdentificationNumber ?? '1987654')),
    birthdate: fc.oneof({ weight: 9, arbitrary: fc.constant(birthdate) }, { weight: 1, arbitrary: birthdates }),
  });
};

const facts: fc.Arbitrary<Facts> = fc.oneof(
  fc
    .record({ certificate: certificates, successor: optionally(certificates), person: people })
    .map(({ certificate, successor, person: holder }): Facts => {
      const linked = { kind: 'linked' as const, certificate, person: holder };
      return { by: 'card', card: successor === undefined ? linked : { ...linked, successor } };
    }),
  lists(people).chain((found) => keyOf(found[0] ?? person()).map((key): Facts => byNumber(found, key))),
  certificates.map((certificate): Facts => ({ by: 'card', card: { kind: 'not-linked', certificate } })),
);

const consents = fc.record({
  limitApplicationCertificate: fc.boolean(),
  specificDiseases: fc.boolean(),
  pharmacists: fc.boolean(),
  specificHealthCheckups: fc.boolean(),
  diagnosis: fc.boolean(),
  operation: fc.boolean(),
});

describe('for any facts and any question', () => {
  it('an answer is given, and says nothing that its verdict forbids', () => {
    const verdicts = new Set<string>();
    fc.assert(
      fc.property(facts, questions, consents, (given, question, consent) => {
        const answer = assess(given, question, consent);
        verdicts.add(answer.verdict);
        const { results = [] } = answer;
        const mayShow = answer.credential.usable && answer.verdict !== 'not-found';
        expect(mayShow || !('results' in answer)).toBe(true);
        expect('results' in answer && results.length === 0).toBe(false);
        const holds = ['valid', 'valid-unregistered', 'multiple'].includes(answer.verdict);
        for (const { benefits } of results) {
          expect(benefits !== undefined).toBe(holds);
          const shown = Object.keys(benefits ?? {});
          expect(shown.includes('limitCertificate') && !consent.limitApplicationCertificate).toBe(false);
        }
        expect(new Set(answer.notices).size).toBe(answer.notices.length);
      }),
      { numRuns: 1_200, seed: 1 },
    );
    expect([...verdicts].toSorted()).toEqual([
      'invalid',
      'invalid-newer-exists',
      'multiple',
      'not-found',
      'valid',
      'valid-unregistered',
    ]);
  });

  it('asked of any civil day from 1926 to 2100 it does not throw', () => {
    const anywhere = fc.record({ serviceDate: anyDay, askedOn: anyDay, knownAt: instant });
    fc.assert(
      fc.property(facts, anywhere, (given, question) => {
        expect(() => assess(given, question, FULL_CONSENT)).not.toThrow();
      }),
      { numRuns: 800, seed: 2 },
    );
  });

  it('rate and limit are the same on every day from their validFrom to their validTo', () => {
    const withoutMonth = (answer: EligibilityAnswer, id: string): unknown => {
      const benefits = answer.results?.find((result) => result.qualification.qualificationId === id)?.benefits;
      if (benefits === undefined) return undefined;
      const limit = benefits.costLimit;
      return {
        copay: benefits.copay,
        limit: limit === undefined || 'withheld' in limit ? limit : { ...limit, treatmentMonth: undefined },
      };
    };
    const held = fc
      .tuple(birthdates, qualifications)
      .map(([birthdate, one]) =>
        person(
          [{ ...one, acquiredOn: civilDate('1926-01-01'), availableFrom: civilDate('1926-01-01'), recordedAt: 0 }],
          birthdate,
        ),
      );
    let compared = 0;
    fc.assert(
      fc.property(
        held,
        questions,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (holder, question, shares) => {
          const [{ qualificationId: id }] = holder.qualifications as [QualificationFacts];
          const ask = (serviceDate: CivilDate): EligibilityAnswer =>
            assess(byCard(holder), { ...question, askedOn: civilDate('2026-11-22'), serviceDate }, FULL_CONSENT);
          // Before birth there is no age to judge by; refusing it is the door's task.
          fc.pre(holder.identity.birthdate <= question.serviceDate);
          const answer = ask(question.serviceDate);
          const benefits = answer.results?.[0]?.benefits;
          if (benefits === undefined) return;
          const check = (part: 'copay' | 'limit', from: CivilDate | undefined, to: CivilDate | undefined): void => {
            if (from === undefined) return;
            const first = dayNumber(from);
            const last = Math.min(dayNumber(to ?? civilDate('2199-12-31')), dayNumber(from) + 60_000);
            const days = [first, last, ...shares.map((share) => Math.round(first + share * (last - first)))].map(
              fromDayNumber,
            );
            for (const day of days) {
              const there = withoutMonth(ask(day), id) as Record<string, unknown> | undefined;
              // Outside the coverage there is nothing to compare with.
              if (there === undefined) continue;
              compared += 1;
              const here = withoutMonth(answer, id) as Record<string, unknown>;
              expect(there[part], `${part} on ${day}`).toEqual(here[part]);
            }
          };
          check('copay', benefits.copay.validFrom, benefits.copay.validTo);
          const limit = benefits.costLimit;
          if (limit !== undefined && !('withheld' in limit)) check('limit', limit.validFrom, limit.validTo);
        },
      ),
      { numRuns: 1_200, seed: 3 },
    );
    expect(compared).toBeGreaterThan(1_500);
  });

  it('somebody else’s facts change the answer by number only where they match as well', () => {
    let matched = 0;
    const asks = people.chain((one) => fc.tuple(fc.constant(one), keyOf(one)));
    fc.assert(
      fc.property(asks, people, questions, ([one, key], other, question) => {
        const of = (...found: PersonFacts[]): EligibilityAnswer => assess(byNumber(found, key), question, FULL_CONSENT);
        const alone = of(one);
        if (alone.verdict !== 'not-found') matched += 1;
        // Born on another day, nothing of theirs can match.
        const born = addDays(key.birthdate, 1);
        const unrelated = { ...other, identity: { ...other.identity, birthdate: born } };
        expect(of(one, unrelated)).toEqual(alone);
        expect(of(unrelated, one)).toEqual(alone);
        // Born on the same day under the same number, they are twins, and nobody is shown.
        const twin = { ...one, personId: 'twin' };
        const { verdict, results } = of(one, twin);
        expect(alone.verdict === 'not-found' || verdict === 'multiple').toBe(true);
        expect(results).toBeUndefined();
      }),
      { numRuns: 800, seed: 4 },
    );
    expect(matched).toBeGreaterThan(150);
  });

  it('the answer to what was known at an instant is the same whatever is recorded after it', () => {
    const knownIn = (given: Facts, knownAt: number): Facts => {
      const before = <T extends { recordedAt: number }>(recorded: readonly T[]): T[] =>
        recorded.filter((fact) => fact.recordedAt <= knownAt);
      const of = (holder: PersonFacts): PersonFacts => ({
        ...holder,
        qualifications: before(holder.qualifications).map(({ loss, ...rest }) => ({
          ...rest,
          ...(loss !== undefined && loss.recordedAt <= knownAt ? { loss } : {}),
          income: before(rest.income),
          copayCertificates: before(rest.copayCertificates),
          limitCertificates: before(rest.limitCertificates),
          specificDiseases: before(rest.specificDiseases),
          tickets: before(rest.tickets),
        })),
      });
      if (given.by === 'insured') return { ...given, people: given.people.map(of) };
      return given.card.kind === 'linked'
        ? { ...given, card: { ...given.card, person: of(given.card.person) } }
        : given;
    };
    /** What is shown of a coverage, without the lists of facts behind it, which a caller does not see. */
    const visible = (answer: EligibilityAnswer): unknown => ({
      ...answer,
      results: answer.results?.map(({ qualification: { qualificationId }, ...rest }) => ({ qualificationId, ...rest })),
    });
    fc.assert(
      fc.property(facts, questions, (given, question) => {
        const then = assess(knownIn(given, question.knownAt), question, FULL_CONSENT);
        expect(visible(assess(given, question, FULL_CONSENT))).toEqual(visible(then));
      }),
      { numRuns: 1_200, seed: 5 },
    );
  });

  it('the order in which facts are listed does not matter', () => {
    const turned = (holder: PersonFacts): PersonFacts => ({
      ...holder,
      qualifications: holder.qualifications.toReversed().map((one) => ({
        ...one,
        income: one.income.toReversed(),
        copayCertificates: one.copayCertificates.toReversed(),
        limitCertificates: one.limitCertificates.toReversed(),
      })),
    });
    fc.assert(
      fc.property(people, questions, (holder, question) => {
        const shown = ({ results, ...rest }: EligibilityAnswer): unknown => ({
          ...rest,
          results: results?.map(({ qualification: { qualificationId }, benefits }) => ({ qualificationId, benefits })),
        });
        const ask = (whose: PersonFacts): unknown => shown(assess(byCard(whose), question, FULL_CONSENT));
        expect(ask(turned(holder))).toEqual(ask(holder));
      }),
      { numRuns: 800, seed: 6 },
    );
  });
});
