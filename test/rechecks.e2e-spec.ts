import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CertificateStatus } from '../apps/eligibility-api/src/certificate-status/certificate-status.js';
import { verifyCheckLog } from '../apps/eligibility-api/src/check-log-commands.js';
import { Anchors } from '../apps/eligibility-api/src/check-log/anchors.js';
import { recordOf } from '../apps/eligibility-api/src/check-log/check-log.fixture.js';
import { StraightChain } from '../apps/eligibility-api/src/check-log/straight-chain.js';
import { RecordUnavailable } from '../apps/eligibility-api/src/check-log/check-log.js';
import { CheckStore } from '../apps/eligibility-api/src/coverage-store/check-store.js';
import { Keeper } from '../apps/eligibility-api/src/replica/keeper.js';
import { ReplicatedFacts } from '../apps/eligibility-api/src/replica/replicated-facts.js';
import { SETTINGS, type Settings } from '../apps/eligibility-api/src/settings/index.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { cutOff, letIn } from './support/outage.js';
import { expectProblem } from './support/problem.js';
import { ProcessHouse } from './support/processes.js';
import { eventually, World, type Reply } from './support/world.js';

const NOW = '2026-11-22T09:00:00.000+09:00';
const QUICK = { REGISTRY_TIMEOUT_MS: '150', REGISTRY_BREAKER_RESET_MS: '100', RECHECK_CHANGES_AFTER_MS: '0' };

interface Row {
  readonly id: string;
  readonly reason: string;
  readonly outcome: string | null;
  readonly recheck: string | null;
  readonly sealed: boolean;
}

/** What is to be asked again about these answers, or has been, oldest first. */
const rowsOf = (world: World, ...given: readonly Reply[]): Promise<readonly Row[]> =>
  withClient(world.database.adminUrl, async (db) => {
    const { rows } = await db.query<Row>(
      `select check_id as id, reason, outcome, recheck_id as recheck, question is not null as sealed
       from recheck where check_id = any($1) order by recheck.id`,
      [given.map(({ body }) => body['checkId'])],
    );
    return rows;
  });

const list = async (world: World, query = '', client = 'demo-clinic'): Promise<readonly Record<string, any>[]> => {
  const reply = await world.call('GET', `/v1/rechecks${query}`, { client });
  expect(reply.status).toBe(200);
  return reply.body['rechecks'] as Record<string, any>[];
};

const idsOf = (given: readonly Reply[]): Set<unknown> => new Set(given.map(({ body }) => body['checkId']));
const idsCorrected = (found: readonly Record<string, any>[]): Set<unknown> =>
  new Set(found.map(({ corrects }) => corrects.checkId));

/** Resolves when each of these answers has been asked again, on a clock that goes on meanwhile. */
const rechecked = async (world: World, ...given: readonly Reply[]): Promise<readonly Row[]> => {
  let rows: readonly Row[] = [];
  await eventually(async () => {
    world.clock.advance(500);
    // The feed has to keep up with the clock, or the registry would be taken to be away.
    await world.caughtUp();
    rows = await rowsOf(world, ...given);
    return rows.length === given.length && rows.every(({ outcome }) => outcome !== null);
  });
  return rows;
};

const sql = (world: World, text: string, values: readonly unknown[] = []): Promise<unknown> =>
  withClient(world.database.ownerUrl, (db) => db.query(text, [...values]));

/** Files a loss of whoever holds this card, as the office does, at the instant the clock shows. */
const fileLoss = (world: World, id: string, lostOn: string): Promise<unknown> =>
  sql(
    world,
    `update qualification q set lost_on = $2, reason_of_loss = '03', loss_recorded_at = $3 from credential c
     where c.person_id = q.person_id and c.serial = $1`,
    [world.person(id).certificateSerial, lostOn, new Date(world.clock.now())],
  );

/** Time goes on: tokens end by it, and the feed is read anew. */
const later = async (world: World, ms: number): Promise<void> => {
  await world.moveTo(new Date(world.clock.now() + ms).toISOString());
  await world.caughtUp();
};

