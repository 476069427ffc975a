import type { CalculatorAnswer, CalculatorRequest } from '@app/contracts';
import { Body, Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { calculate } from './calculate.js';
import { Calculator } from './calculator.decorator.js';

/** The rules over HTTP: each call is a row of `RULES_SERVED`, and none of them looks anything up. */
@ApiTags('At the counter')
@Controller('v1')
export class CalculatorsController {
  @Calculator('presentation-assessments', 'Judge what a patient holds: is the visit insured, and what next')
  assessPresentation(@Body() request: CalculatorRequest): CalculatorAnswer {
    return calculate('presentation-assessments', request);
  }

  @Calculator('copay-rate-determinations', 'Determine age band, copay rate and how long they hold')
  determineCopayRate(@Body() request: CalculatorRequest): CalculatorAnswer {
    return calculate('copay-rate-determinations', request);
  }

  @Calculator('cost-limit-calculations', 'Calculate monthly limits, household totals, yearly caps and categories')
  calculateCostLimit(@Body() request: CalculatorRequest): CalculatorAnswer {
    return calculate('cost-limit-calculations', request);
  }

  @Calculator('window-charges', 'Calculate what is paid at the window')
  chargeAtWindow(@Body() request: CalculatorRequest): CalculatorAnswer {
    return calculate('window-charges', request);
  }

  @Calculator('meal-charges', 'Calculate the standard charge of meals')
  chargeMeals(@Body() request: CalculatorRequest): CalculatorAnswer {
    return calculate('meal-charges', request);
  }

  @Calculator('identifier-validations', 'Validate a number: parts, check digit, near misses')
  validateIdentifier(@Body() request: CalculatorRequest): CalculatorAnswer {
    return calculate('identifier-validations', request);
  }
}
