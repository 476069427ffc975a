import { monthOf, type CivilDate } from '../calendar/index.js';
import type { Consent, CurrentBenefits, NoticeCode, Question } from './answer.js';
import { ageGroupOf, limitCertificatesFor } from './category-on.js';
import { bandOf, copayCertificatesFor, copayOn } from './copay-on.js';
import { costLimitOn } from './cost-limit-on.js';
import type { QualificationFacts } from './facts.js';
import { deciding, inForce } from './filed-facts.js';

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
