import { civilDate } from '../calendar/index.js';
import {
  copayCertificate,
  koukiIncome,
  KOKUHO,
  KOUKI,
  lost,
  MEDICAL_AID,
  noonOf,
  pay,
  income,
  person,
  qualification,
} from '../eligibility/facts.fixture.js';
import type { CertificateFacts, QualificationFacts } from '../eligibility/index.js';
import {
  CERTIFICATE_ROWS,
  CERTIFICATE_TERMS,
  cardOn,
  certificateAfterLoss,
  certificateOn,
  declarationOn,
  latestValidTo,
  NOTICE_ROWS,
  noticeOn,
  screenOn,
  type CertificateQuestion,
  type DocumentFacts,
} from './index.js';

const good: CertificateFacts = { status: 'good', notAfter: civilDate('2029-05-05') };
const GRACE_UNTIL_2025_06: CertificateFacts = { status: 'good', notAfter: civilDate('2025-03-03') };

/** An employee with a card that serves, unless told otherwise. */
const member = (
  held: QualificationFacts,
  {
    birthdate = '1980-05-05',
    certificates = [good],
    individualNumberOnRecord = true,
  }: { birthdate?: string; certificates?: readonly CertificateFacts[]; individualNumberOnRecord?: boolean } = {},
): DocumentFacts => ({ person: person([held], birthdate), certificates, individualNumberOnRecord });

const day = (issuedOn: string) => ({ issuedOn: civilDate(issuedOn), knownAt: noonOf(issuedOn) });

/** The version and occasion, or why not. */
const noticeFor = (facts: DocumentFacts, issuedOn: string): string => {
  const notice = noticeOn(facts, day(issuedOn));
  if (notice.kind === 'issued') return `${notice.version}: ${notice.occasion}`;
  return notice.because === 'not-yet' ? `not before ${notice.from}` : notice.because;
};

const certificateFor = (
  facts: DocumentFacts,
  issuedOn: string,
  more: Partial<Pick<CertificateQuestion, 'application' | 'validTo'>> = {},
): string => {
  const certificate = certificateOn(facts, { ...day(issuedOn), ...more });
  if (certificate.kind === 'issued') return `${certificate.basis}: ${certificate.need}`;
  return certificate.because === 'not-yet' ? `not before ${certificate.from}` : certificate.because;
};

