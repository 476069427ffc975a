import { connect } from 'node:net';

import { ClientDirectory } from '../apps/eligibility-api/src/access/clients.js';
import { ReadyReader } from '../apps/eligibility-api/src/answers/ready-row.js';
import { readAsk } from '../apps/eligibility-api/src/check-in/ask.js';
import { VerifyEligibility } from '../apps/eligibility-api/src/check-in/verify-eligibility.js';
import { tokyoDay } from '../apps/eligibility-api/src/clock/clock.js';
import { REPLICA_VIEW, type ReplicaView } from '../apps/eligibility-api/src/replica/replica-view.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { questionOf, World, type Reply } from './support/world.js';

const CARD = 'employee-30-u';

describe('the corridor', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'corridor', population: 200 });
    await world.allReady();
  });
  afterAll(() => world.close());

  /** How many requests stood in the corridor so far, by what became of them. */
  const stood = async (): Promise<{ answered: number; passedOn: number }> => {
    const { text } = await world.call('GET', '/metrics', { client: null });
    const of = (outcome: string): number =>
      Number(new RegExp(`^shikaku_corridor_requests_total\\{outcome="${outcome}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return { answered: of('answered'), passedOn: of('passed-on') };
  };

  /** What became of one request. */
  const ways = async (ask: () => Promise<unknown>): Promise<{ answered: number; passedOn: number }> => {
    const before = await stood();
    await ask();
    const after = await stood();
    return { answered: after.answered - before.answered, passedOn: after.passedOn - before.passedOn };
  };
  const ANSWERED = { answered: 1, passedOn: 0 };
  const PASSED_ON = { answered: 0, passedOn: 1 };
  /** It did not even look: the head was enough. */
  const NOT_LOOKED_AT = { answered: 0, passedOn: 0 };

  const cardOf = (id: string): object => ({ card: { certificateSerial: world.person(id).certificateSerial } });

  // Whichever test runs alone finds its token known.
  beforeEach(async () => {
    await world.check(cardOf(CARD));
  });

  it('answers the ordinary check', async () => {
    expect(await ways(() => world.check(cardOf(CARD)))).toEqual(ANSWERED);
  });

  it('looks at no token before the ordinary way has verified it', async () => {
    await world.moveTo(new Date(world.clock.now() + 1_000).toISOString());
    await world.allReady();
    expect(await ways(() => world.check(cardOf(CARD)))).toEqual(NOT_LOOKED_AT);
    expect(await ways(() => world.check(cardOf(CARD)))).toEqual(ANSWERED);
  });

  describe('what is not quite ordinary goes on, and is answered or refused as ever', () => {
    const json = { 'content-type': 'application/json' };
    it.each<[string, object | string, Record<string, string>, number, object]>([
      ['a body in two languages', '{"card":{"certificateSerial":"ＦＦ"}}', json, 400, PASSED_ON],
      ['half a body of JSON', '{"card":', json, 400, PASSED_ON],
      ['a field nobody knows', { surprise: 1 }, json, 400, PASSED_ON],
      ['a serial that is none', { card: { certificateSerial: 'xyz' } }, json, 400, PASSED_ON],
      [
        'a day that is none',
        { card: { certificateSerial: 'FFFFFFFF00100001' }, serviceDate: '2026-02-30' },
        json,
        400,
        PASSED_ON,
      ],
      [
        'a day too far off',
        { card: { certificateSerial: 'FFFFFFFF00100001' }, serviceDate: '2199-01-01' },
        json,
        422,
        PASSED_ON,
      ],
      ['the prototype of all', '{"__proto__":{"card":{"certificateSerial":"FFFFFFFF00100001"}}}', json, 400, PASSED_ON],
      ['a card nobody knows', { card: { certificateSerial: 'ABCDEF0123456789' } }, json, 200, PASSED_ON],
      [
        'a wrong purpose',
        { card: { certificateSerial: 'FFFFFFFF00100001' } },
        { ...json, 'shikaku-purpose': 'fun' },
        400,
        PASSED_ON,
      ],
      [
        'a kind of answer we have not',
        { card: { certificateSerial: 'FFFFFFFF00100001' } },
        { ...json, accept: 'text/html' },
        406,
        NOT_LOOKED_AT,
      ],
      ['text that is not JSON', 'card=FFFFFFFF00100001', { 'content-type': 'text/plain' }, 415, NOT_LOOKED_AT],
      ['JSON in another charset', '{}', { 'content-type': 'application/json; charset=shift_jis' }, 415, NOT_LOOKED_AT],
      [
        'a key against repeats',
        { card: { certificateSerial: 'FFFFFFFF00100001' } },
        { ...json, 'idempotency-key': 'once' },
        200,
        NOT_LOOKED_AT,
      ],
      [
        'another day',
        { card: { certificateSerial: 'FFFFFFFF00100001' }, serviceDate: '2026-10-01' },
        json,
        200,
        PASSED_ON,
      ],
      ['verify now', { card: { certificateSerial: 'FFFFFFFF00100001' }, maxAgeSeconds: 0 }, json, 200, PASSED_ON],
      [
        'a long body',
        `{"card":{"certificateSerial":"FFFFFFFF00100001"}}${' '.repeat(5_000)}`,
        json,
        200,
        NOT_LOOKED_AT,
      ],
    ])('%s', async (_what, body, headers, status, way) => {
      let reply: Reply | undefined;
      expect(
        await ways(async () => {
          reply = await world.check(body, { headers });
        }),
      ).toEqual(way);
      expect(reply?.status).toBe(status);
    });

    it('a number instead of a card', async () => {
      let reply: Reply | undefined;
      expect(await ways(async () => (reply = await world.ask('wrong-check-digit')))).toEqual(PASSED_ON);
      expect(reply?.body['verdict']).toBe('not-found');
    });

    it('a caller who may not ask', async () => {
      const insurer = { client: 'demo-insurer' };
      await world.check(cardOf(CARD), insurer);
      let reply: Reply | undefined;
      expect(await ways(async () => (reply = await world.check(cardOf(CARD), insurer)))).toEqual(NOT_LOOKED_AT);
      expect(reply?.status).toBe(403);
    });
  });

  /** Sends bytes as they are, in the pieces given, and reads until the connection is quiet. */
  const raw = async (...pieces: readonly string[]): Promise<string> => {
    const { port } = new URL(world.url);
    const socket = connect(Number(port), '127.0.0.1').setNoDelay(true);
    const replies: Buffer[] = [];
    socket.on('data', (bytes: Buffer) => replies.push(bytes));
    for (const piece of pieces) {
      socket.write(piece);
      // The other side reads each by itself.
      await new Promise((resolve) => setImmediate(resolve));
      await world.call('GET', '/health/live', { client: null });
    }
    await vi.waitFor(() => expect(Buffer.concat(replies).toString()).toMatch(/"freshness"|"instance"/));
    socket.destroy();
    return Buffer.concat(replies).toString();
  };
  const request = async (body: string, extra = ''): Promise<string> =>
    `POST /v1/eligibility-checks HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${await world.token()}\r\ncontent-type: application/json\r\n${extra}content-length: ${body.length}\r\n\r\n`;

  it.each([
    ['a body in two pieces is put together again', 20, ANSWERED],
    ['a body in one piece after its head', 0, ANSWERED],
  ])('%s', async (_what, cut, way) => {
    const body = JSON.stringify(cardOf(CARD));
    const head = await request(body);
    let reply = '';
    expect(
      await ways(async () => {
        reply = await raw(head, ...(cut === 0 ? [body] : [body.slice(0, cut), body.slice(cut)]));
      }),
    ).toEqual(way);
    expect(reply).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(reply).toContain('"verdict":"valid"');
  });

  it('two Authorization headers are refused, the first being good', async () => {
    const body = JSON.stringify(cardOf(CARD));
    const head = await request(body, 'Authorization: Bearer other\r\n');
    expect(await raw(head + body)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('replies with the same headers as the ordinary way', async () => {
    const headersOf = async (headers: Record<string, string>): Promise<Record<string, string>> => {
      const reply = await world.check(cardOf(CARD), { headers });
      return Object.fromEntries([...reply.headers].filter(([name]) => name !== 'date' && name !== 'content-length'));
    };
    expect(await headersOf({})).toEqual(await headersOf({ 'idempotency-key': 'headers' }));
  });

  it('gives what would be worked out afresh, for everybody, with every consent', async () => {
    const verify = world.counter.app.get(VerifyEligibility);
    const asking = {
      caller: { clientId: 'demo-clinic', scopes: new Set<string>(), institutionCode: '1312345679' },
      purpose: 'treatment' as const,
    };
    const cards = world.people.filter((person) => person.certificateSerial !== undefined);
    const today = tokyoDay(world.clock.now());
    let compared = 0;
    for (const [i, person] of cards.entries())
      for (let consents = 0; consents < 64; consents += 7) {
        const bits = (consents + i) % 64;
        const body = {
          card: { certificateSerial: person.certificateSerial as string },
          consent: {
            limitApplicationCertificate: (bits & 1) !== 0,
            specificDiseases: (bits & 2) !== 0,
            pharmacists: (bits & 4) !== 0,
            specificHealthCheckups: (bits & 8) !== 0,
            diagnosis: (bits & 16) !== 0,
            operation: (bits & 32) !== 0,
          },
        };
        const reply = await world.check(body);
        if (reply.status !== 200) continue;
        const now = Date.parse(reply.body['checkedAt'] as string);
        const afresh = await verify.workOut(asking, readAsk(body, today), now, today);
        const strip = (text: string): object => {
          const { checkId: _id, freshness: _freshness, credential, ...rest } = JSON.parse(text) as Record<string, any>;
          return { ...rest, credential: { ...credential, verifiedAt: undefined } };
        };
        expect(strip(reply.text), person.id).toEqual(strip(String(Buffer.from(afresh.body, 'latin1'))));
        compared += 1;
      }
    expect(compared).toBeGreaterThan(200);
  });

  it('midnight in Tokyo, into the 1st of a month, changes the day of answers and not the way they come', async () => {
    await world.moveTo('2026-11-30T23:59:59.850+09:00');
    await world.allReady();
    const verify = world.counter.app.get(VerifyEligibility);
    const asking = {
      caller: { clientId: 'demo-clinic', scopes: new Set<string>(), institutionCode: '1312345679' },
      purpose: 'treatment' as const,
    };
    const cards = ['employee-30-u', 'dialysis', 'elderly-20', 'dependent', 'certificate-grace'];
    const body = (
      i: number,
    ): { card: { certificateSerial: string }; consent: { limitApplicationCertificate: true } } => ({
      card: { certificateSerial: world.person(cards[i % cards.length] as string).certificateSerial as string },
      consent: { limitApplicationCertificate: true },
    });
    await world.check(body(0));
    const days = new Map<string, number>();
    const way = await ways(async () => {
      for (let step = 0; step < 30; step += 1) {
        world.clock.advance(10);
        // Several at once, as they come in the morning.
        for (const reply of await Promise.all([0, 1, 2, 3, 4].map((i) => world.check(body(i))))) {
          const { checkedAt, serviceDate, results } = reply.body;
          const at = Date.parse(checkedAt as string);
          expect(serviceDate).toBe(tokyoDay(at));
          for (const { costLimit } of results as { costLimit?: { treatmentMonth?: string } }[])
            expect(costLimit?.treatmentMonth ?? serviceDate).toContain((serviceDate as string).slice(0, 7));
          days.set(serviceDate as string, (days.get(serviceDate as string) ?? 0) + 1);
        }
        const { body: asked } = await world.check(body(step));
        const now = Date.parse(asked['checkedAt'] as string);
        const afresh = await verify.workOut(asking, readAsk(body(step), tokyoDay(now)), now, tokyoDay(now));
        expect(asked['answerVersion']).toBe(
          (JSON.parse(Buffer.from(afresh.body, 'latin1').toString()) as { answerVersion: string }).answerVersion,
        );
      }
    });
    expect([...days.keys()]).toEqual(['2026-11-30', '2026-12-01']);
    expect(way).toEqual({ answered: 180, passedOn: 0 });
  });

  it('a ready row of another person is not given, whatever lies in its place', () => {
    const view = world.counter.app.get<ReplicaView>(REPLICA_VIEW);
    const row = view.ready(world.person(CARD).certificateSerial as string);
    expect(row).toBeDefined();
    expect(new ReadyReader(row?.opened ?? Buffer.alloc(0)).verdict).toBe('valid');
    expect(view.ready('ABCDEF0123456789')).toBeUndefined();
  });

  it('forgets a token when its client is revoked', async () => {
    await world.check(cardOf('dialysis'), { client: 'demo-pharmacy' });
    expect(await ways(() => world.check(cardOf('dialysis'), { client: 'demo-pharmacy' }))).toEqual(ANSWERED);
    await withClient(world.database.ownerUrl, (db) =>
      db.query(`update client set revoked_at = now() where client_id = 'demo-pharmacy'`),
    );
    await world.counter.app.get(ClientDirectory).refresh();
    expect((await world.check(cardOf('dialysis'), { client: 'demo-pharmacy' })).status).toBe(401);
  });

  it('answers the scenario people as they are told of', async () => {
    for (const person of world.people.filter(
      (one) => one.serviceDate === undefined && one.certificateSerial !== undefined,
    ))
      expect((await world.check(questionOf(person))).status, person.id).toBe(200);
  });
});
