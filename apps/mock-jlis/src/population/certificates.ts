import { birthdayIn, type CivilParts, type DayNumber } from '../calendar/civil-day.js';

/** A certificate as the registry keeps it: what happened to it and when. Its status follows from these and the day. */
export interface Certificate {
  readonly serial: string;
  readonly notBefore: DayNumber;
  /** Last day of validity. */
  readonly notAfter: DayNumber;
  readonly revokedOn?: DayNumber;
  readonly supersededBy?: string;
  readonly supersedes?: string;
}

/** Renewals open three months before the end. */
const RENEWAL_WINDOW_DAYS = 90;

/** Room for the certificates of one person that end on the same birthday. */
const SLOTS_PER_YEAR = 0x4_0000;

/** Slot of the `nth` certificate of a person that ends in a year: part of the serial. */
export const slotOf = (endYear: number, nth: number): number => endYear * SLOTS_PER_YEAR + nth;

/**
 * Last day of a certificate issued on a day: the fifth birthday after it; the sixth when an old one is renewed in
 * the last three months before its end, so that nobody loses by coming early.
 */
export const endOfCertificateIssued = (
  on: { year: number; day: DayNumber },
  birth: CivilParts,
  replaces?: Pick<Certificate, 'notAfter'>,
): DayNumber => {
  const early =
    replaces !== undefined && on.day <= replaces.notAfter && replaces.notAfter - on.day <= RENEWAL_WINDOW_DAYS;
  const hadBirthday = birthdayIn(on.year, birth) <= on.day;
  return birthdayIn(on.year + (hadBirthday ? 5 : 4) + (early ? 1 : 0), birth);
};
