/**
 * What a process of the counter does. `worker` answers callers and keeps nothing; `keeper` answers nobody and keeps what all
 * workers of the machine read: the replica, the certificate feed, the shipping of the journal, batches. `whole` does both.
 */
export type Role = 'whole' | 'worker' | 'keeper';

/** Injection token of `Role`. */
export const ROLE = Symbol('role');

export const keeps = (role: Role): boolean => role !== 'worker';
