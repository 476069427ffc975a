import { birthdayAt } from '../calendar/age.js';
import { civilDate, type CivilDate } from '../calendar/civil-date.js';
import type { Certainty } from '../certainty.js';

/** 資格確認書 in 後期: to everybody; or to those who do not use マイナ保険証 (unions differ). */
export type LateElderlyIssue = 'always' | 'by_mynacard';

const CERTIFICATES_FROM = civilDate('2024-12-02');
const BY_AGE_FROM = civilDate('2026-08-01');

/**
 * To whom a 後期 union sends 資格確認書 without being asked: to 2026-07-31 everybody, from 2026-08-01 those whose 85th birthday
 * is that day or earlier; the others by their use of マイナ保険証. `undefined` before the document exists.
 */
export const lateElderlyIssue = (
  birthDate: CivilDate,
  date: CivilDate,
): { readonly issue: LateElderlyIssue; readonly source: string; readonly certainty: Certainty } | undefined => {
  if (date < CERTIFICATES_FROM) return undefined;
  const source = '千葉県・埼玉県 後期高齢者医療広域連合';
  if (date < BY_AGE_FROM) return { issue: 'always', source, certainty: 'certain' };
  return birthdayAt(birthDate, 85) <= BY_AGE_FROM
    ? { issue: 'always', source, certainty: 'likely' }
    : { issue: 'by_mynacard', source, certainty: 'uncertain' };
};
