import { addDays, benefitYearOf, civilDate, type CivilDate } from '../calendar/index.js';
import { bandPeriodOn, kokuho70Copay, koukiCopay, shahoCopay, type Band } from '../copay/index.js';
import { LATE_20_PERCENT } from '../copay/thresholds.js';
import { RULE_VERSION } from '../rule-version.js';
import type { Copay, Question } from './answer.js';
import type { CopayCertificate, IncomeFacts, Period, QualificationFacts } from './facts.js';
import { deciding, known, meet, outside } from './filed-facts.js';

/** Earlier than any date asked about. */
const FIRST_DAY = civilDate('1868-01-01');

/** The age band on the service date, and the days on which it is that. */
export interface BandOn extends Period {
  readonly band: Band;
}

export const bandOf = (qualification: QualificationFacts, birthdate: CivilDate, date: CivilDate): BandOn =>
  bandPeriodOn(
    birthdate,
    date,
    qualification.disabilityCertified ? { disabilityCertifiedFrom: qualification.acquiredOn } : {},
  );

export const copayCertificatesFor = (qualification: QualificationFacts, band: Band): readonly CopayCertificate[] =>
  qualification.copayCertificates.filter(
    (certificate) => certificate.kind === (band === 'late75' ? 'late-elderly' : 'elderly-recipient'),
  );

export const isRate = (percent: number | undefined): percent is 10 | 20 | 30 =>
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
        // By age alone, whatever made them late elderly; a dependent's by the age of the insured person as well.
        period:
          isFamily && facts.insuredBirthDate !== undefined
            ? meet(bandPeriodOn(birthdate, date), bandPeriodOn(facts.insuredBirthDate, date))
            : bandPeriodOn(birthdate, date),
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

export const copayOn = (
  qualification: QualificationFacts,
  birthdate: CivilDate,
  on: BandOn,
  question: Question,
): Copay => {
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
