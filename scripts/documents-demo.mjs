import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

import { withClient } from './launcher/database.mjs';
import { Problem, runEntry } from './launcher/problem.mjs';
import { runningDatabase } from './launcher/run-on-running.mjs';
import { fetchToken, readClient, readRunning } from './launcher/running-copy.mjs';
import { readDataDir } from './launcher/settings.mjs';
import { withProgress } from './stage-zero/progress.mjs';

/*
 * npm run demo:documents: has documents of people of the demo insurer of the running copy issued as PDF, one after the other and a thousand
 * in a batch, and says how long that takes. Nothing is changed by it.
 */
const INSURER = '06130488';
const ONE_BY_ONE = 100;
const IN_A_BATCH = 1_000;
const DOCUMENTS = [
  'qualification-notice',
  'qualification-certificate',
  'qualification-screen',
  'eligibility-declaration',
];
const PEOPLE = `
select person_id::text as id from qualification
where insurer_number = $1 and lost_on is null and acquired_on < current_date and available_from < current_date order by person_id limit $2`;

await runEntry(async () => {
  const { dataDir } = readDataDir(process.env);
  const { url, officeUrl } = readRunning(dataDir);
  const authorization = `Bearer ${await fetchToken(url, readClient(dataDir, 'demo-insurer'))}`;
  /** @type {string[]} */
  const people = await withClient(runningDatabase(dataDir, 'counter'), async (db) =>
    (await db.query(PEOPLE, [INSURER, IN_A_BATCH])).rows.map(({ id }) => id),
  );
  if (people.length === 0) throw new Problem('The demo insurer has nobody.');
  for (const document of DOCUMENTS) {
    /** @type {number[]} */
    const took = [];
    let refused = 0;
    for (const id of people.slice(0, ONE_BY_ONE)) {
      const began = performance.now();
      const response = await fetch(`${officeUrl}/v1/insured-persons/${id}/${document}`, {
        headers: { authorization, accept: 'application/pdf' },
      });
      await response.arrayBuffer();
      if (response.ok) took.push(performance.now() - began);
      else refused += 1;
    }
    took.sort((a, b) => a - b);
    /** @param {number} share */
    const at = (share) => `${took[Math.min(took.length - 1, Math.floor(share * took.length))]?.toFixed(0) ?? '–'} ms`;
    process.stdout.write(
      `${document}: ${took.length} one by one, half within ${at(0.5)}, 99 % within ${at(0.99)}, the slowest ${at(1)}; ${refused} get none.\n`,
    );
  }
  const began = performance.now();
  const { issued, bytes } = await withProgress('In a batch', (note) => batch(officeUrl, authorization, people, note));
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    `${people.length} people in a batch (${DOCUMENTS[0]}): ${issued} PDFs, ${(bytes / 1024 / Math.max(issued, 1)).toFixed(0)} KiB each, in ${seconds.toFixed(1)} s (${(issued / seconds).toFixed(0)} a second).\n`,
  );
});

/**
 * @param {string} officeUrl
 * @param {string} authorization
 * @param {readonly string[]} people
 * @param {(text: string) => void} note
 */
async function batch(officeUrl, authorization, people, note) {
  const response = await fetch(`${officeUrl}/v1/document-batches`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ document: DOCUMENTS[0], people }),
  });
  if (!response.ok || response.body === null) throw new Problem(`The office refused the batch: ${response.status}.`);
  let issued = 0;
  let bytes = 0;
  for await (const line of createInterface({ input: Readable.fromWeb(/** @type {any} */ (response.body)) })) {
    const { done, total, pdf } = JSON.parse(line);
    note(`${done} of ${total}`);
    if (pdf === undefined) continue;
    issued += 1;
    bytes += Buffer.byteLength(pdf, 'base64');
  }
  return { issued, bytes };
}
