import { birthdayAt } from '../calendar/age.js';
import { dayOf, fromParts, monthNumberOf, yearOf, type CivilDate } from '../calendar/civil-date.js';
import { addDays, later } from '../calendar/day-number.js';

/** 未就学 · 一般 (義務教育就学後-70歳未満相当) · 高齢受給者 70-74 · 後期高齢者 75- (or certified disabled from 65). */
export type Band = 'preschool' | 'general' | 'elderly70' | 'late75';

/** As a clerk calls them. */
export const BAND_NAMES: Readonly<Record<Band, string>> = {
  preschool: '義務教育就学前',
  general: '義務教育就学後から70歳未満',
  elderly70: '70歳から74歳（高齢受給者）',
  late75: '後期高齢者（75歳以上、または65歳以上で障害認定）',
};

/** A band and the days it lasts, both ends included; 75 and over has no end. */
export interface BandPeriod {
  readonly band: Band;
  readonly from: CivilDate;
  readonly to?: CivilDate;
}

export interface BandOptions {
  /** 障害認定日: first day in 後期 by certification, at 65 to 74. Earlier than the 65th birthday counts from that birthday. */
  readonly disabilityCertifiedFrom?: CivilDate;
}

/**
 * Last day of the 20 % for children: the first 31 March on or after the day age 6 is reached (健保法110条2項). Age is reached
 * the day before the birthday, so a birthday up to 1 April belongs to that March.
 */
export const preschoolLastDay = (birthDate: CivilDate): CivilDate => {
  const month = monthNumberOf(birthDate);
  const isByMarch = month < 4 || (month === 4 && dayOf(birthDate) === 1);
  return fromParts(yearOf(birthDate) + (isByMarch ? 6 : 7), 3, 31);
};

/**
 * First day as 高齢受給者: the 1st of the month after the month in which 70 is reached (健保法74条1項2号). Born on a 1st, the age
 * is reached in the month before, so it begins on the birthday.
 */
export const elderly70FirstDay = (birthDate: CivilDate): CivilDate => {
  const year = yearOf(birthDate) + 70;
  const month = monthNumberOf(birthDate);
  if (dayOf(birthDate) === 1) return fromParts(year, month, 1);
  return month === 12 ? fromParts(year + 1, 1, 1) : fromParts(year, month + 1, 1);
};

/** First day in 後期: the 75th birthday itself (高確法50条・52条); 1 March for 29 February births, as 75 years later is never a leap year. */
export const late75FirstDay = (birthDate: CivilDate): CivilDate => birthdayAt(birthDate, 75);

/**
 * The band on a day and the days it lasts. A day before birth answers as the day of birth: refusing it is the door's task.
 * Source: 健保法74条・110条, 高確法50条.
 */
export const bandPeriodOn = (birthDate: CivilDate, date: CivilDate, opts: BandOptions = {}): BandPeriod => {
  const preschoolTo = preschoolLastDay(birthDate);
  if (date <= preschoolTo) return { band: 'preschool', from: birthDate, to: preschoolTo };

  const turns75 = late75FirstDay(birthDate);
  const certified = opts.disabilityCertifiedFrom;
  let late75From = turns75;
  if (certified !== undefined && certified < turns75) late75From = later(certified, birthdayAt(birthDate, 65));
  if (date >= late75From) return { band: 'late75', from: late75From };

  const lastBefore75 = addDays(late75From, -1);
  const turns70 = elderly70FirstDay(birthDate);
  if (date >= turns70) return { band: 'elderly70', from: turns70, to: lastBefore75 };
  const generalTo = addDays(turns70, -1);
  return { band: 'general', from: addDays(preschoolTo, 1), to: generalTo < late75From ? generalTo : lastBefore75 };
};
