import type { Enrollment, EnrollmentStep, FiledQualification, Qualification } from '@app/contracts';
import { addDays, type CivilDate } from '@app/domain';

import { startOfTokyoDay, tokyoDay, tokyoInstant } from '../clock/clock.js';
import type { FiledCoverage, FiledStep, Filing, OwnQualification } from './filings.js';
import { shownReason } from './reasons.js';

/** A review takes days; the insurer has five for the registration as a whole (2023-06-01). */
const REVIEW_DAYS = 5;

const shownStep = ({ state, at, reasons }: FiledStep): EnrollmentStep => ({
  state,
  at: tokyoInstant(at),
  ...(reasons === undefined ? {} : { reasons: reasons.map(({ code }) => code) }),
});

const estimateOf = ({ state }: Filing, today: CivilDate, isRegistryThere: boolean): CivilDate | undefined => {
  switch (state) {
    case 'received':
    case 'looking-up':
      return isRegistryThere ? addDays(today, 1) : undefined;
    case 'needs-review':
      return addDays(today, REVIEW_DAYS + 1);
    case 'registered':
    case 'returned':
      return undefined;
  }
};

/** A filing as its insurer sees it at an instant: what is registered becomes usable by itself when its day comes. */
export const shownEnrollment = (filing: Filing, now: number, isRegistryThere: boolean): Enrollment => {
  const { enrollmentId, kind, state, receivedAt, qualificationDate, dueOn, late, usableFrom, reasons } = filing;
  const today = tokyoDay(now);
  const isUsable = state === 'registered' && usableFrom !== undefined && usableFrom <= today;
  const estimatedUsableFrom = estimateOf(filing, today, isRegistryThere);
  return {
    enrollmentId,
    kind,
    state: isUsable ? 'usable' : state,
    receivedAt: tokyoInstant(receivedAt),
    qualificationDate,
    dueOn,
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

export const shownCoverage = (coverage: FiledCoverage): FiledQualification => {
  const { insuredCardSymbol, insuredIdentificationNumber, insuredBranchNumber, personalFamilyClassification } =
    coverage;
  return {
    ...shownQualification(coverage),
    ...(insuredCardSymbol === undefined ? {} : { insuredCardSymbol }),
    insuredIdentificationNumber,
    ...(insuredBranchNumber === undefined ? {} : { insuredBranchNumber }),
    personalFamilyClassification,
    usableFrom: coverage.usableFrom,
    recordedAt: tokyoInstant(coverage.recordedAt),
  };
};
