import { Writable } from 'node:stream';

import Fastify from 'fastify';
import { pino } from 'pino';

import { logRequests } from './logging/logging.js';
import { type RunningMock, startMock } from './testing/running-mock.js';

let mock: RunningMock;
beforeAll(async () => {
  mock = await startMock({ population: 5 });
});
afterAll(() => mock.close());

describe('health', () => {
  it('is live', async () => {
    expect(await mock.call('GET', '/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('is ready as soon as it listens', async () => {
    const { generation } = mock.registry.feed;
    expect(await mock.call('GET', '/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', people: 37, generation },
    });
  });
});

describe('the document', () => {
  it('is shown at /docs', async () => {
    const page = await fetch(`${mock.url}/docs`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('swagger-ui');
  });

  it('describes every operation and names its answers', async () => {
    const { body } = await mock.call('GET', '/docs-json');
    const { paths } = body as { paths: Record<string, Record<string, { summary?: string; responses: object }>> };
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
    );
    expect(operations.map(({ name }) => name).toSorted()).toEqual([
      'delete /faults',
      'get /faults',
      'get /health/live',
      'get /health/ready',
      'get /v1/certificate-changes',
      'get /v1/population',
      'post /admin/certificates/expire',
      'post /admin/certificates/renew',
      'post /admin/certificates/revoke',
      'post /admin/residents/change',
      'post /v1/certificate-status',
      'post /v1/person-searches',
      'put /faults',
    ]);
    const success = (name: string): string => (name === 'delete /faults' ? '204' : '200');
    expect(operations.filter(({ summary }) => summary === undefined || summary === '')).toEqual([]);
    expect(operations.filter(({ name, responses }) => !(success(name) in responses))).toEqual([]);
  });
});

it('logs method, route, status and milliseconds of a request, and nothing a person sent', async () => {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const fastify = Fastify();
  logRequests(fastify, pino({ base: null, timestamp: false }, sink));
  fastify.post('/v1/certificate-status', () => ({ name: 'secret' }));
  await fastify.inject({
    method: 'POST',
    url: '/v1/certificate-status?after=5&serial=secret&limit=secret',
    headers: { 'x-name': 'secret' },
    body: { serial: 'secret' },
  });
  await fastify.inject({ method: 'GET', url: '/secret' });
  await fastify.close();
  expect(lines.join('')).not.toContain('secret');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      level: 30,
      method: 'POST',
      route: '/v1/certificate-status',
      after: 5,
      status: 200,
      ms: expect.any(Number) as number,
      msg: 'request',
    },
    { level: 30, method: 'GET', route: '(none)', status: 404, ms: expect.any(Number) as number, msg: 'request' },
  ]);
});
