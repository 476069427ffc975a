import {
  benefitYearOf,
  birthdayAt,
  civilDate,
  firstDayOf,
  addToMonth,
  lastDayOf,
  later,
  earlier,
  monthOf,
  addDays,
  yearMonth,
  type CivilDate,
  type YearMonth,
} from '../calendar/index.js';
import { bandPeriodOn, elderly70FirstDay, kokuho70Copay, koukiCopay, shahoCopay, type Band } from '../copay/index.js';
import { LATE_20_PERCENT } from '../copay/thresholds.js';
import {
  categoryOver70,
  categoryUnder70,
  costLimitRowFor,
  costLimitTableFor,
  flagOf,
  halved,
  isHalvedMonth,
  flagMeaning,
  type Category,
  type CostLimitRow,
  type CostLimitTable,
} from '../cost-limit/index.js';
import { RULE_VERSION } from '../rule-version.js';
import type { Copay, CostLimit, CurrentBenefits, LimitAmount, NoticeCode, Question } from './answer.js';
import type { Consent } from './answer.js';
import type {
  CopayCertificate,
  IncomeFacts,
  LimitCertificate,
  Period,
  QualificationFacts,
  CoverageScheme,
  Instant,
} from './facts.js';

const LATE_ELDERLY_AGE = 75;
/** Earlier than any date asked about. */
const FIRST_DAY = civilDate('1868-01-01');
/** Later than any table. */
const FAR_AHEAD = yearMonth('2199-12');

type Filed = Period & { readonly recordedAt: Instant };

const known = <T extends Filed>(facts: readonly T[], question: Question): readonly T[] =>
  facts.filter((fact) => fact.recordedAt <= question.knownAt);

const inForce = <T extends Filed>(facts: readonly T[], question: Question): readonly T[] =>
  known(facts, question).filter(
    (fact) => fact.from <= question.serviceDate && (fact.to === undefined || question.serviceDate <= fact.to),
  );

/** A certificate issued anew replaces the one before; of two that begin on one day, the one filed last is the correction. */
const decidesBefore = (a: Filed, b: Filed): boolean =>
  a.from > b.from || (a.from === b.from && a.recordedAt > b.recordedAt);

/** What decides on the service date, and the days around it on which it does. */
interface Deciding<T> extends Period {
  readonly fact: T;
}

const deciding = <T extends Filed>(facts: readonly T[], question: Question): Deciding<T> | undefined => {
  const fact = inForce(facts, question).reduce<T | undefined>(
    (chosen, next) => (chosen === undefined || decidesBefore(next, chosen) ? next : chosen),
    undefined,
  );
  if (fact === undefined) return undefined;
  const others = known(facts, question).filter((other) => decidesBefore(other, fact));
  return { fact, ...outside(others, fact, question.serviceDate) };
};

/** `period` as far as none of `others` reaches into it from either side. None of them is in force on `date`. */
const outside = (others: readonly Period[], period: Period, date: CivilDate): Period =>
  others.reduce<Period>((rest, other) => {
    if (other.from > date) return meet(rest, { from: rest.from, to: addDays(other.from, -1) });
    return other.to === undefined ? rest : meet(rest, { from: addDays(other.to, 1) });
  }, period);

const meet = (a: Period, b: Period): Period => {
  const from = later(a.from, b.from);
  const to = a.to === undefined ? b.to : b.to === undefined ? a.to : earlier(a.to, b.to);
  return to === undefined ? { from } : { from, to };
};

interface BandOn extends Period {
  readonly band: Band;
}

const bandOf = (qualification: QualificationFacts, birthdate: CivilDate, date: CivilDate): BandOn =>
  bandPeriodOn(
    birthdate,
    date,
    qualification.disabilityCertified ? { disabilityCertifiedFrom: qualification.acquiredOn } : {},
  );

const copayCertificatesFor = (qualification: QualificationFacts, band: Band): readonly CopayCertificate[] =>
  qualification.copayCertificates.filter(
    (certificate) => certificate.kind === (band === 'late75' ? 'late-elderly' : 'elderly-recipient'),
  );

const isRate = (percent: number | undefined): percent is 10 | 20 | 30 =>
  percent === 10 || percent === 20 || percent === 30;

