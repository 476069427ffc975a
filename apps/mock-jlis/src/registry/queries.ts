import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** Plain decimal digits and nothing else: `Number('')` and `Number('1e3')` are numbers, too. */
const Digits = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
  );

/** Query of the change feed. */
export class ChangesQuery {
  @ApiPropertyOptional({ description: 'Changes with a higher sequence than this', default: 0, minimum: 0 })
  @Digits()
  @IsInt()
  @Min(0)
  after: number = 0;

  @ApiPropertyOptional({ description: 'At most so many', default: 1000, minimum: 1, maximum: 10_000 })
  @Digits()
  @IsInt()
  @Min(1)
  @Max(10_000)
  limit: number = 1000;
}

/** Query of the population stream. */
export class PopulationQuery {
  @ApiPropertyOptional({ description: 'People left out at the beginning', default: 0, minimum: 0 })
  @Digits()
  @IsInt()
  @Min(0)
  from: number = 0;

  @ApiPropertyOptional({ description: 'At most so many people; all when left out', minimum: 0 })
  @Digits()
  @IsInt()
  @Min(0)
  limit: number = Number.MAX_SAFE_INTEGER;
}
