import { tokyoDay } from '../clock/clock.js';

/** How long the record is kept: a calendar period, as ISO 8601 writes it (P5Y, P60M, P1827D, P5Y6M). */
export interface RetentionPeriod {
  readonly years: number;
  readonly months: number;
  readonly days: number;
}

const PERIOD = /^P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,5})D)?$/;

/** As long as a patient's records are by law (療養担当規則 第9条: three years, 診療録 five), so that who looked at what can be told. */
const LEAST: RetentionPeriod = { years: 5, months: 0, days: 0 };
const DAYS_OF_FIVE_YEARS = 1_827;

/** Throws for what is no period; settings are looked at before. */
export const parseRetention = (text: string): RetentionPeriod => {
  const match = PERIOD.exec(text);
  if (match === null) throw new Error('a period is written as P5Y');
  const [years = 0, months = 0, days = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return { years, months, days };
};

/** Whether records would be gone sooner than five years after they were made. */
export const isShort = ({ years, months, days }: RetentionPeriod): boolean =>
  years * 12 + months < LEAST.years * 12 && days < DAYS_OF_FIVE_YEARS;

/** The Tokyo day before which nothing need be kept. Of a month that is shorter, its last. */
export const keptSince = ({ years, months, days }: RetentionPeriod, now: number): string => {
  const [year = 0, month = 1, day = 1] = tokyoDay(now).split('-').map(Number);
  const first = new Date(Date.UTC(year - years, month - 1 - months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const of = Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(day, lastDay) - days);
  return new Date(of).toISOString().slice(0, 10);
};

/** First day of the month after. */
export const nextMonth = (firstDay: string): string => {
  const [year = 0, month = 1] = firstDay.split('-').map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
};
