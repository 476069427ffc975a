import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { evaluateRule, RULE_NAMES } from './index.js';

it.each([
  [
    'a birth date after the date',
    'age-band',
    { birthDate: '2026-11-23', date: '2026-11-22' },
    '/birthDate',
    'birth-after-date',
    'rule',
  ],
  [
    'a day that does not exist',
    'age-band',
    { birthDate: '2026-02-29', date: '2026-11-22' },
    '/birthDate',
    'format',
    'shape',
  ],
  ['a missing date', 'age-band', { birthDate: '2026-02-28' }, '/date', 'required', 'shape'],
  ['null for a needed date', 'age-band', { birthDate: '2026-02-28', date: null }, '/date', 'required', 'shape'],
  [
    'an unknown field',
    'age-band',
    { birthDate: '2020-01-01', date: '2026-11-22', sex: '1' },
    '/sex',
    'unknown-field',
    'shape',
  ],
  [
    'a field with a slash',
    'age-reached',
    { birthDate: '2020-01-01', age: 6, 'a/b': 1 },
    '/a~1b',
    'unknown-field',
    'shape',
  ],
  [
    'a month before the first table',
    'kogaku-under70',
    { treatmentMonth: '2014-12', category: 'ウ', totalCostYen: 1 },
    '/treatmentMonth',
    'before-first-table',
    'rule',
  ],
  [
    'a category of the other age',
    'kogaku-under70',
    { treatmentMonth: '2026-11', category: '一般', totalCostYen: 1 },
    '/category',
    'category-not-for-age',
    'rule',
  ],
  [
    'a category of the other age, over 70',
    'kogaku-over70',
    { treatmentMonth: '2026-11', category: 'ウ', totalCostYen: 1 },
    '/category',
    'category-not-for-age',
    'rule',
  ],
  [
    'a category that does not exist',
    'kogaku-under70',
    { treatmentMonth: '2026-11', category: 'カ', totalCostYen: 1 },
    '/category',
    'not-in-list',
    'shape',
  ],
  [
    'a negative cost',
    'kogaku-under70',
    { treatmentMonth: '2026-11', category: 'ウ', totalCostYen: -1 },
    '/totalCostYen',
    'out-of-range',
    'shape',
  ],
  [
    'half a yen',
    'kogaku-under70',
    { treatmentMonth: '2026-11', category: 'ウ', totalCostYen: 0.5 },
    '/totalCostYen',
    'type',
    'shape',
  ],
  [
    'a number as text',
    'kogaku-under70',
    { treatmentMonth: '2026-11', category: 'ウ', totalCostYen: '1' },
    '/totalCostYen',
    'type',
    'shape',
  ],
  [
    'a rate that does not exist',
    'window-rounding',
    { points: 1, copayPercent: 15 },
    '/copayPercent',
    'not-in-list',
    'shape',
  ],
  ['a fourth meal', 'meal-copay', { date: '2026-05-31', class: '一般', meals: 4 }, '/meals', 'too-many-meals', 'rule'],
  [
    'a meal before the first table',
    'meal-copay',
    { date: '2016-03-31', class: '一般', meals: 3 },
    '/date',
    'before-first-table',
    'rule',
  ],
  [
    '75 in 健保',
    'copay-rate-shaho',
    { scheme: 'shaho', relation: 'self', birthDate: '1951-11-22', date: '2026-11-22' },
    '/birthDate',
    'belongs-to-late75',
    'rule',
  ],
  [
    '70-74 without 標準報酬月額',
    'copay-rate-shaho',
    { scheme: 'shaho', relation: 'self', birthDate: '1954-11-22', date: '2026-11-22' },
    '/standardMonthlyRemuneration',
    'fact-needed',
    'rule',
  ],
  [
    '家族 of 70-74 without the insured person',
    'copay-rate-shaho',
    {
      scheme: 'shaho',
      relation: 'family',
      birthDate: '1954-11-22',
      date: '2026-11-22',
      standardMonthlyRemuneration: 300_000,
    },
    '/insuredBirthDate',
    'fact-needed',
    'rule',
  ],
  [
    'another band',
    'copay-rate-kokuho70',
    { scheme: 'kokuho', band: 'general', maxTaxableIncome: 0, members70to74: 1 },
    '/band',
    'band-not-for-rule',
    'rule',
  ],
  [
    '後期 before it began',
    'copay-rate-kouki',
    {
      scheme: 'kouki',
      date: '2008-03-31',
      maxTaxableIncomeInHousehold: 0,
      pensionPlusOtherIncomeTotal: 0,
      koukiMembers: 1,
    },
    '/date',
    'before-the-rule',
    'rule',
  ],
  ['no scheme', 'kogaku-category', { standardMonthlyRemuneration: 1 }, '/scheme', 'required', 'shape'],
  ['an unknown scheme', 'kogaku-category', { scheme: 'kouki' }, '/scheme', 'not-in-list', 'shape'],
  [
    '10 % outside 後期',
    'kogaku-category-over70',
    { scheme: 'shaho', standardMonthlyRemuneration: 1, copayPercent: 10 },
    '/copayPercent',
    'category-not-for-age',
    'rule',
  ],
  [
    'a loss before the acquisition',
    'coverage-on-date',
    { acquiredOn: '2026-04-02', lostOn: '2026-04-01', date: '2026-04-01' },
    '/lostOn',
    'lost-before-acquired',
    'rule',
  ],
  [
    'the same deep in a list',
    'coverage-history',
    { qualifications: [{ insurer: 'A', acquiredOn: '2026-04-02', lostOn: '2026-04-01' }], date: '2026-04-01' },
    '/qualifications/0/lostOn',
    'lost-before-acquired',
    'rule',
  ],
  [
    'a list entry of the wrong type',
    'pin-lock',
    { certificate: 'sign', attempts: ['ok', 'maybe'] },
    '/attempts/1',
    'not-in-list',
    'shape',
  ],
  [
    'a year that is none',
    'kogaku-annual-cap',
    { periodFrom: '2026-08', periodTo: '2027-08', category: 'ウ', burdenAfterMonthlyRefund: [] },
    '/periodFrom',
    'not-a-benefit-year',
    'rule',
  ],
  [
    'a year before the cap',
    'kogaku-annual-cap',
    { periodFrom: '2025-08', periodTo: '2026-07', category: 'ウ', burdenAfterMonthlyRefund: [] },
    '/periodFrom',
    'before-the-rule',
    'rule',
  ],
  [
    'thirteen months',
    'kogaku-outpatient-year',
    {
      periodFrom: '2026-08',
      periodTo: '2027-07',
      categoryOn31July: '一般',
      monthlyOutpatientAfterMonthlyRefund: Array.from({ length: 13 }, () => 1),
    },
    '/monthlyOutpatientAfterMonthlyRefund',
    'too-many-months',
    'rule',
  ],
  [
    'a month before the planned table',
    'kogaku-under70-from-2027-08',
    { treatmentMonth: '2027-07', standardMonthlyRemuneration: 1, totalCostYen: 1 },
    '/treatmentMonth',
    'before-the-rule',
    'rule',
  ],
  [
    '現役並み without its cost',
    'kogaku-75th-month',
    { treatmentMonth: '2026-11', category70: '現役並みI', halved: true },
    '/totalCostYen',
    'fact-needed',
    'rule',
  ],
  [
    'a disease of the other age’s category',
    'specified-disease',
    { diseaseCode: '1', under70: true, category: '一般' },
    '/category',
    'category-not-for-age',
    'rule',
  ],
  [
    'a household without its category',
    'kogaku-household',
    { treatmentMonth: '2026-11', items: [{ age: 'u70', person: 'A', setting: 'in', cost: 1, percent: 30 }] },
    '/category',
    'fact-needed',
    'rule',
  ],
  [
    'a card without its certificate',
    'document-decision',
    { document: 'mynacard_registered', reader: 'online', date: '2026-11-22' },
    '/certificate',
    'fact-needed',
    'rule',
  ],
  [
    'a certificate without its last day',
    'document-decision',
    { document: 'shikaku_kakuninsho', reader: 'any', date: '2026-11-22' },
    '/validTo',
    'fact-needed',
    'rule',
  ],
  ['不詳 without the scheme', 'claim-fallback', { foundAfterwards: null }, '/scheme', 'fact-needed', 'rule'],
  [
    'a claim category of the other age',
    'claim-special-note',
    { ageGroup: '70to74', category: 'ア' },
    '/category',
    'category-not-for-age',
    'rule',
  ],
  [
    'a withdrawal before there was one',
    'voluntary-continuation',
    { withdrawalReceivedOn: '2021-12-31' },
    '/withdrawalReceivedOn',
    'before-the-rule',
    'rule',
  ],
  [
    'a code that is not on the list',
    'oqs-codes',
    { field: 'QualificationValidity', code: '7' },
    '/code',
    'no-such-code',
    'rule',
  ],
  ['an element without a list', 'oqs-codes', { field: 'Name', code: '7' }, '/field', 'no-such-code', 'rule'],
  ['a day before 明治', 'wareki', { date: '1868-01-24' }, '/date', 'before-the-rule', 'rule'],
  [
    'a card issued before birth',
    'card-expiry',
    { issuedOn: '2020-01-01', birthDate: '2020-01-02' },
    '/birthDate',
    'birth-after-date',
    'rule',
  ],
  [
    'a card applied for after its issue',
    'card-expiry',
    { issuedOn: '2020-01-01', birthDate: '2000-01-02', appliedOn: '2020-01-02' },
    '/appliedOn',
    'out-of-range',
    'rule',
  ],
  [
    'the certificate of 後期 before it existed',
    'kouki-shikakukakuninsho-2026-08',
    { birthDate: '1941-08-01', date: '2024-12-01' },
    '/date',
    'before-the-rule',
    'rule',
  ],
  ['letters for digits', 'insurer-number', { body: '06A' }, '/body', 'format', 'shape'],
  ['none of the ways of asking', 'insurer-number', {}, '', 'required', 'shape'],
  ['a list for an object', 'age-band', [], '', 'type', 'shape'],
  ['nothing for an object', 'age-band', null, '', 'type', 'shape'],
  ['a rule that does not exist', 'no-such-rule', {}, '/rule', 'unknown-rule', 'shape'],
  ['a name every object has', 'constructor', {}, '/rule', 'unknown-rule', 'shape'],
])('refuses %s', (_what, name, input, pointer, code, kind) => {
  const result = evaluateRule(name, input);
  expect(result).not.toHaveProperty('value');
  expect(result.ok ? [] : result.errors).toContainEqual(expect.objectContaining({ pointer, code, kind }));
});

