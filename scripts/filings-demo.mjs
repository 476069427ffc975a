import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';

import { runEntry } from './launcher/problem.mjs';
import { fetchToken, readClient, readRunning } from './launcher/running-copy.mjs';
import { readDataDir } from './launcher/settings.mjs';

/*
 * npm run demo:filings: files the registry's residents with the demo insurer of the running copy, waits until each has come to its end, and
 * says how long that took. Whoever is insured there already comes back, and everybody else has a second coverage from then on:
 * for a copy that is thrown away.
 */
const AT_ONCE = 20;
const LATENCY_MS = 20;
const LOOK_EVERY_MS = 250;

await runEntry(async () => {
  const { values } = parseArgs({ options: { filings: { type: 'string', default: '10000' } } });
  const wanted = Number(values.filings);
  const { dataDir } = readDataDir(process.env);
  const { url, officeUrl, jlisUrl } = readRunning(dataDir);
  const token = await fetchToken(url, readClient(dataDir, 'demo-insurer'));
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const residents = await readResidents(jlisUrl, wanted);
  await setFaults(jlisUrl, { 'person-searches': { mode: 'none', latencyMs: LATENCY_MS } });
  try {
    const began = performance.now();
    /** @type {string[]} */
    const ids = [];
    let next = 0;
    const file = async () => {
      for (let at = next++; at < residents.length; at = next++) {
        const { kanjiName, kanaName, birthDate, sex, address, postNumber } = residents[at];
        const response = await fetch(`${officeUrl}/v1/enrollments`, {
          method: 'POST',
          headers,
          body: JSON.stringify({
            kind: 'acquisition',
            qualificationDate: new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10),
            person: { name: kanjiName, nameKana: kanaName, birthdate: birthDate, sex1: sex, address, postNumber },
            insuredIdentificationNumber: String(9_000_000 + at),
          }),
        });
        /** @type {any} */
        const filed = await response.json();
        if (response.status !== 202) throw new Error(`filing ${at}: ${response.status} ${filed.code}`);
        ids.push(filed.enrollmentId);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, file));
    const filedMs = performance.now() - began;
    /** @type {Record<string, number>} */
    const ends = {};
    // They end in about the order in which they were filed: the last ones are looked at until they have.
    for (const id of ids) {
      for (;;) {
        const response = await fetch(`${officeUrl}/v1/enrollments/${id}`, { headers });
        /** @type {any} */
        const { state, reasons } = await response.json();
        if (state === 'received' || state === 'looking-up') {
          await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
          continue;
        }
        const end = [state, ...(reasons ?? []).map((/** @type {{ code: string }} */ { code }) => code)].join(' ');
        ends[end] = (ends[end] ?? 0) + 1;
        break;
      }
    }
    const history = await lastStep(officeUrl, headers, ids);
    process.stdout.write(
      `${ids.length} filings, the registry taking ${LATENCY_MS} ms: accepted in ${(filedMs / 1000).toFixed(1)} s (${perSecond(ids.length, filedMs)} a second); ` +
        `all ended ${(history / 1000).toFixed(1)} s after the first was filed (${perSecond(ids.length, history)} a second).\n` +
        `${JSON.stringify(ends)}\n`,
    );
  } finally {
    await setFaults(jlisUrl, {});
  }
});

/** @param {number} count @param {number} ms */
function perSecond(count, ms) {
  return Math.round((1000 * count) / ms);
}

/**
 * From the first filing to the last step of any, milliseconds, by the office's own clock.
 *
 * @param {string} officeUrl
 * @param {Record<string, string>} headers
 * @param {readonly string[]} ids
 */
async function lastStep(officeUrl, headers, ids) {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const id of [...ids.slice(0, AT_ONCE), ...ids.slice(-100 * AT_ONCE)]) {
    /** @type {any} */
    const { receivedAt, history } = await (await fetch(`${officeUrl}/v1/enrollments/${id}`, { headers })).json();
    first = Math.min(first, Date.parse(receivedAt));
    last = Math.max(last, Date.parse(history.at(-1).at));
  }
  return last - first;
}

/**
 * @param {string} jlisUrl
 * @param {number} count
 * @returns {Promise<any[]>}
 */
async function readResidents(jlisUrl, count) {
  const { body } = await fetch(`${jlisUrl}/v1/population`);
  if (body === null) throw new Error('the registry has nobody');
  const residents = [];
  for await (const line of createInterface({ input: Readable.fromWeb(/** @type {any} */ (body)) })) {
    const person = JSON.parse(line);
    if (person.scenario === undefined) residents.push(person);
    if (residents.length >= count) break;
  }
  return residents;
}

/** @param {string} jlisUrl @param {object} faults */
async function setFaults(jlisUrl, faults) {
  const response = await fetch(`${jlisUrl}/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  });
  if (!response.ok) throw new Error(`the registry refused the faults: ${response.status}`);
}
