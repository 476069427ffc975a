import type { Facts, InputSchema, Reader } from './input.js';
import { object } from './input.js';
import type { Outcome, RuleError } from './result.js';

/** A rule at the door: reads an untrusted input and answers it. */
export interface Rule {
  (input: unknown): Outcome;
  /** What it reads. */
  readonly schema: InputSchema;
}

/** A rule that is one of several; which, its input says. */
export const anyRuleOf = (rules: readonly Rule[], choose: (input: unknown) => Outcome): Rule =>
  Object.assign(choose, { schema: { anyOf: [...new Set(rules.map(({ schema }) => schema))] } });

export const rule = <const S extends Readonly<Record<string, Reader<unknown>>>>(
  fields: S,
  decide: (facts: Facts<S>) => Outcome,
): Rule => {
  const read = object(fields);
  const answerTo = (input: unknown): Outcome => {
    const facts = read(input, '');
    return facts.ok ? decide(facts.value) : { ok: false, errors: facts.errors };
  };
  return Object.assign(answerTo, { schema: read.schema });
};

/** A rule that is asked in several ways, told apart by the first of these fields that the input has. */
export const ruleBy = (ways: readonly (readonly [field: string, rule: Rule])[]): Rule => {
  const known = ways.map(([field]) => field);
  return anyRuleOf(
    ways.map(([, way]) => way),
    (input) => {
      if (typeof input === 'object' && input !== null) {
        for (const [field, way] of ways) if (Object.hasOwn(input, field)) return way(input);
      }
      const error: RuleError = { pointer: '', code: 'required', detail: `one of ${known.join(', ')}`, kind: 'shape' };
      return { ok: false, errors: [error] };
    },
  );
};
