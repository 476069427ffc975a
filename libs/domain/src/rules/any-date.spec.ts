import * as fc from 'fast-check';
import { civilDate, dayNumber, fromDayNumber, monthOf } from '../calendar/index.js';
import { evaluateRule, type RuleName } from './index.js';

const days = fc
  .integer({ min: dayNumber(civilDate('1926-01-01')), max: dayNumber(civilDate('2100-12-31')) })
  .map(fromDayNumber);

/** Every rule that takes a date, on any two days of 1926 to 2100, the earlier first. */
const asked = (a: string, b: string, month: string): readonly (readonly [RuleName, object])[] => [
  ['age-band', { birthDate: a, date: b }],
  ['age-band', { birthDate: a, date: b, disabilityCertifiedFrom: b }],
  ['age-reached', { birthDate: a, age: 75 }],
  ['preschool-boundary', { birthDate: a }],
  ['elderly-boundaries', { birthDate: a }],
  ['rate-validity-period', { scheme: 'kokuho_or_kouki', birthDate: a, date: b }],
  ['card-expiry', { issuedOn: b, birthDate: a }],
  ['certificate-grace', { certificateExpiresOn: a, date: b }],
  ['coverage-on-date', { acquiredOn: a, lostOn: b, date: a }],
  ['loss-date', { event: 'retire', eventDate: a }],
  ['loss-date', { event: 'turns75', birthDate: a }],
  ['registration-available', { registrationCompletedOn: a, date: b }],
  ['voluntary-continuation', { lossDate: a, monthsCoveredBefore: 2 }],
  ['wareki', { date: a }],
  ['document-decision', { document: 'old_card', reader: 'any', date: b, cardValidTo: a }],
  ['kogaku-75th-month', { birthDate: a, treatmentMonth: month, entry: 'turns75' }],
  ['kogaku-multiple-times', { treatmentMonth: month, paidMonths: [month], sameInsurer: true }],
];

it('answers every date from 1926 to 2100 without a throw', () => {
  fc.assert(
    fc.property(days, days, (a, b) => {
      const [first, second] = a <= b ? [a, b] : [b, a];
      for (const [name, input] of asked(first, second, monthOf(second))) {
        expect([name, input, evaluateRule(name, input).ok]).toEqual([name, input, true]);
      }
    }),
    { numRuns: 300 },
  );
});
