import { dayOf } from '../calendar/civil-day.js';
import { certificateOn } from './resident.js';
import { scenarioNumberOf, scenarioPeopleOn, UNKNOWN_SERIAL } from './scenario-people.js';

const TODAY = dayOf(2026, 11, 22);
const people = scenarioPeopleOn(TODAY);
const named = (scenario: string) => {
  const person = people.find((one) => one.scenario === scenario);
  if (person === undefined) throw new Error(`no scenario ${scenario}`);
  return person;
};
const certificatesOf = (scenario: string, day = TODAY) => {
  const { number, personRef } = named(scenario);
  const person = scenarioPeopleOn(day).find((one) => one.number === number);
  return person?.certificates.map((one) => certificateOn(one, personRef, day)) ?? [];
};

it.each([
  ['employee', '1980-05-05', '1'],
  ['dependent', '1982-09-14', '2'],
  ['child', '2020-04-01', '2'],
  ['elderly-20', '1955-03-10', '1'],
  ['elderly-30', '1954-06-21', '2'],
  ['late-10', '1945-02-11', '2'],
  ['late-20', '1948-07-07', '1'],
  ['late-30', '1947-12-24', '1'],
  ['turns-75', '1951-11-22', '2'],
  ['certificate-grace', '1975-01-15', '2'],
  ['certificate-expired', '1970-03-03', '2'],
  ['certificate-revoked', '1988-08-08', '2'],
  ['certificate-renewed', '1985-10-10', '1'],
  ['certificate-expires-soon', '1990-12-20', '2'],
  ['coverage-lost', '1992-04-17', '1'],
  ['job-changed', '1987-06-30', '2'],
  ['two-coverages', '1979-11-11', '1'],
  ['retroactive-loss', '1983-02-28', '2'],
  ['dialysis', '1968-09-09', '1'],
  ['non-taxable', '1966-01-26', '2'],
  ['no-consent', '1994-07-01', '1'],
  ['medical-aid', '1972-05-18', '1'],
  ['medical-aid-no-ticket', '1977-08-29', '2'],
  ['not-registered', '1999-03-21', '1'],
  ['twin-a', '2015-02-14', '2'],
  ['twin-b', '2015-02-14', '2'],
  ['client-search', '2000-01-02', '1'],
  ['reference-number', '1981-12-12', '2'],
  ['low-income', '1953-10-05', '2'],
  ['newly-enrolled', '2001-04-02', '1'],
  ['double-a', '1990-01-01', '1'],
  ['double-b', '1990-01-01', '1'],
])('%s was born on %s, sex %s', (scenario, birthDate, sex) => {
  expect(named(scenario)).toMatchObject({ birthDate, sex });
});

it('the numbers are counted from 1, so that serials and references never change', () => {
  expect(people.map(({ number }) => number)).toEqual(people.map((_, n) => n + 1));
  expect(named('employee').certificates[0]?.serial).toBe('FFFFFFFF00100001');
  expect(named('double-b').certificates[0]?.serial).toBe('FFFFFFFF02000001');
});

it('twins share all but the given name; doubles share all', () => {
  const five = (scenario: string): unknown[] => {
    const { kanjiName, kanaName, birthDate, sex, address } = named(scenario);
    return [...kanjiName.split('　'), ...kanaName.split(' '), birthDate, sex, address];
  };
  expect(five('twin-a')).toEqual([
    '双葉',
    'あい',
    'ﾌﾀﾊﾞ',
    'ｱｲ',
    '2015-02-14',
    '2',
    '広島県広島市中区基町９丁目２番１号',
  ]);
  expect(five('twin-b')).toEqual([
    '双葉',
    'まい',
    'ﾌﾀﾊﾞ',
    'ﾏｲ',
    '2015-02-14',
    '2',
    '広島県広島市中区基町９丁目２番１号',
  ]);
  expect(five('double-a')).toEqual(five('double-b'));
});

describe('certificates', () => {
  it.each([
    ['certificate-grace', [{ status: 'expired', notAfter: '2026-11-12' }]],
    ['certificate-expired', [{ status: 'expired', notAfter: '2025-03-03' }]],
    ['certificate-revoked', [{ status: 'revoked', revokedOn: '2026-02-02' }]],
    [
      'certificate-renewed',
      [
        { status: 'superseded', notAfter: '2025-10-10', supersededBy: 'FFFFFFFF00D00002' },
        { status: 'good', notAfter: '2030-10-10', supersedes: 'FFFFFFFF00D00001' },
      ],
    ],
    ['certificate-expires-soon', [{ status: 'good', notAfter: '2026-12-22' }]],
  ])('of %s tell its story', (scenario, expected) => {
    expect(certificatesOf(scenario)).toMatchObject(expected);
  });

  it.each([2026, 2027, 2029, 2040])('of everybody else are good beyond today, also in %i', (year) => {
    const stories = ['certificate-grace', 'certificate-expired', 'certificate-revoked'];
    const others = people.flatMap(({ scenario = '' }) => (stories.includes(scenario) ? [] : [scenario]));
    for (const today of [dayOf(year, 1, 1), dayOf(year, 11, 22), dayOf(year, 12, 31)]) {
      const without = others.filter((name) => !certificatesOf(name, today).some(({ status }) => status === 'good'));
      expect(without).toEqual([]);
    }
  });

  it('never run for more than five years and two months', () => {
    for (const { certificates } of people) {
      for (const { notBefore, notAfter } of certificates) {
        expect(notBefore).toBeLessThan(notAfter);
        expect(notAfter - notBefore).toBeLessThan(5 * 366 + 60);
      }
    }
  });
});

it('the unknown serial is no scenario person', () => {
  expect(people.map(({ number }) => number)).not.toContain(scenarioNumberOf(UNKNOWN_SERIAL));
});
