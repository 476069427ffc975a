import { runCallersLoop } from './callers-loop.mjs';
import { runClosedLoop } from './closed-loop.mjs';
import { runOpenLoop } from './open-loop.mjs';

/*
 * The process that asks. It gets one job after the other and says when it begins to measure, when it stops, and what it found.
 */

/**
 * @typedef {import('./closed-loop.mjs').ClosedLoop | import('./open-loop.mjs').OpenLoop
 *   | import('./callers-loop.mjs').CallersLoop} Job
 */

/** @param {object} message */
const say = (message) => process.send?.(message);

/**
 * @param {Job} job
 * @param {{ onMeasuring: () => void, onMeasured: () => void }} told
 * @returns {Promise<object>}
 */
const runLoop = (job, told) => {
  switch (job.kind) {
    case 'closed':
      return runClosedLoop(job, told);
    case 'open':
      return runOpenLoop(job, told);
    case 'callers':
      return runCallersLoop(job, told);
  }
};

process.on('message', (/** @type {Job} */ job) => {
  const told = { onMeasuring: () => say({ measuring: true }), onMeasured: () => say({ measured: true }) };
  const done = runLoop(job, told);
  done.then(
    (result) => say({ result }),
    (error) => say({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
say({ ready: true });
