import { birthdayAt } from '../calendar/age.js';
import { dayOf, type CivilDate } from '../calendar/civil-date.js';
import { monthOf, type YearMonth } from '../calendar/year-month.js';

/**
 * Why a limit might be halved. `turns75`: the person moves to 後期 on the 75th birthday. `dependent_of_turns75`: a dependent
 * who must leave because the insured person does (`birthDate` is the insured person's). `disability_certified`: 障害認定,
 * where nothing is halved.
 */
export type EntryIntoLate75 = 'turns75' | 'dependent_of_turns75' | 'disability_certified';

/**
 * Whether the treatment month is the one in which a person is covered by two schemes because of a 75th birthday. Not when
 * the birthday is the 1st, as the month then belongs to one scheme. Source: 健保令41条2項, 高確令14条の2.
 */
export const isHalvedMonth = (facts: {
  readonly birthDate: CivilDate;
  readonly treatmentMonth: YearMonth;
  readonly entry: EntryIntoLate75;
}): boolean => {
  if (facts.entry === 'disability_certified') return false;
  const turns75 = birthdayAt(facts.birthDate, 75);
  return monthOf(turns75) === facts.treatmentMonth && dayOf(turns75) !== 1;
};
