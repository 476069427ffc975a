import type { ProblemCode } from '@app/contracts';

import { CANARY, expectProblem } from './support/problem.js';
import { parseReply, sendBytes } from './support/raw-http.js';
import { World, type Reply } from './support/world.js';

const CHECKS = '/v1/eligibility-checks';
const SERIAL = 'FFFFFFFF00000000';
const card = { certificateSerial: SERIAL };
const insured = { insurerNumber: '06130488', insuredIdentificationNumber: '1000001', birthdate: '1980-05-05' };
type Fault = readonly [pointer: string, code: string];

/** A list nested this deep is 50 kB. */
const nested = `${'['.repeat(25_000)}${']'.repeat(25_000)}`;

describe('refused requests', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'refused' });
  });
  afterAll(() => world.close());

  const expectFaults = (reply: Reply, code: ProblemCode, faults: readonly Fault[]): void => {
    const errors = expectProblem(reply, code)['errors'] as { pointer: string; code: string; detail: string }[];
    expect(errors.map(({ pointer, code: fault }) => [pointer, fault])).toEqual(faults);
    for (const { detail } of errors) expect(detail.length).toBeGreaterThan(5);
  };

  it('the request these tests spoil is good', async () => {
    expect((await world.check({ card })).status).toBe(200);
    expect((await world.check({ insured })).status).toBe(200);
  });

  describe('a check whose body has another shape is 400 and names the field', () => {
    it.each<[string, unknown, readonly Fault[]]>([
      ['nothing at all', undefined, [['', 'type']]],
      ['null', 'null', [['', 'type']]],
      ['a list', [{ card }], [['', 'type']]],
      ['a text', JSON.stringify(CANARY), [['', 'type']]],
      ['a number', '7', [['', 'type']]],
      ['neither card nor insured', {}, [['/card', 'exactly-one-of']]],
      ['both card and insured', { card, insured }, [['/card', 'exactly-one-of']]],
      ['card null', { card: null }, [['/card', 'type']]],
      ['card a text', { card: CANARY }, [['/card', 'type']]],
      ['card a list', { card: [card] }, [['/card', 'type']]],
      ['a deeply nested card', `{"card":${nested}}`, [['/card', 'type']]],
      ['a card without a serial', { card: {} }, [['/card/certificateSerial', 'required']]],
      ['a serial that is a number', { card: { certificateSerial: 12345678 } }, [['/card/certificateSerial', 'type']]],
      ['a serial that is null', { card: { certificateSerial: null } }, [['/card/certificateSerial', 'type']]],
      [
        'a serial of 7 digits',
        { card: { certificateSerial: '1234567' } },
        [
          ['/card/certificateSerial', 'min-length'],
          ['/card/certificateSerial', 'format'],
        ],
      ],
      [
        'a serial of 41 digits',
        { card: { certificateSerial: 'A'.repeat(41) } },
        [
          ['/card/certificateSerial', 'max-length'],
          ['/card/certificateSerial', 'format'],
        ],
      ],
      [
        'a serial that is not hexadecimal',
        { card: { certificateSerial: CANARY } },
        [['/card/certificateSerial', 'format']],
      ],
      [
        'a serial with a line break',
        { card: { certificateSerial: `${SERIAL}\n` } },
        [['/card/certificateSerial', 'format']],
      ],
      ['an unknown field', { card, member: CANARY }, [['/member', 'unknown-field']]],
      ['an unknown field of card', { card: { ...card, pin: CANARY } }, [['/card/pin', 'unknown-field']]],
      ['an unknown field of insured', { insured: { ...insured, kana: CANARY } }, [['/insured/kana', 'unknown-field']]],
      ['an unknown consent', { card, consent: { everything: true } }, [['/consent/everything', 'unknown-field']]],
      ['a field in another case', { Card: card }, [['/Card', 'unknown-field']]],
      ['a name that is no name', { card, [`${CANARY} <script>`]: 1 }, [['/?', 'unknown-field']]],
      ['a name of a pointer', { card, '~/..': 1 }, [['/?', 'unknown-field']]],
      ['hasOwnProperty', { card, hasOwnProperty: CANARY }, [['/hasOwnProperty', 'unknown-field']]],
      ['insured null', { insured: null }, [['/insured', 'type']]],
      [
        'an empty insured',
        { insured: {} },
        [
          ['/insured/insurerNumber', 'required'],
          ['/insured/insuredIdentificationNumber', 'required'],
          ['/insured/birthdate', 'required'],
        ],
      ],
      [
        'insured whose fields are of other types',
        {
          insured: {
            insurerNumber: 6130488,
            insuredCardSymbol: ['1001'],
            insuredIdentificationNumber: { $ne: null },
            insuredBranchNumber: 1,
            birthdate: 19_800_505,
          },
        },
        [
          ['/insured/insurerNumber', 'type'],
          ['/insured/insuredCardSymbol', 'type'],
          ['/insured/insuredIdentificationNumber', 'type'],
          ['/insured/insuredBranchNumber', 'type'],
          ['/insured/birthdate', 'type'],
        ],
      ],
      ['consent a truth', { card, consent: true }, [['/consent', 'type']]],
      ['consent null', { card, consent: null }, [['/consent', 'type']]],
      ['a consent as text', { card, consent: { diagnosis: 'true' } }, [['/consent/diagnosis', 'type']]],
      ['a consent as 1', { card, consent: { operation: 1 } }, [['/consent/operation', 'type']]],
      ['a consent that is null', { card, consent: { pharmacists: null } }, [['/consent/pharmacists', 'type']]],
      ['an empty ifVersion', { card, ifVersion: '' }, [['/ifVersion', 'min-length']]],
      ['ifVersion of 65 characters', { card, ifVersion: 'x'.repeat(65) }, [['/ifVersion', 'max-length']]],
      ['ifVersion a number', { card, ifVersion: 1 }, [['/ifVersion', 'type']]],
      ['maxAgeSeconds -1', { card, maxAgeSeconds: -1 }, [['/maxAgeSeconds', 'minimum']]],
      ['maxAgeSeconds of a year and a second', { card, maxAgeSeconds: 31_536_001 }, [['/maxAgeSeconds', 'maximum']]],
      ['half a second', { card, maxAgeSeconds: 0.5 }, [['/maxAgeSeconds', 'type']]],
      ['maxAgeSeconds as text', { card, maxAgeSeconds: '0' }, [['/maxAgeSeconds', 'type']]],
      [
        'maxAgeSeconds beyond every number',
        `{"card":{"certificateSerial":"${SERIAL}"},"maxAgeSeconds":1e999}`,
        [['/maxAgeSeconds', 'maximum']],
      ],
      ['serviceDate a number', { card, serviceDate: 20_261_122 }, [['/serviceDate', 'type']]],
      ['serviceDate null', { card, serviceDate: null }, [['/serviceDate', 'type']]],
    ])('%s', async (_what, body, faults) => {
      expectFaults(await world.check(body), 'invalid-request', faults);
    });

    it.each<[string, object, string]>([
      ['5 digits of an insurer', { insurerNumber: '12345' }, '/insured/insurerNumber'],
      ['7 digits of an insurer', { insurerNumber: '0613048' }, '/insured/insurerNumber'],
      ['9 digits of an insurer', { insurerNumber: '061304881' }, '/insured/insurerNumber'],
      ['an insurer that is no number', { insurerNumber: CANARY }, '/insured/insurerNumber'],
      ['a number of blanks', { insuredIdentificationNumber: '   ' }, '/insured/insuredIdentificationNumber'],
      ['a number with a NUL', { insuredIdentificationNumber: '1000001\0' }, '/insured/insuredIdentificationNumber'],
      [
        'a number with an escape',
        { insuredIdentificationNumber: '\u001B[2J1' },
        '/insured/insuredIdentificationNumber',
      ],
      ['a symbol of wide blanks', { insuredCardSymbol: '\u3000' }, '/insured/insuredCardSymbol'],
      ['a symbol with a line break inside', { insuredCardSymbol: 'a\nb' }, '/insured/insuredCardSymbol'],
      ['a branch of letters', { insuredBranchNumber: 'xx' }, '/insured/insuredBranchNumber'],
      ['a branch with a sign', { insuredBranchNumber: '-1' }, '/insured/insuredBranchNumber'],
    ])('%s', async (_what, more, pointer) => {
      expectFaults(await world.check({ insured: { ...insured, ...more } }), 'invalid-request', [[pointer, 'format']]);
    });

    it.each([
      ['an empty symbol', 'insuredCardSymbol', '', 'min-length'],
      ['a symbol of 21 characters', 'insuredCardSymbol', 'あ'.repeat(21), 'max-length'],
      ['an empty number', 'insuredIdentificationNumber', '', 'min-length'],
      ['a number of 21 characters', 'insuredIdentificationNumber', '1'.repeat(21), 'max-length'],
      ['a branch of 3 digits', 'insuredBranchNumber', '001', 'max-length'],
    ])('%s', async (_what, field, value, code) => {
      const problem = expectProblem(await world.check({ insured: { ...insured, [field]: value } }), 'invalid-request');
      expect(problem['errors']).toContainEqual(expect.objectContaining({ pointer: `/insured/${field}`, code }));
    });

    it('names at most 20 of a thousand unknown fields', async () => {
      const body = { card, ...Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`f${i}`, CANARY])) };
      expect(expectProblem(await world.check(body), 'invalid-request')['errors']).toHaveLength(20);
    });
    it('takes what is on the good side of each edge', async () => {
      for (const body of [
        { card: { certificateSerial: '1234567A' } },
        { card: { certificateSerial: 'a'.repeat(40) } },
        { card, ifVersion: 'x'.repeat(64), maxAgeSeconds: 31_536_000 },
        { card, maxAgeSeconds: 0, consent: {} },
        { insured: { ...insured, insuredCardSymbol: 'あ'.repeat(20), insuredBranchNumber: '１' } },
        { insured: { ...insured, insurerNumber: '  138990' } },
        { insured: { ...insured, insurerNumber: '０６１３０４８８' } },
      ])
        expect((await world.check(body)).status, JSON.stringify(body)).toBe(200);
    });
  });

  describe('days', () => {
    it.each([
      ['30 February', '2026-02-30'],
      ['29 February of another year', '2026-02-29'],
      ['31 April', '2026-04-31'],
      ['the 13th month', '2026-13-01'],
      ['day 0', '2026-01-00'],
      ['two digits of a year', '26-11-22'],
      ['slashes', '2026/11/22'],
      ['without hyphens', '20261122'],
      ['with a time', '2026-11-22T00:00:00+09:00'],
      ['a blank after it', '2026-11-22 '],
      ['wide digits', '２０２６-11-22'],
      ['nothing', ''],
      ['words', CANARY],
    ])('a service date or a birthdate of %s is 400', async (_what, day) => {
      const service = await world.check({ card, serviceDate: day });
      expectFaults(service, 'invalid-request', [['/serviceDate', 'format']]);
      const birth = await world.check({ insured: { ...insured, birthdate: day } });
      expectFaults(birth, 'invalid-request', [['/insured/birthdate', 'format']]);
      if (day !== '') expect(service.text + birth.text).not.toContain(day);
    });

    it.each([
      ['the day before the first table', '2014-12-31', 422],
      ['the day of the first table', '2015-01-01', 200],
      ['29 February of a leap year', '2024-02-29', 200],
      ['today in Tokyo', '2026-11-22', 200],
      ['one year ahead', '2027-11-22', 200],
      ['one year and a day ahead', '2027-11-23', 422],
      ['the far future', '2199-12-31', 422],
    ])('a service date of %s (%s) is %i', async (_what, serviceDate, status) => {
      const reply = await world.check({ card, serviceDate });
      expect(reply.status).toBe(status);
      if (status === 422) {
        expectFaults(reply, 'service-date-out-of-range', [['/serviceDate', 'range']]);
        expect(reply.body['detail']).toBe('serviceDate may lie from 2015-01-01 to 2027-11-22.');
      }
    });

    it.each([
      ['on the service date', '2026-10-01', '2026-10-01', 200],
      ['the day after the service date', '2026-10-02', '2026-10-01', 422],
      ['in the year 1868', '1868-01-01', '2026-10-01', 200],
    ])('a birthdate %s is answered with %3$i', async (_what, birthdate, serviceDate, status) => {
      const reply = await world.check({ insured: { ...insured, birthdate }, serviceDate });
      expect(reply.status).toBe(status);
      if (status === 422) expectFaults(reply, 'birthdate-in-future', [['/insured/birthdate', 'range']]);
    });

    it('the year ahead is counted from the Tokyo day, which begins at 15:00 UTC', async () => {
      const ask = () => world.check({ card, serviceDate: '2027-11-23' });
      await world.moveTo('2026-11-22T23:59:59.999+09:00');
      expectProblem(await ask(), 'service-date-out-of-range');
      await world.moveTo('2026-11-23T00:00:00.000+09:00');
      expect((await ask()).status).toBe(200);
      await world.moveTo('2026-11-22T09:00:00.000+09:00');
    });
  });

  describe('what is not JSON in UTF-8', () => {
    const text = JSON.stringify({ card });
    const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Reply> =>
      world.call('POST', CHECKS, { headers: { 'content-type': 'application/json', ...headers }, body });

    it.each<[string, string]>([
      ['an empty body', ''],
      ['half of it', text.slice(0, -1)],
      ['something after it', `${text}${CANARY}`],
      ['single quotes', "{'card':1}"],
      ['a comma too many', `{"card":{"certificateSerial":"${SERIAL}"},}`],
      ['a comment', `/* ${CANARY} */ ${text}`],
      ['NaN', `{"card":{"certificateSerial":"${SERIAL}"},"maxAgeSeconds":NaN}`],
      ['XML', `<card>${CANARY}</card>`],
      ['__proto__', `{"card":{"certificateSerial":"${SERIAL}"},"__proto__":{"consent":"${CANARY}"}}`],
      ['__proto__ inside', `{"card":{"certificateSerial":"${SERIAL}","__proto__":{}}}`],
      ['an escaped __proto__', `{"card":{"certificateSerial":"${SERIAL}"},"\\u005f_proto__":{}}`],
      ['constructor.prototype', `{"card":{"certificateSerial":"${SERIAL}"},"constructor":{"prototype":{"x":1}}}`],
    ])('%s is 400', async (_what, body) => {
      expect(expectProblem(await post(body), 'malformed-json')).not.toHaveProperty('errors');
      expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    });

    it('a symbol in Shift_JIS is 400, and not a person who is not found', async () => {
      const [before = '', after = ''] = JSON.stringify({ insured: { ...insured, insuredCardSymbol: '@' } }).split('@');
      // 健 in Shift_JIS.
      const body = Buffer.concat([Buffer.from(before), Buffer.from([0x8c, 0x92]), Buffer.from(after)]);
      expectProblem(await post(body), 'malformed-json');
    });
    it.each([
      ['half a character', [0xe5, 0x81]],
      ['an overlong slash', [0xc0, 0xaf]],
      ['a surrogate', [0xed, 0xa0, 0x80]],
    ])('%s in a text is 400', async (_what, bytes) => {
      const body = Buffer.concat([Buffer.from('{"ifVersion":"'), Buffer.from(bytes), Buffer.from('"}')]);
      expectProblem(await post(body), 'malformed-json');
    });

    it.each([
      'application/json; charset=shift_jis',
      'application/json;charset="utf-16"',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      'text/json',
      'application/xml',
      'application/jsonp',
      'application/problem+json',
      CANARY,
    ])('%s is 415', async (type) => {
      expectProblem(await post(text, { 'content-type': type }), 'unsupported-media-type');
    });
    it('a coding that is not read is 415', async () => {
      expectProblem(await post(text, { 'content-encoding': 'gzip' }), 'unsupported-media-type');
    });
    it.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON;CHARSET="UTF-8"'])(
      '%s is read',
      async (type) => {
        expect((await post(text, { 'content-type': type })).status).toBe(200);
      },
    );
    it('a byte order mark is passed over', async () => {
      expect((await post(`\uFEFF${text}`)).status).toBe(200);
    });
    it.each([
      ['the same twice', `{"card":{"certificateSerial":"${SERIAL}"},"card":{"certificateSerial":"${SERIAL}"}}`],
      ['inside of a field', `{"card":{"certificateSerial":"${CANARY}","certificateSerial":"${SERIAL}"}}`],
      ['once as an escape', `{"card":{"certificateSerial":"${SERIAL}","certificateSeri\\u0061l":"${SERIAL}"}}`],
    ])('a field given twice is 400, %s: which one counts would be each parser’s own opinion', async (_what, body) => {
      expectProblem(await post(body), 'malformed-json');
    });

    it.each([
      ['64 KiB is read', 65_536, 'invalid-request'],
      ['one byte more is 413', 65_537, 'body-too-large'],
    ] as const)('%s', async (_what, bytes, code) => {
      const frame = JSON.stringify({ card, ifVersion: '' }).length;
      expectProblem(await world.check({ card, ifVersion: 'x'.repeat(bytes - frame) }), code);
    });
    it('a body that only grows too large in its chunks is 413', async () => {
      const head = [
        `POST ${CHECKS} HTTP/1.1`,
        'Host: x',
        'Connection: close',
        `Authorization: Bearer ${await world.token()}`,
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      ].join('\r\n');
      const chunk = `8000\r\n${'x'.repeat(0x8000)}\r\n`;
      const reply = parseReply(await sendBytes(world.url, `${head}\r\n\r\n${chunk.repeat(3)}0\r\n\r\n`));
      expectProblem(reply, 'body-too-large');
    });
  });

  describe('headers', () => {
    const post = (headers: Record<string, string>) => world.check({ card }, { headers });

    it.each([
      ['Shikaku-Operator', 'x'.repeat(65), 'format'],
      ['Shikaku-Operator', '', 'format'],
      ['Shikaku-Operator', `${CANARY} two words`, 'format'],
      ['Shikaku-Operator', 'caf\u00e9', 'format'],
      ['Shikaku-Purpose', CANARY, 'enum'],
      ['Shikaku-Purpose', 'Treatment', 'enum'],
      ['Shikaku-Purpose', '', 'format'],
      ['Shikaku-Purpose', 'claim, claim', 'format'],
      ['Idempotency-Key', '', 'format'],
      ['Idempotency-Key', 'x'.repeat(256), 'format'],
      ['Idempotency-Key', `${CANARY} two`, 'format'],
    ])('%s: %j is 400 (%s)', async (name, value, code) => {
      expectFaults(await post({ [name]: value }), 'invalid-header', [[`#header/${name}`, code]]);
    });
    it('names every one that is wrong', async () => {
      const reply = await post({ 'Shikaku-Operator': '', 'Shikaku-Purpose': CANARY, 'Idempotency-Key': '' });
      expectFaults(reply, 'invalid-header', [
        ['#header/Shikaku-Operator', 'format'],
        ['#header/Idempotency-Key', 'format'],
        ['#header/Shikaku-Purpose', 'enum'],
      ]);
    });
    it('takes the longest that are allowed', async () => {
      const headers = {
        'Shikaku-Operator': 'x'.repeat(64),
        'Shikaku-Purpose': 'correction',
        'Idempotency-Key': 'k'.repeat(255),
      };
      expect((await post(headers)).status).toBe(200);
    });
    it('a tab within is 400', async () => {
      const body = JSON.stringify({ card });
      const request = [
        `POST ${CHECKS} HTTP/1.1`,
        'Host: x',
        'Connection: close',
        `Authorization: Bearer ${await world.token()}`,
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        'Shikaku-Operator: a\tb',
      ].join('\r\n');
      expectProblem(parseReply(await sendBytes(world.url, `${request}\r\n\r\n${body}`)), 'invalid-header');
    });
    it.each([
      ['a control character', `Shikaku-Operator: ${CANARY}\x01`],
      ['a line folded', `Shikaku-Operator: ${CANARY}\r\n folded`],
      ['a name with a blank', `Shikaku Operator: ${CANARY}`],
      ['two lengths', 'Content-Length: 0\r\nContent-Length: 3'],
      ['a length and chunks', 'Content-Length: 3\r\nTransfer-Encoding: chunked'],
      ['a length that is no number', 'Content-Length: +3'],
    ])('H05 %s is 400, and the connection is closed', async (_what, line) => {
      const reply = parseReply(await sendBytes(world.url, `POST ${CHECKS} HTTP/1.1\r\nHost: x\r\n${line}\r\n\r\nabc`));
      expectProblem(reply, 'malformed-request');
      expect(reply.headers.get('connection')).toBe('close');
      expect((await world.check({ card })).status).toBe(200);
    });
    it('what is not HTTP at all is 400', async () => {
      expectProblem(parseReply(await sendBytes(world.url, `${CANARY}\r\n\r\n`)), 'malformed-request');
    });

    it.each([
      'text/html',
      'application/xml;q=0.9, text/*',
      'application/json;q=0',
      'application/*;q=0, text/html',
      'application/json;q=0, */*',
      `application/${CANARY}`,
    ])('H01 an Accept of %s is 406', async (accept) => {
      expectProblem(await post({ accept }), 'not-acceptable');
      expectProblem(await world.call('GET', CHECKS, { headers: { accept } }), 'not-acceptable');
    });
    it.each([
      '*/*',
      'application/*',
      'application/json;charset=utf-8',
      'text/html, application/json;q=0.1',
      'TEXT/HTML,*/*;q=0.8',
    ])('an Accept of %s is answered', async (accept) => {
      expect((await post({ accept })).status).toBe(200);
    });
    it('a health check with any Accept is answered', async () => {
      const reply = await world.call('GET', '/health/ready', { client: null, headers: { accept: 'text/plain' } });
      expect(reply.status).toBe(200);
    });
  });

  describe('past checks', () => {
    it.each<[string, readonly Fault[]]>([
      ['?from=2026-02-30', [['#query/from', 'format']]],
      ['?from=2026-13-01', [['#query/from', 'format']]],
      ['?to=', [['#query/to', 'format']]],
      [`?to=${CANARY}`, [['#query/to', 'format']]],
      ['?to=0000-01-01', [['#query/to', 'format']]],
      ['?to=9999-12-31', [['#query/to', 'format']]],
      ['?from=2026-11-22&from=2026-11-22', [['#query/from', 'type']]],
      ['?from=2026-11-22&to=2026-11-21', [['#query/to', 'range']]],
      [`?cursor=${CANARY}`, [['#query/cursor', 'format']]],
      ['?cursor=', [['#query/cursor', 'format']]],
      ["?cursor=0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d'--", [['#query/cursor', 'format']]],
      [`?limit=${CANARY}`, [['#query/limit', 'unknown-field']]],
      ['?from[$gt]=2026-11-22', [['#query/?', 'unknown-field']]],
      ['?__proto__=1', [['#query/__proto__', 'unknown-field']]],
    ])('%s is 400', async (query, faults) => {
      const reply = await world.call('GET', `${CHECKS}${query}`);
      expectFaults(reply, 'invalid-request', faults);
      expect(reply.text).not.toContain('2026-02-30');
    });
    it('a query on one check is 400', async () => {
      const reply = await world.call('GET', `${CHECKS}/0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d?as=${CANARY}`);
      expectFaults(reply, 'invalid-request', [['#query/as', 'unknown-field']]);
    });
  });

  describe('operations', () => {
    const put = (body: unknown, headers: Record<string, string> = {}) =>
      world.call('PUT', '/v1/operations/registry-faults', { client: 'demo-operator', body, headers });
    it.each<[string, unknown, readonly Fault[]]>([
      ['a list', [], [['', 'type']]],
      ['an unknown operation', { launchMissiles: {} }, [['/launchMissiles', 'unknown-field']]],
      ['an operation that is a text', { all: CANARY }, [['/all', 'type']]],
      ['an unknown switch', { all: { mode: 'none', volume: 1 } }, [['/all/volume', 'unknown-field']]],
      ['a switch without a mode', { all: {} }, [['/all/mode', 'required']]],
      ['a mode there is not', { population: { mode: CANARY } }, [['/population/mode', 'enum']]],
    ])('fault switches as %s are 400', async (_what, body, faults) => {
      expectFaults(await put(body), 'invalid-request', faults);
    });
    it('fault switches that are not JSON are 400, and as a form 415', async () => {
      expectProblem(await put(`{${CANARY}`), 'malformed-json');
      expectProblem(
        await put('all=1', { 'content-type': 'application/x-www-form-urlencoded' }),
        'unsupported-media-type',
      );
    });
    it('a query on the state is 400', async () => {
      const reply = await world.call('GET', `/v1/operations/state?of=${CANARY}`, { client: 'demo-operator' });
      expectFaults(reply, 'invalid-request', [['#query/of', 'unknown-field']]);
    });
  });

  describe('addresses and methods', () => {
    it.each([
      ['DELETE', CHECKS, 'GET, HEAD, POST'],
      ['PUT', CHECKS, 'GET, HEAD, POST'],
      ['PATCH', CHECKS, 'GET, HEAD, POST'],
      ['OPTIONS', CHECKS, 'GET, HEAD, POST'],
      ['DELETE', `${CHECKS}/0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d`, 'GET, HEAD'],
      ['POST', `${CHECKS}/${CANARY}?as=${CANARY}`, 'GET, HEAD'],
      ['GET', '/v1/eligibility-batches', 'POST'],
      ['DELETE', '/v1/eligibility-batches/x', 'GET, HEAD'],
      ['GET', '/v1/eligibility-batches/x/cancel', 'POST'],
      ['POST', '/v1/eligibility-batches/x/results', 'GET, HEAD'],
      ['GET', '/oauth/token', 'POST'],
      ['POST', '/v1/operations/state', 'GET, HEAD'],
      ['DELETE', '/v1/operations/registry-faults', 'GET, HEAD, PUT'],
      ['POST', '/health/live', 'GET, HEAD'],
    ])('%s %s is 405, and Allow says %s', async (method, path, allow) => {
      const reply = await world.call(method, path);
      expectProblem(reply, 'method-not-allowed');
      expect(reply.headers.get('allow')).toBe(allow);
    });
    it.each([
      '/',
      '/v1',
      '/v2/eligibility-checks',
      `${CHECKS}/`,
      '/v1/Eligibility-Checks',
      `/${CANARY}`,
      `${CHECKS}/0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d/${CANARY}`,
      `/${CANARY}/%zz`,
      `${CHECKS}/${CANARY}%E0%A4%A`,
      '/..%2f..%2fetc/passwd',
    ])('%s is 404, with a token or without', async (path) => {
      for (const client of ['demo-clinic', null]) {
        const reply = await world.call('GET', path, { client });
        expectProblem(reply, 'not-found');
        expect(reply.headers.get('allow')).toBeNull();
      }
    });
    it('an id of 8,000 characters is a check that is not there', async () => {
      const path = `${CHECKS}/${CANARY}${'a'.repeat(8_000)}`;
      expectProblem(await world.call('GET', path), 'check-not-found');
    });
  });

  it('after all this, nothing of it is on record but what was answered', async () => {
    const before = (await world.call('GET', CHECKS)).body['checks'].length as number;
    expectProblem(await world.check({ card, member: CANARY }), 'invalid-request');
    expectProblem(await world.check({ card, serviceDate: '2014-12-31' }), 'service-date-out-of-range');
    expect((await world.call('GET', CHECKS)).body['checks']).toHaveLength(before);
    expect((await world.check({ card })).status).toBe(200);
    expect((await world.call('GET', CHECKS)).body['checks']).toHaveLength(before + 1);
  });
});
