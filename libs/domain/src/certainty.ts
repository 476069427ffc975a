/**
 * How sure the project is of a rule, a table row or an answer.
 * `certain`: law text, an official table, or several independent sources; `likely`: one secondary source or derived;
 * `uncertain`: sources disagree or are silent, so no hard refusal may stand on it.
 */
export type Certainty = 'certain' | 'likely' | 'uncertain';

/** The less sure of the two. */
export const weaker = (a: Certainty, b: Certainty): Certainty => {
  if (a === 'uncertain' || b === 'uncertain') return 'uncertain';
  return a === 'likely' || b === 'likely' ? 'likely' : 'certain';
};
