import { systemClock } from './clock/clock.js';
import { createMockJlis } from './create-mock-jlis.js';
import { readSettings, type Settings, SettingsRefused } from './settings/settings.js';

/** What the service needs of the process it runs in. */
export type Host = Pick<NodeJS.Process, 'once' | 'exit' | 'stderr' | 'send'>;

/**
 * Runs the registry until a signal, or until the parent that forked it is gone. Tells a parent `{ ready: true }` when it
 * listens. What an operator can put right is said on one line, with exit code 1.
 */
export const serve = async (host: Host): Promise<void> => {
  const settings = settingsOrReason();
  if (typeof settings === 'string') return refuse(host, settings);
  const mock = await createMockJlis({ settings, clock: systemClock });
  try {
    await mock.listen();
  } catch (error) {
    await mock.close();
    const reason = reasonNotToListen(error, settings);
    if (reason === undefined) throw error;
    return refuse(host, reason);
  }

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void mock.close().finally(() => host.exit(0));
  };
  host.once('SIGINT', stop);
  host.once('SIGTERM', stop);
  // The parent that forked this process is gone: nobody else would stop it.
  host.once('disconnect', stop);
  host.send?.({ ready: true });
};

const refuse = (host: Host, reason: string): void => {
  host.stderr.write(`mock-jlis: ${reason}\n`);
  // Not left to an empty event loop: an IPC channel to the parent would keep the process alive.
  host.exit(1);
};

const settingsOrReason = (): Settings | string => {
  try {
    return readSettings();
  } catch (error) {
    if (error instanceof SettingsRefused) return error.message;
    throw error;
  }
};

const reasonNotToListen = (error: unknown, { port, host }: Settings): string | undefined => {
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is already in use (MOCK_JLIS_PORT)`;
    case 'EACCES':
      return `port ${port} on ${host} may not be opened by this user (MOCK_JLIS_PORT)`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine (HOST)`;
    default:
      return undefined;
  }
};
