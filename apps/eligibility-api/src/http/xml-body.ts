import type { FastifyInstance } from 'fastify';

/** XML and plain text are let in where an operation documents them; the handler reads them by itself: XML declares its own encoding. */
export const takeXml = (fastify: FastifyInstance): void => {
  fastify.addContentTypeParser(['application/xml', 'text/plain'], { parseAs: 'buffer' }, (_request, _body, done) =>
    done(null, undefined),
  );
};
