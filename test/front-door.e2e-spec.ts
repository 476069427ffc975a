import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { ClientDirectory } from '../apps/eligibility-api/src/access/clients.js';
import { FrontDoor } from '../apps/eligibility-api/src/check-in/front-door.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { eventually, World, type Reply } from './support/world.js';

const CARD = 'employee-30-u';
const OTHER = 'elderly-20';

/** A caller with one connection, who sends bytes and reads replies in the order in which they come. */
class Line {
  private unread = Buffer.alloc(0);
  readonly ended: Promise<unknown>;

  private constructor(readonly socket: Socket) {
    socket.on('data', (bytes: Buffer) => (this.unread = Buffer.concat([this.unread, bytes])));
    this.ended = once(socket, 'end');
  }

  static async to(url: string): Promise<Line> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    await once(socket, 'connect');
    return new Line(socket);
  }

  send(bytes: string): this {
    this.socket.write(bytes, 'latin1');
    return this;
  }

  /** The next reply, whole. */
  async reply(): Promise<Reply> {
    let end = -1;
    let length = 0;
    await eventually(async () => {
      end = this.unread.indexOf('\r\n\r\n');
      length = Number(/^content-length: (\d+)\r?$/im.exec(this.unread.toString('latin1', 0, end))?.[1]);
      return end >= 0 && this.unread.length >= end + 4 + length;
    });
    const [statusLine = '', ...lines] = this.unread.toString('latin1', 0, end).split('\r\n');
    const text = this.unread.toString('utf8', end + 4, end + 4 + length);
    this.unread = this.unread.subarray(end + 4 + length);
    const headers = new Headers(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]));
    return { status: Number(statusLine.split(' ')[1]), headers, text, body: JSON.parse(text) as Reply['body'] };
  }

  hasUnread(): boolean {
    return this.unread.length > 0;
  }

  hangUp(): void {
    this.socket.destroy();
  }
}

