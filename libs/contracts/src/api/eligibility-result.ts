import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { CIVIL_DATE, INSTANT, INSTITUTION_CODE, POST_NUMBER, YEAR_MONTH } from './patterns.js';

const date = { format: 'date', pattern: CIVIL_DATE } as const;
const instant = { format: 'date-time', pattern: INSTANT } as const;

/** 一部負担金割合 on the service date. `ratePercent` is absent when nothing on record decides it (notice copay-rate-undetermined). */
export class CopayAnswer {
  @ApiPropertyOptional({
    description: 'Share the patient pays, percent (0 for 医療扶助)',
    type: 'integer',
    enum: [0, 10, 20, 30],
    example: 30,
  })
  ratePercent?: number;

  @ApiProperty({
    description: 'Age band by legal age (健保法74条・110条, 高確法50条)',
    enum: ['preschool', 'general', 'elderly70', 'late75'],
    example: 'general',
  })
  band: 'preschool' | 'general' | 'elderly70' | 'late75';

  @ApiPropertyOptional({ description: 'First day on which this rate holds', ...date, example: '1986-04-01' })
  validFrom?: string;

  @ApiPropertyOptional({
    description: 'Last day on which this rate holds; absent when no end is known',
    ...date,
    example: '2050-05-31',
  })
  validTo?: string;

  @ApiProperty({
    description: 'Names the rules and tables that decided; two answers with one version were decided alike',
    maxLength: 32,
    example: 'r1f2e3d4c5b6a',
  })
  ruleVersion: string;
}

/** A monthly limit in yen: base, plus `ratePercent` of what the total cost exceeds `thresholdYen` by; from the 4th month in 12, `multipleTimesYen`. */
export class LimitAmounts {
  @ApiProperty({ description: 'Base amount, yen', type: 'integer', minimum: 0, example: 85_800 })
  baseYen: number;

  @ApiPropertyOptional({
    description: 'Total cost (10割) above which the percentage is added, yen',
    type: 'integer',
    minimum: 0,
    example: 286_000,
  })
  thresholdYen?: number;

  @ApiPropertyOptional({ description: 'Percentage of the cost above the threshold', type: 'integer', example: 1 })
  ratePercent?: number;

  @ApiPropertyOptional({
    description:
      '多数回該当: the flat limit from the fourth month within twelve, yen; absent where the category has none',
    type: 'integer',
    minimum: 0,
    example: 44_400,
  })
  multipleTimesYen?: number;
}

/** 高額療養費 for the treatment month, category and yen. Without consent only `withheld` is present. */
export class CostLimitAnswer {
  @ApiPropertyOptional({ description: 'Why nothing is shown', enum: ['not-consented'], example: 'not-consented' })
  withheld?: 'not-consented';

  @ApiPropertyOptional({
    description:
      '適用区分 (OQSCD012): A01 ア … A05 オ, A06 オ(境), B01-B03 現役並みIII-I, B04 一般, B05 低所得II, B06-B08 低所得I, B09 一般II, B10 一般I',
    enum: [
      'A01',
      'A02',
      'A03',
      'A04',
      'A05',
      'A06',
      'B01',
      'B02',
      'B03',
      'B04',
      'B05',
      'B06',
      'B07',
      'B08',
      'B09',
      'B10',
    ],
    example: 'A03',
  })
  classificationFlag?: string;

  @ApiPropertyOptional({ description: 'The category as people say it', maxLength: 20, example: 'ウ' })
  label?: string;

  @ApiPropertyOptional({
    description: 'Month of the service date; it alone chooses the table',
    pattern: YEAR_MONTH,
    example: '2026-11',
  })
  treatmentMonth?: string;

  @ApiPropertyOptional({
    description: 'First month of the published table used',
    pattern: YEAR_MONTH,
    example: '2026-08',
  })
  tableEffectiveFrom?: string;

  @ApiPropertyOptional({ description: 'Limit of the household for the month', type: LimitAmounts })
  household?: LimitAmounts;

