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

/** The kept facts. */
export class CacheState {
  @ApiProperty({ description: 'People held in memory', type: 'integer', example: 1024 })
  people: number;

  @ApiProperty({ description: 'People that may be held', type: 'integer', example: 100_000 })
  capacity: number;

  @ApiProperty({ description: 'Readings answered from memory', type: 'integer', example: 90_000 })
  hits: number;

  @ApiProperty({ description: 'Readings that went to the store', type: 'integer', example: 10_000 })
  misses: number;

  @ApiProperty({ description: 'Forgotten because their facts changed', type: 'integer', example: 12 })
  invalidations: number;

  @ApiProperty({
    description: 'Whether changes are being heard; when not, nothing kept is used as fresh',
    example: true,
  })
  listening: boolean;
}

/** `GET /v1/operations/state`. */
export class OperationsState {
  @ApiProperty({ type: RegistryState })
  registry: RegistryState;

  @ApiProperty({ type: CacheState })
  cache: CacheState;
}
