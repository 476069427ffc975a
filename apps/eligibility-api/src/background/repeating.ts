import type { OnApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';

export interface Task {
  readonly name: string;
  /** From the end of one run to the beginning of the next. */
  readonly everyMs: number;
  /** Must not reject for what it can expect; what it does reject with is reported and the task goes on. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** Runs tasks again and again, never two of one at a time, until the process stops. */
export class Repeating implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stop = new AbortController();
  private readonly running: Promise<void>[] = [];
  private readonly first: Promise<void>[] = [];

  constructor(private readonly tasks: readonly Task[]) {}

  onApplicationBootstrap(): void {
    for (const task of this.tasks) {
      const once = this.runOnce(task);
      this.first.push(once);
      this.running.push(this.goOn(task, once));
    }
  }

  /** Resolves when every task has been tried once, well or not. */
  async triedOnce(): Promise<void> {
    await Promise.all(this.first);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await Promise.all(this.running);
  }

  private async goOn(task: Task, once: Promise<void>): Promise<void> {
    await once;
    while (!this.stop.signal.aborted) {
      await pause(task.everyMs, this.stop.signal);
      if (!this.stop.signal.aborted) await this.runOnce(task);
    }
  }

  private async runOnce(task: Task): Promise<void> {
    try {
      await task.run(this.stop.signal);
    } catch (error) {
      if (!this.stop.signal.aborted) task.failed(error);
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
