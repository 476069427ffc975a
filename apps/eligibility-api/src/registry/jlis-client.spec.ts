import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { individualNumberCheckDigit } from '@app/domain';

import { JlisClient } from './jlis-client.js';
import { SearchRefused } from './person-search.js';
import { RegistryFault } from './registry.js';

const SERIAL = '1A2B3C4D5E6F7081';
const NOW = '2026-11-22T09:00:00.123+09:00';
const TIMEOUT_MS = 5_000;
const SHORT_MS = 60;

const good = { serial: SERIAL, status: 'good', notAfter: '2029-04-01', asOf: NOW };
const noChanges = { changes: [], next: 5, last: 5, generation: 'g1', asOf: NOW };
const change = (sequence: number): object => ({ serial: SERIAL, status: 'revoked', sequence, changedAt: NOW });
const resident = {
  personRef: 'P0000000001',
  kanjiName: '資格　太郎',
  kanaName: 'ｼｶｸ ﾀﾛｳ',
  birthDate: '1980-05-05',
  sex: '1',
  address: '東京都千代田区',
  postNumber: '100-0013',
  certificates: [{ serial: SERIAL, status: 'good', notAfter: '2029-04-01' }],
};

/** Twelve digits whose last is right, another for each n. */
const numberOf = (n: number): string => {
  const body = String(10_000_000_000 + n);
  return `${body}${individualNumberCheckDigit(body)}`;
};

type Handler = (request: IncomingMessage, reply: ServerResponse) => void;

let server: Server;
let baseUrl: string;
let handle: Handler;
let requests: IncomingMessage[];

