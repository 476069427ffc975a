import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { messageOf, Problem } from './problem.mjs';

const run = promisify(execFile);

const nobody = 65534;

/**
 * PostgreSQL refuses to run as root. When we are root, these give the rights away again without needing an account:
 *
 * - a user namespace in which root's files belong to "nobody" and the process is nobody: nothing changes owner, and
 *   folders that only root may enter stay open to it;
 * - where containers forbid that: user 65534, who keeps the one right to pass closed folders. The data must be his.
 */
const namespace = {
  name: 'user namespace',
  prefix: ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`],
};
const waysOfRoot = [
  { ...namespace, owner: 0 },
  {
    name: 'setpriv',
    prefix: [
      'setpriv',
      `--reuid=${nobody}`,
      `--regid=${nobody}`,
      '--clear-groups',
      // access(2), by which PostgreSQL looks for its own program, otherwise overlooks what a user who is not root may do.
      '--securebits=+no_setuid_fixup',
      '--inh-caps=+dac_override,+dac_read_search',
      '--ambient-caps=+dac_override,+dac_read_search',
    ],
    owner: nobody,
  },
];

/**
 * initdb wants the name of whoever runs it, and some containers run as a number without one: there, be "nobody" too.
 *
 * @returns {Way[]}
 */
function waysOfOthers() {
  const directly = { name: 'directly', prefix: [], owner: null };
  try {
    userInfo();
    return [directly];
  } catch {
    return [{ ...namespace, owner: null }, directly];
  }
}

/**
 * @typedef {{ name: string, prefix: string[], owner: number | null }} Way
 *   what to put before a PostgreSQL program, and to which user the data must belong (null: whoever we are)
 */

/**
 * The first way in which this machine runs `postgres` and lets it into the folder.
 *
 * @param {string} postgres path of the program
 * @param {string} folder which it must be able to read and write
 * @param {{ only?: string }} [choice] narrows root's ways to one, for the tests
 * @returns {Promise<Way>}
 */
export async function chooseWay(postgres, folder, choice = {}) {
  const isRoot = process.getuid?.() === 0;
  const ways = (isRoot ? waysOfRoot : waysOfOthers()).filter(
    (way) => choice.only === undefined || way.name === choice.only,
  );
  /** @type {string[]} */
  const refusals = [];
  for (const way of ways) {
    try {
      await runProgram([...way.prefix, postgres, '--version']);
      // Done, not asked: test -w answers for somebody without the rights that the second way keeps.
      await runProgram([...way.prefix, 'sh', '-c', ': > "$0" && rm "$0"', join(folder, '.probe')]);
      return { ...way, prefix: await withDeathSignal(way.prefix, postgres) };
    } catch (error) {
      refusals.push(`${way.name}: ${messageOf(error).trim().split('\n').at(-1)}`);
    }
  }
  throw new Problem(
    `The embedded PostgreSQL cannot run here (${refusals.join('; ')}).\n` +
      (isRoot
        ? 'Run npm start as an ordinary user, or set DATABASE_URL to a PostgreSQL 18 of your own.'
        : 'Delete node_modules and run npm start again, or set DATABASE_URL to a PostgreSQL 18 of your own.'),
  );
}

/**
 * Asks the kernel to stop PostgreSQL (SIGINT: fast shutdown) when the process that started it dies, however it dies.
 *
 * @param {string[]} prefix
 * @param {string} postgres
 */
async function withDeathSignal(prefix, postgres) {
  if (process.platform !== 'linux') return prefix;
  const wrapped = [...prefix, 'setpriv', '--pdeathsig', 'INT'];
  try {
    await runProgram([...wrapped, postgres, '--version']);
    return wrapped;
  } catch {
    // Without setpriv (or with busybox's) the orphan is found and stopped at the next start instead.
    return prefix;
  }
}

/** @param {string[]} command */
async function runProgram([program = '', ...args]) {
  await run(program, args, { env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' } });
}
