import { setImmediate } from 'node:timers/promises';

/** Lets everything that waits in the event loop go first. */
export const turn = (): Promise<void> => setImmediate();
