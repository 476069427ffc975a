import { dayOf, fromParts, isLeapYear, monthNumberOf, yearOf, type CivilDate } from './civil-date.js';
import { addDays } from './day-number.js';

/**
 * The N-th birthday. Somebody born on 29 February has it on 1 March in common years, so that the day before it is the
 * day on which the age is legally reached (民法143条2項).
 */
export const birthdayAt = (birthDate: CivilDate, age: number): CivilDate => {
  const year = yearOf(birthDate) + age;
  const month = monthNumberOf(birthDate);
  const day = dayOf(birthDate);
  return month === 2 && day === 29 && !isLeapYear(year) ? fromParts(year, 3, 1) : fromParts(year, month, day);
};

/** 年齢到達日: the day before the N-th birthday (年齢計算ニ関する法律: the day of birth counts as the first). */
export const ageReachedOn = (birthDate: CivilDate, age: number): CivilDate => addDays(birthdayAt(birthDate, age), -1);

/** Completed years by birthdays (満年齢 as people say it), not the legal age of the evening before. */
export const ageByBirthday = (birthDate: CivilDate, date: CivilDate): number => {
  const years = yearOf(date) - yearOf(birthDate);
  return birthdayAt(birthDate, years) <= date ? years : years - 1;
};
