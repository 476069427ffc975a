import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsObject, Max, Min, ValidateNested } from 'class-validator';

import { MayBeAbsent } from './optional.js';

/** The operations of the mock that can be made to fail. */
export const JLIS_OPERATIONS = ['certificate-status', 'certificate-changes', 'person-searches', 'population'] as const;
export type JlisOperation = (typeof JLIS_OPERATIONS)[number];

/**
 * `none`: answers. `error`: 503 in `errorRate` of the calls. `hang`: accepts and never answers. `reset`: closes the
 * connection without an answer. `garbage`: 200 with a body that is not what it should be. `flapping`: fails for
 * `flapPeriodMs`, answers for `flapPeriodMs`, and so on.
 */
export const JLIS_FAULT_MODES = ['none', 'error', 'hang', 'reset', 'garbage', 'flapping'] as const;
export type JlisFaultMode = (typeof JLIS_FAULT_MODES)[number];

/** What is wrong with one operation. */
export class JlisFault {
  @ApiProperty({
    description: 'What goes wrong: none, error (503 in errorRate of the calls), hang, reset, garbage, flapping',
    enum: JLIS_FAULT_MODES,
    example: 'hang',
  })
  @IsIn(JLIS_FAULT_MODES)
  mode: JlisFaultMode;

  @ApiPropertyOptional({
    description: 'Added before every answer, milliseconds',
    example: 20,
    default: 0,
    minimum: 0,
    maximum: 600_000,
  })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(600_000)
  latencyMs?: number;

  @ApiPropertyOptional({
    description: 'Share of calls that fail with mode `error`, 0 to 1',
    example: 0.5,
    default: 1,
    minimum: 0,
    maximum: 1,
  })
  @MayBeAbsent()
  @IsNumber()
  @Min(0)
  @Max(1)
  errorRate?: number;

  @ApiPropertyOptional({
    description: 'Half a period of mode `flapping`, milliseconds',
    example: 5000,
    default: 5000,
    minimum: 1,
    maximum: 600_000,
  })
  @MayBeAbsent()
  @IsInt()
  @Min(1)
  @Max(600_000)
  flapPeriodMs?: number;
}

/** Body and answer of `GET` and `PUT /faults`: an operation left out is well; `all` stands for every operation not named. */
export class JlisFaults {
  @ApiPropertyOptional({ type: JlisFault })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => JlisFault)
  all?: JlisFault;

  @ApiPropertyOptional({ type: JlisFault })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => JlisFault)
  'certificate-status'?: JlisFault;

  @ApiPropertyOptional({ type: JlisFault })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => JlisFault)
  'certificate-changes'?: JlisFault;

  @ApiPropertyOptional({ type: JlisFault })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => JlisFault)
  'person-searches'?: JlisFault;

  @ApiPropertyOptional({ type: JlisFault })
  @MayBeAbsent()
  @IsObject()
  @ValidateNested()
  @Type(() => JlisFault)
  population?: JlisFault;
}
