import type { EligibilityCheckRequest } from '@app/contracts';
import { civilDate, type InsuredKey } from '@app/domain';

import { ProblemException } from '../problems/problem.exception.js';
import { readAsk } from './ask.js';

const TODAY = civilDate('2026-11-22');
const CARD = { certificateSerial: '1A2B3C4D5E6F7081' };
const INSURED = {
  insurerNumber: '06130488',
  insuredCardSymbol: '1234',
  insuredIdentificationNumber: '1987654',
  insuredBranchNumber: '01',
  birthdate: '1980-05-05',
};

const keyOf = (changes: Partial<typeof INSURED>): InsuredKey => {
  const { subject } = readAsk({ insured: { ...INSURED, ...changes } }, TODAY);
  if (subject.by !== 'insured') throw new Error('asked by card');
  return subject.key;
};

const refusal = (request: EligibilityCheckRequest, today = TODAY): unknown => {
  try {
    return readAsk(request, today);
  } catch (error) {
    if (!(error instanceof ProblemException)) throw error;
    return [error.status, error.code, error.details.errors?.map(({ pointer, code }) => [pointer, code])];
  }
};

it('the least that can be asked: a card, today, with nothing consented', () => {
  expect(readAsk({ card: CARD }, TODAY)).toEqual({
    subject: { by: 'card', serial: '1A2B3C4D5E6F7081' },
    serviceDate: '2026-11-22',
    consent: {
      limitApplicationCertificate: false,
      specificDiseases: false,
      pharmacists: false,
      specificHealthCheckups: false,
      diagnosis: false,
      operation: false,
    },
  });
});

it.each([
  'limitApplicationCertificate',
  'specificDiseases',
  'pharmacists',
  'specificHealthCheckups',
  'diagnosis',
  'operation',
] as const)('consent to %s is that one alone', (kind) => {
  const { consent } = readAsk({ card: CARD, consent: { [kind]: true } }, TODAY);
  expect(Object.entries(consent).filter(([, given]) => given)).toEqual([[kind, true]]);
});

it.each([
  ['0: now', 0, 0],
  ['a day', 86_400, 86_400_000],
])('maxAgeSeconds %s', (_what, maxAgeSeconds, maxAgeMs) => {
  expect(readAsk({ card: CARD, maxAgeSeconds, ifVersion: 'v1.x' }, TODAY)).toMatchObject({
    maxAgeMs,
    ifVersion: 'v1.x',
  });
});

it.each([
  ['upper case', '1A2B3C4D5E6F7081', '1A2B3C4D5E6F7081'],
  ['small letters', '1a2b3c4d5e6f7081', '1A2B3C4D5E6F7081'],
  ['eight digits', '0000000a', '0000000A'],
])('a serial is one whatever its writing: %s', (_what, certificateSerial, serial) => {
  expect(readAsk({ card: { certificateSerial } }, TODAY).subject).toEqual({ by: 'card', serial });
});

describe('the service date', () => {
  const asked = (serviceDate: string, today = TODAY): unknown => {
    const outcome = refusal({ card: CARD, serviceDate }, today);
    return Array.isArray(outcome) ? outcome : (outcome as { serviceDate: string }).serviceDate;
  };
  const outOfRange = [422, 'service-date-out-of-range', [['/serviceDate', 'range']]];
  const noDay = [400, 'invalid-request', [['/serviceDate', 'format']]];

  it.each([
    ['the first day that can be asked about', '2015-01-01', '2015-01-01'],
    ['the day before', '2014-12-31', outOfRange],
    ['one year ahead', '2027-11-22', '2027-11-22'],
    ['a day more', '2027-11-23', outOfRange],
    ['a day that does not exist', '2026-02-29', noDay],
    ['29 February of a leap year', '2024-02-29', '2024-02-29'],
    ['no date', 'today', noDay],
  ])('%s', (_what, serviceDate, outcome) => {
    expect(asked(serviceDate)).toEqual(outcome);
  });

  it.each([
    ['2029-02-28', '2029-02-28'],
    ['2029-03-01', outOfRange],
  ])('a year ahead of 29 February ends on 28 February: %s', (serviceDate, outcome) => {
    expect(asked(serviceDate, civilDate('2028-02-29'))).toEqual(outcome);
  });
});