  @ApiPropertyOptional({
    description:
      "The person's own limit where it differs from the household's: half of it in the month of the 75th birthday (健保令41条)",
    type: LimitAmounts,
  })
  person?: LimitAmounts;

  @ApiPropertyOptional({
    description: '70 and over: limit of one person for outpatient treatment in the month, yen',
    type: 'integer',
    minimum: 0,
    example: 22_000,
  })
  outpatientYen?: number;

  @ApiPropertyOptional({
    description: '70 and over: outpatient limit from 1 August to 31 July, yen',
    type: 'integer',
    minimum: 0,
    example: 216_000,
  })
  outpatientAnnualYen?: number;

  @ApiPropertyOptional({
    description:
      '年間上限 (treatment from 2026-08), 1 August to 31 July, yen; paid back on application, it never lowers the monthly limit',
    type: 'integer',
    minimum: 0,
    example: 530_000,
  })
  annualCapYen?: number;

  @ApiPropertyOptional({
    description: 'True in the month of the 75th birthday, when the limits of the person are halved',
    example: true,
  })
  halved?: boolean;

  @ApiPropertyOptional({ description: 'First day on which this limit holds', ...date, example: '2026-08-01' })
  validFrom?: string;

  @ApiPropertyOptional({ description: 'Last day on which this limit holds', ...date, example: '2027-07-31' })
  validTo?: string;

  @ApiPropertyOptional({ description: 'As in copay', maxLength: 32, example: 'r1f2e3d4c5b6a' })
  ruleVersion?: string;
}

/** 特定疾病療養受療証. */
export class SpecificDiseaseCertificate {
  @ApiProperty({
    description: '認定疾病区分 (OQSCD013): 1 人工透析, 2 血友病, 3 HIV',
    enum: ['1', '2', '3'],
    example: '1',
  })
  specificDiseasesDiseaseCategory: string;

  @ApiPropertyOptional({ description: '交付年月日', ...date, example: '2025-04-01' })
  specificDiseasesCertificateDate?: string;

  @ApiProperty({ description: '有効開始年月日', ...date, example: '2025-04-01' })
  specificDiseasesValidStartDate: string;

  @ApiPropertyOptional({ description: '有効終了年月日', ...date, example: '2027-07-31' })
  specificDiseasesValidEndDate?: string;

  @ApiProperty({
    description: '自己負担限度額 for the month at one institution, yen',
    type: 'integer',
    enum: [5_000, 10_000, 20_000],
    example: 10_000,
  })
  specificDiseasesSelfPay: number;
}

/** Without consent only `withheld` is present; with consent and no certificate the list is empty. */
export class SpecificDiseasesAnswer {
  @ApiPropertyOptional({
    description: 'Why nothing is shown: no consent',
    enum: ['not-consented'],
    example: 'not-consented',
  })
  withheld?: 'not-consented';

  @ApiPropertyOptional({
    description: 'Certificates valid on the service date',
    type: [SpecificDiseaseCertificate],
    maxItems: 10,
  })
  certificates?: SpecificDiseaseCertificate[];
}

/** 高齢受給者証情報. */
export class ElderlyRecipientCertificateInfo {
  @ApiPropertyOptional({ description: '交付年月日', ...date, example: '2026-08-01' })
  elderlyRecipientCertificateDate?: string;

  @ApiProperty({ description: '有効開始年月日', ...date, example: '2026-08-01' })
  elderlyRecipientValidStartDate: string;

  @ApiPropertyOptional({ description: '有効終了年月日', ...date, example: '2027-07-31' })
  elderlyRecipientValidEndDate?: string;

  @ApiProperty({ description: '一部負担金割合, three digits of percent', enum: ['010', '020', '030'], example: '020' })
  elderlyRecipientContributionRatio: string;
}

/** 限度額適用認定証関連情報; only with consent. */
export class LimitApplicationCertificateRelatedInfo {
  @ApiProperty({
    description: '証区分 (OQSCD011): 01 限度額適用認定証, 02 限度額適用・標準負担額減額認定証, 03 標準負担額減額認定証',
    enum: ['01', '02', '03'],
    example: '01',
  })
  limitApplicationCertificateClassification: string;

