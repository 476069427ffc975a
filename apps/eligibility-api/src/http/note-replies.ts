import type { FastifyInstance } from 'fastify';
import type { Logger } from 'nestjs-pino';

import type { ReplyMetrics } from '../metrics/reply-metrics.js';

/** One line and one count a reply, of an allow-list: method, route pattern, status, time. No URL, no header, no body. */
export const noteReplies = (fastify: FastifyInstance, logger: Logger, metrics: ReplyMetrics): void => {
  fastify.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? 'none';
    const status = reply.statusCode;
    const line = { method, route, status, ms: Math.round(reply.elapsedTime * 10) / 10 };
    if (status >= 500) logger.warn(line, 'Reply');
    else logger.debug(line, 'Reply');
    metrics.replied({ method, route, status }, reply.elapsedTime);
    done();
  });
};
