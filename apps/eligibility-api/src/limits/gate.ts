import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

import type { Reply } from '../metrics/reply-metrics.js';
import type { Admission, Because, RequestClass } from './admission.js';
import type { FixedRefusals } from './fixed-refusals.js';
import type { Rests } from './rests.js';

const CHECKS = '/v1/eligibility-checks';
const BATCHES = '/v1/eligibility-batches';
const OAUTH_TOKEN = '/oauth/token';
/** Ours, and that of the national system's web API. */
const TOKENS = [OAUTH_TOKEN, '/oqs-api-pro/MSA12020/ILI12020SV01/auth'];
/** What is needed to see what is going on, and to do something about it. */
const ALWAYS = ['/health/', '/metrics', '/.well-known/', '/v1/operations/'];
/** Checks in the national system's own messages: somebody stands at a counter. */
const CHECKS_BY_MESSAGE = ['/oqs-api-pro/MSA01030/ILI01030SV01/search', '/v1/oqs/messages'];

type Shed = Exclude<RequestClass, 'ordinary'>;

/** By method and address alone. Undefined for what is always served. */
export const classOf = (method: string | undefined, url: string): Shed | undefined => {
  if (ALWAYS.some((prefix) => url.startsWith(prefix))) return undefined;
  if (url.startsWith(BATCHES)) return 'batch';
  if (TOKENS.includes(url)) return 'token';
  return method === 'POST' && (url === CHECKS || CHECKS_BY_MESSAGE.includes(url)) ? 'worked-out' : 'other';
};

/** Route patterns are found further in; what is refused here is counted by its kind. */
const ROUTE: Readonly<Record<Shed, string>> = {
  batch: BATCHES,
  other: 'none',
  'worked-out': CHECKS,
  token: OAUTH_TOKEN,
};

/** Requests other than checks that begin in one turn of the event loop; each takes some tenths of a millisecond. */
const BEGIN_IN_A_TURN = 8;
/** While checks take most of the time, one of them begins in so many milliseconds. */
const CHECK_IN_FIRST_MS = 5;

interface Waiting {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly others: RequestListener;
}

export interface GateParts {
  readonly admission: Admission;
  readonly refusals: FixedRefusals;
  readonly rests: Rests;
}

/** Stands before the router, and keeps so many out of it that those inside are served. */
export class Gate {
  private waiting: Waiting[] = [];

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
      if (because === undefined && what === 'token') {
        admission.beginToken();
        response.once('close', admission.endToken);
        others(request, response);
        return;
      }
      if (because === undefined) {
        admission.begin();
        response.once('close', admission.end);
        if (what === 'worked-out') others(request, response);
        else this.wait({ request, response, others });
        return;
      }
      count({ method: request.method ?? '', route: ROUTE[what], status: 503 }, 0);
      this.turnAway(response, what, because);
    });
  }

  /** Whatever is no check begins a few at a time: between them, checks have their turn. Those that wait have places of those under way. */
  private wait(one: Waiting): void {
    if (this.waiting.push(one) === 1) setImmediate(this.letIn);
  }

  private readonly letIn = (): void => {
    const { isCheckInFirst } = this.parts.admission;
    const now = this.waiting.splice(0, isCheckInFirst ? 1 : BEGIN_IN_A_TURN);
    if (this.waiting.length > 0) {
      if (isCheckInFirst) setTimeout(this.letIn, CHECK_IN_FIRST_MS);
      else setImmediate(this.letIn);
    }
    for (const { request, response, others } of now) if (!response.destroyed) others(request, response);
  };

  /**
   * A check, or who needs a token for one, is told at once, and its connection rests after that. What may wait is told when its rest is over: a check sent
   * next on the same connection would rest with it, and whoever sees no reply takes another for it.
   */
  turnAway(response: ServerResponse, what: RequestClass, because: Because): void {
    const { admission, refusals, rests } = this.parts;
    admission.shed(what, because);
    const refuse = (code: Parameters<FixedRefusals['of']>[0]): void => {
      const { status, headers, body } = refusals.of(code);
      response.writeHead(status, headers).end(body, 'latin1');
    };
    if (what === 'batch' || what === 'other') {
      rests.rest(() => {
        if (!response.destroyed) refuse('check-in-first');
      });
      return;
    }
    const { socket } = response;
    response.once('finish', () => {
      if (socket === null) return;
      // Node reads on when a reply is done; after that.
      setImmediate(() => {
        socket.pause();
        rests.rest(() => socket.resume());
      });
    });
    refuse('overloaded');
  }
}