describe('資格情報のお知らせ', () => {
  it.each([
    ['joined on the reference day, the day before it is sent', '2024-07-26', '2024-08-20', 'not before 2024-08-21'],
    ['the first day of late August', '2024-07-26', '2024-08-21', 'with-last-four-digits: reference-day'],
    ['the last day of August', '2024-07-26', '2024-08-31', 'with-last-four-digits: reference-day'],
    ['the day after: once only', '2024-07-26', '2024-09-01', 'not before 2024-12-02'],
    ['the last day of the old cards’ issue', '2024-07-26', '2024-12-01', 'not before 2024-12-02'],
    ['the day the notice without digits begins', '2024-07-26', '2024-12-02', 'without-digits: earlier-member'],
    ['two years on', '2020-04-01', '2026-11-22', 'without-digits: earlier-member'],
    ['joined the day after the reference day, in August', '2024-07-27', '2024-08-25', 'not before 2024-12-02'],
    ['the same, the day before December 2', '2024-07-27', '2024-12-01', 'not before 2024-12-02'],
    ['the same, on December 2', '2024-07-27', '2024-12-02', 'without-digits: joined-in-between'],
    ['joined on December 1', '2024-12-01', '2024-12-02', 'without-digits: joined-in-between'],
    ['joined on December 2', '2024-12-02', '2024-12-02', 'without-digits: joined'],
    ['joined later, on the day', '2026-11-01', '2026-11-01', 'without-digits: joined'],
    ['joined later, the day before', '2026-11-01', '2026-10-31', 'not-insured'],
  ])('%s', (_when, joinedOn, issuedOn, expected) => {
    expect(noticeFor(member(qualification(joinedOn)), issuedOn)).toBe(expected);
  });

  it('confirms no number in August 2024 to who has none on record', () => {
    const facts = member(qualification('2020-04-01'), { individualNumberOnRecord: false });
    expect(noticeFor(facts, '2024-08-25')).toBe('not before 2024-12-02');
    expect(noticeFor(facts, '2024-12-02')).toBe('without-digits: earlier-member');
  });

  it('goes in August 2024 to everybody, also without a card: there are no certificates yet', () => {
    expect(noticeFor(member(qualification('2020-04-01'), { certificates: [] }), '2024-08-25')).toBe(
      'with-last-four-digits: reference-day',
    );
  });

  it.each([
    ['without a registered card', []],
    ['with a card past its grace', [GRACE_UNTIL_2025_06]],
    ['with a revoked card', [{ status: 'revoked' } as const]],
  ])('is not issued to who gets a certificate: %s', (_who, certificates) => {
    expect(noticeFor(member(qualification('2025-04-01'), { certificates }), '2026-11-22')).toBe('certificate-instead');
  });

  it.each([
    ['the last day of grace', '2025-06-30', 'without-digits: joined'],
    ['the day after it', '2025-07-01', 'certificate-instead'],
  ])('goes by the card on %s', (_when, issuedOn, expected) => {
    expect(noticeFor(member(qualification('2025-04-01'), { certificates: [GRACE_UNTIL_2025_06] }), issuedOn)).toBe(
      expected,
    );
  });

  it.each([
    ['the last day on which everybody in 後期 has a certificate', '2026-07-31', 'certificate-instead'],
    ['the day after', '2026-08-01', 'without-digits: joined'],
  ])('in 後期 on %s', (_when, issuedOn, expected) => {
    const held = qualification('2025-02-11', { insurer: KOUKI, income: [income(koukiIncome(), '2025-02-11')] });
    expect(noticeFor(member(held, { birthdate: '1950-02-11' }), issuedOn)).toBe(expected);
  });

  it.each([
    ['the day before the coverage is lost', '2026-09-30', 'without-digits: joined'],
    ['the day it is lost', '2026-10-01', 'not-insured'],
  ])('%s', (_when, issuedOn, expected) => {
    expect(noticeFor(member(qualification('2025-04-01', { loss: lost('2026-10-01') })), issuedOn)).toBe(expected);
  });

  it('is no business of a welfare office', () => {
    expect(noticeFor(member(qualification('2025-04-01', { insurer: MEDICAL_AID })), '2026-11-22')).toBe('medical-aid');
  });

  it('has at most one row for a member on a day', () => {
    const dates = ['2024-07-26', '2024-07-27', '2024-08-21', '2024-08-31', '2024-09-01', '2024-12-01', '2024-12-02'];
    for (const joinedOn of dates)
      for (const issuedOn of dates)
        for (const onRecord of [true, false]) {
          const fitting = NOTICE_ROWS.filter(
            (row) =>
              (row.joinedFrom ?? joinedOn) <= joinedOn &&
              joinedOn <= (row.joinedTo ?? joinedOn) &&
              (row.individualNumberOnRecord ?? onRecord) === onRecord &&
              row.effectiveFrom <= issuedOn &&
              issuedOn <= (row.effectiveTo ?? issuedOn),
          );
          expect(fitting.length, `${joinedOn}, ${issuedOn}`).toBeLessThanOrEqual(1);
        }
  });
});