const registryAway = async (world: World): Promise<void> => {
  await world.faults({ all: { mode: 'reset' } });
  await eventually(async () => {
    world.clock.advance(1_000);
    return world.counter.app.get(CertificateStatus).isAway;
  });
};

describe('the registry was away', () => {
  let world: World;
  let given: readonly Reply[];
  beforeAll(async () => {
    world = await World.start({ name: 'rechecks_registry', now: NOW, settings: QUICK });
    await world.caughtUp();
    await registryAway(world);
    given = [
      await world.ask('employee-30-u'),
      await world.ask('dependent'),
      await world.ask('late-10', { maxAgeSeconds: 0 }),
      await world.ask('coverage-lost'),
    ];
    await world.shipped();
  });
  afterAll(() => world.close());

  it('what was asked waits sealed: no serial lies in the journal, in the record or beside it', async () => {
    expect(given.map(({ body }) => body['freshness'].degraded.reason)).toEqual(given.map(() => 'registry-unavailable'));
    const rows = await rowsOf(world, ...given);
    expect(rows.map(({ reason, outcome, sealed }) => ({ reason, outcome, sealed }))).toEqual(
      given.map(() => ({ reason: 'registry-unavailable', outcome: null, sealed: true })),
    );
    const serial = world.person('employee-30-u').certificateSerial as string;
    const { rows: texts } = await withClient(world.database.adminUrl, (db) =>
      db.query<{ text: string }>(
        `select r::text || encode(r.question, 'escape') as text from recheck r union all select c::text from eligibility_check c`,
      ),
    );
    const folder = join(world.dataDir, 'journal');
    const lines = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.includes('.ndjson'))
      .map((name) => readFileSync(join(folder, name), 'latin1'));
    expect(lines.join('')).toContain('"ask":"');
    for (const text of [...texts.map((row) => row.text), ...lines]) expect(text).not.toContain(serial);
  });

  it('while it is, nothing is asked again', async () => {
    world.clock.advance(60_000);
    expect((await rowsOf(world, ...given)).every(({ outcome }) => outcome === null)).toBe(true);
    expect(await list(world)).toEqual([]);
  });

  it('back, everything is asked again, once, and listed is what turned out otherwise', async () => {
    const { certificateSerial } = world.person('dependent');
    await fetch(`${world.mockUrl}/admin/certificates/revoke`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ serial: certificateSerial }),
    });
    await world.faults({});
    const rows = await rechecked(world, ...given);
    expect(rows.map(({ outcome, sealed }) => ({ outcome, sealed }))).toEqual(
      ['unchanged', 'changed', 'unchanged', 'unchanged'].map((outcome) => ({ outcome, sealed: false })),
    );

    const revoked = given[1]?.body ?? {};
    expect(await list(world)).toEqual([
      {
        recheckId: rows[1]?.recheck,
        recheckedAt: expect.stringMatching(/\+09:00$/),
        reason: 'registry-unavailable',
        changed: ['credential'],
        serviceDate: revoked['serviceDate'],
        verdict: 'valid',
        qualificationValidity: '1',
        credentialState: 'revoked',
        corrects: {
          checkId: revoked['checkId'],
          checkedAt: revoked['checkedAt'],
          verdict: 'valid',
          qualificationValidity: '1',
          credentialState: 'valid',
        },
      },
    ]);
  });

  it('a re-check is a check on record, linked to what it corrects, which stays as it was given', async () => {
    const [corrected] = await list(world);
    const now = await world.call('GET', `/v1/eligibility-checks/${corrected?.['recheckId']}`);
    expect(now.body).toMatchObject({
      checkId: corrected?.['recheckId'],
      verdict: 'valid',
      credential: { state: 'revoked' },
    });
    expect(now.body).not.toHaveProperty('results');
    expect(now.body['freshness']).not.toHaveProperty('degraded');
    const then = await world.call('GET', `/v1/eligibility-checks/${given[1]?.body['checkId']}`);
    expect(then.text).toBe(given[1]?.text);

    const past = (await world.call('GET', '/v1/eligibility-checks')).body['checks'] as Record<string, unknown>[];
    expect(new Set(past.flatMap(({ corrects }) => corrects ?? []))).toEqual(idsOf(given));
  });

  it('nobody else sees any of it', async () => {
    const [corrected] = await list(world);
    for (const client of ['demo-clinic-2', 'demo-pharmacy']) {
      expect(await list(world, '', client)).toEqual([]);
      const read = await world.call('GET', `/v1/eligibility-checks/${corrected?.['recheckId']}`, { client });
      expectProblem(read, 'check-not-found');
    }
    expectProblem(await world.call('GET', '/v1/rechecks', { client: 'demo-insurer' }), 'scope-missing');
    expectProblem(await world.call('GET', '/v1/rechecks', { client: null }), 'token-missing');
  });

  it('the list is by the day of re-checking', async () => {
    expect(await list(world, '?from=2026-11-22&to=2026-11-22')).toHaveLength(1);
    expect(await list(world, '?from=2026-11-21&to=2026-11-21')).toEqual([]);
    expectProblem(await world.call('GET', '/v1/rechecks?from=2026-11-22&to=2026-11-21'), 'invalid-request');
    expectProblem(await world.call('GET', '/v1/rechecks?from=2026-02-30'), 'invalid-request');
  });

  it('no viewing is prolonged, and nobody is taken to have consented anew', async () => {
    const { rows } = await withClient(world.database.adminUrl, (db) =>
      db.query(`select count(*)::int as n from consent c join recheck r on r.recheck_id = c.check_id`),
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('re-checks have a chain that verifies, and is anchored', async () => {
    await world.counter.app.get(Anchors).atOnce();
    const report = await verifyCheckLog(world.counter.app.get<Settings>(SETTINGS), [], () => {});
    expect(report.findings).toEqual([]);
    const { rows } = await withClient(world.database.adminUrl, (db) =>
      db.query<{ n: string; anchored: string }>(
        `select j.n::text, (select max(a.n)::text from check_anchor a where a.writer = j.writer) as anchored
         from check_journal j where j.writer in (select writer from eligibility_check where spliced::json->>'corrects' is not null)`,
      ),
    );
    expect(rows).toEqual([{ n: '4', anchored: '4' }]);
  });

  it('how many wait and what became of them is in the figures', async () => {
    await eventually(async () => {
      const { text } = await world.call('GET', '/metrics', { client: null });
      return (
        /shikaku_rechecks_total\{reason="registry-unavailable",outcome="unchanged"\} 3/.test(text) &&
        /shikaku_rechecks_total\{reason="registry-unavailable",outcome="credential"\} 1/.test(text) &&
        /shikaku_rechecks_pending\{reason="registry-unavailable"\} 0/.test(text)
      );
    });
  });
  it('and the record of all of it is whole', async () => {
    expect((await world.verified()).findings).toEqual([]);
  });
});

describe('the database was away from this counter alone', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'rechecks_store', now: NOW, settings: QUICK });
    await world.caughtUp();
  });
  afterAll(() => world.close());

  it('a loss committed meanwhile turns what was answered into a re-check, by card and by number', async () => {
    await cutOff(world);
    await expect(world.counter.app.get(Keeper).hear()).rejects.toThrow();
    world.clock.advance(10_000);
    expect(world.counter.app.get(ReplicatedFacts).isCurrent).toBe(false);
    const { insured } = world.person('employee-30-u');
    const byCard = await world.ask('employee-30-u');
    const byNumber = await world.check({ insured, serviceDate: '2026-11-22' });
    const other = await world.ask('late-10');
    for (const reply of [byCard, byNumber, other])
      expect(reply.body).toMatchObject({
        verdict: 'valid',
        freshness: { degraded: { reason: 'database-unavailable' } },
      });

    await fileLoss(world, 'employee-30-u', '2026-11-01');
    await letIn(world);
    await world.heard();
    await world.shipped();
    const rows = await rechecked(world, byCard, byNumber, other);
    expect(rows.map(({ outcome }) => outcome)).toEqual(['changed', 'changed', 'unchanged']);
    const found = await list(world);
    expect(idsCorrected(found)).toEqual(idsOf([byCard, byNumber]));
    for (const recheck of found)
      expect(recheck).toMatchObject({
        reason: 'database-unavailable',
        changed: ['verdict'],
        verdict: 'invalid',
        corrects: { verdict: 'valid' },
      });
  });

  it('and it cannot be listed while it is', async () => {
    await cutOff(world);
    expectProblem(await world.call('GET', '/v1/rechecks'), 'list-unavailable');
    await letIn(world);
    await eventually(async () => (await world.call('GET', '/v1/rechecks')).status === 200);
  });
});

