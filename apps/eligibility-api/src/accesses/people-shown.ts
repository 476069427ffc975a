import { renderAnswer } from '../answers/answer-text.js';

/** Of one coverage that an answer showed: whose, as far as that tells members of a family apart. */
export interface PersonShown {
  readonly insurerNumber: string;
  readonly birthdate?: string;
  readonly insuredBranchNumber?: string;
}

/** What is spliced in says nothing of the person. */
const NOTHING = {
  checkId: '',
  checkedAt: '',
  serviceDate: '',
  answerVersion: '',
  freshness: 'null',
  verifiedAt: '',
  availableUntil: '',
  treatmentMonth: '',
  consented: 0,
  institutionCode: '',
} as const;

/** Whose coverage an answer showed, from its text as it is kept; nobody's where there was no result. */
export const peopleShown = (text: Buffer): readonly PersonShown[] => {
  const body = Buffer.from(renderAnswer(text.toString('latin1'), NOTHING), 'latin1').toString('utf8');
  return (JSON.parse(body) as { results?: readonly PersonShown[] }).results ?? [];
};
