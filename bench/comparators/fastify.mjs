import { readFileSync } from 'node:fs';

import Fastify from 'fastify';

import { closedSchema } from './request-schema.mjs';

/**
 * Fastify as its documentation has it: the body is parsed and validated by the check's own schema (compiled by Fastify's own
 * validator), and a handler that does nothing answers bytes made beforehand.
 */
const answer = readFileSync(process.env.ANSWER_FILE ?? '');

const app = Fastify({ logger: false, ajv: { customOptions: { strict: false } } });
app.post('/v1/eligibility-checks', { schema: { body: closedSchema('EligibilityCheckRequest') } }, (_request, reply) => {
  reply.header('content-type', 'application/json; charset=utf-8').send(answer);
});
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
process.send?.({ ready: true });
process.once('disconnect', () => process.exit(0));
