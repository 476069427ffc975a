import { createHash, randomUUID } from 'node:crypto';

import { withClient } from '../scripts/launcher/database.mjs';
import { expectProblem } from './support/problem.js';
import { eventually, World, type Reply } from './support/world.js';

const CHECKS = '/v1/eligibility-checks';
const NOWHERE = '0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d';

interface Listed {
  readonly checkId: string;
  readonly checkedAt: string;
  readonly [field: string]: unknown;
}

describe('past checks', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'past' });
  });
  afterAll(() => world.close());

  const moveTo = async (now: string): Promise<void> => {
    await world.moveTo(now);
    await world.caughtUp();
  };

  const read = (checkId: string, { client, tag }: { client?: string; tag?: string } = {}): Promise<Reply> =>
    world.call('GET', `${CHECKS}/${checkId}`, {
      ...(client === undefined ? {} : { client }),
      headers: tag === undefined ? {} : { 'if-none-match': tag },
    });
  const list = async (query = '', client = 'demo-clinic'): Promise<readonly Listed[]> => {
    const reply = await world.call('GET', `${CHECKS}${query}`, { client });
    expect(reply.status).toBe(200);
    return reply.body['checks'] as Listed[];
  };
  const idsOf = (checks: readonly Listed[]): string[] => checks.map((check) => check.checkId);

  describe('one check', () => {
    it.each([
      ['employee-30-u', 'a valid one with everything consented to'],
      ['coverage-lost', 'a lost one'],
      ['unknown-card', 'a card nobody knows'],
      ['twins-without-branch', 'a number two people share'],
    ])('of %s is read again byte for byte', async (id) => {
      const given = await world.ask(id);
      expect(given.status).toBe(200);
      const again = await read(given.body['checkId'] as string);
      expect(again.status).toBe(200);
      expect(again.text).toBe(given.text);
      expect(again.headers.get('content-type')).toBe(given.headers.get('content-type'));
      expect(again.headers.get('cache-control')).toBe('private, no-cache');
    });

    it('stays as it was given when the facts change and time goes on', async () => {
      const given = await world.ask('coverage-lost');
      const id = given.body['checkId'] as string;
      await withClient(world.database.ownerUrl, (db) => db.query(`update person set name = 'いま　べつ'`));
      await moveTo('2027-03-01T12:00:00.000+09:00');
      expect((await read(id)).text).toBe(given.text);
      await moveTo('2026-11-22T09:00:00.000+09:00');
    });

    it('is read on another machine', async () => {
      const other = await world.anotherCounter();
      try {
        const given = await world.ask('employee-30-u');
        const ask = async () =>
          fetch(`${other.url}${CHECKS}/${given.body['checkId']}`, {
            headers: { authorization: `Bearer ${await world.token()}` },
          });
        await eventually(async () => (await ask()).status === 200, 5_000);
        const response = await ask();
        expect(await response.text()).toBe(given.text);
        expect(response.headers.get('etag')).toBe((await read(given.body['checkId'] as string)).headers.get('etag'));
      } finally {
        await other.app.close();
      }
    });

    it('of everybody there is, is read again byte for byte: here at once, elsewhere once it is shipped', async () => {
      const given = new Map<string, string>();
      const consents = [{}, { limitApplicationCertificate: true, pharmacists: true, diagnosis: true }];
      for (const { id } of world.people)
        for (const consent of consents) {
          const { status, body, text } = await world.ask(id, { consent });
          if (status !== 200) continue;
          given.set(body['checkId'] as string, text);
          const short = await world.ask(id, { consent, ifVersion: body['answerVersion'] });
          given.set(short.body['checkId'] as string, short.text);
        }
      expect(given.size).toBeGreaterThan(2 * world.people.length);
      for (const [id, text] of given) expect((await read(id)).text).toBe(text);
      await world.shipped();
      const other = await world.anotherCounter();
      try {
        const headers = { authorization: `Bearer ${await world.token()}` };
        for (const [id, text] of given)
          expect(await (await fetch(`${other.url}${CHECKS}/${id}`, { headers })).text()).toBe(text);
      } finally {
        await other.app.close();
      }
    });

    it('is read at once by another process of this machine, of whatever either of them answered', async () => {
      const beside = await world.anotherCounter('beside');
      const authorization = `Bearer ${await world.token()}`;
      try {
        const here = await world.ask('employee-30-u');
        expect(
          await (await fetch(`${beside.url}${CHECKS}/${here.body['checkId']}`, { headers: { authorization } })).text(),
        ).toBe(here.text);
        const there = await fetch(`${beside.url}${CHECKS}`, {
          method: 'POST',
          headers: { authorization, 'content-type': 'application/json' },
          body: JSON.stringify({ insured: world.person('employee-30-u').insured }),
        });
        const text = await there.text();
        const { checkId } = JSON.parse(text) as { checkId: string };
        expect((await read(checkId)).text).toBe(text);
        expect(idsOf(await list()).slice(0, 2)).toEqual([checkId, here.body['checkId']]);
      } finally {
        await beside.app.close();
      }
    });

    it('HEAD gives its headers and no body', async () => {
      const { body } = await world.ask('employee-30-u');
      const path = `${CHECKS}/${body['checkId']}`;
      const head = await world.call('HEAD', path);
      expect([head.status, head.text]).toEqual([200, '']);
      expect(head.headers.get('etag')).toBe((await world.call('GET', path)).headers.get('etag'));
    });

    describe('its tag', () => {
      let id: string;
      let tag: string;
      beforeAll(async () => {
        id = (await world.ask('employee-30-u')).body['checkId'] as string;
        tag = (await read(id)).headers.get('etag') ?? '';
      });

      it('is strong, opaque, and its own', async () => {
        expect(tag).toMatch(/^"[\w-]{22}"$/);
        expect(tag).not.toContain(id);
        const twin = (await world.ask('employee-30-u')).body['checkId'] as string;
        expect((await read(twin)).headers.get('etag')).not.toBe(tag);
        expect((await read(id)).headers.get('etag')).toBe(tag);
      });

      it.each<[string, (tag: string) => string]>([
        ['itself', (own) => own],
        ['itself among others', (own) => `"a", ${own}, "b"`],
        ['itself made weak', (own) => `W/${own}`],
        ['a star', () => '*'],
      ])('H04 as %s: 304 without a body', async (_what, header) => {
        const reply = await read(id, { tag: header(tag) });
        expect([reply.status, reply.text]).toEqual([304, '']);
        expect(reply.headers.get('etag')).toBe(tag);
        expect(reply.headers.get('cache-control')).toBe('private, no-cache');
      });
      it.each<[string, (tag: string) => string]>([
        ['of something else', () => '"AAAAAAAAAAAAAAAAAAAAAA"'],
        ['without its quotes', (own) => own.slice(1, -1)],
        ['cut short', (own) => `${own.slice(0, -2)}"`],
        ['with nothing', () => '""'],
      ])('H04 a tag %s: 200 with the whole answer', async (_what, header) => {
        const reply = await read(id, { tag: header(tag) });
        expect(reply.status).toBe(200);
        expect(reply.body['checkId']).toBe(id);
      });
      it.each(['itself', '*'])("H04 another institution's %s: 404", async (what) => {
        const reply = await read(id, { client: 'demo-clinic-2', tag: what === '*' ? '*' : tag });
        expectProblem(reply, 'check-not-found');
        expect(reply.headers.get('etag')).toBeNull();
      });
      it('H04 of a check that is not there: 404, also with a star', async () => {
        expectProblem(await read(NOWHERE, { tag: '*' }), 'check-not-found');
      });

      it('is no hash of what the answer says', () => {
        expect(tag).toBe(`"${createHash('sha256').update(id).digest('base64url').slice(0, 22)}"`);
      });
    });

    it('that was changed behind our back is not shown', async () => {
      const given = await world.ask('coverage-lost');
      const id = given.body['checkId'] as string;
      await world.shipped();
      const elsewhere = await world.anotherCounter();
      try {
        const ask = async () =>
          fetch(`${elsewhere.url}${CHECKS}/${id}`, { headers: { authorization: `Bearer ${await world.token()}` } });
        expect((await ask()).status).toBe(200);
        await withClient(world.database.adminUrl, (db) =>
          db.query(
            `update check_answer set text = decode(replace(encode(text, 'hex'), encode('"invalid"', 'hex'), encode('"valid"', 'hex')), 'hex')
             where answer_key = (select answer_key from eligibility_check where check_id = $1)`,
            [id],
          ),
        );
        const reply = await ask();
        expect(reply.status).toBe(500);
        expect(await reply.text()).not.toContain('"valid"');
      } finally {
        await elsewhere.app.close();
      }
    });

    it('not yours, not there and not an id are one and the same reply, save its instance', async () => {
      const id = (await world.ask('employee-30-u')).body['checkId'] as string;
      const replies = [
        await read(id, { client: 'demo-clinic-2' }),
        await read(id, { client: 'demo-pharmacy' }),
        await read(NOWHERE),
        await read(id.toUpperCase()),
        await read(`${id}%20`),
        await read('x'),
        await read(`${id}'--`),
        await read('a'.repeat(3_000)),
      ];
      const bodies = replies.map((reply) => {
        const { instance, ...rest } = expectProblem(reply, 'check-not-found');
        expect(instance).toBeTypeOf('string');
        return JSON.stringify(rest);
      });
      expect(new Set(bodies).size).toBe(1);
      const shapes = replies.map(({ headers }) => {
        const { date: _date, ...rest } = Object.fromEntries(headers);
        return JSON.stringify(rest);
      });
      expect(new Set(shapes).size).toBe(1);
    });
  });

  describe('what is on record', () => {
    beforeAll(() => moveTo('2026-12-01T10:00:00.000+09:00'));

    it('the decision, who asked and why, and nothing of the person', async () => {
      const headers = { 'Shikaku-Operator': 'staff-17', 'Shikaku-Purpose': 'claim' };
      const { body } = await world.ask('employee-30-u', {}, { headers });
      const [newest] = await list();
      expect(newest).toEqual({
        checkId: body['checkId'],
        checkedAt: '2026-12-01T10:00:00.000+09:00',
        serviceDate: '2026-11-02',
        verdict: 'valid',
        qualificationValidity: '1',
        credentialState: 'valid',
        degraded: false,
        operator: 'staff-17',
        purpose: 'claim',
      });
    });
    it('treatment, and nobody, where neither is said', async () => {
      await world.ask('employee-30-u');
      const [newest] = await list();
      expect(newest).toMatchObject({ purpose: 'treatment' });
      expect(newest).not.toHaveProperty('operator');
    });
    it('an answer that was unchanged, as such', async () => {
      const first = (await world.ask('employee-30-u')).body;
      const short = (await world.ask('employee-30-u', { ifVersion: first['answerVersion'] })).body;
      const [newest, before] = await list();
      expect(newest).toMatchObject({ checkId: short['checkId'], unchanged: true, verdict: 'valid' });
      expect(before).not.toHaveProperty('unchanged');
      expect((await read(short['checkId'] as string)).body).toEqual(short);
    });
    it('a repeat, with the check it repeats and with who sent it this time', async () => {
      const key = randomUUID();
      const ask = (operator: string) =>
        world.ask('employee-30-u', {}, { headers: { 'Idempotency-Key': key, 'Shikaku-Operator': operator } });
      const first = await ask('staff-1');
      const again = await ask('staff-2');
      expect(again.text).toBe(first.text);
      const [newest, before] = await list();
      expect(before).toMatchObject({ checkId: first.body['checkId'], operator: 'staff-1' });
      expect(before).not.toHaveProperty('repeated');
      expect(newest).toMatchObject({ repeated: first.body['checkId'], operator: 'staff-2' });
      expect(newest?.checkId).not.toBe(first.body['checkId']);
      expect((await read(newest?.checkId ?? '')).text).toBe(first.text);
    });
    it('no identifier of the person: the subject is a hash with a key', async () => {
      const serial = world.person('employee-30-u').certificateSerial ?? '';
      const { body } = await world.ask('employee-30-u');
      await world.shipped();
      await withClient(world.database.adminUrl, async (db) => {
        const { rows } = await db.query('select * from eligibility_check where check_id = $1', [body['checkId']]);
        const [row] = rows;
        expect(JSON.stringify({ ...row, subject_hash: row.subject_hash.toString('latin1') })).not.toContain(serial);
        expect(row.subject_hash).toHaveLength(32);
      });
    });
    it('each consent that was given, with how long what it opens may be viewed', async () => {
      const { body } = await world.ask('employee-30-u', {
        consent: { limitApplicationCertificate: true, diagnosis: true },
      });
      await world.shipped();
      await withClient(world.database.adminUrl, async (db) => {
        const { rows } = await db.query(
          'select kind, consented_at, available_until from consent where check_id = $1 order by kind',
          [body['checkId']],
        );
        const at = new Date('2026-12-01T10:00:00.000+09:00');
        expect(rows).toEqual([
          { kind: 'diagnosis', consented_at: at, available_until: new Date('2026-12-02T10:00:00.000+09:00') },
          { kind: 'limitApplicationCertificate', consented_at: at, available_until: null },
        ]);
      });
    });
  });

  describe('the list', () => {
    it('is empty on a day without checks', async () => {
      await moveTo('2027-01-10T10:00:00.000+09:00');
      const reply = await world.call('GET', CHECKS);
      expect(reply.body).toEqual({ checks: [] });
      expect(reply.headers.get('cache-control')).toBe('no-store');
    });

    it('a day is a Tokyo day, from its first millisecond to its last', async () => {
      const ids: string[] = [];
      for (const at of [
        '2027-02-01T23:59:59.999+09:00',
        '2027-02-02T00:00:00.000+09:00',
        '2027-02-02T23:59:59.999+09:00',
        '2027-02-03T00:00:00.000+09:00',
      ]) {
        await moveTo(at);
        // By number: the registry's word on a card would have to be renewed for each of these days.
        const { body } = await world.check({ insured: world.person('employee-30-u').insured });
        expect(body['checkedAt']).toBe(at);
        ids.unshift(body['checkId'] as string);
      }
      const [third, lastOfSecond, firstOfSecond, first] = ids;
      expect(idsOf(await list('?from=2027-02-02&to=2027-02-02'))).toEqual([lastOfSecond, firstOfSecond]);
      expect(idsOf(await list('?from=2027-02-01&to=2027-02-01'))).toEqual([first]);
      expect(idsOf(await list('?from=2027-02-01&to=2027-02-03'))).toEqual(ids);
      expect(idsOf(await list()), 'today, where nothing is said').toEqual([third]);
      expect(idsOf(await list('?from=2027-02-02')), 'until today').toEqual([third, lastOfSecond, firstOfSecond]);
      expectProblem(await world.call('GET', `${CHECKS}?to=2027-02-02`), 'invalid-request');
    });

    describe('of more than a page', () => {
      const asked: string[] = [];
      beforeAll(async () => {
        await moveTo('2027-03-01T10:00:00.000+09:00');
        const body = { insured: world.person('employee-30-u').insured };
        for (let i = 0; i < 203; i += 1) asked.unshift((await world.check(body)).body['checkId'] as string);
        await world.check(body, { client: 'demo-clinic-2' });
      });

      it('comes newest first, 100 a page, each check once, and ends', async () => {
        const pages: number[] = [];
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const { body } = await world.call('GET', cursor === undefined ? CHECKS : `${CHECKS}?cursor=${cursor}`);
          pages.push(body['checks'].length);
          seen.push(...idsOf(body['checks']));
          cursor = body['nextCursor'];
        } while (cursor !== undefined);
        expect(pages).toEqual([100, 100, 3]);
        expect(seen).toEqual(asked);
      });
      it('a page that is just full is the last', async () => {
        const { body } = await world.call('GET', `${CHECKS}?cursor=${asked[102]}`);
        expect(body['checks']).toHaveLength(100);
        expect(body).not.toHaveProperty('nextCursor');
      });
      it('a check that comes in between moves no page', async () => {
        const { body: first } = await world.call('GET', CHECKS);
        await world.check({ insured: world.person('employee-30-u').insured });
        const { body: second } = await world.call('GET', `${CHECKS}?cursor=${first['nextCursor']}`);
        expect(idsOf(second['checks'])).toEqual(asked.slice(100, 200));
      });
      it("another institution's cursor shows one's own checks only", async () => {
        const [own] = await list('', 'demo-clinic-2');
        expect(await list('', 'demo-clinic-2')).toHaveLength(1);
        const { body } = await world.call('GET', `${CHECKS}?cursor=${asked[0]}`, { client: 'demo-clinic-2' });
        expect(body).toEqual({ checks: [] });
        expect(idsOf(await list(`?cursor=${own?.checkId}`))).not.toContain(own?.checkId);
      });
    });
  });
});
