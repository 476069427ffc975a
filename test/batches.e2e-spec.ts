import { AskPerson } from '../apps/eligibility-api/src/batch/ask-person.js';
import { LEASE_MS } from '../apps/eligibility-api/src/batch/batch-runner.js';
import { BATCHES, PART_PEOPLE, type Batches } from '../apps/eligibility-api/src/batch/batches.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { CANARY, expectProblem } from './support/problem.js';
import { parseReply, sendBytes } from './support/raw-http.js';
import { plugIn, unplug } from './support/unplugged.js';
import { eventually, questionOf, World, type Reply } from './support/world.js';

const PATH = '/v1/eligibility-batches';
const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;
type Json = Record<string, any>;
interface Line {
  readonly itemId: string;
  readonly answer?: Json;
  readonly problem?: Json;
}

const linesOf = (text: string): Line[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));

describe('batches', () => {
  let world: World;
  const gates: PromiseWithResolvers<void>[] = [];
  beforeAll(async () => {
    world = await World.start({ name: 'batches', settings: { BATCH_UNFINISHED_MAX: '3', BATCH_QUEUE_MAX: '4' } });
  });
  afterAll(() => world.close());
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const gate of gates.splice(0)) gate.resolve();
    // Of what a test left in the queue the next one would have to wait for the end.
    await eventually(
      async () => (await sql(`select from eligibility_batch where state in ('queued', 'running')`)).length === 0,
    );
  });

  const submit = (body: unknown, options: object = {}): Promise<Reply> =>
    world.call('POST', PATH, { ...options, body });
  const accepted = async (body: unknown, options: object = {}): Promise<string> => {
    const reply = await submit(body, options);
    expect(reply.status, reply.text).toBe(202);
    return reply.body['batchId'] as string;
  };
  const read = (id: string, options: object = {}): Promise<Reply> => world.call('GET', `${PATH}/${id}`, options);
  const results = (id: string, query = '', options: object = {}): Promise<Reply> =>
    world.call('GET', `${PATH}/${id}/results${query}`, options);
  const ended = (id: string): Promise<void> =>
    eventually(async () => !['queued', 'running'].includes((await read(id)).body['state'] as string), 60_000);
  /** A part is kept while the next one is asked about. */
  const kept = (id: string, lines: number): Promise<void> =>
    eventually(async () => (await read(id)).body['counts'].answered === lines);
  const cancel = (id: string, options: object = {}): Promise<Reply> =>
    world.call('POST', `${PATH}/${id}/cancel`, options);
  const sql = <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    withClient(world.database.adminUrl, async (client) => (await client.query<Row>(text, values)).rows);

  const itemOf = (id: string): Json => {
    const { serviceDate: _day, ...question } = questionOf(world.person(id)) as Json;
    return { itemId: id, ...question };
  };
  /** The same person this often, each time under another name: p0, p1 … */
  const crowd = (size: number): Json[] =>
    Array.from({ length: size }, (_, i) => ({ ...itemOf('employee-30-u'), itemId: `p${i}` }));

  /** From this person on nothing goes on, until opened: where a process is when it hangs, or dies. */
  const gateAt = (itemId: string): { open: () => void; reached: Promise<void> } => {
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    const reached = Promise.withResolvers<void>();
    const ask = world.counter.app.get(AskPerson);
    const original = ask.forAll.bind(ask);
    vi.spyOn(ask, 'forAll').mockImplementation(async (asking, day, people) => {
      const at = people.findIndex((person) => person.itemId === itemId);
      if (at < 0) return original(asking, day, people);
      const before = await original(asking, day, people.slice(0, at));
      reached.resolve();
      await gate.promise;
      return [...before, ...(await original(asking, day, people.slice(at)))];
    });
    return { open: () => gate.resolve(), reached: reached.promise };
  };

  it('every scenario person in one batch gets the bytes of a single check, but for its id', async () => {
    const people = world.people.map(({ id }) => itemOf(id));
    expect(people.length).toBeGreaterThan(20);
    const reply = await submit({ serviceDate: '2026-11-24', people });
    expect(reply.status).toBe(202);
    const id = reply.body['batchId'] as string;
    expect(reply.headers.get('location')).toBe(`${PATH}/${id}`);
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.body).toEqual({
      batchId: id,
      state: 'queued',
      submittedAt: '2026-11-22T09:00:00.000+09:00',
      serviceDate: '2026-11-24',
      counts: { total: people.length, answered: 0, unavailable: 0, refused: 0 },
    });
    await ended(id);

    const stream = await results(id);
    expect(stream.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(stream.headers.get('cache-control')).toBe('no-store');
    const lines = stream.text.trimEnd().split('\n');
    expect(lines).toHaveLength(people.length);
    const same = (bytes: string): string => bytes.replaceAll(/"(checkId|instance)":"[^"]+"/g, '"$1":"…"');
    let answered = 0;
    for (const [i, { itemId, ...question }] of people.entries()) {
      const single = await world.check({ ...question, serviceDate: '2026-11-24' });
      const what = single.status === 200 ? 'answer' : 'problem';
      if (single.status === 200) answered += 1;
      expect(same(lines[i] ?? ''), itemId as string).toBe(`{"itemId":"${itemId}","${what}":${same(single.text)}}`);
    }
    expect((await read(id)).body).toEqual({
      ...reply.body,
      state: 'finished',
      counts: { total: people.length, answered, unavailable: 0, refused: people.length - answered },
      endedAt: '2026-11-22T09:00:00.000+09:00',
      keptUntil: '2026-11-24T09:00:00.000+09:00',
    });
  });

  it('without a service date it is the day of submission, whenever the people are asked about', async () => {
    expect((await submit({ people: crowd(1) })).body['serviceDate']).toBe('2026-11-22');
  });

  it('every answer is on the record like any other, with operator and purpose of the batch', async () => {
    const id = await accepted(
      { people: crowd(3) },
      { headers: { 'shikaku-operator': 'night-shift', 'shikaku-purpose': 'claim' } },
    );
    await ended(id);
    const checks = linesOf((await results(id)).text).map(({ answer }) => answer?.['checkId'] as string);
    const { body } = await world.call('GET', '/v1/eligibility-checks');
    for (const checkId of checks)
      expect(body['checks']).toContainEqual(
        expect.objectContaining({ checkId, operator: 'night-shift', purpose: 'claim', verdict: 'valid' }),
      );
    const [first] = linesOf((await results(id)).text);
    expect((await world.call('GET', `/v1/eligibility-checks/${checks[0]}`)).body).toEqual(first?.answer);
  });

  describe('one who is wrong loses nothing of the others', () => {
    it.each<[string, Json, string, [string, string][]]>([
      ['neither card nor insured', {}, 'invalid-request', [['/card', 'exactly-one-of']]],
      [
        'both',
        {
          card: { certificateSerial: 'FFFFFFFF00000000' },
          insured: { insurerNumber: '06130488', insuredIdentificationNumber: '1', birthdate: '1980-05-05' },
        },
        'invalid-request',
        [['/card', 'exactly-one-of']],
      ],
      ['a card that is a text', { card: CANARY }, 'invalid-request', [['/card', 'type']]],
      [
        'a serial that is none',
        { card: { certificateSerial: CANARY } },
        'invalid-request',
        [['/card/certificateSerial', 'format']],
      ],
      [
        'a field there is not',
        { card: { certificateSerial: 'FFFFFFFF00000000' }, ifVersion: 'v1.x' },
        'invalid-request',
        [['/ifVersion', 'unknown-field']],
      ],
      [
        'a consent there is not',
        { card: { certificateSerial: 'FFFFFFFF00000000' }, consent: { everything: true } },
        'invalid-request',
        [['/consent/everything', 'unknown-field']],
      ],
      [
        'a day that is none',
        { insured: { insurerNumber: '06130488', insuredIdentificationNumber: '1', birthdate: '2026-02-30' } },
        'invalid-request',
        [['/insured/birthdate', 'format']],
      ],
      [
        'a birth after the service date',
        { insured: { insurerNumber: '06130488', insuredIdentificationNumber: '1', birthdate: '2026-11-25' } },
        'birthdate-in-future',
        [['/insured/birthdate', 'range']],
      ],
    ])('%s', async (_what, person, code, faults) => {
      const people = [
        { ...itemOf('employee-30-u'), itemId: 'before' },
        { itemId: 'bad', ...person },
        { ...itemOf('employee-30-u'), itemId: 'after' },
      ];
      const id = await accepted({ serviceDate: '2026-11-24', people });
      await ended(id);
      const [before, bad, after] = linesOf((await results(id)).text);
      expect([before, after]).toEqual([
        { itemId: 'before', answer: expect.objectContaining({ verdict: 'valid' }) },
        { itemId: 'after', answer: expect.objectContaining({ verdict: 'valid' }) },
      ]);
      expect(bad).toMatchObject({ itemId: 'bad', problem: { code, retryable: false } });
      const { errors = [] } = (bad?.problem ?? {}) as { errors?: Json[] };
      expect(errors.map(({ pointer, code: fault }) => [pointer, fault])).toEqual(faults);
      expect(JSON.stringify(bad)).not.toContain(CANARY);
      expect((await read(id)).body['counts']).toEqual({ total: 3, answered: 2, unavailable: 0, refused: 1 });
    });

    it('who cannot be found out is 503 with what the clerk asks for, in their own line', async () => {
      await world.faults({ all: { mode: 'error' } });
      try {
        const id = await accepted({ people: [itemOf('unknown-card'), itemOf('client-search')] });
        await ended(id);
        const [unknown, search] = linesOf((await results(id)).text);
        expect(unknown?.problem).toMatchObject({ code: 'answer-unavailable', status: 503, retryable: true });
        expect(unknown?.problem?.['fallback'].documents.length).toBeGreaterThan(3);
        expect(search).toHaveProperty('answer.verdict');
        expect((await read(id)).body['counts']).toEqual({ total: 2, answered: 1, unavailable: 1, refused: 0 });
      } finally {
        await world.faults({});
      }
    });
  });

  describe('what is refused whole', () => {
    const one = { itemId: 'a', card: { certificateSerial: 'FFFFFFFF00000000' } };
    it.each<[string, unknown, [string, string][]]>([
      ['nothing at all', undefined, [['', 'type']]],
      ['null', 'null', [['', 'type']]],
      ['a list', [one], [['', 'type']]],
      ['no people', {}, [['/people', 'required']]],
      ['nobody', { people: [] }, [['/people', 'min-items']]],
      ['people who are a text', { people: CANARY }, [['/people', 'type']]],
      ['people who are one person', { people: one }, [['/people', 'type']]],
      ['an unknown field', { people: [one], priority: CANARY }, [['/priority', 'unknown-field']]],
      ['a service date that is none', { people: [one], serviceDate: '2026-02-30' }, [['/serviceDate', 'format']]],
      ['a service date of another form', { people: [one], serviceDate: CANARY }, [['/serviceDate', 'format']]],
      ['a person who is null', { people: [one, null] }, [['/people/1', 'type']]],
      ['a person who is a list', { people: [[one]] }, [['/people/0', 'type']]],
      ['a person without a name', { people: [{ card: one.card }] }, [['/people/0/itemId', 'required']]],
      ['a name that is a number', { people: [{ ...one, itemId: 1 }] }, [['/people/0/itemId', 'type']]],
      ['an empty name', { people: [{ ...one, itemId: '' }] }, [['/people/0/itemId', 'format']]],
      ['a name of 65 characters', { people: [{ ...one, itemId: 'x'.repeat(65) }] }, [['/people/0/itemId', 'format']]],
      ['a name with a line break', { people: [{ ...one, itemId: 'a\n' }] }, [['/people/0/itemId', 'format']]],
      [
        'a person of more than 8 Ki characters',
        { people: [one, { ...one, x: 'x'.repeat(8_200) }] },
        [['/people/1', 'max-length']],
      ],
      [
        'more than 64 Ki characters beside the people',
        { people: [one], serviceDate: 'x'.repeat(66_000) },
        [['', 'max-length']],
      ],
    ])('%s is 400', async (_what, body, faults) => {
      const errors = expectProblem(await submit(body), 'invalid-request')['errors'] as Json[];
      expect(errors.map(({ pointer, code }) => [pointer, code])).toEqual(faults);
    });

    it.each([
      ['no JSON', `{"people":[${CANARY}]}`],
      ['half of it', `{"people":[${JSON.stringify(one)}`],
      ['a comma too many', `{"people":[${JSON.stringify(one)},]}`],
      ['a bracket of another kind', `{"people":[${JSON.stringify(one)}}}`],
      ['two documents', `{"people":[${JSON.stringify(one)}]}{}`],
      ['closed twice', `{"people":[${JSON.stringify(one)}]}]`],
      ['people twice', `{"people":[${JSON.stringify(one)}],"people":[]}`],
      ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    ])('%s is 400', async (_what, body) => {
      expectProblem(await submit(body), 'malformed-json');
    });

    it('two of one name are 422, and the second of each pair is named', async () => {
      const people = [...crowd(3), { ...one, itemId: 'p1' }, { ...one, itemId: 'p0' }];
      const errors = expectProblem(await submit({ people }), 'batch-item-repeated')['errors'] as Json[];
      expect(errors.map(({ pointer }) => pointer)).toEqual(['/people/3/itemId', '/people/4/itemId']);
    });

    it.each([['2014-12-31'], ['2027-11-23']])('a service date of %s is 422', async (serviceDate) => {
      expectProblem(await submit({ people: [one], serviceDate }), 'service-date-out-of-range');
    });

    it.each(['2015-01-01', '2027-11-22'])('and one of %s is not', async (serviceDate) => {
      await ended(await accepted({ people: [one], serviceDate }));
    });

    it('10,001 people are 400', async () => {
      const people = Array.from({ length: 10_001 }, (_, i) => ({ ...one, itemId: `p${i}` }));
      const [error] = expectProblem(await submit({ people }), 'invalid-request')['errors'] as Json[];
      expect(error).toMatchObject({ pointer: '/people', code: 'max-items' });
    });

    it('8 MiB are read, and a byte more is 413, also when it only grows too large in its chunks', async () => {
      const text = JSON.stringify({
        people: Array.from({ length: 1_100 }, (_, i) => ({ ...one, itemId: `p${i}`, x: 'x'.repeat(7_540) })),
      });
      const padded = (bytes: number): string => `${text.slice(0, -1)}${' '.repeat(bytes - text.length)}}`;
      const whole = await submit(padded(8 * MIB));
      expect(whole.status, whole.text.slice(0, 500)).toBe(202);
      await cancel(whole.body['batchId'] as string);
      expectProblem(await submit(padded(8 * MIB + 1)), 'body-too-large');
      const head = `POST ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await world.token()}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
      const person = (i: number): string => `{"itemId":"${i}","card":{"x":"${'x'.repeat(8_000)}"}}`;
      const chunks = Array.from({ length: 1_100 }, (_, i) => {
        const text = `${i === 0 ? '{"people":[' : ','}${person(i)}`;
        return `${text.length.toString(16)}\r\n${text}\r\n`;
      });
      expectProblem(parseReply(await sendBytes(world.url, `${head}${chunks.join('')}0\r\n\r\n`)), 'body-too-large');
    });

    it('another media type is 415, and nothing is accepted by all this', async () => {
      expectProblem(await submit('people=1', { headers: { 'content-type': 'text/csv' } }), 'unsupported-media-type');
      expectProblem(
        await submit({ people: [one] }, { headers: { 'content-type': 'application/json; charset=shift_jis' } }),
        'unsupported-media-type',
      );
      expectProblem(await submit({ people: [one] }, { headers: { accept: 'text/csv' } }), 'not-acceptable');
      expectProblem(await submit({ people: [one] }, { headers: { 'shikaku-purpose': 'curiosity' } }), 'invalid-header');
      expect(await sql(`select from eligibility_batch where state in ('queued', 'running')`)).toEqual([]);
    });

    it('a stranger is told so before the body is looked at', async () => {
      expectProblem(await submit(`{${CANARY}`, { client: null }), 'token-missing');
      expectProblem(await submit('x'.repeat(MIB), { client: 'demo-insurer' }), 'scope-missing');
    });
  });

  it('a request of 2 MB is read, and every check still has its 64 KiB', async () => {
    const people = Array.from({ length: 300 }, (_, i) => ({
      itemId: `p${i}`,
      card: { certificateSerial: 'x'.repeat(7_000) },
    }));
    const id = await accepted({ people });
    await ended(id);
    expect((await read(id)).body['counts']).toMatchObject({ total: 300, refused: 300 });
    expectProblem(await world.check({ card: { certificateSerial: 'x'.repeat(70_000) } }), 'body-too-large');
  });

  describe('a batch under way', () => {
    const SIZE = 2 * PART_PEOPLE + 10;

    it('shows what is there so far, and a reader goes on from there', async () => {
      const gate = gateAt(`p${PART_PEOPLE}`);
      const id = await accepted({ people: crowd(SIZE) });
      await gate.reached;
      await kept(id, PART_PEOPLE);
      expect((await read(id)).body).toMatchObject({
        state: 'running',
        counts: { total: SIZE, answered: PART_PEOPLE, unavailable: 0, refused: 0 },
      });
      const sofar = await results(id);
      expect(sofar.headers.get('shikaku-batch-state')).toBe('running');
      expect(sofar.headers.get('shikaku-batch-lines')).toBe(`${PART_PEOPLE}`);
      expect(linesOf(sofar.text)).toHaveLength(PART_PEOPLE);
      expect((await results(id, `?from=${PART_PEOPLE}`)).text).toBe('');
      gate.open();
      await ended(id);

      const rest = await results(id, `?from=${PART_PEOPLE}`);
      expect(rest.headers.get('shikaku-batch-state')).toBe('finished');
      expect(rest.headers.get('shikaku-batch-lines')).toBe(`${SIZE}`);
      const whole = await results(id);
      expect(whole.text).toBe(sofar.text + rest.text);
      expect(linesOf(whole.text).map(({ itemId }) => itemId)).toEqual(
        crowd(SIZE).map(({ itemId }) => itemId as string),
      );
      const tail = await results(id, `?from=${SIZE - 3}`);
      expect(linesOf(tail.text).map(({ itemId }) => itemId)).toEqual([`p${SIZE - 3}`, `p${SIZE - 2}`, `p${SIZE - 1}`]);
      expect((await results(id, '?from=99999')).text).toBe('');
    });

    it('is cancelled in the middle: what was answered stays, the others are gone at once', async () => {
      const gate = gateAt(`p${PART_PEOPLE}`);
      const id = await accepted({ people: crowd(SIZE) });
      await gate.reached;
      await kept(id, PART_PEOPLE);
      const reply = await cancel(id);
      expect(reply.status).toBe(200);
      expect(reply.body).toMatchObject({ state: 'cancelled', counts: { total: SIZE, answered: PART_PEOPLE } });
      expect(await sql('select from eligibility_batch_part where batch_id = $1 and people is not null', [id])).toEqual(
        [],
      );
      gate.open();
      // The process that worked on it is free for another, and adds nothing to this one.
      await ended(await accepted({ people: crowd(1) }));
      const stream = await results(id);
      expect(stream.headers.get('shikaku-batch-state')).toBe('cancelled');
      expect(linesOf(stream.text)).toHaveLength(PART_PEOPLE);
      expect((await read(id)).body).toEqual(reply.body);
      expect((await cancel(id)).body).toEqual(reply.body);
    });

    it('one that has finished stays finished when it is cancelled', async () => {
      const id = await accepted({ people: crowd(1) });
      await ended(id);
      const { body } = await cancel(id);
      expect(body).toMatchObject({ state: 'finished', counts: { total: 1, answered: 1 } });
      expect(linesOf((await results(id)).text)).toHaveLength(1);
    });

    it('whose process hangs is taken up by another when the lease has run out, and nobody has two lines', async () => {
      const gate = gateAt(`p${PART_PEOPLE + 7}`);
      const id = await accepted({ people: crowd(SIZE) });
      await gate.reached;
      await kept(id, PART_PEOPLE);
      const other = await world.anotherCounter();
      try {
        world.clock.advance(LEASE_MS - 1);
        // The other one looks, and works on what is new; this one is not its own yet.
        await ended(await accepted({ people: crowd(1) }));
        expect((await read(id)).body).toMatchObject({ state: 'running', counts: { answered: PART_PEOPLE } });
        world.clock.advance(1);
        await ended(id);
        const { text } = await results(id);
        gate.open();
        await ended(await accepted({ people: crowd(1) }));
        expect((await results(id)).text).toBe(text);
        expect(linesOf(text).map(({ itemId }) => itemId)).toEqual(crowd(SIZE).map(({ itemId }) => itemId as string));
        expect((await read(id)).body).toMatchObject({ state: 'finished', counts: { total: SIZE, answered: SIZE } });
      } finally {
        gate.open();
        await other.app.close();
      }
    });
  });

  describe('Idempotency-Key', () => {
    const keyed = (key: string, body: unknown, client = 'demo-clinic'): Promise<Reply> =>
      submit(body, { client, headers: { 'idempotency-key': key } });
    const [anna, ben] = [itemOfLater('employee-30-u'), itemOfLater('coverage-lost')];

    it('the same request leads to the same batch, in whatever order its fields are written, and shows how it stands', async () => {
      const people = [anna(), ben()];
      const first = await keyed('key-1', { serviceDate: '2026-11-24', people });
      const id = first.body['batchId'] as string;
      await ended(id);
      const reordered = people.map((person) => Object.fromEntries(Object.entries(person).toReversed()));
      const again = await keyed('key-1', { people: reordered, serviceDate: '2026-11-24' });
      expect(again.status).toBe(202);
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
      expect(again.body).toEqual({ ...(await read(id)).body, state: 'finished' });
    });

    it('five at once are one batch', async () => {
      const replies = await Promise.all(Array.from({ length: 5 }, () => keyed('key-2', { people: [anna()] })));
      expect(replies.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
      expect(new Set(replies.map(({ body }) => body['batchId'])).size).toBe(1);
    });

    it('another request under the key is 422: other people, another order, another day', async () => {
      const body = { serviceDate: '2026-11-24', people: [anna(), ben()] };
      await keyed('key-3', body);
      for (const other of [
        { ...body, people: [anna()] },
        { ...body, people: [ben(), anna()] },
        { ...body, people: [anna(), { ...ben(), consent: { diagnosis: true } }] },
        { ...body, serviceDate: '2026-11-25' },
        { people: body.people },
      ])
        expectProblem(await keyed('key-3', other), 'idempotency-key-reused');
    });

    it('the key is the client’s own, and is new after 24 hours', async () => {
      const body = { people: [anna()] };
      const ids = [await keyed('key-4', body), await keyed('key-4', body, 'demo-clinic-2')];
      world.clock.advance(24 * HOUR_MS - 1);
      await world.moveTo(new Date(world.clock.now()).toISOString());
      ids.push(await keyed('key-4', body));
      world.clock.advance(1);
      ids.push(await keyed('key-4', { people: [ben()] }));
      expect(ids.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
      const [first, others, repeated, anew] = ids.map(({ body: batch }) => batch['batchId'] as string);
      expect(repeated).toBe(first);
      expect(new Set([first, others, anew]).size).toBe(3);
      await ended(anew ?? '');
    });

    it('lies in the store as a keyed hash', async () => {
      expect(JSON.stringify(await sql('select * from eligibility_batch'))).not.toContain('key-4');
    });
  });

  it('another institution gets the 404 of what does not exist', async () => {
    const id = await accepted({ people: crowd(1) });
    await ended(id);
    const missing = ['0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d', 'x', 'a'.repeat(500), '%00'];
    for (const [batchId, client] of [
      ...missing.map((name) => [name, 'demo-clinic']),
      [id, 'demo-clinic-2'],
      [id, 'demo-pharmacy'],
    ])
      for (const reply of [
        await read(batchId ?? '', { client }),
        await results(batchId ?? '', '', { client }),
        await cancel(batchId ?? '', { client }),
      ])
        expectProblem(reply, 'batch-not-found');
    expect((await read(id)).body['state']).toBe('finished');
  });

  it.each(['-1', '1.5', '00', 'x', '100000', ''])('results from %j are 400', async (from) => {
    const id = await accepted({ people: crowd(1) });
    expectProblem(await results(id, `?from=${from}`), 'invalid-request');
    await ended(id);
  });

  it('a client has at most three unfinished, all together four, and a cancelled one makes room', async () => {
    const gate = gateAt('p0');
    try {
      const mine = [await accepted({ people: crowd(1) })];
      await gate.reached;
      mine.push(await accepted({ people: crowd(1) }), await accepted({ people: crowd(1) }));
      const refused = await submit({ people: crowd(1) });
      expectProblem(refused, 'too-many-batches');
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      const others = await accepted({ people: crowd(1) }, { client: 'demo-clinic-2' });
      const full = await submit({ people: crowd(1) }, { client: 'demo-pharmacy' });
      expectProblem(full, 'batches-unavailable');
      expect(full.headers.get('retry-after')).toBe('60');
      expect((await cancel(mine[2] ?? '')).body).toMatchObject({ state: 'cancelled', counts: { answered: 0 } });
      mine.push(await accepted({ people: crowd(1) }));
      expect(await world.counter.app.get<Batches>(BATCHES).figures()).toMatchObject({ queued: 3, running: 1 });
      gate.open();
      for (const id of mine) await ended(id);
      await eventually(async () => (await read(others, { client: 'demo-clinic-2' })).body['state'] === 'finished');
    } finally {
      gate.open();
    }
  });

  it('nobody can be read from the store while they wait, and nothing but sealed lines afterwards', async () => {
    const gate = gateAt('p0');
    const person = world.person('employee-30-u');
    const stored = async (id: string): Promise<(string | undefined)[]> => {
      const [row] = await sql<{ people: Buffer | null; results: Buffer | null }>(
        'select people, results from eligibility_batch_part where batch_id = $1',
        [id],
      );
      return [row?.people?.toString('latin1'), row?.results?.toString('latin1')];
    };
    const id = await accepted({ people: crowd(2) });
    await gate.reached;
    const [waiting = '', nothing] = await stored(id);
    expect(waiting.length).toBeGreaterThan(20);
    expect(waiting).not.toMatch(/itemId|certificateSerial/);
    expect(waiting).not.toContain(person.certificateSerial);
    expect(nothing).toBeUndefined();
    gate.open();
    await ended(id);
    const [nobody, sealed = ''] = await stored(id);
    expect(nobody).toBeUndefined();
    expect(sealed.length).toBeGreaterThan(100);
    expect(sealed).not.toMatch(/itemId|checkId/);
  });

  it('PostgreSQL away: nothing is accepted, and what runs waits and goes on', async () => {
    const gate = gateAt('p3');
    const id = await accepted({ people: crowd(PART_PEOPLE + 5) });
    await gate.reached;
    await unplug(world);
    try {
      gate.open();
      for (const reply of [await submit({ people: crowd(1) }), await read(id), await results(id), await cancel(id)]) {
        expectProblem(reply, 'batches-unavailable');
        expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
      }
    } finally {
      await plugIn(world);
    }
    await eventually(async () => (await read(id)).status === 200);
    await ended(id);
    const lines = linesOf((await results(id)).text);
    expect(lines.map(({ itemId }) => itemId)).toEqual(crowd(PART_PEOPLE + 5).map(({ itemId }) => itemId as string));
    expect(lines.filter(({ answer }) => answer === undefined)).toEqual([]);
  });

  it('results of which some are gone are a transfer that breaks off, and never a shorter result', async () => {
    const id = await accepted({ people: crowd(2 * PART_PEOPLE + 1) });
    await ended(id);
    await sql('delete from eligibility_batch_part where batch_id = $1 and first = $2', [id, 2 * PART_PEOPLE]);
    const transfer = await results(id).then(
      ({ text }) => `whole, with ${linesOf(text).length} lines`,
      (error: Error) => error.message,
    );
    expect(transfer).toBe('aborted');
  });

  it('counts people and batches where metrics are read', async () => {
    const text = (await world.call('GET', '/metrics', { client: null })).text;
    expect(text).toMatch(/shikaku_batch_people_total\{outcome="answered"\} [1-9]/);
    expect(text).toMatch(/shikaku_batch_people_total\{outcome="refused"\} [1-9]/);
    expect(text).toMatch(/shikaku_batches\{state="running"\} \d/);
    expect(text).toMatch(/shikaku_batch_queue_age_seconds \d/);
  });

  it('is deleted 48 hours after it ended, or never did; the checks stay', async () => {
    const gate = gateAt('stuck');
    const done = await accepted({ people: crowd(1) });
    await ended(done);
    const [line] = linesOf((await results(done)).text);
    const stuck = await accepted({ people: [{ ...itemOf('employee-30-u'), itemId: 'stuck' }] });
    const store = world.counter.app.get<Batches>(BATCHES);
    const now = world.clock.now();
    await store.forget(now);
    expect((await read(done)).status).toBe(200);
    await store.forget(now + 1);
    expectProblem(await read(done), 'batch-not-found');
    expectProblem(await results(done), 'batch-not-found');
    expectProblem(await read(stuck), 'batch-not-found');
    expect(await sql('select from eligibility_batch_part')).toEqual([]);
    gate.open();
    const path = `/v1/eligibility-checks/${line?.answer?.['checkId']}`;
    expect((await world.call('GET', path)).status).toBe(200);
  });

  function itemOfLater(id: string): () => Json {
    return () => itemOf(id);
  }
});
