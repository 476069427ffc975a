import { Histogram, type Registry } from 'prom-client';

import { Kept } from './kept.js';
import { Tally } from './tally.js';

export interface Reply {
  readonly method: string;
  /** The route's pattern, never an address; `none` where there is no such route. */
  readonly route: string;
  readonly status: number;
}

/** Every reply by route and status, what could not be answered included. */
export class ReplyMetrics {
  /** All of them since the start. */
  count = 0;

  private readonly replies: Tally<'method' | 'route' | 'status'>;
  private readonly seconds: Kept<Histogram.Internal<'route'>>;

  constructor(registry: Registry) {
    this.replies = new Tally(['method', 'route', 'status'], {
      name: 'shikaku_http_replies_total',
      help: 'Replies by method, route pattern and status',
      registers: [registry],
    });
    const seconds = new Histogram({
      name: 'shikaku_http_reply_duration_seconds',
      help: 'From the request arriving to the reply being handed to the socket',
      labelNames: ['route'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 2.5, 20],
      registers: [registry],
    });
    this.seconds = new Kept((route) => seconds.labels({ route }));
  }

  replied({ method, route, status }: Reply, tookMs: number): void {
    this.count += 1;
    this.replies.count(method, route, String(status));
    this.seconds.of(route).observe(tookMs / 1000);
  }
}
