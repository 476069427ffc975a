import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { EligibilityAnswer } from './eligibility-answer.js';
import { CardIdentifier, Consent, InsuredIdentifier } from './eligibility-question.js';
import { CIVIL_DATE, INSTANT, UUID, VISIBLE } from './patterns.js';
import { Problem } from './problem.js';

export const BATCH_PEOPLE_MAX = 10_000;

const instant = { format: 'date-time', pattern: INSTANT, example: '2026-11-22T17:00:00.123+09:00' } as const;

const itemId = {
  description: "The caller's own name for this person in this batch: 1 to 64 visible ASCII characters, once each",
  pattern: VISIBLE,
  minLength: 1,
  maxLength: 64,
  example: 'appointment-0917',
} as const;

/** One person of a batch: what a check asks, under a name of the caller's. */
export class EligibilityBatchItem {
  @ApiProperty(itemId)
  itemId: string;

  @ApiPropertyOptional({
    description: 'Ask by card. Exactly one of `card` and `insured` is given.',
    type: CardIdentifier,
  })
  card?: CardIdentifier;

  @ApiPropertyOptional({
    description: 'Ask by insurer number, symbol and number. Exactly one of `card` and `insured` is given.',
    type: InsuredIdentifier,
  })
  insured?: InsuredIdentifier;

  @ApiPropertyOptional({ type: Consent })
  consent?: Consent;
}

/** People to be asked about, as of one day. */
export class EligibilityBatchRequest {
  @ApiPropertyOptional({
    description:
      'The day whose coverage is asked for. Default: the day of submission in Asia/Tokyo. From 2015-01-01 to one year ahead.',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-24',
  })
  serviceDate?: string;

  @ApiProperty({
    description:
      'A person who is not as documented does not refuse the others: their line holds the problem. Without a usable `itemId` there could be no such line, so that one alone is looked at before the batch is accepted.',
    type: [EligibilityBatchItem],
    minItems: 1,
    maxItems: BATCH_PEOPLE_MAX,
  })
  people: EligibilityBatchItem[];
}

/** What became of the people of a batch. Whoever is in none of the last three is still to be asked, or never will be (cancelled). */
export class BatchCounts {
  @ApiProperty({ description: 'People in the batch', type: 'integer', minimum: 1, example: 120 })
  total: number;

  @ApiProperty({ description: 'Lines with an answer', type: 'integer', minimum: 0, example: 117 })
  answered: number;

  @ApiProperty({
    description: 'Lines with a problem of status 500 and more: neither covered nor not covered; ask again later',
    type: 'integer',
    minimum: 0,
    example: 2,
  })
  unavailable: number;

  @ApiProperty({
    description: 'Lines with a problem of status 400 to 499: what was sent about this person is wrong',
    type: 'integer',
    minimum: 0,
    example: 1,
  })
  refused: number;
}

export const BATCH_STATES = ['queued', 'running', 'finished', 'cancelled', 'failed'] as const;

/** A batch, as it stands. */
export class EligibilityBatch {
  @ApiProperty({
    description: 'UUIDv7 of the batch',
    format: 'uuid',
    pattern: UUID,
    example: '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d',
  })
  batchId: string;

  @ApiProperty({
    description:
      'queued, running: goes on by itself; finished: every person has a line; cancelled: what was answered before stays; failed: what was sent cannot be read any more, submit it again',
    enum: BATCH_STATES,
    example: 'running',
  })
  state: (typeof BATCH_STATES)[number];

  @ApiProperty({ description: 'When it was accepted', ...instant })
  submittedAt: string;

  @ApiProperty({
    description: 'The day whose coverage is asked for',
    format: 'date',
    pattern: CIVIL_DATE,
    example: '2026-11-24',
  })
  serviceDate: string;

  @ApiProperty({ type: BatchCounts })
  counts: BatchCounts;

  @ApiPropertyOptional({ description: 'When it was finished, cancelled or given up', ...instant })
  endedAt?: string;

  @ApiPropertyOptional({
    description: 'Present with endedAt: batch and results are deleted then. The checks stay on record.',
    ...instant,
  })
  keptUntil?: string;
}

/** `GET /v1/eligibility-batches/{batchId}/results`. */
export class BatchResultsQuery {
  @ApiPropertyOptional({
    description: 'Lines to leave out at the beginning: how many the caller holds already',
    pattern: '^(0|[1-9]\\d{0,4})$',
    default: '0',
    example: '500',
  })
  from?: string;
}

/** One line of the results. */
export class BatchResultLine {
  @ApiProperty(itemId)
  itemId: string;

  @ApiPropertyOptional({
    description: 'What a check of this person would have replied, byte for byte but for its own id and times',
    type: EligibilityAnswer,
  })
  answer?: EligibilityAnswer;

  @ApiPropertyOptional({
    description:
      'In place of an answer: what a check of this person would have replied. Pointers lead into the person, not into the batch.',
    type: Problem,
  })
  problem?: Problem;
}
