import { createServer } from 'node:http';

import { afterEach, describe, expect, it } from 'vitest';

import { runOpenLoop } from '../load/open-loop.mjs';
import { Timeline } from '../load/timeline.mjs';
import { timelinePlot } from '../report/plots.mjs';
import { allFromMs, countOf, quantile, questionsOf, wellFromSecond } from './analysis.mjs';
import { atTheCounter } from './mixes.mjs';
import { timelineOf } from './outage.mjs';

/** @type {import('node:http').Server[]} */
const servers = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const card = { serial: '0123456789ABCDEF', number: '00000007' };
/** @type {import('../load/mix.mjs').Mix} */
const mix = { kind: 'mix', tokens: ['t'], asks: atTheCounter, cards: [card], isEachKept: true };
const [CHECK, , UNKNOWN] = [0, 1, 2];

/** @param {object} [more] */
const answer = (more = {}) => ({
  checkId: 'id',
  verdict: 'valid',
  results: [{ qualification: { insuredIdentificationNumber: card.number } }],
  freshness: { source: 'replica' },
  ...more,
});
const degraded = { freshness: { source: 'replica', degraded: { reason: 'registry-unavailable' } } };

/** @param {object | string} body */
const reply = (body, status = 200) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, bytes: text.length, body: () => text, retryAfterSeconds: () => undefined, isLast: false };
};

/**
 * @param {[ReturnType<typeof reply>, number, number?][]} replies with when each was meant to be asked, and its kind
 * @param {Partial<import('../load/mix.mjs').Mix>} [how]
 */
function told(replies, how = {}) {
  const timeline = new Timeline({ ...mix, ...how });
  for (const [one, atMs, what = CHECK] of replies) {
    timeline.planned(atMs, what);
    timeline.count(one, 10, atMs, 0, what);
  }
  return timeline.result();
}

describe('how a question fared', () => {
  it.each([
    ['an answer as it should be', reply(answer()), CHECK, 'fresh'],
    ['an answer that says what could not be asked', reply(answer(degraded)), CHECK, 'degraded'],
    ['a 503 that says so', reply({ code: 'answer-unavailable' }, 503), CHECK, 'unavailable'],
    ['an unknown card, said to be unknown', reply(answer({ verdict: 'not-found', results: [] })), UNKNOWN, 'fresh'],
    ['a refusal', reply({ code: 'overloaded' }, 503), CHECK, 'refused'],
    ['a quota', reply({ code: 'too-many-requests' }, 429), CHECK, 'refused'],
    ['an error of ours', reply({ code: 'internal-error' }, 500), CHECK, 'error'],
    ['a 503 that says nothing', reply('', 503), CHECK, 'error'],
    ['a covered person said not to be', reply(answer({ verdict: 'invalid' })), CHECK, 'error'],
    ['an answer about somebody else', reply(answer({ results: [] })), CHECK, 'error'],
    ['a card that nobody has, said to be valid', reply(answer()), UNKNOWN, 'error'],
    ['no JSON', reply('<html>'), CHECK, 'error'],
  ])('%s', (_what, one, what, fate) => {
    const result = told([[one, 0, what]]);
    expect(countOf(result, [/** @type {any} */ (fate)])).toBe(1);
    expect(countOf(result, ['fresh', 'degraded', 'unavailable', 'refused', 'error'])).toBe(1);
  });

  it('a wrong answer is counted, and is to be on record all the same', () => {
    const result = told([[reply(answer({ verdict: 'invalid' })), 0]]);
    expect(result.checkIds).toEqual(['id']);
    expect(result.faults).toEqual({ 'a covered person was said to be invalid': 1 });
  });

  it('where not each is read whole, a covered person said not to be is seen all the same', () => {
    const result = told(
      Array.from({ length: 10 }, (_, at) => [reply(answer(at === 9 ? { verdict: 'invalid' } : degraded)), at]),
      { isEachKept: false },
    );
    expect(countOf(result, ['degraded'])).toBe(9);
    expect(countOf(result, ['error'])).toBe(1);
    expect(result.checkIds).toEqual([]);
  });

  it('a connection that ends under a question is an error of that second, one that cannot be made is none', () => {
    const timeline = new Timeline(mix);
    timeline.planned(1_500, CHECK);
    timeline.fault('ECONNRESET', 1_500, CHECK);
    timeline.fault('ECONNREFUSED', 1_600, undefined);
    const result = timeline.result();
    expect(result.asks[CHECK]?.seconds[1]).toMatchObject({ planned: 1, error: 1 });
    expect(result.faults).toEqual({ ECONNRESET: 1 });
    expect(result.disconnects).toBe(1);
  });
});

