import type { CivilDate } from '../calendar/civil-date.js';

/** 資格: from the day acquired to the day before the day lost. `null` or absent: not lost. */
export interface Qualification {
  readonly acquiredOn: CivilDate;
  /** 資格喪失日: the first day without coverage. */
  readonly lostOn?: CivilDate | null;
}

/** `acquired <= d < lost` (健保法35条・36条). Lost on the day acquired: never covered. */
export const coversOn = (qualification: Qualification, date: CivilDate): boolean => {
  const lostOn = qualification.lostOn;
  return qualification.acquiredOn <= date && (lostOn === undefined || lostOn === null || date < lostOn);
};
