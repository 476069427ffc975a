import { normaliseAddress } from './index.js';

it.each([
  ['丁目 at the end', '青葉台2丁目', '青葉台2'],
  ['番地 at the end', '青葉台12番地', '青葉台12'],
  ['番 at the end', '青葉台12番', '青葉台12'],
  ['号 at the end', '青葉台1-2-3号', '青葉台1-2-3'],
  ['番 of a place name', '2番町3', '2番町3'],
  ['号 of a building', '青葉台1-2 3号棟', '青葉台1-23号棟'],
  ['号 before katakana', '青葉台1-2-3号ハイツ', '青葉台1-2-3号ハイツ'],
  ['ten', '青葉台十番', '青葉台10'],
  ['twenty', '青葉台二十丁目', '青葉台20'],
  ['thirty-two', '青葉台三十二番地', '青葉台32'],
  ['nineteen', '青葉台十九号', '青葉台19'],
  ['ninety-nine', '青葉台九十九番1', '青葉台99-1'],
  ['one to nine', '一丁目二番三号', '1-2-3'],
  ['漢数字 of a name', '三番町四谷五', '3番町四谷五'],
  ['の between numbers', '青葉台1の2', '青葉台1-2'],
  ['ノ between numbers', '青葉台1ノ2', '青葉台1-2'],
  ['の of a name', '青葉の里1', '青葉の里1'],
  ['番地の', '青葉台12番地の34', '青葉台12-34'],
  ['two hyphens', '青葉台12--34', '青葉台12-34'],
  ['hyphens at the end', '青葉台12-34--', '青葉台12-34'],
  ['a hyphen of a name', 'A-B青葉台1', 'A-B青葉台1'],
  ['spaces and a wide space', ' 青葉台　1 - 2 ', '青葉台1-2'],
  ['ヶ', '市ヶ谷1', '市が谷1'],
  ['ケ', '市ケ谷1', '市が谷1'],
  ['ガ', '市ガ谷1', '市が谷1'],
  ['が', '市が谷1', '市が谷1'],
  ['ヶ after hiragana', 'つつじヶ丘1', 'つつじヶ丘1'],
  ['ケ before katakana', '東ケヤキ1', '東ケヤキ1'],
])('%s: %s is compared as %s', (_what, written, compared) => {
  expect(normaliseAddress(written)).toBe(compared);
});
