import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { Problem, runEntry } from './launcher/problem.mjs';
import { fetchToken, readClient, readRunning } from './launcher/running-copy.mjs';
import { readDataDir } from './launcher/settings.mjs';
import { withProgress } from './stage-zero/progress.mjs';

/*
 * npm run demo:filings [-- --filings 10000 --skip 0 --outage <seconds>]: files the registry's residents with the demo insurer of the
 * running copy, waits until each has come to its end, and says how long that took, what became of them, and how often the registry was
 * asked. With --outage the registry breaks every search off for so long from the first filing on. Whoever is insured there already comes
 * back, and everybody else has a second coverage from then on: for a copy that is thrown away, with --skip for those that no run before has
 * filed.
 */
const AT_ONCE = 50;
const LATENCY_MS = 20;
const LOOK_EVERY_MS = 250;
const TOKEN_GOOD_FOR_MS = 5 * 60_000;
const WAITING = ['received', 'looking-up'];

/**
 * @typedef {{ state: string, reasons?: { code: string }[], receivedAt: string, qualificationId?: string, insuredPersonId?: string,
 *   history: { state: string, at: string }[] }} Filing
 */

await runEntry(async () => {
  const { values } = parseArgs({
    options: {
      filings: { type: 'string', default: '10000' },
      skip: { type: 'string', default: '0' },
      outage: { type: 'string', default: '0' },
    },
  });
  const wanted = Number(values.filings);
  const skip = Number(values.skip);
  const outageSeconds = Number(values.outage);
  const { dataDir } = readDataDir(process.env);
  const { url, officeUrl, jlisUrl } = readRunning(dataDir);
  const token = tokens(url, readClient(dataDir, 'demo-insurer'));
  const residents = await readResidents(jlisUrl, wanted, skip);
  if (residents.length < wanted) throw new Problem(`The registry has ${residents.length} people for that: POPULATION.`);
  const isOutage = outageSeconds > 0;
  await setFaults(jlisUrl, { 'person-searches': { mode: isOutage ? 'reset' : 'none', latencyMs: LATENCY_MS } });
  try {
    const asked = await registryCalls(officeUrl);
    const began = performance.now();
    const ids = await fileAll(officeUrl, token, residents);
    const filedSeconds = (performance.now() - began) / 1000;
    let duringOutage = '';
    let backAt = 0;
    if (isOutage) {
      await withProgress('The registry is away', async (note) => {
        for (let left; (left = outageSeconds - (performance.now() - began) / 1000) > 0;) {
          note(`${Math.ceil(left)} s left, ${JSON.stringify(difference(await registryCalls(officeUrl), asked))}`);
          await setTimeout(Math.min(5_000, 1000 * left));
        }
      });
      const calls = difference(await registryCalls(officeUrl), asked);
      duringOutage = `Away for ${outageSeconds} s: ${JSON.stringify(calls)}; then it was back.\n`;
      backAt = Date.now();
      await setFaults(jlisUrl, { 'person-searches': { mode: 'none', latencyMs: LATENCY_MS } });
    }
    const filings = await ended(officeUrl, token, ids);
    const calls = difference(await registryCalls(officeUrl), asked);
    const first = backAt || Math.min(...filings.map(({ receivedAt }) => Date.parse(receivedAt)));
    const last = Math.max(...filings.map(({ history }) => Date.parse(history.at(-1)?.at ?? '')));
    const seconds = (last - first) / 1000;
    process.stdout.write(
      `${ids.length} filings, the registry taking ${LATENCY_MS} ms: accepted in ${filedSeconds.toFixed(1)} s (${Math.round(ids.length / filedSeconds)} a second).\n` +
        duringOutage +
        `All ended ${seconds.toFixed(1)} s after ${isOutage ? 'it was back' : 'the first was filed'} (${Math.round(ids.length / seconds)} a second); calls to the registry ${JSON.stringify(calls)}.\n` +
        `${JSON.stringify(outcomesOf(filings))}\n`,
    );
    const odd = faultsOf(filings);
    process.stdout.write(odd.length === 0 ? 'Nothing is lost, nothing doubled.\n' : `${odd.join('\n')}\n`);
    if (odd.length > 0) process.exitCode = 1;
  } finally {
    await setFaults(jlisUrl, {});
  }
});

/**
 * Several at a time, each under a key of its own and again under it where the office said nothing.
 *
 * @param {string} officeUrl
 * @param {() => Promise<string>} token
 * @param {readonly any[]} residents
 * @returns {Promise<string[]>} in the order of the residents
 */