describe('an insurance number is one whatever its writing', () => {
  it('as it is', () => {
    expect(keyOf({})).toEqual({
      insurerNumber: '06130488',
      insurerNumberCheckDigitWrong: false,
      insuredCardSymbol: '1234',
      insuredIdentificationNumber: '1987654',
      insuredBranchNumber: '01',
      birthdate: '1980-05-05',
    });
  });

  it.each([
    ['full-width', { insuredIdentificationNumber: '１９８７６５４' }, { insuredIdentificationNumber: '1987654' }],
    ['spaces at the ends', { insuredIdentificationNumber: ' 1987654　' }, { insuredIdentificationNumber: '1987654' }],
    ['a full-width hyphen', { insuredCardSymbol: '１２－３４' }, { insuredCardSymbol: '12-34' }],
    ['a long-vowel mark for a hyphen', { insuredCardSymbol: '12ー34' }, { insuredCardSymbol: '12-34' }],
    ['a kanji symbol', { insuredCardSymbol: '見本' }, { insuredCardSymbol: '見本' }],
    ['one digit of branch', { insuredBranchNumber: '1' }, { insuredBranchNumber: '01' }],
    ['a full-width branch', { insuredBranchNumber: '０２' }, { insuredBranchNumber: '02' }],
    ['国保 in six digits', { insurerNumber: '138057' }, { insurerNumber: '138057' }],
    ['国保 padded with spaces', { insurerNumber: '  138057' }, { insurerNumber: '138057' }],
    ['国保 padded with zeros', { insurerNumber: '00138057' }, { insurerNumber: '138057' }],
    ['a full-width insurer number', { insurerNumber: '０６１３０４８８' }, { insurerNumber: '06130488' }],
  ])('%s', (_what, written, read) => {
    expect(keyOf(written)).toMatchObject(read);
  });

  it.each([
    ['06130488', false],
    ['06130489', true],
    ['138057', false],
    ['138058', true],
  ])('%s: a wrong check digit is noticed and refuses nothing', (insurerNumber, wrong) => {
    expect(keyOf({ insurerNumber }).insurerNumberCheckDigitWrong).toBe(wrong);
  });

  it.each(['insuredCardSymbol', 'insuredBranchNumber'] as const)('%s absent or blank is absent', (field) => {
    const { [field]: _left, ...rest } = INSURED;
    expect(readAsk({ insured: rest }, TODAY).subject).not.toHaveProperty(['key', field]);
    expect(keyOf({ [field]: ' ' })).not.toHaveProperty(field);
    expect(keyOf({ [field]: '　' })).not.toHaveProperty(field);
  });
});

describe('refused, with the field that is wrong', () => {
  it.each([
    ['neither card nor insured', {}, 400, 'invalid-request', '', 'exactly-one-of'],
    ['both', { card: CARD, insured: INSURED }, 400, 'invalid-request', '', 'exactly-one-of'],
    [
      'a serial that is none',
      { card: { certificateSerial: 'XYZ' } },
      400,
      'invalid-request',
      '/card/certificateSerial',
      'format',
    ],
    [
      'an insurer number of seven digits',
      { insured: { ...INSURED, insurerNumber: '0613048' } },
      400,
      'invalid-request',
      '/insured/insurerNumber',
      'format',
    ],
    [
      'a blank number',
      { insured: { ...INSURED, insuredIdentificationNumber: '　' } },
      400,
      'invalid-request',
      '/insured/insuredIdentificationNumber',
      'format',
    ],
    [
      'a birthdate that does not exist',
      { insured: { ...INSURED, birthdate: '1981-02-29' } },
      400,
      'invalid-request',
      '/insured/birthdate',
      'format',
    ],
    [
      'a birthdate after the service date',
      { insured: { ...INSURED, birthdate: '2026-11-23' } },
      422,
      'birthdate-in-future',
      '/insured/birthdate',
      'range',
    ],
  ] as const)('%s', (_what, request, status, code, pointer, fault) => {
    expect(refusal(request)).toEqual([status, code, [[pointer, fault]]]);
  });

  it.each([
    ['a date', { card: CARD, serviceDate: '2026-99-17' }, '2026-99-17'],
    ['a serial', { card: { certificateSerial: 'SECRET-SERIAL' } }, 'SECRET-SERIAL'],
    ['an insurer number', { insured: { ...INSURED, insurerNumber: '7777777' } }, '7777777'],
    ['a birthdate', { insured: { ...INSURED, birthdate: '1980-13-13' } }, '1980-13-13'],
  ])('a refusal repeats nothing of what was sent: %s', (_what, request, sent) => {
    const error = ((): unknown => {
      try {
        return readAsk(request, TODAY);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(ProblemException);
    expect(JSON.stringify([(error as ProblemException).message, (error as ProblemException).details])).not.toContain(
      sent,
    );
  });

  it('somebody born on the service date can be asked about', () => {
    expect(keyOf({ birthdate: '2026-11-22' }).birthdate).toBe('2026-11-22');
  });
});