beforeAll(async () => {
  server = createServer((request, reply) => {
    requests.push(request);
    handle(request, reply);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

beforeEach(() => {
  requests = [];
});

const client = (timeoutMs = TIMEOUT_MS): JlisClient => new JlisClient({ baseUrl, timeoutMs });

const says =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Handler =>
  (_request, reply) => {
    reply.writeHead(status, { 'content-type': 'application/json', ...headers });
    reply.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  };

const reasonOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'a value',
    (error: unknown) => (error instanceof RegistryFault ? error.reason : error),
  );

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

describe('one certificate', () => {
  it.each(['good', 'expired', 'revoked', 'superseded', 'unknown'])('%s is an answer', async (status) => {
    handle = says({ ...good, status });
    expect(await client().certificateStatus(SERIAL)).toMatchObject({ serial: SERIAL, status });
  });

  it('is asked for in the body, never in the address', async () => {
    const asked = Promise.withResolvers<string>();
    handle = (request, reply) => {
      void textOf(request).then(asked.resolve);
      says(good)(request, reply);
    };
    await client().certificateStatus(SERIAL);
    expect(JSON.parse(await asked.promise)).toEqual({ serial: SERIAL });
    expect([requests[0]?.method, requests[0]?.url]).toEqual(['POST', '/v1/certificate-status']);
  });

  it('what the registry adds to its wire later does no harm', async () => {
    handle = says({ ...good, colour: 'blue' });
    expect(await client().certificateStatus(SERIAL)).toMatchObject({ status: 'good' });
  });

  const { serial: _serial, ...withoutSerial } = good;
  const { status: _status, ...withoutStatus } = good;
  const { asOf: _asOf, ...withoutAsOf } = good;

  it.each([
    ['400', says({ code: 'x' }, 400), 'status'],
    ['401', says({}, 401), 'status'],
    ['404', says({}, 404), 'status'],
    ['429', says({}, 429), 'status'],
    ['500 with a good answer in it', says(good, 500), 'status'],
    ['503', says({}, 503), 'status'],
    ['201 with a good answer in it', says(good, 201), 'status'],
    ['204', (_request, reply) => reply.writeHead(204).end(), 'status'],
    ['an empty body', says(''), 'garbage'],
    ['a page', says('<html><body>Maintenance</body></html>'), 'garbage'],
    ['half a document', says(JSON.stringify(good).slice(0, 30)), 'garbage'],
    ['two documents', says(JSON.stringify(good).repeat(2)), 'garbage'],
    ['bytes of no text', says(Buffer.from([0xff, 0xfe, 0x00, 0x81])), 'garbage'],
    ['null', says('null'), 'garbage'],
    ['a string', says('"good"'), 'garbage'],
    ['a number', says('1'), 'garbage'],
    ['a list', says([good]), 'garbage'],
    ['an empty object', says({}), 'garbage'],
    ['no serial', says(withoutSerial), 'garbage'],
    ['another serial', says({ ...good, serial: 'FFFFFFFFFFFFFFFF' }), 'garbage'],
    ['the serial in small letters', says({ ...good, serial: SERIAL.toLowerCase() }), 'garbage'],
    ['a serial in a list', says({ ...good, serial: [SERIAL] }), 'garbage'],
    ['no status', says(withoutStatus), 'garbage'],
    ['a status twice', says(JSON.stringify(good).replace('{', '{"status":"revoked",')), 'garbage'],
    ['a status of its own', says({ ...good, status: 'fine' }), 'garbage'],
    ['a status of another case', says({ ...good, status: 'Good' }), 'garbage'],
    ['a null status', says({ ...good, status: null }), 'garbage'],
    ['a status that every object has', says({ ...good, status: 'constructor' }), 'garbage'],
    ['no time', says(withoutAsOf), 'garbage'],
    ['a null date', says({ ...good, notAfter: null }), 'garbage'],
    ['an empty date', says({ ...good, notAfter: '' }), 'garbage'],
    ['a date with slashes', says({ ...good, notAfter: '2029/04/01' }), 'garbage'],
    ['a day that does not exist', says({ ...good, notAfter: '2029-02-29' }), 'garbage'],
    ['a month that does not exist', says({ ...good, revokedOn: '2029-13-01' }), 'garbage'],
    ['a date as a number', says({ ...good, notAfter: 20_290_401 }), 'garbage'],
    ['a successor that is no serial', says({ ...good, supersededBy: '../../etc/passwd' }), 'garbage'],
    ['lists within lists', says(`{"x":${'['.repeat(7_000)}${']'.repeat(7_000)}}`), 'garbage'],
    ['the shape on a prototype', says(`{"__proto__":${JSON.stringify(good)}}`), 'garbage'],
    ['a megabyte', says({ ...good, colour: 'x'.repeat(1024 * 1024) }), 'garbage'],
    ['a connection closed without a word', (request) => void request.socket.destroy(), 'connection'],
    [
      'a connection closed in the middle of the body',
      (request, reply) => {
        reply.writeHead(200, { 'content-length': '500' });
        reply.write('{"serial"', () => request.socket.destroy());
      },
      'connection',
    ],
    ['no HTTP', (request) => void request.socket.end('220 smtp ready\r\n\r\n'), 'connection'],
  ] as readonly [string, Handler, string][])('%s is no answer', async (_what, handler, reason) => {
    handle = handler;
    expect(await reasonOf(client().certificateStatus(SERIAL))).toBe(reason);
  });

  it('nobody listening is no answer', async () => {
    const nowhere = new JlisClient({ baseUrl: 'http://127.0.0.1:1', timeoutMs: TIMEOUT_MS });
    expect(await reasonOf(nowhere.certificateStatus(SERIAL))).toBe('connection');
  });

  it('a redirect is refused, and nothing is sent on', async () => {
    handle = (_request, reply) => reply.writeHead(307, { location: `${baseUrl}/elsewhere` }).end();
    expect(await reasonOf(client().certificateStatus(SERIAL))).toBe('connection');
    expect(requests.map((request) => request.url)).toEqual(['/v1/certificate-status']);
  });

  it.each([
    ['never answers', () => {}],
    ['answers and never ends', (_request, reply) => void reply.writeHead(200).write('{"serial":')],
  ] as readonly [string, Handler][])('a registry that %s is cut off at the deadline', async (_what, handler) => {
    const closed = Promise.withResolvers<void>();
    handle = (request, reply) => {
      request.socket.once('close', () => closed.resolve());
      handler(request, reply);
    };
    expect(await reasonOf(client(SHORT_MS).certificateStatus(SERIAL))).toBe('timeout');
    // The call itself is over, not only the wait for it.
    await closed.promise;
  });

  it('an answer without end is cut off at its limit, long before the deadline', async () => {
    const closed = Promise.withResolvers<void>();
    handle = (request, reply) => {
      request.socket.once('close', () => closed.resolve());
      reply.writeHead(200);
      const more = (): void => {
        while (!reply.destroyed && reply.write('x'.repeat(4_096)));
      };
      reply.on('drain', more);
      more();
    };
    expect(await reasonOf(client().certificateStatus(SERIAL))).toBe('garbage');
    await closed.promise;
  });
});

describe('a search by attributes', () => {
  const question = {
    kanjiName: '資格　太郎',
    kanaName: 'ｼｶｸ ﾀﾛｳ',
    birthDate: '1980-05-05',
    sex: '1',
    address: '東京都千代田区',
  } as const;
  const { certificates: _certificates, ...person } = resident;
  const candidate = {
    ...person,
    matchedAttributes: ['kanjiName', 'kanaName', 'birthDate', 'sex', 'address'],
    individualNumber: '123456789018',
  };
  const other = { ...candidate, personRef: 'P0000000002', individualNumber: '983205673214' };
  const found = (...candidates: unknown[]): object => ({ candidates, truncated: false });

  it('finds one, whose number is given and never printed', async () => {
    handle = says(found(candidate));
    const { candidates, truncated } = await client().searchPeople(question);
    expect(truncated).toBe(false);
    expect(candidates.map((one) => one.individualNumber.reveal())).toEqual(['123456789018']);
    expect(JSON.parse(JSON.stringify(candidates))).toEqual([{ ...candidate, individualNumber: '[individual number]' }]);
  });

  it('is asked in the body, with the five attributes and nothing else', async () => {
    const asked = Promise.withResolvers<string>();
    handle = (request, reply) => {
      void textOf(request).then(asked.resolve);
      says(found())(request, reply);
    };
    const { address: _address, ...four } = question;
    await client().searchPeople({ ...four, insuredCardSymbol: '12' } as never);
    expect(JSON.parse(await asked.promise)).toEqual(four);
    expect([requests[0]?.method, requests[0]?.url]).toEqual(['POST', '/v1/person-searches']);
  });

  it.each([
    ['nobody', found(), 0],
    ['two', found(candidate, other), 2],
    ['somebody with what the registry adds to its wire later', found({ ...candidate, colour: 'blue' }), 1],
    [
      'somebody who agrees on two of the five',
      found({ ...candidate, sex: '2', matchedAttributes: ['birthDate', 'address'] }),
      1,
    ],
  ])('%s is an answer', async (_what, body, people) => {
    handle = says(body);
    expect((await client().searchPeople(question)).candidates).toHaveLength(people);
  });

  const many = (people: number): object =>
    found(
      ...Array.from({ length: people }, (_, i) => ({
        ...candidate,
        personRef: `P${i}`,
        individualNumber: numberOf(i),
      })),
    );

  it('twenty are an answer, and that there were more', async () => {
    handle = says({ ...many(20), truncated: true });
    const { candidates, truncated } = await client().searchPeople(question);
    expect([candidates.length, truncated]).toEqual([20, true]);
  });

  it.each([
    ['twenty-one', many(21)],
    ['no list', { truncated: false }],
    ['a list of nobody', found(null)],
    ['nothing about whether there were more', { candidates: [] }],
    ['more that is no yes or no', { candidates: [], truncated: 'false' }],
    ['a number of eleven digits', found({ ...candidate, individualNumber: '12345678901' })],
    ['a number whose check digit does not hold', found({ ...candidate, individualNumber: '123456789012' })],
    ['a number that is nobody’s', found({ ...candidate, individualNumber: '000000000000' })],
    ['a number in full width', found({ ...candidate, individualNumber: '１２３４５６７８９０１８' })],
    ['no number', found({ ...candidate, individualNumber: undefined })],
    ['a birth date that does not exist', found({ ...candidate, birthDate: '1980-02-30', matchedAttributes: [] })],
    ['a birth date said to be the one asked for, and another', found({ ...candidate, birthDate: '1980-05-06' })],
    ['a sex said to be the one asked for, and the other', found({ ...candidate, sex: '2' })],
    ['an attribute of its own', found({ ...candidate, matchedAttributes: ['shoeSize'] })],
    ['an attribute twice', found({ ...candidate, matchedAttributes: ['sex', 'sex'] })],
    ['half a character in a name', found({ ...candidate, kanjiName: '\uD842　太郎' })],
    ['half a character in an address', found({ ...candidate, address: '東京都\uDFB7' })],
    ['one person twice', found(candidate, { ...other, personRef: candidate.personRef })],
    ['one number for two', found(candidate, { ...other, individualNumber: candidate.individualNumber })],
    ['more than it may hold', found({ ...candidate, colour: 'x'.repeat(64 * 1024) })],
    ['half a document', JSON.stringify(found(candidate)).slice(0, 40)],
  ])('%s is garbage', async (_what, body) => {
    handle = says(body);
    expect(await reasonOf(client().searchPeople(question))).toBe('garbage');
  });

  it('an attribute that was not asked for is garbage', async () => {
    handle = says(found(candidate));
    const { address: _address, ...four } = question;
    expect(await reasonOf(client().searchPeople(four))).toBe('garbage');
  });

  it.each([
    ['a search that is too wide', { code: 'search-too-wide' }, 'search-too-wide'],
    ['a request that is none', { code: 'invalid-request', errors: [] }, 'invalid-request'],
  ])('%s is refused: a fault of ours, and none of the registry', async (_what, body, because) => {
    handle = says(body, 400, { 'content-type': 'application/problem+json' });
    const error = await client()
      .searchPeople(question)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SearchRefused);
    expect(error).toMatchObject({ because });
  });

  it.each([
    ['400 with a code of another kind', { code: 'certificate-unknown' }, 400, 'status'],
    ['400 with no code', {}, 400, 'status'],
    ['400 from a proxy', '<html>Bad Request</html>', 400, 'status'],
    ['400 without an end', 'x'.repeat(64 * 1024), 400, 'status'],
    ['401', { code: 'search-too-wide' }, 401, 'status'],
    ['404', {}, 404, 'status'],
    ['429', {}, 429, 'status'],
    ['503', {}, 503, 'status'],
  ])('%s is a fault', async (_what, body, status, reason) => {
    handle = says(body, status);
    expect(await reasonOf(client().searchPeople(question))).toBe(reason);
  });

  it.each([
    ['never answers', () => {}],
    ['refuses and never says why', (_request, reply) => void reply.writeHead(400).write('{"code":')],
  ] as readonly [string, Handler][])('a registry that %s is cut off at the deadline', async (_what, handler) => {
    handle = handler;
    expect(await reasonOf(client(SHORT_MS).searchPeople(question))).toBe('timeout');
    expect(await reasonOf(client().searchPeople(question, SHORT_MS))).toBe('timeout');
  });
});

describe('the feed of changes', () => {
  const read = (body: unknown, status = 200): Promise<unknown> => {
    handle = says(body, status);
    return reasonOf(client().certificateChanges(5, new AbortController().signal));
  };

  it('is asked for from a place on', async () => {
    handle = says({ ...noChanges, changes: [change(6), change(7)], next: 7, last: 9 });
    const reading = await client().certificateChanges(5, new AbortController().signal);
    expect(reading).toMatchObject({ next: 7, last: 9, generation: 'g1' });
    expect(reading.changes.map((one) => one.sequence)).toEqual([6, 7]);
    expect(requests[0]?.url).toBe('/v1/certificate-changes?after=5&limit=5000');
  });

  it('that has begun anew is an answer: the reader sees that it ends before its place', async () => {
    handle = says({ ...noChanges, next: 2, last: 2, generation: 'g2' });
    const reading = await client().certificateChanges(5, new AbortController().signal);
    expect(reading).toMatchObject({ last: 2, generation: 'g2' });
  });

  it.each([
    ['410: no longer kept', {}, 410, 'feed-truncated'],
    ['503', {}, 503, 'status'],
    ['no changes field', { next: 5, last: 5, generation: 'g1', asOf: NOW }, 200, 'garbage'],
    ['changes that are no list', { ...noChanges, changes: {} }, 200, 'garbage'],
    ['a change that is none', { ...noChanges, changes: [null] }, 200, 'garbage'],
    ['a change without a sequence', { ...noChanges, changes: [good], next: 6, last: 6 }, 200, 'garbage'],
    ['a change from before the place', { ...noChanges, changes: [change(5)] }, 200, 'garbage'],
    ['changes out of order', { ...noChanges, changes: [change(7), change(6)], next: 7, last: 7 }, 200, 'garbage'],
    ['one change twice', { ...noChanges, changes: [change(6), change(6)], next: 6, last: 6 }, 200, 'garbage'],
    ['a next place beyond the last', { ...noChanges, changes: [change(6)], next: 9, last: 6 }, 200, 'garbage'],
    ['a next place that passes changes over', { ...noChanges, next: 100, last: 100 }, 200, 'garbage'],
    [
      'a next place before the changes given',
      { ...noChanges, changes: [change(6), change(7)], next: 6, last: 7 },
      200,
      'garbage',
    ],
    ['a place that is no whole number', { ...noChanges, last: 5.5 }, 200, 'garbage'],
    ['no generation', { ...noChanges, generation: undefined }, 200, 'garbage'],
    [
      'a change on a day that does not exist',
      { ...noChanges, changes: [{ ...change(6), revokedOn: '2026-11-31' }], next: 6, last: 6 },
      200,
      'garbage',
    ],
  ] as const)('%s', async (_what, body, status, reason) => {
    expect(await read(body, status)).toBe(reason);
  });

  it('ends when its reader stops', async () => {
    const stopping = new AbortController();
    handle = () => stopping.abort();
    expect(await reasonOf(client().certificateChanges(5, stopping.signal))).toBe('timeout');
  });
});

describe('the population', () => {
  const HEADERS = { 'registry-generation': 'g1', 'registry-sequence': '42' };
  const lines = (...people: unknown[]): string => people.map((one) => `${JSON.stringify(one)}\n`).join('');

  const all = async (): Promise<unknown[]> => {
    const { people } = await client().population(new AbortController().signal);
    const found: unknown[] = [];
    for await (const one of people) found.push(one);
    return found;
  };

  it('is a stream of people, and the place from which changes follow on', async () => {
    handle = says(lines(resident, { ...resident, personRef: 'P0000000002' }), 200, HEADERS);
    const population = await client().population(new AbortController().signal);
    expect(population).toMatchObject({ generation: 'g1', sequence: 42 });
    const refs: string[] = [];
    for await (const { personRef } of population.people) refs.push(personRef);
    expect(refs).toEqual(['P0000000001', 'P0000000002']);
  });

  it.each([
    ['no generation', { 'registry-sequence': '42' }],
    ['no place', { 'registry-generation': 'g1' }],
    ['an empty place', { ...HEADERS, 'registry-sequence': '' }],
    ['a place below nought', { ...HEADERS, 'registry-sequence': '-1' }],
    ['a place that is no number', { ...HEADERS, 'registry-sequence': '0x2A' }],
  ])('with %s is garbage', async (_what, headers) => {
    handle = says(lines(resident), 200, headers);
    expect(await reasonOf(all())).toBe('garbage');
  });

  it.each([
    ['a line that is no JSON', 'Maintenance\n', 'garbage'],
    ['a line that is nobody', 'null\n', 'garbage'],
    ['somebody without certificates', lines({ ...resident, certificates: undefined }), 'garbage'],
    [
      'a certificate of no known status',
      lines({ ...resident, certificates: [{ serial: SERIAL, status: 'fine' }] }),
      'garbage',
    ],
    [
      'a certificate to a day that does not exist',
      lines({ ...resident, certificates: [{ serial: SERIAL, status: 'good', notAfter: '2029-02-29' }] }),
      'garbage',
    ],
  ])('with %s is garbage', async (_what, body, reason) => {
    handle = says(lines(resident) + body, 200, HEADERS);
    expect(await reasonOf(all())).toBe(reason);
  });

  it.each([
    ['before it begins', () => {}],
    [
      'in the middle',
      (_request: IncomingMessage, reply: ServerResponse) => {
        reply.writeHead(200, { 'registry-generation': 'g1', 'registry-sequence': '42' });
        reply.write(`${JSON.stringify(resident)}\n`);
      },
    ],
  ] as [string, Handler][])('that falls silent %s is given up', async (_when, silent) => {
    handle = silent;
    const reading = async (): Promise<void> => {
      const { people } = await client(SHORT_MS).population(new AbortController().signal);
      const refs: string[] = [];
      for await (const { personRef } of people) refs.push(personRef);
    };
    expect(await reasonOf(reading())).toBe('timeout');
  });

  it('that breaks off is no population', async () => {
    handle = (request, reply) => {
      reply.writeHead(200, HEADERS);
      reply.write(lines(resident), () => request.socket.destroy());
    };
    expect(await reasonOf(all())).toBe('connection');
  });

  it('ends when its reader stops', async () => {
    const stopping = new AbortController();
    handle = (_request, reply) => {
      reply.writeHead(200, HEADERS);
      reply.write(lines(resident));
    };
    const { people } = await client().population(stopping.signal);
    const reading = (async () => {
      for await (const { personRef } of people) if (personRef !== '') stopping.abort();
    })();
    expect(await reasonOf(reading)).toBe('timeout');
  });
});