describe('something is filed that reaches back', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'rechecks_retroactive', now: NOW, settings: QUICK });
    await world.caughtUp();
    // The outbox is followed from the first look on.
    await eventually(async () => {
      const { rows } = await withClient(world.database.adminUrl, (db) => db.query('select from recheck_position'));
      return rows.length === 1;
    });
  });
  afterAll(() => world.close());

  const answeredLater = async (...corrected: readonly Reply[]): Promise<readonly Record<string, any>[]> => {
    await world.heard();
    await rechecked(world, ...corrected);
    return list(world);
  };

  it('a loss: whoever was told "covered" for a day from then on hears of it, and nobody else', async () => {
    const ask = (serviceDate: string, client = 'demo-clinic'): Promise<Reply> =>
      world.ask('employee-30-u', { serviceDate }, { client });
    const [before, on, after, elsewhere] = [
      await ask('2026-11-14'),
      await ask('2026-11-15'),
      await ask('2026-11-22'),
      await ask('2026-11-16', 'demo-pharmacy'),
    ];
    const { insured } = world.person('employee-30-u');
    const byNumber = await world.check({ insured, serviceDate: '2026-11-20' });
    const already = await world.ask('coverage-lost');
    await world.shipped();
    await later(world, 3_600_000);
    await fileLoss(world, 'employee-30-u', '2026-11-15');
    const found = await answeredLater(on, after, elsewhere, byNumber);
    expect(idsCorrected(found)).toEqual(idsOf([on, after, byNumber]));
    for (const recheck of found)
      expect(recheck).toMatchObject({ reason: 'retroactive-change', changed: ['verdict'], verdict: 'invalid' });
    expect((await list(world, '', 'demo-pharmacy')).map(({ corrects }) => corrects.checkId)).toEqual([
      elsewhere?.body['checkId'],
    ]);
    expect(await rowsOf(world, before, already)).toEqual([]);
  });

  it('the loss is taken back: what was corrected is corrected again, from its last answer on', async () => {
    const [newest] = await list(world);
    await later(world, 60_000);
    await sql(
      world,
      `update qualification q set lost_on = null, reason_of_loss = null, loss_recorded_at = null from credential c
       where c.person_id = q.person_id and c.serial = $1`,
      [world.person('employee-30-u').certificateSerial],
    );
    await world.heard();
    await eventually(async () => {
      world.clock.advance(500);
      await world.caughtUp();
      return (await list(world)).some(({ corrects }) => corrects.checkId === newest?.['recheckId']);
    });
    const again = (await list(world)).find(({ corrects }) => corrects.checkId === newest?.['recheckId']);
    expect(again).toMatchObject({ verdict: 'valid', corrects: { verdict: 'invalid' } });
  });

  it('an answer that comes late to the record, after the loss it did not know was looked at, is found all the same', async () => {
    const position = (): Promise<string> =>
      withClient(world.database.adminUrl, async (db) => {
        const { rows } = await db.query<{ behind: string }>(
          `select count(*) as behind from fact_change f, recheck_position p where (f.transaction_id, f.person_id) > (p.transaction_id, p.person_id)`,
        );
        return rows[0]?.behind ?? '';
      });
    const ship = vi.spyOn(CheckStore.prototype, 'ship').mockRejectedValue(new RecordUnavailable());
    const given = await world.ask('low-income-ii', { serviceDate: '2026-11-21' });
    expect([given.body['verdict'], given.body['freshness'].degraded]).toEqual(['valid', undefined]);
    await fileLoss(world, 'low-income-ii', '2026-11-20');
    await eventually(async () => (await position()) === '0');
    expect(await rowsOf(world, given)).toEqual([]);
    await later(world, 10_000);
    ship.mockRestore();
    await world.shipped();
    const found = await answeredLater(given);
    expect(found.find(({ corrects }) => corrects.checkId === given.body['checkId'])).toMatchObject({
      reason: 'retroactive-change',
      changed: ['verdict'],
      verdict: 'invalid',
    });
  });

  it('another insurer on the same day: valid then, valid now, and the claim goes elsewhere', async () => {
    const given = await world.ask('dependent', { serviceDate: '2026-11-20' });
    expect(given.body['verdict']).toBe('valid');
    await world.shipped();
    await later(world, 600_000);
    const { certificateSerial } = world.person('dependent');
    const filedAt = new Date(world.clock.now());
    await withClient(world.database.ownerUrl, async (db) => {
      await db.query('begin');
      await db.query(
        `update qualification q set lost_on = '2026-11-10', reason_of_loss = '03', loss_recorded_at = $2 from credential c
         where c.person_id = q.person_id and c.serial = $1`,
        [certificateSerial, filedAt],
      );
      await db.query(
        `insert into qualification (person_id, insurer_number, insured_card_classification, insured_card_symbol, insured_identification_number,
           number_key, insured_branch_number, personal_family_classification, acquired_on, available_from, recorded_at)
         select q.person_id, i.insurer_number, q.insured_card_classification, '77', '7654321', '7654321', '01', '1', '2026-11-10', '2026-11-10', $2
         from qualification q join credential c using (person_id), insurer i
         where c.serial = $1 and i.insurer_number <> q.insurer_number and i.scheme = 'shaho' limit 1`,
        [certificateSerial, filedAt],
      );
      await db.query('commit');
    });
    const found = await answeredLater(given);
    const recheck = found.find(({ corrects }) => corrects.checkId === given.body['checkId']);
    expect(recheck).toMatchObject({ reason: 'retroactive-change', verdict: 'valid', corrects: { verdict: 'valid' } });
    expect(recheck?.['changed']).toContain('coverage');
  });

  it.each([
    ['older than is looked back', 91, []],
    ['as old as is looked back', 89, ['changed']],
  ])('an answer %s', async (_how, days, outcomes) => {
    const { certificateSerial } = world.person('child-first-day-30');
    const given = await world.check({ card: { certificateSerial } });
    expect(given.body['verdict']).toBe('valid');
    await world.shipped();
    await later(world, days * 86_400_000);
    await fileLoss(world, 'child-first-day-30', '2026-11-01');
    await world.heard();
    // Somebody who changed later is looked at later: once that has come through, so has this.
    const marker = await world.ask('late-20');
    await world.shipped();
    await fileLoss(world, 'late-20', '2026-11-01');
    await world.heard();
    await rechecked(world, marker);
    expect((await rowsOf(world, given)).map(({ outcome }) => outcome)).toEqual(outcomes);
    for (const id of ['child-first-day-30', 'late-20'])
      await sql(
        world,
        `update qualification q set lost_on = null, reason_of_loss = null, loss_recorded_at = null from credential c
         where c.person_id = q.person_id and c.serial = $1`,
        [world.person(id).certificateSerial],
      );
    // Whoever asks next is told of it.
    await world.heard();
  });
});

