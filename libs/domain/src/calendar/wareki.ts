import { accepted, refused, type Parsed } from '../parsed.js';
import { civilDate, parseCivilDate, twoDigits, yearOf, type CivilDate } from './civil-date.js';

export type EraName = '明治' | '大正' | '昭和' | '平成' | '令和';

/** An era (元号), the code it has in claims records, and its first day. */
export interface Era {
  readonly era: EraName;
  readonly eraCode: 1 | 2 | 3 | 4 | 5;
  readonly from: CivilDate;
}

/** Newest first. 明治 is counted from 1868-01-25, the day its first year began by the calendar of the time. */
export const ERAS: readonly Era[] = [
  { era: '令和', eraCode: 5, from: civilDate('2019-05-01') },
  { era: '平成', eraCode: 4, from: civilDate('1989-01-08') },
  { era: '昭和', eraCode: 3, from: civilDate('1926-12-25') },
  { era: '大正', eraCode: 2, from: civilDate('1912-07-30') },
  { era: '明治', eraCode: 1, from: civilDate('1868-01-25') },
];

export interface Wareki {
  readonly era: EraName;
  readonly year: number;
  readonly eraCode: Era['eraCode'];
}

/** The Japanese year of a day; `undefined` before 明治. */
export const toWareki = (date: CivilDate): Wareki | undefined => {
  const era = ERAS.find(({ from }) => date >= from);
  return era === undefined
    ? undefined
    : { era: era.era, year: yearOf(date) - yearOf(era.from) + 1, eraCode: era.eraCode };
};

/** The day of a Japanese date. Refused when that day was no longer, or not yet, in the era. */
export const fromWareki = (
  era: EraName,
  year: number,
  month: number,
  day: number,
): Parsed<CivilDate, 'no-such-day' | 'not-in-era'> => {
  const at = ERAS.findIndex((row) => row.era === era);
  const row = ERAS[at];
  if (row === undefined || !Number.isInteger(year) || year < 1)
    return refused('not-in-era', `${era} has no year ${year}`);
  const text = `${yearOf(row.from) + year - 1}-${twoDigits(month)}-${twoDigits(day)}`;
  const parsed = parseCivilDate(text);
  if (!parsed.ok) return refused('no-such-day', `${text} is not a day of the calendar`);
  const next = ERAS[at - 1];
  if (parsed.value < row.from || (next !== undefined && parsed.value >= next.from)) {
    return refused('not-in-era', `${text} is not in ${era}`);
  }
  return accepted(parsed.value);
};
