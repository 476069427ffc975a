import { readdirSync, readFileSync } from 'node:fs';
import { MORE_INPUTS } from './explained.fixture.js';
import { evaluateRule } from './index.js';
import { REFUSALS } from './refusals.fixture.js';

/*
 * Every answer in full: amounts, reasons, steps with their sources, and the words of a refusal. What a clerk reads stands in
 * cases/explained/<rule>.json, to be reviewed like code; `vitest run --project unit libs/domain --update` writes it anew.
 */
const folder = new URL('../../cases/', import.meta.url);
const rules = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace('.json', ''));

interface Asked {
  readonly id: string;
  readonly input: unknown;
}

const asked = (rule: string): readonly Asked[] => [
  ...(JSON.parse(readFileSync(new URL(`${rule}.json`, folder), 'utf8')) as Asked[]).map(({ id, input }) => ({
    id,
    input,
  })),
  ...(MORE_INPUTS[rule] ?? []).map(([id, input]) => ({ id: `more: ${id}`, input })),
  ...REFUSALS.flatMap(([what, of, input]) => (of === rule ? [{ id: `refused: ${what}`, input }] : [])),
];

const explain = (rule: string, input: unknown): unknown => {
  const result = evaluateRule(rule, input);
  if (!result.ok) return { input, errors: result.errors };
  const { ruleVersion: _ruleVersion, steps, ...answer } = result.value;
  return { input, answer, steps };
};

const committed = (rule: string): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(readFileSync(new URL(`explained/${rule}.json`, folder), 'utf8'));
  } catch {
    return {};
  }
};

describe.each(rules)('%s', (rule) => {
  const before = committed(rule);
  const told: Record<string, unknown> = {};

  it.each(asked(rule).map(({ id, input }) => [id, input] as const))('%s', (id, input) => {
    told[id] = explain(rule, input);
    const { snapshotState } = expect.getState() as { snapshotState?: { snapshotUpdateState?: string } };
    const isWrittenAnew = snapshotState?.snapshotUpdateState === 'all';
    expect(told[id]).toEqual(isWrittenAnew ? told[id] : before[id]);
  });

  it('is the file as it was reviewed', async () => {
    await expect(`${JSON.stringify(told, null, 2)}\n`).toMatchFileSnapshot(`../../cases/explained/${rule}.json`);
  });
});
