import type { CivilDate } from '../calendar/index.js';
import type { Filed } from './filed-facts.js';
import type { FactChange, Instant, PersonFacts, QualificationFacts } from './facts.js';

/**
 * Whether something was filed after that instant which bears on a service date: a coverage that had begun by then, a loss of that
 * day or before, a change from then on or before, or a fact that decides copay or limit of that day. Then whoever asked about the day before that instant may
 * have been told something else than would be said now (遡及喪失, 遡及取得; 健保法36条: the day of loss is the first without coverage).
 */
export const filedSince = (
  { identityChanges, qualifications }: PersonFacts,
  since: Instant,
  serviceDate: CivilDate,
): boolean => {
  const isChanged = (changes: readonly Pick<FactChange<never>, 'from' | 'recordedAt'>[] = []): boolean =>
    changes.some(({ from, recordedAt }) => recordedAt > since && (from === undefined || from <= serviceDate));
  return (
    isChanged(identityChanges) ||
    qualifications.some((qualification) => {
      const { acquiredOn, recordedAt, loss, changes } = qualification;
      return (
        isChanged(changes) ||
        (recordedAt > since && acquiredOn <= serviceDate) ||
        (loss !== undefined && loss.recordedAt > since && loss.lostOn <= serviceDate) ||
        datedFacts(qualification).some(
          (fact) =>
            fact.recordedAt > since && fact.from <= serviceDate && (fact.to === undefined || serviceDate <= fact.to),
        )
      );
    })
  );
};

const datedFacts = (qualification: QualificationFacts): readonly Filed[] => [
  ...qualification.income,
  ...qualification.copayCertificates,
  ...qualification.limitCertificates,
  ...qualification.specificDiseases,
  ...qualification.tickets,
];
