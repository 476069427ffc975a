import type { Band } from '../copay/index.js';
import { categoryOver70, categoryUnder70, flagMeaning, flagOf, type Category } from '../cost-limit/index.js';
import type { Copay, Question } from './answer.js';
import { isRate } from './copay-on.js';
import type { CoverageScheme, IncomeFacts, LimitCertificate, Period, QualificationFacts } from './facts.js';
import { deciding, known, meet, outside, periodOf } from './filed-facts.js';

export type AgeGroup = 'under70' | '70over';
export const ageGroupOf = (band: Band): AgeGroup => (band === 'preschool' || band === 'general' ? 'under70' : '70over');

/** An A flag is for under 70 and a B flag for 70 and over; a certificate outlived by a birthday decides nothing. */
export const limitCertificatesFor = (qualification: QualificationFacts, group: AgeGroup): readonly LimitCertificate[] =>
  qualification.limitCertificates.filter((certificate) =>
    certificate.classificationFlag.startsWith(group === 'under70' ? 'A' : 'B'),
  );

export interface CategoryDecision {
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

export const categoryOn = (
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
