import { ageReachedOn } from '../calendar/age.js';
import { civilDate, type CivilDate } from '../calendar/civil-date.js';
import { addMonths, firstOfMonth } from '../calendar/day-number.js';
import type { Certainty } from '../certainty.js';
import { inForceOn, type Dated } from '../dated.js';

/** Class of a patient for 食事療養標準負担額. 精神病床_長期: there since before 2016-04-01. */
export type MealClass = '一般' | '難病' | '精神病床_長期' | '低II' | '低II_90日超' | '低I';
export const MEAL_CLASSES: readonly MealClass[] = ['一般', '難病', '精神病床_長期', '低II', '低II_90日超', '低I'];

/** The most meals that are charged a day. */
export const MEALS_A_DAY = 3;

/** Yen a meal; or, where no figure is published yet, the span that the announcement leaves (`null`: not even that). */
export type MealCharge =
  | { readonly yen: number; readonly certainty: Certainty }
  | { readonly yen: null; readonly span: readonly [number, number] | null; readonly certainty: 'uncertain' };

interface MealTable extends Dated<CivilDate> {
  readonly source: string;
  readonly charges: Readonly<Record<MealClass, MealCharge>>;
}

const sure = (yen: number): MealCharge => ({ yen, certainty: 'certain' });
const between = (from: number, to: number): MealCharge => ({ yen: null, span: [from, to], certainty: 'uncertain' });
const open: MealCharge = { yen: null, span: null, certainty: 'uncertain' };

export const MEAL_TABLES: readonly MealTable[] = [
  {
    effectiveFrom: civilDate('2016-04-01'),
    effectiveTo: civilDate('2018-03-31'),
    source: '米沢市, 松江市',
    charges: {
      一般: sure(360),
      難病: sure(260),
      精神病床_長期: sure(260),
      低II: sure(210),
      低II_90日超: sure(160),
      低I: sure(100),
    },
  },
  {
    effectiveFrom: civilDate('2018-04-01'),
    effectiveTo: civilDate('2024-05-31'),
    source: '米沢市, 松江市',
    charges: {
      一般: sure(460),
      難病: sure(260),
      精神病床_長期: sure(260),
      低II: sure(210),
      低II_90日超: sure(160),
      低I: sure(100),
    },
  },
  {
    effectiveFrom: civilDate('2024-06-01'),
    effectiveTo: civilDate('2025-03-31'),
    source: 'パナソニック健保, 名寄市立病院',
    charges: {
      一般: sure(490),
      難病: sure(280),
      精神病床_長期: open,
      低II: sure(230),
      低II_90日超: sure(180),
      低I: sure(110),
    },
  },
  {
    effectiveFrom: civilDate('2025-04-01'),
    effectiveTo: civilDate('2026-05-31'),
    source: '鋸南町, 玉東町, パナソニック健保',
    charges: {
      一般: sure(510),
      難病: sure(300),
      精神病床_長期: open,
      低II: sure(240),
      低II_90日超: sure(190),
      低I: sure(110),
    },
  },
  {
    effectiveFrom: civilDate('2026-06-01'),
    source: '厚生労働省 予算資料 (medical0810.com/1419.html): 一般 +40円, 低所得 +20～30円',
    charges: {
      一般: { yen: 550, certainty: 'likely' },
      難病: open,
      精神病床_長期: open,
      低II: between(260, 270),
      低II_90日超: between(210, 220),
      低I: between(130, 140),
    },
  },
];

/** What one meal costs an inpatient on a day. `undefined` before 2016-04-01. Source: 健保法85条2項, its notices by date. */
export const mealChargeOn = (
  date: CivilDate,
  mealClass: MealClass,
): { readonly charge: MealCharge; readonly effectiveFrom: CivilDate; readonly source: string } | undefined => {
  const table = inForceOn(MEAL_TABLES, date);
  return table && { charge: table.charges[mealClass], effectiveFrom: table.effectiveFrom, source: table.source };
};

interface RoomRow extends Dated<CivilDate> {
  readonly yenADay: number;
  readonly source: string;
  readonly certainty: Certainty;
}

/** 生活療養: the room part (居住費) on a 療養病床, yen a day, general income. */
export const ROOM_CHARGES: readonly RoomRow[] = [
  {
    effectiveFrom: civilDate('2018-04-01'),
    effectiveTo: civilDate('2026-05-31'),
    yenADay: 370,
    source: '健保法85条の2 生活療養標準負担額 （開始日は独自の知識による）',
    certainty: 'likely',
  },
  {
    effectiveFrom: civilDate('2026-06-01'),
    yenADay: 430,
    source: '厚生労働省 予算資料 (光熱水費 +60円、概数)',
    certainty: 'uncertain',
  },
];

/** First day of 生活療養: the 1st of the month after the one in which 65 is reached (健保法63条2項; own knowledge). */
export const roomChargeFirstDay = (birthDate: CivilDate): CivilDate =>
  addMonths(firstOfMonth(ageReachedOn(birthDate, 65)), 1);
