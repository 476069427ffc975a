import type { Category } from '../cost-limit/category.js';

export type ClaimAgeGroup = 'under70' | '70to74' | '75over';

/** 特記事項 [ordinary, many times]. A class without many times keeps its ordinary code. */
const NOTES: Readonly<Record<Category, readonly [string, string]>> = {
  ア: ['26', '31'],
  イ: ['27', '32'],
  ウ: ['28', '33'],
  エ: ['29', '34'],
  オ: ['30', '35'],
  現役並みIII: ['26', '31'],
  現役並みII: ['27', '32'],
  現役並みI: ['28', '33'],
  一般: ['29', '34'],
  一般II: ['41', '43'],
  一般I: ['42', '44'],
  低所得II: ['30', '35'],
  低所得I: ['30', '30'],
};

/** Which categories an age group has. 一般 of 75 and over is that of claims before 2022-10. */
export const hasCategory = (ageGroup: ClaimAgeGroup, category: Category): boolean => {
  const isUnder70 = 'アイウエオ'.includes(category);
  if (ageGroup === 'under70') return isUnder70;
  if (category === '一般II' || category === '一般I') return ageGroup === '75over';
  return !isUnder70;
};

/** 特記事項 26-35 and 41-44 of a claim: the category, and whether it is 多数回該当. Source: 記録条件仕様 as used by claim validators. */
export const claimSpecialNote = (category: Category, isMultipleTimes: boolean): string =>
  NOTES[category][isMultipleTimes ? 1 : 0];
