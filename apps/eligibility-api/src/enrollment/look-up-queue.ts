import { Logger as NestLogger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Logger, makeWorkerUtils, run, type Runner, type TaskList } from 'graphile-worker';
import { setTimeout } from 'node:timers/promises';
import { Client, Pool } from 'pg';

import { RegistryFault } from '../registry/registry.js';
import { IMPORT_JOB, type ImportJob } from './import-job.js';
import { LOOK_UP_JOB, type LookUpJob } from './look-up-job.js';

/** Several at once: most of a look-up is waiting for the registry. */
const LOOK_UPS_AT_ONCE = 16;
/** Taken from PostgreSQL at a time. A process that ends without a word has locked no more than these. */
const TAKEN_AT_ONCE = 64;
const COMPLETED_TOGETHER_MS = 5;
const POLL_MS = 1_000;
const START_AGAIN_MS = 1_000;
/** While the registry is away each look-up asks again after this long or up to twice that: the breaker answers most of them. */
const ASK_AGAIN_MS = 500;
/** Then it goes back into the queue and lets others have its place: it may be this one that the registry cannot answer. */
const ASKED_IN_PLACE_MAX = 10;
const SHUTDOWN_MS = 5_000;
/** Of whoever works on the queue; held by the session, and so for as long as the process lives. */
const ALIVE = `hashtextextended('shikaku look-ups', 0)`;

export interface LookUpQueueParts {
  readonly databaseUrl: string;
  readonly lookUp: { of: (enrollmentId: string) => Promise<void> };
  readonly workOnImport: { of: (importId: string, signal: AbortSignal) => Promise<void> };
  readonly random: () => number;
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
    const pool = new Pool({ connectionString: databaseUrl, max: 5, application_name: 'shikaku-look-ups' });
    // A connection that breaks is found broken by whoever has it, or takes it next.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    const alive = new Client({ connectionString: databaseUrl, application_name: 'shikaku-look-ups-alive' });
    const lost = new Promise<never>((_resolve, reject) => {
      alive.once('error', reject);
    });
    lost.catch(() => {});
    try {
      await alive.connect();
      await this.freeWhatNobodyHas(alive, pool);
      const common = { pgPool: pool, noHandleSignals: true, pollInterval: POLL_MS, logger: new Logger(() => () => {}) };
      const lookUps = await run({
        ...common,
        concurrency: LOOK_UPS_AT_ONCE,
        taskList: this.lookUps(signal),
        preset: {
          worker: {
            localQueue: { size: TAKEN_AT_ONCE },
            completeJobBatchDelay: COMPLETED_TOGETHER_MS,
            failJobBatchDelay: COMPLETED_TOGETHER_MS,
            gracefulShutdownAbortTimeout: SHUTDOWN_MS,
          },
        },
      });
      lookUps.events.on('job:error', ({ job, error }) => this.report(error, job.attempts));
      // One import after the other, beside the look-ups and not in their places.
      const imports = await run({
        ...common,
        concurrency: 1,
        taskList: this.imports(signal),
        preset: { worker: { gracefulShutdownAbortTimeout: SHUTDOWN_MS } },
      }).catch(async (error: unknown) => {
        await lookUps.stop();
        throw error;
      });
      imports.events.on('job:error', ({ job, error }) => this.report(error, job.attempts, 'import-failed'));
      await this.until([lookUps, imports], lost, signal);
    } finally {
      await alive.end().catch(() => {});
      await pool.end().catch(() => {});
    }
  }

  /** What it was, and nothing of what was filed: PostgreSQL's own words would hold values. */
  private report(error: unknown, attempts: number, event = 'look-up-failed'): void {
    const { name, cause } = error as Error & { cause?: { code?: unknown } };
    this.logger.warn({ event, attempts, error: name, code: cause?.code });
  }

  private async until(runners: readonly Runner[], lost: Promise<never>, signal: AbortSignal): Promise<void> {
    const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    try {
      // Told to stop before it had begun: the signal says so no second time.
      if (!signal.aborted) await Promise.race([...runners.map(({ promise }) => promise), lost, stopped]);
    } finally {
      await Promise.all(runners.map((runner) => runner.stop().catch(() => {})));
    }
  }

  /** What a process took that ended without a word would be locked for hours. Nobody else is alive: nobody works on it. */
  private async freeWhatNobodyHas(alive: Client, pool: Pool): Promise<void> {
    const { rows } = await alive.query<{ alone: boolean }>(`select pg_try_advisory_lock(${ALIVE}) as alone`);
    if (rows[0]?.alone === true) {
      const taken = await alive.query<{ worker: string }>(
        'select distinct locked_by as worker from graphile_worker.jobs where locked_by is not null',
      );
      if (taken.rows.length > 0) {
        const utils = await makeWorkerUtils({ pgPool: pool });
        try {
          await utils.forceUnlockWorkers(taken.rows.map(({ worker }) => worker));
        } finally {
          await utils.release();
        }
      }
    }
    await alive.query(`select pg_advisory_lock_shared(${ALIVE})`);
    if (rows[0]?.alone === true) await alive.query(`select pg_advisory_unlock(${ALIVE})`);
  }

  private imports(stopping: AbortSignal): TaskList {
    return {
      [IMPORT_JOB]: (payload, { abortSignal }) =>
        this.parts.workOnImport.of((payload as ImportJob).importId, AbortSignal.any([stopping, abortSignal])),
    };
  }

  private lookUps(stopping: AbortSignal): TaskList {
    return {
      [LOOK_UP_JOB]: async (payload, { abortSignal }) => {
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
      },
    };
  }
}
