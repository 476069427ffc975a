import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';

import request from 'supertest';

import { FactsStore } from '../apps/eligibility-api/src/coverage-store/facts-store.js';
import { StoreBusy } from '../apps/eligibility-api/src/replica/facts-reader.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { Bearer } from '../apps/eligibility-api/src/access/bearer.js';
import { Admission } from '../apps/eligibility-api/src/limits/admission.js';
import { EventLoopDelay } from '../apps/eligibility-api/src/limits/event-loop-delay.js';
import { eventually, World, type Reply } from './support/world.js';

const CARD = 'employee-30-u';
const UNKNOWN = { card: { certificateSerial: 'ABCDEF0011223344' } };

const figure = async (world: World, series: string): Promise<number> => {
  const { text } = await world.call('GET', '/metrics', { client: null });
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')[1] ?? 0,
  );
};

/** Today, so that its answer is ready. */
const ordinary = (world: World): object => ({
  card: { certificateSerial: world.person(CARD).certificateSerial },
});

/** Asks on a connection that is kept alive and nobody has used before: by the front door. */
const atTheDoor = async (world: World, body: object): Promise<Reply> => {
  const agent = new Agent({ keepAlive: true });
  const {
    status,
    headers,
    body: replied,
    text,
  } = await request(world.url)
    .post('/v1/eligibility-checks')
    .agent(agent)
    .set('authorization', `Bearer ${await world.token()}`)
    .send(body);
  agent.destroy();
  return { status, headers: new Headers(headers), text, body: replied as Reply['body'] };
};

/** A check that was turned away says nothing of the patient, and what to ask for. */
const expectTurnedAway = ({ status, headers, body }: Pick<Reply, 'status' | 'headers' | 'body'>): void => {
  expect([status, body['code']]).toEqual([503, 'overloaded']);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(headers.get('retry-after')).toMatch(/^[123]$/);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body['clerk'].ja).toContain('「資格なし」ではありません');
  expect(body['fallback'].documents.length).toBeGreaterThan(0);
  for (const field of ['verdict', 'qualificationValidity', 'results', 'credential'])
    expect(body).not.toHaveProperty(field);
};

