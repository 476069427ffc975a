import type { ProblemCode } from '@app/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import { problemReply } from './problem-reply.js';

const instance = (): string => `urn:uuid:${randomUUID()}`;

/** An address that cannot be decoded leads nowhere. Fastify's own reply would repeat it. */
export const refuseAddress = (_error: unknown, _request: FastifyRequest, reply: FastifyReply): void => {
  const { status, headers, body } = problemReply('not-found', {}, instance());
  void reply.status(status).headers(headers).send(body);
};

const codeOf = (error: { code?: string }): ProblemCode => {
  if (error.code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  return 'malformed-request';
};

/** What is not HTTP never becomes a request, so the reply is written to the socket, which is of no use after that. */
export const refuseBytes = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const { status, headers, body } = problemReply(codeOf(error), {}, instance());
  const lines = Object.entries({
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  if (socket.writable)
    socket.write([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n'));
  socket.destroy();
};
