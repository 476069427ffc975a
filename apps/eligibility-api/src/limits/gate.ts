import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

import type { Reply } from '../metrics/reply-metrics.js';
import type { Admission, Because, RequestClass } from './admission.js';
import type { FixedRefusals } from './fixed-refusals.js';
import type { Rests } from './rests.js';

const CHECKS = '/v1/eligibility-checks';
const BATCHES = '/v1/eligibility-batches';
/** What is needed to see what is going on, to ask for a token, and to do something about it. */
const ALWAYS = ['/health/', '/metrics', '/oauth/', '/.well-known/', '/v1/operations/'];

type Shed = Exclude<RequestClass, 'ordinary'>;

/** By method and address alone. Undefined for what is always served. */
export const classOf = (method: string | undefined, url: string): Shed | undefined => {
  if (ALWAYS.some((prefix) => url.startsWith(prefix))) return undefined;
  if (url.startsWith(BATCHES)) return 'batch';
  return method === 'POST' && url === CHECKS ? 'worked-out' : 'other';
};

/** Route patterns are found further in; what is refused here is counted by its kind. */
const ROUTE: Readonly<Record<Shed, string>> = { batch: BATCHES, other: 'none', 'worked-out': CHECKS };

export interface GateParts {
  readonly admission: Admission;
  readonly refusals: FixedRefusals;
  readonly rests: Rests;
}

/** Stands before the router, and keeps so many out of it that those inside are served. */
export class Gate {
  constructor(private readonly parts: GateParts) {}

  standBefore(server: Server, count: (reply: Reply, tookMs: number) => void): void {
    const [others, ...more] = server.listeners('request') as RequestListener[];
    if (others === undefined || more.length > 0) throw new Error('the gate stands before exactly one listener');
    server.removeAllListeners('request');
    const { admission } = this.parts;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const what = classOf(request.method, request.url ?? '');
      if (what === undefined) {
        others(request, response);
        return;
      }
      const because = admission.refuses(what);
      if (because === undefined) {
        admission.begin();
        response.once('close', admission.end);
        others(request, response);
        return;
      }
      count({ method: request.method ?? '', route: ROUTE[what], status: 503 }, 0);
      this.turnAway(response, what, because);
    });
  }

  turnAway(response: ServerResponse, what: RequestClass, because: Because): void {
    const { admission, refusals, rests } = this.parts;
    admission.shed(what, because);
    const isCheck = what === 'worked-out' || what === 'ordinary';
    const { status, headers, body } = refusals.of(isCheck ? 'overloaded' : 'check-in-first');
    const { socket } = response;
    response.once('finish', () => {
      if (socket === null) return;
      // Node reads on when a reply is done; after that.
      setImmediate(() => {
        socket.pause();
        rests.rest(() => socket.resume());
      });
    });
    response.writeHead(status, headers).end(body, 'latin1');
  }
}
