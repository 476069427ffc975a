import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { CIVIL_DATE, INSTANT, INSTITUTION_CODE } from './patterns.js';

/** `GET /v1/insured-persons/{insuredPersonId}/accesses`. */
export class PersonAccessesQuery {
  @ApiPropertyOptional({
    description: 'First Tokyo day; default: everything that is kept',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-01',
  })
  from?: string;

  @ApiPropertyOptional({
    description: 'Last Tokyo day; default: today',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-22',
  })
  to?: string;

  @ApiPropertyOptional({
    description: '`nextCursor` of the page before',
    maxLength: 80,
    pattern: '^\\d{1,15}\\.[0-9a-z-]{1,60}$',
    example: '1763769600123.0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  cursor?: string;
}

/** One access to a person's record. */
export class PersonAccess {
  @ApiProperty({ description: 'Tells it from every other', maxLength: 60, example: 'reading-1042' })
  accessId: string;

  @ApiProperty({ description: 'When', format: 'date-time', pattern: INSTANT, example: '2026-11-22T09:00:00.123+09:00' })
  at: string;

  @ApiProperty({
    description:
      'What was done: a check at an institution, the same asked again by this service, or at this insurer a document issued, the record read, the individual number opened, a filing decided',
    enum: [
      'check',
      'check-again',
      'qualification-notice',
      'qualification-certificate',
      'qualification-screen',
      'eligibility-declaration',
      'qualifications',
      'accesses',
      'individual-number-opened',
      'enrollment-reviewed',
    ],
    example: 'check',
  })
  what: string;

  @ApiPropertyOptional({
    description: '医療機関コード of who checked; absent for what this insurer did',
    pattern: INSTITUTION_CODE,
    example: '1312345679',
  })
  institutionCode?: string;

  @ApiPropertyOptional({
    description: 'Of a check: by card, or by insurer number, symbol and number',
    enum: ['card', 'number'],
    example: 'card',
  })
  by?: string;

  @ApiPropertyOptional({
    description: 'What for: Shikaku-Purpose of a check, or what the individual number was opened for',
    maxLength: 40,
    example: 'treatment',
  })
  purpose?: string;

  @ApiPropertyOptional({
    description: 'Of a check: the day whose coverage was asked for',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-22',
  })
  serviceDate?: string;

  @ApiPropertyOptional({
    description: 'Of a check: what it said',
    enum: ['valid', 'invalid', 'invalid-newer-exists', 'not-found', 'multiple', 'valid-unregistered'],
    example: 'valid',
  })
  verdict?: string;

  @ApiPropertyOptional({
    description: 'Of a check: what the patient consented to be shown',
    type: [String],
    maxItems: 6,
    example: ['limitApplicationCertificate'],
  })
  consented?: string[];

  @ApiPropertyOptional({
    description: 'What was decided about a filing',
    enum: ['register', 'return'],
    example: 'register',
  })
  decision?: string;

  @ApiPropertyOptional({
    description: 'Opaque id of the insurer’s own staff, where it was given',
    maxLength: 64,
    example: 'staff-17',
  })
  operator?: string;
}

/** Accesses to the record of one person, newest first. */
export class PersonAccesses {
  @ApiProperty({ description: 'The person', maxLength: 20, example: '1007' })
  insuredPersonId: string;

  @ApiProperty({ type: [PersonAccess], maxItems: 100 })
  accesses: PersonAccess[];

  @ApiPropertyOptional({
    description: 'Absent on the last page',
    maxLength: 80,
    example: '1763769600123.0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  nextCursor?: string;
}
