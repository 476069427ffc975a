import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { counted, figuresOf, lastWeeks, recorded } from './launcher/conformance.mjs';
import { databaseUrls } from './launcher/database-urls.mjs';
import { clusterUrl } from './launcher/postgres.mjs';
import { Problem, runEntry } from './launcher/problem.mjs';
import { readRunning } from './launcher/running-copy.mjs';
import { readDataDir } from './launcher/settings.mjs';

const USAGE =
  'npm run report:conformance -- [--weeks <n>] [--json] [--metrics <address of /metrics>, once for each counter]';

/*
 * npm run report:conformance: of the copy that runs, or of the database that DATABASE_URL names and the counters whose /metrics are
 * given.
 */
await runEntry(async () => {
  const { values } = parseArgs({
    options: {
      weeks: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      metrics: { type: 'string', multiple: true },
    },
  });
  const weeks = Number(values.weeks);
  if (!(weeks > 0)) throw new Problem(USAGE);
  const { dataDir } = readDataDir(process.env);
  const { DATABASE_URL: given } = process.env;
  const isGiven = given !== undefined && given !== '';
  const metrics = values.metrics ?? (isGiven ? [] : [`${readRunning(dataDir).url}/metrics`]);
  const span = lastWeeks(weeks);
  const samples = (await Promise.all(metrics.map(counted))).flat();
  const figures = figuresOf(await recorded(isGiven ? given : runningCounter(dataDir), span), samples, span);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...span, metrics, figures }, null, 2)}\n`
      : `${figures.map(({ what, value, from }) => `${what}: ${value}\n    ${from}`).join('\n')}\n`,
  );
});

/** @param {string} dataDir */
function runningCounter(dataDir) {
  const { database } = readRunning(dataDir);
  if (database === undefined)
    throw new Problem('The copy that runs has a database of its own: set DATABASE_URL to that of its counter.');
  const passwords = JSON.parse(readFileSync(join(dataDir, 'secrets/database.json'), 'utf8'));
  return databaseUrls((user, password, name) => clusterUrl(database, user, password, name), 'shikaku', passwords)
    .counterUrl;
}
