import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { RULE_VERSION } from './rule-version.js';

const script = fileURLToPath(new URL('../../../scripts/rule-version.mjs', import.meta.url));

it('names the rules by twelve hexadecimal digits', () => {
  expect(RULE_VERSION).toMatch(/^r[0-9a-f]{12}$/u);
});

it('is not stale: node scripts/rule-version.mjs was run after the last change of a rule', () => {
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});
