import type {
  Enrollment,
  EnrollmentStep,
  FiledPerson,
  FiledQualification,
  InsuredHistory,
  Qualification,
  RecordedChange,
} from '@app/contracts';
import {
  addDays,
  earlier,
  later,
  personAsOf,
  remunerationOn,
  type AsOf,
  type CivilDate,
  type Identity,
} from '@app/domain';

import { startOfTokyoDay, tokyoDay, tokyoInstant } from '../clock/clock.js';
import type { FiledCoverage, FiledStep, Filing, KnownChange, KnownPerson, OwnQualification } from './filings.js';
import { shownReason } from './reasons.js';

/** A review takes days; the insurer has five for the registration as a whole (2023-06-01). */
const REVIEW_DAYS = 5;

const shownStep = ({ state, at, reasons }: FiledStep): EnrollmentStep => ({
  state,
  at: tokyoInstant(at),
  ...(reasons === undefined ? {} : { reasons: reasons.map(({ code }) => code) }),
});

const estimateOf = (
  { state, kind, effectiveDate }: Filing,
  today: CivilDate,
  isRegistryThere: boolean,
): CivilDate | undefined => {
  const isChange = kind === 'change' || kind === 'correction';
  switch (state) {
    case 'received':
    case 'looking-up':
      if (!isRegistryThere) return undefined;
      return isChange ? later(today, (effectiveDate ?? today) as CivilDate) : addDays(today, 1);
    case 'needs-review':
      return addDays(today, REVIEW_DAYS + (isChange ? 0 : 1));
    case 'registered':
    case 'returned':
      return undefined;
  }
};

/** A filing as its insurer sees it at an instant: what is registered becomes usable by itself when its day comes. */
export const shownEnrollment = (filing: Filing, now: number, isRegistryThere: boolean): Enrollment => {
  const { enrollmentId, kind, state, receivedAt, qualificationDate, effectiveDate, dueOn, late, usableFrom, reasons } =
    filing;
  const today = tokyoDay(now);
  const isUsable = state === 'registered' && usableFrom !== undefined && usableFrom <= today;
  const estimatedUsableFrom = estimateOf(filing, today, isRegistryThere);
  return {
    enrollmentId,
    kind,
    state: isUsable ? 'usable' : state,
    receivedAt: tokyoInstant(receivedAt),
    ...(qualificationDate === undefined ? {} : { qualificationDate }),
    ...(effectiveDate === undefined ? {} : { effectiveDate }),
    ...(dueOn === undefined ? {} : { dueOn }),
    late,
    ...(estimatedUsableFrom === undefined ? {} : { estimatedUsableFrom }),
    ...(usableFrom === undefined ? {} : { usableFrom }),
    ...(filing.qualificationId === undefined ? {} : { qualificationId: filing.qualificationId }),
    ...(filing.personId === undefined ? {} : { insuredPersonId: filing.personId }),
    ...(reasons === undefined ? {} : { reasons: reasons.map(shownReason) }),
    ...(filing.reviews === undefined
      ? {}
      : { reviews: filing.reviews.map(({ at, ...review }) => ({ ...review, at: tokyoInstant(at) })) }),
    history: [
      ...filing.history.map(shownStep),
      ...(isUsable ? [{ state: 'usable' as const, at: tokyoInstant(startOfTokyoDay(usableFrom)) }] : []),
    ],
  };
};

export const shownQualification = ({
  qualificationId,
  personId,
  acquiredOn,
  lostOn,
  reasonOfLoss,
  lossRecordedAt,
}: OwnQualification): Qualification => ({
  qualificationId,
  insuredPersonId: personId,
  qualificationDate: acquiredOn,
  ...(lostOn === undefined ? {} : { disqualificationDate: lostOn }),
  ...(reasonOfLoss === undefined ? {} : { reasonOfLoss }),
  ...(lossRecordedAt === undefined ? {} : { lossRecordedAt: tokyoInstant(lossRecordedAt) }),
});

const shownChange = ({ from, recordedAt, changed, enrollmentId }: KnownChange): RecordedChange => ({
  ...(from === undefined ? {} : { from }),
  recordedAt: tokyoInstant(recordedAt),
  changed: [...changed],
  ...(enrollmentId === undefined ? {} : { enrollmentId }),
});

const changesOf = (changes: readonly KnownChange[]): { changes?: RecordedChange[] } =>
  changes.length === 0 ? {} : { changes: changes.map(shownChange) };

const shownPerson = ({ name, nameKana, birthdate, sex1, address, postNumber, nameOfOther }: Identity): FiledPerson => ({
  name,
  nameKana,
  birthdate,
  sex1,
  ...(address === undefined ? {} : { address }),
  ...(postNumber === undefined ? {} : { postNumber }),
  ...(nameOfOther === undefined ? {} : { nameOfOther }),
});

const shownCoverage = (coverage: FiledCoverage, { facts, changes }: KnownPerson, asOf: AsOf): FiledQualification => {
  const { qualificationId, usableFrom, recordedAt } = coverage;
  const then = personAsOf(facts, asOf).qualifications.find((one) => one.qualificationId === qualificationId);
  const { insuredCardSymbol, insuredIdentificationNumber, insuredBranchNumber, personalFamilyClassification } =
    then ?? coverage;
  const remuneration = then && remunerationOn(then, asOf);
  return {
    ...shownQualification(coverage),
    ...(insuredCardSymbol === undefined ? {} : { insuredCardSymbol }),
    insuredIdentificationNumber,
    ...(insuredBranchNumber === undefined ? {} : { insuredBranchNumber }),
    personalFamilyClassification,
    usableFrom,
    recordedAt: tokyoInstant(recordedAt),
    ...(remuneration === undefined ? {} : { standardMonthlyRemuneration: remuneration }),
    ...changesOf(changes.filter((change) => change.qualificationId === qualificationId)),
  };
};

/** The last day on which this insurer covered them, where all of it is over: who they were later is nothing of its own. */
const lastDayOf = ({ facts }: KnownPerson): CivilDate | undefined => {
  const ends = facts.qualifications.map(({ loss }) => loss?.lostOn);
  return ends.reduce<CivilDate | undefined>(
    (last, lostOn) => (last === undefined || lostOn === undefined ? undefined : later(last, lostOn)),
    ends[0],
  );
};

/** Everything this insurer filed about a person, as of a day and as it was known at an instant. */
export const shownHistory = (personId: string, known: KnownPerson, on: CivilDate, knownAt: number): InsuredHistory => {
  const lostOn = lastDayOf(known);
  const personOn = lostOn === undefined ? on : earlier(on, addDays(lostOn, -1));
  const asOf = { serviceDate: on, knownAt };
  return {
    insuredPersonId: personId,
    knownAt: tokyoInstant(knownAt),
    on,
    person: shownPerson(personAsOf(known.facts, { serviceDate: personOn, knownAt }).identity),
    ...changesOf(
      known.changes.filter(
        ({ qualificationId, from }) => qualificationId === undefined && (from === undefined || from <= personOn),
      ),
    ),
    qualifications: known.coverages.map((coverage) => shownCoverage(coverage, known, asOf)),
  };
};
