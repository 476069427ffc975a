/** Dates and times as the national system writes them: digits alone. Undefined stays undefined, for what is left out when absent. */

/** `2026-11-22` as `20261122`. */
export function dateDigits(date: string): string;
export function dateDigits(date: string | undefined): string | undefined;
export function dateDigits(date: string | undefined): string | undefined {
  return date?.replaceAll('-', '');
}

/** `2026-11-22T09:00:00.123+09:00`, an instant in Japanese time, as `20261122090000`. */
export function timeDigits(instant: string): string;
export function timeDigits(instant: string | undefined): string | undefined;
export function timeDigits(instant: string | undefined): string | undefined {
  return instant?.slice(0, 19).replaceAll(/[-:T]/g, '');
}

/** `20261122` as `2026-11-22`; whether there is such a day is for whoever reads it. */
export const isoDate = (digits: string): string => `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`;

/** Yen, or any other number, as text. */
export const numberText = (value: number | undefined): string | undefined => value?.toString();
