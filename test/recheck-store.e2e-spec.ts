import { randomUUID } from 'node:crypto';

import { Client } from 'pg';
import type { DataSource } from 'typeorm';

import { createDataSource } from '../apps/eligibility-api/src/coverage-store/data-source.js';
import { RecheckStore } from '../apps/eligibility-api/src/coverage-store/recheck-store.js';
import type { Lease, NextChanges } from '../apps/eligibility-api/src/rechecks/rechecks.js';
import { freshDatabase, type FreshDatabase } from './support/fresh-database.js';
import { eventually } from './support/world.js';

const NOW = Date.parse('2026-11-22T09:00:00.000+09:00');
const at = (ms: number): string => new Date(ms).toISOString();

describe('the store of re-checks', () => {
  let database: FreshDatabase;
  let dataSource: DataSource;
  let owner: Client;
  let store: RecheckStore;

  beforeAll(async () => {
    database = await freshDatabase('recheck_store');
    const migrated = await createDataSource({
      url: database.ownerUrl,
      poolMax: 1,
      timeoutMs: 30_000,
      applicationName: 'migrate',
    }).initialize();
    await migrated.runMigrations();
    await migrated.destroy();
    dataSource = await createDataSource({
      url: database.counterUrl,
      poolMax: 4,
      timeoutMs: 5_000,
      applicationName: 'recheck-store',
    }).initialize();
    store = new RecheckStore(dataSource);
    owner = new Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query(`select make_check_partitions('2026-11-22')`);
  });
  afterAll(async () => {
    await owner.end();
    await dataSource.destroy();
    await database.drop();
  });
  beforeEach(() => owner.query('delete from recheck'));

  /** A check on record that is to be asked again; its id. */
  const pending = async (more: { reason?: string; notedAt?: number } = {}): Promise<string> => {
    const { reason = 'registry-unavailable', notedAt = NOW } = more;
    const checkId = randomUUID();
    await owner.query(
      `insert into eligibility_check (check_id, client_id, institution_code, purpose, checked_at, service_date, subject_hash, verdict, credential_state,
         answer_version, unchanged, consented, spliced, digest)
       values ($1, 'c', '1312345679', 'treatment', $2, '2026-11-22', '', 'valid', 'valid', 'v', false, 0, '{}', '')`,
      [checkId, at(NOW)],
    );
    await owner.query(
      `insert into recheck (check_id, checked_at, institution_code, reason, noted_at, facts_from, question)
       values ($1, $2, '1312345679', $3, $4, $2, 'sealed')`,
      [checkId, at(NOW), reason, at(notedAt)],
    );
    return checkId;
  };
  const lease = (until: number): Lease => ({ owner: randomUUID(), until });
  const taken = async (now: number, held = lease(now + 10_000), limit = 10): Promise<string[]> =>
    (await store.take(now, held, ['registry-unavailable'], limit)).map(({ checkId }) => checkId);

  describe('taking', () => {
    it('the oldest first, no more than asked for, and of these reasons alone', async () => {
      const [first, second] = [await pending(), await pending()];
      await pending({ reason: 'database-unavailable' });
      await pending();
      expect(await taken(NOW, lease(NOW + 10_000), 2)).toEqual([first, second]);
    });

    it.each([
      ['a millisecond before the lease runs out', -1, false],
      ['at the instant it has run out', 0, true],
    ])('by another %s', async (_when, ms, free) => {
      const checkId = await pending();
      expect(await taken(NOW, lease(NOW + 10_000))).toEqual([checkId]);
      expect(await taken(NOW + 10_000 + ms)).toEqual(free ? [checkId] : []);
    });

    it('two at the same time share them', async () => {
      const ids = await Promise.all(Array.from({ length: 20 }, () => pending()));
      const [one, two] = await Promise.all([taken(NOW, lease(NOW + 10_000), 10), taken(NOW, lease(NOW + 10_000), 10)]);
      expect(new Set([...one, ...two])).toEqual(new Set(ids));
    });

    it('what is postponed is nobody’s until then, and only its owner can do that', async () => {
      const checkId = await pending();
      const held = lease(NOW + 10_000);
      const [row] = await store.take(NOW, held, ['registry-unavailable'], 1);
      await store.postpone(row?.id ?? '', { ...held, until: NOW + 60_000 });
      expect(await taken(NOW + 59_999)).toEqual([]);
      await store.postpone(row?.id ?? '', lease(NOW));
      expect(await taken(NOW + 59_999)).toEqual([]);
      expect(await taken(NOW + 60_000)).toEqual([checkId]);
    });
  });

  it('an answer is open once, and open again when something else is filed after it was ended', async () => {
    const checkId = await pending();
    const insert = `insert into recheck (check_id, checked_at, institution_code, reason, noted_at, facts_from, question)
      values ('${checkId}', now(), '1312345679', 'retroactive-change', now(), now(), 'sealed')`;
    await expect(owner.query(insert)).rejects.toThrow('recheck_open');
    const [row] = await store.take(NOW, lease(NOW), ['registry-unavailable'], 1);
    await store.end(row?.id ?? '', 'unchanged', NOW);
    await expect(owner.query(insert)).resolves.toBeDefined();
  });

  it.each([
    ['noted at that instant stay open', 0, 0],
    ['noted a millisecond before are given up, and their questions erased', -1, 1],
  ])('given up: those %s', async (_which, ms, count) => {
    const before = NOW - 168 * 3_600_000;
    const checkId = await pending({ notedAt: before + ms });
    expect(await store.giveUp(before, NOW)).toBe(count);
    const { rows } = await owner.query('select outcome, question is null as erased from recheck where check_id = $1', [
      checkId,
    ]);
    expect(rows).toEqual([count === 1 ? { outcome: 'given-up', erased: true } : { outcome: null, erased: false }]);
  });

  it.each([
    ['ended at that instant are kept', 0, 1],
    ['ended a millisecond before are forgotten', -1, 0],
  ])('forgotten: those that %s', async (_which, ms, left) => {
    await pending();
    const [row] = await store.take(NOW, lease(NOW), ['registry-unavailable'], 1);
    await store.end(row?.id ?? '', 'unchanged', NOW + ms);
    // Of what is still open nothing goes, however old.
    await pending({ notedAt: 0 });
    await store.forget(NOW);
    const { rows } = await owner.query('select count(*)::int as n from recheck');
    expect(rows).toEqual([{ n: left + 1 }]);
  });

  it('how many wait is by reason, since the oldest', async () => {
    await pending({ notedAt: NOW - 5_000 });
    await pending();
    await pending({ reason: 'retroactive-change' });
    expect(await store.figures()).toMatchObject({
      pending: { 'registry-unavailable': 2, 'retroactive-change': 1 },
      oldestNotedAt: NOW - 5_000,
    });
  });

  describe('following what is filed', () => {
    const me = lease(NOW + 30_000);
    const next = (limit = 100, notedAgoMs = 0): Promise<NextChanges | undefined> =>
      store.next(NOW, me, notedAgoMs, limit);
    const change = (...people: readonly number[]): Promise<unknown> =>
      owner.query(
        `insert into fact_change (transaction_id, person_id, noted_at) select pg_current_xact_id()::text::bigint, p, now() - interval '5 seconds'
         from unnest($1::bigint[]) as p`,
        [people],
      );
    beforeAll(async () => {
      await next();
    });
    /** What comes next, once no transaction of any database of the cluster that is older is running. */
    const expectNext = async (people: readonly string[], limit = 100, notedAgoMs = 0): Promise<NextChanges> => {
      let found: NextChanges | undefined;
      await eventually(async () => {
        found = await next(limit, notedAgoMs);
        return found?.people.join() === people.join();
      });
      return found as NextChanges;
    };
    beforeEach(() =>
      eventually(async () => {
        const more = await next();
        if (more !== undefined) await store.moveOn(more, [], NOW);
        const { rows } = await owner.query(
          'select from fact_change f, recheck_position p where (f.transaction_id, f.person_id) > (p.transaction_id, p.person_id) limit 1',
        );
        return rows.length === 0;
      }),
    );

    it('each change once, in order, a page at a time, and everybody of a page once', async () => {
      await change(3, 1);
      await change(3, 2);
      await store.moveOn(await expectNext(['1', '3', '2'], 3), [], NOW);
      await store.moveOn(await expectNext(['3'], 3), [], NOW);
      expect(await next()).toBeUndefined();
    });

    it('what is not moved on from is given again', async () => {
      await change(1);
      await expectNext(['1']);
      await expectNext(['1']);
    });

    it('a transaction that is not over holds back those that came after it', async () => {
      const slow = new Client({ connectionString: database.ownerUrl });
      await slow.connect();
      await slow.query('begin');
      await slow.query(
        `insert into fact_change (transaction_id, person_id, noted_at) values (pg_current_xact_id()::text::bigint, 7, now() - interval '5 seconds')`,
      );
      await change(8);
      expect(await next()).toBeUndefined();
      await slow.query('commit');
      await expectNext(['7', '8']);
      await slow.end();
    });

    it('one that is too young holds back those behind it, too, so that it is not passed over', async () => {
      await change(1);
      await owner.query(
        `insert into fact_change (transaction_id, person_id) values (pg_current_xact_id()::text::bigint, 2)`,
      );
      await change(3);
      await store.moveOn(await expectNext(['1'], 100, 3_000), [], NOW);
      expect(await next(100, 3_000)).toBeUndefined();
      await expectNext(['2', '3']);
    });

    it('somebody else’s lease keeps us off until it has run out', async () => {
      await change(1);
      const found = await expectNext(['1']);
      const other = lease(NOW + 60_000);
      expect(await store.next(NOW + 29_999, other, 0, 100)).toBeUndefined();
      const theirs = await store.next(NOW + 30_000, other, 0, 100);
      expect(theirs?.people).toEqual(['1']);
      // Who was slow finds the place moved, and queues nothing twice.
      await store.moveOn(theirs as NextChanges, [], NOW);
      const checkId = await pending();
      await owner.query('delete from recheck');
      await store.moveOn(
        found,
        [{ checkId, checkedAt: NOW, institutionCode: '1312345679', question: 'c2VhbGVk' }],
        NOW,
      );
      expect((await owner.query('select from recheck')).rows).toEqual([]);
    });

    it('what was set right since it was looked for is not queued, and the same people are looked at again', async () => {
      const checkId = await pending();
      await change(1);
      const found = await expectNext(['1']);
      await owner.query(
        `update recheck set ended_at = now(), outcome = 'changed', changed = '{verdict}', recheck_id = gen_random_uuid(), question = null`,
      );
      await store.moveOn(
        found,
        [{ checkId, checkedAt: NOW, institutionCode: '1312345679', question: 'c2VhbGVk' }],
        NOW,
      );
      expect((await owner.query('select from recheck where ended_at is null')).rows).toEqual([]);
      const again = await expectNext(['1']);
      await store.moveOn(again, [], NOW);
      expect(await next()).toBeUndefined();
    });

    it('one that was queued all the same is asked by nobody, and ended', async () => {
      const checkId = await pending();
      await owner.query(
        `update recheck set ended_at = now(), outcome = 'changed', changed = '{verdict}', recheck_id = gen_random_uuid(), question = null`,
      );
      await owner.query(
        `insert into recheck (check_id, checked_at, institution_code, reason, noted_at, facts_from, question)
         select check_id, checked_at, institution_code, 'registry-unavailable', noted_at, facts_from, 'sealed' from recheck where check_id = $1`,
        [checkId],
      );
      expect(await taken(NOW)).toEqual([]);
      expect(await store.giveUp(0, NOW)).toBe(0);
      const { rows } = await owner.query('select outcome from recheck where check_id = $1 order by id', [checkId]);
      expect(rows).toEqual([{ outcome: 'changed' }, { outcome: 'unchanged' }]);
    });

    it('of an answer that is open already only the instant moves on', async () => {
      const checkId = await pending();
      await change(1);
      await store.moveOn(
        await expectNext(['1']),
        [{ checkId, checkedAt: NOW, institutionCode: '1312345679', question: 'c2VhbGVk' }],
        NOW + 60_000,
      );
      const { rows } = await owner.query<{ reason: string; from: Date }>(
        'select reason, facts_from as from from recheck where check_id = $1',
        [checkId],
      );
      expect(rows).toEqual([{ reason: 'registry-unavailable', from: new Date(NOW + 60_000) }]);
    });

    it('another server’s numbers mean nothing: it begins from where that one is', async () => {
      await change(1);
      await expectNext(['1']);
      await owner.query(`update recheck_position set cluster = 'another'`);
      expect(await next()).toBeUndefined();
      expect(await next()).toBeUndefined();
      await change(2);
      await expectNext(['2']);
    });

    it('a table that was emptied names nobody', async () => {
      await change(0, 5);
      await expectNext(['5']);
    });
  });
});
