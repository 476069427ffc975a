import * as fc from 'fast-check';

import { addDays, civilDate } from '../calendar/index.js';
import { expiriesToldOn, expiryNoticeOn, type HeldCertificate } from './expiry-notice.js';

const held = (expiresOn: string, issuedOn: readonly string[] = [], birthDate = '1980-06-15'): HeldCertificate => ({
  expiresOn: civilDate(expiresOn),
  birthDate: civilDate(birthDate),
  issuedOn: issuedOn.map((day) => civilDate(day)),
});

describe('the holder of a certificate is told', () => {
  it.each([
    // Published by towns: until 15 June, from 16 March on; until 1 April, from 2 January on; until 30 May, from 1 March on.
    ['the day before it can be renewed', '2026-06-15', '2026-03-15', undefined],
    ['the day from which it can be', '2026-06-15', '2026-03-16', 'renewable'],
    ['the example of 1 April', '2026-04-01', '2026-01-02', 'renewable'],
    ['the day before that', '2026-04-01', '2026-01-01', undefined],
    ['the example of 30 May, after a short February', '2026-05-30', '2026-03-01', 'renewable'],
    ['the day before that one', '2026-05-30', '2026-02-28', undefined],
    ['its last day', '2026-06-15', '2026-06-15', 'renewable'],
    ['the day after', '2026-06-15', '2026-06-16', 'grace'],
    ['the last day of the grace', '2026-06-15', '2026-09-30', 'grace'],
    ['the day after the grace', '2026-06-15', '2026-10-01', undefined],
  ])('%s', (_when, expiresOn, on, stage) => {
    expect(expiryNoticeOn(held(expiresOn), civilDate(on))?.stage).toBe(stage);
  });

  it('with every day that matters', () => {
    expect(expiryNoticeOn(held('2026-06-15', ['2021-07-01']), civilDate('2026-06-01'))).toEqual({
      stage: 'renewable',
      what: 'certificate',
      certificateExpiresOn: '2026-06-15',
      cardExpiresOn: '2031-06-15',
      renewableFrom: '2026-03-16',
      graceUntil: '2026-09-30',
    });
  });

  it.each([
    [
      'an adult at the fifth birthday: the certificate alone',
      '2026-06-15',
      ['2021-07-01'],
      '1980-06-15',
      'certificate',
    ],
    ['an adult at the tenth: the card with it', '2026-06-15', ['2016-07-01', '2021-06-10'], '1980-06-15', 'card'],
    ['a child at the fifth: the card with it', '2026-06-15', ['2021-07-01'], '2015-06-15', 'card'],
    ['with a card that was replaced since', '2026-06-15', ['2010-07-01', '2021-07-01'], '1980-06-15', 'certificate'],
    ['nothing known of the day of issue', '2026-06-15', [], '1980-06-15', 'certificate'],
  ] as const)('%s', (_who, expiresOn, issuedOn, birthDate, what) => {
    expect(expiryNoticeOn(held(expiresOn, issuedOn, birthDate), civilDate('2026-06-01'))?.what).toBe(what);
  });

  it('nobody whose certificate ends outside the days that are looked at', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: -200, max: 200 }), (day, away) => {
        const on = addDays(civilDate('2022-01-01'), day);
        const expiresOn = addDays(on, away);
        if (expiryNoticeOn(held(expiresOn), on) === undefined) return;
        const { from, to } = expiriesToldOn(on);
        expect(from <= expiresOn && expiresOn <= to, `${expiresOn} on ${on}`).toBe(true);
      }),
    );
  });
});
