import { Client } from 'pg';

import { FactsStore } from '../apps/eligibility-api/src/coverage-store/facts-store.js';
import { insurers } from '../apps/eligibility-api/src/demo/numbers.js';
import { Keeper } from '../apps/eligibility-api/src/replica/keeper.js';
import { ReplicaReader } from '../apps/eligibility-api/src/replica/replica-reader.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { questionOf, World } from './support/world.js';

const A = 'employee-30-u';
const B = 'dialysis';

describe('the replica', () => {
  let world: World;
  let keeper: Keeper;
  /** Changes are heard when a test says so, and not when they are committed. */
  let hear: () => Promise<void>;
  beforeAll(async () => {
    world = await World.start({ name: 'replica' });
    keeper = world.counter.app.get(Keeper);
    const heard = keeper.hear.bind(keeper);
    hear = async () => {
      await heard();
      world.counter.app.get(ReplicaReader).refresh();
    };
  });
  beforeEach(async () => {
    vi.spyOn(keeper, 'hear').mockImplementation(async () => {});
    await hear();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  afterAll(() => world.close());

  const office = (sql: string, values: unknown[] = []): Promise<number> =>
    withClient(world.database.officeUrl, async (db) => (await db.query(sql, values)).rowCount ?? 0);
  const serialOf = (id: string): string => world.person(id).certificateSerial ?? '';
  const nameOf = async (id: string): Promise<string> => {
    const { body } = await world.ask(id);
    return body['results'][0]['name'] as string;
  };
  const RENAME = 'update person set name = $2 where person_id = (select person_id from credential where serial = $1)';
  const rename = (id: string, name: string): Promise<number> => office(RENAME, [serialOf(id), name]);

  it('answers a card that was never asked before without asking the store, by serial and by number', async () => {
    const store = world.counter.app.get(FactsStore);
    const spies = [vi.spyOn(store, 'bySerial'), vi.spyOn(store, 'byNumber')];
    expect((await world.ask('elderly-20')).body).toMatchObject({ verdict: 'valid', freshness: { source: 'replica' } });
    expect((await world.ask('client-search')).body).toMatchObject({
      verdict: 'valid',
      freshness: { source: 'replica' },
    });
    expect((await world.ask('not-registered')).body).toMatchObject({ verdict: 'not-found' });
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  it('shows a change from the moment it is heard, and not a moment of doubt before', async () => {
    const before = await nameOf(A);
    await rename(A, '改姓　一');
    expect(await nameOf(A), 'what was heard last says nothing of it').toBe(before);
    await hear();
    expect(await nameOf(A)).toBe('改姓　一');
  });

  it('is not trusted when nothing was heard for five seconds: the store is asked', async () => {
    const before = await nameOf(A);
    await rename(A, '改姓　三');
    world.clock.advance(5_000);
    expect(await nameOf(A)).toBe(before);
    world.clock.advance(1);
    const { body } = await world.ask(A);
    expect(body).toMatchObject({ results: [{ name: '改姓　三' }], freshness: { source: 'database' } });
    await hear();
  });

  describe('a transaction that commits after a later one', () => {
    let early: Client;
    let late: Client;
    beforeEach(async () => {
      [early, late] = [world.database.officeUrl, world.database.officeUrl].map(
        (connectionString) => new Client({ connectionString }),
      ) as [Client, Client];
      await Promise.all([early.connect(), late.connect()]);
      await early.query('begin');
      await late.query('begin');
    });
    afterEach(() => Promise.all([early.end(), late.end()]));

    it('is heard too, when it commits', async () => {
      const before = await nameOf(A);
      await nameOf(B);
      await early.query(RENAME, [serialOf(A), '先　着手']);
      await late.query(RENAME, [serialOf(B), '後　着手']);
      await late.query('commit');
      await hear();
      expect([await nameOf(A), await nameOf(B)]).toEqual([before, '後　着手']);
      // Whatever number the early one bears, nothing that was read meanwhile may have passed it by.
      await rename('elderly-20', '間　挟子');
      await hear();
      await hear();
      expect(await nameOf(A)).toBe(before);
      await early.query('commit');
      await hear();
      expect([await nameOf(A), await nameOf(B)]).toEqual(['先　着手', '後　着手']);
    });
    it('changes nothing when it is rolled back', async () => {
      const before = await nameOf(A);
      await early.query(RENAME, [serialOf(A), '取　消']);
      await late.query('commit');
      await hear();
      await early.query('rollback');
      await hear();
      expect(await nameOf(A)).toBe(before);
    });
  });

  const ofPerson = '(select person_id from credential where serial = $1)';
  const ofQualification = `(select qualification_id from qualification where person_id = ${ofPerson} limit 1)`;
  it.each([
    [
      'a copay rate that an insurer decided',
      `insert into copay_certificate (qualification_id, valid_from, recorded_at, kind, rate_percent)
       values (${ofQualification}, '2026-11-01', '2026-11-01T00:00:00Z', 'elderly-recipient', 30)`,
      'elderly-20',
    ],
    [
      'a limit certificate',
      `insert into limit_certificate (qualification_id, valid_from, recorded_at, classification, classification_flag)
       values (${ofQualification}, '2026-11-01', '2026-11-01T00:00:00Z', '01', 'A05')`,
      A,
    ],
    [
      'a disease',
      `insert into specific_disease_certificate (qualification_id, valid_from, recorded_at, category, self_pay_yen)
       values (${ofQualification}, '2026-11-01', '2026-11-01T00:00:00Z', '2', 10000)`,
      A,
    ],
    [
      'an income',
      `update income_assessment set facts = facts || '{"maxTaxableIncomeInHousehold": 9900000, "totalRevenue": 9900000}' where qualification_id = ${ofQualification}`,
      'late-20',
    ],
    ['a ticket taken back', `delete from medical_ticket where qualification_id = ${ofQualification}`, 'medical-aid'],
    [
      'a number of this institution',
      `insert into reference_number (institution_code, person_id, reference_number) select '1312345679', person_id, 'R-2' from credential where serial = $1`,
      B,
    ],
    ['a certificate', `update credential set not_after = '2030-12-24' where serial = $1`, B],
    [
      "an insurer's name",
      `update insurer set insurer_name = '改名組合' where insurer_number in (select insurer_number from qualification where person_id = ${ofPerson})`,
      'non-taxable-i',
    ],
  ])('a change of %s is seen once heard, and not before', async (_what, sql, id) => {
    const content = async (): Promise<unknown> => {
      const { body } = await world.ask(id, { consent: { limitApplicationCertificate: true, specificDiseases: true } });
      return { answerVersion: body['answerVersion'] as unknown, results: body['results'] as unknown };
    };
    const before = await content();
    expect(await office(sql, [serialOf(id)])).toBeGreaterThan(0);
    expect(await content()).toEqual(before);
    await hear();
    expect(await content()).not.toEqual(before);
  });

  it('a qualification that is deleted is gone', async () => {
    const before = await world.ask('certificate-expires-soon');
    expect(before.body['verdict']).toBe('valid');
    await office(`delete from qualification where person_id = ${ofPerson}`, [serialOf('certificate-expires-soon')]);
    await hear();
    const after = await world.ask('certificate-expires-soon');
    expect(after.body).toMatchObject({ verdict: 'not-found', qualificationValidity: '4' });
    expect(after.body).not.toHaveProperty('results');
  });

  it('a person who is deleted is a card nobody is registered for', async () => {
    expect((await world.ask('no-consent')).body['verdict']).toBe('valid');
    await office(`delete from person where person_id = ${ofPerson}`, [serialOf('no-consent')]);
    await hear();
    expect((await world.ask('no-consent')).body).toMatchObject({
      verdict: 'not-found',
      credential: { state: 'not-registered' },
      notices: [{ code: 'register-at-reader' }],
    });
  });

  it('a coverage filed at another insurer makes two of one', async () => {
    expect((await world.ask('coverage-last-day')).body['verdict']).toBe('valid');
    await office(
      `insert into qualification (person_id, insurer_number, insured_card_classification, insured_identification_number, number_key,
         personal_family_classification, acquired_on, available_from, recorded_at)
       select person_id, $2, '01', '900', '900', '1', '2026-01-01', '2026-01-01', '2026-01-01T00:00:00Z'
       from credential where serial = $1`,
      [serialOf('coverage-last-day'), insurers.otherSociety.insurerNumber],
    );
    await hear();
    expect((await world.ask('coverage-last-day')).body).toMatchObject({
      verdict: 'multiple',
      qualificationValidity: '5',
    });
  });

  describe('somebody who was not there before', () => {
    it('is a twin under the same number', async () => {
      const { insured, serviceDate } = world.person('client-search');
      const ask = () => world.check({ insured, serviceDate });
      expect((await ask()).body).toMatchObject({ verdict: 'valid' });
      await office(
        `with twin as (
           insert into person (name, name_kana, sex1, birthdate)
           select '双子　妹', 'ﾌﾀｺﾞ ｲﾓｳﾄ', '2', $3::date returning person_id)
         insert into qualification (person_id, insurer_number, insured_card_classification, insured_card_symbol,
           insured_identification_number, number_key, insured_branch_number, personal_family_classification, acquired_on, available_from, recorded_at)
         select twin.person_id, q.insurer_number, '01', q.insured_card_symbol, q.insured_identification_number, q.number_key, '02', '2',
           q.acquired_on, q.acquired_on, q.recorded_at
         from twin, qualification q where q.insurer_number = $1 and q.number_key = $2`,
        [insured?.['insurerNumber'], insured?.['insuredIdentificationNumber'], insured?.['birthdate']],
      );
      await hear();
      const both = await ask();
      expect(both.body).toMatchObject({ verdict: 'multiple', notices: [{ code: 'branch-number-needed' }] });
      expect(both.body).not.toHaveProperty('results');
      const one = await world.check({ insured: { ...insured, insuredBranchNumber: '02' }, serviceDate });
      expect(one.body).toMatchObject({ verdict: 'valid', results: [{ name: '双子　妹' }] });
    });

    it('is found by the card that nobody was registered for', async () => {
      const question = questionOf(world.person('not-registered')) as { card: { certificateSerial: string } };
      expect((await world.check(question)).body['verdict']).toBe('not-found');
      await office(
        `with new as (insert into person (name, name_kana, sex1, birthdate) values ('新　規', 'ｼﾝ ｷ', '1', '1990-01-01') returning person_id),
              card as (insert into credential (serial, person_id, status, not_after, verified_at)
                       select $1, person_id, 'good', '2030-01-01', '2026-11-22T00:00:00Z' from new)
         insert into qualification (person_id, insurer_number, insured_card_classification, insured_identification_number, number_key,
           personal_family_classification, acquired_on, available_from, recorded_at)
         select person_id, '06130488', '01', '901', '901', '1', '2026-01-01', '2026-01-01', '2026-01-01T00:00:00Z' from new`,
        [question.card.certificateSerial],
      );
      await hear();
      expect((await world.check(question)).body).toMatchObject({ verdict: 'valid', results: [{ name: '新　規' }] });
    });
  });
});
