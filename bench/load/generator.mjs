import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { withPlace } from '../cores.mjs';

/**
 * @template T
 * @typedef {Omit<T, 'question'> & { question: import('./mix.mjs').Mix }} MixJob
 */

/**
 * A load generator in a process of its own.
 */
export class Generator {
  #child;

  /** @param {string | undefined} place */
  constructor(place) {
    const entry = fileURLToPath(new URL('./main.mjs', import.meta.url));
    const [program, ...args] = withPlace(place, process.execPath, entry);
    this.#child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true });
  }

  get pid() {
    return this.#child.pid ?? 0;
  }

  /**
   * @param {import('./closed-loop.mjs').ClosedLoop} job
   * @param {{ onMeasuring?: () => void, onMeasured?: () => void }} [told]
   * @returns {ReturnType<typeof import('./closed-loop.mjs').runClosedLoop>}
   */
  closed(job, told) {
    return this.#run(job, told);
  }

  /**
   * @param {import('./open-loop.mjs').OpenLoop} job
   * @param {{ onMeasuring?: () => void, onMeasured?: () => void }} [told]
   * @returns {ReturnType<typeof import('./open-loop.mjs').runOpenLoop>}
   */
  open(job, told) {
    return this.#run(job, told);
  }

  /**
   * Questions of several kinds.
   *
   * @param {MixJob<import('./closed-loop.mjs').ClosedLoop>} job
   * @param {{ onMeasuring?: () => void, onMeasured?: () => void }} [told]
   * @returns {Promise<import('./timeline.mjs').TimelineResult & { seconds: number, perSecond: number }>}
   */
  closedMix(job, told) {
    return this.#run(job, told);
  }

  /**
   * @param {MixJob<import('./open-loop.mjs').OpenLoop>} job
   * @param {{ onMeasuring?: () => void, onMeasured?: () => void }} [told]
   * @returns {Promise<import('./timeline.mjs').TimelineResult & { seconds: number, offeredPerSecond: number,
   *   achievedPerSecond: number, latenessMs: { mean: number, max: number }, generatorBusy: number }>}
   */
  openMix(job, told) {
    return this.#run(job, told);
  }

  /**
   * Questions of several kinds, by callers who each wait in their own line.
   *
   * @param {import('./callers-loop.mjs').CallersLoop} job
   * @param {{ onMeasuring?: () => void, onMeasured?: () => void }} [told]
   * @returns {ReturnType<typeof import('./callers-loop.mjs').runCallersLoop>}
   */
  callers(job, told) {
    return this.#run(job, told);
  }

  /**
   * @param {import('./main.mjs').Job} job
   * @param {{ onMeasuring?: () => void, onMeasured?: () => void }} [told]
   * @returns {Promise<any>}
   */
  #run(job, { onMeasuring, onMeasured } = {}) {
    const child = this.#child;
    return new Promise((done, fail) => {
      const ended = () => fail(new Error('the load generator ended'));
      const listen = (/** @type {any} */ message) => {
        if (message.measuring) onMeasuring?.();
        if (message.measured) onMeasured?.();
        if (!('result' in message) && !('failed' in message)) return;
        child.off('message', listen);
        child.off('exit', ended);
        if ('result' in message) done(message.result);
        else fail(new Error(message.failed));
      };
      child.on('message', listen);
      child.once('exit', ended);
      child.send(job);
    });
  }

  stop() {
    if (this.#child.connected) this.#child.disconnect();
  }
}
