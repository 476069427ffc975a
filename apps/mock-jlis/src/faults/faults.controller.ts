import { JlisFaults } from '@app/contracts/jlis';
import { Body, Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiBadRequestResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { Problem } from '../problems/problem.js';
import { Faults } from './faults.js';

/** The switches. They are never faulty themselves. */
@ApiTags('faults')
@Controller('faults')
export class FaultsController {
  constructor(private readonly faults: Faults) {}

  @Get()
  @ApiOperation({ summary: 'What is wrong now', description: 'An empty object: all is well.' })
  @ApiOkResponse({ type: JlisFaults })
  read(): JlisFaults {
    return this.faults.current;
  }

  @Put()
  @ApiOperation({
    summary: 'Replace every fault switch',
    description:
      'An operation left out is well, unless `all` is given, which stands for every operation not named. Counters of error rates, the order of garbage and the periods of flapping begin anew.',
  })
  @ApiOkResponse({ type: JlisFaults })
  @ApiBadRequestResponse({ type: Problem })
  replace(@Body() faults: JlisFaults): JlisFaults {
    this.faults.replace(faults);
    return this.faults.current;
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Heal everything' })
  @ApiNoContentResponse()
  heal(): void {
    this.faults.replace({});
  }
}
