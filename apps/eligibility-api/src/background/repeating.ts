import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

export interface Task {
  readonly name: string;
  /** From the end of one run to the beginning of the next. */
  readonly everyMs: number;
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Ends the pause when it is rung; rung during a run, there is no pause after it. */
  readonly bell?: Bell;
  /** Told when a run rejects after one that did not: a task that goes on failing is one event, not one a second. */
  readonly failed: (error: unknown) => void;
  /** Told when a run succeeds after one that did not. */
  readonly recovered: () => void;
}

/** Wakes a task before its pause is over. */
export class Bell {
  private rung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Calls back once when rung, at once when it has been rung since the last time. */
  wait(wake: () => void): void {
    this.wake = () => {
      this.rung = false;
      this.wake = undefined;
      wake();
    };
    if (this.rung) this.wake();
  }

  /** What was rung until now is being seen to. */
  seen(): void {
    this.rung = false;
    this.wake = undefined;
  }
}

/** A task whose failures and recoveries are log lines: the event, and the error's name and code, never its text. */
export const logged = (task: Pick<Task, 'name' | 'everyMs' | 'run' | 'bell'>): Task => {
  const logger = new Logger('Background');
  return {
    ...task,
    failed: (error) => {
      const { name: cause, code } = error as { name?: string; code?: string };
      logger.warn({ event: `${task.name}-failing`, cause, code });
    },
    recovered: () => logger.log({ event: `${task.name}-recovered` }),
  };
};

/** Runs tasks again and again, never two of one at a time, until the process stops. */
export class Repeating implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private readonly running: Promise<void>[] = [];
  private readonly first = new Map<string, Promise<void>>();
  private readonly failing = new Set<string>();

  constructor(private readonly tasks: readonly Task[]) {}

  onApplicationBootstrap(): void {
    for (const task of this.tasks) {
      const once = this.runOnce(task);
      this.first.set(task.name, once);
      this.running.push(this.goOn(task, once));
    }
  }

  /** Resolves when the tasks of these names have been tried once, well or not. */
  async triedOnce(...names: readonly string[]): Promise<void> {
    await Promise.all(names.flatMap((name) => this.first.get(name) ?? []));
  }

  /** Before the connections that the tasks use are closed. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await Promise.all(this.running);
  }

  private async goOn(task: Task, once: Promise<void>): Promise<void> {
    await once;
    while (!this.stop.signal.aborted) {
      await pause(task.everyMs, this.stop.signal, task.bell);
      if (!this.stop.signal.aborted) await this.runOnce(task);
    }
  }

  private async runOnce(task: Task): Promise<void> {
    task.bell?.seen();
    try {
      await task.run(this.stop.signal);
      if (this.failing.delete(task.name)) task.recovered();
    } catch (error) {
      if (this.stop.signal.aborted || this.failing.has(task.name)) return;
      this.failing.add(task.name);
      task.failed(error);
    }
  }
}

const pause = (ms: number, signal: AbortSignal, bell?: Bell): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    bell?.wait(done);
  });
