import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { CIVIL_DATE, INSTANT, POST_NUMBER } from './patterns.js';
import { Problem } from './problem.js';

const date = { format: 'date', pattern: CIVIL_DATE } as const;

/** As of which day a document is issued. */
export class DocumentQuery {
  @ApiPropertyOptional({
    description:
      'Tokyo day as of which the document is issued, 2015-01-01 to today; default: today. Coverage and rates are those of that day, the card is as the registry knows it now',
    ...date,
    example: '2026-11-22',
  })
  issuedOn?: string;
}

/** What a 資格確認書 needs to know beside the record. */
export class QualificationCertificateQuery extends DocumentQuery {
  @ApiPropertyOptional({
    description:
      'What the member applied for. no-card: has no マイナ保険証; cannot-use-card: has one and cannot use it (a facility or a carer would hold it, or it is lost). Absent: nobody applied',
    enum: ['no-card', 'cannot-use-card'],
    example: 'cannot-use-card',
  })
  application?: 'no-card' | 'cannot-use-card';

  @ApiPropertyOptional({
    description:
      'Last day of validity that the insurer sets for this one, within five years; default: as filed, or the usual term of the scheme',
    ...date,
    example: '2031-11-21',
  })
  validTo?: string;
}

/** 一部負担金の割合 as the document shows it. */
export class DocumentRate {
  @ApiProperty({ description: 'Share the patient pays, percent', type: 'integer', enum: [10, 20, 30], example: 20 })
  ratePercent: number;

  @ApiPropertyOptional({
    description: 'From 70 on: first day on which the rate holds',
    ...date,
    example: '2026-08-01',
  })
  validFrom?: string;

  @ApiPropertyOptional({
    description: 'From 70 on: last day on which the rate holds; absent when no end is known',
    ...date,
    example: '2027-07-31',
  })
  validTo?: string;
}

/** Whose document it is: what every one of them holds. */
export class InsuredPersonOnDocument {
  @ApiProperty({ description: 'Id of the person', maxLength: 20, example: '1024' })
  insuredPersonId: string;

  @ApiProperty({ description: 'Day as of which it is issued', ...date, example: '2026-11-22' })
  issuedOn: string;

  @ApiProperty({ description: '保険者番号', maxLength: 8, example: '06130488' })
  insurerNumber: string;

  @ApiProperty({ description: '保険者名', maxLength: 100, example: '見本健康保険組合' })
  insurerName: string;

  @ApiProperty({
    description: '加入医療保険種別: 社保 shaho, 国保 kokuho, 後期 kouki',
    enum: ['shaho', 'kokuho', 'kouki'],
    example: 'shaho',
  })
  scheme: string;

  @ApiPropertyOptional({ description: '記号; none in 後期', maxLength: 20, example: '1001' })
  insuredCardSymbol?: string;

  @ApiProperty({ description: '番号, in 後期 the 被保険者番号', maxLength: 20, example: '1000001' })
  insuredIdentificationNumber: string;

  @ApiPropertyOptional({ description: '枝番; none in 後期', maxLength: 2, example: '01' })
  insuredBranchNumber?: string;

  @ApiProperty({ description: '本人・家族の別 (OQSCD009): 1 the insured, 2 family', enum: ['1', '2'], example: '1' })
  personalFamilyClassification: string;

  @ApiProperty({ description: '氏名, every character as filed', maxLength: 100, example: '髙橋　太郎' })
  name: string;

  @ApiProperty({ description: 'フリガナ, as filed', maxLength: 100, example: 'タカハシ　タロウ' })
  nameKana: string;
}

/** 資格情報のお知らせ: shown together with the card where a card cannot be read; not enough by itself. */
export class QualificationNotice extends InsuredPersonOnDocument {
  @ApiProperty({
    description: 'with-last-four-digits: the one-time notice of August 2024; without-digits: every other',
    enum: ['with-last-four-digits', 'without-digits'],
    example: 'without-digits',
  })
  version: 'with-last-four-digits' | 'without-digits';

