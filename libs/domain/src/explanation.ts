import type { CivilDate } from './calendar/civil-date.js';
import type { YearMonth } from './calendar/year-month.js';

/** One step of an explanation: the rule by its Japanese name, what it gave, why, and where it is written. */
export interface Step {
  readonly rule: string;
  readonly amountYen?: number;
  readonly detail: string;
  readonly source: string;
}

export const step = (rule: string, detail: string, source: string, amountYen?: number): Step =>
  amountYen === undefined ? { rule, detail, source } : { rule, amountYen, detail, source };

/*
 * How amounts and days are written in the words of a step. A clerk shows them to a patient: 92,940円 and 2026年8月, never
 * 92940 and 2026-08. The fields beside the words stay integers and ISO days.
 */
export const countText = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/gu, ',');
export const yenText = (yen: number): string => `${countText(yen)}円`;
/** 145万円: a line of the law, always whole in 万円. */
export const manYenText = (yen: number): string => `${countText(yen / 10_000)}万円`;
export const monthText = (month: YearMonth): string => `${Number(month.slice(0, 4))}年${Number(month.slice(5, 7))}月`;
export const dayText = (day: CivilDate): string =>
  `${Number(day.slice(0, 4))}年${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;
