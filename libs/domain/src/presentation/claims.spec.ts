import { civilDate } from '../calendar/index.js';
import { claimFallback, claimSpecialNote, hasCategory, lateElderlyIssue } from './index.js';

describe('a claim whose insurance was not found that day', () => {
  it.each([
    ['current', { claimUnder: 'current' }],
    ['former', { claimUnder: 'former' }],
  ] as const)('goes under the %s one when found afterwards', (foundAfterwards, expected) => {
    expect(claimFallback({ foundAfterwards, isKouki: false, softwareNeedsCheckDigit: false })).toEqual(expected);
  });

  it.each([
    [false, false, '77777777', '777777777'],
    [true, false, '77777777', '77777777'],
    [false, true, '77777779', '777777777'],
    [true, true, '77777779', '77777777'],
  ])(
    'is 不詳 otherwise (後期 %s, software needs a check digit %s)',
    (isKouki, softwareNeedsCheckDigit, insurer, insured) => {
      expect(claimFallback({ foundAfterwards: null, isKouki, softwareNeedsCheckDigit })).toEqual({
        insurerNumber: insurer,
        insuredNumber: insured,
        remark: '不詳',
      });
    },
  );
});

describe('特記事項', () => {
  it.each([
    ['ア', '26', '31'],
    ['イ', '27', '32'],
    ['ウ', '28', '33'],
    ['エ', '29', '34'],
    ['オ', '30', '35'],
    ['現役並みIII', '26', '31'],
    ['現役並みII', '27', '32'],
    ['現役並みI', '28', '33'],
    ['一般', '29', '34'],
    ['一般II', '41', '43'],
    ['一般I', '42', '44'],
    ['低所得II', '30', '35'],
    ['低所得I', '30', '30'],
  ] as const)('of %s is %s, many times %s', (category, once, many) => {
    expect([claimSpecialNote(category, false), claimSpecialNote(category, true)]).toEqual([once, many]);
  });

  it('knows which age has which category', () => {
    expect([hasCategory('under70', 'ア'), hasCategory('70to74', 'ア'), hasCategory('75over', '一般II')]).toEqual([
      true,
      false,
      true,
    ]);
    expect([hasCategory('70to74', '一般II'), hasCategory('under70', '一般'), hasCategory('70to74', '一般')]).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe('資格確認書 in 後期', () => {
  it.each([
    ['before the document exists', '1941-08-01', '2024-12-01', undefined],
    ['everybody, its first day', '1951-01-01', '2024-12-02', 'always'],
    ['everybody, the last day', '1951-01-01', '2026-07-31', 'always'],
    ['85 on the day', '1941-08-01', '2026-08-01', 'always'],
    ['85 the day after (uncertain: legally 85 that evening)', '1941-08-02', '2026-08-01', 'by_mynacard'],
  ])('%s', (_when, birthDate, date, issue) => {
    expect(lateElderlyIssue(civilDate(birthDate), civilDate(date))?.issue).toBe(issue);
  });
});
