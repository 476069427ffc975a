import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import { Registry as MetricsRegistry } from 'prom-client';

import { systemClock } from './clock/clock.js';
import { CounterModule } from './counter.module.js';
import { createHttpApp } from './http/create-http-app.js';
import type { GatherMetrics } from './metrics/metrics.controller.js';
import { OfficeModule } from './office.module.js';
import { Child } from './runtime/child.js';
import { gatherByParent, gatherFor, gatherFrom, sayMetrics } from './runtime/gathered-metrics.js';
import { endHandedOver } from './runtime/handed-over.js';
import { expectFree } from './runtime/port.js';
import type { Settings } from './settings/index.js';

/** Runs until asked to stop, or until the parent is gone; tells the parent where there is one. */
const runUntilAsked = (stop: () => Promise<void>): void => {
  let stopping: Promise<void> | undefined;
  const begin = (): void => {
    stopping ??= stop().finally(() => process.connected && process.disconnect?.());
  };
  process.once('SIGTERM', begin);
  process.once('SIGINT', begin);
  if (process.send !== undefined) {
    process.once('disconnect', begin);
    process.send({ ready: true });
  }
};

/** An application that cannot listen is closed: what it holds open would keep the process alive. */
const listening = async (app: NestFastifyApplication, port: number, host: string): Promise<void> => {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw error;
  }
};

const serve = async (app: NestFastifyApplication, port: number, host: string): Promise<void> => {
  await listening(app, port, host);
  runUntilAsked(() => app.close());
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
  runUntilAsked(async () => {
    await app.close();
    await keeper.stop();
  });
};

/** As many processes that answer as are asked for, on one port, and the keeper beside them. This one only looks after them. */
const counterOfMany = async ({ WORKERS }: Settings): Promise<void> => {
  const keeper = startKeeper();
  cluster.setupPrimary({ exec: entry(), args: ['worker'] });
  const workers = Array.from({ length: WORKERS }, (_, i) => {
    const gather = (): Promise<string> =>
      gatherFrom(undefined, () => [keeper, ...workers].map((child) => child.process));
    return new Child(`worker ${i + 1}`, () => {
      const { process: started } = cluster.fork();
      endHandedOver(started);
      gatherFor(started, gather);
      return started;
    });
  });
  const stop = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await keeper.stop();
  };
  try {
    await Promise.all(workers.map((worker) => worker.ready));
  } catch (error) {
    await stop();
    throw error;
  }
  runUntilAsked(stop);
};

export const counter = async (settings: Settings): Promise<void> => {
  await expectFree(settings.PORT, settings.HOST);
  await (settings.WORKERS === 1 ? counterAlone(settings) : counterOfMany(settings));
};

/** Started by `counter`. */
export const worker = async (settings: Settings): Promise<void> => {
  const { app } = await counterApp(settings, gatherByParent);
  sayMetrics(app.get(MetricsRegistry));
  await serve(app, settings.PORT, settings.HOST);
};

/** Started by `counter`. The same application, which nobody can call. */
export const keeper = async (settings: Settings): Promise<void> => {
  const { app } = await createHttpApp(CounterModule.with(settings, systemClock, 'keeper'), 'counter');
  sayMetrics(app.get(MetricsRegistry));
  runUntilAsked(() => app.close());
};

export const office = async (settings: Settings): Promise<void> => {
  const { app } = await createHttpApp(OfficeModule.with(settings, systemClock), 'office');
  await serve(app, settings.OFFICE_PORT, settings.HOST);
};
