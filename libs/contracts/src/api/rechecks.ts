import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { PastChecksQuery } from './past-checks.js';
import { CIVIL_DATE, INSTANT, UUID } from './patterns.js';

const verdict = ['valid', 'invalid', 'invalid-newer-exists', 'not-found', 'multiple', 'valid-unregistered'];
const validity = ['1', '2', '3', '4', '5', '6'];

/** `GET /v1/rechecks`: days are those of re-checking, the cursor is a re-check. */
export class RechecksQuery extends PastChecksQuery {}

/** The answer that was given. */
export class CorrectedCheck {
  @ApiProperty({
    description: 'The check that was answered then; it may itself be an earlier re-check',
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

  @ApiProperty({ description: 'As it was answered', enum: verdict, example: 'valid' })
  verdict: string;

  @ApiProperty({ description: '資格有効性 (OQSCD006), as it was answered', enum: validity, example: '1' })
  qualificationValidity: string;

  @ApiProperty({ description: 'credential.state, as it was answered', maxLength: 20, example: 'valid' })
  credentialState: string;
}

/** A re-check that turned out otherwise: what was decided then and now, and nothing of the person. */
export class Recheck {
  @ApiProperty({
    description: 'UUIDv7 of the check that sets the other right; its answer is read like any past check',
    format: 'uuid',
    pattern: UUID,
    example: '01935141-7c00-7b2c-9d3e-4f5a6b7c8d9e',
  })
  recheckId: string;

  @ApiProperty({
    description: 'When it was asked again',
    format: 'date-time',
    pattern: INSTANT,
    example: '2026-11-22T09:20:00.456+09:00',
  })
  recheckedAt: string;

  @ApiProperty({
    description:
      "Why: `freshness.degraded.reason` of the answer, or retroactive-change: something was filed since that reaches back to the service date (for instance a loss of coverage; the visit's claim goes to another insurer)",
    enum: ['registry-unavailable', 'database-unavailable', 'replica-behind', 'retroactive-change'],
    example: 'retroactive-change',
  })
  reason: string;

  @ApiProperty({
    description:
      'What differs. verdict; credential: the card proves something it did not, or no longer; coverage: insurer, symbol, number or branch; copay: the rate; cost-limit: class or amounts, where they were consented to',
    type: String,
    isArray: true,
    enum: ['verdict', 'credential', 'coverage', 'copay', 'cost-limit'],
    maxItems: 5,
    example: ['verdict'],
  })
  changed: string[];

  @ApiProperty({
    description: 'The day whose coverage was asked for, both times',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-22',
  })
  serviceDate: string;

  @ApiProperty({ description: 'As it is answered now', enum: verdict, example: 'invalid' })
  verdict: string;

  @ApiProperty({ description: '資格有効性 (OQSCD006), as it is answered now', enum: validity, example: '2' })
  qualificationValidity: string;

  @ApiProperty({ description: 'credential.state, as it is answered now', maxLength: 20, example: 'valid' })
  credentialState: string;

  @ApiProperty({ description: 'What it corrects', type: CorrectedCheck })
  corrects: CorrectedCheck;
}

/** At most 100 re-checks a page, newest first. */
export class Rechecks {
  @ApiProperty({ type: [Recheck], maxItems: 100 })
  rechecks: Recheck[];

  @ApiPropertyOptional({
    description: 'Absent on the last page',
    maxLength: 200,
    example: '01935141-7c00-7b2c-9d3e-4f5a6b7c8d9e',
  })
  nextCursor?: string;
}
