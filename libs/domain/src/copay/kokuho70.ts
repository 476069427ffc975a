import type { Step } from '../explanation.js';
import type { CopayDecision } from './decision.js';
import { workingIncome, type WorkingIncome } from './working-income.js';

export interface Kokuho70CopayInput {
  /** Highest 課税所得 of the 国保 members of 70-74 in the household, yen a year. */
  readonly maxTaxableIncome: number;
  /** 収入 of those members together, yen a year; absent when never declared. */
  readonly totalRevenue?: number;
  readonly members70to74: number;
  /** 旧ただし書所得 of those members, total. */
  readonly kyuTadashigakiTotal?: number;
  /** 収入 together with 特定同一世帯所属者 (a former 国保 member now in 後期), where there is one. */
  readonly totalRevenueWithFormerKokuho?: number;
  /** Default true: since 2020 every member of 70-74 is. */
  readonly bornFrom19450102?: boolean;
  readonly childrenUnder16?: number;
  readonly children16To18?: number;
}

export type Kokuho70Copay = CopayDecision<20 | 30, WorkingIncome['reason']> & { readonly steps: readonly Step[] };

const SOURCE = '国保法42条, 国保令27条の2';
const WORDS = {
  companion: '後期に移った元の国保の人',
  relieved: '3割でなく2割',
  provisoFor: '',
  source: SOURCE,
} as const;

/** Rate of 国民健康保険 for 70-74 (国保法42条, 国保令27条の2): 20 %, or 30 % for 現役並み. */
export const kokuho70Copay = (input: Kokuho70CopayInput): Kokuho70Copay => {
  const { members70to74, totalRevenueWithFormerKokuho, bornFrom19450102, ...shared } = input;
  const { working, reason, steps } = workingIncome(
    {
      ...shared,
      members: members70to74,
      bornFrom19450102: bornFrom19450102 ?? true,
      ...(totalRevenueWithFormerKokuho === undefined
        ? {}
        : { totalRevenueWithCompanion: totalRevenueWithFormerKokuho }),
    },
    WORDS,
  );
  return { copayPercent: working ? 30 : 20, reason, source: SOURCE, steps };
};