async function fileAll(officeUrl, token, residents) {
  const today = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);
  return inOrder(residents, 'Filing', async (resident) => {
    const { kanjiName, kanaName, birthDate, sex, address, postNumber, place } = resident;
    const response = await fetch(`${officeUrl}/v1/enrollments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await token()}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify({
        kind: 'acquisition',
        qualificationDate: today,
        person: { name: kanjiName, nameKana: kanaName, birthdate: birthDate, sex1: sex, address, postNumber },
        insuredIdentificationNumber: String(9_000_000 + place),
      }),
    });
    /** @type {any} */
    const filed = await response.json();
    if (response.status !== 202) throw new Problem(`The office refused a filing: ${response.status} ${filed.code}.`);
    return filed.enrollmentId;
  });
}

/**
 * Waits for the one that was filed last before it looks at all the others: looking takes from who works.
 *
 * @param {string} officeUrl
 * @param {() => Promise<string>} token
 * @param {readonly string[]} ids
 * @returns {Promise<Filing[]>}
 */
async function ended(officeUrl, token, ids) {
  /** @param {string} id @returns {Promise<Filing>} */
  const read = async (id) => {
    for (;;) {
      const headers = { authorization: `Bearer ${await token()}` };
      /** @type {any} */
      const filing = await (await fetch(`${officeUrl}/v1/enrollments/${id}`, { headers })).json();
      if (!WAITING.includes(filing.state)) return filing;
      await setTimeout(LOOK_EVERY_MS);
    }
  };
  await read(/** @type {string} */ (ids.at(-1)));
  return inOrder(ids, 'Looking at each', read);
}

/**
 * @template One, Came
 * @param {readonly One[]} all
 * @param {string} label
 * @param {(one: One) => Promise<Came>} work
 * @returns {Promise<Came[]>}
 */
async function inOrder(all, label, work) {
  /** @type {Came[]} */
  const came = [];
  let next = 0;
  const one = async () => {
    for (let at = next++; at < all.length; at = next++) came[at] = await work(/** @type {One} */ (all[at]));
  };
  await withProgress(label, async (note) => {
    const telling = setInterval(() => note(`${Math.min(next, all.length)} of ${all.length}`), LOOK_EVERY_MS);
    await Promise.all(Array.from({ length: AT_ONCE }, one)).finally(() => clearInterval(telling));
  });
  return came;
}

/** @param {readonly Filing[]} filings @returns {Record<string, number>} */
function outcomesOf(filings) {
  /** @type {Record<string, number>} */
  const outcomes = {};
  for (const { state, reasons = [] } of filings) {
    const outcome = [state, ...reasons.map(({ code }) => code)].join(' ');
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return outcomes;
}

/**
 * What ought not to be: a filing without an end or a reason for it, a step taken twice, a coverage or a person that two have.
 *
 * @param {readonly Filing[]} filings
 */
function faultsOf(filings) {
  const odd = [];
  const registered = filings.filter(({ qualificationId }) => qualificationId !== undefined);
  for (const what of /** @type {const} */ (['qualificationId', 'insuredPersonId'])) {
    const several = registered.length - new Set(registered.map((one) => one[what])).size;
    if (several > 0) odd.push(`${several} filings have a ${what} that another has.`);
  }
  const twice = filings.filter(({ history }) => new Set(history.map(({ state }) => state)).size < history.length);
  if (twice.length > 0) odd.push(`${twice.length} filings have a step twice.`);
  const unexplained = filings.filter(
    ({ qualificationId, reasons = [] }) => qualificationId === undefined && reasons.length === 0,
  );
  if (unexplained.length > 0) odd.push(`${unexplained.length} filings have neither a coverage nor a reason.`);
  return odd;
}

/**
 * How often this office has asked the registry for somebody since it started.
 *
 * @param {string} officeUrl
 */
async function registryCalls(officeUrl) {
  const text = await (await fetch(`${officeUrl}/metrics`)).text();
  /** @param {string} name */
  const read = (name) => Number(new RegExp(`^shikaku_registry_search_${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return { calls: read('calls'), failures: read('failures'), retries: read('retries'), rejects: read('rejects') };
}

/** @template {Record<string, number>} T @param {T} now @param {T} then @returns {Record<string, number>} */
function difference(now, then) {
  return Object.fromEntries(Object.entries(now).map(([name, count]) => [name, count - (then[name] ?? 0)]));
}

/** @param {string} url @param {{ id: string, secret: string }} client */
function tokens(url, client) {
  /** @type {Promise<string> | undefined} */
  let known;
  let fetchedAt = 0;
  return () => {
    if (known === undefined || Date.now() - fetchedAt > TOKEN_GOOD_FOR_MS) {
      fetchedAt = Date.now();
      known = fetchToken(url, client);
    }
    return known;
  };
}

/**
 * @param {string} jlisUrl
 * @param {number} count
 * @param {number} skip as many of them before that
 * @returns {Promise<any[]>} each with its place
 */
async function readResidents(jlisUrl, count, skip) {
  const { body } = await fetch(`${jlisUrl}/v1/population`);
  if (body === null) throw new Problem('The registry has nobody.');
  const residents = [];
  let place = 0;
  for await (const line of createInterface({ input: Readable.fromWeb(/** @type {any} */ (body)) })) {
    const person = JSON.parse(line);
    if (person.scenario !== undefined) continue;
    place += 1;
    if (place > skip) residents.push({ ...person, place });
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
