/** The tasks of the work queue. Their payload is the filing's id and nothing else. */
export const LOOK_UP_JOB = 'look-up';
/** Of a change: a task of its own, so that an office of a version that knows none leaves it to others. */
export const CONFIRM_CHANGE_JOB = 'confirm-change';

export interface LookUpJob {
  readonly enrollmentId: string;
}