  @ApiProperty({
    description:
      'What it is issued for. reference-day: insured on 2024-07-26; joined-in-between: joined 2024-07-27 to 2024-12-01; joined: joined since; earlier-member: insured on the reference day and needs one later',
    enum: ['reference-day', 'joined-in-between', 'joined', 'earlier-member'],
    example: 'joined',
  })
  occasion: string;

  @ApiProperty({ description: '資格取得年月日', ...date, example: '2026-11-01' })
  qualificationDate: string;

  @ApiProperty({ description: '負担割合; with its period from 70 on', type: DocumentRate })
  copay: DocumentRate;

  @ApiPropertyOptional({
    description: 'Last four digits of the individual number on record, in that version only',
    pattern: '^\\d{4}$',
    example: '6825',
  })
  individualNumberLastFour?: string;

  @ApiProperty({
    description: 'Where its QR code leads: マイナポータル',
    format: 'uri',
    maxLength: 200,
    example: 'https://myna.go.jp/',
  })
  mynaportalUrl: string;

  @ApiProperty({
    description: 'Where the rule is written by which it is issued',
    maxLength: 200,
    example: 'マイナ保険証移行に関するご案内（資格情報のお知らせの送付について）: 個人番号下4桁なし; 健保規則51条の3',
  })
  source: string;
}

/** 資格確認書: makes a visit insured by itself while it is valid. */
export class QualificationCertificate extends InsuredPersonOnDocument {
  @ApiProperty({
    description: 'ex-officio: by the insurer without being asked; on-application: because the member applied',
    enum: ['ex-officio', 'on-application'],
    example: 'ex-officio',
  })
  basis: 'ex-officio' | 'on-application';

  @ApiProperty({
    description: 'Why the card does not serve; late-elderly: everybody in 後期 gets one, whatever card they hold',
    enum: ['no-registered-card', 'card-unusable', 'cannot-use-card', 'late-elderly'],
    example: 'no-registered-card',
  })
  need: string;

  @ApiProperty({ description: 'First day of validity', ...date, example: '2026-11-22' })
  validFrom: string;

  @ApiProperty({ description: '有効期限: last day of validity', ...date, example: '2031-11-21' })
  validTo: string;

  @ApiProperty({
    description:
      'Last day on which a loss of coverage makes it due for return: the last day of validity. An expired one is destroyed by the holder',
    ...date,
    example: '2031-11-21',
  })
  returnDueUntil: string;

  @ApiPropertyOptional({
    description: 'Members of before 2024-12-02: the day by which all of them were to have it',
    ...date,
    example: '2025-12-01',
  })
  sentBy?: string;

  @ApiProperty({ description: '生年月日', ...date, example: '1980-05-05' })
  birthdate: string;

  @ApiProperty({
    description: '性別 (OQSCD007): 1 male, 2 female, 3 not set',
    enum: ['1', '2', '3'],
    example: '1',
  })
  sex1: string;

  @ApiPropertyOptional({
    description: '被保険者氏名, where the person is a dependant and it was filed',
    maxLength: 100,
    example: '髙橋　太郎',
  })
  insuredName?: string;

  @ApiProperty({ description: '資格取得年月日', ...date, example: '2026-11-01' })
  qualificationDate: string;

  @ApiPropertyOptional({ description: '一部負担金の割合, from 70 on', type: DocumentRate })
  copay?: DocumentRate;

  @ApiProperty({
    description: 'Where the rule is written by which it is issued',
    maxLength: 200,
    example: '健保法51条の3, 健保規則47条',
  })
  source: string;
}

/** 資格情報画面 in the manner of マイナポータル: what the holder sees there of this coverage; shown together with the card. */
export class QualificationScreen extends InsuredPersonOnDocument {
  @ApiProperty({
    description: '保存日時',
    format: 'date-time',
    pattern: INSTANT,
    example: '2026-11-22T09:00:00.123+09:00',
  })
  savedAt: string;

