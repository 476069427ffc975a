import { parseArgs } from 'node:util';

import { DOCUMENTS, issueDocuments, readPeople } from './launcher/issue-documents.mjs';
import { Problem, runEntry } from './launcher/problem.mjs';
import { fetchToken, readClient, readRunning } from './launcher/running-copy.mjs';
import { readDataDir } from './launcher/settings.mjs';

/*
 * npm run issue -- <document> --people <1,2,3 | file> --out <folder> [--client <id>]: has a document issued to many people by the running copy, and
 * puts their PDFs into a folder. Goes on where it broke off; ends with 1 where somebody got none.
 */
const BAR_WIDTH = 30;
const USAGE = `Say what and for whom: npm run issue -- <${DOCUMENTS.join(' | ')}> --people <1,2,3 | file with an id a line> --out <folder> [--client <id>]`;

await runEntry(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      people: { type: 'string' },
      out: { type: 'string' },
      client: { type: 'string', default: 'demo-insurer' },
    },
  });
  const [document, ...others] = positionals;
  const { people: who, out } = values;
  if (document === undefined || !DOCUMENTS.includes(document) || others.length > 0 || !who || !out)
    throw new Problem(USAGE);
  const { dataDir } = readDataDir(process.env);
  const { url, officeUrl } = readRunning(dataDir);
  const client = readClient(dataDir, values.client);
  const { isTTY } = process.stderr;
  const began = performance.now();
  const { issued, refused, kept } = await issueDocuments({
    document,
    people: readPeople(who),
    out,
    officeUrl,
    token: () => fetchToken(url, client),
    progress: ({ done, total, refused }) => {
      const full = Math.round((BAR_WIDTH * done) / total);
      const line = `[${'#'.repeat(full)}${' '.repeat(BAR_WIDTH - full)}] ${done} of ${total}, ${refused} refused`;
      if (isTTY) process.stderr.write(`\r${line}`);
    },
    refused: ({ insuredPersonId, code, title }) =>
      process.stdout.write(`${isTTY ? '\r' : ''}${insuredPersonId}: ${code}, ${title}\n`),
  });
  if (isTTY) process.stderr.write('\n');
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    `${issued} issued, ${refused} refused, ${kept} there already, in ${seconds.toFixed(1)} s: ${out}\n`,
  );
  if (refused > 0) process.exitCode = 1;
});
