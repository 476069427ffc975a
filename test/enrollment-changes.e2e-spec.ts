import type { HttpApp } from '../apps/eligibility-api/src/http/create-http-app.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { filingOf, InsurerDesk } from './support/insurer-desk.js';
import { CANARY, expectProblem } from './support/problem.js';
import { residentsOf, strangersTo, type Resident } from './support/residents.js';
import { eventually, World, type Reply } from './support/world.js';

const TODAY = '2026-11-22';
const TOMORROW = '2026-11-23';
const ELSEWHERE = '東京都千代田区永田町１丁目１番１号';

type Office = HttpApp & { url: string };
type Body = Reply['body'];

describe('changes and corrections of somebody who is insured', () => {
  let world: World;
  let office: Office;
  let desk: InsurerDesk;
  let strangers: Resident[];
  beforeAll(async () => {
    world = await World.start({
      name: 'changes',
      residents: 120,
      settings: {
        REGISTRY_TIMEOUT_MS: '1000',
        REGISTRY_BREAKER_RESET_MS: '100',
        CLIENT_QUOTA_REQUESTS: '1000000',
        RECHECK_CHANGES_AFTER_MS: '0',
      },
    });
    office = await world.office();
    desk = new InsurerDesk(world, () => office.url);
    strangers = await strangersTo(world);
  });
  afterAll(async () => {
    await office.app.close();
    await world.close();
  });

  const stranger = (): Resident => {
    const next = strangers.pop();
    if (next === undefined) throw new Error('the registry has nobody left whom we do not know');
    return next;
  };
  const serialOf = ({ certificates }: Resident): string =>
    certificates.find(({ status }) => status === 'good')?.serial ?? '';
  /** Insured since 1 November, with a registered card that works today. */
  const insured = async (more: object = {}): Promise<{ resident: Resident; filed: Body }> => {
    const resident = stranger();
    const filed = await desk.enrolled(filingOf(resident, '2026-11-01', more));
    expect((await desk.register(serialOf(resident))).status).toBe(200);
    return { resident, filed };
  };
  const change = (qualificationId: unknown, body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
    desk.call('POST', `/v1/qualifications/${String(qualificationId)}/changes`, body, headers);
  const changed = async (qualificationId: unknown, body: unknown): Promise<Body> =>
    desk.settled(await change(qualificationId, body));
  /** What the registry has of them from now on. */
  const moves = async (resident: Resident, attributes: object): Promise<void> => {
    const response = await fetch(`${world.mockUrl}/admin/residents/change`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ serial: serialOf(resident), ...attributes }),
    });
    expect(response.status).toBe(200);
  };
  /** What a counter shows of a day, once the coverage can be used. */
  const shownOn = async (resident: Resident, serviceDate: string): Promise<Body> => {
    const { body } = await world.check({
      card: { certificateSerial: serialOf(resident) },
      serviceDate,
      consent: { limitApplicationCertificate: true },
    });
    return body['results']?.[0] ?? body;
  };
  const historyOf = async (personId: unknown, query = ''): Promise<Body> => {
    const { status, body, text } = await desk.call(
      'GET',
      `/v1/insured-persons/${String(personId)}/qualifications${query}`,
    );
    expect(status, text).toBe(200);
    return body;
  };
  const known = (at: number): string => `knownAt=${encodeURIComponent(new Date(at).toISOString())}`;
  const tomorrow = async (): Promise<void> => {
    await world.moveTo(`${TOMORROW}T09:00:00.000+09:00`);
    await world.caughtUp();
  };
  beforeEach(async () => {
    await world.faults({});
    await world.moveTo(`${TODAY}T09:00:00.000+09:00`);
    await world.caughtUp();
  });

  it('a marriage: confirmed by the registry, and shown at every counter about days from then on', async () => {
    const { resident, filed } = await insured();
    const before = world.clock.now();
    world.clock.advance(1_000);
    await moves(resident, {
      kanjiName: '新姓　花子',
      kanaName: 'ｼﾝｾｲ ﾊﾅｺ',
      address: ELSEWHERE,
      postNumber: '100-0014',
    });
    const sent = await change(filed['qualificationId'], {
      kind: 'change',
      effectiveDate: '2026-11-16',
      person: {
        name: '新姓　花子',
        nameKana: 'シンセイ　ハナコ',
        address: '東京都千代田区永田町1-1-1',
        postNumber: '100-0014',
      },
    });
    expect(sent.headers.get('location')).toBe(`/v1/enrollments/${sent.body['enrollmentId']}`);
    expect(sent.body).toMatchObject({
      kind: 'change',
      state: 'received',
      qualificationId: filed['qualificationId'],
      qualificationDate: '2026-11-01',
      effectiveDate: '2026-11-16',
      dueOn: '2026-11-21',
      late: true,
      estimatedUsableFrom: TODAY,
    });
    const found = await desk.settled(sent);
    expect(found).toMatchObject({ state: 'usable', usableFrom: TODAY, insuredPersonId: filed['insuredPersonId'] });
    expect(found['history'].map(({ state }: Body) => state)).toEqual([
      'received',
      'looking-up',
      'registered',
      'usable',
    ]);

    await tomorrow();
    expect(await shownOn(resident, '2026-11-15')).toMatchObject({
      name: resident.kanjiName,
      address: resident.address,
    });
    for (const on of ['2026-11-16', TOMORROW])
      expect(await shownOn(resident, on)).toMatchObject({
        name: '新姓　花子',
        nameKana: 'シンセイ　ハナコ',
        address: '東京都千代田区永田町1-1-1',
        postNumber: '100-0014',
        birthdate: resident.birthDate,
        qualificationDate: '2026-11-01',
      });
    const notice = await desk.call('GET', `/v1/insured-persons/${filed['insuredPersonId']}/qualification-screen`);
    expect(notice.body).toMatchObject({ name: '新姓　花子' });

    const personId = filed['insuredPersonId'];
    expect(await historyOf(personId, '?on=2026-11-16')).toMatchObject({
      on: '2026-11-16',
      person: { name: '新姓　花子', address: '東京都千代田区永田町1-1-1' },
      changes: [
        {
          from: '2026-11-16',
          changed: expect.arrayContaining(['name', 'nameKana', 'address', 'postNumber']),
          enrollmentId: found['enrollmentId'],
        },
      ],
    });
    const dayBefore = await historyOf(personId, '?on=2026-11-15');
    expect(dayBefore).toMatchObject({ person: { name: resident.kanjiName } });
    expect(dayBefore).not.toHaveProperty('changes');
    const asKnown = await historyOf(personId, `?on=2026-11-16&${known(before)}`);
    expect(asKnown).toMatchObject({ person: { name: resident.kanjiName } });
    expect(asKnown).not.toHaveProperty('changes');
  });

  describe('what the registry does not confirm comes back', () => {
    it('with every attribute that differs of the person it is about, and nothing changes', async () => {
      const { resident, filed } = await insured();
      await moves(resident, { kanjiName: '新姓　次郎', address: ELSEWHERE });
      const found = await changed(filed['qualificationId'], {
        kind: 'change',
        effectiveDate: '2026-11-20',
        person: { name: '新性　次郎' },
      });
      expect(found).toMatchObject({ state: 'returned', late: false });
      expect(found['reasons'].map(({ code, pointer }: Body) => [code, pointer])).toEqual([
        ['attribute-differs', '/person/name'],
        ['attribute-differs', '/person/address'],
      ]);
      await tomorrow();
      expect(await shownOn(resident, TOMORROW)).toMatchObject({ name: resident.kanjiName });
    });

    it('where the attributes are somebody else’s: a change never makes one person another', async () => {
      const { filed } = await insured();
      const { resident: other } = await insured();
      const found = await changed(filed['qualificationId'], {
        kind: 'correction',
        person: {
          name: other.kanjiName,
          nameKana: other.kanaName,
          birthdate: other.birthDate,
          sex1: other.sex,
          address: other.address,
        },
      });
      expect(found).toMatchObject({ state: 'returned', reasons: [{ code: 'somebody-else-found' }] });
    });

    it('and nobody who was never looked up is linked to one of several', async () => {
      const one = (await residentsOf(world)).find(({ scenario }) => scenario === 'double-a') as Resident;
      const { filed } = await insured();
      await withClient(world.database.adminUrl, (db) =>
        db.query(
          `update person set registry_person_ref = null, name_kana = $2, birthdate = $3, sex1 = $4, address = $5 where person_id = $1`,
          [filed['insuredPersonId'], one.kanaName, one.birthDate, one.sex, one.address],
        ),
      );
      const found = await changed(filed['qualificationId'], { kind: 'correction', person: { name: one.kanjiName } });
      expect(found).toMatchObject({ state: 'needs-review', reasons: [{ code: 'several-people' }] });
    });
  });

  it('a change from before a later one: two people confirm what the registry of today cannot', async () => {
    const { resident, filed } = await insured();
    await moves(resident, { address: ELSEWHERE });
    const move = (address: string, effectiveDate: string): Promise<Body> =>
      changed(filed['qualificationId'], { kind: 'change', effectiveDate, person: { address } });
    expect(await move(ELSEWHERE, '2026-11-20')).toMatchObject({ state: 'usable' });
    const between = await move('東京都港区芝公園１丁目１番１号', '2026-11-10');
    expect(between).toMatchObject({ state: 'needs-review', reasons: [{ code: 'overtaken-by-later-change' }] });
    const id = between['enrollmentId'] as string;
    const { body } = await desk.call('GET', `/v1/enrollments/${id}/candidates`);
    expect(body['candidates']).toMatchObject([{ personRef: resident.personRef, address: ELSEWHERE }]);
    expectProblem(
      await desk.decide(id, 'staff-1', { decision: 'register', personRef: 'S0000000001' }),
      'not-a-candidate',
    );
    const register = { decision: 'register', personRef: resident.personRef };
    expect((await desk.decide(id, 'staff-1', register)).body['state']).toBe('needs-review');
    expect((await desk.decide(id, 'staff-2', register)).body['state']).toBe('usable');
    await tomorrow();
    const addresses = await Promise.all(
      ['2026-11-09', '2026-11-10', '2026-11-19', '2026-11-20'].map(
        async (on) => (await shownOn(resident, on))['address'],
      ),
    );
    expect(addresses).toEqual([
      resident.address,
      '東京都港区芝公園１丁目１番１号',
      '東京都港区芝公園１丁目１番１号',
      ELSEWHERE,
    ]);
  });

  it('a birth date typed wrong when it was loaded: corrected for every day, and the rate with it', async () => {
    const { resident, filed } = await insured();
    // As from a file of before, which nobody had looked up.
    await withClient(world.database.adminUrl, (db) =>
      db.query('update person set birthdate = $2 where person_id = $1', [filed['insuredPersonId'], '2021-05-05']),
    );
    await tomorrow();
    expect(await shownOn(resident, TOMORROW)).toMatchObject({ birthdate: '2021-05-05', copay: { ratePercent: 20 } });
    const found = await changed(filed['qualificationId'], {
      kind: 'correction',
      person: { birthdate: resident.birthDate },
    });
    expect(found).toMatchObject({ kind: 'correction', state: 'usable', late: false });
    expect(found).not.toHaveProperty('dueOn');
    await world.heard();
    for (const on of ['2026-11-01', TOMORROW])
      expect(await shownOn(resident, on)).toMatchObject({ birthdate: resident.birthDate, copay: { ratePercent: 30 } });
  });

  it('what stands on the documents: asks nobody, and is found under both numbers', async () => {
    const { resident, filed } = await insured();
    await world.faults({ all: { mode: 'reset' } });
    const found = await changed(filed['qualificationId'], {
      kind: 'change',
      effectiveDate: '2026-11-15',
      insuredCardSymbol: '４００１',
      insuredIdentificationNumber: '９９００１',
      insuredBranchNumber: '１',
    });
    expect(found).toMatchObject({ state: 'usable' });
    await world.faults({});
    await tomorrow();
    expect(await shownOn(resident, '2026-11-15')).toMatchObject({
      insuredCardSymbol: '４００１',
      insuredIdentificationNumber: '９９００１',
      insuredBranchNumber: '01',
    });
    const before = await shownOn(resident, '2026-11-14');
    expect(before).toMatchObject({ insuredCardSymbol: '3001', insuredBranchNumber: '00' });
    const byNumber = async (insuredIdentificationNumber: string, serviceDate: string): Promise<unknown> => {
      const insured = { insurerNumber: '06130488', insuredIdentificationNumber, birthdate: resident.birthDate };
      return (await world.check({ insured, serviceDate })).body['verdict'];
    };
    const old = before['insuredIdentificationNumber'] as string;
    expect(await byNumber('99001', '2026-11-15')).toBe('valid');
    expect(await byNumber('99001', '2026-11-14')).toBe('valid');
    expect(await byNumber(old, '2026-11-14')).toBe('valid');
    expect(await byNumber(old, '2026-11-15')).toBe('invalid-newer-exists');
    expect(await historyOf(filed['insuredPersonId'], '?on=2026-11-15')).toMatchObject({
      qualifications: [{ insuredIdentificationNumber: '９９００１', changes: [{ from: '2026-11-15' }] }],
    });
  });

  it('remuneration and whose card it is: from the first of a month, and back to oneself', async () => {
    const { resident, filed } = await insured({ kind: 'dependent', insuredName: '資格　花子' });
    const raised = await changed(filed['qualificationId'], {
      kind: 'change',
      effectiveDate: '2026-12-01',
      standardMonthlyRemuneration: 560_000,
      personalFamilyClassification: '1',
    });
    expect(raised).toMatchObject({ state: 'registered', usableFrom: '2026-12-01', dueOn: '2026-12-06' });
    await tomorrow();
    expect(await shownOn(resident, '2026-11-30')).toMatchObject({
      personalFamilyClassification: '2',
      insuredName: '資格　花子',
      costLimit: { classificationFlag: 'A03' },
    });
    const december = await shownOn(resident, '2026-12-01');
    expect(december).toMatchObject({ personalFamilyClassification: '1', costLimit: { classificationFlag: 'A02' } });
    expect(december).not.toHaveProperty('insuredName');
    expect(await historyOf(filed['insuredPersonId'], '?on=2026-12-01')).toMatchObject({
      qualifications: [{ standardMonthlyRemuneration: 560_000, personalFamilyClassification: '1' }],
    });
  });

  it('answers that were given about such days are checked again by themselves', async () => {
    const { resident, filed } = await insured();
    await tomorrow();
    const { body } = await world.check({ card: { certificateSerial: serialOf(resident) }, serviceDate: '2026-11-20' });
    await world.shipped();
    await world.moveTo(`${TOMORROW}T10:00:00.000+09:00`);
    await world.caughtUp();
    await changed(filed['qualificationId'], {
      kind: 'change',
      effectiveDate: '2026-11-20',
      insuredIdentificationNumber: '99100',
    });
    await eventually(async () => {
      world.clock.advance(500);
      await world.caughtUp();
      const { body: list } = await world.call('GET', '/v1/rechecks');
      const found = (list['rechecks'] as Body[]).find(({ corrects }) => corrects.checkId === body['checkId']);
      return found?.['reason'] === 'retroactive-change' && found['changed'].includes('coverage');
    });
  });

  describe('filed twice', () => {
    const CHANGE = { kind: 'change', effectiveDate: '2026-11-20', insuredCardSymbol: '5001' };
    it('under one key: the same filing; with another body or about another coverage: refused', async () => {
      const { filed } = await insured();
      const { filed: other } = await insured();
      const headers = { 'idempotency-key': 'change-1' };
      const [first, second] = await Promise.all([
        change(filed['qualificationId'], CHANGE, headers),
        change(filed['qualificationId'], CHANGE, headers),
      ]);
      expect([first?.status, second?.status]).toEqual([202, 202]);
      expect(second?.body['enrollmentId']).toBe(first?.body['enrollmentId']);
      expectProblem(
        await change(filed['qualificationId'], { ...CHANGE, insuredCardSymbol: '5002' }, headers),
        'idempotency-key-reused',
      );
      expectProblem(await change(other['qualificationId'], CHANGE, headers), 'idempotency-key-reused');
    });

    it('without one: recorded once, and the second says so', async () => {
      const { filed } = await insured();
      expect(await changed(filed['qualificationId'], CHANGE)).toMatchObject({ state: 'usable' });
      expect(await changed(filed['qualificationId'], CHANGE)).toMatchObject({
        state: 'returned',
        reasons: [{ code: 'already-filed' }],
      });
      await withClient(world.database.adminUrl, async (db) => {
        const { rowCount } = await db.query('select from coverage_change where qualification_id = $1', [
          filed['qualificationId'],
        ]);
        expect(rowCount).toBe(1);
      });
    });
  });

  it('waits while the registry is away, and goes on by itself after the office was killed', async () => {
    const { resident, filed } = await insured();
    await moves(resident, { kanjiName: '待機　三郎' });
    await world.faults({ all: { mode: 'hang' } });
    const sent = await change(filed['qualificationId'], {
      kind: 'change',
      effectiveDate: TODAY,
      person: { name: '待機　三郎' },
    });
    const id = sent.body['enrollmentId'] as string;
    await eventually(async () => (await desk.read(id))['state'] === 'looking-up');
    await office.app.close();
    // As of a process that was killed: what it took is locked by a worker that is no more.
    await withClient(world.database.adminUrl, (db) =>
      db.query(`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'worker-gone' where key = $1`, [
        id,
      ]),
    );
    await world.faults({});
    office = await world.office();
    await eventually(async () => (await desk.read(id))['state'] === 'usable');
    expect((await desk.read(id))['history'].filter(({ state }: Body) => state === 'registered')).toHaveLength(1);
  });

  it('rows of a file: changed, corrected, refused and returned, each with its outcome', async () => {
    const { resident, filed } = await insured();
    await moves(resident, { address: ELSEWHERE });
    const id = filed['qualificationId'] as string;
    const csv = [
      '届出区分,資格ID,変更年月日,住所,番号,標準報酬月額,生年月日',
      `change,${id},令和8年11月20日,${ELSEWHERE},99200,,`,
      `change,${id},2026/12/01,,,340000,`,
      `change,${id},,,99201,,`,
      `change,999999,2026-11-20,,99202,,`,
      `correction,${id},,,,,1970-02-30`,
      `change,x,2026-11-20,,99203,,`,
    ].join('\r\n');
    const sent = await desk.call('POST', '/v1/enrollment-imports', csv, { 'content-type': 'text/csv' });
    expect(sent.status, sent.text).toBe(202);
    const path = `/v1/enrollment-imports/${sent.body['importId']}`;
    await eventually(async () => (await desk.call('GET', path)).body['state'] === 'finished');
    const lines = (await desk.call('GET', `${path}/rows`)).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Body);
    expect(lines.map(({ line, errors }) => [line, errors?.[0]?.pointer, errors?.[0]?.code])).toEqual([
      [2, undefined, undefined],
      [3, undefined, undefined],
      [4, '/effectiveDate', 'day-needed'],
      [5, undefined, undefined],
      [6, '/birthdate', 'format'],
      [7, '/qualificationId', 'format'],
    ]);
    const outcome = async (row: number): Promise<Body> => {
      const enrollmentId = lines[row]?.['enrollmentId'] as string;
      await eventually(async () => !['received', 'looking-up'].includes((await desk.read(enrollmentId))['state']));
      return desk.read(enrollmentId);
    };
    expect(await outcome(0)).toMatchObject({ state: 'usable', dueOn: '2026-11-25', qualificationDate: '2026-11-01' });
    expect(await outcome(1)).toMatchObject({ state: 'registered', usableFrom: '2026-12-01' });
    const nobodys = await outcome(3);
    expect(nobodys).toMatchObject({ state: 'returned', reasons: [{ code: 'coverage-not-found' }] });
    expect(nobodys).not.toHaveProperty('qualificationDate');
    await tomorrow();
    expect(await shownOn(resident, TOMORROW)).toMatchObject({
      address: ELSEWHERE,
      insuredIdentificationNumber: '99200',
    });
  });

  it('another insurer’s coverage is not there to be changed, and neither is one that never was', async () => {
    const foreign = await withClient(world.database.adminUrl, async (db) => {
      const { rows } = await db.query<{ id: string }>(
        `select qualification_id as id from qualification where insurer_number <> '06130488' limit 1`,
      );
      return rows[0]?.id;
    });
    for (const id of [foreign, '999999', '0', 'x', '1'.repeat(19)])
      expectProblem(
        await change(id, { kind: 'change', effectiveDate: TODAY, insuredCardSymbol: '1' }),
        'qualification-not-found',
      );
  });

  it('somebody filed anew by another insurer is who they are now, and was who they were', async () => {
    const { resident, filed } = await insured();
    await desk.call('POST', `/v1/qualifications/${filed['qualificationId']}/loss`, {
      disqualificationDate: '2026-11-18',
      reasonOfLoss: '03',
    });
    await moves(resident, { kanjiName: '転職　四郎' });
    const now = { ...resident, kanjiName: '転職　四郎' };
    expect(await desk.enrolled(filingOf(now, '2026-11-20'))).toMatchObject({
      insuredPersonId: filed['insuredPersonId'],
    });
    await tomorrow();
    expect(await shownOn(resident, '2026-11-17')).toMatchObject({ name: resident.kanjiName });
    for (const on of ['2026-11-20', TOMORROW])
      expect(await shownOn(resident, on)).toMatchObject({ name: '転職　四郎' });
  });

  it('after the last coverage has ended an insurer sees who they were then', async () => {
    const { resident, filed } = await insured();
    const id = filed['qualificationId'];
    await moves(resident, { address: ELSEWHERE });
    const sent = await change(id, { kind: 'change', effectiveDate: '2026-11-20', person: { address: ELSEWHERE } });
    expect(await desk.settled(sent)).toMatchObject({ state: 'usable' });
    await desk.call('POST', `/v1/qualifications/${id}/loss`, {
      disqualificationDate: '2026-11-20',
      reasonOfLoss: '99',
    });
    const history = await historyOf(filed['insuredPersonId']);
    expect(history).toMatchObject({ on: TODAY, person: { address: resident.address } });
    expect(history).not.toHaveProperty('changes');
  });

  describe('what is not as documented is refused, and nothing is kept', () => {
    let qualificationId: unknown;
    beforeAll(async () => {
      qualificationId = (await insured()).filed['qualificationId'];
      await desk.call('POST', `/v1/qualifications/${String(qualificationId)}/loss`, {
        disqualificationDate: '2026-11-20',
        reasonOfLoss: '99',
      });
    });
    const symbol = { insuredCardSymbol: '6001' };
    it.each<[string, unknown, Parameters<typeof expectProblem>[1], string | undefined]>([
      ['no body', undefined, 'invalid-request', undefined],
      ['a field nobody knows', { kind: 'correction', mynumber: CANARY }, 'invalid-request', '/mynumber'],
      ['another kind', { kind: 'wish', ...symbol }, 'invalid-request', '/kind'],
      ['nothing in it', { kind: 'correction', person: {} }, 'change-refused', ''],
      ['a change without its day', { kind: 'change', ...symbol }, 'change-refused', '/effectiveDate'],
      [
        'a correction with one',
        { kind: 'correction', effectiveDate: '2026-11-10', ...symbol },
        'change-refused',
        '/effectiveDate',
      ],
      [
        'a day that is none',
        { kind: 'change', effectiveDate: '2026-11-31', ...symbol },
        'invalid-request',
        '/effectiveDate',
      ],
      [
        'the day before the coverage',
        { kind: 'change', effectiveDate: '2026-10-31', ...symbol },
        'change-refused',
        '/effectiveDate',
      ],
      [
        'the day it was lost',
        { kind: 'change', effectiveDate: '2026-11-20', ...symbol },
        'change-refused',
        '/effectiveDate',
      ],
      [
        'a name tomorrow',
        { kind: 'change', effectiveDate: TOMORROW, person: { name: '明日　太郎' } },
        'change-refused',
        '/person/name',
      ],
      [
        'a birth date from a day on',
        { kind: 'change', effectiveDate: '2026-11-10', person: { birthdate: '1980-01-01' } },
        'change-refused',
        '/person/birthdate',
      ],
      [
        'a birth in the future',
        { kind: 'correction', person: { birthdate: TOMORROW } },
        'birthdate-in-future',
        undefined,
      ],
      [
        'remuneration in the middle of a month',
        { kind: 'change', effectiveDate: '2026-11-10', standardMonthlyRemuneration: 340_000 },
        'change-refused',
        '/effectiveDate',
      ],
      [
        'family of nobody',
        { kind: 'correction', personalFamilyClassification: '2' },
        'invalid-request',
        '/insuredName',
      ],
      [
        'a character of somebody’s own font',
        { kind: 'correction', person: { name: '\u{E000}田　太郎' } },
        'invalid-request',
        '/person/name',
      ],
    ])('%s', async (_what, body, code, pointer) => {
      const reply = await change(qualificationId, body);
      expectProblem(reply, code);
      if (pointer !== undefined) expect(reply.body['errors']?.[0]?.pointer).toBe(pointer);
    });

    it('a clinic changes nothing', async () => {
      const path = `/v1/qualifications/${String(qualificationId)}/changes`;
      expectProblem(
        await world.call('POST', path, { at: office.url, body: { kind: 'correction', ...symbol } }),
        'scope-missing',
      );
    });
  });
});
