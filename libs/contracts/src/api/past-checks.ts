import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { CIVIL_DATE, INSTANT, UUID } from './patterns.js';

/** `GET /v1/eligibility-checks`. */
export class PastChecksQuery {
  @ApiPropertyOptional({
    description: 'First Tokyo day of checking; default: today',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-22',
  })
  from?: string;

  @ApiPropertyOptional({
    description: 'Last Tokyo day of checking; default: today',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-22',
  })
  to?: string;

  @ApiPropertyOptional({
    description: '`nextCursor` of the page before',
    maxLength: 200,
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
    pattern: UUID,
  })
  cursor?: string;
}

/** A past check in a list: what was decided, and nothing of the person. */
export class PastCheck {
  @ApiProperty({
    description: 'UUIDv7 of the check',
    format: 'uuid',
    pattern: UUID,
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  checkId: string;

  @ApiProperty({
    description: 'When it was asked',
    format: 'date-time',
    pattern: INSTANT,
    example: '2026-11-22T09:00:00.123+09:00',
  })
  checkedAt: string;

  @ApiProperty({
    description: 'The day whose coverage was asked for',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-22',
  })
  serviceDate: string;

  @ApiProperty({
    description: 'As in the answer',
    enum: ['valid', 'invalid', 'invalid-newer-exists', 'not-found', 'multiple', 'valid-unregistered'],
    example: 'valid',
  })
  verdict: string;

  @ApiProperty({
    description: '資格有効性 (OQSCD006), as in the answer',
    enum: ['1', '2', '3', '4', '5', '6'],
    example: '1',
  })
  qualificationValidity: string;

  @ApiProperty({ description: 'credential.state of the answer', maxLength: 20, example: 'valid' })
  credentialState: string;

  @ApiProperty({ description: 'Whether the answer was given from older facts than usual', example: false })
  degraded: boolean;

  @ApiPropertyOptional({ description: 'The caller already held this answer (`ifVersion`)', example: true })
  unchanged?: boolean;

  @ApiPropertyOptional({
    description: 'A repeat under the same Idempotency-Key; the check it repeats',
    format: 'uuid',
    pattern: UUID,
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  repeated?: string;

  @ApiPropertyOptional({
    description: 'Asked again by the service itself; the check that this one sets right',
    format: 'uuid',
    pattern: UUID,
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  corrects?: string;

  @ApiPropertyOptional({ description: 'Shikaku-Operator of the caller', maxLength: 64, example: 'staff-17' })
  operator?: string;

  @ApiProperty({
    description: 'Shikaku-Purpose of the caller',
    enum: ['treatment', 'claim', 'correction'],
    example: 'treatment',
  })
  purpose: string;
}

/** At most 100 checks a page, newest first. */
export class PastChecks {
  @ApiProperty({ type: [PastCheck], maxItems: 100 })
  checks: PastCheck[];

  @ApiPropertyOptional({
    description: 'Absent on the last page',
    maxLength: 200,
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  nextCursor?: string;
}
