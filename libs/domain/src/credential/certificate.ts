import type { CivilDate } from '../calendar/civil-date.js';
import { addMonths } from '../calendar/day-number.js';
import { addToMonth, lastDayOf, monthOf } from '../calendar/year-month.js';

export type CertificateState = 'valid' | 'grace' | 'expired';

/** How the three months are counted. The notice counts whole months; one insurer's page counts from the day. */
export type GraceReading = 'end-of-third-month' | 'three-months-to-the-day';

export interface CertificateOnDate {
  readonly state: CertificateState;
  /** Last day of the grace, inclusive. */
  readonly graceUntil: CivilDate;
  /** Whether the card still answers 資格確認. */
  readonly eligibilityUsable: boolean;
  /** Whether 診療・薬剤情報 may still be fetched with it: not in the grace. */
  readonly medicalInfoUsable: boolean;
}

/**
 * 利用者証明用電子証明書 on a day: valid to its expiry inclusive, then usable for the eligibility answer alone until the end
 * of the third month after the month of expiry, then not at all. Source: MHLW newpage_50657 as cited by insurers.
 */
export const certificateStateOn = (facts: {
  readonly certificateExpiresOn: CivilDate;
  readonly date: CivilDate;
  readonly graceReading?: GraceReading;
}): CertificateOnDate => {
  const expires = facts.certificateExpiresOn;
  const graceUntil =
    facts.graceReading === 'three-months-to-the-day'
      ? addMonths(expires, 3)
      : lastDayOf(addToMonth(monthOf(expires), 3));
  if (facts.date <= expires) return { state: 'valid', graceUntil, eligibilityUsable: true, medicalInfoUsable: true };
  if (facts.date <= graceUntil)
    return { state: 'grace', graceUntil, eligibilityUsable: true, medicalInfoUsable: false };
  return { state: 'expired', graceUntil, eligibilityUsable: false, medicalInfoUsable: false };
};
