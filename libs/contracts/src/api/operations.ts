import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { INSTANT } from './patterns.js';

const instant = { format: 'date-time', pattern: INSTANT, example: '2026-11-22T09:00:00.123+09:00' } as const;

/** Counts of the breaker since the process started. */
export class BreakerCounts {
  @ApiProperty({ description: 'Calls that were let through', type: 'integer', example: 120 })
  fires: number;

  @ApiProperty({ description: 'Calls that were answered', type: 'integer', example: 118 })
  successes: number;

  @ApiProperty({
    description: 'Calls that failed: deadline, connection, status or garbage',
    type: 'integer',
    example: 2,
  })
  failures: number;

  @ApiProperty({ description: 'Failures that were the deadline passing', type: 'integer', example: 1 })
  timeouts: number;

  @ApiProperty({ description: 'Calls refused at once: the breaker was open or full', type: 'integer', example: 0 })
  rejects: number;

  @ApiProperty({ description: 'Those of the calls let through that were a second try', type: 'integer', example: 2 })
  retries: number;
}

/** The way to the national registry. */
export class RegistryState {
  @ApiProperty({
    description: 'closed: calls go through; open: refused at once; half-open: one call is being tried',
    enum: ['closed', 'half-open', 'open'],
    example: 'closed',
  })
  breaker: 'closed' | 'half-open' | 'open';

  @ApiPropertyOptional({ description: 'Since when the breaker is in this state', ...instant })
  since?: string;

  @ApiProperty({ type: BreakerCounts })
  counts: BreakerCounts;

  @ApiPropertyOptional({ description: 'When the feed of certificate changes was last read to its end', ...instant })
  feedConfirmedAt?: string;

  @ApiProperty({ description: 'Last sequence of the feed that is stored here', type: 'integer', example: 42 })
  feedPosition: number;

  @ApiProperty({ description: 'Whether answers by card are being marked degraded now', example: false })
  degraded: boolean;
}

/** How far a snapshot is. */
export class ReplicaLoading {
  @ApiProperty({ description: 'People read so far', type: 'integer', example: 420_000 })
  done: number;

  @ApiProperty({ description: 'About how many there are', type: 'integer', example: 1_000_000 })
  total: number;
}

/** Facts and ready answers on the disk of this machine. Without a generation there is nothing to answer from yet. */
export class ReplicaState {
  @ApiProperty({ description: 'Whether checks are answered from it; PostgreSQL is asked when not', example: true })
  current: boolean;

  @ApiProperty({
    description: 'Whether this process keeps it; another one on this machine does when not',
    example: true,
  })
  keeper: boolean;

  @ApiPropertyOptional({
    description: 'Names the file; new with every snapshot',
    pattern: '^[0-9a-f]{32}$',
    example: '5f0c3b6a9d8e4f21a7c6b5d4e3f2a190',
  })
  generation?: string;

  @ApiPropertyOptional({ description: 'Everything committed before then is in it', ...instant })
  asOf?: string;

  @ApiPropertyOptional({ description: 'When its snapshot was begun', ...instant })
  begunAt?: string;

  @ApiPropertyOptional({ description: 'People held', type: 'integer', example: 1_000_000 })
  people?: number;

  @ApiPropertyOptional({ description: 'Certificates held', type: 'integer', example: 1_040_000 })
  cards?: number;

  @ApiPropertyOptional({
    description: 'Certificates with an answer that is ready; others are worked out when asked',
    type: 'integer',
    example: 1_030_000,
  })
  readyAnswers?: number;

  @ApiPropertyOptional({ description: 'A snapshot is being loaded', type: ReplicaLoading })
  loading?: ReplicaLoading;
}

/** `GET /v1/operations/state`. */
export class OperationsState {
  @ApiProperty({ type: RegistryState })
  registry: RegistryState;

  @ApiProperty({ type: ReplicaState })
  replica: ReplicaState;
}
