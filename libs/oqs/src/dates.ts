import { parseCivilDate, type CivilDate } from '@app/domain';

/** `2026-07-01` → `20260701`. */
export const oqsDate = (day: CivilDate): string => day.replaceAll('-', '');

/** `202607` of a month `2026-07`. */
export const oqsMonth = (month: string): string => month.replace('-', '');

/** The day of `YYYYMMDD`, or of `YYYYMMDDhhmmss`; `undefined` for what is none between 1868 and 2200. */
export const dayOfOqsDate = (digits: string): CivilDate | undefined => {
  const parsed = parseCivilDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`);
  return parsed.ok && (digits.length === 8 || digits.length === 14) ? parsed.value : undefined;
};

const JAPAN_AHEAD_MS = 9 * 60 * 60 * 1000;

/** `YYYYMMDDhhmmss` in Japan, where no clock is ever put forward. */
export const oqsDateTime = (epochMs: number): string =>
  new Date(epochMs + JAPAN_AHEAD_MS).toISOString().slice(0, 19).replaceAll(/\D/gu, '');
