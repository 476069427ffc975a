import type { CivilDate } from '../calendar/index.js';
import type { Copay } from '../eligibility/answer.js';
import { bandOf, copayOn } from '../eligibility/copay-on.js';
import { standingsOf } from '../eligibility/coverage.js';
import type { CertificateFacts, Instant, PersonFacts, Period, QualificationFacts } from '../eligibility/facts.js';

/** What decides which documents somebody gets from one insurer. */
export interface DocumentFacts {
  /** `qualifications` are those at that insurer. */
  readonly person: PersonFacts;
  /** Every certificate that leads to the person. */
  readonly certificates: readonly CertificateFacts[];
  /** Found at the registry by all five attributes, so that the insurer has the individual number on record. */
  readonly individualNumberOnRecord: boolean;
}

/** As of which day a document is issued, and what was known then (epoch milliseconds). */
export interface DocumentDay {
  readonly issuedOn: CivilDate;
  readonly knownAt: Instant;
}

/**
 * Why a document is not issued. `not-insured`: no coverage at this insurer on the day. `medical-aid`: a welfare office is no insurer.
 * `not-yet`: from `from` on it will be, as far as the dates go. `certificate-instead`: a 資格確認書 takes the place of the notice.
 * `card-instead`: the card answers, so no certificate is needed. `card-not-registered`: nobody can sign in to the portal.
 * `validity-out-of-range`: before the day of issue, or longer than the law allows (`from` to `to`). `rate-undetermined`: from 70 on the
 * rate stands on the document, and nothing on record decides it.
 */
export type DocumentRefusal =
  | { readonly because: 'not-insured' }
  | { readonly because: 'medical-aid' }
  | { readonly because: 'not-yet'; readonly from: CivilDate }
  | { readonly because: 'certificate-instead' }
  | { readonly because: 'card-instead' }
  | { readonly because: 'card-not-registered' }
  | { readonly because: 'validity-out-of-range'; readonly from: CivilDate; readonly to: CivilDate }
  | { readonly because: 'rate-undetermined' };

export type Refused = { readonly kind: 'refused' } & DocumentRefusal;

export const refuse = (refusal: DocumentRefusal): Refused => ({ kind: 'refused', ...refusal });

/** 一部負担金の割合 as a document shows it. Below 70 it follows from the age, and no period is printed (お知らせのイメージ). */
export interface ShownRate {
  readonly ratePercent: 10 | 20 | 30;
  /** From 70 on. */
  readonly period?: Period;
}

/** The coverage of the day, as documents show it. */
export interface Insured {
  readonly kind: 'insured';
  readonly qualification: QualificationFacts;
  readonly person: PersonFacts;
  /** First day without coverage, where a later one is known already. */
  readonly lostOn?: CivilDate;
  readonly copay: Copay;
}

/** The coverage at this insurer on the day. On the 75th birthday every other insurance is over, filed or not. */
export const insuredOn = (facts: DocumentFacts, { issuedOn, knownAt }: DocumentDay): Insured | Refused => {
  const question = { serviceDate: issuedOn, askedOn: issuedOn, knownAt };
  const held = standingsOf(facts.person, question).find(({ covers }) => covers);
  if (held === undefined) return refuse({ because: 'not-insured' });
  const { qualification, person, lostOn } = held;
  if (qualification.insurer.scheme === 'medical-aid') return refuse({ because: 'medical-aid' });
  const { birthdate } = person.identity;
  const copay = copayOn(qualification, birthdate, bandOf(qualification, birthdate, issuedOn), question);
  return {
    kind: 'insured',
    qualification,
    person,
    ...(lostOn === undefined ? {} : { lostOn }),
    copay,
  };
};

/** The rate on a document, with its period at 70 and over (健保規則52条, rules of 高齢受給者証). */
export const shownRate = ({ copay }: Insured): ShownRate | Refused => {
  const { ratePercent, band, validFrom, validTo } = copay;
  if (ratePercent === undefined || ratePercent === 0) return refuse({ because: 'rate-undetermined' });
  const hasPeriod = (band === 'elderly70' || band === 'late75') && validFrom !== undefined;
  return {
    ratePercent,
    ...(hasPeriod ? { period: { from: validFrom, ...(validTo === undefined ? {} : { to: validTo }) } } : {}),
  };
};
