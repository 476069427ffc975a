import { Logger } from '@nestjs/common';
import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';

const RESTART_AFTER_MS = 500;
const RESTART_AFTER_MS_MAX = 10_000;
/** Having run for this long, it is not one that cannot run. */
const STEADY_AFTER_MS = 60_000;
const STOP_WITHIN_MS = 8_000;

/**
 * How a process that answers leaves. `now`: what is under way is answered, idle connections end. `drained`: every connection
 * ends with a reply, so that nobody writes into one that is gone. `announced`: the same, once balancers have had time to look
 * away.
 */
export type Leaving = 'now' | 'drained' | 'announced';

/** A process of ours that is started again whenever it ends by itself, at growing intervals. */
export class Child {
  private readonly logger = new Logger('Processes');
  private running: ChildProcess | undefined;
  private stopping = false;
  private pauseMs = RESTART_AFTER_MS;
  private readonly firstReady = Promise.withResolvers<void>();
  private ended: Promise<void> = Promise.resolve();

  constructor(
    readonly name: string,
    private readonly start: () => ChildProcess,
  ) {
    // Whoever starts it waits for `ready` where that matters.
    this.firstReady.promise.catch(() => {});
    this.run();
  }

  /** Resolves when it says for the first time that it is ready; rejects when it ends before that. */
  get ready(): Promise<void> {
    return this.firstReady.promise;
  }

  /** The process, while it can be talked to. */
  get process(): ChildProcess | undefined {
    return this.running?.connected === true ? this.running : undefined;
  }

  /** Asks it to stop, and insists a while after it should have: `takesMs` is what its way of leaving may take. */
  async stop(how: Leaving = 'now', takesMs = 0): Promise<void> {
    this.stopping = true;
    const { running } = this;
    if (running === undefined) return;
    if (how === 'drained' && running.connected) running.send({ leave: how });
    else running.kill(how === 'now' ? 'SIGINT' : 'SIGTERM');
    const insist = new AbortController();
    void setTimeout(takesMs + STOP_WITHIN_MS, undefined, { signal: insist.signal }).then(
      () => running.kill('SIGKILL'),
      () => undefined,
    );
    await this.ended;
    insist.abort();
  }

  private run(): void {
    const startedAt = performance.now();
    const child = this.start();
    this.running = child;
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'ready' in message) this.firstReady.resolve();
    });
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.running = undefined;
        this.firstReady.reject(new Error(`${this.name} ended before it was ready`));
        resolve();
        if (!this.stopping) void this.runAgain(performance.now() - startedAt, code ?? signal);
      });
    });
  }

  private async runAgain(ranMs: number, how: number | string | null): Promise<void> {
    this.pauseMs = ranMs > STEADY_AFTER_MS ? RESTART_AFTER_MS : Math.min(this.pauseMs * 2, RESTART_AFTER_MS_MAX);
    this.logger.error({ event: 'process-ended', name: this.name, how, startingAgainInMs: this.pauseMs });
    await setTimeout(this.pauseMs);
    if (!this.stopping) this.run();
  }
}