describe('the rate on a document', () => {
  const rateOf = (held: QualificationFacts, birthdate: string, issuedOn = '2026-11-22'): unknown => {
    const notice = noticeOn(member(held, { birthdate }), day(issuedOn));
    return notice.kind === 'issued' ? notice.rate : notice.because;
  };

  it.each([
    ['under 70: no period', '1980-05-05', { ratePercent: 30 }],
    ['before school: no period', '2022-05-05', { ratePercent: 20 }],
    [
      'from 70, with the period of the age band',
      '1956-10-02',
      { ratePercent: 20, period: { from: '2026-11-01', to: '2031-10-01' } },
    ],
    ['the month before 70 counts', '1956-11-02', { ratePercent: 30 }],
  ])('%s', (_who, birthdate, expected) => {
    expect(rateOf(qualification('2025-04-01', { income: [income(pay(200_000), '2025-04-01')] }), birthdate)).toEqual(
      expected,
    );
  });

  it('is that of the 高齢受給者証, with its period', () => {
    const held = qualification('2025-04-01', {
      insurer: KOKUHO,
      copayCertificates: [copayCertificate('elderly-recipient', 20, '2026-08-01', '2027-07-31')],
    });
    expect(rateOf(held, '1955-03-10')).toEqual({ ratePercent: 20, period: { from: '2026-08-01', to: '2027-07-31' } });
  });

  it('is not guessed: from 70 on nothing is printed without it', () => {
    expect(rateOf(qualification('2025-04-01'), '1955-03-10')).toBe('rate-undetermined');
    const noCard = member(qualification('2025-04-01'), { birthdate: '1955-03-10', certificates: [] });
    expect(certificateFor(noCard, '2026-11-22')).toBe('rate-undetermined');
    const declaration = declarationOn(
      member(qualification('2025-04-01'), { birthdate: '1955-03-10' }),
      day('2026-11-22'),
    );
    expect(declaration).toMatchObject({ kind: 'issued' });
    expect(declaration).not.toHaveProperty('rate');
  });
});

describe('資格確認書', () => {
  it.each([
    ['the day before there are any', '2020-04-01', '2024-12-01', 'not before 2024-12-02'],
    ['a member of before, on the first day', '2020-04-01', '2024-12-02', 'ex-officio: no-registered-card'],
    ['the last of those', '2024-12-01', '2025-12-01', 'ex-officio: no-registered-card'],
    ['a new member who did not apply', '2024-12-02', '2025-12-02', 'ex-officio: no-registered-card'],
  ])('without a card: %s', (_who, joinedOn, issuedOn, expected) => {
    expect(certificateFor(member(qualification(joinedOn), { certificates: [] }), issuedOn)).toBe(expected);
  });

  it.each([
    ['a member of before needs no application', '2024-12-01', 'ex-officio: no-registered-card'],
    ['a new member files one', '2024-12-02', 'on-application: no-registered-card'],
  ])('with an application: %s', (_who, joinedOn, expected) => {
    const facts = member(qualification(joinedOn), { certificates: [] });
    expect(certificateFor(facts, '2025-01-10', { application: 'no-card' })).toBe(expected);
  });

  it('says until when those of before were to have theirs', () => {
    const facts = member(qualification('2020-04-01'), { certificates: [] });
    expect(certificateOn(facts, day('2025-06-01'))).toMatchObject({ sentBy: '2025-12-01', certainty: 'certain' });
  });

  it.each([
    ['not without asking', {}, 'card-instead'],
    ['not for who says to have none', { application: 'no-card' }, 'card-instead'],
    ['for who cannot use it', { application: 'cannot-use-card' }, 'on-application: cannot-use-card'],
  ] as const)('beside a card that serves: %s', (_who, more, expected) => {
    expect(certificateFor(member(qualification('2025-04-01')), '2026-11-22', more)).toBe(expected);
  });

  it.each([
    ['the last day of its grace', '2025-06-30', 'card-instead'],
    ['the day after', '2025-07-01', 'ex-officio: card-unusable'],
  ])('when the card’s certificate ended: %s', (_when, issuedOn, expected) => {
    const facts = member(qualification('2020-04-01'), { certificates: [GRACE_UNTIL_2025_06] });
    expect(certificateFor(facts, issuedOn)).toBe(expected);
  });

  it('is not needed by who renewed: one certificate that answers is enough', () => {
    expect(cardOn([{ status: 'superseded' }, good], civilDate('2026-11-22'))).toBe('usable');
    expect(cardOn([{ status: 'superseded' }], civilDate('2026-11-22'))).toBe('unusable');
    expect(cardOn([], civilDate('2026-11-22'))).toBe('none');
  });

  it.each([
    ['everybody, to the end of July 2026', '1950-02-11', '2026-07-31', 'ex-officio: late-elderly'],
    ['from August by the card', '1950-02-11', '2026-08-01', 'card-instead'],
    ['85 on that day', '1941-08-01', '2026-08-01', 'ex-officio: late-elderly'],
    ['85 the day after', '1941-08-02', '2026-08-01', 'card-instead'],
  ])('in 後期: %s', (_who, birthdate, issuedOn, expected) => {
    const held = qualification('2025-02-11', { insurer: KOUKI, income: [income(koukiIncome(), '2025-02-11')] });
    expect(certificateFor(member(held, { birthdate }), issuedOn)).toBe(expected);
  });

  it('is issued by nobody on the 75th birthday, where the insurance ends by law', () => {
    const facts = member(qualification('2020-04-01', { income: [income(pay(200_000))] }), {
      birthdate: '1951-11-22',
      certificates: [],
    });
    expect(certificateFor(facts, '2026-11-21')).toBe('ex-officio: no-registered-card');
    expect(certificateFor(facts, '2026-11-22')).toBe('not-insured');
  });
});

