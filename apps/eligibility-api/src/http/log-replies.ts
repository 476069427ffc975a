import type { FastifyInstance } from 'fastify';
import type { Logger } from 'nestjs-pino';

/** One line a reply, of an allow-list: method, route pattern, status, time. No URL, no header, no body. */
export const logReplies = (fastify: FastifyInstance, logger: Logger): void => {
  fastify.addHook('onResponse', (request, reply, done) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (reply.statusCode >= 500) logger.warn(line, 'Reply');
    else logger.debug(line, 'Reply');
    done();
  });
};