describe('two counters on one database', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'rechecks_two', now: NOW, settings: QUICK });
    await world.caughtUp();
  });
  afterAll(() => world.close());

  it('two who have asked the same again at the same time put one answer on record', async () => {
    await registryAway(world);
    const given = await world.ask('dependent');
    await world.shipped();
    const corrects = { checkId: given.body['checkId'] as string, changed: ['verdict'] };
    const store = world.counter.app.get(CheckStore);
    const committed = await Promise.allSettled(
      Array.from({ length: 6 }, (_, i) =>
        new StraightChain({ writer: `racing-${i}`, store, openRow: () => '' }).commit([recordOf('{}', { corrects })]),
      ),
    );
    expect(committed.map(({ status }) => status).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      'fulfilled',
      ...Array.from({ length: 5 }, () => 'rejected'),
    ]);
    const { rows } = await withClient(world.database.adminUrl, (db) =>
      db.query(`select count(*)::int as n from eligibility_check where spliced::json->>'corrects' = $1`, [
        corrects.checkId,
      ]),
    );
    expect(rows).toEqual([{ n: 1 }]);
    expect((await rowsOf(world, given)).map(({ outcome, sealed }) => ({ outcome, sealed }))).toEqual([
      { outcome: 'changed', sealed: false },
    ]);
    await world.faults({});
    await world.caughtUp();
  });

  it('each answer is corrected once, whoever asks again', async () => {
    const second = await world.anotherCounter();
    try {
      await registryAway(world);
      const given: Reply[] = [];
      for (let i = 0; i < 40; i += 1) given.push(await world.ask(i % 2 === 0 ? 'employee-30-u' : 'late-10'));
      for (const { body } of given) expect(body['freshness']).toHaveProperty('degraded');
      await world.shipped();
      await world.faults({});
      await rechecked(world, ...given);
      const { rows } = await withClient(world.database.adminUrl, (db) =>
        db.query<{ corrects: string; n: number }>(
          `select spliced::json->>'corrects' as corrects, count(*)::int as n from eligibility_check
           where spliced::json->>'corrects' is not null and writer not like 'racing-%' group by 1`,
        ),
      );
      expect(new Set(rows.map(({ corrects }) => corrects))).toEqual(idsOf(given));
      expect(rows.filter(({ n }) => n !== 1)).toEqual([]);
    } finally {
      await second.app.close();
    }
  });
  it('and the record of all of it is whole', async () => {
    // The answer of the first test is none that anybody was given.
    expect((await world.verified('--no-answers')).findings).toEqual([]);
  });
});