describe('what is read from a timeline', () => {
  const result = told([
    [reply(answer()), 100],
    [reply(answer(degraded)), 1_200],
    [reply({ code: 'answer-unavailable' }, 503), 2_500, UNKNOWN],
    [reply(answer(degraded)), 2_900],
    [reply(answer()), 3_100],
  ]);

  it('from when on everybody was answered fresh', () => {
    const known = { names: ['check'], fates: /** @type {const} */ (['fresh']) };
    expect(allFromMs(result, { ...known, fromMs: 1_000 })).toBe(1_900);
    expect(allFromMs(result, { ...known, fromMs: 3_000 })).toBe(0);
    expect(allFromMs(result, { names: ['unknown card'], fates: ['fresh'], fromMs: 1_000 })).toBe(1_500);
  });

  it('who fared how between two instants', () => {
    expect(questionsOf(result, { fates: ['degraded'], fromMs: 1_000, untilMs: 2_900 })).toEqual([
      { atMs: 1_200, latencyMs: 10 },
    ]);
    expect(questionsOf(result, { fates: ['unavailable'], names: ['check'] })).toEqual([]);
  });

  it('quantiles', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 3, 2], 1)).toBe(4);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('after how many seconds all is well for good', () => {
    const bad = reply({ code: 'overloaded' }, 503);
    const seconds = [bad, reply(answer()), bad, reply(answer()), reply(answer()), reply(answer())];
    const timeline = told(seconds.map((one, at) => [one, at * 1_000]));
    const wanted = { names: ['check'], share: 0.95, p99Ms: 100 };
    expect(wellFromSecond(timeline, { ...wanted, fromSecond: 1 })).toBe(2);
    expect(wellFromSecond(timeline, { ...wanted, fromSecond: 4 })).toBe(0);
    expect(wellFromSecond(timeline, { ...wanted, fromSecond: 1, p99Ms: 5 })).toBe(Number.POSITIVE_INFINITY);
  });

  it('a picture, with the fault and every kind that occurred', () => {
    const picture = timelinePlot(timelineOf(result, 'A fault', [{ label: 'away', from: 1, to: 3 }]));
    expect(picture).toContain('away');
    expect(picture.match(/fill-opacity="0.85"/g)).toHaveLength(3);
    expect(picture).not.toContain('NaN');
  });
});

describe('the load', { timeout: 20_000 }, () => {
  it('asks in the given shares, and a connection that was turned away rests', async () => {
    /** @type {Map<import('node:net').Socket, number>} */
    const turnedAway = new Map();
    let tooSoon = 0;
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        if (performance.now() - (turnedAway.get(request.socket) ?? Number.NEGATIVE_INFINITY) < 200) tooSoon += 1;
        const asked = JSON.parse(body);
        const isVerifyNow = asked.maxAgeSeconds === 0;
        if (isVerifyNow) turnedAway.set(request.socket, performance.now());
        const text = JSON.stringify(isVerifyNow ? { code: 'overloaded' } : answer({ verdict: 'valid' }));
        response.writeHead(isVerifyNow ? 503 : 200, { 'content-length': Buffer.byteLength(text) });
        response.end(text);
      });
    });
    servers.push(server);
    await /** @type {Promise<void>} */ (new Promise((done) => server.listen(0, '127.0.0.1', () => done())));
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    const result = /** @type {import('../load/timeline.mjs').TimelineResult} */ (
      /** @type {unknown} */ (
        await runOpenLoop(
          {
            kind: 'open',
            host: '127.0.0.1',
            port: address.port,
            question: mix,
            seed: 5,
            perSecond: 400,
            arrivals: 'even',
            connections: 5,
            warmMs: 0,
            measureMs: 1_500,
          },
          { onMeasuring: () => {}, onMeasured: () => {} },
        )
      )
    );
    const planned = countOf(result, ['planned']);
    expect(planned).toBeGreaterThan(500);
    expect(countOf(result, ['planned'], ['verify now']) / planned).toBeCloseTo(0.1, 1);
    expect(countOf(result, ['refused'])).toBe(countOf(result, ['planned'], ['verify now']));
    expect(countOf(result, ['fresh'], ['check'])).toBe(countOf(result, ['planned'], ['check']));
    expect(tooSoon).toBe(0);
  });
});
