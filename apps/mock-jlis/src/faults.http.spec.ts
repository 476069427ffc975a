import { request } from 'node:http';

import { type RunningMock, startMock } from './testing/running-mock.js';

const EMPLOYEE = 'FFFFFFFF00100001';
const CALLS = [
  ['certificate-status', 'POST', '/v1/certificate-status', { serial: EMPLOYEE }],
  ['certificate-changes', 'GET', '/v1/certificate-changes', undefined],
  ['person-searches', 'POST', '/v1/person-searches', { birthDate: '2000-01-02', sex: '1', address: '長野県' }],
  ['population', 'GET', '/v1/population', undefined],
] as const;

let mock: RunningMock;
beforeEach(async () => {
  mock = await startMock({ population: 5 });
});
afterEach(() => mock.close());

const send = (method: string, path: string, json: unknown, timeoutMs?: number): Promise<Response> =>
  fetch(`${mock.url}${path}`, {
    method,
    ...(json === undefined ? {} : { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } }),
    ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
  });
const set = async (faults: object): Promise<void> => {
  expect((await mock.call('PUT', '/faults', faults)).status).toBe(200);
};

describe('the switches', () => {
  it('are read, replaced as a whole, and healed', async () => {
    expect((await mock.call('GET', '/faults')).body).toEqual({});
    await set({ population: { mode: 'hang' } });
    const faults = { all: { mode: 'error', errorRate: 0.25, latencyMs: 1 }, population: { mode: 'none' } };
    expect(await mock.call('PUT', '/faults', faults)).toMatchObject({ status: 200, body: faults });
    expect((await mock.call('GET', '/faults')).body).toEqual(faults);
    expect((await mock.call('DELETE', '/faults')).status).toBe(204);
    expect((await mock.call('GET', '/faults')).body).toEqual({});
  });

  it('are never faulty themselves, nor are health and admin', async () => {
    await set({ all: { mode: 'reset' } });
    expect((await mock.call('GET', '/faults')).status).toBe(200);
    expect((await mock.call('GET', '/health/ready')).status).toBe(200);
    expect((await mock.call('POST', '/admin/certificates/revoke', { serial: EMPLOYEE })).status).toBe(200);
    await set({});
    expect((await send('GET', '/v1/certificate-changes', undefined)).status).toBe(200);
  });

  it.each([
    ['an unknown mode', { all: { mode: 'slow' } }, '/all/mode'],
    ['a mode left out', { all: {} }, '/all/mode'],
    ['an unknown operation', { everything: { mode: 'none' } }, '/everything'],
    ['an unknown field', { all: { mode: 'none', speed: 1 } }, '/all/speed'],
    ['a rate above one', { all: { mode: 'error', errorRate: 1.5 } }, '/all/errorRate'],
    ['a fraction of a millisecond', { population: { mode: 'none', latencyMs: 0.5 } }, '/population/latencyMs'],
    ['null for an operation', { 'person-searches': null }, '/person-searches'],
    ['a list for an operation', { 'certificate-status': [] }, '/certificate-status'],
    ['a list', [], ''],
    ['null', null, ''],
  ])('refuse %s and stay as they were', async (_what, faults, pointer) => {
    await set({ population: { mode: 'error' } });
    const { status, body } = await mock.call('PUT', '/faults', faults);
    expect(status).toBe(400);
    const { errors } = body as { errors: { pointer: string }[] };
    expect(errors.map((error) => error.pointer)).toContain(pointer);
    expect((await mock.call('GET', '/faults')).body).toEqual({ population: { mode: 'error' } });
  });
});