describe('too much is asked', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({
      name: 'overload',
      settings: { OVERLOAD_DELAY_MS: '40', OVERLOAD_REST_MS: '20', REQUESTS_UNDER_WAY_MAX: '4' },
    });
    await world.allReady();
  });
  afterAll(() => world.close());
  afterEach(() => vi.restoreAllMocks());

  const delayed = (ms: number): void => {
    vi.spyOn(world.counter.app.get(EventLoopDelay), 'standingMs', 'get').mockReturnValue(ms);
  };
  const asks: Readonly<Record<string, () => Promise<Reply>>> = {
    'a batch': () => world.call('GET', '/v1/eligibility-batches/0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d'),
    'a list': () => world.call('GET', '/v1/eligibility-checks'),
    'a past check': () => world.call('GET', '/v1/eligibility-checks/0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d'),
    'a calculator': () =>
      world.call('POST', '/v1/window-charges', { body: { input: { points: 100, ratePercent: 30 } } }),
    'a check to be worked out': () => world.check(UNKNOWN),
    'a check under a key': () => world.ask(CARD, {}, { headers: { 'idempotency-key': `overload-${Math.random()}` } }),
    'a token': () =>
      world.call('POST', '/oauth/token', {
        client: null,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(`demo-clinic:${world.secret('demo-clinic')}`).toString('base64')}`,
        },
        body: 'grant_type=client_credentials',
      }),
    'an ordinary check': () => world.check(ordinary(world)),
  };
  const always: Readonly<Record<string, () => Promise<Reply>>> = {
    health: () => world.call('GET', '/health/ready', { client: null }),
    figures: () => world.call('GET', '/metrics', { client: null }),
    operations: () => world.call('GET', '/v1/operations/state', { client: 'demo-operator' }),
  };
  const turnedAway = async (): Promise<string[]> => {
    const names: string[] = [];
    for (const [name, ask] of Object.entries(asks)) {
      const { status, headers, body } = await ask();
      if (['overloaded', 'check-in-first'].includes(body['code'] as string)) {
        expect([status, headers.has('retry-after')]).toEqual([503, true]);
        names.push(name);
      }
    }
    return names;
  };

  it.each<[number, string[]]>([
    [10, []],
    [10.1, ['a batch']],
    [20.1, ['a batch', 'a list', 'a past check', 'a calculator']],
    [40, ['a batch', 'a list', 'a past check', 'a calculator', 'a check to be worked out', 'a check under a key']],
    [
      1_000,
      [
        'a batch',
        'a list',
        'a past check',
        'a calculator',
        'a check to be worked out',
        'a check under a key',
        'a token',
      ],
    ],
  ])('with a standing delay of %d ms check-in comes first: turned away are %j', async (ms, expected) => {
    delayed(ms);
    expect(await turnedAway()).toEqual(expected);
    for (const ask of Object.values(always)) expect((await ask()).status).toBe(200);
  });

  it('the figures say who was turned away, and why', async () => {
    const series = 'shikaku_shed_total{class="batch",because="delay"}';
    const before = await figure(world, series);
    delayed(15);
    await asks['a batch']?.();
    expect(await figure(world, series)).toBe(before + 1);
  });

  describe('in one turn, of what is asked most', () => {
    const full = (): void => {
      vi.spyOn(world.counter.app.get(Admission), 'isTurnFull').mockReturnValue(true);
    };

    it('a check is turned away before anybody has looked at it: no token, no JSON', async () => {
      full();
      const authenticate = vi.spyOn(world.counter.app.get(Bearer), 'authenticate');
      const head =
        'POST /v1/eligibility-checks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a.b.c\r\nContent-Type: application/json\r\n';
      const socket = connect({ port: Number(new URL(world.url).port), host: '127.0.0.1' });
      await once(socket, 'connect');
      socket.write(`${head}Content-Length: 5\r\n\r\nhello`);
      let text = '';
      socket.on('data', (bytes: Buffer) => (text += bytes.toString('utf8')));
      await eventually(async () => text.endsWith('}'));
      const [fields = '', body = '{}'] = text.split('\r\n\r\n');
      expectTurnedAway({
        status: Number(fields.split(' ')[1]),
        headers: new Headers(
          fields
            .split('\r\n')
            .slice(1)
            .map((line) => line.split(/: (.*)/s, 2) as [string, string]),
        ),
        body: JSON.parse(body) as Reply['body'],
      });
      expect(fields).toMatch(/\r\nConnection: keep-alive/);
      expect(Number(/content-length: (\d+)/.exec(fields)?.[1])).toBe(Buffer.byteLength(body));
      expect(authenticate).not.toHaveBeenCalled();
      socket.destroy();
    });

    it('by Node’s parser as well', async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      // From here on the connection is Node's.
      await request(world.url).get('/health/live').agent(agent);
      full();
      const { status, headers, body } = await request(world.url)
        .post('/v1/eligibility-checks')
        .agent(agent)
        .set('authorization', `Bearer ${await world.token()}`)
        .send(ordinary(world));
      expectTurnedAway({ status, headers: new Headers(headers), body: body as Reply['body'] });
      agent.destroy();
    });

    it('and the same connection answers when the rest is over', async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const ask = async (): Promise<number> => {
        const { status } = await request(world.url)
          .post('/v1/eligibility-checks')
          .agent(agent)
          .set('authorization', `Bearer ${await world.token()}`)
          .send(ordinary(world));
        return status;
      };
      expect(await ask()).toBe(200);
      full();
      expect([await ask(), await ask()]).toEqual([503, 503]);
      vi.restoreAllMocks();
      expect(await ask()).toBe(200);
      expect(await figure(world, 'shikaku_shed_total{class="ordinary",because="turn"}')).toBeGreaterThanOrEqual(2);
      agent.destroy();
    });
  });

  it('while the registry keeps its callers waiting, no more wait than there are places, and others are answered', async () => {
    await world.faults({ all: { mode: 'hang' } });
    const waiting = Array.from({ length: 4 }, (_, i) =>
      world.check({ card: { certificateSerial: `ABCDEF001122330${i}` } }),
    );
    const admission = world.counter.app.get(Admission);
    await eventually(async () => admission.refuses('worked-out') === 'under-way');
    const refused = await world.check(UNKNOWN);
    expectTurnedAway(refused);
    expect((await world.call('GET', '/v1/eligibility-checks')).body['code']).toBe('check-in-first');
    expect((await world.check(ordinary(world))).status).toBe(200);
    expect(await figure(world, 'shikaku_shed_total{class="worked-out",because="under-way"}')).toBeGreaterThan(0);
    await world.faults({});
    for (const reply of await Promise.all(waiting)) expect([200, 503]).toContain(reply.status);
    await eventually(async () => admission.refuses('batch') === undefined);
  });
});

describe('more connections come than there may be', () => {
  it('those there are go on, one more is closed', async () => {
    const world = await World.start({ name: 'connections', settings: { CONNECTIONS_MAX: '3' } });
    const port = Number(new URL(world.url).port);
    await eventually(
      () =>
        new Promise((resolve, reject) => {
          world.counter.app.getHttpServer().getConnections((error, count) => {
            if (error === null) resolve(count <= 1);
            else reject(error);
          });
        }),
    );
    const held = Array.from({ length: 3 }, () => connect({ port, host: '127.0.0.1' }));
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    const late = connect({ port, host: '127.0.0.1' }).resume();
    await once(late, 'close');
    const [first] = held;
    first?.write('GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n');
    const [bytes] = (await once(first as (typeof held)[number], 'data')) as [Buffer];
    expect(bytes.toString('latin1')).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of held) socket.destroy();
    await world.close();
  });
});

describe('a caller with little time left', () => {
  it('has the server give up the statement with it', async () => {
    const world = await World.start({ name: 'deadlines', settings: { DATABASE_TIMEOUT_MS: '20000' } });
    const facts = world.counter.app.get(FactsStore);
    const serial = world.person(CARD).certificateSerial as string;
    expect((await facts.bySerial(serial, 5_000))?.certificate.serial).toBe(serial);
    expect((await facts.bySerial(serial))?.certificate.serial).toBe(serial);
    await withClient(world.database.ownerUrl, async (owner) => {
      await owner.query('begin');
      await owner.query('lock table credential in access exclusive mode');
      // Of the server (57014), long before its usual time.
      await expect(facts.bySerial(serial, 50)).rejects.toMatchObject({
        name: 'StoreBusy',
        cause: { code: '57014' },
      });
      await expect(facts.bySerial(serial, 0)).rejects.toThrow(StoreBusy);
      await owner.query('rollback');
    });
    await world.close();
  });

  it('does not wait for a connection longer than that', async () => {
    const world = await World.start({
      name: 'deadlines_pool',
      settings: { DATABASE_TIMEOUT_MS: '20000', DATABASE_POOL_MAX: '1' },
    });
    const facts = world.counter.app.get(FactsStore);
    const serial = world.person(CARD).certificateSerial as string;
    await withClient(world.database.ownerUrl, async (owner) => {
      await owner.query('begin');
      await owner.query('lock table credential in access exclusive mode');
      const holding = facts.bySerial(serial, 15_000);
      // The one connection is taken for as long as the table is, and pool and server have twenty seconds.
      await expect(facts.bySerial(serial, 50)).rejects.toMatchObject({ name: 'NoTimeLeft' });
      await owner.query('rollback');
      expect((await holding)?.certificate.serial).toBe(serial);
    });
    // Whoever came too late holds nothing.
    await eventually(async () => (await facts.bySerial(serial, 5_000))?.certificate.serial === serial);
    await world.close();
  });
});

describe('R-09: one noisy clinic', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({
      name: 'quotas',
      settings: { CLIENT_QUOTA_REQUESTS: '20', CLIENT_QUOTA_SECONDS: '86400', OVERLOAD_REST_MS: '1' },
    });
    await world.allReady();
  });
  afterAll(() => world.close());

  const limitOf = ({ headers }: Reply): string | null => headers.get('ratelimit');
  const left = (reply: Reply): number => Number(/;r=(\d+)/.exec(limitOf(reply) ?? '')?.[1] ?? Number.NaN);

  it('hears how much is left when that is less than half, and 429 when nothing is, whichever way it asks; others are answered', async () => {
    const replies: Reply[] = [];
    // By the door or the corridor, by the router, and passed on to the router and refused there: each counts once.
    for (let i = 0; i < 6; i += 1) {
      replies.push(await (i % 2 === 0 ? atTheDoor(world, ordinary(world)) : world.check(ordinary(world))));
      replies.push(await world.ask(CARD, {}, { headers: { 'idempotency-key': `quota-${i}` } }));
      replies.push(await (i % 2 === 0 ? atTheDoor(world, { surprise: 1 }) : world.check({ surprise: 1 })));
    }
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => [200, 200, 400]).flat());
    expect(replies.map(left)).toEqual([...Array.from({ length: 10 }, () => Number.NaN), 9, 8, 7, 6, 5, 4, 3, 2]);
    expect(replies.at(-1)?.headers.get('ratelimit-policy')).toBe('"requests";q=20;w=86400');
    await world.call('GET', '/v1/eligibility-checks');
    await world.check(ordinary(world));

    for (const refused of [
      await world.check(ordinary(world)),
      await atTheDoor(world, ordinary(world)),
      await world.ask(CARD, {}, { headers: { 'idempotency-key': 'quota' } }),
      await world.call('GET', '/v1/eligibility-checks'),
      await world.check({ surprise: 1 }),
    ]) {
      expect([refused.status, refused.body['code'], left(refused)]).toEqual([429, 'too-many-requests', 0]);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(4_000);
      expect(refused.headers.get('ratelimit-policy')).toBe('"requests";q=20;w=86400');
      expect(refused.body).not.toHaveProperty('verdict');
    }
    for (let i = 0; i < 10; i += 1)
      expect((await world.check(ordinary(world), { client: 'demo-pharmacy' })).body['verdict']).toBe('valid');
  });

  it('an operator is not counted', async () => {
    for (let i = 0; i < 25; i += 1)
      expect((await world.call('GET', '/v1/operations/state', { client: 'demo-operator' })).status).toBe(200);
  });
});
