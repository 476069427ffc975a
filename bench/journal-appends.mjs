import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { dist } from '../scripts/stage-zero/paths.mjs';

/*
 * Appends to the journal in a process of its own, so many a turn of the event loop, and says how many a second. The journal is
 * the one of the build; nothing else of the counter runs here.
 */
const folder = process.env.JOURNAL_FOLDER ?? '';
const MEASURE_MS = 2_000;
const WARM_MS = 500;
const ROW_BYTES = 1_500;
const ROWS = 20_000;

/** @param {string} name */
const built = (name) => import(pathToFileURL(join(dist, 'apps/eligibility-api/src/check-log', `${name}.js`)).href);
const { Journal, newWriter } = await built('journal');
const { TextSeal } = await built('sealed-text');

const rows = Array.from({ length: ROWS }, (_, at) => ({
  generation: '0'.repeat(32),
  key: BigInt(at + 1),
  stored: randomBytes(ROW_BYTES),
}));
const digest = 'q'.repeat(43);
const subjectHash = randomBytes(32);

/** A check of a ready answer, as the corridor records it. @param {number} at */
const recordOf = (at) => {
  const checkId = randomUUID();
  const answerVersion = 'v'.repeat(43);
  return {
    checkId,
    clientId: 'demo-clinic',
    institutionCode: '1312345670',
    purpose: 'treatment',
    checkedAt: Date.now(),
    serviceDate: '2026-11-22',
    subjectHash,
    verdict: 'valid',
    credentialState: 'valid',
    answerVersion,
    unchanged: false,
    consented: at % 2 === 0 ? ['limitApplicationCertificate', 'specificDiseases'] : [],
    answer: {
      text: /** @type {(typeof rows)[number]} */ (rows[Math.floor(Math.random() * ROWS)]),
      splices: {
        checkId,
        checkedAt: '2026-11-22T09:00:00.000+09:00',
        serviceDate: '2026-11-22',
        answerVersion,
        freshness:
          '{"source":"replica","asOf":"2026-11-22T09:00:00.000+09:00","freshUntil":"2026-11-22T09:00:05.000+09:00"}',
        verifiedAt: '2026-11-22T09:00:00.000+09:00',
        availableUntil: '2026-11-23T09:00:00.000+09:00',
        treatmentMonth: '2026-11',
        consented: at % 2 === 0 ? 3 : 0,
        institutionCode: '1312345670',
      },
      digest,
    },
  };
};

/**
 * @param {'second' | 'group'} sync
 * @param {number} perTurn
 */
async function measure(sync, perTurn) {
  const own = mkdtempSync(join(folder, 'appends-'));
  const writer = newWriter(Date.now());
  const journal = new Journal({
    folder: own,
    writer,
    seal: new TextSeal(randomBytes(32), writer),
    ruleVersion: 'bench',
    sync,
    bytesMax: 4 * 2 ** 30,
    now: () => Date.now(),
    straight: () => Promise.reject(new Error('the disk took no more')),
  });
  let appended = 0;
  let refused = 0;
  let isOver = false;
  /** @type {Promise<void>} */
  const ended = new Promise((done) => {
    const turn = () => {
      if (isOver) return done();
      let left = perTurn;
      for (let at = 0; at < perTurn; at += 1)
        journal.append(recordOf(at), (/** @type {unknown} */ error) => {
          if (error === undefined) appended += 1;
          else refused += 1;
          left -= 1;
          if (left === 0) setImmediate(turn);
        });
    };
    turn();
  });
  await new Promise((done) => setTimeout(done, WARM_MS));
  const before = { appended, at: performance.now(), cpu: process.cpuUsage() };
  await new Promise((done) => setTimeout(done, MEASURE_MS));
  const cpu = process.cpuUsage(before.cpu);
  const checks = appended - before.appended;
  const seconds = (performance.now() - before.at) / 1000;
  isOver = true;
  await ended;
  await journal.close();
  const bytes = readdirSync(own).reduce((sum, name) => sum + statSync(join(own, name)).size, 0);
  rmSync(own, { recursive: true, force: true });
  return {
    sync,
    perTurn,
    perSecond: checks / seconds,
    cpuMicros: (cpu.user + cpu.system) / checks,
    bytesEach: bytes / appended,
    refused,
  };
}

const found = [];
for (const sync of /** @type {const} */ (['second', 'group']))
  for (const perTurn of [1, 10, 50]) found.push(await measure(sync, perTurn));
process.stdout.write(`${JSON.stringify(found)}\n`);