it('names every wrong field at once', () => {
  const result = evaluateRule('age-band', { birthDate: 1, date: '2026-11-31', x: 1 });
  expect(result.ok ? [] : result.errors.map(({ pointer }) => pointer)).toEqual(['/x', '/birthDate', '/date']);
});

it('repeats no value of the input in an error: it may be an individual number', () => {
  const result = evaluateRule('my-number', { individualNumber: '123456789012' });
  expect(JSON.stringify(result)).not.toContain('123456789012');
  expect(JSON.stringify(evaluateRule('age-band', { birthDate: '123456789012' }))).not.toContain('123456789012');
  expect(JSON.stringify(evaluateRule('age-band', { birthDate: '2026-02-30' }))).not.toContain('2026-02-30');
  const wareki = evaluateRule('wareki', { era: '昭和', year: 64, month: 2, day: 30 });
  expect(JSON.stringify(wareki)).not.toMatch(/昭和|64/);
});

const cases = RULE_NAMES.flatMap((name) => {
  const text = readFileSync(new URL(`../../cases/${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { input: Record<string, unknown> }[]).map(({ input }) => [name, input] as const);
});

it('never throws and is the same each time, whatever becomes of one field', () => {
  const value = fc.oneof(
    fc.constantFrom(null, '', '2026-02-30', '2200-12-31', '1868-01-01', '2014-12', -1, 1e12, 0.5, true, [], {}),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...cases),
      fc.nat({ max: 9 }),
      value,
      fc.boolean(),
      ([name, input], at, replaced, extra) => {
        const keys = Object.keys(input);
        const key = extra ? 'extra' : (keys[at % keys.length] ?? 'extra');
        const changed = { ...input, [key]: replaced };
        const result = evaluateRule(name, changed);
        expect(evaluateRule(name, structuredClone(changed))).toEqual(result);
        expect(result.ok ? result.value.steps.length : result.errors.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 3000 },
  );
});
