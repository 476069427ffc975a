import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/**
 * What a calculator is asked: one rule and its input, or at `identifier-validations` a kind and a value. A shape without
 * decorators on purpose: every call documents its own, and the rule that answers reads the input.
 */
export interface CalculatorRequest {
  readonly rule?: string;
  readonly input?: unknown;
  readonly kind?: string;
  readonly value?: unknown;
}

/** One step of how an answer came about. */
export class CalculationStep {
  @ApiProperty({ description: 'The rule, by its Japanese name', maxLength: 100, example: '自己負担限度額' })
  rule: string;

  @ApiPropertyOptional({ description: 'What the step gave, yen', type: 'integer', example: 92_940 })
  amountYen?: number;

  @ApiProperty({
    description: 'How',
    maxLength: 500,
    example: '85,800円 + (医療費 1,000,000円 − 286,000円) × 1% = 92,940円',
  })
  detail: string;

  @ApiProperty({ description: 'Where it is written', maxLength: 200, example: '厚生労働省 001726232.pdf' })
  source: string;
}

/**
 * What every calculator's answer has, beside the fields of its rule (the examples show them). `null` stands where a rule has no
 * figure to give.
 */
export class CalculatorAnswer {
  @ApiProperty({ description: 'The rule that answered', maxLength: 60, example: 'kogaku-under70' })
  rule: string;

  @ApiProperty({
    description: 'Names the rules and tables that decided; two answers with one version were decided alike',
    maxLength: 32,
    example: 'r1f2e3d4c5b6a',
  })
  ruleVersion: string;

  @ApiProperty({ description: 'How the answer came about, in order', type: [CalculationStep], maxItems: 2000 })
  steps: CalculationStep[];

  @ApiPropertyOptional({
    description:
      'How sure the rule or table is: certain (law or official table), likely (one secondary source), uncertain (sources disagree)',
    enum: ['certain', 'likely', 'uncertain'],
    example: 'certain',
  })
  certainty?: 'certain' | 'likely' | 'uncertain';

  @ApiPropertyOptional({
    description: 'Of the limit table: in force, or announced and not yet law',
    enum: ['in-force', 'planned'],
    example: 'in-force',
  })
  status?: 'in-force' | 'planned';

  @ApiPropertyOptional({
    description:
      'What the table announced for that month would give, beside the answer by the table in force. Where its class cannot be told there are no amounts: `needed` lists the fields of the input that would decide (none where the borders are not announced, or where category and 標準報酬月額 contradict each other), and `why` (`code`, `ja`, `en`) says so',
    type: 'object',
    additionalProperties: true,
    example: { tableEffectiveFrom: '2027-08', status: 'planned', certainty: 'likely', limitYen: 36_900 },
  })
  planned?: Record<string, unknown>;
}
