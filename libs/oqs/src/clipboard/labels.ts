import { halfWidthKana } from './kana.js';
import {
  cardClass,
  dayDigits,
  limitFlag,
  narrowText,
  personOrFamily,
  plainText,
  preschool,
  ratio,
  sex,
  type ReadValue,
} from './values.js';

/** The parts of the text, by the word with which their headings begin. */
export const SECTIONS = {
  資格情報: 'person',
  裏面記載情報: 'back',
  高齢受給者証: 'elderly',
  限度額適用認定証: 'limit',
  限度額適用: 'limit',
  標準負担額減額認定証: 'limit',
  特定疾病: 'elsewhere',
} as const;
export type Section = (typeof SECTIONS)[keyof typeof SECTIONS];

interface Label {
  readonly element: string;
  readonly read: ReadValue;
}

/**
 * What the app calls an element, section by section. From the text that it copies, and from the labels that two programs look for which
 * read it.
 */
export const LABELS: Readonly<Record<Section, Readonly<Record<string, Label>>>> = {
  person: {
    確認日: { element: 'QualificationConfirmationDate', read: dayDigits },
    照会番号: { element: 'ReferenceNumber', read: plainText },
    未就学区分: { element: 'PreschoolClassification', read: preschool },
    保険者番号: { element: 'InsurerNumber', read: narrowText },
    保険者名: { element: 'InsurerName', read: plainText },
    保険者名称: { element: 'InsurerName', read: plainText },
    記号: { element: 'InsuredCardSymbol', read: plainText },
    番号: { element: 'InsuredIdentificationNumber', read: plainText },
    枝番: { element: 'InsuredBranchNumber', read: narrowText },
    フリガナ: { element: 'NameKana', read: halfWidthKana },
    氏名: { element: 'Name', read: plainText },
    氏名カナ: { element: 'NameKana', read: halfWidthKana },
    生年月日: { element: 'Birthdate', read: dayDigits },
    性別: { element: 'Sex1', read: sex },
    郵便番号: { element: 'PostNumber', read: narrowText },
    住所: { element: 'Address', read: plainText },
    証区分: { element: 'InsuredCardClassification', read: cardClass },
    交付年月日: { element: 'InsuredCertificateIssuanceDate', read: dayDigits },
    有効開始日: { element: 'InsuredCardValidDate', read: dayDigits },
    有効終了日: { element: 'InsuredCardExpirationDate', read: dayDigits },
    資格取得年月日: { element: 'QualificationDate', read: dayDigits },
    資格喪失年月日: { element: 'DisqualificationDate', read: dayDigits },
    負担割合: { element: 'InsuredPartialContributionRatio', read: ratio },
    '本人・家族の別': { element: 'PersonalFamilyClassification', read: personOrFamily },
    被保険者氏名: { element: 'InsuredName', read: plainText },
  },
  back: {
    氏名: { element: 'NameOfOther', read: plainText },
    氏名カナ: { element: 'NameOfOtherKana', read: halfWidthKana },
    フリガナ: { element: 'NameOfOtherKana', read: halfWidthKana },
    性別: { element: 'Sex2', read: sex },
  },
  elderly: {
    交付年月日: { element: 'ElderlyRecipientCertificateDate', read: dayDigits },
    有効開始日: { element: 'ElderlyRecipientValidStartDate', read: dayDigits },
    有効終了日: { element: 'ElderlyRecipientValidEndDate', read: dayDigits },
    負担割合: { element: 'ElderlyRecipientContributionRatio', read: ratio },
  },
  limit: {
    適用区分: { element: 'LimitApplicationCertificateClassificationFlag', read: limitFlag },
    交付年月日: { element: 'LimitApplicationCertificateDate', read: dayDigits },
    有効開始年月日: { element: 'LimitApplicationCertificateValidStartDate', read: dayDigits },
    有効開始日: { element: 'LimitApplicationCertificateValidStartDate', read: dayDigits },
    有効終了年月日: { element: 'LimitApplicationCertificateValidEndDate', read: dayDigits },
    有効終了日: { element: 'LimitApplicationCertificateValidEndDate', read: dayDigits },
    長期入院該当年月日: { element: 'LimitApplicationCertificateLongTermDate', read: dayDigits },
  },
  elsewhere: {},
};
