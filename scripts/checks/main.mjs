import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';

import { hasCode, runEntry } from '../launcher/problem.mjs';
import { checkout, modules } from '../stage-zero/paths.mjs';

/**
 * npm test, once everything is installed and built: every check, then every test. The last line counts them: each check
 * as one, each test as one.
 */

const bin = join(modules, '.bin');
const tsc = join(modules, 'typescript-fast/bin/tsc');

/** @type {{ name: string, command: string[] }[]} */
const checks = [
  { name: 'lint', command: [join(bin, 'oxlint'), '--type-aware', 'apps', 'libs', 'test', 'scripts', 'bench', 'sim'] },
  { name: 'types', command: [process.execPath, tsc, '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'types of the scripts', command: [process.execPath, tsc, '-p', 'scripts/tsconfig.json'] },
  { name: 'types of the benchmark', command: [process.execPath, tsc, '-p', 'bench/tsconfig.json'] },
  { name: 'types of the simulation', command: [process.execPath, tsc, '-p', 'sim/tsconfig.json'] },
  { name: 'unused code', command: [join(bin, 'knip')] },
  { name: 'format', command: [join(bin, 'prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'rule version', command: [process.execPath, 'scripts/rule-version.mjs', '--check'] },
];

/**
 * The e2e tests live with a real database, real processes and two cores that others use, too: a file of theirs that failed
 * is run once more, whole, and what failed only once is named at the end, for us to mend. What fails twice has failed; so
 * has everything, where more than a few files did.
 */
const suites = [
  { name: 'unit', again: false, manner: /** @type {const} */ ('beside') },
  { name: 'e2e', again: true, manner: /** @type {const} */ ('aloud') },
];
const UNSTEADY_FILES = 3;

/** @type {string[]} tests that failed, and passed when their file was run again */
const unsteady = [];

/** @typedef {{ name: string, status: string, assertionResults: { status: string, fullName: string }[] }} TestFile */
/** @typedef {{ name: string, passed: number, failed: number, skipped: number, seconds: number }} Outcome */

await runEntry(async () => {
  /** @type {Outcome[]} */
  const outcomes = await inTurns(checks, availableParallelism(), runCheck);
  // The e2e tests wait much of their time, and what they wait for must come: the others take what they leave of the processors.
  outcomes.push(...(await Promise.all(suites.map(runSuite))));
  return report(outcomes);
});

/**
 * @param {{ name: string, command: string[] }} check
 * @returns {Promise<Outcome>}
 */
async function runCheck({ name, command: [program = '', ...args] }) {
  const began = performance.now();
  const { code, output } = await run(program, args, 'quiet');
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)\n`);
  if (code !== 0) process.stdout.write(`${output.trimEnd()}\n\n`);
  return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, seconds };
}

/**
 * @param {(typeof suites)[number]} suite
 * @returns {Promise<Outcome>}
 */
async function runSuite({ name, again, manner }) {
  const began = performance.now();
  let { code, files } = await runFiles(name, [], manner);
  const failed = files.filter(({ status }) => status === 'failed').map((file) => file.name);
  if (again && failed.length > 0 && failed.length <= UNSTEADY_FILES) {
    process.stdout.write(`\nFAILED, run once more: ${failed.join(', ')}\n`);
    const second = await runFiles(name, failed, manner);
    for (const test of having(files, 'failed'))
      if (having(second.files, 'passed').some(({ fullName }) => fullName === test.fullName))
        unsteady.push(test.fullName);
    files = [...files.filter((file) => !failed.includes(file.name)), ...second.files];
    code = second.code;
  }
  return { name: `${name} tests`, ...count(files, code), seconds: (performance.now() - began) / 1000 };
}

/**
 * @param {string} project a Vitest project
 * @param {string[]} only files; none means all of them
 * @param {'beside' | 'aloud'} manner
 * @returns {Promise<{ code: number, files: TestFile[] }>}
 */
async function runFiles(project, only, manner) {
  const folder = mkdtempSync(join(tmpdir(), 'shikaku-test-'));
  const results = join(folder, 'results.json');
  const vitest = join(modules, 'vitest/vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
  try {
    const args = [vitest, 'run', '--project', project, ...reporters, ...only];
    const { code, output } = await run(process.execPath, args, manner);
    process.stdout.write(output);
    return { code, files: readResults(results).testResults };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {TestFile[]} files
 * @param {string} status
 */
function having(files, status) {
  return files.flatMap(({ assertionResults }) => assertionResults).filter((test) => test.status === status);
}

/**
 * @param {TestFile[]} files
 * @param {number} code
 */
function count(files, code) {
  // A file that could not even be read has no tests to fail.
  const brokenFiles = files.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = having(files, 'failed').length + brokenFiles;
  const passed = having(files, 'passed').length;
  return {
    passed,
    // Vitest also fails for what belongs to no test: an error nobody awaited, a setup that threw.
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: files.flatMap(({ assertionResults }) => assertionResults).length - passed - having(files, 'failed').length,
  };
}

/**
 * @param {string} path
 * @returns {{ testResults: TestFile[] }}
 */
function readResults(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { testResults: [] };
    throw error;
  }
}

/**
 * @param {Outcome[]} outcomes
 * @returns {number} exit code
 */
function report(outcomes) {
  /** @param {'passed' | 'failed' | 'skipped'} what */
  const sum = (what) => outcomes.reduce((total, outcome) => total + outcome[what], 0);
  process.stdout.write('\n');
  for (const { name, passed, failed, skipped, seconds } of outcomes) {
    const parts = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])];
    process.stdout.write(`${name}: ${parts.join(', ')} (${seconds.toFixed(1)} s)\n`);
  }
  for (const name of unsteady) process.stdout.write(`unsteady, passed when its file was run again: ${name}\n`);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
  return sum('failed') === 0 ? 0 : 1;
}

/**
 * @template T, R
 * @param {T[]} items
 * @param {number} width
 * @param {(item: T) => Promise<R>} work
 * @returns {Promise<R[]>}
 */
async function inTurns(items, width, work) {
  /** @type {R[]} */
  const results = [];
  const queue = [...items.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {'quiet' | 'aloud' | 'beside'} manner aloud: what it says is shown at once; beside: at the lowest priority, and kept as
 *   in quiet
 * @returns {Promise<{ code: number, output: string }>} output: what it said, where it was not shown
 */
function run(program, args, manner) {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd: checkout,
      stdio: manner === 'aloud' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    if (manner === 'beside' && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    let output = '';
    child.stdout?.on('data', (chunk) => (output += String(chunk)));
    child.stderr?.on('data', (chunk) => (output += String(chunk)));
    // Whoever started us is gone: nobody would stop what we started.
    const stop = () => child.kill('SIGTERM');
    process.once('disconnect', stop);
    child.once('error', fail);
    child.once('close', (code) => {
      process.off('disconnect', stop);
      done({ code: code ?? 1, output });
    });
  });
}
