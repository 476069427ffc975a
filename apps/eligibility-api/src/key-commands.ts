import { parseArgs } from 'node:util';

import { makeDpopNonceKey } from './access/dpop-nonce-key.js';
import { makeSigningKey, rotateSigningKey } from './access/signing-key.js';
import { makeAnswerKey } from './check-in/answer-keys.js';
import { makeSubjectKey } from './check-in/subject-key.js';
import { anchorKeyFile, anchorPublicKeysFile, makeAnchorKey } from './check-log/anchor-keys.js';
import { makeJournalKey } from './check-log/journal-key.js';
import { systemClock } from './clock/clock.js';
import { makeReplicaKey } from './replica/replica-keys.js';
import { SettingsRefused, type Settings } from './settings/index.js';
import { demonstrationFilesIn, type KeyMaker } from './settings/secret-file.js';
import { makeVaultKeys } from './vault/vault-keys.js';

/** Processes read the files every five seconds. */
const ANNOUNCE_MS = 10_000;

/** Every key in the secrets folder that is not there yet. The vault's are made apart: they are for other eyes. */
export const makeKeys = async (settings: Settings, maker: KeyMaker): Promise<void> => {
  const { SECRETS_DIR } = settings;
  await makeSigningKey(SECRETS_DIR, maker);
  await makeDpopNonceKey(SECRETS_DIR, maker);
  await makeAnswerKey(SECRETS_DIR, maker);
  await makeJournalKey(SECRETS_DIR, maker);
  await makeReplicaKey(SECRETS_DIR, maker);
  await makeAnchorKey(anchorKeyFile(settings), anchorPublicKeysFile(settings), maker);
};

/** `keys:make [--vault]`: the keys of an installation in earnest; with `--vault` those that the office alone reads as well. */
export const makeOwnKeys = async (settings: Settings, args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({ args: [...args], options: { vault: { type: 'boolean', default: false } } });
  await makeKeys(settings, 'operator');
  if (!values.vault) return;
  await makeVaultKeys(settings.VAULT_SECRETS_DIR, 'operator');
  await makeSubjectKey(settings.SECRETS_DIR, settings.VAULT_SECRETS_DIR);
};

/** `keys:rotate [--announce-seconds N]`: another key signs access tokens from now on. */
export const rotateKeys = async ({ SECRETS_DIR, GENERATED_KEYS }: Settings, args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({ args: [...args], options: { 'announce-seconds': { type: 'string' } } });
  const announceMs = values['announce-seconds'] === undefined ? ANNOUNCE_MS : Number(values['announce-seconds']) * 1000;
  if (!(announceMs >= 0 && announceMs <= 3_600_000))
    throw new SettingsRefused(['--announce-seconds must lie from 0 to 3600']);
  const maker = GENERATED_KEYS === 'allowed' ? 'prepare' : 'operator';
  const { keyId, replaced } = await rotateSigningKey(SECRETS_DIR, { announceMs, clock: systemClock, maker });
  console.log(`access tokens are signed with ${keyId}; those of ${replaced} are good until they end`);
};

/**
 * Does not let a process start with keys that were made for a demonstration, where that is refused: whoever has seen the demonstration
 * may have them. Names files, and nothing that is in them.
 */
export const refuseGeneratedKeys = async (
  { GENERATED_KEYS, SECRETS_DIR, VAULT_SECRETS_DIR }: Settings,
  process: 'counter' | 'office',
): Promise<void> => {
  if (GENERATED_KEYS === 'allowed') return;
  const folders = { SECRETS_DIR, ...(process === 'office' ? { VAULT_SECRETS_DIR } : {}) };
  const faults = await Promise.all(
    Object.entries(folders).map(async ([name, folder]) => {
      const files = await demonstrationFilesIn(folder);
      return files.length === 0
        ? []
        : [`${name} holds what \`prepare\` made for a demonstration (${files.join(', ')}); make keys with keys:make`];
    }),
  );
  if (faults.flat().length > 0) throw new SettingsRefused(faults.flat());
};
