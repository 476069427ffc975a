import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runEntry } from './launcher/problem.mjs';
import { fetchToken, readClient, readRunning } from './launcher/running-copy.mjs';
import { readDataDir } from './launcher/settings.mjs';

/*
 * npm run demo:outage: asks the running copy at a steady rate while the mock registry falls silent and comes back, and prints
 * second by second what callers were told. One question in ten asks to verify now, one in fifty is about a card nobody knows.
 */
const CHECKS_PER_SECOND = 100;
const SILENT_FROM_SECOND = 5;
const WELL_FROM_SECOND = 20;
const SECONDS = 32;

/** @typedef {{ fresh: number, degraded: number, unavailable: number, other: number, slowestMs: number, breaker: string }} Second */

await runEntry(async () => {
  const { dataDir } = readDataDir(process.env);
  const { url, jlisUrl } = readRunning(dataDir);
  const [clinic, operator] = await Promise.all(
    ['demo-clinic', 'demo-operator'].map((id) => fetchToken(url, readClient(dataDir, id))),
  );
  const serials = readFileSync(join(dataDir, 'people.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((person) => person.certificateSerial !== undefined && person.expected.verdict === 'valid')
    .map((person) => person.certificateSerial);

  /** @type {Second[]} */
  const seconds = Array.from({ length: SECONDS }, () => ({
    fresh: 0,
    degraded: 0,
    unavailable: 0,
    other: 0,
    slowestMs: 0,
    breaker: '?',
  }));

  /** @param {number} i */
  const question = (i) => {
    if (i % 50 === 7) return { card: { certificateSerial: `D${String(i).padStart(15, '0')}` } };
    const card = { certificateSerial: serials[i % serials.length] };
    return i % 10 === 3 ? { card, maxAgeSeconds: 0 } : { card };
  };

  /**
   * @param {number} i
   * @param {Second} second counted in the second in which it was asked
   */
  const ask = async (i, second) => {
    const asked = performance.now();
    const response = await fetch(`${url}/v1/eligibility-checks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${clinic}`, 'content-type': 'application/json' },
      body: JSON.stringify(question(i)),
    });
    /** @type {any} */
    const answer = await response.json();
    second.slowestMs = Math.max(second.slowestMs, performance.now() - asked);
    if (response.status === 200) second[answer.freshness.degraded === undefined ? 'fresh' : 'degraded'] += 1;
    else if (answer.code === 'answer-unavailable') second.unavailable += 1;
    else second.other += 1;
  };

  /** @param {object} faults */
  const setFaults = (faults) =>
    fetch(`${jlisUrl}/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(faults),
    });

  /** @param {Second} second */
  const readBreaker = async (second) => {
    const response = await fetch(`${url}/v1/operations/state`, { headers: { authorization: `Bearer ${operator}` } });
    /** @type {any} */
    const state = await response.json();
    second.breaker = state.registry.breaker;
  };

  process.stdout.write(
    `${CHECKS_PER_SECOND} checks a second; the registry is silent from second ${SILENT_FROM_SECOND} to ${WELL_FROM_SECOND}.\n` +
      'second  breaker    fresh  degraded  unavailable  other  slowest ms\n',
  );
  /** @type {Promise<unknown>[]} */
  const underWay = [];
  const begun = performance.now();
  let asked = 0;
  let printed = 0;
  try {
    await new Promise((resolve, reject) => {
      const timer = setInterval(() => {
        const elapsed = (performance.now() - begun) / 1000;
        const now = Math.min(Math.floor(elapsed), SECONDS);
        while (asked < Math.min(elapsed, SECONDS) * CHECKS_PER_SECOND) {
          const second = /** @type {Second} */ (seconds[Math.floor(asked / CHECKS_PER_SECOND)]);
          if (asked % CHECKS_PER_SECOND === 0) {
            const at = asked / CHECKS_PER_SECOND;
            if (at === SILENT_FROM_SECOND) underWay.push(setFaults({ all: { mode: 'hang' } }));
            if (at === WELL_FROM_SECOND) underWay.push(setFaults({}));
          }
          if (asked % CHECKS_PER_SECOND === CHECKS_PER_SECOND - 1) underWay.push(readBreaker(second).catch(reject));
          underWay.push(ask(asked, second).catch(reject));
          asked += 1;
        }
        // Two seconds later every question of a second has its answer, deadline included.
        while (printed < now - 2) print(printed, /** @type {Second} */ (seconds[printed++]));
        if (now >= SECONDS) {
          clearInterval(timer);
          resolve(undefined);
        }
      }, 2);
    });
    await Promise.all(underWay);
  } finally {
    await setFaults({});
  }
  while (printed < SECONDS) print(printed, /** @type {Second} */ (seconds[printed++]));
  const total = (/** @type {'fresh' | 'degraded' | 'unavailable' | 'other'} */ kind) =>
    seconds.reduce((sum, second) => sum + second[kind], 0);
  process.stdout.write(
    `${asked} asked: ${total('fresh')} fresh, ${total('degraded')} degraded, ${total('unavailable')} answer-unavailable, ${total('other')} anything else.\n`,
  );
});

/**
 * @param {number} at
 * @param {Second} second
 */
function print(at, { breaker, fresh, degraded, unavailable, other, slowestMs }) {
  const cells = [
    String(at).padStart(6),
    ` ${breaker.padEnd(9)}`,
    String(fresh).padStart(6),
    String(degraded).padStart(9),
    String(unavailable).padStart(12),
    String(other).padStart(6),
    slowestMs.toFixed(0).padStart(11),
  ];
  process.stdout.write(`${cells.join(' ')}\n`);
}
