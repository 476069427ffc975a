import type { TestProject } from 'vitest/node';

import { type PostgresAddress, startThrowawayCluster } from './throwaway-cluster.js';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: PostgresAddress;
  }
}

/** One PostgreSQL for the whole run; each file takes a database of its own from it (`freshDatabase`). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startThrowawayCluster();
  project.provide('postgres', postgres.address);
  return () => postgres.remove();
}
