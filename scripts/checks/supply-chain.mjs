import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { Problem, runEntry } from '../launcher/problem.mjs';
import { npm } from '../stage-zero/install.mjs';
import { checkout } from '../stage-zero/paths.mjs';
import { prepareCheckout } from '../stage-zero/start.mjs';
import { installTools } from './tools.mjs';

const DOCUMENTS = ['docs/openapi.json', 'docs/openapi-office.json'];
/** Of the command line: names of many files are passed in so many pieces. */
const FILES_AT_ONCE = 500;

/** @type {Readonly<Record<string, (node: string) => Promise<string[]>>>} */
const parts = { secrets, openapi, install };

/** What is looked at, and what was found: nothing, and the exit code is 0. */
export function supplyChain() {
  return runEntry(async () => {
    const names = process.argv.slice(2);
    if (names.some((name) => !Object.hasOwn(parts, name)))
      throw new Problem(`npm run supply-chain -- [${Object.keys(parts).join(' | ')} …]`);
    const node = await prepareCheckout();
    let found = 0;
    for (const [name, look] of Object.entries(parts)) {
      if (names.length > 0 && !names.includes(name)) continue;
      const began = performance.now();
      const faults = await look(node);
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      process.stdout.write(`${faults.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
      for (const fault of faults) process.stdout.write(`${fault.trimEnd()}\n`);
      found += faults.length;
    }
    return found === 0 ? 0 : 1;
  });
}

/** No file that is in the repository, or about to be, holds a key, a token or a password that looks like one. */
async function secrets(/** @type {string} */ node) {
  const place = await installTools('supply-chain', 'Spectral, Redocly and secretlint');
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: checkout,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  if (listed.status !== 0) throw new Problem('Which files there are, git could not say.');
  const files = listed.stdout
    .split('\0')
    .filter((file) => file !== '')
    // What was removed and not committed yet is listed too.
    .filter((file) => lstatSync(join(checkout, file), { throwIfNoEntry: false })?.isFile() === true)
    .map((file) => relative(place, join(checkout, file)));
  const faults = [];
  for (let from = 0; from < files.length; from += FILES_AT_ONCE) {
    const args = ['--secretlintrc', 'secretlint.json', ...files.slice(from, from + FILES_AT_ONCE)];
    faults.push(...said(node, place, 'secretlint/bin/secretlint.js', args));
  }
  return faults;
}

/** Both documents by Spectral with OWASP's rules, and by Redocly: no errors. Warnings are shown by the tools themselves. */
async function openapi(/** @type {string} */ node) {
  const place = await installTools('supply-chain', 'Spectral, Redocly and secretlint');
  const documents = DOCUMENTS.map((file) => relative(place, join(checkout, file)));
  return [
    ...said(node, place, '@stoplight/spectral-cli/dist/index.js', [
      'lint',
      '--ruleset=spectral.yaml',
      '--fail-severity=error',
      '--display-only-failures',
      ...documents,
    ]),
    ...said(node, place, '@redocly/cli/bin/cli.js', [
      'lint',
      '--config=redocly.yaml',
      '--format=summary',
      ...documents,
    ]),
  ];
}

/** Two installations from the lock file are the same, file for file. */
async function install() {
  const first = await installedOnce();
  const second = await installedOnce();
  return first === second ? [] : [`npm ci gave ${first}, and then ${second}`];
}

/** @returns {Promise<string>} one hash of every file, by name */
async function installedOnce() {
  const folder = mkdtempSync(join(tmpdir(), 'shikaku-install-'));
  try {
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      copyFileSync(join(checkout, file), join(folder, file));
    await npm('npm ci', ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--engine-strict=false'], {
      cwd: folder,
    });
    const all = createHash('sha256');
    const names = readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' }).toSorted();
    for (const name of names) {
      const path = join(folder, 'node_modules', name);
      const stat = lstatSync(path);
      if (stat.isDirectory()) continue;
      all.update(`${name}\n${stat.mode}\n`);
      all.update(stat.isSymbolicLink() ? readlinkSync(path) : createHash('sha256').update(readFileSync(path)).digest());
    }
    if (names.length === 0) throw new Problem('npm ci installed nothing.');
    return all.digest('hex');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * What a tool has against us: nothing where it ends with 0.
 *
 * @param {string} node
 * @param {string} place
 * @param {string} entry
 * @param {string[]} args
 * @returns {string[]}
 */
function said(node, place, entry, args) {
  const { status, stdout, stderr } = spawnSync(node, [join(place, 'node_modules', entry), ...args], {
    cwd: place,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
    // Nobody is told that we look.
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', NO_COLOR: '1' },
  });
  return status === 0 ? [] : [stdout + stderr];
}
