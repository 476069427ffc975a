import { manYenText, step, yenText, type Step } from '../explanation.js';
import {
  CHILD_16_TO_18_DEDUCTION_YEN,
  CHILD_UNDER_16_DEDUCTION_YEN,
  JOINT_REVENUE_YEN,
  OLD_PROVISO_INCOME_YEN,
  SINGLE_REVENUE_YEN,
  WORKING_TAXABLE_INCOME_YEN,
} from './thresholds.js';

/** What 国保 (70-74) and 後期 both look at. Amounts are yearly, yen. */
export interface WorkingIncomeFacts {
  /** Highest 課税所得 among the members of the scheme in the household. */
  readonly maxTaxableIncome: number;
  /** 収入 of those members together; absent when never declared. */
  readonly totalRevenue?: number;
  /** How many members of the scheme (and age) the household has. */
  readonly members: number;
  /** 収入 together with the companion who may be counted (70-74 for 後期, former 国保 member for 国保). */
  readonly totalRevenueWithCompanion?: number;
  /** There is such a companion, whether the 収入 is known or not. */
  readonly hasCompanion?: boolean;
  /** 旧ただし書所得 of the members, total. */
  readonly kyuTadashigakiTotal?: number;
  /** Somebody in the household was born 1945-01-02 or later. */
  readonly bornFrom19450102: boolean;
  /** The head of household's children, for the deduction before the 課税所得 test. */
  readonly childrenUnder16?: number;
  readonly children16To18?: number;
}

interface Told {
  /** How it came about, in the order of the tests. */
  readonly steps: readonly Step[];
}

export type WorkingIncome = Told &
  (
    | { readonly working: true; readonly reason: 'current-worker-income' }
    | {
        readonly working: false;
        readonly reason:
          | 'taxable-income-below-1450000'
          | 'revenue-below-3830000'
          | 'revenue-below-5200000'
          | 'revenue-with-companion-below-5200000'
          | 'old-proviso-income-2100000-or-less';
      }
  );

/** What a scheme calls things, and what follows for somebody who is relieved. */
export interface WorkingIncomeWords {
  readonly companion: string;
  readonly relieved: string;
  /** Whose 旧ただし書所得 relieves, where that is not everybody’s. */
  readonly provisoFor: string;
  readonly source: string;
}

/** The head of household's deduction for children, and the step that tells it, if there is one. */
const deductionOf = (
  { childrenUnder16 = 0, children16To18 = 0 }: WorkingIncomeFacts,
  source: string,
): { readonly yen: number; readonly steps: readonly Step[] } => {
  const yen = childrenUnder16 * CHILD_UNDER_16_DEDUCTION_YEN + children16To18 * CHILD_16_TO_18_DEDUCTION_YEN;
  const children = [
    ...(childrenUnder16 > 0 ? [`16歳未満 ${childrenUnder16}人 × ${yenText(CHILD_UNDER_16_DEDUCTION_YEN)}`] : []),
    ...(children16To18 > 0 ? [`16歳から18歳 ${children16To18}人 × ${yenText(CHILD_16_TO_18_DEDUCTION_YEN)}`] : []),
  ];
  const detail = `${children.join('、')}を、判定の前に課税所得から差し引く`;
  return { yen, steps: yen === 0 ? [] : [step('世帯主の子の控除', detail, source, yen)] };
};

const RELIEF = '現役並み所得の軽減';

/** 現役並み所得者 or not, and by which test. Every relief lowers, none raises. Source: 国保令27条の2, 高確令7条. */
export const workingIncome = (facts: WorkingIncomeFacts, words: WorkingIncomeWords): WorkingIncome => {
  const { source } = words;
  const deduction = deductionOf(facts, source);
  const left = facts.maxTaxableIncome - deduction.yen;
  const income =
    deduction.yen === 0
      ? `課税所得 ${yenText(facts.maxTaxableIncome)}`
      : `課税所得 ${yenText(facts.maxTaxableIncome)} − 控除 ${yenText(deduction.yen)} = ${yenText(Math.max(0, left))}`;
  const steps: Step[] = [...deduction.steps];
  const line = manYenText(WORKING_TAXABLE_INCOME_YEN);
  if (left < WORKING_TAXABLE_INCOME_YEN) {
    steps.push(step('現役並み所得の判定', `${income}が${line}未満のため、現役並み所得でない`, source));
    return { working: false, reason: 'taxable-income-below-1450000', steps };
  }
  steps.push(step('現役並み所得の判定', `${income}が${line}以上のため、軽減にあたらなければ3割`, source));

  const relieved = (why: string): readonly Step[] => [...steps, step(RELIEF, `${why}、${words.relieved}`, source)];
  const notRelieved = (why: string): void => {
    steps.push(step(RELIEF, `${why}、この軽減にあたらない`, source));
  };
  const unjudged: string[] = [];

  const provisoLine = manYenText(OLD_PROVISO_INCOME_YEN);
  if (!facts.bornFrom19450102) {
    steps.push(
      step(RELIEF, '世帯に1945年1月2日以後に生まれた人がいないため、旧ただし書所得による軽減にあたらない', source),
    );
  } else if (facts.kyuTadashigakiTotal === undefined) {
    unjudged.push(`旧ただし書所得の合計（${words.provisoFor}${provisoLine}以下）`);
  } else {
    const proviso = `旧ただし書所得の合計 ${yenText(facts.kyuTadashigakiTotal)}が${provisoLine}`;
    if (facts.kyuTadashigakiTotal <= OLD_PROVISO_INCOME_YEN) {
      return { working: false, reason: 'old-proviso-income-2100000-or-less', steps: relieved(`${proviso}以下のため`) };
    }
    notRelieved(`${proviso}を超えるため`);
  }

  const isSingle = facts.members < 2;
  const revenueLine = isSingle ? SINGLE_REVENUE_YEN : JOINT_REVENUE_YEN;
  const revenueText = `${manYenText(revenueLine)}（${isSingle ? '1人' : '2人以上の合計'}）`;
  if (facts.totalRevenue === undefined) {
    unjudged.unshift(`収入（${isSingle ? '1人で' : '2人以上の合計で'}${manYenText(revenueLine)}未満）`);
  } else {
    const revenue = `収入 ${yenText(facts.totalRevenue)}が${revenueText}`;
    if (facts.totalRevenue < revenueLine) {
      const reason = isSingle ? 'revenue-below-3830000' : 'revenue-below-5200000';
      return { working: false, reason, steps: relieved(`${revenue}未満のため`) };
    }
    notRelieved(`${revenue}以上のため`);
  }

  const jointLine = manYenText(JOINT_REVENUE_YEN);
  if (isSingle && facts.totalRevenueWithCompanion !== undefined) {
    const joint = `${words.companion}を含む収入 ${yenText(facts.totalRevenueWithCompanion)}が${jointLine}`;
    if (facts.totalRevenueWithCompanion < JOINT_REVENUE_YEN) {
      return { working: false, reason: 'revenue-with-companion-below-5200000', steps: relieved(`${joint}未満のため`) };
    }
    notRelieved(`${joint}以上のため`);
  } else if (isSingle && facts.hasCompanion === true) {
    unjudged.push(`${words.companion}を含む収入（合計で${jointLine}未満）`);
  }

  if (unjudged.length > 0) {
    const detail = `次が入力されていないため判定していない。あてはまれば3割でなくなる: ${unjudged.join('、')}`;
    steps.push(step('判定できなかった軽減', detail, source));
  }
  return { working: true, reason: 'current-worker-income', steps };
};
