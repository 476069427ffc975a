import { always, group, leaf, many, optional, tolerated } from '../description.js';
import { codeOf, date, dateTime, insurerNumber, postNumber, text, textUpTo, upToDigits } from '../formats.js';
import {
  elderlyRecipientCertificateInfo,
  limitApplicationCertificateRelatedInfo,
  publicExpenseResultList,
  specificDiseasesCertificateList,
} from './benefits.js';
import { echoedSearchInfo } from './search-info.js';

const referenceNumber = leaf('ReferenceNumber', '照会番号', textUpTo(50), 'K', {
  note: 'set by the institution that asks, with OQSsiimm01 or OQSmuimm01',
});

export const prescriptionIssueSelect = leaf(
  'PrescriptionIssueSelect',
  '処方箋発行形態',
  codeOf('PrescriptionIssueSelect'),
  'T',
);

/** 処理結果状況 and what goes with it; a code may come with a success, as a note. */
export const processingResult = [
  always(leaf('ProcessingResultStatus', '処理結果状況', codeOf('ProcessingResultStatus'), 'C')),
  optional(
    leaf('ProcessingResultCode', '処理結果コード', text, 'T', {
      note: 'on an error, or on a success that needs a word (certificate near its end)',
    }),
  ),
  optional(leaf('ProcessingResultMessage', '処理結果メッセージ', text, 'T')),
] as const;

/** The same where nothing says that a status is there. */
export const possibleProcessingResult = [
  optional(leaf('ProcessingResultStatus', '処理結果状況', codeOf('ProcessingResultStatus'), 'I')),
  optional(leaf('ProcessingResultCode', '処理結果コード', text, 'I')),
  optional(leaf('ProcessingResultMessage', '処理結果メッセージ', text, 'I')),
] as const;

export const qualificationValidity = leaf('QualificationValidity', '資格有効性', codeOf('QualificationValidity'), 'C');

/** Clients in use refuse a result without class, name, sex, birthdate, or name of the insurer. */
const person = [
  always(
    leaf('InsuredCardClassification', '被保険者証区分', codeOf('InsuredCardClassification'), 'C', {
      note: 'a client in use refuses a result without it',
    }),
  ),
  always(
    leaf('InsurerNumber', '保険者番号', insurerNumber, 'C', {
      note: 'in 医療扶助 the 公費負担者番号; XML in eight columns with blanks on the left, JSON zero-padded',
      aliases: ['PublicExpenseNumber'],
    }),
  ),
  optional(leaf('InsuredCardSymbol', '被保険者証記号', textUpTo(20), 'C')),
  optional(
    leaf('InsuredIdentificationNumber', '被保険者証番号', textUpTo(20), 'C', {
      note: 'in 医療扶助 the 受給者番号',
      aliases: ['BeneficiaryNumber'],
    }),
  ),
  optional(leaf('InsuredBranchNumber', '被保険者証枝番', upToDigits(2), 'C')),
  optional(leaf('PersonalFamilyClassification', '本人・家族の別', codeOf('PersonalFamilyClassification'), 'C')),
  optional(leaf('InsuredName', '被保険者氏名（世帯主氏名）', text, 'T')),
  always(
    leaf('Name', '氏名', text, 'C', {
      note: 'family and given name with a full-width blank between; ● stands for a character that cannot be written',
    }),
  ),
  optional(leaf('NameOfOther', '氏名（その他）', text, 'T')),
  optional(leaf('NameKana', '氏名カナ', text, 'C', { note: 'half-width' })),
  optional(leaf('NameOfOtherKana', '氏名カナ（その他）', text, 'T')),
  always(leaf('Sex1', '性別1', codeOf('Sex1'), 'C')),
  optional(leaf('Sex2', '性別2', codeOf('Sex2'), 'T')),
  always(leaf('Birthdate', '生年月日', date, 'C')),
  optional(leaf('Address', '住所', text, 'C')),
  optional(leaf('PostNumber', '郵便番号', postNumber, 'C')),
  optional(leaf('QualificationDate', '資格取得年月日', date, 'T')),
  optional(leaf('DisqualificationDate', '資格喪失年月日', date, 'T')),
  optional(leaf('InsuredCertificateIssuanceDate', '被保険者証交付年月日', date, 'C')),
  optional(leaf('InsuredCardValidDate', '被保険者証有効開始年月日', date, 'C')),
  optional(leaf('InsuredCardExpirationDate', '被保険者証有効終了年月日', date, 'T')),
  optional(
    leaf(
      'InsuredPartialContributionRatio',
      '被保険者証一部負担金割合',
      codeOf('InsuredPartialContributionRatio'),
      'T',
      { note: '後期高齢者; 3 digits percent' },
    ),
  ),
  optional(leaf('PreschoolClassification', '未就学区分', codeOf('PreschoolClassification'), 'T')),
  optional(leaf('ReasonOfLoss', '資格喪失事由', codeOf('ReasonOfLoss'), 'T')),
  always(
    leaf('InsurerName', '保険者名称', text, 'C', {
      note: 'in 医療扶助 the name of the 福祉事務所',
      aliases: ['WelfareOfficeName'],
    }),
  ),
  optional(elderlyRecipientCertificateInfo),
] as const;

