import type { CivilDate } from '../calendar/civil-date.js';
import { addDays } from '../calendar/day-number.js';

/** マイナ保険証 works with the new insurance from the day after the data registration is complete. */
export const usableFrom = (registrationCompletedOn: CivilDate): CivilDate => addDays(registrationCompletedOn, 1);

/** `null`: the registration is not complete, so not usable. */
export const isUsableOn = (registrationCompletedOn: CivilDate | null, date: CivilDate): boolean =>
  registrationCompletedOn !== null && date >= usableFrom(registrationCompletedOn);
