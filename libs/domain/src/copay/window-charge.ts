import type { CopayPercent } from './decision.js';

export interface WindowCharge {
  /** The share to the yen, before rounding. */
  readonly rawYen: number;
  /** What is paid at the window. */
  readonly chargedYen: number;
  readonly rounding: 'to-ten-yen' | 'cost-limit-to-the-yen';
}

/**
 * 窓口負担: points × 10 yen × rate; under 5 yen dropped, 5 yen or more raised to 10 (健保法75条). A charge that equals a
 * 高額療養費 limit is taken to the yen (own reading).
 */
export const windowCharge = (facts: {
  readonly points: number;
  readonly copayPercent: CopayPercent;
  /** The limit still left to the patient this month, yen. */
  readonly limitYen?: number;
}): WindowCharge => {
  const rawYen = (facts.points * facts.copayPercent) / 10;
  if (facts.limitYen !== undefined && rawYen >= facts.limitYen) {
    return { rawYen, chargedYen: facts.limitYen, rounding: 'cost-limit-to-the-yen' };
  }
  return { rawYen, chargedYen: Math.floor((rawYen + 5) / 10) * 10, rounding: 'to-ten-yen' };
};