describe('the front door', () => {
  let world: World;
  let line: Line;
  beforeAll(async () => {
    world = await World.start({ name: 'front_door', population: 50 });
    await world.allReady();
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    line = await Line.to(world.url);
  });
  afterEach(() => line.hangUp());

  const serialOf = (id: string): string => world.person(id).certificateSerial as string;
  const bodyOf = (id: string): string => JSON.stringify({ card: { certificateSerial: serialOf(id) } });
  const head = async (body: string, more: readonly string[] = [], client?: string): Promise<string> =>
    [
      'POST /v1/eligibility-checks HTTP/1.1',
      'Host: a',
      `Authorization: Bearer ${await world.token(client)}`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...more,
      '\r\n',
    ].join('\r\n');
  const requestFor = async (body: string, more: readonly string[] = []): Promise<string> =>
    (await head(body, more)) + Buffer.from(body).toString('latin1');
  const ordinary = async (id = CARD): Promise<string> => requestFor(bodyOf(id));

  /** What became of checks so far, and how many were replied to beyond the door. */
  const stood = async (): Promise<Record<'answered' | 'worked-out' | 'passed-on', number>> => {
    const { text } = await world.call('GET', '/metrics', { client: null });
    const of = (outcome: string): number =>
      Number(new RegExp(`^shikaku_corridor_requests_total\\{outcome="${outcome}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return { answered: of('answered'), 'worked-out': of('worked-out'), 'passed-on': of('passed-on') };
  };
  const ways = async (ask: () => Promise<unknown>): Promise<object> => {
    const before = await stood();
    await ask();
    const after = await stood();
    return Object.fromEntries(
      Object.entries(after).flatMap(([way, times]) => {
        const more = times - before[way as keyof typeof before];
        return more === 0 ? [] : [[way, more]];
      }),
    );
  };

  it('answers one check after the other on one connection, with a token that nobody has seen before as well', async () => {
    await world.moveTo(new Date(world.clock.now() + 1_000).toISOString());
    await world.allReady();
    const request = await ordinary();
    expect(
      await ways(async () => {
        for (let i = 0; i < 5; i += 1) {
          const { status, body } = await line.send(request).reply();
          expect([status, body['verdict'], body['freshness'].source]).toEqual([200, 'valid', 'replica']);
        }
      }),
    ).toEqual({ answered: 5 });
  });

  it('replies with the same headers as the ordinary way, and a date', async () => {
    const names = async (more: readonly string[]): Promise<Record<string, string>> => {
      const own = await Line.to(world.url);
      const { headers } = await own.send(await requestFor(bodyOf(CARD), more)).reply();
      own.hangUp();
      expect(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now())).toBeLessThan(5_000);
      return Object.fromEntries([...headers].filter(([name]) => name !== 'date' && name !== 'content-length'));
    };
    expect(await names([])).toEqual(await names(['Idempotency-Key: headers']));
  });

  it.each([1, 40, -10])('a request in two pieces, cut at %i of its body, is one request', async (cut) => {
    const request = await ordinary();
    const at = cut < 0 ? request.length + cut : request.indexOf('\r\n\r\n') + cut;
    expect(
      await ways(async () => {
        line.send(request.slice(0, at));
        // The other side has read it, as it answers somebody who came later.
        await world.call('GET', '/health/live', { client: null });
        expect(line.hasUnread()).toBe(false);
        expect((await line.send(request.slice(at)).reply()).body['verdict']).toBe('valid');
      }),
    ).toEqual({ answered: 1 });
  });

  it('a request in pieces of one byte is one request', async () => {
    for (const byte of await ordinary()) line.send(byte);
    expect((await line.reply()).body['verdict']).toBe('valid');
  });

  it('requests that do not wait for replies are answered in their order, whoever answers them', async () => {
    const requests = [
      await ordinary(CARD),
      await ordinary(OTHER),
      'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n',
      await ordinary(CARD),
    ];
    for (const bytes of [[requests.join('')], requests]) {
      const own = await Line.to(world.url);
      for (const some of bytes) own.send(some);
      const replies = [await own.reply(), await own.reply(), await own.reply(), await own.reply()];
      own.hangUp();
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      const rates = replies.map(({ body }) => body['results']?.[0].copay.ratePercent as number);
      expect(rates).toEqual([30, 20, undefined, 30]);
    }
  });

  it('the next request may come before the reply to the last', async () => {
    const [one, other] = [await ordinary(CARD), await ordinary(OTHER)];
    const rates: number[] = [];
    for (let i = 0; i < 20; i += 1) line.send(i % 2 === 0 ? one : other);
    for (let i = 0; i < 20; i += 1) rates.push((await line.reply()).body['results'][0].copay.ratePercent as number);
    expect(rates).toEqual(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 30 : 20)));
  });

  it('whoever has nothing more to say still gets the reply, and then the connection ends', async () => {
    line.send(await ordinary());
    line.socket.end();
    expect((await line.reply()).status).toBe(200);
    await line.ended;
  });

  it('a card with no answer ready is worked out on the same connection', async () => {
    const unknown = await requestFor('{"card":{"certificateSerial":"ABCDEF0123456789"}}');
    expect(
      await ways(async () => {
        expect((await line.send(unknown).reply()).body['verdict']).toBe('not-found');
        expect((await line.send(await ordinary()).reply()).body['verdict']).toBe('valid');
      }),
    ).toEqual({ 'worked-out': 1, answered: 1 });
  });

  it('what cannot be found out is refused here as elsewhere, and the connection goes on', async () => {
    await world.faults({ all: { mode: 'error' } });
    const unknown = '{"card":{"certificateSerial":"ABCDEF0123456780"}}';
    const ask = async (more: readonly string[]): Promise<Reply> => {
      const own = await Line.to(world.url);
      const reply = await own.send(await requestFor(unknown, more)).reply();
      own.hangUp();
      return reply;
    };
    const refused = await line.send(await requestFor(unknown)).reply();
    const elsewhere = await ask(['Idempotency-Key: refused']);
    await world.faults({});
    expect(refused.status).toBe(503);
    expect(refused.body).toMatchObject({ code: 'answer-unavailable', fallback: expect.any(Object) as object });
    const same = ({ headers, body }: Reply): object => ({
      ...Object.fromEntries([...headers].filter(([name]) => name !== 'date')),
      ...body,
      instance: '',
    });
    expect(same(refused)).toEqual(same(elsewhere));
    expect((await line.send(await ordinary()).reply()).status).toBe(200);
  });

  describe('what is not quite ordinary goes on with its connection, to be answered or refused as ever', () => {
    const good = (): string => bodyOf(CARD);
    it.each<[string, () => Promise<string>, number]>([
      ['another address', async () => 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n', 200],
      ['an address that is not there', async () => 'GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n', 404],
      ['what is not HTTP', async () => 'hello\r\n\r\n', 400],
      ['a key against repeats', () => requestFor(good(), ['Idempotency-Key: door']), 200],
      ['chunks as well as a length', () => requestFor(good(), ['Transfer-Encoding: chunked']), 400],
      ['two lengths', () => requestFor(good(), ['Content-Length: 5']), 400],
      ['half a body of JSON', () => requestFor('{"card":'), 400],
      ['a field nobody knows', () => requestFor('{"surprise":1}'), 400],
      ['a body beyond ASCII', () => requestFor('{"card":{"certificateSerial":"ＦＦ"}}'), 400],
      ['text', async () => (await ordinary()).replace('application/json', 'text/plain'), 415],
      ['a kind of answer we have not', () => requestFor(good(), ['Accept: text/html']), 406],
      ['a wrong purpose', () => requestFor(good(), ['Shikaku-Purpose: fun']), 400],
      ['no token', async () => (await ordinary()).replace(/Authorization.*\r\n/, ''), 401],
      ['a token that is none', async () => (await ordinary()).replace(/Bearer .*\r/, 'Bearer a.b.c\r'), 401],
      ['a token of somebody who may not ask', async () => (await head(good(), [], 'demo-insurer')) + good(), 403],
    ])('%s', async (_what, request, status) => {
      const first = await line.send(await ordinary()).reply();
      expect(first.status).toBe(200);
      expect((await line.send(await request()).reply()).status).toBe(status);
    });

    it('and is as good a connection as any, for checks too', async () => {
      expect((await line.send('GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n').reply()).status).toBe(200);
      for (let i = 0; i < 3; i += 1) expect((await line.send(await ordinary()).reply()).body['verdict']).toBe('valid');
    });
  });

  it('no answer leaves for a client that was revoked', async () => {
    const body = bodyOf(CARD);
    const request = (await head(body, [], 'demo-pharmacy')) + body;
    expect((await line.send(request).reply()).status).toBe(200);
    await withClient(world.database.ownerUrl, (db) =>
      db.query(`update client set revoked_at = now() where client_id = 'demo-pharmacy'`),
    );
    await world.counter.app.get(ClientDirectory).refresh();
    expect((await line.send(request).reply()).status).toBe(401);
  });

  it('a connection that nobody uses is closed when the server’s time for it is over', async () => {
    const server = world.counter.app.getHttpServer();
    const { keepAliveTimeout } = server;
    const fresh = await Line.to(world.url);
    await line.send(await ordinary()).reply();
    server.keepAliveTimeout = 1;
    await Promise.all([line.ended, fresh.ended]);
    server.keepAliveTimeout = keepAliveTimeout;
  });

  it('a request that never ends is left to Node’s own limits, however often a byte of it comes', async () => {
    const server = world.counter.app.getHttpServer();
    const { requestTimeout } = server;
    const bytes = await requestFor(`${bodyOf(CARD)}${' '.repeat(3_000)}`);
    line.send(bytes.slice(0, -3_000));
    server.requestTimeout = 200;
    const dribbling = setInterval(() => line.send(' '), 5);
    // Node's parser has it now.
    await once(server, 'request');
    clearInterval(dribbling);
    server.requestTimeout = requestTimeout;
  });

  it('a caller who goes away in the middle takes nothing with them', async () => {
    const request = await ordinary();
    for (let i = 0; i < 20; i += 1) {
      const own = await Line.to(world.url);
      own.send(i % 2 === 0 ? request : request.slice(0, -5));
      own.socket.resetAndDestroy();
    }
    expect((await line.send(request).reply()).status).toBe(200);
  });
});

/** Resolves when the door has begun to work out what is sent. */
const workedOutBy = async (world: World, send: () => unknown): Promise<{ workedOut: number }> => {
  const count = async (): Promise<number> => {
    const text = await (await fetch(`${world.url}/metrics`)).text();
    return Number(/^shikaku_corridor_requests_total\{outcome="worked-out"\} (\d+)/m.exec(text)?.[1] ?? 0);
  };
  const before = await count();
  send();
  await eventually(async () => (await count()) > before);
  return { workedOut: (await count()) - before };
};

describe('a front door that closes', () => {
  it('says with the next reply of a connection that it is the last', async () => {
    const world = await World.start({ name: 'front_door_last' });
    const body = JSON.stringify({ card: { certificateSerial: world.person(CARD).certificateSerial } });
    const request = `POST /v1/eligibility-checks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${await world.token()}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const line = await Line.to(world.url);
    const asked = async (): Promise<string> => {
      const { status, headers } = await line.send(request).reply();
      return `${status} ${headers.get('connection')}`;
    };
    expect(await asked()).toBe('200 keep-alive');
    world.counter.app.get(FrontDoor).endWithReplies();
    expect(await asked()).toBe('200 close');
    await line.ended;
    await world.close();
  });

  it('ends idle connections, and not before what is asked has its reply', async () => {
    const world = await World.start({ name: 'front_door_closing' });
    const token = await world.token();
    const requestFor = (serial: string): string => {
      const body = JSON.stringify({ card: { certificateSerial: serial } });
      return `POST /v1/eligibility-checks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    };
    const [idle, silent, asking] = [await Line.to(world.url), await Line.to(world.url), await Line.to(world.url)];
    const known = requestFor(world.person(CARD).certificateSerial as string);
    expect((await idle.send(known).reply()).status).toBe(200);
    // Known to nobody: the registry is asked, and takes its time.
    await world.faults({ all: { mode: 'none', latencyMs: 300 } });
    const { workedOut } = await workedOutBy(world, () => asking.send(requestFor('ABCDEF0123456789')));
    expect(workedOut).toBe(1);
    const closed = world.close();
    expect((await asking.reply()).status).toBe(200);
    await Promise.all([idle.ended, silent.ended, asking.ended, closed]);
  });
});
