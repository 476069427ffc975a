import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

import { Pool } from 'pg';

import { LivingPools } from '../apps/eligibility-api/src/enrollment/living-pools.js';
import type { HttpApp } from '../apps/eligibility-api/src/http/create-http-app.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { personOf, strangersTo, type Resident } from './support/residents.js';
import { RunningOffice, type KillPoint } from './support/running-office.js';
import { eventually, World, type Reply } from './support/world.js';

type Json = Record<string, any>;

const QUALIFICATION_DATE = '2026-11-20';
const ENDED = ['registered', 'usable', 'returned', 'needs-review'];

let numbers = 0;
const filingOf = (resident: Resident, more: object = {}): Json => ({
  kind: 'acquisition',
  qualificationDate: QUALIFICATION_DATE,
  person: personOf(resident),
  insuredIdentificationNumber: String(80_000 + (numbers += 1)),
  standardMonthlyRemuneration: 300_000,
  ...more,
});

describe('the queue of look-ups', () => {
  let world: World;
  let office: HttpApp & { url: string };
  let strangers: Resident[];
  beforeAll(async () => {
    world = await World.start({
      name: 'filing-queue',
      // A process of its own goes by the machine's clock, and so do the tokens that it is shown.
      now: new Date().toISOString(),
      residents: 600,
      settings: { REGISTRY_TIMEOUT_MS: '300', REGISTRY_BREAKER_RESET_MS: '100', CLIENT_QUOTA_REQUESTS: '1000000' },
    });
    office = await world.office();
    strangers = await strangersTo(world);
  });
  afterAll(async () => {
    await office.app.close();
    await world.close();
  });
  afterEach(() => world.faults({}));

  const stranger = (): Resident => {
    const next = strangers.pop();
    if (next === undefined) throw new Error('the registry has nobody left whom we do not know');
    return next;
  };
  const sql = <Row extends object = Json>(text: string, values: unknown[] = []): Promise<Row[]> =>
    withClient(world.database.adminUrl, async (db) => (await db.query<Row>(text, values)).rows);
  const file = (body: unknown, headers: Record<string, string> = {}, at = office.url): Promise<Reply> =>
    world.call('POST', '/v1/enrollments', { at, client: 'demo-insurer', body, headers });
  const read = async (id: string, at = office.url): Promise<Json> =>
    (await world.call('GET', `/v1/enrollments/${id}`, { at, client: 'demo-insurer' })).body;
  const settled = async (ids: readonly string[]): Promise<Json[]> => {
    let found: Json[] = [];
    await eventually(async () => {
      found = await Promise.all(ids.map((id) => read(id)));
      return found.every(({ state }) => ENDED.includes(state as string));
    }, 60_000);
    return found;
  };
  const outcomeOf = ({ state, reasons = [] }: Json): string =>
    [state, ...(reasons as Json[]).map(({ code }) => code as string)].join(' ');
  /** Everything that is stored of somebody whom the registry has, and of their filings. */
  const storedOf = async ({ personRef }: Resident, enrollmentId: string): Promise<Json> => {
    const [row] = await sql(
      `select (select count(*)::int from person where registry_person_ref = $1) as people,
         (select count(*)::int from qualification q join person p using (person_id) where registry_person_ref = $1) as coverages,
         (select count(*)::int from individual_number i join person p using (person_id) where registry_person_ref = $1) as numbers,
         (select count(*)::int from income_assessment join qualification using (qualification_id) join person p using (person_id)
           where registry_person_ref = $1) as incomes,
         (select array_agg(state order by n) from enrollment_step where enrollment_id = $2) as steps,
         (select count(*)::int from graphile_worker.jobs where key = $2::text) as jobs`,
      [personRef, enrollmentId],
    );
    return row ?? {};
  };
  /** The queue is done with a job a moment after what it did can be seen. */
  const storedAtLast = async (resident: Resident, enrollmentId: string): Promise<Json> => {
    let stored: Json = {};
    await eventually(async () => (stored = await storedOf(resident, enrollmentId))['jobs'] === 0);
    return stored;
  };
  const WHOLE = {
    people: 1,
    coverages: 1,
    numbers: 1,
    incomes: 1,
    steps: ['received', 'looking-up', 'registered'],
    jobs: 0,
  };

  it('many at once are kept, begun and ended together, and each comes to its own end', async () => {
    const [insured, twice, kept] = [stranger(), stranger(), stranger()];
    const [first] = await settled([(await file(filingOf(insured))).body['enrollmentId'] as string]);
    expect(first?.['state']).toBe('registered');
    // All of them wait until all are there.
    await world.faults({ all: { mode: 'reset' } });
    const same = filingOf(kept);
    const good = Array.from({ length: 30 }, stranger);
    const expected = new Map<string, string[]>();
    const filed = async (filing: Json, ...outcomes: string[]): Promise<string> => {
      const reply = await file(filing, { 'idempotency-key': randomUUID() });
      expect(reply.status).toBe(202);
      const id = reply.body['enrollmentId'] as string;
      expected.set(id, outcomes);
      return id;
    };
    const wrong = filingOf(stranger());
    const ids = await Promise.all([
      ...good.map((one) => filed(filingOf(one), 'registered')),
      filed(filingOf(insured, { qualificationDate: '2026-11-21' }), 'returned already-insured-here'),
      filed({ ...wrong, person: { ...wrong['person'], name: '別人　太郎' } }, 'returned attribute-differs'),
      filed({ ...wrong, person: { ...wrong['person'], birthdate: '1971-02-28' } }, 'returned nobody-found'),
      filed(filingOf(stranger(), { individualNumber: '123456789018' }), 'returned filed-number-differs'),
      // One of each two, whichever is first, and the other says that it was filed.
      filed(filingOf(twice), 'registered', 'returned already-insured-here', 'returned already-filed'),
      filed(filingOf(twice), 'registered', 'returned already-insured-here', 'returned already-filed'),
      filed(same, 'registered', 'returned already-filed'),
      filed(same, 'registered', 'returned already-filed'),
    ]);
    await world.faults({});
    const found = await settled([...expected.keys()]);
    for (const one of found) expect(expected.get(one['enrollmentId'] as string)).toContain(outcomeOf(one));
    expect(found.filter(({ state }) => state === 'registered')).toHaveLength(good.length + 2);
    for (const [at, one] of good.entries()) expect(await storedAtLast(one, ids[at] as string)).toEqual(WHOLE);
    for (const { history } of found)
      expect((history as Json[]).map(({ state }) => state as string).slice(0, 2)).toEqual(['received', 'looking-up']);
    const [transactions] = await sql(
      `select count(distinct transaction_id)::int as count from fact_change join person using (person_id) where registry_person_ref = any($1)`,
      [good.map(({ personRef }) => personRef)],
    );
    expect(transactions?.['count']).toBeLessThan(good.length);
  });

  it('one that PostgreSQL will not keep holds up nobody who was together with it, and is not given up', async () => {
    await world.faults({ all: { mode: 'reset' } });
    const people = Array.from({ length: 10 }, stranger);
    await sql(
      `alter table qualification add constraint not_this_one check (insured_identification_number <> '99999') not valid`,
    );
    try {
      const replies = await Promise.all(
        people.map((one, at) => file(filingOf(one, at === 4 ? { insuredIdentificationNumber: '99999' } : {}))),
      );
      const ids = replies.map(({ body }) => body['enrollmentId'] as string);
      await world.faults({});
      const [others, [bad = '']] = [ids.toSpliced(4, 1), ids.slice(4, 5)];
      expect((await settled(others)).map(({ state }) => state as string)).toEqual(others.map(() => 'registered'));
      await eventually(async () => {
        const [job] = await sql('select last_error, max_attempts from graphile_worker.jobs where key = $1', [bad]);
        return job?.['last_error'] !== null && job?.['max_attempts'] === 32_767;
      });
      expect((await read(bad))['state']).toBe('looking-up');
      await sql('alter table qualification drop constraint not_this_one');
      await sql('update graphile_worker._private_jobs set run_at = now() where key = $1', [bad]);
      await settled([bad]);
      expect(await storedAtLast(people[4] as Resident, bad)).toEqual(WHOLE);
    } finally {
      await sql('alter table qualification drop constraint if exists not_this_one');
    }
  });

  it('the registry away while sixty are filed: few calls, nothing lost, nothing doubled, each explained', async () => {
    const calls = async (): Promise<number> =>
      Number(/^shikaku_registry_search_calls (\d+)$/m.exec(await (await fetch(`${office.url}/metrics`)).text())?.[1]);
    await world.faults({ 'person-searches': { mode: 'error' } });
    const before = await calls();
    const people = Array.from({ length: 60 }, stranger);
    const replies = await Promise.all(people.map((one) => file(filingOf(one))));
    const ids = replies.map(({ body }) => body['enrollmentId'] as string);
    const rejects = async (): Promise<boolean> => {
      const metrics = await (await fetch(`${office.url}/metrics`)).text();
      return /^shikaku_registry_search_breaker_state\{state="closed"\} 0$/m.test(metrics);
    };
    await eventually(rejects);
    const opened = await calls();
    // Until the breaker opens everybody under way may have been told, and a tenth of them twice.
    expect(opened - before).toBeLessThanOrEqual(48 * 1.1 + 10);
    const began = performance.now();
    await eventually(async () => (await calls()) >= opened + 3);
    const asked = (await calls()) - opened;
    // From then on one call in the time that the breaker rests, however many wait.
    expect(asked).toBeLessThanOrEqual((performance.now() - began) / 100 + 1);
    await world.faults({});
    const found = await settled(ids);
    expect(found.map(outcomeOf)).toEqual(found.map(() => 'registered'));
    for (const [at, one] of people.entries()) expect(await storedAtLast(one, ids[at] as string)).toEqual(WHOLE);
  });

  it('says how much there is to do, and how old it is', async () => {
    await world.faults({ 'person-searches': { mode: 'reset' } });
    const id = (await file(filingOf(stranger()))).body['enrollmentId'] as string;
    const metrics = async (): Promise<string> => (await fetch(`${office.url}/metrics`)).text();
    const valueOf = (text: string, name: string): number =>
      Number(new RegExp(String.raw`^${name} (\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
    await eventually(async () => {
      const text = await metrics();
      const jobs = ['waiting', 'under-way', 'failed'].map((step) =>
        valueOf(text, `shikaku_filing_jobs\\{task="look-up",step="${step}"\\}`),
      );
      return (
        jobs.reduce((sum, one) => sum + one) === 1 &&
        valueOf(text, 'shikaku_filing_job_age_seconds\\{task="look-up"\\}') > 0
      );
    });
    const text = await metrics();
    expect(valueOf(text, 'shikaku_filing_jobs\\{task="import",step="waiting"\\}')).toBe(0);
    expect(valueOf(text, 'shikaku_filings_in_review')).toBe(0);
    expect(text).toMatch(/^shikaku_registry_search_breaker_state\{state="(open|half-open|closed)"\} 1$/m);
    expect(text).toMatch(/^shikaku_registry_breaker_state\{state="closed"\} 1$/m);
    await world.faults({});
    await settled([id]);
  });

  describe('of several offices', () => {
    const connected = async (): Promise<{ living: LivingPools; end: () => Promise<void> }> => {
      const pool = new Pool({ connectionString: world.database.officeUrl, max: 1 });
      pool.on('error', () => {});
      pool.on('connect', (client) => client.on('error', () => {}));
      const living = new LivingPools(world.database.officeUrl, 5_000, pool);
      await living.connect();
      const end = async (): Promise<void> => {
        await living.end();
        await pool.end();
      };
      return { living, end };
    };
    const lockedBy = async (): Promise<Json[]> =>
      sql(`select locked_by as by from graphile_worker.jobs where key = 'held'`);
    beforeEach(() =>
      sql(`select graphile_worker.add_job('nobody-does', job_key := 'held');
           update graphile_worker._private_jobs set locked_by = 'pool-there', locked_at = now() where key = 'held'`),
    );
    afterEach(() => sql(`select graphile_worker.remove_job('held')`));

    it('what a living one has taken stays its own; when it has ended, however it did, the others free it', async () => {
      const [one, there] = [await connected(), await connected()];
      await there.living.start(async (named) => named('pool-there'));
      await one.living.freeWhatNobodyHas();
      expect(await lockedBy()).toEqual([{ by: 'pool-there' }]);
      await there.end();
      await one.living.freeWhatNobodyHas();
      expect(await lockedBy()).toEqual([{ by: null }]);
      await one.end();
    });

    it('nothing is freed while one starts: it may have taken something before it could say that it lives', async () => {
      const [one, there] = [await connected(), await connected()];
      await there.living.start(async () => {
        await one.living.freeWhatNobodyHas();
        expect(await lockedBy()).toEqual([{ by: 'pool-there' }]);
      });
      await one.living.freeWhatNobodyHas();
      expect(await lockedBy()).toEqual([{ by: null }]);
      await Promise.all([one.end(), there.end()]);
    });

    it('and one that goes on running finds by itself what another left', async () => {
      await world.faults({ all: { mode: 'hang' } });
      const id = (await file(filingOf(stranger()))).body['enrollmentId'] as string;
      await sql(`update graphile_worker._private_jobs set locked_by = 'pool-gone', locked_at = now() where key = $1`, [
        id,
      ]);
      await world.faults({});
      await settled([id]);
    });
  });

  describe('the office killed at every step of a filing', () => {
    const KEPT = 'insert into enrollment (';
    const BEGUN = `set state = 'looking-up'`;
    const ENDS = 'update enrollment e set state = given.state';
    const DONE_WITH = 'delete from "graphile_worker"._private_jobs';
    /** One for each state in which a filing can be left; between two of them everything is taken back. */
    const points: readonly (readonly [string, KillPoint])[] = [
      ['before it is kept', { after: [KEPT], when: 'before' }],
      ['when it is kept and nobody was told', { after: [KEPT], when: 'after' }],
      ['when its look-up was taken', { after: [BEGUN], when: 'before' }],
      ['when it is begun', { after: [BEGUN], when: 'after' }],
      ['when all of it is written and not committed', { after: [ENDS, 'COMMIT'], when: 'before' }],
      ['when it is committed', { after: [ENDS, 'COMMIT'], when: 'after' }],
      ['when the look-up is done with', { after: [DONE_WITH], when: 'after' }],
    ];

    it('comes to the same end as if nobody had been killed', { timeout: 180_000 }, async () => {
      // Nobody else works on the queue.
      await office.app.close();
      let running = await RunningOffice.start(world);
      const post = (body: unknown, key: string): Promise<Response> =>
        world.token('demo-insurer').then((token) =>
          fetch(`${running.url}/v1/enrollments`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
            body: JSON.stringify(body),
          }),
        );
      try {
        for (const [name, point] of points) {
          const resident = stranger();
          const filing = filingOf(resident);
          const key = randomUUID();
          await running.killAt(point);
          const told = await post(filing, key).catch(() => undefined);
          if (told !== undefined) expect(told.status, name).toBe(202);
          expect(await Promise.race([running.ended, setTimeout(20_000, 'nobody was killed')]), name).toBe('SIGKILL');
          running = await RunningOffice.start(world);
          // An employer who was told nothing files again, under the same key.
          const reply = told ?? (await post(filing, key));
          expect(reply.status, name).toBe(202);
          const { enrollmentId } = (await reply.json()) as { enrollmentId: string };
          await eventually(async () => ENDED.includes((await read(enrollmentId, running.url))['state'] as string));
          expect(await storedAtLast(resident, enrollmentId), name).toEqual(WHOLE);
          const [filings] = await sql(
            `select count(*)::int as count from enrollment where filed ->> 'insuredIdentificationNumber' = $1`,
            [filing['insuredIdentificationNumber']],
          );
          expect(filings, name).toEqual({ count: 1 });
        }
      } finally {
        await running.kill();
        office = await world.office();
      }
    });
  });
});