describe('the validity of a certificate', () => {
  const lastDay = (
    held: QualificationFacts,
    { birthdate = '1980-05-05', issuedOn = '2026-11-22', validTo = '' } = {},
  ): string => {
    const certificate = certificateOn(member(held, { birthdate, certificates: [] }), {
      ...day(issuedOn),
      ...(validTo === '' ? {} : { validTo: civilDate(validTo) }),
    });
    return certificate.kind === 'issued' ? certificate.validTo : certificate.because;
  };
  const held = qualification('2025-04-01', { income: [income(pay(200_000), '2025-04-01')] });

  it.each([
    ['an ordinary day', '2026-11-22', '2031-11-21'],
    ['29 February', '2028-02-29', '2033-02-28'],
    ['1 March', '2028-03-01', '2033-02-28'],
  ])('five years at most, from %s', (_when, issuedOn, expected) => {
    expect(latestValidTo(civilDate(issuedOn))).toBe(expected);
    expect(lastDay(held, { issuedOn })).toBe(expected);
  });

  it.each([
    ['what the insurer set', '2028-03-31', '2028-03-31'],
    ['the last day that the law allows', '2031-11-21', '2031-11-21'],
    ['a day more', '2031-11-22', 'validity-out-of-range'],
    ['the day of issue', '2026-11-22', '2026-11-22'],
    ['the day before', '2026-11-21', 'validity-out-of-range'],
  ])('%s', (_what, validTo, expected) => {
    expect(lastDay(held, { validTo })).toBe(expected);
  });

  it('ends as the insurer filed it, and not before it begins', () => {
    expect(lastDay({ ...held, insuredCardExpirationDate: civilDate('2027-03-31') })).toBe('2027-03-31');
    expect(lastDay({ ...held, insuredCardExpirationDate: civilDate('2025-12-01') })).toBe('2031-11-21');
    expect(lastDay({ ...held, insuredCardExpirationDate: civilDate('2040-01-01') })).toBe('2031-11-21');
  });

  it('ends with the benefit year in 国保', () => {
    const ward = qualification('2025-04-01', { insurer: KOKUHO });
    expect(lastDay(ward)).toBe('2027-07-31');
    expect(lastDay(ward, { issuedOn: '2026-07-31' })).toBe('2026-07-31');
  });

  it('ends the day before the 75th birthday, and the day before a loss that is known', () => {
    expect(lastDay(held, { birthdate: '1953-03-15' })).toBe('2028-03-14');
    expect(lastDay({ ...held, loss: lost('2027-04-01', '2026-11-01') })).toBe('2027-03-31');
  });

  it('shows the rate from 70 on, and not before', () => {
    const of = (birthdate: string) => certificateOn(member(held, { birthdate, certificates: [] }), day('2026-11-22'));
    expect(of('1980-05-05')).not.toHaveProperty('rate');
    expect(of('1956-10-02')).toMatchObject({ rate: { ratePercent: 20, period: { from: '2026-11-01' } } });
  });

  it('each term and row has a source, and terms do not overlap', () => {
    for (const { source } of [...CERTIFICATE_ROWS, ...CERTIFICATE_TERMS, ...NOTICE_ROWS])
      expect(source.length).toBeGreaterThan(5);
    expect(new Set(CERTIFICATE_TERMS.map(({ scheme }) => scheme)).size).toBe(CERTIFICATE_TERMS.length);
  });
});

