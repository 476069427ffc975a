import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { notices } from '../notices.js';
import { QualificationResult } from './eligibility-result.js';
import { CIVIL_DATE, INSTANT, UUID } from './patterns.js';

const date = { format: 'date', pattern: CIVIL_DATE } as const;
const instant = { format: 'date-time', pattern: INSTANT } as const;

/** The state of the card's certificate, apart from coverage. */
export class CredentialAnswer {
  @ApiProperty({
    description:
      'valid; grace: expired, usable for eligibility only; expired; revoked; superseded: renewed since, answered as its successor; not-registered: unknown to the registry or not linked to an insured person; not-applicable: asked without a card',
    enum: ['valid', 'grace', 'expired', 'revoked', 'superseded', 'not-registered', 'not-applicable'],
    example: 'valid',
  })
  state: 'valid' | 'grace' | 'expired' | 'revoked' | 'superseded' | 'not-registered' | 'not-applicable';

  @ApiPropertyOptional({
    description: 'Last day of the certificate (of the successor, when superseded)',
    ...date,
    example: '2029-04-01',
  })
  certificateExpirationDate?: string;

  @ApiPropertyOptional({
    description: 'Last day of the grace: the end of the third month after the month of expiry',
    ...date,
    example: '2029-07-31',
  })
  graceUntil?: string;

  @ApiPropertyOptional({
    description: 'When the registry last confirmed this state',
    ...instant,
    example: '2026-11-22T08:59:58.001+09:00',
  })
  verifiedAt?: string;
}

/** Present only when something is away: why, since when, and how long this answer may still be relied on. */
export class Degraded {
  @ApiProperty({
    description:
      'registry-unavailable: the certificate could not be confirmed just now. database-unavailable: coverage is that of `asOf`, and PostgreSQL cannot be reached. replica-behind: coverage is that of `asOf`, and PostgreSQL is there but has no time to say what is new. A degraded answer is checked again by itself (GET /v1/rechecks)',
    enum: ['registry-unavailable', 'replica-behind', 'database-unavailable'],
    example: 'registry-unavailable',
  })
  reason: 'registry-unavailable' | 'replica-behind' | 'database-unavailable';

  @ApiProperty({ description: 'Since when the source is away', ...instant, example: '2026-11-22T08:58:00.000+09:00' })
  since: string;

  @ApiProperty({
    description:
      'Until when an answer from these facts is given; after that 503. registry-unavailable: 24 h after the certificate was last confirmed; database-unavailable: 72 h and replica-behind: 24 h after `asOf`, unless the operator chose otherwise; the earlier where two hold',
    ...instant,
    example: '2026-11-23T08:57:59.000+09:00',
  })
  acceptUntil: string;
}

/** Where the facts come from and how old they are. */
export class Freshness {
  @ApiProperty({
    description: 'Where the facts were read: replica of this machine, database, or the national registry just now',
    enum: ['replica', 'database', 'registry'],
    example: 'replica',
  })
  source: 'replica' | 'database' | 'registry';

  @ApiProperty({
    description: 'The facts are those of this instant',
    ...instant,
    example: '2026-11-22T09:00:00.120+09:00',
  })
  asOf: string;

  @ApiProperty({
    description: 'The answer counts as fresh until then',
    ...instant,
    example: '2026-11-22T09:00:05.120+09:00',
  })
  freshUntil: string;

  @ApiPropertyOptional({ description: 'Absent when all is well', type: Degraded })
  degraded?: Degraded;
}

/** Clerk text in both languages. */
export class ClerkText {
  @ApiProperty({ description: 'Japanese', maxLength: 500, example: '枝番を入力して照会し直してください。' })
  ja: string;

  @ApiProperty({ description: 'English', maxLength: 500, example: 'Ask again with the branch number.' })
  en: string;
}

/** Text for whoever writes the calling program. */
export class VendorText {
  @ApiProperty({
    description: 'English',
    maxLength: 500,
    example: 'More than one person matches; send insuredBranchNumber.',
  })
  en: string;
}

/** Something the clerk or the calling program should know beside the verdict. */
export class Notice {
  @ApiProperty({ description: 'Stable code', enum: Object.keys(notices), example: 'certificate-expires-soon' })
  code: string;

  @ApiProperty({ type: ClerkText })
  clerk: ClerkText;

  @ApiProperty({ type: VendorText })
  vendor: VendorText;

  @ApiProperty({
    description: 'What the clerk does next, as a stable code',
    enum: [...new Set(Object.values(notices).map((notice) => notice.nextStep))],
    example: 'tell-patient-to-renew',
  })
  nextStep: string;
}

/** The answer to one check. */
export class EligibilityAnswer {
  @ApiProperty({
    description: 'UUIDv7 under which the answer is on record',
    format: 'uuid',
    pattern: UUID,
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  checkId: string;

  @ApiProperty({ description: 'When it was asked', ...instant, example: '2026-11-22T09:00:00.123+09:00' })
  checkedAt: string;

  @ApiProperty({ description: 'The day whose coverage was asked for', ...date, example: '2026-11-22' })
  serviceDate: string;

  @ApiProperty({
    description:
      'Opaque; changes when anything the caller would see changes. Times of checking and freshness do not count.',
    maxLength: 64,
    example: 'v2.9k3XbDqZ0mU7c2RrT5wYhA.0000202611',
  })
  answerVersion: string;

  @ApiProperty({
    description:
      '資格有効性 (OQSCD006): 1 有効, 2 無効, 3 無効（新しい資格あり）, 4 該当資格なし, 5 複数該当, 6 有効（未登録）',
    enum: ['1', '2', '3', '4', '5', '6'],
    example: '1',
  })
  qualificationValidity: string;

  @ApiProperty({
    description: 'The same in words; about coverage, not about the card',
    enum: ['valid', 'invalid', 'invalid-newer-exists', 'not-found', 'multiple', 'valid-unregistered'],
    example: 'valid',
  })
  verdict: 'valid' | 'invalid' | 'invalid-newer-exists' | 'not-found' | 'multiple' | 'valid-unregistered';

  @ApiProperty({ type: CredentialAnswer })
  credential: CredentialAnswer;

  @ApiPropertyOptional({
    description: 'Absent when nothing was found or nothing may be shown',
    type: [QualificationResult],
    maxItems: 20,
  })
  results?: QualificationResult[];

  @ApiProperty({ type: Freshness })
  freshness: Freshness;

  @ApiProperty({ type: [Notice], maxItems: 20 })
  notices: Notice[];
}

/** The short answer when `ifVersion` is still current. The check is recorded all the same. */
export class UnchangedAnswer {
  @ApiProperty({
    description: 'UUIDv7 under which the reply is on record',
    format: 'uuid',
    pattern: UUID,
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  checkId: string;

  @ApiProperty({ description: 'When it was asked', ...instant, example: '2026-11-22T09:00:00.123+09:00' })
  checkedAt: string;

  @ApiProperty({ description: 'The answer the caller holds is still current', enum: [true], example: true })
  unchanged: true;

  @ApiProperty({ type: Freshness })
  freshness: Freshness;
}
