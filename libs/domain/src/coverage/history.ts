import type { CivilDate } from '../calendar/civil-date.js';
import { coversOn, type Qualification } from './covers.js';

/** Those of a person's qualifications that cover a day, in the order given. */
export const coveringOn = <Q extends Qualification>(history: readonly Q[], date: CivilDate): readonly Q[] =>
  history.filter((qualification) => coversOn(qualification, date));

/** QualificationValidity (OQSCD006) of medical insurance: 有効 · 無効 · 無効(新しい資格あり) · 該当資格なし · 複数該当. */
export type ValidityCode = '1' | '2' | '3' | '4' | '5';

export interface ValidityOn<Q extends Qualification> {
  readonly code: ValidityCode;
  /** Who covers the day: one with code 1, two or more with 5, the newer one with 3, nobody with 2 and 4. */
  readonly covering: readonly Q[];
  /** With 2 and 3, the qualification that ended last before the day. */
  readonly ended?: Q;
}

/**
 * The validity of a person's qualifications on a day. With `asked` (a document names one insurer) a qualification that is over
 * answers 3 when another covers the day; without it the covering one simply answers 1.
 */
export const validityOn = <Q extends Qualification>(
  history: readonly Q[],
  date: CivilDate,
  asked?: Q,
): ValidityOn<Q> => {
  const covering = coveringOn(history, date);
  if (covering.length > 1) return { code: '5', covering };
  if (covering.length === 1) {
    if (asked === undefined || covering.includes(asked)) return { code: '1', covering };
    return { code: '3', covering, ended: asked };
  }
  let ended: Q | undefined;
  for (const qualification of history) {
    const { lostOn } = qualification;
    if (lostOn === undefined || lostOn === null || lostOn > date) continue;
    if (ended === undefined || lostOn > (ended.lostOn ?? lostOn)) ended = qualification;
  }
  return ended === undefined ? { code: '4', covering } : { code: '2', covering, ended };
};
