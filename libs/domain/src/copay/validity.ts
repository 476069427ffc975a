import type { CivilDate } from '../calendar/civil-date.js';
import { earlier, later } from '../calendar/day-number.js';
import { benefitYearOf, incomeYearOf } from '../calendar/years.js';
import { bandPeriodOn, type BandOptions } from './band.js';

export interface RateValidityInput extends BandOptions {
  readonly birthDate: CivilDate;
  readonly date: CivilDate;
}

/** How long a judged rate holds, both ends included, and the calendar year whose income decided it. */
export interface RateValidity {
  readonly validFrom: CivilDate;
  readonly validTo: CivilDate;
  readonly incomeYear: number;
}

/**
 * 国保 and 後期: judged every 1 August from the income of the year before; cut at the borders of the age band.
 * 健保 has no such period (the rate follows 標準報酬月額, from the 1st of the month in which it changes).
 */
export const rateValidityPeriod = ({ birthDate, date, ...opts }: RateValidityInput): RateValidity => {
  const year = benefitYearOf(date);
  const band = bandPeriodOn(birthDate, date, opts);
  return {
    validFrom: later(year.from, band.from),
    validTo: band.to === undefined ? year.to : earlier(year.to, band.to),
    incomeYear: incomeYearOf(date),
  };
};
