import { civilDate, type CivilDate } from '../calendar/index.js';
import type { Certainty } from '../certainty.js';
import { inForceOn, type Dated } from '../dated.js';
import { CERTIFICATES_FROM, certificateOn } from './certificate.js';
import {
  insuredOn,
  refuse,
  shownRate,
  type DocumentDay,
  type DocumentFacts,
  type Insured,
  type Refused,
  type ShownRate,
} from './insured.js';

const NOTICE = 'マイナ保険証移行に関するご案内（資格情報のお知らせの送付について）';

/** 個人番号下4桁あり, 個人番号下4桁なし. */
export type NoticeVersion = 'with-last-four-digits' | 'without-digits';

/**
 * What the notice is issued for. `reference-day`: insured on 2024-07-26, to confirm the number on record, once only.
 * `joined-in-between` and `joined`: new members. `earlier-member`: insured on the reference day, and needs one later (再交付).
 */
export type NoticeOccasion = 'reference-day' | 'joined-in-between' | 'joined' | 'earlier-member';

/** Which version somebody gets, by the day they joined and whether the insurer has their number; `effectiveFrom` is when it is issued. */
export interface NoticeRow extends Dated<CivilDate> {
  readonly occasion: NoticeOccasion;
  readonly version: NoticeVersion;
  readonly joinedFrom?: CivilDate;
  readonly joinedTo?: CivilDate;
  /** Absent: either way. */
  readonly individualNumberOnRecord?: boolean;
  readonly source: string;
  readonly certainty: Certainty;
}

/** 令和6年7月26日. */
export const NOTICE_REFERENCE_DAY = civilDate('2024-07-26');

/** At most one fits a member on a day. */
export const NOTICE_ROWS: readonly NoticeRow[] = [
  {
    occasion: 'reference-day',
    version: 'with-last-four-digits',
    joinedTo: NOTICE_REFERENCE_DAY,
    individualNumberOnRecord: true,
    // 令和6年8月下旬: the last third of the month. Once only, so there is an end.
    effectiveFrom: civilDate('2024-08-21'),
    effectiveTo: civilDate('2024-08-31'),
    source: `${NOTICE}: 個人番号下4桁あり`,
    certainty: 'certain',
  },
  {
    occasion: 'joined-in-between',
    version: 'without-digits',
    joinedFrom: civilDate('2024-07-27'),
    joinedTo: civilDate('2024-12-01'),
    effectiveFrom: CERTIFICATES_FROM,
    source: `${NOTICE}: 令和6年7月27日～令和6年12月1日の新規加入者`,
    certainty: 'certain',
  },
  {
    occasion: 'joined',
    version: 'without-digits',
    joinedFrom: CERTIFICATES_FROM,
    effectiveFrom: CERTIFICATES_FROM,
    source: `${NOTICE}: 個人番号下4桁なし; 健保規則51条の3`,
    certainty: 'certain',
  },
  {
    occasion: 'earlier-member',
    version: 'without-digits',
    joinedTo: NOTICE_REFERENCE_DAY,
    effectiveFrom: CERTIFICATES_FROM,
    source: '全国健康保険協会 資格情報のお知らせの再交付 (2024-12-02から)',
    certainty: 'likely',
  },
];

/** 資格情報のお知らせ. The rate stands on it always, its period from 70 to 74. */
export interface IssuedNotice {
  readonly kind: 'issued';
  readonly insured: Insured;
  readonly version: NoticeVersion;
  readonly occasion: NoticeOccasion;
  readonly rate: ShownRate;
  readonly source: string;
  readonly certainty: Certainty;
}

const rowsFor = (joinedOn: CivilDate, individualNumberOnRecord: boolean): readonly NoticeRow[] =>
  NOTICE_ROWS.filter(
    (row) =>
      (row.joinedFrom === undefined || row.joinedFrom <= joinedOn) &&
      (row.joinedTo === undefined || joinedOn <= row.joinedTo) &&
      (row.individualNumberOnRecord === undefined || row.individualNumberOnRecord === individualNumberOnRecord),
  );

/**
 * Whether somebody gets a 資格情報のお知らせ on a day, and which. Nobody gets one who gets a 資格確認書 without asking; who
 * asked for a certificate beside a card that serves is not on record here, and is the insurer's to know.
 */
export const noticeOn = (facts: DocumentFacts, day: DocumentDay): IssuedNotice | Refused => {
  const { issuedOn } = day;
  const insured = insuredOn(facts, day);
  if (insured.kind === 'refused') return insured;
  const rows = rowsFor(insured.qualification.acquiredOn, facts.individualNumberOnRecord);
  const row = inForceOn(rows, issuedOn);
  if (row === undefined) {
    const from = rows.map(({ effectiveFrom }) => effectiveFrom).filter((start) => start > issuedOn);
    // Every member has a row without an end, so that one lies ahead.
    return refuse({ because: 'not-yet', from: from.toSorted()[0] ?? CERTIFICATES_FROM });
  }
  if (issuedOn >= CERTIFICATES_FROM && certificateOn(facts, day).kind === 'issued')
    return refuse({ because: 'certificate-instead' });
  const rate = shownRate(insured);
  if ('kind' in rate) return rate;
  const { version, occasion, source, certainty } = row;
  return { kind: 'issued', insured, version, occasion, rate, source, certainty };
};
