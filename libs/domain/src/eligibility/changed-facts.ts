import type { CivilDate } from '../calendar/index.js';
import type { FactChange, Instant, PersonFacts, QualificationFacts } from './facts.js';

/** As of which day, and what was known when. */
export interface AsOf {
  readonly serviceDate: CivilDate;
  readonly knownAt: Instant;
}

/** What holds from a later day on goes before; of two of one day, the one filed last is the correction. All along is before every day. */
const weakestFirst = (a: Pick<FactChange<never>, 'from' | 'recordedAt'>, b: typeof a): number =>
  a.from === b.from ? a.recordedAt - b.recordedAt : (a.from ?? '') < (b.from ?? '') ? -1 : 1;

/** Each attribute as the change that decides it left it: one that says nothing of it changes nothing of it. */
const changed = <T extends object, S extends Partial<T>>(
  base: T,
  changes: readonly FactChange<S>[] | undefined,
  { serviceDate, knownAt }: AsOf,
): T => {
  const inForce = changes?.filter(
    ({ from, recordedAt }) => recordedAt <= knownAt && (from === undefined || from <= serviceDate),
  );
  if (inForce === undefined || inForce.length === 0) return base;
  const whole = new Map<string, unknown>(Object.entries(base));
  for (const change of inForce.toSorted(weakestFirst)) {
    for (const [attribute, value] of Object.entries(change.changed)) whole.set(attribute, value);
    for (const attribute of change.removed ?? []) whole.delete(attribute as string);
  }
  return Object.fromEntries(whole) as T;
};

export const qualificationAsOf = (qualification: QualificationFacts, asOf: AsOf): QualificationFacts =>
  changed(qualification, qualification.changes, asOf);

/** A person and their coverages as they were on a day: name, address and number are those of that day, as far as it was known. */
export const personAsOf = (person: PersonFacts, asOf: AsOf): PersonFacts =>
  person.identityChanges === undefined && person.qualifications.every(({ changes }) => changes === undefined)
    ? person
    : {
        ...person,
        identity: changed(person.identity, person.identityChanges, asOf),
        qualifications: person.qualifications.map((qualification) => qualificationAsOf(qualification, asOf)),
      };