  @ApiProperty({ description: '適用区分 (OQSCD012)', maxLength: 3, example: 'A03' })
  limitApplicationCertificateClassificationFlag: string;

  @ApiPropertyOptional({ description: '交付年月日', ...date, example: '2022-09-01' })
  limitApplicationCertificateDate?: string;

  @ApiProperty({ description: '有効開始年月日', ...date, example: '2022-09-01' })
  limitApplicationCertificateValidStartDate: string;

  @ApiPropertyOptional({ description: '有効終了年月日', ...date, example: '2027-07-31' })
  limitApplicationCertificateValidEndDate?: string;

  @ApiPropertyOptional({ description: '長期入院該当年月日', ...date, example: '2026-10-01' })
  limitApplicationCertificateLongTermDate?: string;
}

/** 医療券・調剤券情報 of 医療扶助. */
export class MedicalTicketInfo {
  @ApiProperty({ description: '医療券・調剤券別 (OQSCD018): 01 医療券, 02 調剤券', enum: ['01', '02'], example: '01' })
  ticketType: string;

  @ApiProperty({ description: '有効開始年月日', ...date, example: '2026-11-01' })
  medicalTicketValidDate: string;

  @ApiPropertyOptional({ description: '有効終了年月日', ...date, example: '2026-11-30' })
  medicalTicketExpirationDate?: string;

  @ApiPropertyOptional({ description: '交付番号', maxLength: 20, example: '0000123' })
  issueNumber?: string;

  @ApiProperty({ description: '診療年月', pattern: YEAR_MONTH, example: '2026-11' })
  medicalTreatmentMonth: string;

  @ApiProperty({ description: '指定医療機関コード', pattern: INSTITUTION_CODE, example: '1312345670' })
  designatedMedicalInstitutionCode: string;

  @ApiProperty({
    description: '指定医療機関確認フラグ (OQSCD026) against the institution that asks: 0 一致, 1 不一致',
    enum: ['0', '1'],
    example: '0',
  })
  designatedMedicalInstitutionFlag: string;

  @ApiPropertyOptional({ description: '指定医療機関名', maxLength: 100, example: '見本クリニック' })
  designatedMedicalInstitutionName?: string;

  @ApiPropertyOptional({
    description: '診療別 (OQSCD019): 01 入院, 02 入院外, 03 歯科, 04 調剤, 05 訪問看護',
    enum: ['01', '02', '03', '04', '05'],
    example: '02',
  })
  medicalTreatmentType?: string;

  @ApiPropertyOptional({ description: '本人支払額, yen', type: 'integer', minimum: 0, example: 0 })
  selfPayAmount?: number;

  @ApiPropertyOptional({ description: '単独・併用別 (OQSCD020): 01 単独, 02 併用', enum: ['01', '02'], example: '01' })
  singleOrCombinedUse?: string;
}

/** One coverage of the person, in the national interface's element names. Absent means absent. */
export class QualificationResult {
  @ApiProperty({
    description: '保険者番号, 8 digits, or 6 for 国保 (医療扶助: 公費負担者番号)',
    pattern: '^\\d{6}(\\d{2})?$',
    example: '06130488',
  })
  insurerNumber: string;

  @ApiProperty({ description: '保険者名称', maxLength: 100, example: '見本健康保険組合' })
  insurerName: string;

  @ApiProperty({
    description:
      '被保険者証区分 (OQSCD010): 01 一般, 02 退職, 03/04 短期, 05 特別療養費, 06 特例退職, 07 自衛官, A1 医療扶助',
    enum: ['01', '02', '03', '04', '05', '06', '07', 'A1'],
    example: '01',
  })
  insuredCardClassification: string;

  @ApiPropertyOptional({ description: '被保険者証記号', maxLength: 20, example: '1234' })
  insuredCardSymbol?: string;

  @ApiProperty({ description: '被保険者証番号 (医療扶助: 受給者番号)', maxLength: 20, example: '1987654' })
  insuredIdentificationNumber: string;

