import * as fc from 'fast-check';

import {
  kanaDifference,
  kanaForm,
  nameDifference,
  nameForm,
  unwritableIn,
  VARIANT_GROUPS,
  variantPairs,
} from './index.js';

describe('a text that can be kept', () => {
  it.each([
    ['a name', '髙橋　﨑'],
    ['a character outside the basic plane', '𠮷田　太郎'],
    ['a shape chosen by a selector', '辻\u{E0100}　一'],
    ['half-width kana with its marks', 'ﾔﾏﾀﾞ ﾊﾟｳﾛ'],
    ['an address', '東京都千代田区霞が関２－１－２'],
    ['a name of a foreign resident', "O'BRIEN ÅSA-MARÍA"],
    ['nothing', ''],
  ])('%s', (_what, text) => {
    expect(unwritableIn(text)).toEqual([]);
  });
});

describe('a text that cannot', () => {
  it.each([
    ['half of a character, the first', '山\uD842田', 'lone-surrogate', 2, 'U+D842'],
    ['half of a character, the second', '\uDFB7田', 'lone-surrogate', 1, 'U+DFB7'],
    ['what a program has lost', '山\uFFFD', 'replacement', 2, 'U+FFFD'],
    ['a line end', '山田\n太郎', 'control', 3, 'U+000A'],
    ['a tab', '山田\t太郎', 'control', 3, 'U+0009'],
    ['a zero byte', '\u0000', 'control', 1, 'U+0000'],
    ['the last control of the second set', '山\u009F', 'control', 2, 'U+009F'],
    ['a line separator', '山\u2028', 'control', 2, 'U+2028'],
    ['the first 外字', '\uE000田', 'private-use', 1, 'U+E000'],
    ['the last 外字 of the basic plane', '田\uF8FF', 'private-use', 2, 'U+F8FF'],
    ['a 外字 beyond it', '田\u{F0000}', 'private-use', 2, 'U+F0000'],
    ['no character at all', '田\uFFFF', 'noncharacter', 2, 'U+FFFF'],
    ['a space that has no width', '山\u200B田', 'invisible', 2, 'U+200B'],
    ['a mark of byte order', '\uFEFF山田', 'invisible', 1, 'U+FEFF'],
    ['writing turned round', '山\u202E田', 'invisible', 2, 'U+202E'],
    ['after a character outside the basic plane, counted as one', '𠮷\uE000', 'private-use', 2, 'U+E000'],
  ] as const)('%s', (_what, text, kind, position, codePoint) => {
    expect(unwritableIn(text)).toEqual([{ kind, position, codePoint }]);
  });

  it('is told with all that is wrong with it, in order', () => {
    expect(unwritableIn('\uE000山\u0007')).toEqual([
      { kind: 'private-use', position: 1, codePoint: 'U+E000' },
      { kind: 'control', position: 3, codePoint: 'U+0007' },
    ]);
  });

  it('the characters beside the private use area are not of it', () => {
    expect(unwritableIn('\uF900')).toEqual([]);
  });

  it('whatever is kept comes back from UTF-8 as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(unwritableIn(text).length === 0);
        expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(text))).toBe(text);
      }),
    );
  });
});

