import { birthdayAt } from '../calendar/age.js';
import { civilDate, yearOf, type CivilDate } from '../calendar/civil-date.js';
import { addYears, earlier } from '../calendar/day-number.js';

/** The age from which a card lasts to the 10th birthday, by day of application. */
const LONG_CARD_AGE = [
  { effectiveFrom: civilDate('2022-04-01'), age: 18 },
  { effectiveFrom: civilDate('1868-01-01'), age: 20 },
] as const;

export interface CardExpiry {
  readonly certificateExpiresOn: CivilDate;
  readonly cardExpiresOn: CivilDate;
}

/**
 * Last days of a card and its 利用者証明用電子証明書. Birthdays are counted after the day of issue: one on that very day is not
 * the first. The certificate lasts to the 5th, the card to the 10th (to the 5th for those under 18 at issue; under 20 for
 * applications to 2022-03-31). Somebody born on 29 February has the expiry on 28 February in common years, unless told
 * otherwise (own reading).
 */
export const cardExpiry = (facts: {
  readonly issuedOn: CivilDate;
  readonly birthDate: CivilDate;
  /** Defaults to the day of issue. */
  readonly appliedOn?: CivilDate;
  readonly leapDayExpiry?: '02-28' | '03-01';
}): CardExpiry => {
  const birthday = (age: number): CivilDate =>
    facts.leapDayExpiry === '03-01' ? birthdayAt(facts.birthDate, age) : addYears(facts.birthDate, age);
  const yearsAtIssue = yearOf(facts.issuedOn) - yearOf(facts.birthDate);
  const nextAge = birthday(yearsAtIssue) > facts.issuedOn ? yearsAtIssue : yearsAtIssue + 1;
  const appliedOn = facts.appliedOn ?? facts.issuedOn;
  const adultAge = LONG_CARD_AGE.find((row) => appliedOn >= row.effectiveFrom)?.age ?? 20;
  const cardExpiresOn = birthday(nextAge + (nextAge - 1 >= adultAge ? 9 : 4));
  return { certificateExpiresOn: earlier(birthday(nextAge + 4), cardExpiresOn), cardExpiresOn };
};