describe('a certificate whose coverage is over', () => {
  it.each([
    ['the day before the loss', '2026-09-30', '2028-03-31', undefined],
    ['the day of the loss, within its validity', '2026-10-01', '2028-03-31', 'return'],
    ['on its last day', '2028-03-31', '2028-03-31', 'return'],
    ['the day after its last day', '2028-04-01', '2028-03-31', 'destroy'],
    ['expired the day before the loss', '2026-10-01', '2026-09-30', 'destroy'],
    ['expires on the day of the loss', '2026-10-01', '2026-10-01', 'return'],
  ])('%s', (_when, on, validTo, expected) => {
    const facts = { validTo: civilDate(validTo), lostOn: civilDate('2026-10-01'), on: civilDate(on) };
    expect(certificateAfterLoss(facts)).toBe(expected);
  });
});

describe('マイナポータルの資格情報画面', () => {
  const screen = (held: QualificationFacts, issuedOn: string, more: Parameters<typeof member>[1] = {}): string => {
    const shown = screenOn(member(held, more), day(issuedOn));
    if (shown.kind === 'issued') return shown.rate === undefined ? 'shown' : `shown: ${shown.rate.ratePercent}`;
    return shown.because === 'not-yet' ? `not before ${shown.from}` : shown.because;
  };

  it.each([
    ['the day before it counts at the counter', '2023-07-09', 'not before 2023-07-10'],
    ['the day it does', '2023-07-10', 'shown'],
  ])('%s', (_when, issuedOn, expected) => {
    expect(screen(qualification('2020-04-01'), issuedOn)).toBe(expected);
  });

  it.each([
    ['the day the registration was completed', '2026-11-05', 'not before 2026-11-06'],
    ['the day after', '2026-11-06', 'shown'],
  ])('%s', (_when, issuedOn, expected) => {
    expect(screen(qualification('2026-11-01', { availableFrom: civilDate('2026-11-06') }), issuedOn)).toBe(expected);
  });

  it('is for who can sign in with a registered card', () => {
    expect(screen(qualification('2020-04-01'), '2026-11-22', { certificates: [] })).toBe('card-not-registered');
    expect(screen(qualification('2020-04-01'), '2026-11-22', { certificates: [GRACE_UNTIL_2025_06] })).toBe(
      'card-not-registered',
    );
  });

  it('shows a rate from 70 on', () => {
    const held = qualification('2020-04-01', { income: [income(pay(200_000))] });
    expect(screen(held, '2026-11-22', { birthdate: '1956-10-02' })).toBe('shown: 20');
    expect(screen(qualification('2020-04-01'), '2026-11-22', { birthdate: '1956-10-02' })).toBe('rate-undetermined');
  });
});

describe('被保険者資格申立書', () => {
  it.each([
    ['the day before it exists', '2023-07-09', { kind: 'refused', because: 'not-yet', from: '2023-07-10' }],
    ['the day it begins', '2023-07-10', { kind: 'issued', rate: { ratePercent: 30 } }],
  ])('%s', (_when, issuedOn, expected) => {
    expect(declarationOn(member(qualification('2020-04-01'), { certificates: [] }), day(issuedOn))).toMatchObject(
      expected,
    );
  });

  it('is for who is insured that day', () => {
    expect(declarationOn(member(qualification('2026-04-01')), day('2026-03-31'))).toMatchObject({
      because: 'not-insured',
    });
  });
});