/** Rate from income facts at 70 and over, with the period for which that judging holds. */
const computedRate = (
  facts: IncomeFacts,
  qualification: QualificationFacts,
  birthdate: CivilDate,
  band: Band,
  date: CivilDate,
): { percent: number | undefined; period?: Period } => {
  switch (facts.scheme) {
    case 'shaho': {
      const isFamily = qualification.personalFamilyClassification === '2';
      return {
        percent: shahoCopay({
          relation: isFamily ? 'family' : 'self',
          birthDate: birthdate,
          date,
          standardMonthlyRemuneration: facts.standardMonthlyRemuneration,
          incomeExemptionGranted: facts.incomeExemptionGranted,
          ...(facts.insuredBirthDate === undefined ? {} : { insuredBirthDate: facts.insuredBirthDate }),
        }).copayPercent,
        // A dependent's rate is judged by the age of the insured person as well.
        ...(isFamily && facts.insuredBirthDate !== undefined
          ? { period: bandPeriodOn(facts.insuredBirthDate, date) }
          : {}),
      };
    }
    case 'kokuho':
      return {
        percent:
          band === 'elderly70' &&
          facts.maxTaxableIncome !== undefined &&
          facts.totalRevenue !== undefined &&
          facts.members70to74 !== undefined
            ? kokuho70Copay({
                maxTaxableIncome: facts.maxTaxableIncome,
                totalRevenue: facts.totalRevenue,
                members70to74: facts.members70to74,
                ...(facts.kyuTadashigakiTotal === undefined ? {} : { kyuTadashigakiTotal: facts.kyuTadashigakiTotal }),
              }).copayPercent
            : undefined,
        period: benefitYearOf(date),
      };
    case 'kouki':
      return {
        percent: koukiCopay({ ...facts, date }).copayPercent,
        period: meet(benefitYearOf(date), late20Period(date)),
      };
  }
};

/** 国保 and 後期 judge every 1 August; 後期 judged once more on the day its 20 % began. */
const late20Period = (date: CivilDate): Period =>
  date < LATE_20_PERCENT.effectiveFrom
    ? { from: FIRST_DAY, to: addDays(LATE_20_PERCENT.effectiveFrom, -1) }
    : { from: LATE_20_PERCENT.effectiveFrom };

const copayOf = (rate: Copay['ratePercent'], band: Band, period: Period | undefined): Copay => ({
  ...(rate === undefined ? {} : { ratePercent: rate }),
  band,
  ...(period === undefined
    ? {}
    : { validFrom: period.from, ...(period.to === undefined ? {} : { validTo: period.to }) }),
  ruleVersion: RULE_VERSION,
});

const copayOn = (qualification: QualificationFacts, birthdate: CivilDate, on: BandOn, question: Question): Copay => {
  if (qualification.insurer.scheme === 'medical-aid') return copayOf(0, on.band, on);
  switch (on.band) {
    case 'preschool':
      return copayOf(20, on.band, on);
    case 'general':
      return copayOf(30, on.band, on);
    case 'elderly70':
    case 'late75': {
      const certificates = copayCertificatesFor(qualification, on.band);
      const certificate = deciding(certificates, question);
      if (certificate !== undefined) return copayOf(certificate.fact.ratePercent, on.band, meet(on, certificate));
      const income = deciding(qualification.income, question);
      if (income === undefined) return copayOf(undefined, on.band, undefined);
      const date = question.serviceDate;
      const { percent, period } = computedRate(income.fact.facts, qualification, birthdate, on.band, date);
      if (!isRate(percent)) return copayOf(undefined, on.band, undefined);
      const judged = outside(known(certificates, question), period === undefined ? income : meet(income, period), date);
      return copayOf(percent, on.band, meet(on, judged));
    }
  }
};

type AgeGroup = 'under70' | '70over';
const ageGroupOf = (band: Band): AgeGroup => (band === 'preschool' || band === 'general' ? 'under70' : '70over');

/** An A flag is for under 70 and a B flag for 70 and over; a certificate outlived by a birthday decides nothing. */
const limitCertificatesFor = (qualification: QualificationFacts, group: AgeGroup): readonly LimitCertificate[] =>
  qualification.limitCertificates.filter((certificate) =>
    certificate.classificationFlag.startsWith(group === 'under70' ? 'A' : 'B'),
  );

interface CategoryDecision {
  readonly flag: string;
  readonly label: string;
  readonly category: Category;
  readonly period: Period;
}

const computedCategory = (facts: IncomeFacts, group: AgeGroup, copay: Copay): Category | undefined => {
  if (group === 'under70') {
    switch (facts.scheme) {
      case 'shaho':
        return categoryUnder70({
          scheme: 'shaho',
          standardMonthlyRemuneration: facts.standardMonthlyRemuneration,
          insuredNonTaxable: facts.insuredNonTaxable,
        });
      case 'kokuho':
        return categoryUnder70({
          scheme: 'kokuho',
          kyuTadashigakiIncome: facts.kyuTadashigakiIncome,
          householdNonTaxable: facts.householdNonTaxable,
        });
      case 'kouki':
        return undefined;
    }
  }
  if (!isRate(copay.ratePercent)) return undefined;
  const nonTaxableClass = nonTaxableClassOf(facts);
  switch (facts.scheme) {
    case 'shaho':
      return categoryOver70({
        scheme: 'shaho',
        standardMonthlyRemuneration: facts.standardMonthlyRemuneration,
        copayPercent: copay.ratePercent,
        nonTaxableClass,
      });
    case 'kokuho':
      // The tier of 現役並み is a matter of income: without it there is none to name.
      if (copay.ratePercent === 30 && facts.maxTaxableIncome === undefined) return undefined;
      return categoryOver70({
        scheme: 'kokuho',
        maxTaxableIncome: facts.maxTaxableIncome ?? 0,
        copayPercent: copay.ratePercent,
        nonTaxableClass,
      });
    case 'kouki':
      return categoryOver70({
        scheme: 'kouki',
        maxTaxableIncome: facts.maxTaxableIncomeInHousehold,
        copayPercent: copay.ratePercent,
        nonTaxableClass,
      });
  }
};

