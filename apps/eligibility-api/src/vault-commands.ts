import 'reflect-metadata';

import { systemClock } from './clock/clock.js';
import { createDataSource } from './coverage-store/data-source.js';
import type { Settings } from './settings/index.js';
import { resealVault } from './vault/reseal.js';
import { readVaultKeys } from './vault/vault-keys.js';
import { VaultSeal } from './vault/vault-seal.js';

const STATEMENT_TIMEOUT_MS = 60_000;
/** Of the openings on record. */
const CLIENT_ID = 'vault:reseal';
/** Exit code: some could not be opened. */
const BROKEN = 1;
const NAMED_MAX = 20;

/** Seals every individual number under the current key, as the office. Returns the exit code. */
export const resealCommand = async (
  settings: Settings,
  say: (line: string) => void = (line) => console.log(line),
): Promise<number> => {
  const { current, ...keys } = await readVaultKeys(settings.VAULT_SECRETS_DIR);
  const dataSource = await createDataSource({
    url: settings.DATABASE_URL,
    poolMax: 1,
    timeoutMs: STATEMENT_TIMEOUT_MS,
    applicationName: 'shikaku-vault',
  }).initialize();
  try {
    const { resealed, broken } = await resealVault(
      dataSource,
      new VaultSeal({ current, ...keys }),
      CLIENT_ID,
      () => systemClock.now(),
      (count) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${count} sealed anew`);
      },
    );
    if (process.stderr.isTTY) process.stderr.write('\n');
    say(`${resealed} individual numbers are sealed anew, under key ${current}.`);
    if (broken.length === 0) {
      say('None is left under another key: the others may go from vault-keys.json.');
      return 0;
    }
    const more = broken.length > NAMED_MAX ? ', …' : '';
    say(
      `${broken.length} could not be opened and are as they were (person_id ${broken.slice(0, NAMED_MAX).join(', ')}${more}).`,
    );
    say('Their key is missing from vault-keys.json, or the row was changed: the registry is to be asked again.');
    return BROKEN;
  } finally {
    await dataSource.destroy();
  }
};
