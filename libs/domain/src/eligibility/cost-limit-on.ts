import {
  addDays,
  addToMonth,
  birthdayAt,
  firstDayOf,
  lastDayOf,
  monthOf,
  yearMonth,
  type CivilDate,
  type YearMonth,
} from '../calendar/index.js';
import { elderly70FirstDay } from '../copay/index.js';
import {
  costLimitRowFor,
  costLimitTableFor,
  halved,
  isHalvedMonth,
  type Category,
  type CostLimitRow,
  type CostLimitTable,
} from '../cost-limit/index.js';
import { RULE_VERSION } from '../rule-version.js';
import type { Copay, CostLimit, LimitAmount, Question } from './answer.js';
import { ageGroupOf, categoryOn, type AgeGroup } from './category-on.js';
import type { BandOn } from './copay-on.js';
import type { Period, QualificationFacts } from './facts.js';
import { deciding, known, meet, outside, periodOf } from './filed-facts.js';

const LATE_ELDERLY_AGE = 75;
/** Later than any table. */
const FAR_AHEAD = yearMonth('2199-12');

/** The days around the service date on which the age alone leaves the limit as it is. */
const agePeriod = (
  qualification: QualificationFacts,
  birthdate: CivilDate,
  on: BandOn,
  question: Question,
  isHalved: boolean,
): Period => {
  const month = monthOf(question.serviceDate);
  if (isHalved)
    return meet(on.band === 'late75' || on.band === 'elderly70' ? on : { from: birthdate }, {
      from: firstDayOf(month),
      to: lastDayOf(month),
    });
  const monthOf75 = monthOf(birthdayAt(birthdate, LATE_ELDERLY_AGE));
  const halvedThen = isHalvedMonth({ birthDate: birthdate, treatmentMonth: monthOf75, entry: entryOf(qualification) });
  switch (on.band) {
    case 'preschool':
    case 'general':
      return { from: birthdate, to: addDays(elderly70FirstDay(birthdate), -1) };
    case 'elderly70':
      return halvedThen ? meet(on, { from: on.from, to: addDays(firstDayOf(monthOf75), -1) }) : on;
    case 'late75':
      return halvedThen ? meet(on, { from: firstDayOf(addToMonth(monthOf75, 1)) }) : on;
  }
};

const entryOf = (qualification: QualificationFacts): 'turns75' | 'disability_certified' =>
  qualification.disabilityCertified ? 'disability_certified' : 'turns75';

const amountOf = (row: LimitAmount): LimitAmount => ({
  baseYen: row.baseYen,
  ...(row.thresholdYen === undefined ? {} : { thresholdYen: row.thresholdYen }),
  ...(row.ratePercent === undefined ? {} : { ratePercent: row.ratePercent }),
  ...(row.multipleTimesYen === undefined ? {} : { multipleTimesYen: row.multipleTimesYen }),
});

/** Last month for which a table was announced: the one before its successor, be that in force or planned. */
const lastMonthOf = (group: AgeGroup, table: CostLimitTable): YearMonth | undefined => {
  if (table.effectiveTo !== undefined) return table.effectiveTo;
  const newest = costLimitTableFor(group, FAR_AHEAD, { planned: true });
  return newest === undefined || newest.effectiveFrom === table.effectiveFrom
    ? undefined
    : addToMonth(newest.effectiveFrom, -1);
};

interface LimitFrom extends Period {
  readonly table: CostLimitTable;
  readonly row: CostLimitRow;
}

/** By a planned table, where asked for: a class that only 標準報酬月額 tells is told for as long as that is known. */
const plannedLimit = (
  qualification: QualificationFacts,
  group: AgeGroup,
  category: Category,
  question: Question,
): LimitFrom | undefined => {
  if (question.plannedTables !== true) return undefined;
  const month = monthOf(question.serviceDate);
  const table = costLimitTableFor(group, month, { planned: true });
  if (table?.status !== 'planned') return undefined;
  const period = { from: firstDayOf(table.effectiveFrom) };
  const only = costLimitRowFor(group, category, month, { planned: true });
  if (only !== undefined) return { table, row: only, ...period };
  const income = deciding(qualification.income, question);
  if (income?.fact.facts.scheme !== 'shaho') return undefined;
  const { standardMonthlyRemuneration } = income.fact.facts;
  const row = costLimitRowFor(group, category, month, { planned: true, standardMonthlyRemuneration });
  return row === undefined ? undefined : { table, row, ...meet(period, income) };
};

/** Income that begins or ends may tell the class that was wanting, where planned tables are used. */
const untilIncomeChanges = (qualification: QualificationFacts, period: Period, question: Question): Period => {
  if (question.plannedTables !== true) return period;
  const date = question.serviceDate;
  return known(qualification.income, question).reduce<Period>(
    (rest, fact) =>
      fact.from <= date && (fact.to === undefined || date <= fact.to) ? meet(rest, fact) : outside([fact], rest, date),
    period,
  );
};

/** By the table in force. Beyond what it was announced for it is still the law, month by month. */
const limitInForce = (
  qualification: QualificationFacts,
  group: AgeGroup,
  category: Category,
  question: Question,
): (LimitFrom & { readonly changePlanned: boolean }) | undefined => {
  const month = monthOf(question.serviceDate);
  const row = costLimitRowFor(group, category, month);
  const table = costLimitTableFor(group, month);
  if (row === undefined || table === undefined) return undefined;
  const until = lastMonthOf(group, table);
  const changePlanned = until !== undefined && until < month;
  const period = changePlanned
    ? untilIncomeChanges(qualification, { from: firstDayOf(month), to: lastDayOf(month) }, question)
    : periodOf(firstDayOf(table.effectiveFrom), until === undefined ? undefined : lastDayOf(until));
  return { table, row, changePlanned, ...period };
};

export const costLimitOn = (
  qualification: QualificationFacts,
  birthdate: CivilDate,
  on: BandOn,
  copay: Copay,
  question: Question,
): CostLimit | undefined => {
  const group = ageGroupOf(on.band);
  const decided = categoryOn(qualification, group, copay, question);
  if (decided === undefined) return undefined;
  const treatmentMonth = monthOf(question.serviceDate);
  const planned = plannedLimit(qualification, group, decided.category, question);
  const inForce = limitInForce(qualification, group, decided.category, question);
  const limit = planned ?? inForce;
  if (limit === undefined) return undefined;
  const { row, table } = limit;
  const isHalved = isHalvedMonth({ birthDate: birthdate, treatmentMonth, entry: entryOf(qualification) });
  const person = isHalved ? halved(row) : row;
  const valid = meet(meet(decided.period, agePeriod(qualification, birthdate, on, question, isHalved)), limit);
  return {
    classificationFlag: decided.flag,
    label: decided.label,
    treatmentMonth,
    tableEffectiveFrom: table.effectiveFrom,
    household: amountOf(row),
    ...(isHalved ? { person: amountOf(person), halved: true as const } : {}),
    ...(person.outpatientYen === undefined ? {} : { outpatientYen: person.outpatientYen }),
    ...(row.outpatientAnnualYen === undefined ? {} : { outpatientAnnualYen: row.outpatientAnnualYen }),
    ...(row.annualCapYen === undefined ? {} : { annualCapYen: row.annualCapYen }),
    validFrom: valid.from,
    ...(valid.to === undefined ? {} : { validTo: valid.to }),
    ruleVersion: RULE_VERSION,
    changePlanned: planned === undefined && inForce?.changePlanned === true,
    ...(planned === undefined ? {} : { planned: true as const }),
  };
};
