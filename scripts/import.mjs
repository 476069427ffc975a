import { accessSync, constants } from 'node:fs';
import { parseArgs } from 'node:util';

import { importFile } from './launcher/import-file.mjs';
import { Problem, runEntry } from './launcher/problem.mjs';
import { fetchToken, readClient, readRunning } from './launcher/running-copy.mjs';
import { readDataDir } from './launcher/settings.mjs';

/*
 * npm run import -- <file.csv> [--encoding shift_jis] [--client <id>]: files what is in a CSV file with the running copy, however large it is, and
 * says which rows were refused. Ends with 1 where some were.
 */
const BAR_WIDTH = 30;

await runEntry(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      encoding: { type: 'string', default: 'utf-8' },
      client: { type: 'string', default: 'demo-insurer' },
    },
  });
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0 || !['utf-8', 'shift_jis'].includes(values.encoding))
    throw new Problem('Say which file: npm run import -- <file.csv> [--encoding shift_jis] [--client <id>]');
  try {
    accessSync(path, constants.R_OK);
  } catch {
    throw new Problem(`${path} cannot be read.`);
  }
  const { dataDir } = readDataDir(process.env);
  const { url, officeUrl } = readRunning(dataDir);
  const client = readClient(dataDir, values.client);
  const began = performance.now();
  const { isTTY } = process.stderr;
  const { rows, filed, refused, parts } = await importFile({
    path,
    encoding: values.encoding,
    officeUrl,
    token: () => fetchToken(url, client),
    progress: ({ share, rows, refused }) => {
      const full = Math.round(BAR_WIDTH * share);
      const line = `[${'#'.repeat(full)}${' '.repeat(BAR_WIDTH - full)}] ${Math.floor(100 * share)} %, ${rows} rows, ${refused} refused`;
      if (isTTY) process.stderr.write(`\r${line}`);
    },
    refused: ({ line, errors }) => {
      const words = errors.map(({ pointer, code, detail }) => `${pointer.slice(1) || 'row'}: ${code}, ${detail}`);
      process.stdout.write(`${isTTY ? '\r' : ''}line ${line}: ${words.join('; ')}\n`);
    },
  });
  if (isTTY) process.stderr.write('\n');
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    `${rows} rows in ${parts} ${parts === 1 ? 'part' : 'parts'}: ${filed} filed, ${refused} refused, in ${seconds.toFixed(1)} s.\n`,
  );
  if (refused > 0) process.exitCode = 1;
});
