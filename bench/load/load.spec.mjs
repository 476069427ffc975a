import { createServer } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';

import { afterEach, describe, expect, it } from 'vitest';

import { serialOf } from '../serials.mjs';
import { runCallersLoop } from './callers-loop.mjs';
import { runClosedLoop } from './closed-loop.mjs';
import { runOpenLoop } from './open-loop.mjs';
import { drawing } from './requests.mjs';

/** @type {import('node:http').Server[]} */
const servers = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const told = { onMeasuring: () => {}, onMeasured: () => {} };
const filler = 'x'.repeat(200);

/**
 * A server that answers as a check does, about the person asked about.
 *
 * @param {(body: string, count: number) => { status?: number, answer?: string } | undefined} [instead]
 * @param {() => Promise<void>} [hold]
 */
async function stub(instead = () => undefined, hold = () => Promise.resolve()) {
  let count = 0;
  const people = new Map(Array.from({ length: 100 }, (_, at) => [serialOf(at + 1), at + 1]));
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      count += 1;
      const number = count;
      void hold().then(() => {
        const { card } = JSON.parse(body);
        const person = String(people.get(card.certificateSerial)).padStart(8, '0');
        const own = JSON.stringify({ verdict: 'valid', results: [{ insuredIdentificationNumber: person }], filler });
        const { status = 200, answer = own } = instead(body, number) ?? {};
        response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
        return response.end(answer);
      });
    });
  });
  servers.push(server);
  await /** @type {Promise<void>} */ (new Promise((done) => server.listen(0, '127.0.0.1', () => done())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { host: '127.0.0.1', port: address.port };
}

/** @type {import('./requests.mjs').Question} */
const question = {
  kind: 'check',
  path: '/v1/eligibility-checks',
  tokens: ['a', 'b'],
  people: { kind: 'any', size: 100 },
  isAnsweredForPerson: true,
};
const closed = { kind: /** @type {const} */ ('closed'), question, seed: 1, connections: 10, warmMs: 100 };
const open = {
  kind: /** @type {const} */ ('open'),
  question,
  seed: 1,
  connections: 10,
  warmMs: 100,
  arrivals: /** @type {const} */ ('poisson'),
};

/** Stands still once, for `stallMs`, from a second after it is called. @param {number} stallMs */
const stallOnce = (stallMs) => {
  const from = performance.now() + 1_000;
  return async () => {
    const now = performance.now();
    if (now >= from && now < from + stallMs) await after(from + stallMs - now);
  };
};

describe('the closed loop', () => {
  it('counts answers about the person asked about, and how long they took', async () => {
    const result = await runClosedLoop({ ...closed, ...(await stub()), measureMs: 500 }, told);
    expect(result.faults).toEqual({});
    expect(result.replies).toBeGreaterThan(100);
    expect(result.perSecond).toBeCloseTo(result.replies / result.seconds, 5);
    expect(Object.keys(result.verdicts)).toEqual(['valid, no source']);
    expect(result.latencyMs['50']).toBeGreaterThan(0);
  });

  it.each([
    ['another status', { status: 503 }, 'status 503'],
    ['a body too short to be an answer', { answer: '{}' }, 'a short body'],
    [
      'an answer about somebody else',
      { answer: JSON.stringify({ verdict: 'valid', results: [], filler }) },
      'an answer about somebody else',
    ],
    ['a body that is not JSON', { answer: `<html>${filler}` }, 'a body that is not JSON'],
  ])('counts %s as a fault, never as a reply', async (_what, instead, fault) => {
    const result = await runClosedLoop({ ...closed, ...(await stub(() => instead)), measureMs: 300 }, told);
    expect(result.faults[fault]).toBeGreaterThan(0);
  });

  it('counts a connection that breaks, and goes on with another', async () => {
    const to = await stub();
    const running = runClosedLoop({ ...closed, ...to, measureMs: 900 }, told);
    await after(400);
    servers[0]?.closeAllConnections();
    const result = await running;
    expect(Object.values(result.faults).reduce((sum, times) => sum + times, 0)).toBeGreaterThanOrEqual(10);
    expect(result.replies).toBeGreaterThan(100);
  });
});

describe('a server that stands still for two seconds', { timeout: 30_000 }, () => {
  it('hides from the p99 of the closed loop: nobody asks meanwhile', async () => {
    const to = await stub(undefined, stallOnce(2_000));
    const result = await runClosedLoop({ ...closed, ...to, measureMs: 5_000 }, told);
    expect(result.latencyMs['100']).toBeGreaterThan(1_500);
    expect(result.latencyMs['99']).toBeLessThan(200);
  });

  it('is seen by the open loop: whoever came meanwhile waited', async () => {
    const to = await stub(undefined, stallOnce(2_000));
    const result = await runOpenLoop({ ...open, ...to, perSecond: 200, measureMs: 5_000 }, told);
    expect(result.faults).toEqual({});
    expect(result.latencyMs['99']).toBeGreaterThan(1_500);
    // Two seconds of five: two fifths of all waited, a second on average.
    expect(result.latencyMs['75']).toBeGreaterThan(300);
    expect(result.latencyMs['50']).toBeLessThan(200);
  });
});

describe('the open loop', { timeout: 30_000 }, () => {
  it('asks at its rate, and says how many it was to ask', async () => {
    const result = await runOpenLoop({ ...open, ...(await stub()), perSecond: 300, measureMs: 2_000 }, told);
    expect(result.offeredPerSecond).toBeGreaterThan(250);
    expect(result.offeredPerSecond).toBeLessThan(350);
    expect(result.achievedPerSecond / result.offeredPerSecond).toBeGreaterThan(0.98);
    expect(result.replies).toBe(Math.round(result.offeredPerSecond * 2));
  });

  it('opens more connections when all are waiting', async () => {
    const to = await stub(undefined, () => after(200));
    const result = await runOpenLoop({ ...open, ...to, perSecond: 300, measureMs: 1_000 }, told);
    expect(result.connections).toBeGreaterThan(50);
    expect(result.latencyMs['99']).toBeLessThan(1_000);
  });

  it('counts what is never answered', async () => {
    const to = await stub(undefined, () => new Promise(() => {}));
    const result = await runOpenLoop({ ...open, ...to, perSecond: 50, measureMs: 500, graceMs: 300 }, told);
    expect(result.replies).toBe(0);
    expect(result.faults['no answer']).toBeGreaterThan(10);
  });
});

describe('callers', { timeout: 30_000 }, () => {
  /** @type {import('./callers-loop.mjs').CallersLoop} */
  const callers = {
    kind: 'callers',
    host: '',
    port: 0,
    question: {
      kind: 'mix',
      tokens: ['a'],
      asks: [
        { name: 'check', share: 0.5, method: 'POST', path: '/v1/eligibility-checks', card: 'known' },
        { name: 'other', share: 0.5, method: 'POST', path: '/other', card: 'none', body: {} },
      ],
      cards: [{ serial: serialOf(1), number: '00000001' }],
      isEachKept: false,
    },
    seed: 3,
    perSecond: 200,
    callers: [
      { asks: ['check'], count: 4 },
      { asks: ['other'], count: 2 },
    ],
    patienceMs: 300,
    warmMs: 0,
    measureMs: 1_500,
    graceMs: 1_000,
  };

  /**
   * @param {(path: string, socket: import('node:net').Socket) => { status?: number, headers?: Record<string, string>, delayMs?: number } | undefined} how
   */
  async function answering(how) {
    /** @type {Map<string, Set<import('node:net').Socket>>} */
    const sockets = new Map();
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      sockets.set(path, (sockets.get(path) ?? new Set()).add(request.socket));
      request.resume().on('end', () => {
        const { status = 200, headers = {}, delayMs = 0 } = how(path, request.socket) ?? {};
        const body = JSON.stringify(status === 200 ? { verdict: 'valid' } : { code: 'overloaded' });
        setTimeout(() => {
          response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
          response.end(body);
        }, delayMs);
      });
    });
    servers.push(server);
    await /** @type {Promise<void>} */ (new Promise((done) => server.listen(0, '127.0.0.1', () => done())));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    return { to: { host: '127.0.0.1', port }, sockets };
  }
  const fates = (/** @type {Awaited<ReturnType<typeof runCallersLoop>>} */ { asks }) =>
    asks.map(({ counts: { planned, inTime, refused, error } }) => ({ planned, inTime, refused, error }));

  it('each have a connection of their own, and ask what is theirs', async () => {
    const { to, sockets } = await answering(() => undefined);
    const result = await runCallersLoop({ ...callers, ...to }, told);
    expect([sockets.get('/v1/eligibility-checks')?.size, sockets.get('/other')?.size]).toEqual([4, 2]);
    const [checks, others] = fates(result);
    expect(others?.inTime).toBe(others?.planned);
    expect((checks?.planned ?? 0) / 1.5).toBeGreaterThan(70);
  });

  it('who are turned away do as Retry-After says, and what comes to them meanwhile is refused unsent', async () => {
    let asked = 0;
    const { to } = await answering((path) => {
      if (path !== '/other') return undefined;
      asked += 1;
      return { status: 503, headers: { 'Retry-After': '1' } };
    });
    const result = await runCallersLoop({ ...callers, ...to }, told);
    const [, others] = fates(result);
    // Two callers, a second and a half: twice each.
    expect(asked).toBe(4);
    expect(others?.refused).toBe(others?.planned);
    expect(result.heldBackPerSecond * result.seconds).toBe((others?.planned ?? 0) - asked);
  });

  it('wait in their own line, and give up there', async () => {
    const { to } = await answering((path) => (path === '/other' ? { delayMs: 500 } : undefined));
    const result = await runCallersLoop({ ...callers, ...to }, told);
    const [, others] = fates(result);
    expect(result.faults['gave up']).toBeGreaterThan(50);
    expect(others?.error).toBeGreaterThan(50);
    // Whoever is asked at all has waited no longer than patience lasts.
    expect(result.asks[1]?.latencyMs['100']).toBeLessThan(300 + 500 + 200);
  });
});

describe('who is asked about', () => {
  it('everybody once, in a walk that asks nobody twice', () => {
    const next = drawing({ kind: 'each-once', size: 100, from: 40 }, 1);
    expect(new Set(Array.from({ length: 100 }, next)).size).toBe(100);
  });

  it('a few, who were asked about a moment ago', () => {
    const next = drawing({ kind: 'few', size: 1_000, few: 10, from: 990 }, 1);
    expect(new Set(Array.from({ length: 500 }, next)).size).toBe(10);
  });

  it('nobody has the card of another', () => {
    const serials = new Set(Array.from({ length: 200_000 }, (_, at) => serialOf(at + 1)));
    expect(serials.size).toBe(200_000);
    for (const serial of [...serials].slice(0, 100)) expect(serial).toMatch(/^[0-9A-F]{16}$/);
  });
});
