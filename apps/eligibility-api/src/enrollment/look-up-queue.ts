import { Logger as NestLogger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Logger, run, type Runner, type Task, type TaskList, type WorkerEvents } from 'graphile-worker';
import { EventEmitter } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Pool } from 'pg';

import { RegistryFault } from '../registry/registry.js';
import { IMPORT_JOB, type ImportJob } from './import-job.js';
import { LivingPools } from './living-pools.js';
import { CONFIRM_CHANGE_JOB, LOOK_UP_JOB, type LookUpJob } from './look-up-job.js';

/** Most of a look-up is waiting for the registry, and what is written of several at once is written together. */
const LOOK_UPS_AT_ONCE = 48;
/** Taken from PostgreSQL at a time. A process that ends without a word has locked no more than these. */
const TAKEN_AT_ONCE = 64;
const GATHERED_MS = 40;
const COMPLETED_TOGETHER_MS = 20;
const POLL_MS = 1_000;
const START_AGAIN_MS = 1_000;
/** While the registry is away each look-up asks again after this long or up to twice that: the breaker answers most of them. */
const ASK_AGAIN_MS = 500;
/** Then it goes back into the queue and lets others have its place: it may be this one that the registry cannot answer. */
const ASKED_IN_PLACE_MAX = 10;
const SHUTDOWN_MS = 5_000;
/** What an office has taken that was killed waits no longer than this. */
const LOOK_FOR_DEAD_MS = 10_000;
const ALIVE_TIMEOUT_MS = 10_000;

export interface LookUpQueueParts {
  readonly databaseUrl: string;
  readonly lookUp: { of: (enrollmentId: string) => Promise<void> };
  readonly workOnImport: { of: (importId: string, signal: AbortSignal) => Promise<void> };
  /** Calls to the registry that may be under way at once: more look-ups would be refused by ourselves. */
  readonly callsMax: number;
  readonly random: () => number;
  /** Told of every try that failed. */
  readonly failed: (task: string) => void;
}

/**
 * Works on the look-ups that filings queued, and on imports, by graphile-worker. A look-up that fails because the registry is away keeps its place and asks
 * again: an outage uses up no attempts. One that fails otherwise is tried again by the queue, later and later.
 */
