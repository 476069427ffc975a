import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { runEntry } from '../scripts/launcher/problem.mjs';
import { fetchToken, readClient, readRunning } from '../scripts/launcher/running-copy.mjs';
import { readDataDir } from '../scripts/launcher/settings.mjs';
import { median } from './statistics.mjs';

// npm run bench:timing [-- --pairs 2000]: whether the time of a reply tells what its text does not (S-08). Two questions that are to be
// answered alike, in turns and in random order, of the copy that runs; the difference of their medians.

/** @typedef {() => Promise<{ ms: number, status: number, bytes: number }>} Question */

const WARM_UP_PAIRS = 50;

await runEntry(async () => {
  const { values } = parseArgs({ options: { pairs: { type: 'string', default: '2000' } } });
  const pairs = Number(values.pairs);
  const { dataDir } = readDataDir(process.env);
  const { url } = readRunning(dataDir);
  const token = await fetchToken(url, readClient(dataDir, 'demo-clinic'));
  const other = await fetchToken(url, readClient(dataDir, 'demo-clinic-2'));
  const people = readFileSync(join(dataDir, 'people.ndjson'), 'utf8').trim().split('\n');
  const { insured } = people.map((line) => JSON.parse(line)).find((person) => person.insured !== undefined);

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {string} [by]
   */
  const ask = async (method, path, body, by = token) => {
    const startedAt = performance.now();
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${by}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { ms: performance.now() - startedAt, status: response.status, bytes: text.length, text };
  };
  const checks = '/v1/eligibility-checks';
  const { text } = await ask('POST', checks, { insured }, other);
  const theirs = JSON.parse(text).checkId;

  /** @type {Record<string, [Question, Question]>} */
  const questions = {
    'a check of another institution / one that is not there': [
      () => ask('GET', `${checks}/${theirs}`),
      () => ask('GET', `${checks}/${randomUUID().replace(/-4/, '-7')}`),
    ],
    'a wrong birthdate / an unknown number': [
      () => ask('POST', checks, { insured: { ...insured, birthdate: '1907-05-07' } }),
      () => ask('POST', checks, { insured: { ...insured, insuredIdentificationNumber: '99999999' } }),
    ],
  };
  for (const [name, [one, two]] of Object.entries(questions)) {
    /** @type {[number[], number[]]} */
    const took = [[], []];
    const seen = new Set();
    for (let pair = -WARM_UP_PAIRS; pair < pairs; pair += 1) {
      const first = Math.random() < 0.5 ? 0 : 1;
      for (const which of [first, 1 - first]) {
        const { ms, status, bytes } = await (which === 0 ? one : two)();
        seen.add(`${status}, ${bytes} bytes`);
        if (pair >= 0) took[which === 0 ? 0 : 1].push(ms);
      }
    }
    const [a, b] = [median(took[0]), median(took[1])];
    console.log(
      `${name}: medians ${a.toFixed(3)} ms / ${b.toFixed(3)} ms, difference ${(a - b).toFixed(3)} ms over ${pairs} pairs; replies: ${[...seen].join(' | ')}`,
    );
  }
});
