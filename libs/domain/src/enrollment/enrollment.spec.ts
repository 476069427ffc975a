import { civilDate } from '../calendar/index.js';
import {
  FILING_TERMS,
  isSameAddress,
  isUsableOn,
  kanaNfkc,
  lastDayOfTerm,
  MATCH_ATTRIBUTES,
  matchDecision,
  normaliseAddress,
  onlineViewAfter,
  usableFrom,
} from './index.js';

describe('the query with five attributes', () => {
  it.each([
    [1, 'register'],
    [0, 'return_to_employer'],
    [2, 'manual_review'],
  ])('all five and %i candidates: %s', (candidates, outcome) => {
    expect(matchDecision(MATCH_ATTRIBUTES, candidates)).toEqual({ outcome, missing: [] });
  });

  it.each(MATCH_ATTRIBUTES)('without %s nobody is registered', (attribute) => {
    const others = MATCH_ATTRIBUTES.filter((other) => other !== attribute);
    for (const candidates of [0, 1, 2]) {
      expect(matchDecision(others, candidates)).toEqual({ outcome: 'return_to_employer', missing: [attribute] });
    }
  });

  it('does not count an attribute twice', () => {
    expect(matchDecision(['sex', 'sex', 'sex', 'sex', 'sex'], 1).outcome).toBe('return_to_employer');
  });

  it.each([
    ['match', 'viewable'],
    ['mismatch', 'suspended'],
    ['mismatch_corrected', 'viewable'],
    ['mismatch_cleared_with_reason', 'viewable'],
  ] as const)('after the check %s the record is %s', (check, view) => {
    expect(onlineViewAfter(check)).toBe(view);
  });
});

describe('a registration', () => {
  it.each([
    ['the day it is complete', '2026-12-31', false],
    ['the day after', '2027-01-01', true],
  ])('on %s', (_when, date, usable) => {
    expect(isUsableOn(civilDate('2026-12-31'), civilDate(date))).toBe(usable);
  });

  it('is usable from the day after, and never while incomplete', () => {
    expect(usableFrom(civilDate('2026-02-28'))).toBe('2026-03-01');
    expect(isUsableOn(null, civilDate('2026-11-21'))).toBe(false);
  });
});

describe('a term in days', () => {
  it('leaves the day of the event out, or takes it in where read so', () => {
    const event = civilDate('2026-11-22');
    expect(lastDayOfTerm(event, 5)).toBe('2026-11-27');
    expect(lastDayOfTerm(event, 5, { firstDayCounts: true })).toBe('2026-11-26');
    expect(FILING_TERMS.map(({ days }) => days)).toEqual([5, 5, 5, 14]);
  });
});

describe('an address', () => {
  it.each([
    ['丁目・番地・号', '東京都千代田区霞が関2丁目1番地2号', '東京都千代田区霞が関2-1-2'],
    ['full width', '東京都千代田区霞が関２－１－２', '東京都千代田区霞が関2-1-2'],
    ['丁目・番・号', '東京都千代田区霞が関2丁目1番2号', '東京都千代田区霞が関2-1-2'],
    ['漢数字', '東京都千代田区霞が関二丁目一番二号', '東京都千代田区霞が関2-1-2'],
    ['漢数字 above ten', '札幌市北区北二十四条西十二丁目3番4号', '札幌市北区北二十四条西12-3-4'],
    ['ヶ', '東京都千代田区霞ヶ関2-1-2', '東京都千代田区霞が関2-1-2'],
    ['spaces', '東京都千代田区 霞が関 2-1-2', '東京都千代田区霞が関2-1-2'],
    ['another dash', '霞が関2−1ー2', '霞が関2-1-2'],
    ['番地の', '霞が関1番地の2', '霞が関1-2'],
  ])('is the same for %s', (_what, a, b) => {
    expect(normaliseAddress(a)).toBe(b);
    expect(isSameAddress(a, b)).toBe(true);
  });

  it.each([
    ['霞が関2-1-2', '霞が関2-1-20'],
    ['霞が関2-1-2', '霞が関2-12'],
    ['霞が関2-1-2', '霞が関2-1-2 101号室'],
    ['霞が関2-1-2 101号室', '霞が関2-1-2101号室'],
    ['霞が関2番3号101', '霞が関2-3101'],
    ['三番町1', '2番町1'],
    ['北一条1-2', '北二条1-2'],
  ])('%s is not %s', (a, b) => {
    expect(isSameAddress(a, b)).toBe(false);
  });
});

it.each([
  ['ﾔﾏﾀﾞ ﾀﾛｳ', 'ヤマダ タロウ'],
  ['ヤマダ　タロウ', 'ヤマダ タロウ'],
  ['ｳﾞｨ', 'ヴィ'],
  ['ﾊﾟ', 'パ'],
])('kana %s is kept as %s', (text, nfkc) => {
  expect(kanaNfkc(text)).toBe(nfkc);
});
