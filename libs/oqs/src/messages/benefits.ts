import { group, leaf, many, optional } from '../description.js';
import { codeOf, codes, count, date, month, text } from '../formats.js';

export const elderlyRecipientCertificateInfo = group('ElderlyRecipientCertificateInfo', '高齢受給者証情報', 'T', [
  optional(leaf('ElderlyRecipientCertificateDate', '高齢受給者証交付年月日', date, 'T')),
  optional(leaf('ElderlyRecipientValidStartDate', '高齢受給者証有効開始年月日', date, 'T')),
  optional(leaf('ElderlyRecipientValidEndDate', '高齢受給者証有効終了年月日', date, 'T')),
  optional(
    leaf(
      'ElderlyRecipientContributionRatio',
      '高齢受給者証一部負担金割合',
      codeOf('ElderlyRecipientContributionRatio'),
      'T',
      { note: '3 digits percent' },
    ),
  ),
]);

export const limitApplicationCertificateRelatedInfo = group(
  'LimitApplicationCertificateRelatedInfo',
  '限度額適用認定証関連情報',
  'C',
  [
    optional(
      leaf(
        'LimitApplicationCertificateClassification',
        '限度額適用認定証区分',
        codeOf('LimitApplicationCertificateClassification'),
        'C',
      ),
    ),
    optional(
      leaf(
        'LimitApplicationCertificateClassificationFlag',
        '限度額適用認定証適用区分',
        codeOf('LimitApplicationCertificateClassificationFlag'),
        'C',
      ),
    ),
    optional(leaf('LimitApplicationCertificateDate', '限度額適用認定証交付年月日', date, 'C')),
    optional(leaf('LimitApplicationCertificateValidStartDate', '限度額適用認定証有効開始年月日', date, 'C')),
    optional(leaf('LimitApplicationCertificateValidEndDate', '限度額適用認定証有効終了年月日', date, 'T')),
    optional(leaf('LimitApplicationCertificateLongTermDate', '限度額適用認定証長期入院該当年月日', date, 'T')),
  ],
);

const specificDiseasesCertificateInfo = group('SpecificDiseasesCertificateInfo', '特定疾病療養受療証情報', 'T', [
  optional(leaf('SpecificDiseasesDiseaseCategory', '認定疾病区分', codeOf('SpecificDiseasesDiseaseCategory'), 'T')),
  optional(leaf('SpecificDiseasesCertificateDate', '特定疾病療養受療証交付年月日', date, 'T')),
  optional(leaf('SpecificDiseasesValidStartDate', '特定疾病療養受療証有効開始年月日', date, 'T')),
  optional(leaf('SpecificDiseasesValidEndDate', '特定疾病療養受療証有効終了年月日', date, 'T')),
  optional(leaf('SpecificDiseasesSelfPay', '特定疾病療養受療証自己負担限度額', count, 'T', { note: 'yen' })),
]);

export const specificDiseasesCertificateList = group(
  'SpecificDiseasesCertificateList',
  '特定疾病療養受療証情報リスト',
  'T',
  [many(specificDiseasesCertificateInfo)],
  { jsonList: 'bare', note: 'a client in use reads the JSON array only with the items unwrapped' },
);

const yesNo = (list: string): ReturnType<typeof codes> => codes(list, { '01': 'あり', '02': 'なし' });

const medicalTicketInfo = group('MedicalTicketInfo', '医療券・調剤券情報', 'T', [
  optional(leaf('TicketType', '医療券・調剤券別', codes('OQSCD018', { '01': '医療券', '02': '調剤券' }), 'T')),
  optional(leaf('MedicalTicketValidDate', '医療券・調剤券有効開始年月日', date, 'T')),
  optional(leaf('MedicalTicketExpirationDate', '医療券・調剤券有効終了年月日', date, 'T')),
  optional(leaf('IssueNumber', '交付番号', text, 'T')),
  optional(leaf('MedicalTreatmentMonth', '診療年月', month, 'T')),
  optional(leaf('DesignatedMedicalInstitutionCode', '指定医療機関コード', text, 'T')),
  optional(
    leaf(
      'DesignatedMedicalInstitutionFlag',
      '指定医療機関確認フラグ',
      codes('OQSCD026', { '0': '一致', '1': '不一致' }),
      'T',
    ),
  ),
  optional(leaf('DesignatedMedicalInstitutionName', '指定医療機関名', text, 'T')),
  optional(leaf('PrescriptionIssuerMedicalInstitutionCode', '処方箋発行元医療機関コード', text, 'T')),
  optional(leaf('PrescriptionIssuerMedicalInstitutionName', '処方箋発行元医療機関名', text, 'T')),
  optional(leaf('InjuryName1', '傷病名1', text, 'T')),
  optional(leaf('InjuryName2', '傷病名2', text, 'T')),
  optional(leaf('InjuryName3', '傷病名3', text, 'T')),
  optional(
    leaf(
      'MedicalTreatmentType',
      '診療別',
      codes('OQSCD019', { '01': '入院', '02': '入院外', '03': '歯科', '04': '調剤', '05': '訪問看護' }),
      'T',
    ),
  ),
  optional(leaf('SelfPayAmount', '本人支払額', count, 'T', { note: 'yen' })),
  optional(leaf('DistrictContactName', '地区担当員名', text, 'T')),
  optional(leaf('HandlingContactName', '取扱担当者名', text, 'T')),
  optional(leaf('SingleOrCombinedUse', '単独・併用別', codes('OQSCD020', { '01': '単独', '02': '併用' }), 'T')),
  optional(leaf('StatusOfSocialInsurance', '社会保険状況', yesNo('OQSCD021'), 'T')),
  optional(leaf('ConsistencyFlag', '整合性フラグ', codes('OQSCD022', { '1': '不整合あり' }), 'T')),
  optional(
    leaf('StatusOfInfecton', '感染症法第37条の2', yesNo('OQSCD023'), 'K', {
      note: 'spelled so, without the second i: two clients that know nothing of each other do',
    }),
  ),
  optional(leaf('StatusOfElderlyMedicalCare', '後期高齢者医療', yesNo('OQSCD024'), 'T')),
  optional(leaf('StatusOfPrefecturalExpenses', '都道府県費', yesNo('OQSCD025'), 'T')),
  optional(leaf('Remarks1', '備考1', text, 'T')),
  optional(leaf('Remarks2', '備考2', text, 'T')),
  optional(leaf('Remarks3', '備考3', text, 'T')),
]);

export const publicExpenseResultList = group(
  'PublicExpenseResultList',
  '医療扶助資格確認結果リスト',
  'T',
  [many(medicalTicketInfo)],
  { jsonList: 'wrapped', note: 'its JSON shape was never seen; written as ResultList is' },
);
