/** 適用区分 under 70. */
export type CategoryUnder70 = 'ア' | 'イ' | 'ウ' | 'エ' | 'オ';

/** 適用区分 from 70. 一般II (20 %) and 一般I (10 %) are the two halves of 一般 in 後期. */
export type Category70 =
  '現役並みIII' | '現役並みII' | '現役並みI' | '一般' | '一般II' | '一般I' | '低所得II' | '低所得I';

export type Category = CategoryUnder70 | Category70;

export const CATEGORIES_UNDER70: readonly CategoryUnder70[] = ['ア', 'イ', 'ウ', 'エ', 'オ'];
export const CATEGORIES_70: readonly Category70[] = [
  '現役並みIII',
  '現役並みII',
  '現役並みI',
  '一般',
  '一般II',
  '一般I',
  '低所得II',
  '低所得I',
];

export const isCategoryUnder70 = (text: string): text is CategoryUnder70 =>
  (CATEGORIES_UNDER70 as readonly string[]).includes(text);
export const isCategory70 = (text: string): text is Category70 => (CATEGORIES_70 as readonly string[]).includes(text);

/** Which family of tables: under 70, or 70 and over (高齢受給者 and 後期). */
export type AgeGroup = 'under70' | '70over';
