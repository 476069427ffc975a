import { randomUUID } from 'node:crypto';

import { JournalShipper } from '../apps/eligibility-api/src/check-log/journal-shipper.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { CANARY, expectProblem } from './support/problem.js';
import { World, type Reply } from './support/world.js';

const TEN_MINUTES_MS = 600_000;
const ALL = { limitApplicationCertificate: true, specificDiseases: true };
const UNKNOWN = { card: { certificateSerial: 'FFFFFFFF00000000' } };

describe('repeats', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'repeats' });
  });
  afterAll(() => world.close());

  const moveTo = async (now: string): Promise<void> => {
    await world.moveTo(now);
    await world.caughtUp();
  };

  /** What a change left behind is seen: no waiting for the next round. */
  const hear = () => world.heard();
  const as = (role: 'ownerUrl' | 'officeUrl', sql: string, values: unknown[] = []): Promise<number> =>
    withClient(world.database[role], async (db) => (await db.query(sql, values)).rowCount ?? 0);
  const recorded = async (sql: string, values: unknown[]): Promise<Record<string, unknown>[]> => {
    await world.shipped();
    return withClient(world.database.adminUrl, async (db) => (await db.query(sql, values)).rows);
  };

  describe('ifVersion', () => {
    const version = async (id: string, more: object = {}, client = 'demo-clinic'): Promise<string> => {
      const reply = await world.ask(id, more, { client });
      expect(reply.status).toBe(200);
      return reply.body['answerVersion'] as string;
    };

    it('still current: a short answer, a fraction of the bytes, and on record all the same', async () => {
      const first = await world.ask('employee-30-u');
      const again = await world.ask('employee-30-u', { ifVersion: first.body['answerVersion'] });
      expect(again.body).toEqual({
        checkId: again.body['checkId'],
        checkedAt: '2026-11-22T09:00:00.000+09:00',
        unchanged: true,
        freshness: first.body['freshness'],
      });
      expect(again.body['checkId']).not.toBe(first.body['checkId']);
      expect(again.text.length).toBeLessThan(first.text.length / 4);
      expect(again.headers.get('cache-control')).toBe('no-store');
      expect(
        await recorded('select verdict, unchanged, answer_version from eligibility_check where check_id = $1', [
          again.body['checkId'],
        ]),
      ).toEqual([{ verdict: 'valid', unchanged: true, answer_version: first.body['answerVersion'] }]);
      expect((await world.call('GET', `/v1/eligibility-checks/${again.body['checkId']}`)).text).toBe(again.text);
    });

    it.each([
      ['one nobody gave', () => Promise.resolve('v1.AAAAAAAAAAAAAAAAAAAAAA')],
      ["another person's", () => version('dialysis')],
      ['its own in another case', async () => (await version('employee-30-u')).toUpperCase()],
    ])('%s: the whole answer', async (_what, other) => {
      const { body } = await world.ask('employee-30-u', { ifVersion: await other() });
      expect(body).not.toHaveProperty('unchanged');
      expect(body['results']).toHaveLength(1);
    });

    it('says nothing of the answer: it is short, and the same facts under another key have another', async () => {
      expect(await version('employee-30-u')).toMatch(/^v2\.[\w-]{22}\.[\w-]*$/);
      const other = await World.start({ name: 'repeats_b' });
      try {
        const { body } = await other.ask('employee-30-u');
        expect(body['results']).toEqual((await world.ask('employee-30-u')).body['results']);
        expect(body['answerVersion']).not.toBe(await version('employee-30-u'));
      } finally {
        await other.close();
      }
    });

    describe('is the same', () => {
      it.each<[string, () => Promise<string>]>([
        ['asked again', () => version('employee-30-u')],
        ['asked by another clinic', () => version('employee-30-u', {}, 'demo-clinic-2')],
        ['asked by a pharmacy', () => version('employee-30-u', {}, 'demo-pharmacy')],
        ['with the certificate confirmed anew', () => version('employee-30-u', { maxAgeSeconds: 0 })],
        ['for another day of the month', () => version('employee-30-u', { serviceDate: '2026-11-30' })],
        ['with consents said to be false', () => version('employee-30-u', { consent: { ...ALL, diagnosis: false } })],
      ])('%s', async (_when, ask) => {
        expect(await ask()).toBe(await version('employee-30-u'));
      });
      it('asked of another machine', async () => {
        const other = await world.anotherCounter();
        try {
          const { certificateSerial } = world.person('employee-30-u');
          const response = await fetch(`${other.url}/v1/eligibility-checks`, {
            method: 'POST',
            headers: { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' },
            body: JSON.stringify({ card: { certificateSerial }, serviceDate: '2026-11-02', consent: ALL }),
          });
          expect(await response.json()).toMatchObject({ answerVersion: await version('employee-30-u') });
        } finally {
          await other.app.close();
        }
      });
      it('all day long, and with medical information to be viewed until a later hour', async () => {
        const consent = { ...ALL, diagnosis: true };
        await moveTo('2026-11-22T00:00:00.000+09:00');
        const early = await world.ask('employee-30-u', { consent });
        await moveTo('2026-11-22T23:59:59.999+09:00');
        const late = await world.ask('employee-30-u', { consent });
        expect(late.body['results'][0]['diagnosisInfoAvailableTime']).not.toBe(
          early.body['results'][0]['diagnosisInfoAvailableTime'],
        );
        expect(late.body['answerVersion']).toBe(early.body['answerVersion']);
        await moveTo('2026-11-22T09:00:00.000+09:00');
      });
      it('after a statement that changes nothing, and after a change that is taken back', async () => {
        const before = await version('employee-30-u');
        expect(await as('officeUrl', 'update person set name = name')).toBeGreaterThan(30);
        await hear();
        expect(await version('employee-30-u')).toBe(before);
        await as('officeUrl', `update person set address = address || '１'`);
        await as('officeUrl', `update person set address = left(address, -1)`);
        await hear();
        expect(await version('employee-30-u')).toBe(before);
      });
    });

    describe('is another', () => {
      it.each([
        ['without consent to the limit', { consent: { specificDiseases: true } }],
        ['without consent to the diseases', { consent: { limitApplicationCertificate: true } }],
        ['with consent to view medicines', { consent: { ...ALL, pharmacists: true } }],
        ['without any consent', { consent: {} }],
        ['for the treatment month after', { serviceDate: '2026-12-01' }],
      ])('%s', async (_when, more) => {
        expect(await version('employee-30-u', more)).not.toBe(await version('employee-30-u'));
      });
      it('by number instead of by card', async () => {
        const { insured, serviceDate, consent } = world.person('employee-30-u');
        const { body } = await world.check({ insured, serviceDate, consent });
        expect(body['verdict']).toBe('valid');
        expect(body['answerVersion']).not.toBe(await version('employee-30-u'));
      });
      it('for the institution whose own number stands in it', async () => {
        const own = await world.ask('reference-number');
        const other = await world.ask('reference-number', {}, { client: 'demo-clinic-2' });
        expect(own.body['results'][0]).toHaveProperty('referenceNumber', 'K-000123');
        expect(other.body['results'][0]).not.toHaveProperty('referenceNumber');
        expect(other.body['answerVersion']).not.toBe(own.body['answerVersion']);
      });
      it('on the day the band changes, and the caller who holds the one of the day before is told all', async () => {
        const { certificateSerial } = world.person('child-last-day-20');
        const ask = (more: object = {}) => world.check({ card: { certificateSerial }, ...more });
        await moveTo('2026-03-31T23:59:59.999+09:00');
        const last = await ask();
        expect(last.body['results'][0]['copay']).toMatchObject({ ratePercent: 20, band: 'preschool' });
        expect((await ask({ ifVersion: last.body['answerVersion'] })).body['unchanged']).toBe(true);
        await moveTo('2026-04-01T00:00:00.000+09:00');
        const first = await ask({ ifVersion: last.body['answerVersion'] });
        expect(first.body['results'][0]['copay']).toMatchObject({ ratePercent: 30, band: 'general' });
        expect(first.body['answerVersion']).not.toBe(last.body['answerVersion']);
        await moveTo('2026-11-22T09:00:00.000+09:00');
      });

      const OF_PERSON = '(select person_id from credential where serial = $1)';
      const OF_QUALIFICATION = `(select qualification_id from qualification where person_id = ${OF_PERSON})`;
      const update = (table: string, set: string): string =>
        `update ${table} set ${set} where person_id = ${OF_PERSON}`;
      const add = (table: string, columns: string, values: string): string =>
        `insert into ${table} (qualification_id, valid_from, recorded_at, ${columns})
         select id, '2026-11-01', '2026-11-01T00:00:00Z', ${values} from ${OF_QUALIFICATION} as q(id)`;
      it.each([
        ['officeUrl', 'a name', update('person', `name = '改姓　太郎'`)],
        ['officeUrl', 'an address', update('person', `address = '見本県見本市９－９'`)],
        ['officeUrl', 'a second sex entry', update('person', `sex2 = '3'`)],
        ['officeUrl', 'a branch', update('qualification', `insured_branch_number = '09'`)],
        ['officeUrl', 'a card reissued', update('qualification', `insured_card_valid_date = '2026-11-02'`)],
        ['officeUrl', 'a disease', add('specific_disease_certificate', 'category, self_pay_yen', `'1', 10000`)],
        // Before the certificate, which goes before an income.
        [
          'officeUrl',
          'an income',
          `update income_assessment set facts = jsonb_set(facts, '{standardMonthlyRemuneration}', '900000') where qualification_id in ${OF_QUALIFICATION}`,
        ],
        [
          'officeUrl',
          'a limit certificate',
          add('limit_certificate', 'classification, classification_flag', `'01', 'A04'`),
        ],
        [
          'officeUrl',
          'a number of this institution',
          `insert into reference_number (institution_code, person_id, reference_number) select '1312345679', person_id, 'R-1' from credential where serial = $1`,
        ],
        [
          'officeUrl',
          "an insurer's name",
          `update insurer set insurer_name = '改名健康保険組合' where insurer_number in (select insurer_number from qualification where person_id = ${OF_PERSON})`,
        ],
        [
          'officeUrl',
          'a loss',
          update(
            'qualification',
            `lost_on = '2026-11-01', reason_of_loss = '99', loss_recorded_at = '2026-11-01T00:00:00Z'`,
          ),
        ],
        ['ownerUrl', 'a certificate', `update credential set not_after = '2031-01-01' where serial = $1`],
        ['ownerUrl', 'no insurance at all', `delete from qualification where person_id = ${OF_PERSON}`],
      ] as const)('after a change by the %s: %s', async (role, _what, sql) => {
        const { certificateSerial } = world.person('employee-30-u');
        const before = await version('employee-30-u');
        expect(await as(role, sql, [certificateSerial])).toBe(1);
        await hear();
        const { body } = await world.ask('employee-30-u', { ifVersion: before });
        expect(body).not.toHaveProperty('unchanged');
        expect(body['answerVersion']).not.toBe(before);
        expect((await world.ask('employee-30-u', { ifVersion: body['answerVersion'] })).body['unchanged']).toBe(true);
      });
    });
  });

  describe('Idempotency-Key', () => {
    const send = (key: string, body: unknown = UNKNOWN, more: Record<string, string> = {}, client = 'demo-clinic') =>
      world.check(body, { client, headers: { 'Idempotency-Key': key, ...more } });
    const rows = (checkId: string) =>
      recorded(
        'select check_id::text as id, repeats::text from eligibility_check where check_id = $1 or repeats = $1',
        [checkId],
      );
    const countRows = async (): Promise<number> =>
      Number((await recorded('select count(*) from eligibility_check', []))[0]?.['count']);

    it('a repeat gets the same bytes, though time has gone on', async () => {
      const key = randomUUID();
      const first = await send(key);
      world.clock.advance(60_000);
      const again = await send(key);
      expect(again.status).toBe(200);
      expect(again.text).toBe(first.text);
      expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
      expect(again.headers.get('cache-control')).toBe('no-store');
      expect((await world.check(UNKNOWN)).body['checkId']).not.toBe(first.body['checkId']);
    });
    it('the same request written with other spaces is a repeat', async () => {
      const key = randomUUID();
      const first = await send(key);
      expect((await send(key, JSON.stringify(UNKNOWN, null, 4))).text).toBe(first.text);
    });
    it('the same request with its fields in another order is a repeat', async () => {
      const key = randomUUID();
      const first = await send(key, { ...UNKNOWN, consent: { diagnosis: true, operation: false }, maxAgeSeconds: 60 });
      const again = await send(key, { maxAgeSeconds: 60, consent: { operation: false, diagnosis: true }, ...UNKNOWN });
      expect(again.text).toBe(first.text);
    });
    it('twenty at once are one check, and nineteen repeats of it on record', async () => {
      const key = randomUUID();
      const replies = await Promise.all(Array.from({ length: 20 }, () => send(key)));
      expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      const id = replies[0]?.body['checkId'] as string;
      const found = await rows(id);
      expect(found).toHaveLength(20);
      expect(found.filter((row) => row['repeats'] === id)).toHaveLength(19);
      expect(found.filter((row) => row['repeats'] === null)).toEqual([{ id, repeats: null }]);
    });
    it('another body is 422, also while the first is under way, and no check', async () => {
      const key = randomUUID();
      const other = { card: { certificateSerial: 'FFFFFFFF00000001' } };
      const replies = await Promise.all([send(key), send(key, other)]);
      const [given, late] = replies.toSorted((a, b) => a.status - b.status);
      expect(given?.status).toBe(200);
      expectProblem(late as Reply, 'idempotency-key-reused');
      expect(await rows(given?.body['checkId'] as string)).toHaveLength(1);
    });
    it.each([
      ['another card', { card: { certificateSerial: 'FFFFFFFF00000001' } }],
      ['one consent more', { ...UNKNOWN, consent: { diagnosis: true } }],
      ['another day', { ...UNKNOWN, serviceDate: '2026-11-21' }],
      ['the same day said', { ...UNKNOWN, serviceDate: '2026-11-22' }],
    ])('%s is another body: 422, and the first goes on being repeated', async (_what, body) => {
      const key = randomUUID();
      const first = await send(key);
      const before = await countRows();
      expectProblem(await send(key, body), 'idempotency-key-reused');
      expect(await countRows()).toBe(before);
      expect((await send(key)).text).toBe(first.text);
    });
    it('a bad body under a known key is told what is wrong with it', async () => {
      const key = randomUUID();
      await send(key);
      expectProblem(await send(key, { ...UNKNOWN, member: CANARY }), 'invalid-request');
    });
    it('the key is the client’s own: another one’s is another check', async () => {
      const key = randomUUID();
      const first = await send(key);
      const other = await send(key, UNKNOWN, {}, 'demo-clinic-2');
      const third = await send(key, { ...UNKNOWN, serviceDate: '2026-11-21' }, {}, 'demo-pharmacy');
      expect([other.status, third.status]).toEqual([200, 200]);
      expect(new Set([first, other, third].map(({ body }) => body['checkId'])).size).toBe(3);
      expect(await rows(other.body['checkId'] as string)).toHaveLength(1);
    });
    it('keys differ by every character', async () => {
      const key = randomUUID();
      const ids = [await send(`${key}a`), await send(`${key}A`), await send(`${key}a.`)].map(
        ({ body }) => body['checkId'],
      );
      expect(new Set(ids).size).toBe(3);
    });
    it('a repeat is recorded with the purpose it was sent with', async () => {
      const key = randomUUID();
      const { body } = await send(key, UNKNOWN, { 'Shikaku-Purpose': 'treatment' });
      await send(key, UNKNOWN, { 'Shikaku-Purpose': 'correction' });
      expect(await recorded('select purpose from eligibility_check where repeats = $1', [body['checkId']])).toEqual([
        { purpose: 'correction' },
      ]);
    });
    it.each([
      ['whose day was out of range', { ...UNKNOWN, serviceDate: '2014-12-31' }, 'service-date-out-of-range'],
      ['that was of another shape', { card: 7 }, 'invalid-request'],
    ] as const)('a first attempt %s is not remembered', async (_what, bad, code) => {
      const key = randomUUID();
      expectProblem(await send(key, bad), code);
      expect((await send(key)).status).toBe(200);
    });
    it('a first attempt that could not be answered is not remembered, nor by those who waited for it', async () => {
      const key = randomUUID();
      await world.faults({ 'certificate-status': { mode: 'error' } });
      let replies: Reply[];
      try {
        replies = await Promise.all([send(key), send(key), send(key)]);
      } finally {
        await world.faults({});
      }
      for (const reply of replies) expectProblem(reply, 'answer-unavailable');
      const healed = await send(key);
      expect(healed.status).toBe(200);
      expect((await send(key)).text).toBe(healed.text);
    });
    it('holds among the processes of one machine: the same bytes, on record as a repeat, and another body is 422', async () => {
      const beside = await world.anotherCounter('beside');
      try {
        const sendBeside = (key: string, body: object): Promise<Response> =>
          world.token().then((token) =>
            fetch(`${beside.url}/v1/eligibility-checks`, {
              method: 'POST',
              headers: {
                authorization: `Bearer ${token}`,
                'content-type': 'application/json',
                'idempotency-key': key,
                'shikaku-purpose': 'claim',
              },
              body: JSON.stringify(body),
            }),
          );
        const known = { card: { certificateSerial: world.person('employee-30-u').certificateSerial }, consent: ALL };
        for (const body of [UNKNOWN, known]) {
          const key = randomUUID();
          const first = await send(key, body);
          const again = await sendBeside(key, body);
          expect(again.status).toBe(200);
          expect(await again.text()).toBe(first.text);
          expect((await sendBeside(key, { ...body, serviceDate: '2026-11-21' })).status).toBe(422);
          await beside.app.get(JournalShipper).ship();
          expect(
            await recorded('select purpose, verdict from eligibility_check where repeats = $1', [
              first.body['checkId'],
            ]),
          ).toEqual([{ purpose: 'claim', verdict: first.body['verdict'] }]);
        }
        const key = randomUUID();
        const replies = await Promise.all(
          Array.from({ length: 10 }, (_, i) =>
            i % 2 === 0
              ? send(key, known).then(({ text }) => text)
              : sendBeside(key, known).then((reply) => reply.text()),
          ),
        );
        expect(new Set(replies).size).toBe(1);
      } finally {
        await beside.app.close();
      }
    });
    it('a key is kept ten minutes, and then it is new', async () => {
      const key = randomUUID();
      const first = await send(key);
      const clocks = ([performance, Date] as const).map((clock) => ({
        now: clock.now.bind(clock),
        spy: vi.spyOn(clock, 'now'),
      }));
      const later = (ms: number): void => clocks.forEach(({ now, spy }) => spy.mockImplementation(() => now() + ms));
      try {
        later(TEN_MINUTES_MS - 30_000);
        expect((await send(key)).text).toBe(first.text);
        later(TEN_MINUTES_MS + 30_000);
        const anew = await send(key, { ...UNKNOWN, serviceDate: '2026-11-21' });
        expect(anew.status).toBe(200);
        expect(anew.body['checkId']).not.toBe(first.body['checkId']);
      } finally {
        for (const { spy } of clocks) spy.mockRestore();
      }
    });
  });
});
