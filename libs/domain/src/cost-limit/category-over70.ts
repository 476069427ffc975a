import type { CopayPercent } from '../copay/decision.js';
import type { Category70 } from './category.js';

interface Shared {
  /** The rate the person pays in the month of treatment; it already holds every relief. */
  readonly copayPercent: CopayPercent;
  /** 非課税世帯: II, or I where no income is left after the pension line. */
  readonly nonTaxableClass: 'I' | 'II' | null;
}

export type CategoryOver70Input =
  | (Shared & { readonly scheme: 'shaho'; readonly standardMonthlyRemuneration: number })
  | (Shared & { readonly scheme: 'kokuho' | 'kouki'; readonly maxTaxableIncome: number });

export interface CategoryOver70Decision {
  readonly category: Category70;
  readonly reason: 'current-worker-income' | 'resident-tax-exempt' | 'neither';
  readonly source: string;
}

const SOURCE = '健保令41条・42条3項, 高確令14条・15条; 協会けんぽ (現役並みは非課税より優先)';

/** 現役並み (30 %) beats 非課税. Its tiers: 標準報酬月額 830,000 and 530,000, 課税所得 6,900,000 and 3,800,000. */
export const decideCategoryOver70 = (input: CategoryOver70Input): CategoryOver70Decision => {
  if (input.copayPercent === 30) {
    const [yen, tierIII, tierII] =
      input.scheme === 'shaho'
        ? [input.standardMonthlyRemuneration, 830_000, 530_000]
        : [input.maxTaxableIncome, 6_900_000, 3_800_000];
    const category = yen >= tierIII ? '現役並みIII' : yen >= tierII ? '現役並みII' : '現役並みI';
    return { category, reason: 'current-worker-income', source: SOURCE };
  }
  if (input.nonTaxableClass !== null) {
    const category = input.nonTaxableClass === 'I' ? '低所得I' : '低所得II';
    return { category, reason: 'resident-tax-exempt', source: SOURCE };
  }
  if (input.scheme !== 'kouki') return { category: '一般', reason: 'neither', source: SOURCE };
  return { category: input.copayPercent === 20 ? '一般II' : '一般I', reason: 'neither', source: SOURCE };
};

/** The category alone, for callers that show no reason. */
export const categoryOver70 = (input: CategoryOver70Input): Category70 => decideCategoryOver70(input).category;
