import { DataSource } from 'typeorm';

import type { HttpApp } from '../apps/eligibility-api/src/http/create-http-app.js';
import { IndividualNumber } from '../apps/eligibility-api/src/vault/individual-number.js';
import { Vault } from '../apps/eligibility-api/src/vault/vault.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { plugIn, unplug } from './support/unplugged.js';
import { eventually, World, type Reply } from './support/world.js';

const DAY = '2026-11-22';
const INSURER = '06130488';
const CLINIC = { institutionCode: '1312345679' };

interface Access {
  readonly what: string;
  readonly [name: string]: unknown;
}

/** 1000001-01 and -02 are one family; 1000010-01 has left this insurer for another. */
describe('who looked at a person’s record', () => {
  let world: World;
  let office: HttpApp & { url: string };
  const ids = new Map<string, string>();
  const numbers = new Map<string, Record<string, string>>();

  beforeAll(async () => {
    world = await World.start({ name: 'accesses', population: 0 });
    office = await world.office();
    await withClient(world.database.ownerUrl, async (db) => {
      const { rows } = await db.query(
        `select person_id::text as id, insured_identification_number as number, insured_branch_number as branch, insured_card_symbol as symbol,
                birthdate::text as birthdate from qualification join person using (person_id) where insurer_number = $1`,
        [INSURER],
      );
      for (const { id, number, branch, symbol, birthdate } of rows as Record<string, string>[]) {
        ids.set(`${number}-${branch}`, id as string);
        numbers.set(`${number}-${branch}`, {
          insurerNumber: INSURER,
          insuredCardSymbol: symbol as string,
          insuredIdentificationNumber: number as string,
          insuredBranchNumber: branch as string,
          birthdate: birthdate as string,
        });
      }
    });
  });
  afterAll(async () => {
    await office.app.close();
    await world.close();
  });

  const idOf = (who: string): string => ids.get(who) ?? '';
  const read = (id: string, query = '', client = 'demo-insurer', headers = {}): Promise<Reply> =>
    world.call('GET', `/v1/insured-persons/${id}/accesses${query}`, { at: office.url, client, headers });
  const accessesOf = async (who: string, query = ''): Promise<Access[]> => {
    await world.shipped();
    const { status, body } = await read(idOf(who), query);
    expect(status).toBe(200);
    return body['accesses'] as Access[];
  };
  const without = ({ accessId: _id, at: _at, ...rest }: Access): object => rest;
  const told = async (who: string): Promise<object[]> => (await accessesOf(who)).map(without);

  it('a check by card is told: which institution, when, what for and with which consents; not which of its staff', async () => {
    const asked = await world.ask(
      'employee-30-u',
      { consent: { limitApplicationCertificate: true }, serviceDate: DAY },
      { headers: { 'Shikaku-Operator': 'nurse-4', 'Shikaku-Terminal': 'desk-2', 'Shikaku-Purpose': 'claim' } },
    );
    await world.shipped();
    const reply = await read(idOf('1000001-01'));
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(reply.text).not.toMatch(/nurse-4|desk-2|demo-clinic/);
    expect(reply.body).toEqual({
      insuredPersonId: idOf('1000001-01'),
      accesses: [
        {
          accessId: asked.body['checkId'],
          at: asked.body['checkedAt'],
          what: 'check',
          ...CLINIC,
          by: 'card',
          purpose: 'claim',
          serviceDate: DAY,
          verdict: 'valid',
          consented: ['limitApplicationCertificate'],
        },
      ],
    });
  });

  it('the reading itself is on the record, with who read', async () => {
    await read(idOf('1000001-01'), '', 'demo-insurer', { 'Shikaku-Operator': 'staff-17' });
    const [newest, before] = await told('1000001-01');
    expect([newest, before]).toEqual([{ what: 'accesses', operator: 'staff-17' }, { what: 'accesses' }]);
  });

  it('of a family that shares a number, each is told what was asked about them alone', async () => {
    const child = { insured: numbers.get('1000001-02'), serviceDate: DAY };
    const first = await world.check(child);
    expect(first.body['results']).toHaveLength(1);
    const again = await world.check({ ...child, ifVersion: first.body['answerVersion'] });
    expect(again.body['unchanged']).toBe(true);
    await world.check({ insured: { ...numbers.get('1000001-02'), birthdate: '1999-09-09' } });
    const checks = async (who: string): Promise<unknown[]> =>
      (await accessesOf(who)).filter(({ what }) => what === 'check').map(({ accessId }) => accessId);
    expect(await checks('1000001-02')).toEqual([again.body['checkId'], first.body['checkId']]);
    expect(await checks('1000001-01')).toHaveLength(1);
  });

  it('somebody who alone has a number is told of an attempt on it as well', async () => {
    const insured = { ...numbers.get('1000010-01'), birthdate: '1999-09-09' };
    const { body } = await world.check({ insured });
    expect(body['verdict']).toBe('not-found');
    expect(await told('1000010-01')).toEqual([
      expect.objectContaining({ what: 'check', by: 'number', verdict: 'not-found', consented: [] }),
    ]);
  });

  it('an insurer is not told of checks that showed another insurer’s coverage alone', async () => {
    const { certificateSerial } = world.person('job-changed');
    const now = await world.check({ card: { certificateSerial } });
    const results = now.body['results'] as { insurerNumber: string }[];
    expect(results.map(({ insurerNumber }) => insurerNumber)).not.toContain(INSURER);
    const listed = (await accessesOf('1000010-01')).map(({ accessId }) => accessId);
    expect(listed).not.toContain(now.body['checkId']);
  });

  it('documents, readings of coverage and openings of the individual number are told with who did it', async () => {
    const who = idOf('1000001-02');
    const read = IndividualNumber.read('123456789018');
    if (!read.ok) throw new Error(read.reason);
    const number = read.value;
    await office.app.get(DataSource).transaction(async (manager) => {
      await office.app.get(Vault).put(manager, who, number, 0);
    });
    await office.app
      .get(Vault)
      .open(who, 'disclosure', { clientId: 'demo-insurer', operator: 'staff-3' }, world.clock.now());
    const headers = { 'Shikaku-Operator': 'staff-17' };
    const at = office.url;
    const client = 'demo-insurer';
    for (const path of ['qualification-screen', 'qualifications'])
      expect((await world.call('GET', `/v1/insured-persons/${who}/${path}`, { at, client, headers })).status).toBe(200);
    const batch = { document: 'eligibility-declaration', people: [who] };
    await world.call('POST', '/v1/document-batches', { at, client, body: batch });
    const all = await told('1000001-02');
    expect(all).toEqual(
      expect.arrayContaining([
        { what: 'individual-number-opened', purpose: 'disclosure', operator: 'staff-3' },
        { what: 'qualification-screen', operator: 'staff-17' },
        { what: 'qualifications', operator: 'staff-17' },
        { what: 'eligibility-declaration' },
      ]),
    );
    expect(JSON.stringify(all)).not.toContain('123456789018');
  });

  it('an operator id that is none is refused, and nothing is shown or noted', async () => {
    const before = await told('1000001-02');
    const reply = await read(idOf('1000001-02'), '', 'demo-insurer', { 'Shikaku-Operator': 'two words' });
    expect(reply.body).toMatchObject({ status: 400, code: 'invalid-header' });
    expect(await told('1000001-02')).toHaveLength(before.length + 1);
  });

  it('pages go on where the one before ended, also at one instant, and repeat nothing', async () => {
    const who = idOf('1000002-01');
    await withClient(world.database.ownerUrl, (db) =>
      db.query(
        `insert into person_access (person_id, insurer_number, client_id, what, at)
         select $1, $2, 'c', 'qualifications', case when i % 2 = 0 then timestamptz '2026-11-20 09:00+09' else timestamptz '2026-11-21 09:00+09' end
         from generate_series(1, 230) as i`,
        [who, INSURER],
      ),
    );
    const seen: Access[] = [];
    let cursor = '';
    let pages = 0;
    do {
      const { body } = await read(who, `?to=2026-11-21${cursor}`);
      seen.push(...(body['accesses'] as Access[]));
      cursor = body['nextCursor'] === undefined ? '' : `&cursor=${String(body['nextCursor'])}`;
      pages += 1;
    } while (cursor !== '');
    expect(pages).toBe(3);
    expect(new Set(seen.map(({ accessId }) => accessId)).size).toBe(230);
    expect(seen).toHaveLength(230);
    const days = seen.map(({ at }) => String(at).slice(0, 10));
    expect(days).toEqual([...Array<string>(115).fill('2026-11-21'), ...Array<string>(115).fill('2026-11-20')]);
    const readingsOn = async (query: string): Promise<number> =>
      ((await read(who, query)).body['accesses'] as Access[]).filter(({ what }) => what === 'qualifications').length;
    expect(await readingsOn('?from=2026-11-21&to=2026-11-21')).toBe(100);
    expect(await readingsOn('?from=2026-11-22')).toBe(0);
    expect(await readingsOn('?to=2026-11-19')).toBe(0);
  });

  it.each([
    ['?cursor=abc', 400, 'invalid-request'],
    ['?cursor=1.UPPER', 400, 'invalid-request'],
    ['?from=2026-02-30', 400, 'invalid-request'],
    ['?from=2026-11-23&to=2026-11-22', 400, 'invalid-request'],
    ['?more=1', 400, 'invalid-request'],
  ])('%s is refused', async (query, status, code) => {
    expect((await read(idOf('1000001-01'), query)).body).toMatchObject({ status, code });
  });

  it('nobody but the insurer’s own people is found, and only insurers ask', async () => {
    const other = await withClient(world.database.ownerUrl, async (db) => {
      const { rows } = await db.query(
        `select person_id::text as id from person p where not exists (select from qualification q where q.person_id = p.person_id and q.insurer_number = $1) limit 1`,
        [INSURER],
      );
      return (rows[0] as { id: string }).id;
    });
    const bodies: unknown[] = [];
    for (const id of [other, '999999999', '0', 'x']) {
      const { body } = await read(id);
      bodies.push({ ...body, instance: undefined });
      expect(body).toMatchObject({ status: 404, code: 'person-not-found' });
    }
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect((await read(idOf('1000001-01'), '', 'demo-clinic')).body).toMatchObject({
      status: 403,
      code: 'scope-missing',
    });
  });

  it('with PostgreSQL away the record is away, and says so', async () => {
    await world.token('demo-insurer');
    await unplug(world);
    const reply = await read(idOf('1000001-01'));
    await plugIn(world);
    expect(reply.body).toMatchObject({ status: 503, code: 'accesses-unavailable', retryable: true });
    expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
    await eventually(async () => (await read(idOf('1000001-01'))).status === 200);
  });
});
