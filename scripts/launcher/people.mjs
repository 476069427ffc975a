import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { hasCode, Problem } from './problem.mjs';

/**
 * @typedef {object} Person one of the scenario people, as the seeder wrote it
 * @property {string} id
 * @property {string} story
 * @property {string} [certificateSerial]
 * @property {Record<string, unknown>} [insured]
 * @property {string} [serviceDate]
 * @property {Record<string, unknown>} [consent]
 * @property {Record<string, unknown>} expected
 */

/**
 * The scenario people as the seeder wrote them, one JSON a line.
 *
 * @param {string} dataDir
 */
export function readPeopleText(dataDir) {
  try {
    return readFileSync(join(dataDir, 'people.ndjson'), 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'ENOTDIR')) throw error;
    throw new Problem(
      `There are no scenario people in ${dataDir} yet: npm start makes them (with the same DATA_DIR, if you set it).`,
    );
  }
}

/**
 * @param {string} dataDir
 * @returns {Person[]}
 */
export function readPeople(dataDir) {
  return readPeopleText(dataDir)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/**
 * @param {Person[]} people
 * @returns {string[]} lines
 */
export function peopleTable(people) {
  const rows = people.map(({ id, story, certificateSerial, serviceDate }) => [
    id,
    certificateSerial ?? '(insured number)',
    serviceDate ?? '',
    story,
  ]);
  const table = [['id', 'certificate serial', 'on', 'story'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => displayWidth(row[column] ?? ''))));
  return table.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell))))
      .join('  ')
      .trimEnd(),
  );
}

/**
 * The request that asks about a person, as the API takes it.
 *
 * @param {Person} person
 */
export function questionAbout({ certificateSerial, insured, serviceDate, consent }) {
  return {
    ...(certificateSerial === undefined ? { insured } : { card: { certificateSerial } }),
    ...(serviceDate === undefined ? {} : { serviceDate }),
    consent: consent ?? { limitApplicationCertificate: true, specificDiseases: true },
  };
}

/** Japanese characters take two columns of a terminal. @param {string} text */
function displayWidth(text) {
  return [...text].reduce(
    (width, char) =>
      width +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(char)
        ? 2
        : 1),
    0,
  );
}
