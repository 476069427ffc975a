import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { evaluateRule, RULE_NAMES } from './index.js';
import { REFUSALS } from './refusals.fixture.js';

it.each(REFUSALS)('refuses %s', (_what, name, input, pointer, code, kind) => {
  const result = evaluateRule(name, input);
  expect(result).not.toHaveProperty('value');
  expect(result.ok ? [] : result.errors).toContainEqual(expect.objectContaining({ pointer, code, kind }));
});

it('names every wrong field at once', () => {
  const result = evaluateRule('age-band', { birthDate: 1, date: '2026-11-31', x: 1 });
  expect(result.ok ? [] : result.errors.map(({ pointer }) => pointer)).toEqual(['/x', '/birthDate', '/date']);
});

it('repeats no value of the input in an error: it may be an individual number', () => {
  const result = evaluateRule('my-number', { individualNumber: '123456789012' });
  expect(JSON.stringify(result)).not.toContain('123456789012');
  expect(JSON.stringify(evaluateRule('age-band', { birthDate: '123456789012' }))).not.toContain('123456789012');
  expect(JSON.stringify(evaluateRule('age-band', { birthDate: '2026-02-30' }))).not.toContain('2026-02-30');
  const wareki = evaluateRule('wareki', { era: '昭和', year: 64, month: 2, day: 30 });
  expect(JSON.stringify(wareki)).not.toMatch(/昭和|64/);
});

const cases = RULE_NAMES.flatMap((name) => {
  const text = readFileSync(new URL(`../../cases/${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { input: Record<string, unknown> }[]).map(({ input }) => [name, input] as const);
});

it('never throws and is the same each time, whatever becomes of one field', () => {
  const value = fc.oneof(
    fc.constantFrom(null, '', '2026-02-30', '2200-12-31', '1868-01-01', '2014-12', -1, 1e12, 0.5, true, [], {}),
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
        const changed = { ...input, [key]: replaced };
        const result = evaluateRule(name, changed);
        expect(evaluateRule(name, structuredClone(changed))).toEqual(result);
        expect(result.ok ? result.value.steps.length : result.errors.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 3000 },
  );
});
