import { birthdayAt } from '../calendar/age.js';
import { civilDate, type CivilDate } from '../calendar/civil-date.js';
import { addDays, addMonths, addYears, firstOfMonth } from '../calendar/day-number.js';

/** Months of coverage in a row that open 任意継続 (健保法3条4項). */
export const VOLUNTARY_MONTHS_NEEDED = 2;
/** Days for the application, the day of loss being the first (insurers' practice; 健保法37条 says within 20 days). */
export const VOLUNTARY_APPLICATION_DAYS = 20;
/** 任意の資格喪失の申出 exists from this day (令和4年1月1日施行). */
export const VOLUNTARY_WITHDRAWAL_FROM = civilDate('2022-01-01');

export type VoluntaryContinuation =
  | {
      readonly eligible: true;
      readonly applyBy: CivilDate;
      readonly acquiredOn: CivilDate;
      readonly lossAfter2Years: CivilDate;
    }
  | { readonly eligible: false; readonly reason: 'covered-less-than-2-months' };

/** Whether, until when, and for how long a person may go on with the former insurer (健保法37条・38条). */
export const voluntaryContinuation = (facts: {
  readonly lossDate: CivilDate;
  readonly monthsCoveredBefore: number;
}): VoluntaryContinuation =>
  facts.monthsCoveredBefore < VOLUNTARY_MONTHS_NEEDED
    ? { eligible: false, reason: 'covered-less-than-2-months' }
    : {
        eligible: true,
        applyBy: addDays(facts.lossDate, VOLUNTARY_APPLICATION_DAYS - 1),
        acquiredOn: facts.lossDate,
        lossAfter2Years: addYears(facts.lossDate, 2),
      };

export type VoluntaryEnd =
  | { readonly cause: 'unpaid'; readonly dueDate: CivilDate }
  | { readonly cause: 'withdrawal'; readonly receivedOn: CivilDate }
  | { readonly cause: 'employed'; readonly on: CivilDate }
  | { readonly cause: 'died'; readonly on: CivilDate }
  | { readonly cause: 'turns75'; readonly birthDate: CivilDate };

/** 資格喪失日 of 任意継続 by cause (健保法38条): the first day without coverage. */
export const voluntaryLossDate = (end: VoluntaryEnd): CivilDate => {
  switch (end.cause) {
    case 'unpaid':
      return addDays(end.dueDate, 1);
    case 'withdrawal':
      return addMonths(firstOfMonth(end.receivedOn), 1);
    case 'employed':
      return end.on;
    case 'died':
      return addDays(end.on, 1);
    case 'turns75':
      return birthdayAt(end.birthDate, 75);
  }
};
