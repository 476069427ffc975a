import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { evaluateRule, RULE_NAMES, ruleInputSchema, type RuleName } from './index.js';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, formats: { date: true } });
const validators = new Map<RuleName, ValidateFunction>(
  RULE_NAMES.map((name) => [name, ajv.compile(ruleInputSchema(name))]),
);
const fits = (name: RuleName, input: unknown): boolean => validators.get(name)?.(input) === true;

const cases = RULE_NAMES.flatMap((name) => {
  const text = readFileSync(new URL(`../../cases/${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { input: Record<string, unknown> }[]).map(({ input }) => [name, input] as const);
});

it('the schema of a rule fits every golden input', () => {
  expect(cases.filter(([name, input]) => !fits(name, input))).toEqual([]);
});

/** What JSON Schema does not say of a value: whether the calendar has that day, and digits among text. */
const beyondSchema = (code: string): boolean => code === 'format' || code === 'out-of-range';

it('a schema and its rule refuse the same shapes', () => {
  const value = fc.oneof(
    fc.constantFrom(null, '', 'ウ', '2026-11', '2026-11-22', -1, 1e12, 0.5, 30, true, [], {}, undefined),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...cases),
      fc.nat({ max: 9 }),
      value,
      fc.boolean(),
      ([name, input], at, replaced, extra) => {
        const keys = Object.keys(input);
        const key = extra ? 'extra' : (keys[at % keys.length] ?? 'extra');
        const { [key]: _before, ...rest } = input;
        const changed = replaced === undefined ? rest : { ...rest, [key]: replaced };
        const result = evaluateRule(name, changed);
        const shape = result.ok ? [] : result.errors.filter(({ kind }) => kind === 'shape');
        const agree = fits(name, changed) ? shape.every(({ code }) => beyondSchema(code)) : shape.length > 0;
        expect([name, changed, agree]).toEqual([name, changed, true]);
      },
    ),
    { numRuns: 3000 },
  );
});
