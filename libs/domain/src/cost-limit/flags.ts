import type { Category, Category70, CategoryUnder70 } from './category.js';

/** 適用区分 as the national system writes it (OQSCD012, LimitApplicationCertificateClassificationFlag). */
export type CategoryFlag =
  | 'A01'
  | 'A02'
  | 'A03'
  | 'A04'
  | 'A05'
  | 'A06'
  | 'B01'
  | 'B02'
  | 'B03'
  | 'B04'
  | 'B05'
  | 'B06'
  | 'B07'
  | 'B08'
  | 'B09'
  | 'B10';

export interface FlagMeaning {
  readonly flag: CategoryFlag;
  /** As printed: 「オ（境）」 and the like keep their note. */
  readonly label: string;
  readonly ageGroup: 'under70' | '70over';
  readonly category: Category;
  /** 境界層: placed in a lower class so as not to need public assistance. 老福: 老齢福祉年金 recipients. */
  readonly note?: '境界層' | '老齢福祉年金';
}

const u = (flag: CategoryFlag, category: CategoryUnder70): FlagMeaning => ({
  flag,
  label: category,
  ageGroup: 'under70',
  category,
});
const o = (flag: CategoryFlag, category: Category70): FlagMeaning => ({
  flag,
  label: category,
  ageGroup: '70over',
  category,
});

/** Source: 別紙5-1 業務コード仕様 OQSCD012 as transcribed by public clients. */
export const CATEGORY_FLAGS: readonly FlagMeaning[] = [
  u('A01', 'ア'),
  u('A02', 'イ'),
  u('A03', 'ウ'),
  u('A04', 'エ'),
  u('A05', 'オ'),
  { ...u('A06', 'オ'), label: 'オ（境）', note: '境界層' },
  o('B01', '現役並みIII'),
  o('B02', '現役並みII'),
  o('B03', '現役並みI'),
  o('B04', '一般'),
  o('B05', '低所得II'),
  o('B06', '低所得I'),
  { ...o('B07', '低所得I'), label: '低所得I（老福）', note: '老齢福祉年金' },
  { ...o('B08', '低所得I'), label: '低所得I（境）', note: '境界層' },
  o('B09', '一般II'),
  o('B10', '一般I'),
];

const BY_FLAG: ReadonlyMap<string, FlagMeaning> = new Map(CATEGORY_FLAGS.map((meaning) => [meaning.flag, meaning]));
const BY_CATEGORY: ReadonlyMap<Category, CategoryFlag> = new Map(
  CATEGORY_FLAGS.filter((meaning) => meaning.note === undefined).map((meaning) => [meaning.category, meaning.flag]),
);

/**
 * The flag of a category: A01 to A05, B01 to B06, B09, B10. The halves 一般II and 一般I exist in 後期 alone; asked for
 * another scheme they answer with 一般 (B04).
 */
export const flagOf = (category: Category, opts: { readonly scheme: 'shaho' | 'kokuho' | 'kouki' }): CategoryFlag => {
  const known = (category === '一般II' || category === '一般I') && opts.scheme !== 'kouki' ? '一般' : category;
  // Every category has a row above; a test walks them all.
  return BY_CATEGORY.get(known) as CategoryFlag;
};

/** All that a flag says; `undefined` for a code that is not on the list. */
export const flagMeaning = (flag: string): FlagMeaning | undefined => BY_FLAG.get(flag);

/** The category whose amounts apply: A06 (オ境) those of オ, B07 and B08 those of 低所得I. */
export const categoryOfFlag = (flag: string): Category | undefined => BY_FLAG.get(flag)?.category;
