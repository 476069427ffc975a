import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest, RouteOptions } from 'fastify';
import { Readable } from 'node:stream';

import { ProblemException } from '../problems/problem.exception.js';

interface Unread {
  readonly unreadBodyBytesMax: number;
}

/**
 * The handler reads the body by itself, as it arrives: after the guard, so that nothing large is taken in from strangers, and
 * a little at a time, so that it does not stop the event loop. The document's schema of the body is the handler's to hold to.
 */
export const ReadsBody = (bytesMax: number): MethodDecorator =>
  RouteConfig({ unreadBodyBytesMax: bytesMax } satisfies Unread);

const limitOf = (route: RouteOptions): number | undefined => (route.config as Partial<Unread>)?.unreadBodyBytesMax;

export const isReadByHandler = (route: RouteOptions): boolean => limitOf(route) !== undefined;

/**
 * Fastify looks at length, media type, charset and coding as always, and parses `{}` in place of the body, which stays in
 * the socket.
 */
export const leaveUnread = (route: RouteOptions): void => {
  const bytesMax = limitOf(route);
  if (bytesMax !== undefined) route.bodyLimit = bytesMax;
  route.preParsing = (request, _reply, payload, done) => {
    const length = Number(request.headers['content-length']);
    // Declared empty is empty, and Fastify says so.
    if (length === 0) return done(null, payload);
    done(
      null,
      Object.assign(Readable.from([Buffer.from('{}')]), Number.isNaN(length) ? {} : { receivedEncodedLength: length }),
    );
  };
};

/** The body of a request whose handler reads it. Left early, the rest is read and dropped. */
export async function* bodyOf({ raw }: FastifyRequest): AsyncGenerator<Buffer, void> {
  try {
    yield* raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch (error) {
    // Whoever hung up gets no reply; it is no fault of ours.
    throw new ProblemException('malformed-request', { cause: error });
  } finally {
    raw.resume();
  }
}
