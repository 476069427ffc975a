import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { hasCode, Problem, runEntry } from '../launcher/problem.mjs';
import { isBuilt } from '../stage-zero/build.mjs';
import { dist } from '../stage-zero/paths.mjs';
import { progressOnStderr } from '../stage-zero/progress.mjs';
import { prepareCheckout } from '../stage-zero/start.mjs';
import { jsonInputs } from './json-inputs.mjs';

/**
 * One result a line on standard output, for every input on standard input. What a rule refuses is a line with `error`,
 * `errors` and `line`; it is an answer like any other, so the exit code stays 0.
 */
export function rule() {
  return runEntry(async () => {
    const [name, ...more] = process.argv.slice(2);
    const { evaluateRule, isRuleName, RULE_NAMES } = await loadDomain();
    if (name === undefined || more.length > 0 || !isRuleName(name)) {
      throw new Problem(
        `${name !== undefined && more.length === 0 ? 'There is no rule of that name.' : 'Say which rule.'}\n` +
          `npm run -s rule -- <name> < input.json (one JSON object, or one a line)\n\n${RULE_NAMES.join('\n')}`,
      );
    }
    if (process.stdin.isTTY) process.stderr.write('Reading one JSON object, or one a line, up to Ctrl-D.\n');

    process.stdout.on('error', (error) => {
      // Nobody reads any more (`| head`).
      if (hasCode(error, 'EPIPE')) process.exit(0);
      throw error;
    });
    for await (const inputs of jsonInputs(process.stdin)) {
      const results = inputs.map(({ line, value, fault }) =>
        fault === undefined ? resultOf(evaluateRule(name, value), line) : { error: fault, line },
      );
      const text = results.map((result) => `${JSON.stringify(result)}\n`).join('');
      if (!process.stdout.write(text)) await once(process.stdout, 'drain');
    }
  });
}

/**
 * @param {{ ok: true, value: object } | { ok: false, errors: readonly { pointer: string, detail: string }[] }} result
 * @param {number} line
 */
function resultOf(result, line) {
  if (result.ok) return result.value;
  const error = result.errors
    .map(({ pointer, detail }) => (pointer === '' ? detail : `${pointer}: ${detail}`))
    .join('; ');
  return { error, errors: result.errors, line };
}

/**
 * The rules as they are built; the first time after a clone or a change this installs and builds as npm start does, and says
 * so on standard error.
 *
 * @returns {Promise<{ evaluateRule: (name: string, input: unknown) => any, isRuleName: (name: string) => boolean, RULE_NAMES: readonly string[] }>}
 */
async function loadDomain() {
  if (!isBuilt()) {
    progressOnStderr();
    await prepareCheckout();
  }
  return import(pathToFileURL(join(dist, 'libs/domain/src/index.js')).href);
}
