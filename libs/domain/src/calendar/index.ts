export { civilDate, isLeapYear, parseCivilDate, type CivilDate, type DateRefusal } from './civil-date.js';
export {
  addDays,
  addMonths,
  addYears,
  dayNumber,
  daysBetween,
  earlier,
  firstOfMonth,
  fromDayNumber,
  lastOfMonth,
  later,
} from './day-number.js';
export {
  addToMonth,
  firstDayOf,
  lastDayOf,
  monthOf,
  monthsBetween,
  parseYearMonth,
  yearMonth,
  type YearMonth,
} from './year-month.js';
export { ageByBirthday, ageReachedOn, birthdayAt } from './age.js';
export { benefitYearOf, benefitYearStart, fiscalYearOf, incomeYearOf, type Days } from './years.js';
export { ERAS, fromWareki, toWareki, type Era, type EraName, type Wareki } from './wareki.js';