describe('a name is compared', () => {
  it.each([
    ['as it stands', '山田　太郎', '山田　太郎', 'same'],
    ['with another kind of space', '山田 太郎', '山田　太郎', 'same'],
    ['with two spaces, and some around', ' 山田　　太郎 ', '山田　太郎', 'same'],
    ['in full-width letters', 'ＳＭＩＴＨ　Ｊ', 'SMITH J', 'same'],
    ['with a compatibility character', '神田\u3000太郎', '\uFA19田　太郎', 'same'],
    ['without its space', '山田太郎', '山田　太郎', 'spaces'],
    ['with its space elsewhere', '大和田　隆', '大和　田隆', 'spaces'],
    ['with another shape of a kanji', '髙橋　太郎', '高橋　太郎', 'variant-characters'],
    ['with another shape, outside the basic plane', '吉田　太郎', '𠮷田　太郎', 'variant-characters'],
    ['with two of a group of four', '齋藤　一', '斉藤　一', 'variant-characters'],
    ['with a selector of a shape', '辻\u{E0100}　一', '辻　一', 'variant-characters'],
    ['with another shape and without its space', '髙橋太郎', '高橋　太郎', 'variant-characters'],
    ['with another kanji', '山田　太朗', '山田　太郎', 'different'],
    ['with one more', '山田　太郎一', '山田　太郎', 'different'],
    ['with another shape and another kanji', '髙橋　太朗', '高橋　太郎', 'different'],
    ['with nothing', '', '山田　太郎', 'different'],
  ] as const)('%s: %s and %s', (_how, filed, registered, difference) => {
    expect(nameDifference(filed, registered)).toBe(difference);
    expect(nameDifference(registered, filed)).toBe(difference);
  });

  it.each([
    [
      '髙橋　﨑',
      '高橋　崎',
      [
        { position: 1, filed: '髙', registered: '高' },
        { position: 3, filed: '﨑', registered: '崎' },
      ],
    ],
    ['𠮷田太郎', '吉田　太郎', [{ position: 1, filed: '𠮷', registered: '吉' }]],
    ['辻\u{E0100}　一', '辻　一', [{ position: 1, filed: '辻\u{E0100}', registered: '辻' }]],
    ['山田　太郎', '山田　太郎', []],
    ['髙橋　太朗', '高橋　太郎', []],
  ])('%s and %s: where they differ in variants alone', (filed, registered, pairs) => {
    expect(variantPairs(filed, registered)).toEqual(pairs);
  });

  it('keeps every variant apart from the others in the form that counts', () => {
    for (const { characters } of VARIANT_GROUPS) {
      const forms = [...characters].map(nameForm);
      expect(new Set(forms).size, characters).toBe(forms.length);
    }
  });
});

describe('a name in kana is compared', () => {
  it.each([
    ['in half width', 'ﾔﾏﾀﾞ ﾀﾛｳ', 'ヤマダ　タロウ', 'same'],
    ['in hiragana', 'やまだ　たろう', 'ﾔﾏﾀﾞ ﾀﾛｳ', 'same'],
    ['with its marks apart', 'ヤマタ\u3099　タロウ', 'ﾔﾏﾀﾞ ﾀﾛｳ', 'same'],
    ['with a hyphen for a long vowel', 'ﾛ-ﾗ ｽﾐｽ', 'ﾛｰﾗ ｽﾐｽ', 'long-vowel-signs'],
    ['with a minus sign', 'ロ−ラ　スミス', 'ローラ　スミス', 'long-vowel-signs'],
    ['with a wave', 'ロ〜ラ　スミス', 'ローラ　スミス', 'long-vowel-signs'],
    ['with the number one in kanji', 'ロ一ラ　スミス', 'ローラ　スミス', 'long-vowel-signs'],
    ['without its space', 'ﾔﾏﾀﾞﾀﾛｳ', 'ヤマダ　タロウ', 'spaces'],
    ['in large kana', 'ｼﾖｳｺﾞ ｷﾖｳｺ', 'ショウゴ　キョウコ', 'small-kana'],
    ['with a vowel for its long sign', 'ロオラ　スミス', 'ローラ　スミス', 'different'],
    ['without its mark', 'ﾔﾏﾀ ﾀﾛｳ', 'ﾔﾏﾀﾞ ﾀﾛｳ', 'different'],
  ] as const)('%s: %s and %s', (_how, filed, registered, difference) => {
    expect(kanaDifference(filed, registered)).toBe(difference);
    expect(kanaDifference(registered, filed)).toBe(difference);
  });

  it.each([
    ['ゔぁいおりん', 'ヴァイオリン'],
    ['ヽヾゝゞ', 'ヽヾヽヾ'],
    ['ぁゖ', 'ァヶ'],
  ])('%s is %s in katakana', (hiragana, katakana) => {
    expect(kanaForm(hiragana)).toBe(katakana);
  });
});

describe('the variants', () => {
  it('are two or more to a group, each one character, in one group, with a source', () => {
    const all = VARIANT_GROUPS.flatMap(({ characters }) => [...characters]);
    expect(new Set(all).size).toBe(all.length);
    for (const { characters, source } of VARIANT_GROUPS) {
      expect([...characters].length, characters).toBeGreaterThan(1);
      expect(characters, source).toMatch(/^\p{Script=Han}+$/u);
      expect(source).not.toBe('');
    }
  });

  it.each(['髙高', '﨑崎', '邊邉辺', '齋斎齊斉', '濵濱浜', '𠮷吉', '澤沢', '廣広'])(
    'hold %s together',
    (characters) => {
      const [first = '', ...others] = characters;
      for (const other of others) expect(nameDifference(first, other)).toBe('variant-characters');
    },
  );
});
