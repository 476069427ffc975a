import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Rejects with EADDRINUSE when somebody listens there already: found out before processes are started, it is said once, and there is
 * nothing to be stopped.
 */
export const expectFree = async (port: number, host: string): Promise<void> => {
  if (port === 0) return;
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
};
