import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

import { Problem } from './problem.mjs';

export const DOCUMENTS = [
  'qualification-notice',
  'qualification-certificate',
  'qualification-screen',
  'eligibility-declaration',
];

/** What the office issues in one go. */
const BATCH_MAX = 1000;
const PERSON = /^[1-9]\d{0,17}$/;

/**
 * Ids, with commas between them, or a file with one a line.
 *
 * @param {string} who
 * @returns {string[]} each once
 */
export function readPeople(who) {
  const text = /^[\d,\s]+$/.test(who) ? who : existsSync(who) ? readFileSync(who, 'utf8') : undefined;
  if (text === undefined) throw new Problem(`${who} is neither ids nor a file.`);
  const people = [...new Set(text.split(/[\s,]+/).filter((id) => id !== ''))];
  const wrong = people.findIndex((id) => !PERSON.test(id));
  if (people.length === 0 || wrong >= 0) throw new Problem(`Number ${wrong + 1} of the people is no id of a person.`);
  return people;
}

/**
 * Has a document issued, and keeps each PDF as `<document>-<person>.pdf` as it comes: whole, or not at all. Who has theirs already is not asked
 * for again, so that what broke off goes on.
 *
 * @param {object} options
 * @param {string} options.document
 * @param {string[]} options.people
 * @param {string} options.out Made where it is not there; for this user alone.
 * @param {string} options.officeUrl
 * @param {() => Promise<string>} options.token Gives an access token that is good for some minutes.
 * @param {(done: { done: number, total: number, refused: number }) => void} options.progress
 * @param {(who: { insuredPersonId: string, code: string, title: string }) => void} options.refused
 * @param {number} [options.batchMax]
 * @returns {Promise<{ issued: number, refused: number, kept: number }>}
 */
export async function issueDocuments({
  document,
  people,
  out,
  officeUrl,
  token,
  progress,
  refused,
  batchMax = BATCH_MAX,
}) {
  mkdirSync(out, { recursive: true, mode: 0o700 });
  /** @param {string} id */
  const pathOf = (id) => join(out, `${document}-${id}.pdf`);
  const missing = people.filter((id) => !existsSync(pathOf(id)));
  const total = { issued: 0, refused: 0, kept: people.length - missing.length };
  const tell = () =>
    progress({ done: total.kept + total.issued + total.refused, total: people.length, refused: total.refused });
  tell();
  for (let first = 0; first < missing.length; first += batchMax) {
    const batch = missing.slice(first, first + batchMax);
    for await (const line of linesOf(officeUrl, await token(), { document, people: batch })) {
      const { insuredPersonId, pdf, problem } = JSON.parse(line);
      if (problem === undefined) {
        const path = pathOf(insuredPersonId);
        writeFileSync(`${path}.part`, Buffer.from(pdf, 'base64'), { mode: 0o600 });
        renameSync(`${path}.part`, path);
        total.issued += 1;
      } else {
        refused({ insuredPersonId, code: problem.code, title: problem.title });
        total.refused += 1;
      }
      tell();
    }
  }
  const missed = people.length - total.kept - total.issued - total.refused;
  if (missed > 0)
    throw new Problem(`The office ended before the last ${missed}. Run the command again: it goes on where it was.`);
  return total;
}

/**
 * @param {string} officeUrl
 * @param {string} token
 * @param {object} asked
 */
async function* linesOf(officeUrl, token, asked) {
  const response = await fetch(`${officeUrl}/v1/document-batches`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(asked),
  }).catch(() => undefined);
  if (response === undefined) throw new Problem(`${officeUrl} does not answer. Is it running? npm start`);
  if (!response.ok || response.body === null) {
    const { code, title } = /** @type {{ code?: string, title?: string }} */ (await response.json());
    throw new Problem(`The office refused (${response.status} ${code}): ${title}.`);
  }
  const stream = Readable.fromWeb(/** @type {any} */ (response.body));
  try {
    yield* createInterface({ input: stream });
  } finally {
    stream.destroy();
  }
}
