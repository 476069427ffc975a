import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { setImmediate } from 'node:timers/promises';

import { classOf, Gate, type GateParts } from './gate.js';

afterEach(() => vi.useRealTimers());

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
  ['POST', '/oauth/token', 'token'],
  ['GET', '/.well-known/jwks.json', undefined],
  ['GET', '/v1/operations/state', undefined],
])('%s %s is %s', (method, url, what) => {
  expect(classOf(method, url)).toBe(what);
});

it('what is no check begins eight in a turn, a check at once, and who has gone meanwhile not at all', async () => {
  const begun: string[] = [];
  let underWay = 0;
  const server = new EventEmitter().on('request', ({ url }: { url: string }) => begun.push(url));
  const admission = {
    refuses: () => undefined,
    isCheckInFirst: false,
    begin: () => (underWay += 1),
    end: () => (underWay -= 1),
  };
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

it('while checks take most of the time, what is no check begins one by one, every five milliseconds', async () => {
  vi.useFakeTimers();
  const begun: string[] = [];
  const server = new EventEmitter().on('request', ({ url }: { url: string }) => begun.push(url));
  const admission = { refuses: () => undefined, isCheckInFirst: true, begin: () => {}, end: () => {} };
  new Gate({ admission } as unknown as GateParts).standBefore(server as unknown as Server, () => {});
  for (let i = 0; i < 20; i += 1)
    server.emit('request', { method: 'GET', url: `/v1/rechecks?${i}` }, new EventEmitter());
  await vi.advanceTimersByTimeAsync(4);
  expect(begun).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(6);
  expect(begun).toHaveLength(3);
  admission.isCheckInFirst = false;
  await vi.advanceTimersByTimeAsync(10);
  expect(begun).toHaveLength(20);
});

describe('a refusal', () => {
  const ask = (method: string, url: string) => {
    const rested: (() => void)[] = [];
    const server = new EventEmitter().on('request', () => {});
    const admission = { refuses: () => 'delay', shed: vi.fn() };
    const refusals = { of: (code: string) => ({ status: 503, headers: {}, body: code }) };
    const rests = { rest: (over: () => void) => rested.push(over) };
    new Gate({ admission, refusals, rests } as unknown as GateParts).standBefore(server as unknown as Server, () => {});
    const response = Object.assign(new EventEmitter(), {
      destroyed: false,
      socket: { pause: vi.fn(), resume: vi.fn() },
      told: undefined as string | undefined,
      writeHead: () => response,
      end: (body: string) => {
        response.told = body;
        response.emit('finish');
      },
    });
    server.emit('request', { method, url }, response);
    return { response, rested };
  };

  it('of a check is told at once, and its connection rests after it', async () => {
    const { response, rested } = ask('POST', '/v1/eligibility-checks');
    expect([response.told, rested]).toEqual(['overloaded', []]);
    await setImmediate();
    expect(response.socket.pause).toHaveBeenCalledOnce();
    expect(rested).toHaveLength(1);
    rested[0]?.();
    expect(response.socket.resume).toHaveBeenCalledOnce();
  });

  it.each([
    ['POST', '/v1/eligibility-batches'],
    ['POST', '/v1/window-charges'],
  ])('of what may wait is told when its rest is over, and its connection never rests: %s %s', (method, url) => {
    const { response, rested } = ask(method, url);
    expect(response.told).toBeUndefined();
    rested[0]?.();
    expect(response.told).toBe('check-in-first');
    expect(response.socket.pause).not.toHaveBeenCalled();
  });

  it('is told to nobody who has gone', () => {
    const { response, rested } = ask('POST', '/v1/window-charges');
    response.destroyed = true;
    rested[0]?.();
    expect(response.told).toBeUndefined();
  });
});
