/**
 * Days as whole numbers counted from 1970-01-01, so that the population can be computed with integers alone.
 * The arithmetic is the proleptic Gregorian calendar's; no `Date`, no time zone of the machine.
 */
export type DayNumber = number;

const MS_PER_DAY = 86_400_000;
/** Japan keeps UTC+9 all the year round and has no summer time. */
const TOKYO_OFFSET_MS = 9 * 3_600_000;

const pad2 = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** Day number of a civil date. `month` 1 to 12. */
export const dayOf = (year: number, month: number, day: number): DayNumber => {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

export interface CivilParts {
  year: number;
  month: number;
  day: number;
}

/** Year, month and day of a day number. */
export const partsOf = (dayNumber: DayNumber): CivilParts => {
  const z = dayNumber + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  // Everything below is positive, and cutting to an integer is what makes this fast.
  const yoe = ((doe - ((doe / 1460) | 0) + ((doe / 36_524) | 0) - ((doe / 146_096) | 0)) / 365) | 0;
  const doy = doe - (365 * yoe + (yoe >> 2) - ((yoe / 100) | 0));
  const mp = ((5 * doy + 2) / 153) | 0;
  const month = mp < 10 ? mp + 3 : mp - 9;
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, day: doy - (((153 * mp + 2) / 5) | 0) + 1 };
};

/** `YYYY-MM-DD`. */
export const formatDay = (dayNumber: DayNumber): string => {
  const { year, month, day } = partsOf(dayNumber);
  return `${String(year).padStart(4, '0')}-${pad2(month)}-${pad2(day)}`;
};

/** Reads `YYYY-MM-DD`; `undefined` when there is no such day. */
export const parseDay = (text: string): DayNumber | undefined => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const dayNumber = dayOf(Number(match[1]), Number(match[2]), Number(match[3]));
  return formatDay(dayNumber) === text ? dayNumber : undefined;
};

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** The birthday in a year; a person born on 29 February has it on the 28th of common years. */
export const birthdayIn = (year: number, birth: CivilParts): DayNumber =>
  dayOf(year, birth.month, birth.month === 2 && birth.day === 29 && !isLeap(year) ? 28 : birth.day);

/** The day it is in Tokyo. */
export const tokyoDay = (epochMs: number): DayNumber => Math.floor((epochMs + TOKYO_OFFSET_MS) / MS_PER_DAY);

/** RFC 3339 in Tokyo time with milliseconds: `2026-11-22T09:00:00.123+09:00`. */
export const tokyoInstant = (epochMs: number): string => {
  const local = epochMs + TOKYO_OFFSET_MS;
  const day = Math.floor(local / MS_PER_DAY);
  const ms = local - day * MS_PER_DAY;
  const seconds = Math.floor(ms / 1000);
  const time = `${pad2(Math.floor(seconds / 3600))}:${pad2(Math.floor(seconds / 60) % 60)}:${pad2(seconds % 60)}`;
  return `${formatDay(day)}T${time}.${String(ms % 1000).padStart(3, '0')}+09:00`;
};