/** 閲覧同意: the patient's consent to one kind of medical information, when it was given, and until when it holds. */
const viewing = <const N extends string>(
  name: N,
  ja: string,
  evidence: 'C' | 'T',
): readonly [
  ReturnType<typeof optional<ReturnType<typeof leaf<`${N}ConsFlg`>>>>,
  ReturnType<typeof optional<ReturnType<typeof leaf<`${N}ConsTime`>>>>,
  ReturnType<typeof optional<ReturnType<typeof leaf<`${N}AvailableTime`>>>>,
] => [
  optional(leaf(`${name}ConsFlg`, `${ja}閲覧同意フラグ`, codeOf(`${name}ConsFlg`), evidence)),
  optional(leaf(`${name}ConsTime`, `${ja}閲覧同意日時`, dateTime, evidence)),
  optional(leaf(`${name}AvailableTime`, `${ja}閲覧有効期限`, dateTime, evidence, { note: '24 hours later' })),
];

/** What is shown with consent. */
const withConsent = [
  optional(
    leaf(
      'LimitApplicationCertificateRelatedConsFlg',
      '限度額適用認定証提供同意フラグ',
      codeOf('LimitApplicationCertificateRelatedConsFlg'),
      'C',
    ),
  ),
  optional(leaf('LimitApplicationCertificateRelatedConsTime', '限度額適用認定証提供同意日時', dateTime, 'C')),
  optional(limitApplicationCertificateRelatedInfo),
  optional(
    leaf(
      'SpecificDiseasesCertificateRelatedConsFlg',
      '特定疾病療養受療証提供同意フラグ',
      codeOf('SpecificDiseasesCertificateRelatedConsFlg'),
      'C',
    ),
  ),
  optional(leaf('SpecificDiseasesCertificateRelatedConsTime', '特定疾病療養受療証提供同意日時', dateTime, 'T')),
  optional(specificDiseasesCertificateList),
  optional(publicExpenseResultList),
  ...viewing('SpecificHealthCheckupsInfo', '特定健診情報', 'C'),
  ...viewing('PharmacistsInfo', '薬剤情報', 'C'),
  ...viewing('DiagnosisInfo', '診療情報', 'C'),
  ...viewing('OperationInfo', '手術情報', 'T'),
] as const;

/** 資格確認結果: one coverage of the person asked about. */
export const resultOfQualificationConfirmation = group('ResultOfQualificationConfirmation', '資格確認結果', 'C', [
  ...person,
  ...withConsent,
  optional(referenceNumber),
  tolerated(prescriptionIssueSelect),
  tolerated(
    leaf('QualificationConfirmationKey', '（不明）', text, 'K', {
      note: 'seen once; its place and meaning are unknown',
    }),
  ),
]);

export const resultList = group('ResultList', '資格確認結果リスト', 'C', [many(resultOfQualificationConfirmation)], {
  jsonList: 'wrapped',
  note: 'absent when nothing was found; several results stand in one list',
});

const limitApplicationCertificateChanged = leaf(
  'LimitApplicationCertificateChanged',
  '限度額適用認定証情報変更有無',
  codeOf('LimitApplicationCertificateChanged'),
  'K',
);

/** Bulk has neither 限度額, 特定疾病 nor 閲覧同意, only whether 限度額 changed. */
const bulkResult = group('ResultOfQualificationConfirmation', '資格確認結果', 'K', [
  ...person,
  optional(limitApplicationCertificateChanged),
  tolerated(referenceNumber),
]);

/** One person of a bulk answer. */
export const bulkConfirmUnit = group('BulkConfirmUnit', '一括資格確認単位', 'K', [
  optional(echoedSearchInfo),
  ...processingResult,
  optional(qualificationValidity),
  many(bulkResult),
  many(referenceNumber),
]);

/** One person of a bulk answer by month, consent or examination. */
export const consentedConfirmUnit = group('BulkConfirmUnit', '一括資格確認単位', 'K', [
  ...processingResult,
  optional(qualificationValidity),
  many(
    group('ResultOfQualificationConfirmation', '資格確認結果', 'K', [
      ...person,
      ...withConsent,
      optional(limitApplicationCertificateChanged),
      tolerated(referenceNumber),
    ]),
  ),
  many(referenceNumber),
]);
