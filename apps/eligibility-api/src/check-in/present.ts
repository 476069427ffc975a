import {
  notices,
  type CredentialAnswer,
  type ElderlyRecipientCertificateInfo,
  type EligibilityAnswer as WireAnswer,
  type LimitApplicationCertificateRelatedInfo,
  type MedicalTicketInfo,
  type Notice,
  type NoticeText,
  type QualificationResult as WireResult,
} from '@app/contracts';
import {
  QUALIFICATION_VALIDITY,
  type ConsentDecision,
  type CurrentBenefits,
  type EligibilityAnswer,
  type NoticeCode,
  type QualificationResult,
} from '@app/domain';

import { tokyoInstant } from '../clock/clock.js';

/** Medical information may be viewed for 24 hours after consent, as in the national system. */
export const VIEWING_MS = 24 * 3_600_000;

/** The texts of every code the rules can give; a code without one does not compile. */
const noticeTexts: Readonly<Record<NoticeCode, NoticeText>> = notices;

/** The part of an answer that the facts decide; ids, times and freshness are added by whoever replies. */
export type AnswerContent = Pick<
  WireAnswer,
  'qualificationValidity' | 'verdict' | 'credential' | 'results' | 'notices'
>;

const noticeOf = (code: NoticeCode): Notice => ({ code, ...noticeTexts[code] });

const credentialOf = ({ credential }: EligibilityAnswer, verifiedAt: number | undefined): CredentialAnswer => ({
  state: credential.state,
  ...(credential.certificateExpirationDate === undefined
    ? {}
    : { certificateExpirationDate: credential.certificateExpirationDate }),
  ...(credential.graceUntil === undefined ? {} : { graceUntil: credential.graceUntil }),
  ...(verifiedAt === undefined ? {} : { verifiedAt: tokyoInstant(verifiedAt) }),
});

const ratio = (percent: number): string => String(percent).padStart(3, '0');

/** Drops what is undefined, or was filed empty: absent means absent on the wire, never null and never "". */
const present = <T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')) as T;

const elderlyCertificateOf = (benefits: CurrentBenefits | undefined): ElderlyRecipientCertificateInfo | undefined => {
  const certificate = benefits?.copayCertificate;
  if (certificate === undefined || certificate.kind !== 'elderly-recipient') return undefined;
  return present<ElderlyRecipientCertificateInfo>({
    elderlyRecipientCertificateDate: certificate.issuedOn,
    elderlyRecipientValidStartDate: certificate.from,
    elderlyRecipientValidEndDate: certificate.to,
    elderlyRecipientContributionRatio: ratio(certificate.ratePercent),
  });
};

const limitCertificateOf = (
  benefits: CurrentBenefits | undefined,
): LimitApplicationCertificateRelatedInfo | undefined => {
  const certificate = benefits?.limitCertificate;
  if (certificate === undefined) return undefined;
  return present<LimitApplicationCertificateRelatedInfo>({
    limitApplicationCertificateClassification: certificate.classification,
    limitApplicationCertificateClassificationFlag: certificate.classificationFlag,
    limitApplicationCertificateDate: certificate.issuedOn,
    limitApplicationCertificateValidStartDate: certificate.from,
    limitApplicationCertificateValidEndDate: certificate.to,
    limitApplicationCertificateLongTermDate: certificate.longTermOn,
  });
};

const costLimitOf = (benefits: CurrentBenefits | undefined): WireResult['costLimit'] => {
  const limit = benefits?.costLimit;
  if (limit === undefined || 'withheld' in limit) return limit;
  const { changePlanned: _told, planned: _too, ...shown } = limit;
  return shown;
};

const specificDiseasesOf = (benefits: CurrentBenefits | undefined): WireResult['specificDiseases'] => {
  const diseases = benefits?.specificDiseases;
  if (diseases === undefined || 'withheld' in diseases) return diseases;
  return {
    certificates: diseases.map((disease) =>
      present({
        specificDiseasesDiseaseCategory: disease.category,
        specificDiseasesCertificateDate: disease.issuedOn,
        specificDiseasesValidStartDate: disease.from,
        specificDiseasesValidEndDate: disease.to,
        specificDiseasesSelfPay: disease.selfPayYen,
      }),
    ),
  };
};

const ticketsOf = (benefits: CurrentBenefits | undefined): MedicalTicketInfo[] | undefined =>
  benefits?.tickets?.map((ticket) =>
    present<MedicalTicketInfo>({
      ticketType: ticket.ticketType,
      medicalTicketValidDate: ticket.from,
      medicalTicketExpirationDate: ticket.to,
      issueNumber: ticket.issueNumber,
      medicalTreatmentMonth: ticket.treatmentMonth,
      designatedMedicalInstitutionCode: ticket.designatedMedicalInstitutionCode,
      designatedMedicalInstitutionFlag: ticket.designatedMedicalInstitutionFlag,
      designatedMedicalInstitutionName: ticket.designatedMedicalInstitutionName,
      medicalTreatmentType: ticket.medicalTreatmentType,
      selfPayAmount: ticket.selfPayAmountYen,
      singleOrCombinedUse: ticket.singleOrCombinedUse,
    }),
  );

