import { runClosedLoop } from './closed-loop.mjs';
import { runOpenLoop } from './open-loop.mjs';

/*
 * The process that asks. It gets one job after the other and says when it begins to measure, when it stops, and what it found.
 */

/** @typedef {import('./closed-loop.mjs').ClosedLoop | import('./open-loop.mjs').OpenLoop} Job */

/** @param {object} message */
const say = (message) => process.send?.(message);

process.on('message', (/** @type {Job} */ job) => {
  const told = { onMeasuring: () => say({ measuring: true }), onMeasured: () => say({ measured: true }) };
  const done = job.kind === 'closed' ? runClosedLoop(job, told) : runOpenLoop(job, told);
  done.then(
    (result) => say({ result }),
    (error) => say({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
say({ ready: true });
