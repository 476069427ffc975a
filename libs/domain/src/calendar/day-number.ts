import { dayOf, daysInMonth, fromParts, monthNumberOf, yearOf, type CivilDate } from './civil-date.js';

/*
 * Days as integers, 0 = 1970-01-01. The year is counted from March, so that the leap day is the last of its year
 * and the months before it have fixed lengths (H. Hinnant, "chrono-compatible low-level date algorithms").
 */
const ERA_DAYS = 146_097;
const EPOCH_SHIFT = 719_468;

export const dayNumber = (date: CivilDate): number => {
  const month = monthNumberOf(date);
  const year = month <= 2 ? yearOf(date) - 1 : yearOf(date);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + dayOf(date) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * ERA_DAYS + dayOfEra - EPOCH_SHIFT;
};

export const fromDayNumber = (days: number): CivilDate => {
  const shifted = days + EPOCH_SHIFT;
  const era = Math.floor(shifted / ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return fromParts(year, month, day);
};

/** `days` may be negative. The common case, inside one month, touches no day number. */
export const addDays = (date: CivilDate, days: number): CivilDate => {
  const day = dayOf(date) + days;
  if (day >= 1 && day <= 28) return fromParts(yearOf(date), monthNumberOf(date), day);
  return fromDayNumber(dayNumber(date) + days);
};

/** Days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: CivilDate, to: CivilDate): number => dayNumber(to) - dayNumber(from);

/** The same day `months` later, or the last day of that month when it is shorter. */
export const addMonths = (date: CivilDate, months: number): CivilDate => {
  const index = yearOf(date) * 12 + monthNumberOf(date) - 1 + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  return fromParts(year, month, Math.min(dayOf(date), daysInMonth(year, month)));
};

/** The same day `years` later; 29 February becomes 28 February in a common year. Not the rule for legal ages. */
export const addYears = (date: CivilDate, years: number): CivilDate => addMonths(date, years * 12);

export const firstOfMonth = (date: CivilDate): CivilDate => fromParts(yearOf(date), monthNumberOf(date), 1);

export const lastOfMonth = (date: CivilDate): CivilDate => {
  const year = yearOf(date);
  const month = monthNumberOf(date);
  return fromParts(year, month, daysInMonth(year, month));
};

export const earlier = (a: CivilDate, b: CivilDate): CivilDate => (a <= b ? a : b);
export const later = (a: CivilDate, b: CivilDate): CivilDate => (a >= b ? a : b);
