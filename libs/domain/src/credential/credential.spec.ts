import { civilDate } from '../calendar/index.js';
import { cardExpiry, certificateStateOn, pinAfter } from './index.js';

describe('the certificate', () => {
  it.each([
    ['the last valid day', '2026-06-10', 'valid', true, true],
    ['the day after', '2026-06-11', 'grace', true, false],
    ['the last day of the third month after', '2026-09-30', 'grace', true, false],
    ['the day after the grace', '2026-10-01', 'expired', false, false],
  ])('that expires on 2026-06-10, on %s', (_when, on, state, eligibilityUsable, medicalInfoUsable) => {
    expect(certificateStateOn({ certificateExpiresOn: civilDate('2026-06-10'), date: civilDate(on) })).toEqual({
      state,
      eligibilityUsable,
      medicalInfoUsable,
      graceUntil: '2026-09-30',
    });
  });

  it('counts the grace from the day where an insurer reads it so', () => {
    const read = (on: string): string =>
      certificateStateOn({
        certificateExpiresOn: civilDate('2026-06-10'),
        date: civilDate(on),
        graceReading: 'three-months-to-the-day',
      }).state;
    expect([read('2026-09-10'), read('2026-09-11')]).toEqual(['grace', 'expired']);
  });

  it('takes the shorter February', () => {
    expect(
      certificateStateOn({ certificateExpiresOn: civilDate('2026-11-30'), date: civilDate('2027-03-01') }),
    ).toMatchObject({ state: 'expired', graceUntil: '2027-02-28' });
  });
});

describe('a card', () => {
  it.each([
    ['an adult', '2021-06-10', '1980-03-03', '2026-03-03', '2031-03-03'],
    ['on the birthday, which is not counted', '2021-06-10', '1980-06-10', '2026-06-10', '2031-06-10'],
    ['the day before the birthday', '2021-06-09', '1980-06-10', '2025-06-10', '2030-06-10'],
    ['at 17, from 2022-04', '2022-05-01', '2004-06-02', '2026-06-02', '2026-06-02'],
    ['on the 18th birthday', '2022-06-02', '2004-06-02', '2027-06-02', '2032-06-02'],
    ['at 18 under the old age of 20', '2022-03-31', '2003-06-02', '2026-06-02', '2026-06-02'],
    ['at 18 under the new age', '2022-04-01', '2003-06-02', '2026-06-02', '2031-06-02'],
  ])('issued to %s', (_whom, issuedOn, birthDate, certificateExpiresOn, cardExpiresOn) => {
    expect(cardExpiry({ issuedOn: civilDate(issuedOn), birthDate: civilDate(birthDate) })).toEqual({
      certificateExpiresOn,
      cardExpiresOn,
    });
  });

  it('of somebody born on 29 February expires on 28 February, or on 1 March when so read', () => {
    const facts = { issuedOn: civilDate('2022-05-01'), birthDate: civilDate('1980-02-29') };
    expect(cardExpiry(facts)).toEqual({ certificateExpiresOn: '2027-02-28', cardExpiresOn: '2032-02-29' });
    expect(cardExpiry({ ...facts, leapDayExpiry: '03-01' }).certificateExpiresOn).toBe('2027-03-01');
  });
});

describe('a PIN', () => {
  it.each([
    ['auth4', ['ng', 'ng'], false],
    ['auth4', ['ng', 'ng', 'ng'], true],
    ['auth4', ['ng', 'ng', 'ok', 'ng', 'ng'], false],
    ['auth4', ['ng', 'ng', 'ng', 'ok'], true],
    ['sign', ['ng', 'ng', 'ng', 'ng'], false],
    ['sign', ['ng', 'ng', 'ng', 'ng', 'ng'], true],
  ] as const)('%s after %j', (kind, attempts, locked) => {
    expect(pinAfter(kind, attempts).locked).toBe(locked);
  });
});
