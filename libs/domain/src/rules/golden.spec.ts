import { readdirSync, readFileSync } from 'node:fs';
import { RULE_VERSION } from '../rule-version.js';
import { evaluateRule, RULE_NAMES } from './index.js';

/*
 * Golden cases, each with its source and certainty. `certain` and `likely` must hold to the letter; `uncertain` ones have tests of
 * their own beside their rules. Prose in `expected` is descriptive: `condition`, `error`, `meaning`, and a `reason` with spaces.
 */
interface GoldenCase {
  readonly id: string;
  readonly input: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly certainty: 'certain' | 'likely' | 'uncertain';
}

const folder = new URL('../../cases/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string): readonly GoldenCase[] => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

const isProse = (key: string, value: unknown): boolean =>
  key === 'condition' || key === 'error' || key === 'meaning' || (key === 'reason' && String(value).includes(' '));

const exact = (expected: GoldenCase['expected']): Record<string, unknown> =>
  Object.fromEntries(Object.entries(expected).filter(([key, value]) => !isProse(key, value)));

it('has a rule for every file and a file for every rule', () => {
  expect([...RULE_NAMES].toSorted()).toEqual(files.map((name) => name.replace('.json', '')).toSorted());
});

describe.each(files.map((name) => [name.replace('.json', ''), read(name)] as const))('%s', (name, cases) => {
  const refused = cases.filter(({ expected }) => 'error' in expected);
  const answered = cases.filter((golden) => golden.certainty !== 'uncertain' && !refused.includes(golden));

  it.each(answered.map((golden) => [golden.id, golden] as const))('%s', (_id, { input, expected }) => {
    const result = evaluateRule(name, input);
    expect(result).toMatchObject({ ok: true, value: { ruleVersion: RULE_VERSION } });
    const value: Readonly<Record<string, unknown>> = result.ok ? result.value : {};
    expect(Object.fromEntries(Object.keys(exact(expected)).map((key) => [key, value[key]]))).toEqual(exact(expected));
    expect(result.ok && result.value.steps.length).toBeGreaterThan(0);
  });

  it('refuses the cases that expect an error, without a number', () => {
    for (const { input } of refused) expect(evaluateRule(name, input)).toMatchObject({ ok: false });
    expect(refused.filter(({ input }) => evaluateRule(name, input).ok)).toEqual([]);
  });
});
