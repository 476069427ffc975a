import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import type { JlisOperation } from '@app/contracts/jlis';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

import { tokyoInstant } from '../calendar/civil-day.js';
import type { Clock } from '../clock/clock.js';
import { problemBody } from '../problems/problem.js';
import { sendProblem } from '../problems/send-problem.js';
import type { Faults } from './faults.js';
import { garbageOf } from './garbage.js';

/** Only these routes can be made to fail: the switches themselves, health and admin always work. */
const OPERATIONS: Readonly<Record<string, JlisOperation>> = {
  'POST /v1/certificate-status': 'certificate-status',
  'GET /v1/certificate-changes': 'certificate-changes',
  'POST /v1/person-searches': 'person-searches',
  'GET /v1/population': 'population',
};

/** The one place where faults happen: a hook before every handler. */
export class FaultHook {
  readonly #shutdown = new AbortController();
  readonly #hung = new Set<Socket>();

  constructor(
    private readonly faults: Faults,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  register(fastify: FastifyInstance): void {
    fastify.addHook('preHandler', (request, reply) => this.#strike(request, reply));
  }

  /** Cuts short every delay and closes every connection that was left hanging. */
  release(): void {
    this.#shutdown.abort();
    for (const socket of this.#hung) socket.destroy();
  }

  async #strike(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const operation = OPERATIONS[`${request.method} ${request.routeOptions.url}`];
    if (operation === undefined) return undefined;
    const outcome = this.faults.next(operation);
    if (outcome.latencyMs > 0) await this.#delay(outcome.latencyMs);
    switch (outcome.kind) {
      case 'answer':
        return undefined;
      case 'error':
        return sendProblem(reply, problemBody('fault-injected'));
      case 'hang':
        return this.#hang(operation, request, reply);
      case 'reset':
        this.log.info({ operation, fault: 'reset' }, 'fault');
        reply.hijack();
        request.raw.socket.resetAndDestroy();
        return reply;
      case 'garbage': {
        const { contentType, body } = garbageOf(outcome.as, operation, tokyoInstant(this.clock.now()));
        if (outcome.as !== 'truncated') return reply.header('content-type', contentType).send(body);
        this.log.info({ operation, fault: 'truncated' }, 'fault');
        reply.hijack();
        reply.raw.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
        reply.raw.write(body.slice(0, body.length / 2), () => request.raw.socket.destroy());
        return reply;
      }
    }
  }

  async #delay(ms: number): Promise<void> {
    try {
      await wait(ms, undefined, { signal: this.#shutdown.signal });
    } catch (error) {
      // The service is going down: answer at once rather than hold it up.
      if (!this.#shutdown.signal.aborted) throw error;
    }
  }

  #hang(operation: JlisOperation, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    this.log.info({ operation, fault: 'hang' }, 'fault');
    reply.hijack();
    const { socket } = request.raw;
    if (this.#shutdown.signal.aborted) {
      socket.destroy();
      return reply;
    }
    this.#hung.add(socket);
    socket.once('close', () => this.#hung.delete(socket));
    return reply;
  }
}
