import { addDays, earlier, later, type CivilDate } from '../calendar/index.js';
import type { Question } from './answer.js';
import type { Instant, Period } from './facts.js';

export type Filed = Period & { readonly recordedAt: Instant };

export const known = <T extends Filed>(facts: readonly T[], question: Question): readonly T[] =>
  facts.filter((fact) => fact.recordedAt <= question.knownAt);

export const inForce = <T extends Filed>(facts: readonly T[], question: Question): readonly T[] =>
  known(facts, question).filter(
    (fact) => fact.from <= question.serviceDate && (fact.to === undefined || question.serviceDate <= fact.to),
  );

/** A certificate issued anew replaces the one before; of two that begin on one day, the one filed last is the correction. */
const decidesBefore = (a: Filed, b: Filed): boolean =>
  a.from > b.from || (a.from === b.from && a.recordedAt > b.recordedAt);

/** What decides on the service date, and the days around it on which it does. */
export interface Deciding<T> extends Period {
  readonly fact: T;
}

export const deciding = <T extends Filed>(facts: readonly T[], question: Question): Deciding<T> | undefined => {
  const fact = inForce(facts, question).reduce<T | undefined>(
    (chosen, next) => (chosen === undefined || decidesBefore(next, chosen) ? next : chosen),
    undefined,
  );
  if (fact === undefined) return undefined;
  const others = known(facts, question).filter((other) => decidesBefore(other, fact));
  return { fact, ...outside(others, fact, question.serviceDate) };
};

/** `period` as far as none of `others` reaches into it from either side. None of them is in force on `date`. */
export const outside = (others: readonly Period[], period: Period, date: CivilDate): Period =>
  others.reduce<Period>((rest, other) => {
    if (other.from > date) return meet(rest, { from: rest.from, to: addDays(other.from, -1) });
    return other.to === undefined ? rest : meet(rest, { from: addDays(other.to, 1) });
  }, period);

export const meet = (a: Period, b: Period): Period => {
  const from = later(a.from, b.from);
  const to = a.to === undefined ? b.to : b.to === undefined ? a.to : earlier(a.to, b.to);
  return to === undefined ? { from } : { from, to };
};

/** Open-ended when `to` is left out. */
export const periodOf = (from: CivilDate, to: CivilDate | undefined): Period =>
  to === undefined ? { from } : { from, to };
