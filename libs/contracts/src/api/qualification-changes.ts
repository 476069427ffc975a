import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { BRANCH_NUMBER, CARD_TEXT, CIVIL_DATE, INSTANT, POST_NUMBER, ROW_ID, UUID } from './patterns.js';

/** 変更届; 訂正届. */
export const CHANGE_KINDS = ['change', 'correction'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

const NAME_MAX = 100;
const ADDRESS_MAX = 200;
const text = (maxLength: number) => ({ pattern: CARD_TEXT, minLength: 1, maxLength }) as const;

/** What became another of the person; what is left out stays as it is. */
export class ChangedPerson {
  @ApiPropertyOptional({ description: '漢字氏名 (氏名変更)', ...text(NAME_MAX), example: '新姓　太郎' })
  name?: string;

  @ApiPropertyOptional({ description: 'カナ氏名, full or half width', ...text(NAME_MAX), example: 'シンセイ　タロウ' })
  nameKana?: string;

  @ApiPropertyOptional({
    description: '生年月日, as a correction alone: nobody’s becomes another from a day on',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '1980-05-06',
  })
  birthdate?: string;

  @ApiPropertyOptional({ description: '性別 (OQSCD007)', enum: ['1', '2', '3'], example: '1' })
  sex1?: string;

  @ApiPropertyOptional({
    description: '住民票住所 (住所変更)',
    ...text(ADDRESS_MAX),
    example: '東京都千代田区永田町１丁目１番１号',
  })
  address?: string;

  @ApiPropertyOptional({ description: '郵便番号', pattern: POST_NUMBER, example: '100-0014' })
  postNumber?: string;

  @ApiPropertyOptional({ description: '通称名', ...text(NAME_MAX), example: '資格　たろう' })
  nameOfOther?: string;
}

/** `POST /v1/qualifications/{qualificationId}/changes`. */
export class QualificationChangeFiling {
  @ApiProperty({
    description:
      'change: it became another on effectiveDate (氏名変更届, 住所変更届, 記号・番号の変更, 月額変更届); correction: what stands today had been filed wrong (訂正), and takes the right place from the day since which it has stood so',
    enum: CHANGE_KINDS,
    example: 'change',
  })
  kind: ChangeKind;

  @ApiPropertyOptional({
    description:
      'First day on which it is so, while the coverage holds; also in the past. Needed with a change, and none with a correction. Not after today for name, kana, sex and address, which the registry confirms as of today; the first of a month for standardMonthlyRemuneration. The same filed again for a day takes the place of what was filed for it before.',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-20',
  })
  effectiveDate?: string;

  @ApiPropertyOptional({ type: ChangedPerson })
  person?: ChangedPerson;

  @ApiPropertyOptional({ description: '被保険者証記号', ...text(20), example: '1002' })
  insuredCardSymbol?: string;

  @ApiPropertyOptional({ description: '被保険者証番号', ...text(20), example: '1987655' })
  insuredIdentificationNumber?: string;

  @ApiPropertyOptional({
    description: '被保険者証枝番, two digits',
    pattern: BRANCH_NUMBER,
    minLength: 1,
    maxLength: 2,
    example: '02',
  })
  insuredBranchNumber?: string;

  @ApiPropertyOptional({
    description: '本人・家族の別 (OQSCD009): 1 本人, 2 家族, who needs insuredName with it',
    enum: ['1', '2'],
    example: '2',
  })
  personalFamilyClassification?: '1' | '2';

  @ApiPropertyOptional({ description: '被保険者氏名, of family', ...text(NAME_MAX), example: '新姓　太郎' })
  insuredName?: string;

  @ApiPropertyOptional({
    description: '標準報酬月額 in yen (健保): decides copay from 70 and the cost-limit category from that month on',
    type: 'integer',
    minimum: 58_000,
    maximum: 1_390_000,
    example: 340_000,
  })
  standardMonthlyRemuneration?: number;
}

/** The same as a row of a file has it: which coverage it is about stands beside it. */
export class QualificationChangeRow extends QualificationChangeFiling {
  @ApiProperty({
    description: 'The coverage it is about',
    pattern: ROW_ID,
    maxLength: 19,
    example: '1042',
  })
  qualificationId: string;
}

/** A change or a correction that was recorded: one for each day from which some of it holds. */
export class RecordedChange {
  @ApiPropertyOptional({
    description: 'First day on which it is so; absent: all along, it had been wrong from the start',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-20',
  })
  from?: string;

  @ApiProperty({
    description: 'When it was recorded',
    format: 'date-time',
    pattern: INSTANT,
    example: '2026-11-22T10:00:00.123+09:00',
  })
  recordedAt: string;

  @ApiProperty({
    description: 'Which attributes became another; what they became is shown where they hold',
    type: [String],
    maxItems: 20,
    example: ['name', 'nameKana'],
  })
  changed: string[];

  @ApiPropertyOptional({
    description: 'The filing it came from, where it was one of the caller’s own insurer',
    format: 'uuid',
    pattern: UUID,
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  enrollmentId?: string;
}
