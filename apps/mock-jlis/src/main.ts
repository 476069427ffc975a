import { systemClock } from './clock/clock.js';
import { createMockJlis } from './create-mock-jlis.js';
import { readSettings, type Settings, SettingsRefused } from './settings/settings.js';

/** Says on one line why the service does not start. */
const refuse = (reason: string): void => {
  process.stderr.write(`mock-jlis: ${reason}\n`);
  process.exitCode = 1;
  // An open IPC channel would keep the process alive.
  if (process.connected) process.disconnect?.();
};

const settingsOrReason = (): Settings | string => {
  try {
    return readSettings();
  } catch (error) {
    if (error instanceof SettingsRefused) return error.message;
    throw error;
  }
};

const start = async (settings: Settings): Promise<void> => {
  const mock = await createMockJlis({ settings, clock: systemClock });
  try {
    await mock.listen();
  } catch (error) {
    await mock.close();
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') return refuse(`port ${settings.port} on ${settings.host} is already in use`);
    if (code === 'EACCES') return refuse(`port ${settings.port} on ${settings.host} may not be opened`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return refuse(`HOST is no address of this machine`);
    throw error;
  }

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void mock.close().finally(() => process.exit());
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // The parent that forked this process is gone: nobody else would stop it.
  process.once('disconnect', stop);
  process.send?.({ ready: true });
};

const settings = settingsOrReason();
if (typeof settings === 'string') refuse(settings);
else await start(settings);
