/** The task of the work queue. Its payload is the filing's id and nothing else. */
export const LOOK_UP_JOB = 'look-up';

export interface LookUpJob {
  readonly enrollmentId: string;
}
