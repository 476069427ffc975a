import { CalculatorAnswer } from '@app/contracts';
import { evaluateRule, ruleInputSchema } from '@app/domain';
import { applyDecorators, Header, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOperation, ApiProperty, ApiResponse, getSchemaPath } from '@nestjs/swagger';

import { Needs } from '../access/access.guard.js';
import { ProblemResponses } from '../http/problem-responses.js';
import { RULE_DESCRIPTIONS, type ServedRule } from './rule-descriptions.js';
import { IDENTIFIER_KINDS, RULES_SERVED, type CalculatorCall } from './rules-served.js';

type Schema = Parameters<typeof ApiBody>[0] extends infer Options
  ? Extract<Options, { schema: unknown }>['schema']
  : never;

/** Not the current one: the document should change when what it says does, not with every change of a rule. */
const EXAMPLE_VERSION = 'r1f2e3d4c5b6a';

const pascal = (name: string): string =>
  name
    .split('-')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');

/** The request of one rule as a schema of its own, from what the rule itself reads. */
const requestModel = (rule: ServedRule): new () => object => {
  const name = `${pascal(rule)}Request`;
  const model = {
    [name]: class {
      rule: ServedRule;
    },
  }[name] as new () => object;
  const { ja, en, example } = RULE_DESCRIPTIONS[rule];
  const target = model.prototype as object;
  ApiProperty({ type: String, enum: [rule], description: ja, example: rule })(target, 'rule');
  const schema = ruleInputSchema(rule);
  const ways = schema.anyOf === undefined ? { allOf: [schema] } : { anyOf: schema.anyOf };
  // What a schema of JSON may say and what the decorator's type knows of it are not the same; it is passed on as it is.
  ApiProperty({ type: 'object', ...ways, description: en, example } as never)(target, 'input');
  return model;
};

const rulesOf = (call: CalculatorCall): readonly ServedRule[] => RULES_SERVED[call];

const bodySchema = (call: CalculatorCall, models: ReadonlyMap<ServedRule, new () => object>): object => {
  const rules = rulesOf(call);
  const byKind = call === 'identifier-validations';
  const needsRule = rules.length > 1 && !byKind;
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      rule: { type: 'string', enum: rules, description: 'The rule', example: rules[0] },
      input: {
        type: 'object',
        description: 'What the rule goes by: see the schema of its request. `null` counts as absent',
        example: RULE_DESCRIPTIONS[rules[0] ?? 'meal-copay'].example,
      },
      ...(byKind
        ? {
            kind: {
              type: 'string',
              enum: Object.keys(IDENTIFIER_KINDS),
              description: 'With `value`, instead of `rule` and `input`',
              example: 'insurer-number',
            },
            value: {
              description: 'The number as it was written; for symbol-number-branch the object of its parts',
              example: '06130488',
            },
          }
        : {}),
    },
    required: needsRule ? ['rule', 'input'] : byKind ? [] : ['input'],
    ...(needsRule
      ? {
          discriminator: {
            propertyName: 'rule',
            mapping: Object.fromEntries([...models].map(([rule, model]) => [rule, getSchemaPath(model)])),
          },
        }
      : {}),
  };
};

const examplesOf = (call: CalculatorCall): { readonly requests: object; readonly answers: object } => {
  const each = <T>(value: (rule: ServedRule) => T) =>
    Object.fromEntries(
      rulesOf(call).map((rule) => [rule, { summary: RULE_DESCRIPTIONS[rule].ja, value: value(rule) }]),
    );
  return {
    requests: {
      ...each((rule) => ({ rule, input: RULE_DESCRIPTIONS[rule].example })),
      ...(call === 'identifier-validations'
        ? { 'kind and value': { summary: '種類と値', value: { kind: 'insurer-number', value: '０６１３０４８８' } } }
        : {}),
    },
    answers: each((rule) => {
      const result = evaluateRule(rule, RULE_DESCRIPTIONS[rule].example);
      return result.ok ? { rule, ...result.value, ruleVersion: EXAMPLE_VERSION } : {};
    }),
  };
};

/** Makes a handler the calculator of that call: route, scope, and its documentation with an example of every rule. */
export const Calculator = (call: CalculatorCall, summary: string): MethodDecorator => {
  const models = new Map(rulesOf(call).map((rule) => [rule, requestModel(rule)]));
  const { requests, answers } = examplesOf(call);
  const list = rulesOf(call).map((rule) => {
    const { ja, en } = RULE_DESCRIPTIONS[rule];
    return `- \`${rule}\` (${pascal(rule)}Request): ${ja}, ${en}`;
  });
  return applyDecorators(
    Post(call),
    HttpCode(200),
    Header('cache-control', 'no-store'),
    Needs('rules:calculate'),
    ApiOperation({
      summary,
      description: `Answers by the rule that \`rule\` names${rulesOf(call).length === 1 ? ', which may be left out here' : ''}:\n\n${list.join('\n')}\n\nThe answer has the fields of its rule, \`ruleVersion\`, and \`steps\`: how it came about, with sources. What is of the wrong shape, an unknown rule or field included, is 400 \`invalid-request\`; what is well-formed and against the rule is 422 \`rule-refused\`. Both name the field, and neither holds a figure.`,
    }),
    ApiExtraModels(CalculatorAnswer, ...models.values()),
    ApiBody({ schema: bodySchema(call, models) as Schema, examples: requests as never }),
    ApiResponse({
      status: 200,
      description: 'The answer, with the fields of its rule',
      content: {
        'application/json': {
          schema: { allOf: [{ $ref: getSchemaPath(CalculatorAnswer) }], additionalProperties: true },
          examples: answers as never,
        },
      },
    }),
    ProblemResponses(
      'malformed-json',
      'invalid-request',
      'token-missing',
      'token-invalid',
      'scope-missing',
      'not-acceptable',
      'body-too-large',
      'unsupported-media-type',
      'rule-refused',
    ),
  );
};
