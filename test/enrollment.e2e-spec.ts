import type { ProblemCode } from '@app/contracts';
import { DataSource } from 'typeorm';

import { insurers } from '../apps/eligibility-api/src/demo/numbers.js';
import { FileEnrollment } from '../apps/eligibility-api/src/enrollment/file-enrollment.js';
import { FILINGS, type Filings } from '../apps/eligibility-api/src/enrollment/filings.js';
import type { HttpApp } from '../apps/eligibility-api/src/http/create-http-app.js';
import { PERSON_SEARCH, type PersonSearch } from '../apps/eligibility-api/src/registry/person-search.js';
import { IndividualNumber } from '../apps/eligibility-api/src/vault/individual-number.js';
import { Vault } from '../apps/eligibility-api/src/vault/vault.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { filingOf as filingOn, tokenOf } from './support/insurer-desk.js';
import { CANARY, expectProblem } from './support/problem.js';
import { residentsOf, strangersTo, type Resident } from './support/residents.js';
import { eventually, World, type Reply } from './support/world.js';

const TODAY = '2026-11-22';
const TOMORROW = '2026-11-23';

type Office = HttpApp & { url: string };

const filingOf = (resident: Resident, more: object = {}) => filingOn(resident, TODAY, more);

describe('E-01: from an employer’s filing to a usable card', () => {
  let world: World;
  let office: Office;
  let strangers: Resident[];
  beforeAll(async () => {
    world = await World.start({
      name: 'enrolment',
      residents: 200,
      settings: { REGISTRY_TIMEOUT_MS: '300', REGISTRY_BREAKER_RESET_MS: '100', CLIENT_QUOTA_REQUESTS: '1000000' },
    });
    office = await world.office();
    strangers = await strangersTo(world);
  });
  afterAll(async () => {
    await office.app.close();
    await world.close();
  });

  beforeEach(async () => {
    if (world.clock.now() < Date.parse(`${TOMORROW}T00:00:00.000+09:00`)) return;
    await world.moveTo(`${TODAY}T09:00:00.000+09:00`);
    await world.caughtUp();
  });

  const stranger = (): Resident => {
    const next = strangers.pop();
    if (next === undefined) throw new Error('the registry has nobody left whom we do not know');
    return next;
  };
  const file = (body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
    world.call('POST', '/v1/enrollments', { at: office.url, client: 'demo-insurer', body, headers });
  const read = async (id: string): Promise<Reply['body']> => {
    const reply = await world.call('GET', `/v1/enrollments/${id}`, { at: office.url, client: 'demo-insurer' });
    expect(reply.status).toBe(200);
    return reply.body;
  };
  /** A filing once it waits for the registry no more. */
  const settled = async (body: unknown): Promise<Reply['body']> => {
    const filed = await file(body);
    expect(filed.status).toBe(202);
    let found = filed.body;
    await eventually(async () => {
      found = await read(filed.body['enrollmentId'] as string);
      return !['received', 'looking-up'].includes(found['state'] as string);
    });
    return found;
  };
  const checkOf = ({ certificates }: Resident): Promise<Reply> =>
    world.check({
      card: { certificateSerial: certificates.find(({ status }) => status === 'good')?.serial },
      consent: { limitApplicationCertificate: true },
    });
  const register = (certificateSerial: string | undefined, channel = 'reader'): Promise<Reply> =>
    world.call('POST', '/v1/card-registrations', {
      at: office.url,
      client: 'demo-insurer',
      body: { certificateSerial, channel },
    });
  const loss = (qualificationId: unknown, body: object): Promise<Reply> =>
    world.call('POST', `/v1/qualifications/${String(qualificationId)}/loss`, {
      at: office.url,
      client: 'demo-insurer',
      body,
    });

  it('filed today, registered today, and answered at the counter tomorrow', async () => {
    const resident = stranger();
    const before = await checkOf(resident);
    expect(before.body['verdict']).toBe('not-found');

    const filed = await file(filingOf(resident));
    expect(filed.status).toBe(202);
    expect(filed.headers.get('location')).toBe(`/v1/enrollments/${filed.body['enrollmentId']}`);
    expect(filed.body).toMatchObject({
      state: 'received',
      dueOn: '2026-11-27',
      late: false,
      estimatedUsableFrom: TOMORROW,
    });

    let found = filed.body;
    await eventually(async () => {
      found = await read(filed.body['enrollmentId'] as string);
      return found['state'] === 'registered';
    });
    expect(found).toMatchObject({
      usableFrom: TOMORROW,
      qualificationId: expect.stringMatching(/^\d+$/),
      insuredPersonId: expect.stringMatching(/^\d+$/),
    });
    expect(found['history'].map(({ state }: { state: string }) => state)).toEqual([
      'received',
      'looking-up',
      'registered',
    ]);
    expect(found).not.toHaveProperty('estimatedUsableFrom');

    await world.heard();
    expect((await checkOf(resident)).body['verdict']).not.toBe('valid');

    const card = resident.certificates.find(({ status }) => status === 'good');
    const registered = await register(card?.serial);
    expect(registered.body).toMatchObject({ insuredPersonId: found['insuredPersonId'], channel: 'reader' });
    expect((await register(card?.serial?.toLowerCase(), 'atm')).body).toEqual(registered.body);
    await world.heard();
    expect((await checkOf(resident)).body['verdict']).not.toBe('valid');

    await world.moveTo(`${TOMORROW}T00:00:00.000+09:00`);
    await world.caughtUp();
    const answer = await checkOf(resident);
    expect(answer.body).toMatchObject({
      verdict: 'valid',
      results: [
        {
          name: resident.kanjiName,
          insuredCardSymbol: '3001',
          qualificationDate: TODAY,
          personalFamilyClassification: '1',
          copay: { ratePercent: 30 },
          costLimit: { classificationFlag: 'A03' },
        },
      ],
    });
    const usable = await read(filed.body['enrollmentId'] as string);
    expect(usable['state']).toBe('usable');
    expect(usable['history'].at(-1)).toEqual({ state: 'usable', at: `${TOMORROW}T00:00:00.000+09:00` });
  });

  it.each([
    ['2026-11-17', false],
    ['2026-11-16', true],
  ])('a filing for %s is late: %s', async (qualificationDate, late) => {
    expect((await file(filingOf(stranger(), { qualificationDate }))).body).toMatchObject({ qualificationDate, late });
  });

  describe('only one who agrees in all five is registered', () => {
    it.each([
      ['name', '別人　太郎', '/person/name'],
      ['nameKana', 'ﾍﾞﾂｼﾞﾝ ﾀﾛｳ', '/person/nameKana'],
      ['address', '東京都千代田区永田町１丁目１番１号', '/person/address'],
    ])('with another %s it comes back, and says which', async (field, value, pointer) => {
      const filing = filingOf(stranger());
      const found = await settled({ ...filing, person: { ...filing.person, [field]: value } });
      expect(found).toMatchObject({ state: 'returned', reasons: [{ code: 'attribute-differs', pointer }] });
      expect(found).not.toHaveProperty('qualificationId');
    });

    it('a birth date typed wrong finds nobody; filed again as it is, it is registered', async () => {
      const filing = filingOf(stranger());
      const found = await settled({ ...filing, person: { ...filing.person, birthdate: '1971-02-28' } });
      expect(found).toMatchObject({ state: 'returned', reasons: [{ code: 'nobody-found' }] });
      expect(await settled(filing)).toMatchObject({ state: 'registered' });
    });

    it('another shape of a kanji is another name: it comes back, and says which character', async () => {
      const shapes = new Map(
        [...'高髙 崎﨑 浜濵 辺邉 吉𠮷 斉齋 島嶋 沢澤 広廣 国國 桜櫻'.matchAll(/(\S)(\S)/gu)].map(([, a, b]) => [
          a ?? '',
          b ?? '',
        ]),
      );
      const place = strangers.findIndex(({ kanjiName }) => [...kanjiName].some((character) => shapes.has(character)));
      const [resident] = place < 0 ? [] : strangers.splice(place, 1);
      if (resident === undefined) throw new Error('nobody left has a kanji of several shapes');
      const characters = [...resident.kanjiName.replaceAll('　', '')];
      const differing = characters.flatMap((character, i) => (shapes.has(character) ? [i + 1] : []));
      const filing = filingOf(resident);
      const name = [...resident.kanjiName].map((character) => shapes.get(character) ?? character).join('');
      expect(await settled({ ...filing, person: { ...filing.person, name } })).toMatchObject({
        state: 'returned',
        reasons: [
          {
            code: 'attribute-differs',
            pointer: '/person/name',
            difference: 'variant-characters',
            characters: differing,
          },
        ],
      });
    });

    it('two that are wrong are not told apart: that would be somebody else’s registration', async () => {
      const filing = filingOf(stranger());
      const found = await settled({
        ...filing,
        person: { ...filing.person, name: '別人　太郎', address: '東京都千代田区永田町１丁目１番１号' },
      });
      expect(found['reasons']).toEqual([expect.objectContaining({ code: 'nobody-found' })]);
    });

    it('without an address nobody is asked', async () => {
      const { person, ...filing } = filingOf(stranger());
      const { address: _address, ...rest } = person;
      expect(await settled({ ...filing, person: rest })).toMatchObject({
        state: 'returned',
        reasons: [{ code: 'attribute-missing', pointer: '/person/address' }],
      });
    });

    it('two who agree in all five are never chosen from, whoever of them is meant', async () => {
      const [one, other] = (await residentsOf(world)).filter(
        ({ scenario }) => scenario?.startsWith('double-') === true,
      );
      if (one === undefined || other === undefined) throw new Error('the registry has no two of one name');
      const filing = filingOf(one);
      expect(filing.person).toEqual(filingOf(other).person);
      const found = await settled(filing);
      expect(found).toMatchObject({ state: 'needs-review', reasons: [{ code: 'several-people' }] });
      expect(found).not.toHaveProperty('qualificationId');
      await withClient(world.database.adminUrl, async (db) => {
        const { rowCount } = await db.query('select from person where registry_person_ref = any($1)', [
          [one.personRef, other.personRef],
        ]);
        expect(rowCount).toBe(0);
      });
    });
  });

  describe('an individual number that is filed', () => {
    /** The registry's own, as a search gives it to insurers. */
    const numberOf = async ({ kanjiName, kanaName, birthDate, sex, address }: Resident): Promise<string> => {
      const response = await fetch(`${world.mockUrl}/v1/person-searches`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ kanjiName, kanaName, birthDate, sex, address }),
      });
      const { candidates } = (await response.json()) as { candidates: { individualNumber: string }[] };
      return candidates[0]?.individualNumber ?? '';
    };
    const wide = (digits: string): string =>
      digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));

    it('is held against the one found, in any width; another comes back, and neither is kept outside the vault', async () => {
      const [one, other] = [stranger(), stranger()];
      const [own, others] = [await numberOf(one), await numberOf(other)];
      const found = await settled(filingOf(one, { individualNumber: others }));
      expect(found).toMatchObject({
        state: 'returned',
        reasons: [{ code: 'filed-number-differs', pointer: '/individualNumber' }],
      });
      expect((await settled(filingOf(one, { individualNumber: wide(own) })))['state']).toBe('registered');
      await withClient(world.database.adminUrl, async (db) => {
        for (const table of [
          'enrollment',
          'enrollment_step',
          'person',
          'qualification',
          'graphile_worker._private_jobs',
        ]) {
          const { rows } = await db.query<{ text: string }>(`select t::text as text from ${table} t`);
          const text = rows.map((row) => row.text).join('\n');
          for (const number of [own, others, wide(own)]) expect(text).not.toContain(number);
        }
        expect((await db.query('select from enrollment where number_index is not null')).rowCount).toBe(0);
      });
    });

    it('is part of what an idempotency key stands for', async () => {
      const resident = stranger();
      const filing = filingOf(resident, { individualNumber: await numberOf(resident) });
      const headers = { 'idempotency-key': 'numbered' };
      await world.faults({ all: { mode: 'reset' } });
      const first = await file(filing, headers);
      expect((await file(filing, headers)).body['enrollmentId']).toBe(first.body['enrollmentId']);
      expectProblem(await file({ ...filing, individualNumber: undefined }, headers), 'idempotency-key-reused');
      await world.faults({});
      const id = first.body['enrollmentId'] as string;
      await eventually(async () => (await read(id))['state'] === 'registered');
      expect((await file(filing, headers)).body).toMatchObject({ enrollmentId: id, state: 'registered' });
    });
  });

  describe('two people decide what no machine does', () => {
    const REASON = '本人に電話で生年月日と旧住所を確認した。';
    const waiting = async (more: object = {}): Promise<string> => {
      const one = (await residentsOf(world)).find(({ scenario }) => scenario === 'double-a') as Resident;
      const found = await settled(filingOf(one, more));
      expect(found['state']).toBe('needs-review');
      return found['enrollmentId'] as string;
    };
    const decide = async (
      id: string,
      sub: string | undefined,
      body: object,
      amr: unknown = ['pwd', 'otp'],
    ): Promise<Reply> =>
      world.call('POST', `/v1/enrollments/${id}/reviews`, {
        at: office.url,
        client: null,
        headers: { authorization: `Bearer ${await tokenOf(world, sub, amr)}` },
        body: { reason: REASON, ...body },
      });
    const candidatesOf = async (id: string): Promise<readonly Record<string, string>[]> => {
      const at = office.url;
      const { body } = await world.call('GET', `/v1/enrollments/${id}/candidates`, { at, client: 'demo-insurer' });
      expect(JSON.stringify(body)).not.toMatch(/individual|\d{12}/i);
      return body['candidates'] as readonly Record<string, string>[];
    };

    it('who is meant: registered when the second says the same, and not before', async () => {
      const id = await waiting();
      const [one, other] = await candidatesOf(id);
      const register = { decision: 'register', personRef: one?.['personRef'] };
      const first = await decide(id, 'staff-1', register);
      expect(first.body).toMatchObject({
        state: 'needs-review',
        reviews: [{ reviewer: 'staff-1', decision: 'register', personRef: one?.['personRef'], reason: REASON }],
      });
      // The same person again, by another spelling of their proof, is one person.
      expect((await decide(id, 'staff-1', register, ['mfa'])).body['state']).toBe('needs-review');
      const differs = await decide(id, 'staff-2', { decision: 'register', personRef: other?.['personRef'] });
      expect(differs.body['state']).toBe('needs-review');
      const agreed = await decide(id, 'staff-2', register);
      expect(agreed.body).toMatchObject({ state: 'registered', usableFrom: TOMORROW });
      expect(agreed.body).not.toHaveProperty('reasons');
      await withClient(world.database.adminUrl, async (db) => {
        const { rows } = await db.query('select registry_person_ref as ref from person where person_id = $1', [
          agreed.body['insuredPersonId'],
        ]);
        expect(rows).toEqual([{ ref: one?.['personRef'] }]);
      });
      expectProblem(await decide(id, 'staff-3', register), 'nothing-to-review');
    });

    it('returned: with what they decided', async () => {
      const id = await waiting();
      await decide(id, 'staff-1', { decision: 'return' });
      const returned = await decide(id, 'staff-2', { decision: 'return' });
      expect(returned.body).toMatchObject({ state: 'returned', reasons: [{ code: 'returned-by-review' }] });
      expect(returned.body['reviews']).toHaveLength(2);
    });

    it('that the registry’s number is theirs, and not the one that was kept: it takes its place, found and opened', async () => {
      const resident = stranger();
      const found = await settled(filingOf(resident, { qualificationDate: '2026-11-01' }));
      const personId = found['insuredPersonId'] as string;
      expect((await loss(found['qualificationId'], { disqualificationDate: TODAY, reasonOfLoss: '99' })).status).toBe(
        200,
      );
      // As of a number that had been kept by mistake.
      const vault = office.app.get(Vault);
      const right = await vault.open(personId, 'review', { clientId: 'test' }, world.clock.now());
      const wrong = IndividualNumber.read('123456789018');
      if (right === undefined || !wrong.ok) throw new Error('there are no two numbers');
      await office.app.get(DataSource).transaction((manager) => vault.replace(manager, personId, wrong.value, 0));
      expect(await vault.findPerson(right)).toBeUndefined();

      const again = await settled(filingOf(resident));
      expect(again).toMatchObject({ state: 'needs-review', reasons: [{ code: 'individual-number-differs' }] });
      const id = again['enrollmentId'] as string;
      const register = { decision: 'register', personRef: resident.personRef };
      expect((await decide(id, 'staff-1', register)).body['state']).toBe('needs-review');
      expect((await decide(id, 'staff-2', register)).body).toMatchObject({
        state: 'registered',
        insuredPersonId: personId,
      });
      expect(await vault.findPerson(right)).toBe(personId);
      expect(await vault.findPerson(wrong.value)).toBeUndefined();
      const opened = await vault.open(personId, 'review', { clientId: 'test' }, world.clock.now());
      expect(opened?.reveal()).toBe(right.reveal());
    });

    it('but not that somebody else’s number is theirs', async () => {
      const [one, other] = [stranger(), stranger()];
      const { insuredPersonId } = await settled(filingOf(other));
      const vault = office.app.get(Vault);
      const wrong = IndividualNumber.read('123456789018');
      if (!wrong.ok) throw new Error('there is no other number');
      const resident = await settled(filingOf(one, { qualificationDate: '2026-11-01' }));
      const own = await vault.open(resident['insuredPersonId'] as string, 'review', { clientId: 'test' }, 0);
      if (own === undefined) throw new Error('no number is kept');
      await loss(resident['qualificationId'], { disqualificationDate: TODAY, reasonOfLoss: '99' });
      await office.app.get(DataSource).transaction(async (manager) => {
        await vault.replace(manager, resident['insuredPersonId'] as string, wrong.value, 0);
        await vault.replace(manager, insuredPersonId as string, own, 0);
      });
      const waits = await settled(filingOf(one));
      expect(waits).toMatchObject({ reasons: [{ code: 'individual-number-of-another-person' }] });
      const register = { decision: 'register', personRef: one.personRef };
      await decide(waits['enrollmentId'] as string, 'staff-1', register);
      expect((await decide(waits['enrollmentId'] as string, 'staff-2', register)).body).toMatchObject({
        state: 'needs-review',
        reasons: [{ code: 'individual-number-of-another-person' }],
      });
    });

    it('but not against the individual number that was filed', async () => {
      // A number that is neither of theirs.
      const id = await waiting({ individualNumber: '123456789018' });
      const [one] = await candidatesOf(id);
      const register = { decision: 'register', personRef: one?.['personRef'] };
      await decide(id, 'staff-1', register);
      expect((await decide(id, 'staff-2', register)).body).toMatchObject({
        state: 'returned',
        reasons: [{ code: 'filed-number-differs', pointer: '/individualNumber' }],
      });
    });

    it('both at once: carried out once', async () => {
      const id = await waiting();
      const replies = await Promise.all(['staff-1', 'staff-2'].map((sub) => decide(id, sub, { decision: 'return' })));
      expect(replies.map(({ status }) => status)).toEqual([200, 200]);
      expect((await read(id))['history'].filter(({ state }: { state: string }) => state === 'returned')).toHaveLength(
        1,
      );
    });

    it('nobody but a person with two factors decides, about somebody the registry names', async () => {
      const id = await waiting();
      const sendBack = { decision: 'return' };
      expectProblem(await decide(id, undefined, sendBack), 'two-factors-needed');
      for (const amr of [['pwd'], ['pwd', 'pin'], null, 'mfa'])
        expectProblem(await decide(id, 'staff-1', sendBack, amr), 'two-factors-needed');
      expectProblem(await decide(id, 'staff-1', { decision: 'register', personRef: 'S0000000001' }), 'not-a-candidate');
      expectProblem(await decide(id, 'staff-1', { decision: 'register' }), 'invalid-request');
      expectProblem(await decide(id, 'staff-1', { ...sendBack, personRef: 'S0000000031' }), 'invalid-request');
      expectProblem(await decide(id, 'staff-1', { ...sendBack, reason: 'よし' }), 'invalid-request');
      expectProblem(await decide('0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d', 'staff-1', sendBack), 'enrollment-not-found');
      expect(await read(id)).not.toHaveProperty('reviews');
    });
  });

  describe('filed twice', () => {
    it('under one key: the same filing; with another body: refused', async () => {
      const filing = filingOf(stranger());
      const headers = { 'idempotency-key': 'filing-1' };
      const [first, second] = await Promise.all([file(filing, headers), file(filing, headers)]);
      expect([first?.status, second?.status]).toEqual([202, 202]);
      expect(second?.body['enrollmentId']).toBe(first?.body['enrollmentId']);
      expectProblem(await file({ ...filing, insuredBranchNumber: '01' }, headers), 'idempotency-key-reused');
    });

    it('without one: registered once, and the second says so', async () => {
      const filing = filingOf(stranger());
      expect(await settled(filing)).toMatchObject({ state: 'registered' });
      expect(await settled(filing)).toMatchObject({ state: 'returned', reasons: [{ code: 'already-filed' }] });
      expect(await settled({ ...filing, qualificationDate: '2026-11-21' })).toMatchObject({
        state: 'returned',
        reasons: [{ code: 'already-insured-here', pointer: '/qualificationDate' }],
      });
    });

    it('and looked up by two at once: registered once', async () => {
      const filings = office.app.get<Filings>(FILINGS);
      const resident = stranger();
      const found = await settled(filingOf(resident));
      const again = { enrollmentId: found['enrollmentId'] as string, insurerNumber: '', filed: filingOf(resident) };
      expect(await filings.begin(again.enrollmentId, world.clock.now())).toBeUndefined();
      await filings.conclude(
        again as never,
        { outcome: 'return', reasons: [{ code: 'nobody-found' }] },
        world.clock.now(),
      );
      expect(await read(again.enrollmentId)).toEqual(found);
    });
  });

  it('a job change needs nothing from the patient: the new insurer’s coverage is answered, the old one until its loss', async () => {
    const resident = (await residentsOf(world)).find(({ scenario }) => scenario === 'employee');
    if (resident === undefined) throw new Error('the registry has no employee');
    // Insured here since 2020: the old coverage ends, and the new one begins the same day.
    const [own] = await withClient(world.database.adminUrl, async (db) => {
      const { rows } = await db.query<{ id: string }>(
        `select qualification_id as id from qualification q join person p using (person_id) where p.registry_person_ref = $1 and lost_on is null`,
        [resident.personRef],
      );
      return rows;
    });
    expect((await loss(own?.id, { disqualificationDate: TODAY, reasonOfLoss: '03' })).status).toBe(200);
    const found = await settled(filingOf(resident, { insuredIdentificationNumber: '88001' }));
    expect(found['state']).toBe('registered');
    await world.moveTo(`${TOMORROW}T09:00:00.000+09:00`);
    await world.caughtUp();
    const answer = await world.ask('employee-30-u', { serviceDate: TOMORROW });
    expect(answer.body).toMatchObject({ verdict: 'valid', results: [{ insuredIdentificationNumber: '88001' }] });
    const past = await world.ask('employee-30-u', { serviceDate: '2026-11-21' });
    expect(past.body).toMatchObject({
      verdict: 'valid',
      results: [{ insuredIdentificationNumber: expect.not.stringMatching('88001') }],
    });
  });

  it('two insurers who claim one person: both are answered, until the loss of one is filed', async () => {
    const resident = stranger();
    const { qualificationId } = await settled(filingOf(resident, { qualificationDate: '2026-11-01' }));
    await register(resident.certificates.find(({ status }) => status === 'good')?.serial);
    const insurerNumber = insurers.otherSociety.insurerNumber;
    const other = await office.app
      .get(FileEnrollment)
      .of({ clientId: 'another', insurerNumber }, filingOf(resident, { qualificationDate: '2026-11-10' }) as never);
    const filings = office.app.get<Filings>(FILINGS);
    await eventually(async () => (await filings.find(insurerNumber, other.enrollmentId))?.state === 'registered');
    await world.moveTo(`${TOMORROW}T09:00:00.000+09:00`);
    await world.caughtUp();
    const both = await checkOf(resident);
    expect(both.body['verdict']).toBe('multiple');
    expect(both.body['results'].map((result: Reply['body']) => result['insurerNumber']).toSorted()).toEqual(
      [insurers.society.insurerNumber, insurerNumber].toSorted(),
    );
    await loss(qualificationId, { disqualificationDate: '2026-11-10', reasonOfLoss: '03' });
    await world.heard();
    expect((await checkOf(resident)).body).toMatchObject({ verdict: 'valid', results: [{ insurerNumber }] });
  });

  it.each([
    ['begun, and the registry not asked', () => vi.spyOn(office.app.get<PersonSearch>(PERSON_SEARCH), 'search')],
    ['found, and nothing of it kept', () => vi.spyOn(office.app.get(Vault), 'putAll')],
    ['carried out, and not ended', () => vi.spyOn(office.app.get<Filings>(FILINGS), 'conclude')],
  ])('that ends when it was %s is done again, and once', async (_step, spyOn) => {
    const resident = stranger();
    // What a process that is killed leaves behind: the transaction it was in is taken back, and its job is there still.
    const spy = spyOn();
    spy.mockRejectedValueOnce(new Error('the process is no more'));
    try {
      expect(await settled(filingOf(resident))).toMatchObject({ state: 'registered' });
      expect(spy.mock.calls.length).toBe(2);
    } finally {
      spy.mockRestore();
    }
    await withClient(world.database.adminUrl, async (db) => {
      const { rows } = await db.query(
        `select count(*)::int as coverages, (select count(*)::int from individual_number n where n.person_id = min(p.person_id)) as numbers
         from person p join qualification q using (person_id) where p.registry_person_ref = $1`,
        [resident.personRef],
      );
      expect(rows).toEqual([{ coverages: 1, numbers: 1 }]);
    });
  });

  describe('while the registry is away', () => {
    afterEach(() => world.faults({}));

    it('filings are kept and wait, no attempt is used up, and all of it goes on by itself', async () => {
      await world.faults({ all: { mode: 'reset' } });
      const waiting = await Promise.all(Array.from({ length: 12 }, () => file(filingOf(stranger()))));
      expect(waiting.map(({ status }) => status)).toEqual(waiting.map(() => 202));
      const ids = waiting.map(({ body }) => body['enrollmentId'] as string);
      await eventually(async () => {
        const all = await Promise.all(ids.map(read));
        return all.every((one) => one['state'] === 'looking-up' && one['estimatedUsableFrom'] === undefined);
      });
      await world.faults({});
      await eventually(async () => (await Promise.all(ids.map(read))).every(({ state }) => state === 'registered'));
      await withClient(world.database.adminUrl, async (db) => {
        const { rows } = await db.query('select count(*)::int as failed from graphile_worker.jobs where attempts > 1');
        expect(rows).toEqual([{ failed: 0 }]);
      });
    });

    it('an office that ends in the middle of it leaves nothing behind: the next one goes on', async () => {
      await world.faults({ all: { mode: 'hang' } });
      const { body } = await file(filingOf(stranger()));
      const id = body['enrollmentId'] as string;
      await eventually(async () => (await read(id))['state'] === 'looking-up');
      await office.app.close();
      // As of a process that was killed: what it took is locked by a worker that is no more.
      await withClient(world.database.adminUrl, (db) =>
        db.query(
          `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'worker-gone' where key = $1`,
          [id],
        ),
      );
      await world.faults({});
      office = await world.office();
      await eventually(async () => (await read(id))['state'] === 'registered');
    });
  });

  it.each([
    ['counterUrl', 'select from graphile_worker.jobs'],
    ['counterUrl', `select graphile_worker.add_job('look-up')`],
    ['officeUrl', 'create table graphile_worker.mine (id int)'],
  ] as const)('the queue is the office’s, its schema nobody’s: the %s may not %s', async (role, sql) => {
    await withClient(world.database[role], async (db) => {
      await expect(db.query(sql)).rejects.toMatchObject({ code: '42501' });
    });
  });

  describe('a loss', () => {
    it('is seen at the counter, also a retroactive one; the same again changes nothing, another day corrects it', async () => {
      const resident = stranger();
      const { qualificationId } = await settled(filingOf(resident, { qualificationDate: '2026-11-01' }));
      await register(resident.certificates.find(({ status }) => status === 'good')?.serial);
      await world.moveTo(`${TOMORROW}T09:00:00.000+09:00`);
      await world.caughtUp();
      expect((await checkOf(resident)).body['verdict']).toBe('valid');
      const filed = await loss(qualificationId, { disqualificationDate: '2026-11-10', reasonOfLoss: '99' });
      expect(filed.body).toMatchObject({
        qualificationId,
        qualificationDate: '2026-11-01',
        disqualificationDate: '2026-11-10',
        reasonOfLoss: '99',
        lossRecordedAt: `${TOMORROW}T09:00:00.000+09:00`,
      });
      await world.heard();
      expect((await checkOf(resident)).body).toMatchObject({ verdict: 'invalid' });
      world.clock.advance(1_000);
      const again = await loss(qualificationId, { disqualificationDate: '2026-11-10', reasonOfLoss: '99' });
      expect(again.body).toEqual(filed.body);
      const corrected = await loss(qualificationId, { disqualificationDate: '2026-12-01', reasonOfLoss: '03' });
      expect(corrected.body).toMatchObject({ disqualificationDate: '2026-12-01', reasonOfLoss: '03' });
      await world.caughtUp();
      expect((await checkOf(resident)).body['verdict']).toBe('valid');
    });

    it('that was corrected is still known as it was', async () => {
      const { qualificationId, insuredPersonId } = await settled(
        filingOf(stranger(), { qualificationDate: '2026-11-01' }),
      );
      const before = world.clock.now();
      world.clock.advance(1_000);
      await loss(qualificationId, { disqualificationDate: '2026-11-10', reasonOfLoss: '99' });
      const between = world.clock.now();
      world.clock.advance(1_000);
      await loss(qualificationId, { disqualificationDate: '2026-11-20', reasonOfLoss: '03' });
      const historyOf = async (query: string): Promise<readonly Record<string, unknown>[]> => {
        const { status, body } = await world.call(
          'GET',
          `/v1/insured-persons/${insuredPersonId}/qualifications${query}`,
          {
            at: office.url,
            client: 'demo-insurer',
          },
        );
        expect(status).toBe(200);
        return (body['qualifications'] as readonly Record<string, unknown>[]).map(
          ({ disqualificationDate, reasonOfLoss }) => ({ disqualificationDate, reasonOfLoss }),
        );
      };
      const known = (at: number) => `knownAt=${encodeURIComponent(new Date(at).toISOString())}`;
      expect(await historyOf('')).toEqual([{ disqualificationDate: '2026-11-20', reasonOfLoss: '03' }]);
      expect(await historyOf(`?${known(between)}`)).toEqual([
        { disqualificationDate: '2026-11-10', reasonOfLoss: '99' },
      ]);
      expect(await historyOf(`?${known(between - 1)}`)).toEqual([{}]);
      expect(await historyOf(`?${known(before - 3_600_000)}`)).toEqual([]);
      expect(await historyOf('?on=2026-11-19')).toHaveLength(1);
      expect(await historyOf('?on=2026-11-20')).toHaveLength(0);
      expect(await historyOf(`?on=2026-11-10&${known(between)}`)).toHaveLength(0);
      expect(await historyOf(`?on=2026-11-09&${known(between)}`)).toHaveLength(1);
      expect(await historyOf('?on=2026-10-31')).toHaveLength(0);
      for (const path of ['999999/qualifications', 'x/qualifications'])
        expectProblem(
          await world.call('GET', `/v1/insured-persons/${path}`, { at: office.url, client: 'demo-insurer' }),
          'person-not-found',
        );
      for (const query of ['on=2026-02-30', 'knownAt=2026-13-40T00:00:00Z', 'knownAt=yesterday', 'since=2026'])
        expectProblem(
          await world.call('GET', `/v1/insured-persons/${insuredPersonId}/qualifications?${query}`, {
            at: office.url,
            client: 'demo-insurer',
          }),
          'invalid-request',
        );
    });

    it('before the coverage began, or of a coverage that is not one’s own, is refused', async () => {
      const { qualificationId } = await settled(filingOf(stranger()));
      expectProblem(
        await loss(qualificationId, { disqualificationDate: '2026-11-21', reasonOfLoss: '99' }),
        'loss-refused',
      );
      for (const id of ['999999', '0', 'x', '1'.repeat(19)])
        expectProblem(
          await loss(id, { disqualificationDate: '2026-12-01', reasonOfLoss: '99' }),
          'qualification-not-found',
        );
    });
  });

  describe('a card', () => {
    it('of somebody not insured here, or that is nobody’s, is not registered', async () => {
      expectProblem(
        await register(stranger().certificates.find(({ status }) => status === 'good')?.serial),
        'person-not-found',
      );
      expectProblem(await register('ABCDEF0011223344'), 'card-not-usable');
      expectProblem(await register('no serial'), 'invalid-request');
    });

    it('cannot be registered while the registry is away', async () => {
      await world.faults({ all: { mode: 'reset' } });
      expectProblem(await register('ABCDEF0011223344'), 'registry-unavailable');
      await world.faults({});
    });
  });

  describe('what is not as documented is refused, and nothing is kept', () => {
    const filing = () => ({ ...filingOf({ ...(strangers[0] as Resident) }) });
    it.each<[string, (filing: ReturnType<typeof filingOf>) => unknown, ProblemCode]>([
      ['no body', () => undefined, 'invalid-request'],
      ['a field nobody knows', (f) => ({ ...f, mynumber: CANARY }), 'invalid-request'],
      [
        'an individual number whose check digit is wrong',
        (f) => ({ ...f, individualNumber: '123456789019' }),
        'invalid-request',
      ],
      ['an individual number of eleven digits', (f) => ({ ...f, individualNumber: '12345678901' }), 'invalid-request'],
      ['a day that is none', (f) => ({ ...f, qualificationDate: '2026-02-30' }), 'invalid-request'],
      ['before 2015', (f) => ({ ...f, qualificationDate: '2014-12-31' }), 'qualification-date-out-of-range'],
      [
        'a birth in the future',
        (f) => ({ ...f, person: { ...f.person, birthdate: '2026-11-23' } }),
        'birthdate-in-future',
      ],
      ['a dependent of nobody', (f) => ({ ...f, kind: 'dependent' }), 'invalid-request'],
      [
        'a character of somebody’s own font',
        (f) => ({ ...f, person: { ...f.person, name: '\u{E000}田　太郎' } }),
        'invalid-request',
      ],
      ['half of a character', (f) => ({ ...f, person: { ...f.person, address: '東京都\uD842' } }), 'invalid-request'],
      ['a control character', (f) => ({ ...f, insuredCardSymbol: '1\u0000' }), 'invalid-request'],
    ])('%s', async (_what, wrong, code) => {
      expectProblem(await file(wrong(filing())), code);
    });

    it('a clinic files nothing, and reads nothing', async () => {
      const at = office.url;
      expectProblem(await world.call('POST', '/v1/enrollments', { at, body: filing() }), 'scope-missing');
      expectProblem(
        await world.call('GET', '/v1/enrollments/0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d', { at }),
        'scope-missing',
      );
    });

    it.each(['0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d', 'x'])('nothing is there under %s', async (id) => {
      const reply = await world.call('GET', `/v1/enrollments/${id}`, { at: office.url, client: 'demo-insurer' });
      expectProblem(reply, 'enrollment-not-found');
    });

    it('another insurer finds none of them', async () => {
      const { enrollmentId } = await settled(filingOf(stranger()));
      const filings = office.app.get<Filings>(FILINGS);
      expect(await filings.find('06130017', enrollmentId as string)).toBeUndefined();
    });
  });
});