describe('a counter of several processes whose keeper is killed while it asks again', { timeout: 120_000 }, () => {
  let house: ProcessHouse;
  beforeAll(async () => {
    house = await ProcessHouse.start('rechecks_killed');
  });
  afterAll(() => house.close());

  const figures = (): Promise<Record<'open' | 'ended' | 'records' | 'corrected', number>> =>
    withClient(house.database.adminUrl, async (db) => {
      const { rows } = await db.query<Record<'open' | 'ended' | 'records' | 'corrected', number>>(`
        select (select count(*)::int from recheck where ended_at is null) as open, (select count(*)::int from recheck where ended_at is not null) as ended,
          count(*)::int as records, count(distinct spliced::json->>'corrects')::int as corrected
        from eligibility_check where spliced::json->>'corrects' is not null`);
      return rows[0] as Record<'open' | 'ended' | 'records' | 'corrected', number>;
    });

  it('goes on where it was: every answer is corrected, and none twice', async () => {
    const counter = await (
      await house.counter({
        REGISTRY_FEED_INTERVAL_MS: '100',
        REGISTRY_DEGRADED_AFTER_MS: '1000',
        REGISTRY_BREAKER_RESET_MS: '100',
        RECHECK_CONCURRENCY: '1',
      })
    ).ready();
    const question = { card: { certificateSerial: house.person('employee-30-u').certificateSerial } };
    const ask = async (): Promise<boolean> => (await counter.ask(question)).body['freshness']?.degraded !== undefined;
    await eventually(async () => !(await ask()));
    await house.faults({ all: { mode: 'reset' } });
    // Each worker learns in its own time that the registry is silent: what counts is how many answers say so.
    let degraded = 0;
    await eventually(async () => {
      degraded += (await Promise.all(Array.from({ length: 20 }, ask))).filter(Boolean).length;
      return degraded > 400;
    });
    const [keeper] = counter.processes('keeper');
    await eventually(async () => (await figures()).open >= degraded);
    await house.faults({});
    await eventually(async () => (await figures()).ended > 20);
    process.kill(keeper?.pid ?? 0, 'SIGKILL');
    const then = await figures();
    expect(then.open).toBeGreaterThan(0);
    await eventually(async () => (await figures()).open === 0, 60_000);
    const now = await figures();
    expect(now.ended).toBeGreaterThanOrEqual(degraded);
    expect(now).toMatchObject({ records: now.ended, corrected: now.ended });
    expect(counter.processes('keeper')[0]?.pid).not.toBe(keeper?.pid);
  });
});
