import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';

import { FrontDoor } from '../check-in/front-door.js';
import { Readiness } from '../health/readiness.js';
import type { Leaving } from './child.js';

export interface Draining {
  /** For how long it is said that this process stops, before it does. */
  readonly graceMs: number;
  /** For how long connections may take to end with a reply. */
  readonly drainMs: number;
}

/** What leaving may take, before the process begins to close what it holds. */
export const leavingMs = (how: Leaving, { graceMs, drainMs }: Draining): number =>
  how === 'now' ? 0 : drainMs + (how === 'announced' ? graceMs : 0);

/**
 * Empties a server: nobody new comes, and each connection ends with its next reply. A server that closes connections by itself
 * closes some of them at the instant at which a request is written into them, and that request is lost: its caller may not send
 * a POST again without knowing.
 *
 * `hurry` ends the waiting.
 */
export const drain = async (
  app: NestFastifyApplication,
  how: Leaving,
  { graceMs, drainMs }: Draining,
  hurry: AbortSignal,
): Promise<void> => {
  if (how === 'now') return;
  app.get(Readiness).stopping();
  const pause = (ms: number): Promise<unknown> =>
    setTimeout(ms, undefined, { signal: hurry, ref: false }).catch(() => undefined);
  if (how === 'announced') await pause(graceMs);
  const server = app.getHttpServer();
  app.get(FrontDoor, { strict: false }).endWithReplies();
  server.prependListener('request', (_request: unknown, response: ServerResponse) => {
    response.shouldKeepAlive = false;
  });
  const empty = once(server, 'close');
  // The server of HTTP would close its idle connections here. This one only stops listening.
  Server.prototype.close.call(server);
  await Promise.race([empty, pause(drainMs)]);
};
