import 'reflect-metadata';
import type { DataSource } from 'typeorm';

import { CertificateFeed } from './certificate-status/certificate-feed.js';
import { makeSubjectKey } from './check-in/subject-key.js';
import { systemClock, type Clock } from './clock/clock.js';
import { CredentialStore } from './coverage-store/credential-store.js';
import { createDataSource } from './coverage-store/data-source.js';
import { makeDemoClients } from './demo/demo-clients.js';
import { loadDemo, NotADemoDatabase } from './demo/load-demo.js';
import { writePeopleFile } from './demo/people-file.js';
import { prepareQueue } from './enrollment/prepare-queue.js';
import { JlisClient } from './registry/jlis-client.js';
import { makeKeys } from './key-commands.js';
import { RegistryFault } from './registry/registry.js';
import { SettingsRefused, type Settings } from './settings/index.js';
import { knownVaultKeys, makeVaultKeys } from './vault/vault-keys.js';

/** A migration or a load may take longer than a check may. */
const STATEMENT_TIMEOUT_MS = 60_000;

const connect = (settings: Settings) =>
  createDataSource({
    url: settings.DATABASE_URL,
    poolMax: 2,
    timeoutMs: STATEMENT_TIMEOUT_MS,
    applicationName: 'shikaku-prepare',
  }).initialize();

/** Where progress is told; the console when left out. */
interface Telling {
  readonly say: (line: string) => void;
}
const toConsole: Telling = { say: (line) => console.log(line) };

/** Brings the schema up to date. Needs the owner's connection. */
export const migrate = async (settings: Settings, { say } = toConsole): Promise<void> => {
  const dataSource = await connect(settings);
  try {
    for (const migration of await dataSource.runMigrations()) say(`migrated: ${migration.name}`);
    await prepareQueue(settings.DATABASE_URL, dataSource);
  } finally {
    await dataSource.destroy();
  }
};

/**
 * Makes the vault's keys, unless there are some. Not where numbers are sealed under keys that are not there: the new ones would
 * open none of them, and find none.
 */
const prepareVault = async (dataSource: DataSource, vaultSecretsDir: string): Promise<void> => {
  const known = await knownVaultKeys(vaultSecretsDir);
  const used = await dataSource.query<{ id: string }[]>('select distinct key_id as id from individual_number');
  if (!used.every(({ id }) => known.includes(id)))
    throw new SettingsRefused([
      'VAULT_SECRETS_DIR: the database holds individual numbers sealed under a key that is not there; put the folder back that was in use before',
    ]);
  await makeVaultKeys(vaultSecretsDir);
};

/** Everything `npm start` needs before the processes: schema, keys, demo clients, demo population, people.ndjson. */
export const prepare = async (settings: Settings, telling = toConsole, clock: Clock = systemClock): Promise<void> => {
  const { say } = telling;
  await migrate(settings, telling);
  await makeKeys(settings, 'prepare');
  const dataSource = await connect(settings);
  const feed = new JlisClient({ baseUrl: settings.JLIS_URL, timeoutMs: settings.REGISTRY_TIMEOUT_MS });
  try {
    await prepareVault(dataSource, settings.VAULT_SECRETS_DIR);
    await makeSubjectKey(settings.SECRETS_DIR, settings.VAULT_SECRETS_DIR);
    await makeDemoClients(dataSource, settings.SECRETS_DIR);
    const now = clock.now();
    const { scenario, people, kept } = await loadDemo(dataSource, feed, {
      size: settings.POPULATION,
      now: new Date(now),
      progress: (loaded) => say(`loaded ${loaded} people`),
    });
    say(kept ? `the demo population is there already` : `the demo population is loaded: ${people} people`);
    await new CertificateFeed(feed, new CredentialStore(dataSource), clock).catchUp(
      AbortSignal.timeout(STATEMENT_TIMEOUT_MS),
    );
    await writePeopleFile(settings.DATA_DIR, scenario);
  } catch (error) {
    if (error instanceof RegistryFault)
      throw new SettingsRefused([
        `JLIS_URL: the demo population is read from the registry, which gave no usable answer (${error.reason})`,
      ]);
    if (error instanceof NotADemoDatabase) throw new SettingsRefused([error.message]);
    throw error;
  } finally {
    await dataSource.destroy();
  }
};
