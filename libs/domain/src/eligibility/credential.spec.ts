import { civilDate } from '../calendar/index.js';
import type { Credential, NoticeCode } from './answer.js';
import { decideCredential, withoutCard } from './credential.js';
import type { CardFacts, CertificateFacts } from './facts.js';
import { GOOD, person } from './facts.fixture.js';

const TODAY = civilDate('2026-11-22');

const until = (notAfter: string, status: CertificateFacts['status'] = 'good'): CertificateFacts => ({
  status,
  notAfter: civilDate(notAfter),
});
const card = (certificate: CertificateFacts, successor?: CertificateFacts): CardFacts => ({
  kind: 'linked',
  certificate,
  person: person(),
  ...(successor === undefined ? {} : { successor }),
});

describe('a certificate is valid to its last day, then in grace to the end of the third month after, then expired', () => {
  it.each([
    ['the last day', '2026-08-15', '2026-08-15', 'valid', true, true, '2026-11-30', ['certificate-expires-soon']],
    ['the first day after', '2026-08-15', '2026-08-16', 'grace', true, false, '2026-11-30', ['certificate-in-grace']],
    ['the last day of grace', '2026-08-15', '2026-11-30', 'grace', true, false, '2026-11-30', ['certificate-in-grace']],
    [
      'the day after the grace',
      '2026-08-15',
      '2026-12-01',
      'expired',
      false,
      false,
      '2026-11-30',
      ['credential-unusable'],
    ],
    [
      'a grace over the new year',
      '2026-11-30',
      '2027-02-28',
      'grace',
      true,
      false,
      '2027-02-28',
      ['certificate-in-grace'],
    ],
    ['the day after that', '2026-11-30', '2027-03-01', 'expired', false, false, '2027-02-28', ['credential-unusable']],
    [
      'a grace to 29 February',
      '2027-11-01',
      '2028-02-29',
      'grace',
      true,
      false,
      '2028-02-29',
      ['certificate-in-grace'],
    ],
  ] as const)('%s', (_when, notAfter, askedOn, state, usable, medicalInfoUsable, graceUntil, notices) => {
    expect(decideCredential(card(until(notAfter)), civilDate(askedOn))).toEqual({
      credential: { state, usable, medicalInfoUsable, certificateExpirationDate: notAfter, graceUntil },
      notices,
    });
  });

  it.each([
    ['three months and a day ahead', '2027-02-23', []],
    ['three months ahead to the day', '2027-02-22', []],
    ['a day less than three months ahead', '2027-02-21', ['certificate-expires-soon']],
    ['today', '2026-11-22', ['certificate-expires-soon']],
  ] as const)('the clerk is told of an expiry %s', (_when, notAfter, notices) => {
    expect(decideCredential(card(until(notAfter)), TODAY).notices).toEqual(notices);
  });

  it('the date decides, also where the registry says expired: its grace holds', () => {
    expect(decideCredential(card(until('2026-10-01', 'expired')), TODAY).credential.state).toBe('grace');
    expect(decideCredential(card(until('2026-10-01', 'expired')), civilDate('2027-02-01')).credential.state).toBe(
      'expired',
    );
  });

  it.each([
    ['good', 'valid', true],
    ['expired', 'expired', false],
  ] as const)('without a date the registry’s word is all there is: %s', (status, state, usable) => {
    const { credential } = decideCredential(card({ status }), TODAY);
    expect(credential).toEqual({ state, usable, medicalInfoUsable: usable });
  });
});

it('a revoked certificate proves nothing, however far its last day', () => {
  expect(decideCredential(card(until('2029-05-05', 'revoked')), TODAY)).toEqual({
    credential: {
      state: 'revoked',
      usable: false,
      medicalInfoUsable: false,
      certificateExpirationDate: '2029-05-05',
    },
    notices: ['credential-unusable'],
  });
});

describe('a superseded serial answers as its successor', () => {
  const old = until('2026-12-05', 'superseded');

  it.each([
    [
      'a good one',
      until('2031-12-05'),
      { state: 'superseded', usable: true, medicalInfoUsable: true, certificateExpirationDate: '2031-12-05' },
      ['certificate-superseded'],
    ],
    [
      'one in grace',
      until('2026-10-31'),
      { state: 'superseded', usable: true, medicalInfoUsable: false, certificateExpirationDate: '2026-10-31' },
      ['certificate-superseded', 'certificate-in-grace'],
    ],
    [
      'an expired one',
      until('2026-07-31'),
      { state: 'expired', usable: false, medicalInfoUsable: false, certificateExpirationDate: '2026-07-31' },
      ['credential-unusable'],
    ],
    [
      'a revoked one',
      until('2031-12-05', 'revoked'),
      { state: 'revoked', usable: false, medicalInfoUsable: false, certificateExpirationDate: '2031-12-05' },
      ['credential-unusable'],
    ],
  ] as const)('%s', (_what, successor, credential, notices) => {
    const decision = decideCredential(card(old, successor), TODAY);
    expect(decision.credential).toMatchObject(credential);
    expect(decision.notices).toEqual(notices);
  });

  it('with no successor known it proves nothing', () => {
    const { credential, notices } = decideCredential(card(old), TODAY);
    expect(credential).toMatchObject({ state: 'revoked', usable: false, certificateExpirationDate: '2026-12-05' });
    expect(notices).toEqual(['credential-unusable']);
  });

  it('a certificate that is good itself is not answered by a successor', () => {
    const { credential, notices } = decideCredential(card(GOOD, until('2026-07-31')), TODAY);
    expect(credential).toMatchObject({ state: 'valid', certificateExpirationDate: '2029-05-05' });
    expect(notices).toEqual([]);
  });
});

describe('a card that leads to nobody', () => {
  const NOT_REGISTERED = { state: 'not-registered', usable: false, medicalInfoUsable: false } satisfies Credential;

  it('a serial the registry does not know is not registered', () => {
    expect(decideCredential({ kind: 'unknown' }, TODAY)).toEqual({
      credential: NOT_REGISTERED,
      notices: ['certificate-unknown'],
    });
  });

  it.each([
    [
      'good',
      GOOD,
      { ...NOT_REGISTERED, certificateExpirationDate: '2029-05-05', graceUntil: '2029-08-31' },
      'register-at-reader',
    ],
    [
      'in grace',
      until('2026-10-31'),
      { ...NOT_REGISTERED, certificateExpirationDate: '2026-10-31', graceUntil: '2027-01-31' },
      'register-at-reader',
    ],
    ['expired', until('2026-07-31'), { state: 'expired', usable: false }, 'credential-unusable'],
    ['revoked', until('2029-05-05', 'revoked'), { state: 'revoked', usable: false }, 'credential-unusable'],
  ] as const)('not linked, and %s', (_state, certificate, credential, notice) => {
    const decision = decideCredential({ kind: 'not-linked', certificate }, TODAY);
    expect(decision.credential).toMatchObject(credential);
    expect(decision.notices).toEqual([notice] satisfies NoticeCode[]);
  });
});

it('a question by number involves no card: usable, and no medical information', () => {
  expect(withoutCard).toEqual({
    credential: { state: 'not-applicable', usable: true, medicalInfoUsable: false },
    notices: [],
  });
});
