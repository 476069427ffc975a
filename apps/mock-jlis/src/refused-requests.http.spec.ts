import { type RunningMock, startMock } from './testing/running-mock.js';

let mock: RunningMock;
beforeAll(async () => {
  mock = await startMock({ population: 5 });
});
afterAll(() => mock.close());

const raw = async (method: string, path: string, type: string | undefined, body?: string) => {
  const response = await fetch(`${mock.url}${path}`, {
    method,
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    allow: response.headers.get('allow'),
    text,
    problem: JSON.parse(text) as { status: number; code: string; errors?: { pointer: string }[] },
  };
};

const JSON_TYPE = 'application/json';

it.each([
  ['a serial that is none', 'POST', '/v1/certificate-status', { serial: 'xyz-very-private' }, '/serial'],
  ['a lower-case serial', 'POST', '/v1/certificate-status', { serial: 'ffffffff00100001' }, '/serial'],
  ['a serial left out', 'POST', '/v1/certificate-status', {}, '/serial'],
  ['a number for a serial', 'POST', '/v1/certificate-status', { serial: 12345678 }, '/serial'],
  ['an unknown field', 'POST', '/v1/certificate-status', { serial: 'FFFFFFFF00100001', pin: 'x' }, '/pin'],
  ['a list', 'POST', '/v1/certificate-status', [], ''],
  ['null', 'POST', '/v1/certificate-status', null, ''],
  ['text', 'POST', '/v1/certificate-status', 'very-private', ''],
  ['null for a name', 'POST', '/v1/person-searches', { kanjiName: null }, '/kanjiName'],
  ['an unknown sex', 'POST', '/v1/person-searches', { sex: '9' }, '/sex'],
  ['an empty address', 'POST', '/v1/person-searches', { address: '' }, '/address'],
  ['a sixth attribute', 'POST', '/v1/person-searches', { telephone: '03' }, '/telephone'],
  ['a bad serial to revoke', 'POST', '/admin/certificates/revoke', { serial: '' }, '/serial'],
  ['a bad serial to renew', 'POST', '/admin/certificates/renew', { serial: '' }, '/serial'],
  ['a bad serial of somebody who moves', 'POST', '/admin/residents/change', { serial: '' }, '/serial'],
  ['null for an address', 'POST', '/admin/residents/change', { serial: 'FFFFFFFF00100001', address: null }, '/address'],
  [
    'a birth date that changes',
    'POST',
    '/admin/residents/change',
    { serial: 'FFFFFFFF00100001', birthDate: '1980-05-06' },
    '/birthDate',
  ],
  ['a bad serial to expire', 'POST', '/admin/certificates/expire', { serial: '' }, '/serial'],
])('%s is refused with a pointer to it', async (_what, method, path, body, pointer) => {
  const answer = await raw(method, path, JSON_TYPE, JSON.stringify(body));
  expect(answer).toMatchObject({ status: 400, type: 'application/problem+json; charset=utf-8' });
  expect(answer.problem.code).toBe('invalid-request');
  expect(answer.problem.errors?.map((error) => error.pointer)).toContain(pointer);
  expect(answer.text).not.toContain('very-private');
});

it.each([
  ['/v1/certificate-changes?limit=0', '/limit'],
  ['/v1/certificate-changes?limit=10001', '/limit'],
  ['/v1/certificate-changes?after=-1', '/after'],
  ['/v1/certificate-changes?after=', '/after'],
  ['/v1/certificate-changes?after=1e3', '/after'],
  ['/v1/certificate-changes?after=1&after=2', '/after'],
  ['/v1/certificate-changes?since=1', '/since'],
  ['/v1/population?from=x', '/from'],
  ['/v1/population?limit=1.5', '/limit'],
])('%s is refused', async (path, pointer) => {
  const { status, problem } = await raw('GET', path, undefined);
  expect([status, problem.code]).toEqual([400, 'invalid-request']);
  expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
});

it.each([
  ['broken JSON', 'POST', '/v1/certificate-status', JSON_TYPE, '{"serial":', 400, 'malformed-request'],
  ['no body', 'POST', '/v1/certificate-status', JSON_TYPE, '', 400, 'malformed-request'],
  ['a poisoned prototype', 'POST', '/v1/certificate-status', JSON_TYPE, '{"__proto__":{}}', 400, 'malformed-request'],
  ['an unknown path', 'GET', '/v1/nothing', undefined, undefined, 404, 'not-found'],
  ['an unknown path with a body', 'POST', '/nothing', JSON_TYPE, '{}', 404, 'not-found'],
  ['a large body', 'POST', '/v1/certificate-status', JSON_TYPE, `"${'a'.repeat(20_000)}"`, 413, 'body-too-large'],
  ['plain text', 'POST', '/v1/certificate-status', 'text/plain', 'x', 415, 'unsupported-media-type'],
  [
    'a form',
    'POST',
    '/v1/certificate-status',
    'application/x-www-form-urlencoded',
    'a=b',
    415,
    'unsupported-media-type',
  ],
])('%s', async (_what, method, path, type, body, status, code) => {
  const answer = await raw(method, path, type, body);
  expect(answer).toMatchObject({ status, type: 'application/problem+json; charset=utf-8' });
  expect(answer.problem).toMatchObject({ status, code });
});

it.each([
  ['GET', '/v1/certificate-status', 'POST'],
  ['DELETE', '/v1/population?from=1', 'GET'],
  ['PATCH', '/faults', 'GET, PUT, DELETE'],
  ['PUT', '/health/live', 'GET'],
])('%s %s: 405, allowed is %s', async (method, path, allow) => {
  const answer = await raw(method, path, undefined);
  expect(answer).toMatchObject({ status: 405, allow, problem: { code: 'method-not-allowed' } });
});
