import { addDays, birthdayAt, dayNumber, monthOf, type CivilDate } from '../calendar/index.js';
import { coversOn } from '../coverage/index.js';
import { normaliseBranch, normaliseNumber, normaliseSymbol } from '../identifiers/index.js';
import type { NoticeCode, Question, Verdict } from './answer.js';
import { personAsOf, qualificationAsOf } from './changed-facts.js';
import type { FiledLoss, InsuredKey, PersonFacts, QualificationFacts, ReasonOfLoss } from './facts.js';

/** A qualification as it stands for one question: with the loss that was known, or that the law made. */
export interface Standing {
  readonly qualification: QualificationFacts;
  readonly person: PersonFacts;
  readonly lostOn?: CivilDate;
  readonly reasonOfLoss?: ReasonOfLoss;
  /** Lost by law on the 75th birthday, whether or not the loss has been filed. */
  readonly lostByAge: boolean;
  readonly filedRetroactively: boolean;
  readonly covers: boolean;
  /** The registration can be used on the day of asking. */
  readonly available: boolean;
}

export interface CoverageDecision {
  readonly verdict: Verdict;
  /** What may be shown, newest first. */
  readonly shown: readonly Standing[];
  readonly notices: readonly NoticeCode[];
}

const LATE_ELDERLY_AGE = 75;
const MS_PER_DAY = 86_400_000;
const TOKYO_OFFSET_MS = 9 * 3_600_000;

/** First instant of a civil day in Tokyo, epoch milliseconds. */
const startOfTokyoDay = (day: CivilDate): number => dayNumber(day) * MS_PER_DAY - TOKYO_OFFSET_MS;

/** 健保法36条, 国保法6条, 高確法50条: on the 75th birthday every other insurance ends. */
const endsAt75 = (qualification: QualificationFacts, person: PersonFacts): CivilDate | undefined => {
  switch (qualification.insurer.scheme) {
    case 'shaho':
    case 'kokuho':
      return birthdayAt(person.identity.birthdate, LATE_ELDERLY_AGE);
    case 'kouki':
    case 'medical-aid':
      return undefined;
  }
};

/** A loss filed for the 75th birthday is the one the law made, unless it was death or public assistance that ended the coverage. */
const isOfAge = (loss: FiledLoss, at75: CivilDate): boolean =>
  at75 < loss.lostOn || (at75 === loss.lostOn && loss.reasonOfLoss !== '01' && loss.reasonOfLoss !== '02');

const standing = (person: PersonFacts, qualification: QualificationFacts, question: Question): Standing => {
  const loss =
    qualification.loss !== undefined && qualification.loss.recordedAt <= question.knownAt
      ? qualification.loss
      : undefined;
  const at75 = endsAt75(qualification, person);
  // Only once it has come: a coverage in force is not shown with the end of everybody's.
  const reached75On = at75 !== undefined && at75 <= question.serviceDate ? at75 : undefined;
  const lostByAge = reached75On !== undefined && (loss === undefined || isOfAge(loss, reached75On));
  const lostOn = lostByAge ? reached75On : loss?.lostOn;
  // Entering the late-elderly scheme is 医療保険等の資格取得.
  const reasonOfLoss = lostByAge ? '03' : loss?.reasonOfLoss;
  return {
    qualification,
    person,
    ...(lostOn === undefined ? {} : { lostOn }),
    ...(reasonOfLoss === undefined ? {} : { reasonOfLoss }),
    lostByAge,
    // A loss is filed within days after it; one filed from the day after on changes what was answered in between.
    filedRetroactively:
      loss !== undefined && !lostByAge && loss.recordedAt >= startOfTokyoDay(loss.lostOn) + MS_PER_DAY,
    covers: coversOn({ acquiredOn: qualification.acquiredOn, lostOn: lostOn ?? null }, question.serviceDate),
    available: qualification.availableFrom <= question.askedOn,
  };
};

