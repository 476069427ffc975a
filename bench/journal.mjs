// npm run bench:journal: what one check costs the journal, in one process, on the disk of the system's temporary folder (or of the
// folder given as argument). Rows are as a replica keeps them, each of another card, which is the worst case: every line
// holds its text. Needs a build.
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

const from = new URL('../dist/apps/eligibility-api/src/check-log/', import.meta.url);
const { Journal, newWriter } = await import(new URL('journal.js', from).href);
const { TextSeal } = await import(new URL('sealed-text.js', from).href);

const ROW_BYTES = 1_400;
const ROWS = 4_096;
const CHECKS = 100_000;
const ROUNDS = 3;

const rows = Array.from({ length: ROWS }, (_, i) => ({
  generation: 'a'.repeat(32),
  key: BigInt(i) << 40n,
  stored: randomBytes(ROW_BYTES),
}));
const subjectHash = randomBytes(32);
const freshness =
  '{"source":"replica","asOf":"2026-11-22T09:00:00.000+09:00","freshUntil":"2026-11-22T09:00:05.000+09:00"}';

/** A check as the corridor makes it. */
const checkOf = (text) => {
  const checkId = randomUUIDv7();
  return {
    checkId,
    clientId: 'demo-clinic',
    institutionCode: '1312345679',
    purpose: 'treatment',
    checkedAt: 1_795_305_600_123,
    serviceDate: '2026-11-22',
    subjectHash,
    verdict: 'valid',
    credentialState: 'valid',
    answerVersion: 'v1.AAAAAAAAAAAAAAAAAAAAAA',
    unchanged: false,
    consented: ['limitApplicationCertificate', 'specificDiseases'],
    answer: {
      text,
      splices: {
        checkId,
        checkedAt: '2026-11-22T09:00:00.123+09:00',
        serviceDate: '2026-11-22',
        answerVersion: 'v1.AAAAAAAAAAAAAAAAAAAAAA',
        freshness,
        verifiedAt: '2026-11-22T08:59:59.000+09:00',
        availableUntil: '',
        treatmentMonth: '2026-11',
        consented: 3,
        institutionCode: '1312345679',
      },
      digest: 'N3pX0cWJ2qf7m5m9cF9Jr5b0l8s3dXkq6yq0v8n1c2E',
    },
  };
};

const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'journal-bench-'));
const measure = async (textOf, perTurn, sync, count) => {
  const writer = newWriter(Date.now());
  const journal = new Journal({
    folder,
    writer,
    seal: new TextSeal(Buffer.alloc(32, 1), writer),
    ruleVersion: 'bench',
    sync,
    bytesMax: 2 ** 40,
    now: Date.now,
    straight: () => Promise.reject(new Error('the disk of the bench is full')),
  });
  const checks = Array.from({ length: perTurn * 64 }, (_, i) => checkOf(textOf(i)));
  let made = 0;
  const begun = performance.now();
  const cpu = process.cpuUsage();
  await new Promise((resolve, reject) => {
    const turn = () => {
      let told = 0;
      for (let i = 0; i < perTurn; i += 1) {
        const check = checks[(made + i) % checks.length];
        journal.append({ ...check, answer: { ...check.answer, text: textOf(made + i) } }, (error) => {
          if (error !== undefined) reject(error);
          told += 1;
          if (told === perTurn) next();
        });
      }
    };
    const next = () => {
      made += perTurn;
      if (made >= count) resolve();
      else setImmediate(turn);
    };
    turn();
  });
  const tookMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  const { bytes } = journal.state;
  await journal.close();
  rmSync(join(folder, writer), { recursive: true });
  return {
    cpuMicros: (user + system) / made,
    micros: (tookMs * 1000) / made,
    perSecond: (made / tookMs) * 1000,
    bytesEach: bytes / made,
  };
};

const text = (i) => `{"i":${i},"text":"${'x'.repeat(1_200)}"}`;
const cases = [
  ['a row of another card, 1 a turn', (i) => ({ ...rows[i % ROWS], key: BigInt(i) }), 1, 'second', CHECKS],
  ['a row of another card, 8 a turn', (i) => ({ ...rows[i % ROWS], key: BigInt(i) }), 8, 'second', CHECKS],
  ['a row of another card, 32 a turn', (i) => ({ ...rows[i % ROWS], key: BigInt(i) }), 32, 'second', CHECKS],
  ['the same card again, 8 a turn', () => rows[0], 8, 'second', CHECKS],
  ['a text sealed here, 8 a turn', text, 8, 'second', CHECKS / 4],
  ['JOURNAL_SYNC=group, 1 a turn', (i) => rows[i % ROWS], 1, 'group', 500],
  ['JOURNAL_SYNC=group, 32 a turn', (i) => ({ ...rows[i % ROWS], key: BigInt(i) }), 32, 'group', 16_000],
];
try {
  console.log(`load ${loadavg()[0].toFixed(1)}, Node ${process.version}, medians of ${ROUNDS}`);
  console.log('case                                 CPU µs/check  wall µs/check   checks/s  bytes/check');
  for (const [name, textOf, perTurn, sync, count] of cases) {
    await measure(textOf, perTurn, sync, Math.min(count, 5_000));
    const rounds = [];
    for (let i = 0; i < ROUNDS; i += 1) rounds.push(await measure(textOf, perTurn, sync, count));
    const { cpuMicros, micros, perSecond, bytesEach } = rounds.toSorted((a, b) => a.cpuMicros - b.cpuMicros)[
      ROUNDS >> 1
    ];
    console.log(
      `${name.padEnd(36)} ${cpuMicros.toFixed(2).padStart(12)} ${micros.toFixed(2).padStart(14)} ${perSecond.toFixed(0).padStart(10)} ${bytesEach.toFixed(0).padStart(12)}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
