import type { FastifyInstance } from 'fastify';
import type { Logger } from 'nestjs-pino';

import type { Reply, ReplyMetrics } from '../metrics/reply-metrics.js';

/** Notes one reply, by whichever way it left. */
export type NoteReply = (reply: Reply, tookMs: number) => void;

/** One line and one count a reply, of an allow-list: method, route pattern, status, time. No URL, no header, no body. */
export const replyNoter = (logger: Logger, metrics: ReplyMetrics, logLevel: string): NoteReply => {
  const tellsAll = logLevel === 'debug' || logLevel === 'trace';
  return (reply, tookMs) => {
    if (reply.status >= 500) logger.warn(lineOf(reply, tookMs), 'Reply');
    else if (tellsAll) logger.debug(lineOf(reply, tookMs), 'Reply');
    metrics.replied(reply, tookMs);
  };
};

const lineOf = ({ method, route, status }: Reply, tookMs: number): object => ({
  method,
  route,
  status,
  ms: Math.round(tookMs * 10) / 10,
});

/** Notes every reply that leaves by Fastify. */
export const noteReplies = (fastify: FastifyInstance, note: NoteReply): void => {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    note({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime);
    done();
  });
};