/** Every coverage of a person that was known at the time, as it stood on the service date, newest first. */
export const standingsOf = (registered: PersonFacts, question: Question): Standing[] => {
  const person = personAsOf(registered, question);
  return (
    person.qualifications
      .filter((qualification) => qualification.recordedAt <= question.knownAt)
      .map((qualification) => standing(person, qualification, question))
      // Newest first, so that the first lost one is the last that held.
      .toSorted((a, b) =>
        a.qualification.acquiredOn === b.qualification.acquiredOn
          ? compare(a.qualification.qualificationId, b.qualification.qualificationId)
          : compare(b.qualification.acquiredOn, a.qualification.acquiredOn),
      )
  );
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const isMedicalAid = (s: Standing): boolean => s.qualification.insurer.scheme === 'medical-aid';
const holds = (s: Standing): boolean => s.covers && s.available;
const ended = (s: Standing, question: Question): boolean => s.lostOn !== undefined && s.lostOn <= question.serviceDate;

const lossNotices = (s: Standing): NoticeCode[] => {
  if (s.lostByAge) return ['late-elderly-from-75'];
  return s.filedRetroactively ? ['coverage-lost-retroactively'] : ['coverage-lost'];
};

const ticketRegistered = (s: Standing, question: Question): boolean => {
  const month = monthOf(question.serviceDate);
  return s.qualification.tickets.some(
    (ticket) =>
      ticket.recordedAt <= question.knownAt &&
      ticket.treatmentMonth === month &&
      ticket.from <= question.serviceDate &&
      (ticket.to === undefined || question.serviceDate <= ticket.to),
  );
};

/** Coverages that hold, of one person. Medical aid beside an insurance (併用) is no second coverage. */
const holding = (held: readonly Standing[], question: Question): CoverageDecision | undefined => {
  const insurances = held.filter((s) => !isMedicalAid(s));
  const aid = held.filter(isMedicalAid);
  if (insurances.length > 1) return { verdict: 'multiple', shown: held, notices: ['several-coverages'] };
  if (insurances.length === 1) return { verdict: 'valid', shown: held, notices: [] };
  if (aid.length === 0) return undefined;
  return aid.some((s) => ticketRegistered(s, question))
    ? { verdict: 'valid', shown: aid, notices: [] }
    : { verdict: 'valid-unregistered', shown: aid, notices: ['medical-aid-not-registered-here'] };
};

/** None of these holds: ended, not yet usable, or not begun. */
const notHolding = (standings: readonly Standing[], question: Question): CoverageDecision => {
  const pending: NoticeCode[] = standings.some((s) => s.covers && !s.available) ? ['registration-pending'] : [];
  const lost = standings.find((s) => ended(s, question));
  return lost === undefined
    ? { verdict: 'not-found', shown: [], notices: pending }
    : { verdict: 'invalid', shown: [lost], notices: [...lossNotices(lost), ...pending] };
};

/** By card the person is asked about: whoever covers them that day. */
export const decideByPerson = (person: PersonFacts, question: Question): CoverageDecision => {
  const standings = standingsOf(person, question);
  return holding(standings.filter(holds), question) ?? notHolding(standings, question);
};

/** What was filed is compared in the same normal form as what was asked; an absent symbol or branch of the question matches any. */
const agrees = (person: PersonFacts, { insurer, ...filed }: QualificationFacts, asked: InsuredKey): boolean =>
  person.identity.birthdate === asked.birthdate &&
  insurer.insurerNumber === asked.insurerNumber &&
  normaliseNumber(filed.insuredIdentificationNumber) === asked.insuredIdentificationNumber &&
  (asked.insuredCardSymbol === undefined ||
    (filed.insuredCardSymbol !== undefined && normaliseSymbol(filed.insuredCardSymbol) === asked.insuredCardSymbol)) &&
  (asked.insuredBranchNumber === undefined ||
    (filed.insuredBranchNumber !== undefined &&
      normaliseBranch(filed.insuredBranchNumber) === asked.insuredBranchNumber));

/**
 * Whether a coverage had what was asked by on another day than that of the question: `later`, as with the number of today about a day before it
 * was given; `earlier`, as with a number that has been replaced.
 */
const namedOnAnotherDay = (
  person: PersonFacts,
  { changes = [], qualificationId }: QualificationFacts,
  asked: InsuredKey,
  { serviceDate, knownAt }: Question,
): 'later' | 'earlier' | undefined => {
  const registered = person.qualifications.find((one) => one.qualificationId === qualificationId);
  const isNamedOn = (day: CivilDate): boolean =>
    registered !== undefined && agrees(person, qualificationAsOf(registered, { serviceDate: day, knownAt }), asked);
  const days = changes.flatMap(({ from }) => (from === undefined ? [] : [from]));
  if (days.some((day) => day > serviceDate && isNamedOn(day))) return 'later';
  return days.some((day) => day <= serviceDate && isNamedOn(addDays(day, -1))) ? 'earlier' : undefined;
};

interface AskedAbout {
  readonly standings: readonly Standing[];
  readonly asked: readonly Standing[];
  /** By a number that was the coverage's before. */
  readonly byReplacedNumber: boolean;
}

/** People of whom a coverage is asked about: as it stands on the service date, and where it is nobody's so, as it stood on another day. */
const askedAbout = (asked: InsuredKey, people: readonly PersonFacts[], question: Question): readonly AskedAbout[] => {
  const candidates = people.map((person) => ({ person, standings: standingsOf(person, question) }));
  const matching = candidates
    .map(({ standings }) => ({
      standings,
      asked: standings.filter((s) => agrees(s.person, s.qualification, asked)),
      byReplacedNumber: false,
    }))
    .filter((candidate) => candidate.asked.length > 0);
  if (matching.length > 0) return matching;
  return candidates.flatMap(({ person, standings }): AskedAbout[] => {
    // Born when they were, as it is known for that day; the number as it was on others.
    const named = standings.map((s) =>
      namedOnAnotherDay({ ...person, identity: s.person.identity }, s.qualification, asked, question),
    );
    const of = (when: 'later' | 'earlier'): readonly Standing[] => standings.filter((_, i) => named[i] === when);
    if (named.includes('later')) return [{ standings, asked: of('later'), byReplacedNumber: false }];
    if (named.includes('earlier')) return [{ standings, asked: of('earlier'), byReplacedNumber: true }];
    return [];
  });
};

/** By number one coverage is asked about; a newer one at another insurer is told of, not disclosed. */
export const decideByNumber = (
  asked: InsuredKey,
  people: readonly PersonFacts[],
  question: Question,
): CoverageDecision => {
  const notices: NoticeCode[] = asked.insurerNumberCheckDigitWrong ? ['insurer-number-check-digit'] : [];
  const [only, another] = askedAbout(asked, people, question);
  if (only === undefined) return { verdict: 'not-found', shown: [], notices };
  if (another !== undefined) return { verdict: 'multiple', shown: [], notices: [...notices, 'branch-number-needed'] };

  const held = only.standings.filter(holds);
  if (only.byReplacedNumber && only.asked.some(holds))
    return { verdict: 'invalid-newer-exists', shown: [], notices: [...notices, 'newer-coverage-exists'] };
  if (only.asked.some(holds)) {
    const decision = holding(held, question) ?? notHolding(only.asked, question);
    return { ...decision, notices: [...notices, ...decision.notices] };
  }
  const decision = notHolding(only.asked, question);
  if (decision.verdict === 'invalid' && held.some((s) => !isMedicalAid(s)))
    return {
      verdict: 'invalid-newer-exists',
      shown: decision.shown,
      notices: [...notices, 'newer-coverage-exists', ...decision.notices.filter((code) => code !== 'coverage-lost')],
    };
  return { ...decision, notices: [...notices, ...decision.notices] };
};
