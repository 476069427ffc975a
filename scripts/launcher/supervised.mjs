import { setTimeout as after } from 'node:timers/promises';

const firstPauseMs = 200;
const longestPauseMs = 30_000;
const calmAfterMs = 60_000;

/**
 * @typedef {{ exited: Promise<string>, stop: (how?: 'orderly' | 'hurried') => Promise<void> }} Running
 */

/**
 * Keeps something running: when it ends by itself it is started again, at first at once, then at growing intervals, so
 * that what cannot run does not keep the machine busy.
 */
export class Supervised {
  #stopping = new AbortController();
  /** @type {Running | undefined} */
  #current;
  /** @type {Promise<void>} */
  #watch = Promise.resolve();

  /**
   * @param {string} name as the console calls it
   * @param {(signal: AbortSignal) => Promise<Running>} start gives up when the signal says so
   * @param {(text: string) => void} say
   */
  constructor(name, start, say) {
    this.name = name;
    this.start = start;
    this.say = say;
  }

  /** Starts it for the first time; what fails now is the caller's to handle. */
  async begin() {
    const first = this.start(this.#stopping.signal).then((running) => {
      this.#current = running;
      return running;
    });
    this.#watch = first.then(
      (running) => this.#keepRunning(running),
      () => undefined,
    );
    await first;
  }

  /** @param {Running} first */
  async #keepRunning(first) {
    let running = first;
    let pause = firstPauseMs;
    for (;;) {
      const began = Date.now();
      // Asked to stop while it was starting: nobody else has it in hand yet.
      if (this.#stopping.signal.aborted) await running.stop('hurried');
      const how = await running.exited;
      if (this.#stopping.signal.aborted) return;
      if (Date.now() - began > calmAfterMs) pause = firstPauseMs;
      this.say(`${this.name} ended (${how}); starting it again.`);
      for (;;) {
        if (!(await this.#pause(pause))) return;
        pause = Math.min(pause * 2, longestPauseMs);
        try {
          running = await this.start(this.#stopping.signal);
          break;
        } catch (error) {
          if (this.#stopping.signal.aborted) return;
          this.say(`${this.name}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      this.#current = running;
      if (!this.#stopping.signal.aborted) this.say(`${this.name} is running again.`);
    }
  }

  /**
   * @param {number} ms
   * @returns {Promise<boolean>} false when it was cut short by stop()
   */
  #pause(ms) {
    return after(ms, true, { signal: this.#stopping.signal }).catch(() => false);
  }

  /** @param {'orderly' | 'hurried'} how */
  async stop(how) {
    this.#stopping.abort();
    await this.#current?.stop(how);
    await this.#watch;
  }
}
