import { addDays, ageReachedOn, birthdayAt, fromWareki, toWareki } from '../calendar/index.js';
import { BAND_NAMES, bandPeriodOn, elderly70FirstDay, late75FirstDay, preschoolLastDay } from '../copay/index.js';
import { dayText, step } from '../explanation.js';
import { day, integer, oneOf, optional } from './input.js';
import { against, answer } from './result.js';
import { rule, ruleBy } from './rule.js';

const NENREI = '年齢計算ニ関する法律, 民法143条';

export const ageReached = rule({ birthDate: day, age: integer(1, 150) }, ({ birthDate, age }) => {
  const reachedOn = ageReachedOn(birthDate, age);
  return answer(
    { reachedOn },
    step('年齢到達日', `${age}歳の誕生日 ${dayText(birthdayAt(birthDate, age))}の前日`, NENREI),
  );
});

export const preschoolBoundary = rule({ birthDate: day }, ({ birthDate }) => {
  const lastDayAt20Percent = preschoolLastDay(birthDate);
  return answer(
    { lastDayAt20Percent, firstDayAt30Percent: addDays(lastDayAt20Percent, 1) },
    step('6歳到達日', `${dayText(ageReachedOn(birthDate, 6))}（6歳の誕生日の前日）`, NENREI),
    step('義務教育就学前', `6歳に達する日以後の最初の3月31日、${dayText(lastDayAt20Percent)}まで2割`, '健保法110条2項'),
  );
});

export const elderlyBoundaries = rule({ birthDate: day }, ({ birthDate }) => {
  const start75 = late75FirstDay(birthDate);
  return answer(
    { start70to74: elderly70FirstDay(birthDate), start75, lastDayBefore75: addDays(start75, -1) },
    step(
      '70歳到達日',
      `${dayText(ageReachedOn(birthDate, 70))}（70歳の誕生日の前日）の属する月の翌月1日から`,
      '健保法74条1項',
    ),
    step('75歳の誕生日', `誕生日当日の${dayText(start75)}から後期高齢者医療`, '高確法50条・52条'),
  );
});

export const ageBand = rule(
  { birthDate: day, date: day, disabilityCertifiedFrom: optional(day) },
  ({ birthDate, date, ...opts }) => {
    if (birthDate > date) return against('birthDate', 'birth-after-date', 'the birth date is after the date');
    const period = bandPeriodOn(birthDate, date, opts);
    return answer(
      { band: period.band, from: period.from, to: period.to ?? null },
      step(
        '年齢区分',
        `${BAND_NAMES[period.band]}、${dayText(period.from)}から${period.to === undefined ? '期限なし' : `${dayText(period.to)}まで`}`,
        '健保法74条・110条, 高確法50条',
      ),
    );
  },
);

const ERA_SOURCE = '元号法; レセプト記録条件仕様の年号区分';

/** 平成元年, and then 平成2年. */
const eraYear = ({ era, year }: { readonly era: string; readonly year: number }): string =>
  `${era}${year === 1 ? '元' : year}年`;

export const wareki = ruleBy([
  [
    'date',
    rule({ date: day }, ({ date }) => {
      const found = toWareki(date);
      if (found === undefined) return against('date', 'before-the-rule', '明治 begins on 1868-01-25');
      return answer({ ...found }, step('和暦', eraYear(found), ERA_SOURCE));
    }),
  ],
  [
    'era',
    rule(
      {
        era: oneOf(['明治', '大正', '昭和', '平成', '令和']),
        year: integer(1, 200),
        month: integer(1, 12),
        day: integer(1, 31),
      },
      (facts) => {
        const parsed = fromWareki(facts.era, facts.year, facts.month, facts.day);
        if (!parsed.ok) return against('year', 'out-of-range', 'the era has no such day');
        return answer({ date: parsed.value }, step('西暦', eraYear(facts), ERA_SOURCE));
      },
    ),
  ],
]);