/** Tax-exempt is II; I is the part of it with no income left, which somebody must have said. */
const nonTaxableClassOf = (facts: IncomeFacts): 'I' | 'II' | null => {
  if (facts.nonTaxableClass !== undefined) return facts.nonTaxableClass;
  switch (facts.scheme) {
    case 'shaho':
      return facts.insuredNonTaxable ? 'II' : null;
    case 'kokuho':
      return facts.householdNonTaxable ? 'II' : null;
    case 'kouki':
      return null;
  }
};

const categoryOn = (
  qualification: QualificationFacts,
  group: AgeGroup,
  copay: Copay,
  question: Question,
): CategoryDecision | undefined => {
  const certificates = limitCertificatesFor(qualification, group);
  const certificate = deciding(certificates, question);
  if (certificate !== undefined) {
    const meaning = flagMeaning(certificate.fact.classificationFlag);
    return meaning === undefined ? undefined : { ...meaning, period: certificate };
  }
  const income = deciding(qualification.income, question);
  if (income === undefined) return undefined;
  const category = computedCategory(income.fact.facts, group, copay);
  if (category === undefined) return undefined;
  const judged = outside(known(certificates, question), income, question.serviceDate);
  const period =
    group === '70over' && copay.validFrom !== undefined
      ? meet(judged, periodOf(copay.validFrom, copay.validTo))
      : judged;
  return {
    flag: flagOf(category, { scheme: schemeOf(qualification.insurer.scheme) }),
    label: category,
    category,
    period,
  };
};

const schemeOf = (scheme: CoverageScheme): 'shaho' | 'kokuho' | 'kouki' =>
  scheme === 'medical-aid' ? 'shaho' : scheme;
const periodOf = (from: CivilDate, to: CivilDate | undefined): Period => (to === undefined ? { from } : { from, to });

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

const costLimitOn = (
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

export interface BenefitsDecision {
  readonly benefits: CurrentBenefits;
  readonly notices: readonly NoticeCode[];
}

/** What a coverage that holds on the service date is worth that day: rate, limit, diseases, tickets, as far as consented. */
export const benefitsOn = (
  qualification: QualificationFacts,
  birthdate: CivilDate,
  question: Question,
  consent: Consent,
): BenefitsDecision => {
  const on = bandOf(qualification, birthdate, question.serviceDate);
  const copay = copayOn(qualification, birthdate, on, question);
  const medicalAid = qualification.insurer.scheme === 'medical-aid';
  // Medical aid pays in full: there is no limit to speak of.
  const costLimit = medicalAid ? undefined : costLimitOn(qualification, birthdate, on, copay, question);
  const limitCertificate = deciding(limitCertificatesFor(qualification, ageGroupOf(on.band)), question)?.fact;
  const copayCertificate = deciding(copayCertificatesFor(qualification, on.band), question)?.fact;
  const notices: NoticeCode[] = [];
  if (copay.ratePercent === undefined) notices.push('copay-rate-undetermined');
  if (consent.limitApplicationCertificate && !medicalAid) {
    if (costLimit === undefined) notices.push('cost-limit-undetermined');
    else if (costLimit.planned === true) notices.push('cost-limit-by-planned-table');
    else if (costLimit.changePlanned) notices.push('cost-limit-change-planned');
  }
  return {
    notices,
    benefits: {
      copay,
      ...(medicalAid
        ? {}
        : consent.limitApplicationCertificate
          ? costLimit === undefined
            ? {}
            : { costLimit }
          : { costLimit: { withheld: 'not-consented' as const } }),
      ...(consent.limitApplicationCertificate && limitCertificate !== undefined ? { limitCertificate } : {}),
      specificDiseases: consent.specificDiseases
        ? inForce(qualification.specificDiseases, question)
        : { withheld: 'not-consented' },
      ...(copayCertificate === undefined ? {} : { copayCertificate }),
      ...(medicalAid
        ? {
            tickets: qualification.tickets
              .filter(
                (ticket) =>
                  ticket.treatmentMonth === monthOf(question.serviceDate) && ticket.recordedAt <= question.knownAt,
              )
              .map((ticket) => ({
                ...ticket,
                designatedMedicalInstitutionFlag:
                  ticket.designatedMedicalInstitutionCode === question.institutionCode
                    ? ('0' as const)
                    : ('1' as const),
              })),
          }
        : {}),
    },
  };
};
