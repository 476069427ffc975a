import { evaluateRule } from './index.js';

/*
 * Points on which sources disagree or are silent. The stated reading is implemented; where a caller could need the other, the
 * input has a field for it. Each is named in the README of this library.
 */
it.each([
  [
    'the notice alone from 2026-04 to 2026-07',
    'document-decision',
    { document: 'shikaku_joho_oshirase', reader: 'online', date: '2026-05-15' },
    { insured: 'unknown', certainty: 'uncertain' },
  ],
  [
    '後期 members under 85 from 2026-08',
    'kouki-shikakukakuninsho-2026-08',
    { birthDate: '1941-08-02', date: '2026-08-01' },
    { issue: 'by_mynacard', certainty: 'uncertain' },
  ],
  ['an individual number of zeros', 'my-number', { individualNumber: '000000000000' }, { valid: true }],
  [
    'low-income meals from 2026-06',
    'meal-copay',
    { date: '2026-06-01', class: '低II', meals: 3 },
    { perMealYen: null, totalYen: null, perMealYenBetween: [260, 270], certainty: 'uncertain' },
  ],
  [
    'general meals from 2026-06',
    'meal-copay',
    { date: '2026-06-01', class: '一般', meals: 3 },
    { perMealYen: 550, totalYen: 1650, certainty: 'likely' },
  ],
  [
    'a card of somebody born on 29 February',
    'card-expiry',
    { issuedOn: '2022-05-01', birthDate: '1980-02-29' },
    { certificateExpiresOn: '2027-02-28' },
  ],
  [
    'the same, read otherwise',
    'card-expiry',
    { issuedOn: '2022-05-01', birthDate: '1980-02-29', leapDayExpiry: '03-01' },
    { certificateExpiresOn: '2027-03-01' },
  ],
  [
    'the grace counted from the day',
    'certificate-grace',
    { certificateExpiresOn: '2026-06-10', date: '2026-09-11', graceReading: 'three-months-to-the-day' },
    { state: 'expired', graceUntil: '2026-09-10' },
  ],
  [
    'a month of the planned table',
    'kogaku-table-selection',
    { treatmentMonth: '2027-08', ageGroup: 'under70' },
    { tableEffectiveFrom: '2027-08', status: 'planned', inForceTableEffectiveFrom: '2026-08' },
  ],
  [
    'the same, planned tables switched off',
    'kogaku-table-selection',
    { treatmentMonth: '2027-08', ageGroup: 'under70', planned: false },
    { tableEffectiveFrom: '2026-08', status: 'in-force' },
  ],
  [
    'the limit of such a month',
    'kogaku-under70',
    { treatmentMonth: '2027-08', category: 'ウ', totalCostYen: 1_000_000 },
    { limitYen: 92_940, tableEffectiveFrom: '2026-08' },
  ],
  [
    'an income that was never declared',
    'kogaku-category',
    { scheme: 'kokuho', incomeDeclared: false, kyuTadashigakiIncome: 0, householdNonTaxable: false },
    { category: 'ア' },
  ],
  [
    'a charge that equals a limit',
    'window-rounding',
    { points: 40_000, copayPercent: 30, limitYen: 80_101 },
    { chargedYen: 80_101 },
  ],
  [
    'the lower yearly cap by 標準報酬月額',
    'kogaku-annual-cap',
    {
      periodFrom: '2026-08',
      periodTo: '2027-07',
      category: 'エ',
      standardMonthlyRemuneration: 150_000,
      burdenAfterMonthlyRefund: [420_000],
    },
    { capYen: 410_000, refundYen: 10_000 },
  ],
])('%s', (_what, name, input, expected) => {
  expect(evaluateRule(name, input)).toMatchObject({ ok: true, value: expected });
});