describe.each(CALLS)('%s', (operation, method, path, json) => {
  it('error: 503 as problem details', async () => {
    await set({ [operation]: { mode: 'error' } });
    const response = await send(method, path, json);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await response.json()).toMatchObject({ status: 503, code: 'fault-injected' });
  });

  it('error: in the share asked for', async () => {
    await set({ [operation]: { mode: 'error', errorRate: 0.5 } });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      const response = await send(method, path, json);
      await response.arrayBuffer();
      statuses.push(response.status);
    }
    expect(statuses).toEqual([200, 503, 200, 503]);
  });

  it('hang: no answer within the caller’s patience, while others are answered', async () => {
    await set({ [operation]: { mode: 'hang' } });
    const hung = send(method, path, json, 150);
    expect((await mock.call('GET', '/health/live')).status).toBe(200);
    await expect(hung).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('reset: the connection is cut without an answer', async () => {
    await set({ [operation]: { mode: 'reset' } });
    const error = await new Promise<NodeJS.ErrnoException>((resolve, reject) => {
      const call = request(`${mock.url}${path}`, { method, headers: { 'content-type': 'application/json' } }, () => {
        reject(new Error('answered'));
      });
      call.once('error', resolve);
      call.end(json === undefined ? undefined : JSON.stringify(json));
    });
    expect(error.code).toBe('ECONNRESET');
  });

  it('garbage: 200 and every kind of wrong body', async () => {
    await set({ [operation]: { mode: 'garbage' } });
    const notJson = await send(method, path, json);
    expect(notJson.status).toBe(200);
    await expect(notJson.json()).rejects.toThrow(SyntaxError);
    expect(await (await send(method, path, json)).json()).toEqual({ result: { code: 0, items: 'none' } });
    expect(JSON.stringify(await (await send(method, path, json)).json())).toMatch(/FFFFFFFF00000000|not-a-/);
    const truncated = await send(method, path, json);
    expect(truncated.status).toBe(200);
    await expect(truncated.text()).rejects.toThrow(TypeError);
    expect(await (await send(method, path, json)).text()).toBe('');
    const html = await send(method, path, json);
    expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await html.text()).toContain('<!doctype html>');
  });

  it('flapping: by the clock', async () => {
    await set({ [operation]: { mode: 'flapping', flapPeriodMs: 1000 } });
    const status = async (): Promise<number> => {
      const response = await send(method, path, json);
      await response.arrayBuffer();
      return response.status;
    };
    expect(await status()).toBe(503);
    mock.clock.advance(1000);
    expect(await status()).toBe(200);
    mock.clock.advance(1000);
    expect(await status()).toBe(503);
  });

  it('latency: the answer takes at least as long', async () => {
    await set({ [operation]: { mode: 'none', latencyMs: 60 } });
    const began = performance.now();
    const response = await send(method, path, json);
    await response.arrayBuffer();
    expect(response.status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(55);
  });

  it('leaves the other operations alone', async () => {
    await set({ [operation]: { mode: 'error' } });
    const statuses: [string, number][] = [];
    for (const [other, otherMethod, otherPath, otherJson] of CALLS) {
      const response = await send(otherMethod, otherPath, otherJson);
      await response.arrayBuffer();
      statuses.push([other, response.status]);
    }
    expect(statuses).toEqual(CALLS.map(([other]) => [other, other === operation ? 503 : 200]));
  });
});

it('all stands for the operations not named', async () => {
  await set({ all: { mode: 'error' }, population: { mode: 'none' } });
  expect((await send('GET', '/v1/certificate-changes', undefined)).status).toBe(503);
  const response = await send('GET', '/v1/population', undefined);
  await response.arrayBuffer();
  expect(response.status).toBe(200);
});

describe('shutdown', () => {
  it.each([
    ['hang', { mode: 'hang' }],
    ['ten minutes of latency', { mode: 'none', latencyMs: 600_000 }],
  ])('does not wait for %s', async (_what, fault) => {
    const closing = await startMock({ population: 5 });
    await closing.call('PUT', '/faults', { all: fault });
    const decided = vi.spyOn(closing.faults, 'next');
    const pending = fetch(`${closing.url}/v1/certificate-changes`).then(
      (response) => response.status,
      () => 'closed',
    );
    await vi.waitFor(() => expect(decided).toHaveBeenCalledOnce());
    const began = performance.now();
    await closing.close();
    // Less than the grace that answers under way are given: nobody waits for these.
    expect(performance.now() - began).toBeLessThan(900);
    expect(['closed', 200, 503]).toContain(await pending);
  });

  it('does not wait for a reader who has stopped reading', async () => {
    const closing = await startMock({ population: 20_000_000 });
    const response = await fetch(`${closing.url}/v1/population`);
    const reader = response.body?.getReader();
    await reader?.read();
    const began = performance.now();
    await closing.close();
    expect(performance.now() - began).toBeLessThan(2000);
    // What was cut off must not look complete.
    const readOn = async (): Promise<void> => {
      while ((await reader?.read())?.done === false);
    };
    await expect(readOn()).rejects.toThrow(TypeError);
  });
});
