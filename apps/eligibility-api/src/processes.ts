import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from '@nestjs/common';
import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import { Registry as MetricsRegistry } from 'prom-client';

import { systemClock } from './clock/clock.js';
import { CounterModule } from './counter.module.js';
import { createHttpApp } from './http/create-http-app.js';
import type { GatherMetrics } from './metrics/metrics.controller.js';
import { OfficeModule } from './office.module.js';
import { Child, type Leaving } from './runtime/child.js';
import { Crew } from './runtime/crew.js';
import { drain, type Draining } from './runtime/drain.js';
import { gatherByParent, gatherFor, gatherFrom, sayMetrics } from './runtime/gathered-metrics.js';
import { endHandedOver } from './runtime/handed-over.js';
import { expectFree } from './runtime/port.js';
import type { Settings } from './settings/index.js';

/**
 * Runs until asked to stop, or until the parent is gone; tells the parent where there is one. SIGTERM asks to leave with notice,
 * SIGINT (Ctrl-C) at once, also when it comes second.
 */
const runUntilAsked = (stop: (how: Leaving, hurry: AbortSignal) => Promise<void>): void => {
  const hurry = new AbortController();
  let stopping: Promise<void> | undefined;
  const begin = (how: Leaving): void => {
    if (how === 'now') hurry.abort();
    stopping ??= stop(how, hurry.signal).finally(() => process.connected && process.disconnect?.());
  };
  process.once('SIGTERM', () => begin('announced'));
  process.once('SIGINT', () => begin('now'));
  if (process.send !== undefined) {
    process.once('disconnect', () => begin('now'));
    process.on('message', (message: unknown) => {
      if (typeof message === 'object' && message !== null && 'leave' in message) begin('drained');
    });
    process.send({ ready: true });
  }
};

const drainingOf = ({ SHUTDOWN_GRACE_MS, SHUTDOWN_DRAIN_MS }: Settings): Draining => ({
  graceMs: SHUTDOWN_GRACE_MS,
  drainMs: SHUTDOWN_DRAIN_MS,
});

/** An application that cannot listen is closed: what it holds open would keep the process alive. */
const listening = async (app: NestFastifyApplication, port: number, host: string): Promise<void> => {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw error;
  }
};

const entry = (): string => process.argv[1] as string;

const startKeeper = (): Child => new Child('keeper', () => fork(entry(), ['keeper'], { stdio: 'inherit' }));

const counterApp = (settings: Settings, gather: GatherMetrics): ReturnType<typeof createHttpApp> =>
  createHttpApp(CounterModule.with(settings, systemClock, 'worker', gather), 'counter');

/** One process that answers, and the keeper beside it. */
const counterAlone = async (settings: Settings): Promise<void> => {
  const keeper = startKeeper();
  let app: NestFastifyApplication;
  try {
    ({ app } = await counterApp(settings, (own) => gatherFrom(own, () => [keeper.process])));
    await listening(app, settings.PORT, settings.HOST);
  } catch (error) {
    await keeper.stop();
    throw error;
  }
  runUntilAsked(async (how, hurry) => {
    await drain(app, how, drainingOf(settings), hurry);
    await app.close();
    await keeper.stop();
  });
};

/**
 * As many processes that answer as are asked for, on one port, and the keeper beside them. This one only looks after them, and
 * replaces them one after the other on SIGHUP.
 */
const counterOfMany = async (settings: Settings): Promise<void> => {
  const logger = new Logger('Processes');
  let keeper = startKeeper();
  cluster.setupPrimary({ exec: entry(), args: ['worker'] });
  const crew: Crew = new Crew(
    settings.WORKERS,
    (name) =>
      new Child(name, () => {
        const { process: started } = cluster.fork();
        endHandedOver(started);
        gatherFor(started, () => gatherFrom(undefined, () => [keeper, ...crew.all].map((child) => child.process)));
        return started;
      }),
    drainingOf(settings),
  );
  const stop = async (how: Leaving): Promise<void> => {
    await crew.stop(how);
    await keeper.stop();
  };
  try {
    await crew.ready();
  } catch (error) {
    await stop('now');
    throw error;
  }
  let replacing: Promise<void> | undefined;
  let isStopping = false;
  const replaceAll = async (): Promise<void> => {
    await crew.replaceAll();
    if (isStopping) return;
    // Answers go on from the replica while nobody keeps it.
    await keeper.stop();
    keeper = startKeeper();
    await keeper.ready;
    logger.log({ event: 'processes-replaced' });
  };
  process.on('SIGHUP', () => {
    replacing ??= replaceAll()
      .catch((error: unknown) => logger.error({ event: 'processes-not-replaced', cause: (error as Error).name }))
      .finally(() => (replacing = undefined));
  });
  runUntilAsked(async (how) => {
    isStopping = true;
    await stop(how);
    await replacing;
    // One that was started in the meantime.
    await keeper.stop();
  });
};

export const counter = async (settings: Settings): Promise<void> => {
  await expectFree(settings.PORT, settings.HOST);
  await (settings.WORKERS === 1 ? counterAlone(settings) : counterOfMany(settings));
};

/** Started by `counter`. */
export const worker = async (settings: Settings): Promise<void> => {
  const { app } = await counterApp(settings, gatherByParent);
  sayMetrics(app.get(MetricsRegistry));
  await listening(app, settings.PORT, settings.HOST);
  runUntilAsked(async (how, hurry) => {
    await drain(app, how, drainingOf(settings), hurry);
    await app.close();
  });
};

/** Started by `counter`. The same application, which nobody can call. */
export const keeper = async (settings: Settings): Promise<void> => {
  const { app } = await createHttpApp(CounterModule.with(settings, systemClock, 'keeper'), 'counter');
  sayMetrics(app.get(MetricsRegistry));
  runUntilAsked(() => app.close());
};

export const office = async (settings: Settings): Promise<void> => {
  const { app } = await createHttpApp(OfficeModule.with(settings, systemClock), 'office');
  await listening(app, settings.OFFICE_PORT, settings.HOST);
  runUntilAsked(() => app.close());
};
