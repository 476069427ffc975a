import type { CalculatorAnswer, CalculatorRequest, ProblemError } from '@app/contracts';
import { evaluateRule, type RuleError, type RuleName } from '@app/domain';

import { ProblemException } from '../problems/problem.exception.js';
import { IDENTIFIER_KINDS, RULES_SERVED, type CalculatorCall } from './rules-served.js';

const ERRORS_MAX = 20;

/** A request past the door: which rule, its input, and where in the body a field of the input stands. */
interface Asked {
  readonly rule: RuleName;
  readonly input: unknown;
  readonly pointerTo: (inInput: string) => string;
}

const invalid = (pointer: string, code: string, detail: string): ProblemException =>
  new ProblemException('invalid-request', { errors: [{ pointer, code, detail }] });

const byRule = (call: CalculatorCall, { rule, input }: CalculatorRequest): Asked => {
  const served: readonly RuleName[] = RULES_SERVED[call];
  const [only] = served;
  const name = rule === undefined && served.length === 1 ? only : served.find((candidate) => candidate === rule);
  if (name === undefined) throw invalid('/rule', 'enum', `must be one of ${served.join(', ')}`);
  return { rule: name, input, pointerTo: (inInput) => `/input${inInput}` };
};

const byKind = ({ rule, input, kind, value }: CalculatorRequest): Asked => {
  if (rule !== undefined || input !== undefined)
    throw invalid('', 'exactly-one-of', 'either rule and input, or kind and value');
  if (kind === undefined) throw invalid('/kind', 'required', 'is missing');
  if (value === undefined) throw invalid('/value', 'required', 'is missing');
  const known = Object.hasOwn(IDENTIFIER_KINDS, kind) ? IDENTIFIER_KINDS[kind] : undefined;
  if (known === undefined) throw invalid('/kind', 'enum', `must be one of ${Object.keys(IDENTIFIER_KINDS).join(', ')}`);
  const { field } = known;
  return field === undefined
    ? { rule: known.rule, input: value, pointerTo: (inInput) => `/value${inInput}` }
    : { rule: known.rule, input: { [field]: value }, pointerTo: () => '/value' };
};

const read = (call: CalculatorCall, request: CalculatorRequest): Asked => {
  if (request.kind !== undefined || request.value !== undefined) return byKind(request);
  const asked = byRule(call, request);
  if (asked.input === undefined) throw invalid('/input', 'required', 'is missing');
  return asked;
};

/** The name of a field that nobody knows is the caller's text: shown only as far as it is a plausible name. */
const shown = ({ pointer, code }: RuleError): string => {
  const at = pointer.lastIndexOf('/') + 1;
  return code !== 'unknown-field' || /^[A-Za-z_][\w.-]{0,63}$/.test(pointer.slice(at))
    ? pointer
    : `${pointer.slice(0, at)}?`;
};

/** Answers one request by its rule. What the rule does not answer is a problem that names the field, and holds no figure. */
export const calculate = (call: CalculatorCall, request: CalculatorRequest): CalculatorAnswer => {
  const { rule, input, pointerTo } = read(call, request);
  const result = evaluateRule(rule, input);
  if (result.ok) return { rule, ...result.value, steps: [...result.value.steps] };

  const errors: ProblemError[] = result.errors
    .slice(0, ERRORS_MAX)
    .map((error) => ({ pointer: pointerTo(shown(error)), code: error.code, detail: error.detail }));
  if (result.errors.some(({ kind }) => kind === 'shape')) throw new ProblemException('invalid-request', { errors });
  throw new ProblemException('rule-refused', { detail: `The rule ${rule} does not answer this input.`, errors });
};
