/**
 * Code lists of the national system (別紙5-1 業務コード仕様, OQSCD001 …) as public clients transcribe them. Keys are the element
 * names of the interface; elements that share a list share a row.
 */
export interface CodeList {
  readonly list: string;
  readonly fields: readonly string[];
  readonly codes: Readonly<Record<string, string>>;
}

export const OQS_CODE_LISTS: readonly CodeList[] = [
  {
    list: 'OQSCD001',
    fields: ['LimitApplicationCertificateRelatedConsFlg'],
    codes: { '0': '未同意', '1': '同意' },
  },
  {
    list: 'OQSCD002',
    fields: ['ReferenceClassification'],
    codes: { '1': 'マイナンバーカード', '2': '被保険者証情報' },
  },
  { list: 'OQSCD003', fields: ['SegmentOfResult'], codes: { '1': '正常終了', '2': '処理中', '9': '異常終了' } },
  { list: 'OQSCD004', fields: ['ProcessingResultStatus'], codes: { '1': '正常終了', '2': 'エラー' } },
  { list: 'OQSCD005', fields: ['CharacterCodeIdentifier'], codes: { '0': 'UTF-8', '1': 'Shift_JIS' } },
  {
    list: 'OQSCD006',
    fields: ['QualificationValidity'],
    codes: {
      '1': '有効',
      '2': '無効',
      '3': '無効(新しい資格あり)',
      '4': '該当資格なし',
      '5': '複数該当',
      '6': '有効(未登録)',
    },
  },
  { list: 'OQSCD007', fields: ['Sex1', 'Sex2'], codes: { '1': '男', '2': '女', '3': '未設定' } },
  {
    list: 'OQSCD008',
    fields: ['ReasonOfLoss'],
    codes: { '01': '死亡', '02': '生保開始', '03': '他保険取得', '99': 'その他' },
  },
  { list: 'OQSCD009', fields: ['PersonalFamilyClassification'], codes: { '1': '本人', '2': '家族' } },
  {
    list: 'OQSCD010',
    fields: ['InsuredCardClassification'],
    codes: {
      '01': '一般',
      '02': '退職',
      '03': '短期(一般)',
      '04': '短期(退職)',
      '05': '特別療養費',
      '06': '特例退職',
      '07': '自衛官',
      A1: '医療扶助',
    },
  },
  {
    list: 'OQSCD011',
    fields: ['LimitApplicationCertificateClassification'],
    codes: { '01': '限度額適用認定証', '02': '限度額適用・標準負担額減額認定証', '03': '標準負担額減額認定証' },
  },
  {
    list: 'OQSCD012',
    fields: ['LimitApplicationCertificateClassificationFlag'],
    codes: {
      A01: 'ア',
      A02: 'イ',
      A03: 'ウ',
      A04: 'エ',
      A05: 'オ',
      A06: 'オ(境)',
      B01: '現役並みIII',
      B02: '現役並みII',
      B03: '現役並みI',
      B04: '一般',
      B05: '低所得II',
      B06: '低所得I',
      B07: '低所得I(老福)',
      B08: '低所得I(境)',
      B09: '一般II',
      B10: '一般I',
    },
  },
  {
    list: 'OQSCD013',
    fields: ['SpecificDiseasesDiseaseCategory'],
    codes: { '1': '人工腎臓', '2': '血友病', '3': 'HIV' },
  },
  {
    list: 'OQSCD014',
    fields: ['LimitApplicationCertificateChanged'],
    codes: { '0': '変更なし', '1': '変更あり又は判定不能' },
  },
  { list: 'OQSCD015', fields: ['PreschoolClassification'], codes: { '1': '未就学' } },
  {
    list: 'OQSCD016',
    fields: [
      'SpecificDiseasesCertificateRelatedConsFlg',
      'SpecificHealthCheckupsInfoConsFlg',
      'PharmacistsInfoConsFlg',
      'DiagnosisInfoConsFlg',
      'OperationInfoConsFlg',
    ],
    codes: { '0': '同意なし', '1': '同意あり', '2': '有効期限切れ', '3': '取得困難' },
  },
  { list: 'OQSCD017', fields: ['PrescriptionIssueSelect'], codes: { '1': '電子処方箋', '2': '紙' } },
  {
    list: 'rate',
    fields: ['InsuredPartialContributionRatio', 'ElderlyRecipientContributionRatio'],
    codes: { '010': '1割', '020': '2割', '030': '3割' },
  },
];

const BY_FIELD: ReadonlyMap<string, CodeList> = new Map(
  OQS_CODE_LISTS.flatMap((list) => list.fields.map((field) => [field, list] as const)),
);

export const oqsCodeListOf = (field: string): CodeList | undefined => BY_FIELD.get(field);

/** The meaning of a code; `undefined` for a field or a code that is not on the lists. */
export const oqsMeaning = (field: string, code: string): string | undefined => {
  const codes = BY_FIELD.get(field)?.codes;
  return codes !== undefined && Object.hasOwn(codes, code) ? codes[code] : undefined;
};
