import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { systemClock } from './clock/clock.js';
import { CounterModule } from './counter.module.js';
import { createHttpApp } from './http/create-http-app.js';
import { OfficeModule } from './office.module.js';
import type { Settings } from './settings/index.js';

/** Listens, tells the parent process where there is one, and stops when asked to or when the parent is gone. */
const serve = async (app: NestFastifyApplication, port: number, host: string): Promise<void> => {
  await app.listen(port, host);
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping ??= app.close().finally(() => process.connected && process.disconnect?.());
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (process.send !== undefined) {
    process.once('disconnect', stop);
    process.send({ ready: true });
  }
};

export const counter = async (settings: Settings): Promise<void> => {
  const { app } = await createHttpApp(CounterModule.with(settings, systemClock), 'counter');
  await serve(app, settings.PORT, settings.HOST);
};

export const office = async (settings: Settings): Promise<void> => {
  const { app } = await createHttpApp(OfficeModule.with(settings, systemClock), 'office');
  await serve(app, settings.OFFICE_PORT, settings.HOST);
};
