import {
  addDays,
  addMonths,
  addToMonth,
  benefitYearOf,
  birthdayAt,
  firstDayOf,
  monthOf,
  type CivilDate,
} from '../calendar/index.js';
import { bandPeriodOn } from '../copay/index.js';
import type { EligibilityAnswer } from './answer.js';
import { personAsOf } from './changed-facts.js';
import { bandOf } from './copay-on.js';
import { EXPIRY_NOTICE_MONTHS } from './credential.js';
import type { CertificateFacts, Period, PersonFacts, QualificationFacts } from './facts.js';

const LATE_ELDERLY_AGE = 75;
/** Months have 28 to 31 days: a day that is a number of months before another is found within this many days. */
const MONTH_SLACK_DAYS = 4;

/** First days of something new, gathered around one day: the last at or before it, and the first after it. */
class Edges {
  from: CivilDate | undefined;
  next: CivilDate | undefined;

  private readonly day: CivilDate;

  constructor(day: CivilDate) {
    this.day = day;
  }

  begins(first: CivilDate | undefined): void {
    if (first === undefined) return;
    if (first <= this.day) {
      if (this.from === undefined || first > this.from) this.from = first;
    } else if (this.next === undefined || first < this.next) this.next = first;
  }

  ends(last: CivilDate | undefined): void {
    if (last !== undefined) this.begins(addDays(last, 1));
  }

  holds(period: { readonly from?: CivilDate | undefined; readonly to?: CivilDate | undefined }): void {
    this.begins(period.from);
    this.ends(period.to);
  }
}

/** The first day on which a certificate counts as ending soon. */
const noticedFrom = (expiresOn: CivilDate): CivilDate => {
  let day = addDays(addMonths(expiresOn, -EXPIRY_NOTICE_MONTHS), -MONTH_SLACK_DAYS);
  while (addMonths(day, EXPIRY_NOTICE_MONTHS) <= expiresOn) day = addDays(day, 1);
  return day;
};

const certificateEdges = (edges: Edges, { notAfter }: CertificateFacts): void => {
  if (notAfter === undefined) return;
  edges.begins(noticedFrom(notAfter));
  edges.ends(notAfter);
};

const qualificationEdges = (
  edges: Edges,
  qualification: QualificationFacts,
  birthdate: CivilDate,
  day: CivilDate,
): void => {
  edges.begins(qualification.acquiredOn);
  edges.begins(qualification.availableFrom);
  edges.begins(qualification.loss?.lostOn);
  for (const { from } of qualification.changes ?? []) edges.begins(from);
  edges.holds(bandOf(qualification, birthdate, day));
  // Incomes of another scheme are judged by age, certified disability or not.
  edges.holds(bandPeriodOn(birthdate, day));
  for (const { facts, ...period } of qualification.income) {
    edges.holds(period);
    if (facts.scheme === 'shaho' && facts.insuredBirthDate !== undefined && facts.insuredBirthDate <= day)
      edges.holds(bandPeriodOn(facts.insuredBirthDate, day));
  }
  for (const certificate of qualification.copayCertificates) edges.holds(certificate);
  for (const certificate of qualification.limitCertificates) edges.holds(certificate);
  for (const certificate of qualification.specificDiseases) edges.holds(certificate);
  for (const ticket of qualification.tickets) {
    edges.holds(ticket);
    // Shown and counted in its own month only, whatever its days are.
    edges.begins(firstDayOf(ticket.treatmentMonth));
    edges.begins(firstDayOf(addToMonth(ticket.treatmentMonth, 1)));
  }
};

/**
 * The days around `day` on which the answer by card stays what it is, when asked on that day and about it; the treatment month
 * of a limit apart, which is the day's own. `answer` is that of `day` with everything consented to. Too short a period costs
 * work, too long a one would be wrong: so every day on which anything on record begins or ends is an edge, whether or not it
 * changes this answer.
 */
export const answerPeriod = (
  certificates: readonly CertificateFacts[],
  person: PersonFacts,
  day: CivilDate,
  answer: EligibilityAnswer,
): Period => {
  const edges = new Edges(day);
  const { birthdate } = personAsOf(person, { serviceDate: day, knownAt: Infinity }).identity;
  for (const { from } of person.identityChanges ?? []) edges.begins(from);
  for (const certificate of certificates) certificateEdges(edges, certificate);
  edges.ends(answer.credential.graceUntil);
  // The late-elderly scheme, and the month halved for entering it.
  const at75 = birthdayAt(birthdate, LATE_ELDERLY_AGE);
  edges.begins(at75);
  edges.begins(firstDayOf(monthOf(at75)));
  edges.begins(firstDayOf(addToMonth(monthOf(at75), 1)));
  for (const qualification of person.qualifications) qualificationEdges(edges, qualification, birthdate, day);
  for (const { benefits } of answer.results ?? []) {
    if (benefits === undefined) continue;
    edges.holds({ from: benefits.copay.validFrom, to: benefits.copay.validTo });
    const limit = benefits.costLimit;
    if (limit !== undefined && !('withheld' in limit)) edges.holds({ from: limit.validFrom, to: limit.validTo });
    // What nothing on record decides may be decided once incomes are judged anew and tables begin: in August.
    if (benefits.copay.ratePercent === undefined || limit === undefined) edges.holds(benefitYearOf(day));
  }
  return {
    from: edges.from ?? day,
    ...(edges.next === undefined ? {} : { to: addDays(edges.next, -1) }),
  };
};
