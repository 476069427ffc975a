import type { QualificationResult } from '@app/contracts';
import type { MessageToWrite } from '@app/oqs';

import { dateDigits, numberText, timeDigits } from './writing.js';

/** 資格確認結果 as the writer takes it. */
export type ResultToWrite = NonNullable<
  NonNullable<MessageToWrite<'OQSsiquc01res'>['MessageBody']['ResultList']>['ResultOfQualificationConfirmation']
>[number];

type LimitInfo = NonNullable<ResultToWrite['LimitApplicationCertificateRelatedInfo']>;

/** OQSCD012, of people who pay no resident tax: their certificate lowers the meal charge too (限度額適用・標準負担額減額認定証). */
const NON_TAXABLE: ReadonlySet<string> = new Set(['A05', 'A06', 'B05', 'B06', 'B07', 'B08']);

/**
 * 限度額適用認定証関連情報. Who shows the card needs no certificate of paper: the category is given to whoever has consent, also
 * where it follows from income and no certificate was filed. Its class is then that of the certificate which would be issued (I).
 */
export const limitInfoOf = ({
  limitApplicationCertificateRelatedInfo: filed,
  costLimit,
}: Pick<QualificationResult, 'limitApplicationCertificateRelatedInfo' | 'costLimit'>): LimitInfo | undefined => {
  if (filed !== undefined)
    return {
      LimitApplicationCertificateClassification: filed.limitApplicationCertificateClassification,
      LimitApplicationCertificateClassificationFlag: filed.limitApplicationCertificateClassificationFlag,
      LimitApplicationCertificateDate: dateDigits(filed.limitApplicationCertificateDate),
      LimitApplicationCertificateValidStartDate: dateDigits(filed.limitApplicationCertificateValidStartDate),
      LimitApplicationCertificateValidEndDate: dateDigits(filed.limitApplicationCertificateValidEndDate),
      LimitApplicationCertificateLongTermDate: dateDigits(filed.limitApplicationCertificateLongTermDate),
    };
  const flag = costLimit?.classificationFlag;
  if (flag === undefined) return undefined;
  return {
    LimitApplicationCertificateClassification: NON_TAXABLE.has(flag) ? '02' : '01',
    LimitApplicationCertificateClassificationFlag: flag,
    LimitApplicationCertificateValidStartDate: dateDigits(costLimit?.validFrom),
    LimitApplicationCertificateValidEndDate: dateDigits(costLimit?.validTo),
  };
};

/** What every message shows of a coverage: whose it is, at which insurer, from when to when, at which rate. */
export const personOf = (result: QualificationResult) =>
  ({
    InsuredCardClassification: result.insuredCardClassification,
    InsurerNumber: result.insurerNumber,
    InsuredCardSymbol: result.insuredCardSymbol,
    InsuredIdentificationNumber: result.insuredIdentificationNumber,
    InsuredBranchNumber: result.insuredBranchNumber,
    PersonalFamilyClassification: result.personalFamilyClassification,
    InsuredName: result.insuredName,
    Name: result.name,
    NameOfOther: result.nameOfOther,
    NameKana: result.nameKana,
    NameOfOtherKana: result.nameOfOtherKana,
    Sex1: result.sex1,
    Sex2: result.sex2,
    Birthdate: dateDigits(result.birthdate),
    Address: result.address,
    PostNumber: result.postNumber,
    QualificationDate: dateDigits(result.qualificationDate),
    DisqualificationDate: dateDigits(result.disqualificationDate),
    InsuredCertificateIssuanceDate: dateDigits(result.insuredCertificateIssuanceDate),
    InsuredCardValidDate: dateDigits(result.insuredCardValidDate),
    InsuredCardExpirationDate: dateDigits(result.insuredCardExpirationDate),
    InsuredPartialContributionRatio: result.insuredPartialContributionRatio,
    PreschoolClassification: result.preschoolClassification,
    ReasonOfLoss: result.reasonOfLoss,
    InsurerName: result.insurerName,
    ElderlyRecipientCertificateInfo: elderlyInfoOf(result),
  }) as const;

const elderlyInfoOf = ({
  elderlyRecipientCertificateInfo: info,
}: QualificationResult): ResultToWrite['ElderlyRecipientCertificateInfo'] =>
  info === undefined
    ? undefined
    : {
        ElderlyRecipientCertificateDate: dateDigits(info.elderlyRecipientCertificateDate),
        ElderlyRecipientValidStartDate: dateDigits(info.elderlyRecipientValidStartDate),
        ElderlyRecipientValidEndDate: dateDigits(info.elderlyRecipientValidEndDate),
        ElderlyRecipientContributionRatio: info.elderlyRecipientContributionRatio,
      };

