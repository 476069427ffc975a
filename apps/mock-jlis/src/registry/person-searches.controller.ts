import { JlisPersonSearchRequest, JlisPersonSearchResponse } from '@app/contracts/jlis';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';

import { Problem } from '../problems/problem.js';
import { PersonSearch } from './person-search.js';

@ApiTags('people')
@Controller('v1/person-searches')
export class PersonSearchesController {
  constructor(private readonly people: PersonSearch) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Find a person by the five attributes',
    description:
      'Candidates agree on the birth date and at least two other attributes, exactly after NFKC, addresses in whichever notation (2丁目1番地2号 is 2-1-2); whoever agrees on most comes first. 400 `search-too-wide` without a birth date or with fewer than three attributes.',
  })
  @ApiOkResponse({ type: JlisPersonSearchResponse })
  @ApiBadRequestResponse({ type: Problem })
  @ApiServiceUnavailableResponse({ type: Problem, description: 'A fault switch is on' })
  search(@Body() question: JlisPersonSearchRequest): Promise<JlisPersonSearchResponse> {
    return this.people.search(question);
  }
}
