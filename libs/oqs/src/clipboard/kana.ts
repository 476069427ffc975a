/** U+FF61 ｡ to U+FF9F ﾟ, by what each is in full width. */
const HALF_OF: ReadonlyMap<string, string> = new Map([
  ...Array.from({ length: 0x3f }, (_, i) => String.fromCharCode(0xff61 + i)).map(
    (half) => [half.normalize('NFKC'), half] as const,
  ),
  ['\u3099', 'ﾞ'],
  ['\u309a', 'ﾟ'],
  ['\u3000', ' '],
]);

/** ミホン ガロウ as ﾐﾎﾝ ｶﾞﾛｳ: how the national system writes kana. What has no half width stays. */
export const halfWidthKana = (text: string): string =>
  [...text.normalize('NFKC').normalize('NFD')]
    .map((character) => HALF_OF.get(katakana(character)) ?? character)
    .join('')
    .normalize('NFC');

const katakana = (character: string): string =>
  /^[ぁ-ゖ]$/u.test(character) ? String.fromCharCode(character.charCodeAt(0) + 0x60) : character;
