import { addDays, addMonths } from '../calendar/day-number.js';
import type { CivilDate } from '../calendar/civil-date.js';
import type { Certainty } from '../certainty.js';
import { inForceOn, type Dated } from '../dated.js';
import { cardExpiry } from './card-expiry.js';
import { certificateStateOn } from './certificate.js';

/** From how long before its end a certificate or a card can be renewed, and its holder is told (有効期限通知書). */
export interface RenewalWindow extends Dated<CivilDate> {
  readonly monthsBefore: number;
  readonly source: string;
  readonly certainty: Certainty;
}

export const RENEWAL_WINDOWS: readonly RenewalWindow[] = [
  {
    effectiveFrom: '2016-01-01' as CivilDate,
    monthsBefore: 3,
    source:
      '地方公共団体情報システム機構 有効期限通知書 (有効期限の2～3か月前に送付; 更新は3か月前の翌日から), 足立区・八千代市ほかの案内',
    certainty: 'likely',
  },
];

/**
 * What is to be told on a day. `renewable`: it can be renewed, and still works. `grace`: the certificate has ended, and only 資格確認 goes
 * on until `graceUntil`; then the card is of no use, and a 資格確認書 is sent.
 */
export interface ExpiryNotice {
  readonly stage: 'renewable' | 'grace';
  /** The certificate alone (at the town hall, the same day), or the card with it (a new one is applied for, one to two months). */
  readonly what: 'certificate' | 'card';
  readonly certificateExpiresOn: CivilDate;
  /** As it follows from the day of issue; unknown where that is. */
  readonly cardExpiresOn?: CivilDate;
  /** First day on which it can be renewed. */
  readonly renewableFrom: CivilDate;
  readonly graceUntil: CivilDate;
}

/** What is known of somebody's newest certificate, and of those before it. */
export interface HeldCertificate {
  readonly expiresOn: CivilDate;
  readonly birthDate: CivilDate;
  /** First days of this certificate and of every one before it, where they are known. */
  readonly issuedOn: readonly CivilDate[];
}

/**
 * Last day of the card that a certificate is on: a certificate lasts no longer than its card, so of the days on which a card may have been
 * issued it is the first whose card lasts as long.
 */
const cardOf = ({ expiresOn, birthDate, issuedOn }: HeldCertificate): CivilDate | undefined =>
  issuedOn
    .toSorted()
    .map((day) => cardExpiry({ issuedOn: day, birthDate }).cardExpiresOn)
    .find((last) => last >= expiresOn);

/** What the holder of a certificate is to be told on a day; undefined before it can be renewed, and when it is of no use any more. */
export const expiryNoticeOn = (held: HeldCertificate, on: CivilDate): ExpiryNotice | undefined => {
  const { expiresOn } = held;
  const window = inForceOn(RENEWAL_WINDOWS, on);
  if (window === undefined) return undefined;
  const renewableFrom = addDays(addMonths(expiresOn, -window.monthsBefore), 1);
  const { state, graceUntil } = certificateStateOn({ certificateExpiresOn: expiresOn, date: on });
  if (on < renewableFrom || state === 'expired') return undefined;
  const cardExpiresOn = cardOf(held);
  return {
    stage: state === 'grace' ? 'grace' : 'renewable',
    what: cardExpiresOn === expiresOn ? 'card' : 'certificate',
    certificateExpiresOn: expiresOn,
    ...(cardExpiresOn === undefined ? {} : { cardExpiresOn }),
    renewableFrom,
    graceUntil,
  };
};

/** Ends of certificates whose holders are told something on a day, both included; a few that are not may be among them. */
export const expiriesToldOn = (on: CivilDate): { readonly from: CivilDate; readonly to: CivilDate } => ({
  // The grace is three whole months, and the month in which it began.
  from: addMonths(on, -4),
  to: addDays(addMonths(on, Math.max(...RENEWAL_WINDOWS.map(({ monthsBefore }) => monthsBefore))), 4),
});
