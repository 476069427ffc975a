/** The task of the work queue. Its payload is the import's id and nothing else. */
export const IMPORT_JOB = 'import';

export interface ImportJob {
  readonly importId: string;
}
