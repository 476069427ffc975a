import { inForceOn } from '../dated.js';
import { situationOf, type PresentedFacts, type Situation } from './situation.js';
import { SITUATION_ROWS, type SituationRow } from './situation-rows.js';

export interface DocumentDecision {
  readonly situation: Situation;
  readonly row: SituationRow;
}

const BEFORE_EVERY_ROW = {
  insured: 'unknown',
  condition: { ja: 'この日の取扱いを収録していない', en: 'no rule is kept for this day' },
  nextStep: { ja: '保険者に確認してください。', en: 'Ask the insurer.' },
  source: '収録なし',
  certainty: 'uncertain',
} as const;

/** Whether what the patient shows makes the visit insured on that day, on what condition, and what the clerk does next. */
export const documentDecision = (facts: PresentedFacts): DocumentDecision => {
  const situation = situationOf(facts);
  const row = inForceOn(SITUATION_ROWS[situation], facts.date);
  return { situation, row: row ?? { ...BEFORE_EVERY_ROW, effectiveFrom: facts.date } };
};
