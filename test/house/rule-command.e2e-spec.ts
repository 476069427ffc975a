import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { RULE_NAMES, RULE_VERSION } from '@app/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CANARY } from '../support/problem.js';

const checkout = resolve(import.meta.dirname, '../..');
const cases = join(checkout, 'libs/domain/cases');

interface GoldenCase {
  readonly id: string;
  readonly input: unknown;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly certainty: string;
}

/** A clone that was never built, whose builder is a stand-in that takes a moment and lays down the real rules. */
class FreshClone {
  readonly folder = mkdtempSync(join(tmpdir(), 'shikaku-rule-'));

  constructor() {
    cpSync(join(checkout, 'scripts'), join(this.folder, 'scripts'), { recursive: true });
    const compiled = join(this.folder, 'compiled');
    const tsc = join(checkout, 'node_modules/typescript-fast/bin/tsc');
    const project = join(checkout, 'libs/domain/tsconfig.lib.json');
    execFileSync(process.execPath, [tsc, '-p', project, '--outDir', compiled, '--incremental', 'false']);
    for (const [name, text] of Object.entries({
      'package.json': '{ "type": "module" }',
      'package-lock.json': '{ "packages": { "": {} } }',
      'node_modules/.package-lock.json': '{ "packages": {} }',
      'nest-cli.json': '{}',
      'tsconfig.json': '{}',
      'apps/main.ts': '',
      'libs/index.ts': '',
      'node_modules/@nestjs/cli/package.json': '{ "type": "module" }',
      'node_modules/@nestjs/cli/bin/nest.js': `
        import { cpSync } from 'node:fs';
        console.log('this is not a result');
        if (process.argv[3] === 'eligibility-api') cpSync(${JSON.stringify(compiled)}, 'dist', { recursive: true });
        setTimeout(() => {}, 1_100);
      `,
    })) {
      mkdirSync(join(this.folder, name, '..'), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  rule(args: readonly string[], input: string | Buffer = '') {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(this.folder, 'scripts/rule.mjs'), ...args], {
      input,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      env: { PATH: process.env['PATH'] },
      cwd: tmpdir(),
    });
    const lines = stdout.split('\n').filter((line) => line !== '');
    return { status, stdout, stderr, results: () => lines.map((line) => JSON.parse(line) as Record<string, any>) };
  }
}

describe('npm run -s rule', () => {
  let clone: FreshClone;
  beforeAll(() => {
    clone = new FreshClone();
  });
  afterAll(() => rmSync(clone.folder, { recursive: true, force: true }));

  const band = (birthDate: string) => JSON.stringify({ birthDate, date: '2026-11-22' });
  const bands = (input: string | Buffer) =>
    clone
      .rule(['age-band'], input)
      .results()
      .map((result) => result['band'] ?? [result['line'], result['error']]);

  it('builds first in a fresh clone, with every word of it on standard error', () => {
    const { status, stderr, results } = clone.rule(['age-band'], band('1990-01-01'));
    expect([status, results()]).toEqual([0, [expect.objectContaining({ band: 'general', ruleVersion: RULE_VERSION })]]);
    expect(stderr).toMatch(/^Building.*: done in \d+ s\n$/);
  });

  it('is quick afterwards, and says nothing beside the result', () => {
    const times = Array.from({ length: 10 }, () => {
      const began = performance.now();
      expect(clone.rule(['age-band'], band('1990-01-01')).stderr).toBe('');
      return performance.now() - began;
    });
    expect(Math.min(...times)).toBeLessThan(300);
  });

  it('is a script of the package, which passes its argument on', () => {
    const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['rule']).toBe('node scripts/rule.mjs');
  });

  it('has every rule of a case file', () => {
    expect([...RULE_NAMES].toSorted()).toEqual(
      readdirSync(cases)
        .filter((name) => name.endsWith('.json'))
        .map((name) => name.replace('.json', ''))
        .toSorted(),
    );
  });

  it.each(RULE_NAMES)('%s: every golden case, one a line', (name) => {
    const golden = JSON.parse(readFileSync(join(cases, `${name}.json`), 'utf8')) as readonly GoldenCase[];
    const results = clone.rule([name], golden.map(({ input }) => `${JSON.stringify(input)}\n`).join('')).results();
    expect(results).toHaveLength(golden.length);
    for (const [at, { id, expected, certainty }] of golden.entries()) {
      const result = results[at] ?? {};
      const exact = Object.entries(expected).filter(
        ([key, value]) =>
          !['condition', 'error', 'meaning'].includes(key) && !(key === 'reason' && String(value).includes(' ')),
      );
      const wrong = certainty === 'uncertain' ? [] : exact.filter(([key, value]) => !isSame(result[key], value));
      expect([id, 'error' in result, wrong]).toEqual([id, 'error' in expected, []]);
    }
  });

  describe('input', () => {
    it('may be one object over several lines', () => {
      expect(bands(JSON.stringify({ birthDate: '1990-01-01', date: '2026-11-22' }, null, 2))).toEqual(['general']);
      expect(bands(`\n\n${JSON.stringify({ birthDate: '2022-01-01', date: '2026-11-22' }, null, '\t')}\n\n`)).toEqual([
        'preschool',
      ]);
    });

    it.each([
      ['no end of line', `${band('1990-01-01')}\n${band('2022-01-01')}`],
      ['CRLF', `${band('1990-01-01')}\r\n${band('2022-01-01')}\r\n`],
      ['a byte order mark', `\uFEFF${band('1990-01-01')}\n${band('2022-01-01')}\n`],
      ['blank lines', `\n${band('1990-01-01')}\n \t\n\n${band('2022-01-01')}\n\n`],
    ])('may have %s', (_what, input) => {
      expect(bands(input)).toEqual(['general', 'preschool']);
    });
    it('may have CRLF and a byte order mark over several lines', () => {
      const text = JSON.stringify({ birthDate: '1990-01-01', date: '2026-11-22' }, null, 2);
      expect(bands(`\uFEFF${text.replaceAll('\n', '\r\n')}\r\n`)).toEqual(['general']);
    });

    it('may be nothing: nothing comes out', () => {
      for (const input of ['', '\n', '\r\n \n', '\uFEFF']) {
        const { status, stdout } = clone.rule(['age-band'], input);
        expect([input, status, stdout]).toEqual([input, 0, '']);
      }
    });

    it.each([
      ['in the middle', `${band('1990-01-01')}\n{"birthDate": ${CANARY}\n${band('2022-01-01')}\n`, 2],
      ['at the beginning', `{"birthDate": ${CANARY}\n${band('1990-01-01')}\n${band('2022-01-01')}\n`, 1],
      ['at the end', `${band('1990-01-01')}\n${band('2022-01-01')}\n{"birthDate`, 3],
      ['after blank lines', `\n\n${band('1990-01-01')}\n\n'${CANARY}'\n${band('2022-01-01')}`, 5],
    ])('with a line that is no JSON %s gives a line that says so, and the rest', (_what, input, line) => {
      const { status, stdout, results } = clone.rule(['age-band'], input);
      const faults = results().filter((result) => 'error' in result);
      expect(faults).toEqual([{ error: 'not JSON', line }]);
      expect(results().flatMap((result) => result['band'] ?? [])).toEqual(['general', 'preschool']);
      expect([status, stdout.includes(CANARY)]).toEqual([0, false]);
    });

    it('in Shift_JIS gives a line that says so', () => {
      const shiftJis = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0x8c, 0x92]), Buffer.from('"}\n')]);
      const { results } = clone.rule(['kana-nfkc'], Buffer.concat([shiftJis, Buffer.from('{"text":"ｱ"}\n')]));
      expect(results()).toEqual([{ error: 'not UTF-8', line: 1 }, expect.objectContaining({ nfkc: 'ア' })]);
    });

    it('that a rule refuses gives a line that names the field, and no value', () => {
      const { status, stdout, results } = clone.rule(
        ['age-band'],
        `${band('2026-11-23')}\n[]\n7\nnull\n{"birthDate":"${CANARY}","date":"2026-11-22"}\n`,
      );
      expect(results().map(({ line, errors }) => [line, errors[0].pointer, errors[0].code])).toEqual([
        [1, '/birthDate', 'birth-after-date'],
        [2, '', 'type'],
        [3, '', 'type'],
        [4, '', 'type'],
        [5, '/birthDate', 'format'],
      ]);
      for (const result of results()) expect(Object.keys(result)).toEqual(['error', 'errors', 'line']);
      expect([status, stdout.includes(CANARY)]).toEqual([0, false]);
    });

    it('may be long: a line of 20 MB, and 100,000 lines', () => {
      const long = `{"birthDate":"1990-01-01","date":"2026-11-22","x":"${'x'.repeat(20_000_000)}"}`;
      expect(bands(`${long}\n${band('1990-01-01')}\n`)).toEqual([[1, expect.stringContaining('/x')], 'general']);
      const { stdout } = clone.rule(['age-band'], `${band('1990-01-01')}\n`.repeat(100_000));
      expect(stdout.split('\n')).toHaveLength(100_001);
    });

    it('characters of several bytes may lie across two chunks', () => {
      const line = `{"text":"${'ｶﾞ'.repeat(80)}"}\n`;
      const results = clone.rule(['kana-nfkc'], line.repeat(2000)).results();
      expect(results).toHaveLength(2000);
      expect(new Set(results.map(({ nfkc }) => nfkc as string))).toEqual(new Set(['ガ'.repeat(80)]));
    });

    it('is answered as it comes', async () => {
      const child = spawn(process.execPath, [join(clone.folder, 'scripts/rule.mjs'), 'age-band'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      child.stdin.write(`${band('1990-01-01')}\n`);
      const [first] = (await child.stdout[Symbol.asyncIterator]().next()).value
        .toString('utf8')
        .split('\n') as string[];
      expect(JSON.parse(first ?? '')).toMatchObject({ band: 'general' });
      child.kill();
    });

    it('ends quietly when nobody reads the results', () => {
      const lines = `${band('1990-01-01')}\n`.repeat(20_000);
      const command = `"${process.execPath}" "${join(clone.folder, 'scripts/rule.mjs')}" age-band | head -n 1`;
      const { stdout, stderr } = spawnSync('sh', ['-c', command], { input: lines, encoding: 'utf8' });
      expect([stdout.split('\n').length, stderr]).toEqual([2, '']);
    });
  });

  it('an individual number goes in and does not come out', () => {
    const { stdout } = clone.rule(
      ['my-number'],
      '{"individualNumber":"123456789018"}\n{"individualNumber":"123456789012"}\n',
    );
    expect(stdout).not.toMatch(/\d{12}/);
    expect(stdout).toMatch(/"valid":true.*\n.*"valid":false/);
  });

  it.each([
    ['an unknown name', ['no-such-rule'], 'There is no rule of that name.'],
    ['a name every object has', ['constructor'], 'There is no rule of that name.'],
    ['no name', [], 'Say which rule.'],
    ['two names', ['age-band', 'wareki'], 'Say which rule.'],
  ])('%s ends with 1 and the names there are', (_what, args, message) => {
    const { status, stdout, stderr } = clone.rule(args, band('1990-01-01'));
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.startsWith(message)).toBe(true);
    for (const name of RULE_NAMES) expect(stderr.split('\n')).toContain(name);
    expect(stderr).not.toMatch(/ at |\.mjs/);
  });
});

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