export class LookUpQueue implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new NestLogger('Enrollment');
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly parts: LookUpQueueParts) {}

  onApplicationBootstrap(): void {
    this.running = this.keepRunning();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Until it is stopped; begun anew when PostgreSQL was away. */
  private async keepRunning(): Promise<void> {
    const { signal } = this.stopping;
    let isFailing = false;
    while (!signal.aborted) {
      try {
        await this.work(signal);
        isFailing = false;
      } catch (error) {
        if (!isFailing) this.logger.warn({ event: 'look-ups-interrupted', cause: (error as Error).message });
        isFailing = true;
      }
      await setTimeout(START_AGAIN_MS, undefined, { signal }).catch(() => {});
    }
  }

  private async work(signal: AbortSignal): Promise<void> {
    const { databaseUrl } = this.parts;
    const pool = new Pool({
      connectionString: databaseUrl,
      max: 5,
      application_name: 'shikaku-look-ups',
      // What is lost with the server is that a job was taken, or was done: it is done again, and changes nothing then.
      options: '-c synchronous_commit=off',
    });
    // A connection that breaks is found broken by whoever has it, or takes it next.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    const living = new LivingPools(databaseUrl, ALIVE_TIMEOUT_MS, pool);
    try {
      await living.connect();
      await living.freeWhatNobodyHas();
      const runners = await living.start((named) => this.start(pool, named, signal));
      await this.until(runners, living, signal);
    } finally {
      await living.end();
      await pool.end().catch(() => {});
    }
  }

  private async start(pool: Pool, named: (id: string) => void, signal: AbortSignal): Promise<readonly Runner[]> {
    const common = { pgPool: pool, noHandleSignals: true, pollInterval: POLL_MS, logger: new Logger(() => () => {}) };
    const events = (task: string, event: string): WorkerEvents => {
      const emitter: WorkerEvents = new EventEmitter();
      emitter.on('pool:create', ({ workerPool }) => named(workerPool.id));
      emitter.on('job:error', ({ job, error }) => {
        this.parts.failed(task);
        this.report(error, job.attempts, event);
      });
      return emitter;
    };
    const lookUps = await run({
      ...common,
      events: events(LOOK_UP_JOB, 'look-up-failed'),
      concurrency: Math.min(LOOK_UPS_AT_ONCE, this.parts.callsMax),
      taskList: this.lookUps(signal),
      preset: {
        worker: {
          // Of filings that come one after the other several are taken together.
          localQueue: {
            size: TAKEN_AT_ONCE,
            refetchDelay: { durationMs: GATHERED_MS, threshold: TAKEN_AT_ONCE, maxAbortThreshold: TAKEN_AT_ONCE },
          },
          completeJobBatchDelay: COMPLETED_TOGETHER_MS,
          failJobBatchDelay: COMPLETED_TOGETHER_MS,
          gracefulShutdownAbortTimeout: SHUTDOWN_MS,
        },
      },
    });
    // One import after the other, beside the look-ups and not in their places.
    const imports = await run({
      ...common,
      events: events(IMPORT_JOB, 'import-failed'),
      concurrency: 1,
      taskList: this.imports(signal),
      preset: { worker: { gracefulShutdownAbortTimeout: SHUTDOWN_MS } },
    }).catch(async (error: unknown) => {
      await lookUps.stop();
      throw error;
    });
    return [lookUps, imports];
  }

  /** What it was, and nothing of what was filed: PostgreSQL's own words would hold values. */
  private report(error: unknown, attempts: number, event: string): void {
    const { name, cause } = error as Error & { cause?: { code?: unknown } };
    this.logger.warn({ event, attempts, error: name, code: cause?.code });
  }

  private async until(runners: readonly Runner[], living: LivingPools, signal: AbortSignal): Promise<void> {
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    const ended = new AbortController();
    try {
      // Told to stop before it had begun: the signal says so no second time.
      if (!signal.aborted)
        await Promise.race([
          ...runners.map(({ promise }) => promise),
          living.lost,
          stopped,
          this.lookForDead(living, ended.signal),
        ]);
    } finally {
      ended.abort();
      await Promise.all(runners.map((runner) => runner.stop().catch(() => {})));
    }
  }

  private async lookForDead(living: LivingPools, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await setTimeout(LOOK_FOR_DEAD_MS, undefined, { signal }).catch(() => {});
      if (!signal.aborted) await living.freeWhatNobodyHas();
    }
  }

  private imports(stopping: AbortSignal): TaskList {
    return {
      [IMPORT_JOB]: (payload, { abortSignal }) =>
        this.parts.workOnImport.of((payload as ImportJob).importId, AbortSignal.any([stopping, abortSignal])),
    };
  }

  private lookUps(stopping: AbortSignal): TaskList {
    const lookUp: Task = async (payload, { abortSignal }) => {
      const { enrollmentId } = payload as LookUpJob;
      for (let asked = 0; ; asked += 1) {
        try {
          await this.parts.lookUp.of(enrollmentId);
          return;
        } catch (error) {
          if (
            !(error instanceof RegistryFault) ||
            asked >= ASKED_IN_PLACE_MAX ||
            stopping.aborted ||
            abortSignal.aborted
          )
            throw error;
          // The breaker's answer is no try: nobody was asked.
          if (error.reason === 'breaker-open') asked -= 1;
          // Made where it is needed: one for each look-up would be held by the two it hears until somebody collects it.
          const signal = AbortSignal.any([stopping, abortSignal]);
          await setTimeout(ASK_AGAIN_MS * (1 + this.parts.random()), undefined, { signal });
        }
      }
    };
    return { [LOOK_UP_JOB]: lookUp, [CONFIRM_CHANGE_JOB]: lookUp };
  }
}