  @ApiPropertyOptional({ description: '一部負担割合 of people of 70 and over, with its period', type: DocumentRate })
  copay?: DocumentRate;
}

/** 被保険者資格申立書, filled in as far as the record goes; signature, day and telephone number are the patient's. */
export class EligibilityDeclaration extends InsuredPersonOnDocument {
  @ApiProperty({
    description: 'Whether the coverage began within the month before the day of issue',
    example: false,
  })
  joinedWithinAMonth: boolean;

  @ApiPropertyOptional({
    description: '一部負担金の割合; absent where nothing on record decides it (わからない)',
    type: DocumentRate,
  })
  copay?: DocumentRate;

  @ApiProperty({ description: '生年月日', ...date, example: '1980-05-05' })
  birthdate: string;

  @ApiProperty({
    description: '性別 (OQSCD007): 1 male, 2 female, 3 not set',
    enum: ['1', '2', '3'],
    example: '1',
  })
  sex1: string;

  @ApiPropertyOptional({ description: '郵便番号', pattern: POST_NUMBER, example: '100-0013' })
  postNumber?: string;

  @ApiPropertyOptional({
    description: '住所',
    maxLength: 200,
    example: '東京都千代田区霞が関１丁目２番３号',
  })
  address?: string;
}

export const DOCUMENT_BATCH_PEOPLE_MAX = 1_000;

/** One document for many people. */
export class DocumentBatchRequest {
  @ApiProperty({
    description: 'Which document. A certificate is issued ex officio only: an application is one person’s',
    enum: ['qualification-notice', 'qualification-certificate', 'qualification-screen', 'eligibility-declaration'],
    example: 'qualification-notice',
  })
  document: 'qualification-notice' | 'qualification-certificate' | 'qualification-screen' | 'eligibility-declaration';

  @ApiPropertyOptional({
    description: 'What each line holds: the content as JSON, or the PDF',
    enum: ['json', 'pdf'],
    default: 'pdf',
    example: 'pdf',
  })
  format?: 'json' | 'pdf';

  @ApiPropertyOptional({
    description: 'Tokyo day as of which the documents are issued, 2015-01-01 to today; default: today',
    ...date,
    example: '2026-11-22',
  })
  issuedOn?: string;

  @ApiProperty({
    description: 'Ids of the people, each once; one line is written for each, in this order',
    type: [String],
    minItems: 1,
    maxItems: DOCUMENT_BATCH_PEOPLE_MAX,
    uniqueItems: true,
    items: { type: 'string', minLength: 1, maxLength: 20 },
    example: ['1024', '1025'],
  })
  people: string[];
}

/** What became of one person of a batch: `content`, `pdf` or `problem`. */
export class DocumentBatchLine {
  @ApiProperty({ description: 'Id of the person', maxLength: 20, example: '1024' })
  insuredPersonId: string;

  @ApiProperty({ description: 'How many people are done, this one included', type: 'integer', minimum: 1, example: 17 })
  done: number;

  @ApiProperty({ description: 'People in the batch', type: 'integer', minimum: 1, example: 1_000 })
  total: number;

  @ApiPropertyOptional({
    description: 'The document, as it is when it is asked for by itself; with format json',
    type: 'object',
    additionalProperties: true,
    example: { insuredPersonId: '1024', version: 'without-digits' },
  })
  content?: object;

  @ApiPropertyOptional({
    description: 'The PDF in base64 (RFC 4648 section 4); with format pdf',
    format: 'byte',
    example: 'JVBERi0xLjc=',
  })
  pdf?: string;

  @ApiPropertyOptional({
    description: 'Why there is none, as when it is asked for by itself; the others are issued all the same',
    type: Problem,
  })
  problem?: Problem;
}
