import { journalFull } from './journal-full.mjs';
import { lossSeen } from './loss-seen.mjs';
import { midnight } from './midnight.mjs';
import { databaseHangs, databaseKilled, feedCut, registryGarbage, registryHangs, registryResets } from './outages.mjs';
import { coldStart, overload } from './overload.mjs';
import { workersKilled } from './workers-killed.mjs';

/** In the order in which they are run. @type {import('../context.mjs').Scenario[]} */
export const scenarios = [
  registryHangs,
  registryGarbage,
  registryResets,
  feedCut,
  databaseKilled,
  databaseHangs,
  journalFull,
  workersKilled,
  midnight,
  lossSeen,
  overload,
  coldStart,
];
