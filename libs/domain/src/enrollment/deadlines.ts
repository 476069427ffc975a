import type { CivilDate } from '../calendar/civil-date.js';
import { addDays } from '../calendar/day-number.js';
import type { Certainty } from '../certainty.js';

/** A term of the law in days. Whether the day of the event is the first of them is not settled. */
export interface FilingTerm {
  readonly code: 'acquisition-filing' | 'change-filing' | 'insurer-registration' | 'kokuho-notification';
  readonly ja: string;
  readonly days: number;
  readonly source: string;
  readonly certainty: Certainty;
}

export const FILING_TERMS: readonly FilingTerm[] = [
  {
    code: 'acquisition-filing',
    ja: '被保険者資格取得届・被扶養者届',
    days: 5,
    source: '健保規則24条; マイナ保険証移行に関するご案内',
    certainty: 'certain',
  },
  {
    code: 'change-filing',
    ja: '氏名変更届・住所変更届ほか加入者の異動の届出',
    days: 5,
    // The law says 遅滞なく (健保規則28条, 28条の2); the notice asks for every 届出 within five days.
    source: 'マイナ保険証移行に関するご案内（届出につきましては、事実発生日より5日以内）',
    certainty: 'likely',
  },
  { code: 'insurer-registration', ja: '保険者のデータ登録', days: 5, source: '2023-06-01 省令', certainty: 'certain' },
  { code: 'kokuho-notification', ja: '国保の届出', days: 14, source: '国保規則2条', certainty: 'certain' },
];

/** Last day of a term. 初日不算入 (民法140条) unless told that the day of the event counts. */
export const lastDayOfTerm = (
  event: CivilDate,
  days: number,
  opts: { readonly firstDayCounts?: boolean } = {},
): CivilDate => addDays(event, opts.firstDayCounts === true ? days - 1 : days);