/** 限度額, with consent to it; without, its flag alone. */
const limitOf = (result: QualificationResult) =>
  ({
    LimitApplicationCertificateRelatedConsFlg: result.limitApplicationCertificateRelatedConsFlg,
    LimitApplicationCertificateRelatedConsTime: timeDigits(result.limitApplicationCertificateRelatedConsTime),
    LimitApplicationCertificateRelatedInfo:
      result.limitApplicationCertificateRelatedConsFlg === '1' ? limitInfoOf(result) : undefined,
  }) as const;

/** What is consented to at a card reader alone: 特定疾病, and the four kinds of medical information that may be viewed. */
const consentedAtReaderOf = (result: QualificationResult) =>
  ({
    SpecificDiseasesCertificateRelatedConsFlg: result.specificDiseasesCertificateRelatedConsFlg,
    SpecificDiseasesCertificateRelatedConsTime: timeDigits(result.specificDiseasesCertificateRelatedConsTime),
    SpecificDiseasesCertificateList: diseasesOf(result),
    SpecificHealthCheckupsInfoConsFlg: result.specificHealthCheckupsInfoConsFlg,
    SpecificHealthCheckupsInfoConsTime: timeDigits(result.specificHealthCheckupsInfoConsTime),
    SpecificHealthCheckupsInfoAvailableTime: timeDigits(result.specificHealthCheckupsInfoAvailableTime),
    PharmacistsInfoConsFlg: result.pharmacistsInfoConsFlg,
    PharmacistsInfoConsTime: timeDigits(result.pharmacistsInfoConsTime),
    PharmacistsInfoAvailableTime: timeDigits(result.pharmacistsInfoAvailableTime),
    DiagnosisInfoConsFlg: result.diagnosisInfoConsFlg,
    DiagnosisInfoConsTime: timeDigits(result.diagnosisInfoConsTime),
    DiagnosisInfoAvailableTime: timeDigits(result.diagnosisInfoAvailableTime),
    OperationInfoConsFlg: result.operationInfoConsFlg,
    OperationInfoConsTime: timeDigits(result.operationInfoConsTime),
    OperationInfoAvailableTime: timeDigits(result.operationInfoAvailableTime),
  }) as const;

const diseasesOf = ({ specificDiseases }: QualificationResult): ResultToWrite['SpecificDiseasesCertificateList'] => {
  const certificates = specificDiseases?.certificates ?? [];
  if (certificates.length === 0) return undefined;
  return {
    SpecificDiseasesCertificateInfo: certificates.map((certificate) => ({
      SpecificDiseasesDiseaseCategory: certificate.specificDiseasesDiseaseCategory,
      SpecificDiseasesCertificateDate: dateDigits(certificate.specificDiseasesCertificateDate),
      SpecificDiseasesValidStartDate: dateDigits(certificate.specificDiseasesValidStartDate),
      SpecificDiseasesValidEndDate: dateDigits(certificate.specificDiseasesValidEndDate),
      SpecificDiseasesSelfPay: numberText(certificate.specificDiseasesSelfPay),
    })),
  };
};

/** 医療扶助: the tickets of the treatment month. No list where there is none: that it is so, QualificationValidity 6 says. */
const ticketsOf = ({ publicExpense = [] }: QualificationResult): ResultToWrite['PublicExpenseResultList'] =>
  publicExpense.length === 0
    ? undefined
    : {
        MedicalTicketInfo: publicExpense.map((ticket) => ({
          TicketType: ticket.ticketType,
          MedicalTicketValidDate: dateDigits(ticket.medicalTicketValidDate),
          MedicalTicketExpirationDate: dateDigits(ticket.medicalTicketExpirationDate),
          IssueNumber: ticket.issueNumber,
          MedicalTreatmentMonth: dateDigits(ticket.medicalTreatmentMonth),
          DesignatedMedicalInstitutionCode: ticket.designatedMedicalInstitutionCode,
          DesignatedMedicalInstitutionFlag: ticket.designatedMedicalInstitutionFlag,
          DesignatedMedicalInstitutionName: ticket.designatedMedicalInstitutionName,
          MedicalTreatmentType: ticket.medicalTreatmentType,
          SelfPayAmount: numberText(ticket.selfPayAmount),
          SingleOrCombinedUse: ticket.singleOrCombinedUse,
        })),
      };

/** How a person was asked about: at a reader with the card, or by what stands on a 資格確認書 (ReferenceClassification, OQSCD002). */
export type ReferenceClassification = '1' | '2';

/**
 * One coverage as the national system shows it. Asked by symbol and number there is no consent but that to 限度額, and the answer
 * says nothing of the others, as captured answers do not.
 */
export const presentResult = (result: QualificationResult, by: ReferenceClassification): ResultToWrite => ({
  ...personOf(result),
  ...limitOf(result),
  ...(by === '1' ? consentedAtReaderOf(result) : {}),
  PublicExpenseResultList: ticketsOf(result),
  ReferenceNumber: result.referenceNumber,
});
