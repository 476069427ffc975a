import { birthdayAt } from '../calendar/age.js';
import type { CivilDate } from '../calendar/civil-date.js';
import { addDays } from '../calendar/day-number.js';

/** What ends a qualification. `eventDate` is the last day of work, the day of death, or the first day in the other scheme. */
export type LossEvent =
  | { readonly event: 'retire' | 'death'; readonly eventDate: CivilDate }
  | { readonly event: 'same_day_transfer'; readonly eventDate: CivilDate }
  | { readonly event: 'turns75'; readonly birthDate: CivilDate };

export interface Loss {
  /** 資格喪失日: the first day without coverage. */
  readonly lossDate: CivilDate;
  readonly lastCoveredDay: CivilDate;
}

/** The day after retirement or death; the same day when another scheme is acquired, and on the 75th birthday (健保法36条). */
export const lossOf = (event: LossEvent): Loss => {
  const lossDate = lossDay(event);
  return { lossDate, lastCoveredDay: addDays(lossDate, -1) };
};

const lossDay = (event: LossEvent): CivilDate => {
  switch (event.event) {
    case 'retire':
    case 'death':
      return addDays(event.eventDate, 1);
    case 'same_day_transfer':
      return event.eventDate;
    case 'turns75':
      return birthdayAt(event.birthDate, 75);
  }
};
