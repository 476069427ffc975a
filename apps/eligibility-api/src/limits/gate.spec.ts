import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { setImmediate } from 'node:timers/promises';

import { classOf, Gate, type GateParts } from './gate.js';

it.each([
  ['POST', '/v1/eligibility-batches', 'batch'],
  ['GET', '/v1/eligibility-batches/0193/results?from=3', 'batch'],
  ['POST', '/v1/eligibility-checks', 'worked-out'],
  ['GET', '/v1/eligibility-checks', 'other'],
  ['GET', '/v1/eligibility-checks/0193', 'other'],
  ['POST', '/v1/window-charges', 'other'],
  ['GET', '/v1/rechecks', 'other'],
  ['GET', '/docs', 'other'],
  ['GET', '/nowhere', 'other'],
  ['GET', '/health/ready', undefined],
  ['GET', '/metrics', undefined],
  ['POST', '/oauth/token', undefined],
  ['GET', '/.well-known/jwks.json', undefined],
  ['GET', '/v1/operations/state', undefined],
])('%s %s is %s', (method, url, what) => {
  expect(classOf(method, url)).toBe(what);
});

it('what is no check begins eight in a turn, a check at once, and who has gone meanwhile not at all', async () => {
  const begun: string[] = [];
  let underWay = 0;
  const server = new EventEmitter().on('request', ({ url }: { url: string }) => begun.push(url));
  const admission = { refuses: () => undefined, begin: () => (underWay += 1), end: () => (underWay -= 1) };
  new Gate({ admission } as unknown as GateParts).standBefore(server as unknown as Server, () => {});
  const ask = (url: string, method = 'GET'): EventEmitter & { destroyed: boolean } => {
    const response = Object.assign(new EventEmitter(), { destroyed: false });
    server.emit('request', { method, url }, response);
    return response;
  };
  const responses = Array.from({ length: 20 }, (_, i) => ask(`/v1/rechecks?${i}`));
  ask('/v1/eligibility-checks', 'POST');
  expect([begun, underWay]).toEqual([['/v1/eligibility-checks'], 21]);
  await setImmediate();
  expect(begun).toHaveLength(1 + 8);
  const gone = responses[10];
  if (gone !== undefined) gone.destroyed = true;
  gone?.emit('close');
  await setImmediate();
  await setImmediate();
  expect(begun.slice(1)).toEqual(
    Array.from({ length: 20 }, (_, i) => `/v1/rechecks?${i}`).filter((url) => url !== '/v1/rechecks?10'),
  );
  expect(underWay).toBe(20);
});
