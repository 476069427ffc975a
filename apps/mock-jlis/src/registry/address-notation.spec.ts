import { placeOf } from './address-notation.js';

const HERE = '東京都千代田区霞が関';

describe('one place', () => {
  it.each([
    ['as the municipality writes it', `${HERE}2丁目1番地2号`],
    ['with 番 alone', `${HERE}2丁目1番2号`],
    ['in full width', `${HERE}２丁目１番２号`],
    ['in kanji', `${HERE}二丁目一番二号`],
    ['with hyphens', `${HERE}2-1-2`],
    ['with hyphens in full width', `${HERE}２－１－２`],
    ['with minus signs', `${HERE}2−1−2`],
    ['with the long vowel of kana', `${HERE}２ー１ー２`],
    ['with の', `${HERE}2丁目1番地の2`],
    ['with の alone', `${HERE}2の1の2`],
    ['without its last counter', `${HERE}2丁目1番2`],
    ['half in kanji', `${HERE}二丁目1-2`],
    ['with spaces', ` ${HERE}　2丁目 1番地 2号 `],
    ['with a hyphen too many', `${HERE}2-1-2-`],
  ])('%s: %s', (_how, address) => {
    expect(placeOf(address)).toBe(`${HERE}2-1-2`);
  });

  it.each([
    ['a room', '本町1-2-3　コーポ若葉101号', '本町１丁目２番３号コーポ若葉１０１号室'],
    ['a room without its house', '本町1-2-3 101', '本町1丁目2番3号101号室'],
    ['a lot alone', '南長野九十九番地二', '南長野99番地2'],
    ['a lot with three numbers in kanji', '南長野九十九番地二の三', '南長野99-2-3'],
    ['a lot in hundreds', '大字中千二百三十五番地', '大字中1235番地'],
    ['a lot in digits of kanji', '大字中一〇五番地', '大字中105番地'],
    ['ten and a hundred alone', '大字中百十番地', '大字中110'],
    ['a numbered quarter', '札幌市北区北二十四条西十二丁目3番4号', '札幌市北区北二十四条西12-3-4'],
    ['the third town', '千代田区三番町六番地', '千代田区三番町6'],
    ['the sixth town', '仙台市青葉区東六番丁2番3号', '仙台市青葉区東六番丁2-3'],
    ['a building with a number', '本町1-2-3 3号棟', '本町1丁目2番3号　3号棟'],
  ])('%s: %s and %s', (_what, one, other) => {
    expect(placeOf(one)).toBe(placeOf(other));
  });
});

describe('two places', () => {
  it.each([
    ['another number', '本町2-1-2', '本町2-1-20'],
    ['numbers drawn together', '本町2-1-2', '本町21-2'],
    ['a number drawn together with a room', '本町1-2 3号棟', '本町1-23号棟'],
    ['one with a room', '本町2-1-2', '本町2-1-2 101号室'],
    ['the towns of two numbers', '千代田区三番町1', '千代田区二番町1'],
    ['the third town, and lot three', '千代田区三番町6', '千代田区3-6'],
    ['quarters of two numbers', '北一条1-2', '北二条1-2'],
    ['a name with a number in it', '三田1-2', '3田1-2'],
    ['a number, and a building that begins like one', '本町9番地三田荘', '本町9-3田荘'],
    ['two towns', '本町1-2', '元町1-2'],
    ['variants of a kanji', '辺見町1', '邊見町1'],
    ['ヶ and が', '霞ヶ関1', '霞が関1'],
    ['の in a name', '青葉の里1', '青葉里1'],
    ['a long vowel in a name', 'コーポ1', 'コ-ポ1'],
  ])('%s: %s and %s', (_what, one, other) => {
    expect(placeOf(one)).not.toBe(placeOf(other));
  });
});
