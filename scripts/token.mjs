import { parseArgs } from 'node:util';

import { runEntry } from './launcher/problem.mjs';
import { fetchToken, readClient, readRunning } from './launcher/running-copy.mjs';
import { readDataDir } from './launcher/settings.mjs';

// npm run -s token -- --client demo-clinic: an access token of the running copy, and nothing else, on standard output.
await runEntry(async () => {
  const { dataDir } = readDataDir(process.env);
  const { url } = readRunning(dataDir);
  const { values } = parseArgs({ options: { client: { type: 'string' } }, strict: false });
  const client = readClient(dataDir, typeof values.client === 'string' ? values.client : undefined);
  process.stdout.write(`${await fetchToken(url, client)}\n`);
});
