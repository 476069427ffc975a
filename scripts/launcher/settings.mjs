import { join, resolve } from 'node:path';

import { checkout } from '../stage-zero/paths.mjs';
import { Problem } from './problem.mjs';

/**
 * @typedef {object} LauncherSettings
 * @property {number} port of the counter
 * @property {number} officePort
 * @property {number} mockJlisPort
 * @property {string} host on which counter and office listen
 * @property {string} dataDir absolute
 * @property {boolean} isDefaultDataDir
 * @property {string | undefined} databaseUrl
 * @property {string | undefined} jlisUrl
 * @property {number} population
 */

const mostPeople = 20_000_000;

/**
 * Reads all settings and reports every fault at once, by name and never by value: a value may hold a password.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {LauncherSettings}
 */
export function readSettings(env) {
  /** @type {string[]} */
  const faults = [];
  /** An empty value counts as not given, as in the services. @param {string} name */
  const given = (name) => (env[name] === undefined || env[name] === '' ? undefined : env[name]);
  /**
   * @param {string} name
   * @param {number} fallback
   * @param {number} min
   * @param {number} max
   */
  const integer = (name, fallback, min, max) => {
    const text = given(name);
    if (text === undefined) return fallback;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    faults.push(`${name} must be an integer from ${min} to ${max}`);
    return fallback;
  };
  /**
   * @param {string} name
   * @param {RegExp} pattern
   * @param {string} fault
   */
  const url = (name, pattern, fault) => {
    const text = given(name);
    if (text !== undefined && !(pattern.test(text) && URL.canParse(text))) faults.push(`${name} ${fault}`);
    return text;
  };

  const ports = {
    PORT: integer('PORT', 3000, 1, 65_535),
    OFFICE_PORT: integer('OFFICE_PORT', 3001, 1, 65_535),
    MOCK_JLIS_PORT: integer('MOCK_JLIS_PORT', 3100, 1, 65_535),
  };
  const population = integer('POPULATION', 10_000, 0, mostPeople);
  const databaseUrl = url(
    'DATABASE_URL',
    /^postgres(ql)?:\/\/[^/]+\/[^/?]+/,
    'must have the form postgres://owner:password@host:5432/database',
  );
  const jlisUrl = url('JLIS_URL', /^https?:\/\//, 'must be an http:// or https:// address');
  const names = /** @type {(keyof typeof ports)[]} */ (Object.keys(ports));
  names.forEach((name, index) => {
    const earlier = names.slice(0, index).find((other) => ports[other] === ports[name]);
    if (earlier !== undefined) faults.push(`${name} and ${earlier} must differ (both are ${ports[name]})`);
  });
  if (faults.length > 0) throw new Problem(`Settings refused: ${faults.join('; ')}.`);

  return {
    port: ports.PORT,
    officePort: ports.OFFICE_PORT,
    mockJlisPort: ports.MOCK_JLIS_PORT,
    host: given('HOST') ?? '127.0.0.1',
    ...readDataDir(env),
    databaseUrl,
    jlisUrl,
    population,
  };
}

/**
 * Relative to the checkout, not to the folder the command was typed in, so that every command finds the same one.
 *
 * @param {NodeJS.ProcessEnv} env
 */
export function readDataDir(env) {
  const byDefault = join(checkout, 'data');
  const given = env['DATA_DIR'];
  const dataDir = given === undefined || given === '' ? byDefault : resolve(checkout, given);
  return { dataDir, isDefaultDataDir: dataDir === byDefault };
}
