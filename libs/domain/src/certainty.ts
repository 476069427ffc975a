/**
 * How sure the project is of a rule, a table row or an answer.
 * `certain`: law text, an official table, or several independent sources; `likely`: one secondary source or derived;
 * `uncertain`: sources disagree or are silent, so no hard refusal may stand on it.
 */
export type Certainty = 'certain' | 'likely' | 'uncertain';
