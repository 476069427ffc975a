import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { EnrollmentReview } from './enrollment-reviews.js';
import { BRANCH_NUMBER, CARD_TEXT, CIVIL_DATE, INSTANT, POST_NUMBER, UUID } from './patterns.js';
import { CHANGE_KINDS } from './qualification-changes.js';

/** 被保険者資格取得届; 被扶養者(異動)届. */
export const ENROLLMENT_KINDS = ['acquisition', 'dependent'] as const;
export type EnrollmentKind = (typeof ENROLLMENT_KINDS)[number];

/** Of every filing that is followed by its number. */
export const FILING_KINDS = [...ENROLLMENT_KINDS, ...CHANGE_KINDS] as const;
export type FilingKind = (typeof FILING_KINDS)[number];

export const ENROLLMENT_STATES = [
  'received',
  'looking-up',
  'registered',
  'usable',
  'returned',
  'needs-review',
] as const;
export type EnrollmentState = (typeof ENROLLMENT_STATES)[number];

/** What is to be corrected, or looked at by people. */
export const ENROLLMENT_REASONS = [
  'nobody-found',
  'attribute-differs',
  'attribute-missing',
  'several-people',
  'individual-number-differs',
  'individual-number-of-another-person',
  'already-insured-here',
  'already-filed',
  'returned-by-review',
  'filed-number-differs',
  'coverage-not-found',
  'before-coverage',
  'after-coverage',
  'no-remuneration-in-scheme',
  'somebody-else-found',
  'overtaken-by-later-change',
] as const;
export type EnrollmentReasonCode = (typeof ENROLLMENT_REASONS)[number];

/** In what two writings of a name differ. */
export const NAME_DIFFERENCES = [
  'spaces',
  'long-vowel-signs',
  'small-kana',
  'variant-characters',
  'different',
] as const;
export type NameDifference = (typeof NAME_DIFFERENCES)[number];

