import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { FiledPerson, Qualification } from './enrollments.js';
import { CIVIL_DATE, INSTANT } from './patterns.js';
import { RecordedChange } from './qualification-changes.js';

const anyInstant = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?(Z|[+-]\\d{2}:\\d{2})$';

/** `GET /v1/insured-persons/{insuredPersonId}/qualifications`. */
export class InsuredHistoryQuery {
  @ApiPropertyOptional({
    description: 'Only coverages that hold on this day; all when left out',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-10',
  })
  on?: string;

  @ApiPropertyOptional({
    description: 'As it was known at this instant: what was filed later is left out. Now when left out.',
    format: 'date-time',
    pattern: anyInstant,
    maxLength: 35,
    example: '2026-11-22T09:00:00+09:00',
  })
  knownAt?: string;
}

/** A coverage as it was filed, and stood on the day. That it ends on the 75th birthday by law, whatever was filed, is the check's to say. */
export class FiledQualification extends Qualification {
  @ApiPropertyOptional({ description: '被保険者証記号', maxLength: 20, example: '1001' })
  insuredCardSymbol?: string;

  @ApiProperty({ description: '被保険者証番号', maxLength: 20, example: '1987654' })
  insuredIdentificationNumber: string;

  @ApiPropertyOptional({ description: '被保険者証枝番', maxLength: 2, example: '01' })
  insuredBranchNumber?: string;

  @ApiProperty({ description: '本人・家族の別 (OQSCD009): 1 本人, 2 家族', enum: ['1', '2'], example: '1' })
  personalFamilyClassification: string;

  @ApiProperty({
    description: 'First day on which the card works for it',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-23',
  })
  usableFrom: string;

  @ApiProperty({
    description: 'When it was registered',
    format: 'date-time',
    pattern: INSTANT,
    example: '2026-11-22T10:00:00.123+09:00',
  })
  recordedAt: string;

  @ApiPropertyOptional({
    description: '標準報酬月額 in yen, where one was filed',
    type: 'integer',
    minimum: 58_000,
    maximum: 1_390_000,
    example: 300_000,
  })
  standardMonthlyRemuneration?: number;

  @ApiPropertyOptional({
    description: 'Changes and corrections of it, in the order in which they were filed',
    type: [RecordedChange],
  })
  changes?: RecordedChange[];
}

/** What one insurer has filed about a person, newest coverage first. */
export class InsuredHistory {
  @ApiProperty({ description: 'The person', maxLength: 20, example: '1007' })
  insuredPersonId: string;

  @ApiProperty({
    description: 'The instant as of which this was known',
    format: 'date-time',
    pattern: INSTANT,
    example: '2026-11-22T09:00:00.000+09:00',
  })
  knownAt: string;

  @ApiProperty({
    description: 'The day as of which name, address, symbol and number are shown: the one asked for, or today',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-22',
  })
  on: string;

  @ApiProperty({
    description:
      'The person as of that day; after their last coverage at this insurer has ended, as of its last day: what came later is others’ to see',
    type: FiledPerson,
  })
  person: FiledPerson;

  @ApiPropertyOptional({
    description: 'Changes and corrections of the person to that day, in the order in which they were filed',
    type: [RecordedChange],
  })
  changes?: RecordedChange[];

  @ApiProperty({ type: [FiledQualification] })
  qualifications: FiledQualification[];
}