interface ConsentTimes {
  readonly consentedAt: string;
  readonly availableUntil: string;
}

const timeIf = (decision: ConsentDecision, time: string): string | undefined => (decision === '1' ? time : undefined);

const resultOf = (result: QualificationResult, answer: EligibilityAnswer, times: ConsentTimes): WireResult => {
  const { qualification, identity, benefits } = result;
  const { viewing } = answer;
  const limitConsent = answer.limitApplicationCertificateConsented;
  const diseaseConsent = answer.specificDiseasesConsented;
  const lateElderly = benefits?.copayCertificate?.kind === 'late-elderly' || benefits?.copay.band === 'late75';
  return present<WireResult>({
    insurerNumber: qualification.insurer.insurerNumber,
    insurerName: qualification.insurer.insurerName,
    insuredCardClassification: qualification.insuredCardClassification,
    insuredCardSymbol: qualification.insuredCardSymbol,
    insuredIdentificationNumber: qualification.insuredIdentificationNumber,
    insuredBranchNumber: qualification.insuredBranchNumber,
    personalFamilyClassification: qualification.personalFamilyClassification,
    insuredName: qualification.insuredName,
    name: identity.name,
    nameOfOther: identity.nameOfOther,
    nameKana: identity.nameKana,
    nameOfOtherKana: identity.nameOfOtherKana,
    sex1: identity.sex1,
    sex2: identity.sex2,
    birthdate: identity.birthdate,
    address: identity.address,
    postNumber: identity.postNumber,
    qualificationDate: qualification.acquiredOn,
    disqualificationDate: result.lostOn,
    reasonOfLoss: result.reasonOfLoss,
    insuredCertificateIssuanceDate: qualification.insuredCertificateIssuanceDate,
    insuredCardValidDate: qualification.insuredCardValidDate,
    insuredCardExpirationDate: qualification.insuredCardExpirationDate,
    insuredPartialContributionRatio:
      lateElderly && benefits?.copay.ratePercent !== undefined && benefits.copay.ratePercent > 0
        ? ratio(benefits.copay.ratePercent)
        : undefined,
    preschoolClassification: benefits?.copay.band === 'preschool' ? '1' : undefined,
    elderlyRecipientCertificateInfo: elderlyCertificateOf(benefits),
    copay: benefits?.copay,
    costLimit: costLimitOf(benefits),
    limitApplicationCertificateRelatedConsFlg: limitConsent ? '1' : '0',
    limitApplicationCertificateRelatedConsTime: limitConsent ? times.consentedAt : undefined,
    limitApplicationCertificateRelatedInfo: limitCertificateOf(benefits),
    specificDiseasesCertificateRelatedConsFlg: diseaseConsent ? '1' : '0',
    specificDiseasesCertificateRelatedConsTime: diseaseConsent ? times.consentedAt : undefined,
    specificDiseases: specificDiseasesOf(benefits),
    publicExpense: ticketsOf(benefits),
    specificHealthCheckupsInfoConsFlg: viewing.specificHealthCheckups,
    specificHealthCheckupsInfoConsTime: timeIf(viewing.specificHealthCheckups, times.consentedAt),
    specificHealthCheckupsInfoAvailableTime: timeIf(viewing.specificHealthCheckups, times.availableUntil),
    pharmacistsInfoConsFlg: viewing.pharmacists,
    pharmacistsInfoConsTime: timeIf(viewing.pharmacists, times.consentedAt),
    pharmacistsInfoAvailableTime: timeIf(viewing.pharmacists, times.availableUntil),
    diagnosisInfoConsFlg: viewing.diagnosis,
    diagnosisInfoConsTime: timeIf(viewing.diagnosis, times.consentedAt),
    diagnosisInfoAvailableTime: timeIf(viewing.diagnosis, times.availableUntil),
    operationInfoConsFlg: viewing.operation,
    operationInfoConsTime: timeIf(viewing.operation, times.consentedAt),
    operationInfoAvailableTime: timeIf(viewing.operation, times.availableUntil),
    referenceNumber: result.referenceNumber,
  });
};

/**
 * The answer on the REST wire. Holds no rule: what is decided comes in, how it is written goes out. `checkedAt` and
 * `verifiedAt` are epoch milliseconds.
 */
export const presentAnswer = (
  answer: EligibilityAnswer,
  checkedAt: number,
  verifiedAt: number | undefined,
): AnswerContent => {
  const times = { consentedAt: tokyoInstant(checkedAt), availableUntil: tokyoInstant(checkedAt + VIEWING_MS) };
  return {
    qualificationValidity: QUALIFICATION_VALIDITY[answer.verdict],
    verdict: answer.verdict,
    credential: credentialOf(answer, verifiedAt),
    ...(answer.results === undefined
      ? {}
      : { results: answer.results.map((result) => resultOf(result, answer, times)) }),
    notices: answer.notices.map(noticeOf),
  };
};
