import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';

import { Registry } from '../registry/registry.js';

export class Live {
  @ApiProperty({ example: 'ok' })
  status: 'ok';
}

export class Ready extends Live {
  @ApiProperty({ description: 'Residents, scenario people included', example: 10_032 })
  people: number;

  @ApiProperty({ example: 'seed-1-10000-20261122-3f9a0c1e' })
  generation: string;
}

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly registry: Registry) {}

  @Get('live')
  @ApiOperation({ summary: 'The process is up' })
  @ApiOkResponse({ type: Live })
  live(): Live {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({
    summary: 'The registry can answer',
    description:
      'It can as soon as it listens: the population is computed, not loaded. Fault switches do not show here.',
  })
  @ApiOkResponse({ type: Ready })
  ready(): Ready {
    return { status: 'ok', people: this.registry.size, generation: this.registry.feed.generation };
  }
}
