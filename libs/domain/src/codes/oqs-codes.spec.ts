import { CATEGORY_FLAGS } from '../cost-limit/index.js';
import { OQS_CODE_LISTS, oqsCodeListOf, oqsMeaning } from './index.js';

it.each([
  ['QualificationValidity', '6', '有効(未登録)'],
  ['ReasonOfLoss', '02', '生保開始'],
  ['InsuredCardClassification', 'A1', '医療扶助'],
  ['LimitApplicationCertificateClassificationFlag', 'B07', '低所得I(老福)'],
  ['ElderlyRecipientContributionRatio', '020', '2割'],
  ['DiagnosisInfoConsFlg', '2', '有効期限切れ'],
])('%s %s means %s', (field, code, meaning) => {
  expect(oqsMeaning(field, code)).toBe(meaning);
});

it.each([
  ['QualificationValidity', '7'],
  ['NoSuchField', '1'],
  ['QualificationValidity', 'constructor'],
])('%s %s means nothing', (field, code) => {
  expect(oqsMeaning(field, code)).toBeUndefined();
});

it('lists every 適用区分 that the rules know, and no element twice', () => {
  const flags = oqsCodeListOf('LimitApplicationCertificateClassificationFlag');
  expect(Object.keys(flags?.codes ?? {})).toEqual(CATEGORY_FLAGS.map(({ flag }) => flag));
  const fields = OQS_CODE_LISTS.flatMap((list) => list.fields);
  expect(new Set(fields).size).toBe(fields.length);
});