const NAME_MAX = 100;
const ADDRESS_MAX = 200;
const instant = { format: 'date-time', pattern: INSTANT, example: '2026-11-22T10:00:00.123+09:00' } as const;
const uuid = { format: 'uuid', pattern: UUID, example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d' } as const;

/** The person as the form has them. What is left out is asked for again: the registry is searched by all five or not at all. */
export class FiledPerson {
  @ApiProperty({
    description: '漢字氏名, one of the five attributes; a space between family and given name',
    pattern: CARD_TEXT,
    minLength: 1,
    maxLength: NAME_MAX,
    example: '資格　太郎',
  })
  name: string;

  @ApiProperty({
    description: 'カナ氏名, full or half width',
    pattern: CARD_TEXT,
    minLength: 1,
    maxLength: NAME_MAX,
    example: 'シカク　タロウ',
  })
  nameKana: string;

  @ApiProperty({ description: '生年月日', format: 'date', pattern: CIVIL_DATE, example: '1980-05-05' })
  birthdate: string;

  @ApiProperty({ description: '性別: 1 male, 2 female, 3 not set (OQSCD007)', enum: ['1', '2', '3'], example: '1' })
  sex1: string;

  @ApiPropertyOptional({
    description: '住民票住所. Without it the filing is returned.',
    pattern: CARD_TEXT,
    minLength: 1,
    maxLength: ADDRESS_MAX,
    example: '東京都千代田区霞が関１丁目２番３号',
  })
  address?: string;

  @ApiPropertyOptional({ description: '郵便番号', pattern: POST_NUMBER, example: '100-0013' })
  postNumber?: string;

  @ApiPropertyOptional({
    description: '通称名, as it is to be shown beside the name',
    pattern: CARD_TEXT,
    minLength: 1,
    maxLength: NAME_MAX,
    example: '資格　たろう',
  })
  nameOfOther?: string;
}

/** 資格取得届 or 被扶養者届 of the caller's own insurer. */
export class EnrollmentFiling {
  @ApiProperty({
    description: 'acquisition: 被保険者資格取得届; dependent: 被扶養者届',
    enum: ENROLLMENT_KINDS,
    example: 'acquisition',
  })
  kind: EnrollmentKind;

  @ApiProperty({
    description:
      '資格取得年月日: the first day of coverage, from 2015-01-01 to one year ahead. It is due within 5 days; later ones are accepted and marked.',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-20',
  })
  qualificationDate: string;

  @ApiProperty({ type: FiledPerson })
  person: FiledPerson;

  @ApiPropertyOptional({
    description: '被保険者証記号; 後期 has none',
    pattern: CARD_TEXT,
    minLength: 1,
    maxLength: 20,
    example: '1001',
  })
  insuredCardSymbol?: string;

  @ApiProperty({ description: '被保険者証番号', pattern: CARD_TEXT, minLength: 1, maxLength: 20, example: '1987654' })
  insuredIdentificationNumber: string;

  @ApiPropertyOptional({
    description: '被保険者証枝番, two digits',
    pattern: BRANCH_NUMBER,
    minLength: 1,
    maxLength: 2,
    example: '01',
  })
  insuredBranchNumber?: string;

  @ApiPropertyOptional({
    description: '被保険者氏名 where somebody else is insured: needed with a 被扶養者届',
    pattern: CARD_TEXT,
    minLength: 1,
    maxLength: NAME_MAX,
    example: '資格　太郎',
  })
  insuredName?: string;

  @ApiPropertyOptional({
    description:
      '個人番号, half or full width. Held against the one that the registry finds; never kept as filed, shown or logged. Without it the registry’s word alone decides.',
    pattern: '^[0-9\\uFF10-\\uFF19]{12}$',
    writeOnly: true,
    example: '123456789018',
  })
  individualNumber?: string;

  @ApiPropertyOptional({
    description:
      '標準報酬月額 in yen (健保, of the insured person): decides copay from 70 and the cost-limit category. Without it the category is not known.',
    type: 'integer',
    minimum: 58_000,
    maximum: 1_390_000,
    example: 300_000,
  })
  standardMonthlyRemuneration?: number;
}

/** Why a filing came back, or waits for people. */
export class EnrollmentReason {
  @ApiProperty({
    description:
      'nobody-found, attribute-differs, attribute-missing: what was filed does not lead to one person; several-people: two or more agree in all five attributes, which no machine decides; individual-number-differs, individual-number-of-another-person: the registry’s number is another than the one we hold; already-insured-here: coverage of this person at this insurer overlaps; already-filed: the same was filed before; returned-by-review: two people looked at it and decided so; filed-number-differs: the individual number filed is not the one of the person found; of a change: coverage-not-found: no such coverage of yours; before-coverage, after-coverage: it would begin while the coverage does not hold; no-remuneration-in-scheme: 標準報酬月額 is of 健保; somebody-else-found: the attributes lead to another person than the one insured; overtaken-by-later-change: another was filed for a later day, so that the registry cannot confirm this one',
    enum: ENROLLMENT_REASONS,
    example: 'attribute-differs',
  })
  code: EnrollmentReasonCode;

  @ApiPropertyOptional({
    description: 'The field it is about, as a JSON pointer into the filing',
    maxLength: 60,
    example: '/person/address',
  })
  pointer?: string;

  @ApiPropertyOptional({
    description:
      'Of a name that differs, in what: spaces; long-vowel-signs (a hyphen for ー); small-kana (シヨ for ショ); variant-characters (another shape of the same kanji, and perhaps spaces); different: anything else',
    enum: NAME_DIFFERENCES,
    example: 'variant-characters',
  })
  difference?: NameDifference;

  @ApiPropertyOptional({
    description: 'Which characters of the filed name are registered in another shape, from 1, spaces not counted',
    type: [Number],
    maxItems: 100,
    example: [1],
  })
  characters?: number[];

  @ApiProperty({
    description: 'For whoever corrects it',
    maxLength: 300,
    example: '住所が住民票の記載と一致しません。住民票のとおりに届け出てください。',
  })
  ja: string;

  @ApiProperty({
    description: 'The same in English',
    maxLength: 300,
    example: 'The address is not the one in the resident register. File it as it stands there.',
  })
  en: string;
}

/** One step of a filing's way. */
export class EnrollmentStep {
  @ApiProperty({ enum: ENROLLMENT_STATES, description: 'What it became', example: 'registered' })
  state: EnrollmentState;

  @ApiProperty({ description: 'When', ...instant })
  at: string;

  @ApiPropertyOptional({
    description: 'Reasons of that step',
    enum: ENROLLMENT_REASONS,
    isArray: true,
    example: ['attribute-differs'],
  })
  reasons?: EnrollmentReasonCode[];
}

/** A filing, as it stands. */
export class Enrollment {
  @ApiProperty({ description: 'UUIDv7 of the filing', ...uuid })
  enrollmentId: string;

  @ApiProperty({ enum: FILING_KINDS, description: 'As filed', example: 'acquisition' })
  kind: FilingKind;

  @ApiProperty({
    description:
      'received, looking-up: goes on by itself; registered: done, and usable from usableFrom; usable: answered at every counter; returned: file it again, with what reasons[] say; needs-review: waits for two people',
    enum: ENROLLMENT_STATES,
    example: 'registered',
  })
  state: EnrollmentState;

  @ApiProperty({ description: 'When it was filed', ...instant })
  receivedAt: string;

  @ApiPropertyOptional({
    description:
      'First day of coverage, as filed; of a change: of the coverage that it is about, absent where there is none such of yours',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-20',
  })
  qualificationDate?: string;

  @ApiPropertyOptional({
    description: 'Of a change: the first day on which it is so',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-20',
  })
  effectiveDate?: string;

  @ApiPropertyOptional({
    description:
      'Last day of the 5 days within which it was due (健保規則24条; of a change: the notice to members). Absent where no term counts: of a correction, and of remuneration alone',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-25',
  })
  dueOn?: string;

  @ApiProperty({ description: 'Whether it came after that day', example: false })
  late: boolean;

  @ApiPropertyOptional({
    description:
      'While it is under way: the day from which the card can be expected to work, if nothing goes wrong. Not there while the registry is away.',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-23',
  })
  estimatedUsableFrom?: string;

  @ApiPropertyOptional({
    description:
      'Once registered: the day from which the card works, which is the next one. Of a change: the day from which counters answer with it, about its own days',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-23',
  })
  usableFrom?: string;

  @ApiPropertyOptional({
    description: 'Once registered: the coverage, for its loss; of a change always',
    maxLength: 20,
    example: '1042',
  })
  qualificationId?: string;

  @ApiPropertyOptional({ description: 'Once registered: the person, for documents', maxLength: 20, example: '1007' })
  insuredPersonId?: string;

  @ApiPropertyOptional({ description: 'What is to be corrected or decided', type: [EnrollmentReason] })
  reasons?: EnrollmentReason[];

  @ApiPropertyOptional({ description: 'What people decided about it, oldest first', type: [EnrollmentReview] })
  reviews?: EnrollmentReview[];

  @ApiProperty({ description: 'Every step, oldest first', type: [EnrollmentStep] })
  history: EnrollmentStep[];
}

/** `POST /v1/qualifications/{qualificationId}/loss`. */
export class QualificationLossFiling {
  @ApiProperty({
    description:
      '資格喪失年月日: the first day without coverage; also in the past. Filing another day corrects the one filed before.',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-12-01',
  })
  disqualificationDate: string;

  @ApiProperty({
    description: '資格喪失事由 (OQSCD008): 01 死亡, 02 生活保護受給開始, 03 医療保険等の資格取得, 99 その他',
    enum: ['01', '02', '03', '99'],
    example: '99',
  })
  reasonOfLoss: string;
}

/** A coverage, as it stands. */
export class Qualification {
  @ApiProperty({ description: 'The coverage', maxLength: 20, example: '1042' })
  qualificationId: string;

  @ApiProperty({ description: 'The person', maxLength: 20, example: '1007' })
  insuredPersonId: string;

  @ApiProperty({ description: '資格取得年月日', format: 'date', pattern: CIVIL_DATE, example: '2024-04-01' })
  qualificationDate: string;

  @ApiPropertyOptional({ description: '資格喪失年月日', format: 'date', pattern: CIVIL_DATE, example: '2026-12-01' })
  disqualificationDate?: string;

  @ApiPropertyOptional({ description: '資格喪失事由', enum: ['01', '02', '03', '99'], example: '99' })
  reasonOfLoss?: string;

  @ApiPropertyOptional({ description: 'When the loss was filed', ...instant })
  lossRecordedAt?: string;
}