  @ApiPropertyOptional({ description: '被保険者証枝番; 後期 has none', pattern: '^\\d{2}$', example: '01' })
  insuredBranchNumber?: string;

  @ApiProperty({ description: '本人・家族の別 (OQSCD009): 1 本人, 2 家族', enum: ['1', '2'], example: '1' })
  personalFamilyClassification: string;

  @ApiPropertyOptional({
    description: '被保険者氏名（世帯主氏名）, where it is another person than `name`',
    maxLength: 100,
    example: '資格　太郎',
  })
  insuredName?: string;

  @ApiProperty({ description: '氏名, a full-width space between the parts', maxLength: 100, example: '資格　太郎' })
  name: string;

  @ApiPropertyOptional({ description: '氏名（その他）, such as 通称', maxLength: 100, example: '資格　次郎' })
  nameOfOther?: string;

  @ApiProperty({ description: '氏名カナ, half-width', maxLength: 100, example: 'ｼｶｸ ﾀﾛｳ' })
  nameKana: string;

  @ApiPropertyOptional({ description: '氏名カナ（その他）', maxLength: 100, example: 'ｼｶｸ ｼﾞﾛｳ' })
  nameOfOtherKana?: string;

  @ApiProperty({ description: '性別1 (OQSCD007): 1 男, 2 女, 3 未設定', enum: ['1', '2', '3'], example: '1' })
  sex1: string;

  @ApiPropertyOptional({ description: '性別2 (OQSCD007)', enum: ['1', '2', '3'], example: '1' })
  sex2?: string;

  @ApiProperty({ description: '生年月日', ...date, example: '1980-05-05' })
  birthdate: string;

  @ApiPropertyOptional({ description: '住所', maxLength: 200, example: '東京都千代田区霞が関１丁目２番３号' })
  address?: string;

  @ApiPropertyOptional({ description: '郵便番号', pattern: POST_NUMBER, example: '100-0013' })
  postNumber?: string;

  @ApiProperty({ description: '資格取得年月日: first day of coverage', ...date, example: '2024-04-01' })
  qualificationDate: string;

  @ApiPropertyOptional({ description: '資格喪失年月日: first day without coverage', ...date, example: '2026-10-01' })
  disqualificationDate?: string;

  @ApiPropertyOptional({
    description: '資格喪失事由 (OQSCD008): 01 死亡, 02 生活保護受給開始, 03 医療保険等の資格取得, 99 その他',
    enum: ['01', '02', '03', '99'],
    example: '99',
  })
  reasonOfLoss?: string;

  @ApiPropertyOptional({ description: '被保険者証交付年月日', ...date, example: '2024-04-01' })
  insuredCertificateIssuanceDate?: string;

  @ApiPropertyOptional({ description: '被保険者証有効開始年月日', ...date, example: '2024-04-01' })
  insuredCardValidDate?: string;

  @ApiPropertyOptional({ description: '被保険者証有効終了年月日', ...date, example: '2027-07-31' })
  insuredCardExpirationDate?: string;

  @ApiPropertyOptional({
    description: '被保険者証一部負担金割合 (後期高齢者), three digits of percent',
    enum: ['010', '020', '030'],
    example: '010',
  })
  insuredPartialContributionRatio?: string;

  @ApiPropertyOptional({
    description: '未就学区分 (OQSCD015): 1 while the 2割 of the preschool child holds',
    enum: ['1'],
    example: '1',
  })
  preschoolClassification?: string;

  @ApiPropertyOptional({ type: ElderlyRecipientCertificateInfo })
  elderlyRecipientCertificateInfo?: ElderlyRecipientCertificateInfo;

  @ApiPropertyOptional({ description: 'Absent when the coverage does not hold on the service date', type: CopayAnswer })
  copay?: CopayAnswer;

  @ApiPropertyOptional({
    description: 'Absent when the coverage does not hold on the service date, or nothing decides the category',
    type: CostLimitAnswer,
  })
  costLimit?: CostLimitAnswer;

  @ApiProperty({
    description: '限度額適用認定証提供同意フラグ (OQSCD001): 0 未同意, 1 同意',
    enum: ['0', '1'],
    example: '1',
  })
  limitApplicationCertificateRelatedConsFlg: string;

