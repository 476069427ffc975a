import type { JlisPopulationPerson } from '@app/contracts/jlis';
import { createHash } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';

import { CredentialStore } from '../coverage-store/credential-store.js';
import type { RegistryFeed } from '../registry/registry.js';
import { addPerson, noRows, Numbering, type DemoRows } from './demo-rows.js';
import { allInsurers } from './numbers.js';
import { scenarioPeople } from './scenario-people.js';
import { syntheticCoverage } from './synthetic-coverage.js';

/** Raise it when the same definitions would be loaded in another way. */
const LOADER_VERSION = 1;
const PEOPLE_PER_TRANSACTION = 500;
/** Enough of the registry's population to tell one seed from another. */
const SAMPLE = 60;

/** The database holds people who are not the demo's, so the demo is not loaded over them. */
export class NotADemoDatabase extends Error {
  constructor() {
    super(
      'The database already holds insured people that are not the demo population. Give another DATABASE_URL, or run `migrate` instead of `prepare`.',
    );
    this.name = 'NotADemoDatabase';
  }
}

export interface DemoLoad {
  /** People asked for beside the scenario people. */
  readonly size: number;
  readonly now: Date;
  readonly progress: (people: number) => void;
}

interface Loaded {
  readonly scenario: ReadonlyMap<string, JlisPopulationPerson>;
  readonly people: number;
  /** It was there already. */
  readonly kept: boolean;
}

/**
 * Loads the demo population: residents from the registry, coverage from the seeds. What is there already, from the same
 * registry and the same definitions, is kept; a definition or a size that changed loads it anew. No date in it depends on today.
 */
export const loadDemo = async (dataSource: DataSource, feed: RegistryFeed, load: DemoLoad): Promise<Loaded> => {
  const scenario = new Map<string, JlisPopulationPerson>();
  const sample: JlisPopulationPerson[] = [];
  for await (const person of (await feed.population(AbortSignal.timeout(60_000))).people) {
    if (person.scenario !== undefined) scenario.set(person.scenario, person);
    sample.push(person);
    if (sample.length >= SAMPLE) break;
  }
  const fingerprint = fingerprintOf(sample, load.size);
  const [known] = await dataSource.query<{ fingerprint: string }[]>(
    'select fingerprint from demo_population where id = 1',
  );
  if (known?.fingerprint === fingerprint) return { scenario, people: load.size, kept: true };
  if (known === undefined && (await dataSource.query<unknown[]>('select 1 from person limit 1')).length > 0)
    throw new NotADemoDatabase();

  await dataSource.query(
    'truncate person, credential, qualification, reference_number, registry_feed, demo_population restart identity cascade',
  );
  await dataSource.query(
    `insert into insurer (insurer_number, insurer_name, scheme)
     select "insurerNumber", "insurerName", scheme from json_to_recordset($1::json) as i("insurerNumber" text, "insurerName" text, scheme text)
     on conflict (insurer_number) do update set insurer_name = excluded.insurer_name, scheme = excluded.scheme`,
    [JSON.stringify(allInsurers)],
  );
  const { people, generation, sequence } = await loadPeople(dataSource, feed, load);
  for (const [table, column] of IDENTITIES)
    await dataSource.query(
      `select setval(pg_get_serial_sequence($1, $2), (select coalesce(max(${column}), 0) + 1 from ${table}), false)`,
      [table, column],
    );
  await new CredentialStore(dataSource).savePosition({
    generation,
    position: sequence,
    confirmedAt: load.now.getTime(),
  });
  await dataSource.query('insert into demo_population (id, size, fingerprint) values (1, $1, $2)', [
    load.size,
    fingerprint,
  ]);
  await dataSource.query('analyze');
  return { scenario, people, kept: false };
};

const IDENTITIES = [
  ['person', 'person_id'],
  ['qualification', 'qualification_id'],
  ['income_assessment', 'id'],
  ['copay_certificate', 'id'],
  ['limit_certificate', 'id'],
  ['specific_disease_certificate', 'id'],
  ['medical_ticket', 'id'],
] as const;

const loadPeople = async (
  dataSource: DataSource,
  feed: RegistryFeed,
  load: DemoLoad,
): Promise<{ people: number; generation: string; sequence: number }> => {
  const numbering = new Numbering();
  let rows = noRows();
  let personId = 0;
  let synthetic = 0;
  const population = await feed.population(new AbortController().signal);
  for await (const person of population.people) {
    if (person.scenario === undefined) {
      if (synthetic >= load.size) break;
      synthetic += 1;
    }
    const seed = person.scenario === undefined ? syntheticCoverage(person, synthetic) : scenarioPeople[person.scenario];
    // Not registered for insurance: the registry knows them, and we do not.
    if (seed === undefined) continue;
    personId += 1;
    addPerson(rows, personId, person, seed, load.now, numbering);
    if (rows.person.length >= PEOPLE_PER_TRANSACTION) {
      await write(dataSource, rows);
      rows = noRows();
      load.progress(personId);
    }
  }
  await write(dataSource, rows);
  load.progress(personId);
  return { people: personId, generation: population.generation, sequence: population.sequence };
};

const write = (dataSource: DataSource, rows: DemoRows): Promise<void> =>
  dataSource.transaction(async (manager: EntityManager) => {
    for (const [table, ofTable] of Object.entries(rows) as [string, object[]][])
      if (ofTable.length > 0)
        await manager.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`, [
          JSON.stringify(ofTable),
        ]);
  });

const fingerprintOf = (sample: readonly JlisPopulationPerson[], size: number): string => {
  const residents = sample.map(({ personRef, kanjiName, birthDate, certificates }) => [
    personRef,
    kanjiName,
    birthDate,
    certificates.map(({ serial }) => serial),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([LOADER_VERSION, size, residents, scenarioPeople, allInsurers]))
    .digest('hex');
};
