import { halfWidth } from './half-width.js';

it.each([
  ['ワタナベ', 'ﾜﾀﾅﾍﾞ'],
  ['キョウコ', 'ｷｮｳｺ'],
  ['サッポロ　ジロー', 'ｻｯﾎﾟﾛ ｼﾞﾛｰ'],
  ['ヴァヲン', 'ｳﾞｧｦﾝ'],
])('%s is %s', (full, half) => {
  expect(halfWidth(full)).toBe(half);
  // The platform's own way back.
  expect(half.normalize('NFKC').replace(' ', '　')).toBe(full);
});

it('refuses what is not katakana rather than lose it', () => {
  expect(() => halfWidth('渡辺')).toThrow(RangeError);
});
