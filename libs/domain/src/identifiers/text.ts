/** Every dash a keyboard, an OCR or a receipt computer produces. U+30FC is a vowel mark as well, see below. */
const HYPHENS = /[\u002D\u02D7\u058A\u2010-\u2015\u2043\u2212\u2500\u2501\u2796\u30A0\uFE58\uFE63\uFF0D]/gu;
/** The long-vowel mark typed for a hyphen: wherever it does not follow kana. */
const STRAY_LONG_VOWEL = /(?<![\u3041-\u3096\u30A1-\u30FA\u30FC])\u30FC/gu;

/** NFKC, one kind of hyphen, no space at the ends, runs of inner space as one. */
export const normaliseText = (text: string): string =>
  text.normalize('NFKC').replace(HYPHENS, '-').replace(STRAY_LONG_VOWEL, '-').replace(/\s+/gu, ' ').trim();

/** NFKC and trimmed; for identifiers that are digits alone. */
export const digitsText = (text: string): string => text.normalize('NFKC').trim();
