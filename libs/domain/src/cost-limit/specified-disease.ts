import type { Category } from './category.js';

/** 特定疾病 (OQSCD013): 1 人工透析を要する慢性腎不全, 2 先天性血液凝固因子障害, 3 血液製剤によるHIV感染. */
export type SpecifiedDiseaseCode = '1' | '2' | '3';

/**
 * Monthly limit per institution, inpatient and outpatient apart, yen: 10,000; 20,000 for dialysis under 70 in ア or イ; half in
 * the month of the 75th birthday. The mark is given on application, also with マイナ保険証. Source: 健保令41条9項・42条9項.
 */
export const specifiedDiseaseLimitYen = (facts: {
  readonly diseaseCode: SpecifiedDiseaseCode;
  readonly category: Category;
  readonly turns75Month: boolean;
}): number => {
  const isHigh = facts.diseaseCode === '1' && (facts.category === 'ア' || facts.category === 'イ');
  const limit = isHigh ? 20_000 : 10_000;
  return facts.turns75Month ? limit / 2 : limit;
};