  @ApiPropertyOptional({ description: '同 提供同意日時', ...instant, example: '2026-11-22T09:00:00.123+09:00' })
  limitApplicationCertificateRelatedConsTime?: string;

  @ApiPropertyOptional({ type: LimitApplicationCertificateRelatedInfo })
  limitApplicationCertificateRelatedInfo?: LimitApplicationCertificateRelatedInfo;

  @ApiProperty({
    description: '特定疾病療養受療証提供同意フラグ (OQSCD016): 0 なし, 1 あり',
    enum: ['0', '1'],
    example: '1',
  })
  specificDiseasesCertificateRelatedConsFlg: string;

  @ApiPropertyOptional({ description: '同 提供同意日時', ...instant, example: '2026-11-22T09:00:00.123+09:00' })
  specificDiseasesCertificateRelatedConsTime?: string;

  @ApiPropertyOptional({
    description: 'Absent when the coverage does not hold on the service date',
    type: SpecificDiseasesAnswer,
  })
  specificDiseases?: SpecificDiseasesAnswer;

  @ApiPropertyOptional({
    description: '医療扶助: tickets of the treatment month',
    type: [MedicalTicketInfo],
    maxItems: 50,
  })
  publicExpense?: MedicalTicketInfo[];

  @ApiProperty({
    description: '特定健診情報閲覧同意フラグ (OQSCD016): 0 なし, 1 あり, 3 取得困難 (certificate in grace)',
    enum: ['0', '1', '3'],
    example: '0',
  })
  specificHealthCheckupsInfoConsFlg: string;

  @ApiPropertyOptional({ description: '同 同意日時', ...instant, example: '2026-11-22T09:00:00.123+09:00' })
  specificHealthCheckupsInfoConsTime?: string;

  @ApiPropertyOptional({
    description: '同 有効期限: 24 hours after consent',
    ...instant,
    example: '2026-11-23T09:00:00.123+09:00',
  })
  specificHealthCheckupsInfoAvailableTime?: string;

  @ApiProperty({ description: '薬剤情報閲覧同意フラグ (OQSCD016)', enum: ['0', '1', '3'], example: '0' })
  pharmacistsInfoConsFlg: string;

  @ApiPropertyOptional({ description: '同 同意日時', ...instant, example: '2026-11-22T09:00:00.123+09:00' })
  pharmacistsInfoConsTime?: string;

  @ApiPropertyOptional({
    description: '同 有効期限: 24 hours after consent',
    ...instant,
    example: '2026-11-23T09:00:00.123+09:00',
  })
  pharmacistsInfoAvailableTime?: string;

  @ApiProperty({ description: '診療情報閲覧同意フラグ (OQSCD016)', enum: ['0', '1', '3'], example: '0' })
  diagnosisInfoConsFlg: string;

  @ApiPropertyOptional({ description: '同 同意日時', ...instant, example: '2026-11-22T09:00:00.123+09:00' })
  diagnosisInfoConsTime?: string;

  @ApiPropertyOptional({
    description: '同 有効期限: 24 hours after consent',
    ...instant,
    example: '2026-11-23T09:00:00.123+09:00',
  })
  diagnosisInfoAvailableTime?: string;

  @ApiProperty({ description: '手術情報閲覧同意フラグ (OQSCD016)', enum: ['0', '1', '3'], example: '0' })
  operationInfoConsFlg: string;

  @ApiPropertyOptional({ description: '同 同意日時', ...instant, example: '2026-11-22T09:00:00.123+09:00' })
  operationInfoConsTime?: string;

  @ApiPropertyOptional({
    description: '同 有効期限: 24 hours after consent',
    ...instant,
    example: '2026-11-23T09:00:00.123+09:00',
  })
  operationInfoAvailableTime?: string;

  @ApiPropertyOptional({
    description: '照会番号 that the asking institution has set for this person',
    maxLength: 50,
    example: 'K-000123',
  })
  referenceNumber?: string;
}
