import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const checkout = resolve(import.meta.dirname, '../..');
const planted = join(checkout, 'test/planted');

interface Plant {
  readonly file: string;
  /** What its first line says the lint must answer, or null where it must let the file pass. */
  readonly refusal: string | null;
}

const plants: Plant[] = readdirSync(planted, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .toSorted()
  .map((name) => {
    const [firstLine = ''] = readFileSync(join(planted, name), 'utf8').split('\n');
    const [, kind, text] = /^\/\/ (Refused with|Allowed): (.+)$/.exec(firstLine) ?? [];
    if (kind === undefined || text === undefined) throw new Error(`${name} does not say what is expected of it`);
    return { file: name, refusal: kind === 'Allowed' ? null : text };
  });

interface Finding {
  readonly filename: string;
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

describe('the walls', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shikaku-walls-'));
  let findings: Finding[];

  beforeAll(async () => {
    // The project's own configuration, except that it looks at the planted files instead of passing them over. Only the
    // rules of the walls: a plant may otherwise look as it likes.
    const { ignorePatterns: _ignored, ...config } = parse(
      readFileSync(join(checkout, '.oxlintrc.json'), 'utf8').replaceAll(/^\s*\/\/.*$/gm, ''),
    ) as Record<string, unknown>;
    const configFile = join(folder, 'oxlintrc.json');
    writeFileSync(configFile, JSON.stringify({ ...config, plugins: [], categories: {}, rules: {} }));
    findings = await lint(configFile);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(plants.filter(({ refusal }) => refusal !== null))('refuse $file', ({ file, refusal }) => {
    const found = findings.filter(({ filename }) => filename === file);
    expect(found.map(({ code, help }) => `${code} ${help}`)).toEqual([
      expect.stringMatching(/^eslint\(no-restricted-(imports|globals)\) /),
    ]);
    expect(`${found[0]?.message} ${found[0]?.help}`).toContain(refusal);
  });

  it.each(plants.filter(({ refusal }) => refusal === null))('let $file pass', ({ file }) => {
    expect(findings.filter(({ filename }) => filename === file)).toEqual([]);
  });
});

function lint(configFile: string): Promise<Finding[]> {
  return new Promise((done, fail) => {
    execFile(
      join(checkout, 'node_modules/.bin/oxlint'),
      ['--config', configFile, '--format', 'json', planted],
      { cwd: checkout, env: { ...process.env, PATH: `${join(checkout, 'node_modules/.bin')}:${process.env['PATH']}` } },
      (error, stdout, stderr) => {
        // It ends with 1 because it found what was planted; only an answer that is no JSON is a failure.
        try {
          const { diagnostics } = JSON.parse(stdout) as { diagnostics: Finding[] };
          done(diagnostics.map((one) => ({ ...one, filename: relative(planted, resolve(checkout, one.filename)) })));
        } catch {
          fail(new Error(`oxlint gave no findings: ${stderr || stdout || error?.message}`));
        }
      },
    );
  });
}
