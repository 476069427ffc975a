import { CertificateStatus } from '../apps/eligibility-api/src/certificate-status/certificate-status.js';
import { Keeper } from '../apps/eligibility-api/src/replica/keeper.js';
import { ReplicaReader } from '../apps/eligibility-api/src/replica/replica-reader.js';
import { Client } from 'pg';
import { withClient } from '../scripts/launcher/database.mjs';
import { cutOff, letIn } from './support/outage.js';
import { expectProblem } from './support/problem.js';
import { eventually, World, type Reply } from './support/world.js';

const NOW = '2026-11-22T09:00:00.000+09:00';
const HOUR_MS = 3_600_000;
const VISIT = '2026-11-22';

/** Of an answer, wherever it left. */
const degradedOf = (answer: Record<string, any>): Record<string, string> => {
  expect(Object.keys(answer['freshness'].degraded)).toEqual(['reason', 'since', 'acceptUntil']);
  return answer['freshness'].degraded as Record<string, string>;
};

const byCard = (world: World): Promise<Reply> => world.ask('employee-30-u', { serviceDate: VISIT });
const byNumber = (world: World): Promise<Reply> =>
  world.check({ insured: world.person('employee-30-u').insured, serviceDate: VISIT });

/** Time goes on without anything being read meanwhile, up to this instant. */
const until = (world: World, instant: number): Promise<void> => world.moveTo(new Date(instant).toISOString());

const asOf = (world: World): number => world.counter.app.get(ReplicaReader).state?.asOf ?? Number.NaN;

/** Resolves when the keeper has tried to hear of changes, and could not. */
const deaf = (world: World): Promise<void> =>
  world.counter.app
    .get(Keeper)
    .hear()
    .then(
      () => Promise.reject(new Error('it heard')),
      () => {},
    );

describe('a degraded answer says why, since when, and until when it is given', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({
      name: 'degraded_registry',
      now: NOW,
      settings: { REGISTRY_TIMEOUT_MS: '150', CREDENTIAL_MAX_AGE_HOURS: '6' },
    });
    await world.allReady();
    await world.faults({ all: { mode: 'reset' } });
    await eventually(async () => {
      world.clock.advance(1_000);
      return world.counter.app.get(CertificateStatus).isAway;
    });
  });
  afterAll(() => world.close());

  it('the registry is away: by card, in the corridor and beside it, short or whole, read again and in a batch', async () => {
    const expected = {
      reason: 'registry-unavailable',
      since: expect.stringMatching(/^2026-11-22T09:.*\+09:00$/),
      acceptUntil: expect.stringMatching(/^2026-11-22T15:.*\+09:00$/),
    };
    const ready = await byCard(world);
    expect(degradedOf(ready.body)).toEqual(expected);
    const verified = await world.ask('employee-30-u', { serviceDate: VISIT, maxAgeSeconds: 0 });
    expect(degradedOf(verified.body)).toEqual(expected);
    const short = await world.ask('employee-30-u', { serviceDate: VISIT, ifVersion: ready.body['answerVersion'] });
    expect(short.body).toMatchObject({ unchanged: true });
    expect(degradedOf(short.body)).toEqual(expected);
    const again = await world.call('GET', `/v1/eligibility-checks/${ready.body['checkId']}`);
    expect(degradedOf(again.body)).toEqual(degradedOf(ready.body));

    const { certificateSerial } = world.person('employee-30-u');
    const submitted = await world.call('POST', '/v1/eligibility-batches', {
      body: {
        serviceDate: VISIT,
        people: [
          { itemId: 'one', card: { certificateSerial } },
          { itemId: 'two', card: { certificateSerial: 'ABCDEF0011223344' } },
        ],
      },
    });
    const path = `/v1/eligibility-batches/${submitted.body['batchId']}`;
    await eventually(async () => (await world.call('GET', path)).body['state'] === 'finished');
    const [one, two] = (await world.call('GET', `${path}/results`)).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, any>);
    expect(degradedOf(one?.['answer'])).toEqual(expected);
    // What could not be found out says what to ask for on the day of the visit.
    expect(two?.['problem']).toMatchObject({ code: 'answer-unavailable', fallback: { date: VISIT } });
    expect(two?.['problem'].fallback.documents.length).toBeGreaterThan(3);
  });

  it('by number no certificate is involved', async () => {
    expect((await byNumber(world)).body['freshness']).not.toHaveProperty('degraded');
  });

  it("in tomorrow's batch, and for a visit of last year, it is the documents of that day", async () => {
    const refused = await world.check({ card: { certificateSerial: 'ABCDEF0011223344' }, serviceDate: '2025-12-01' });
    const { fallback } = expectProblem(refused, 'answer-unavailable');
    expect(fallback.date).toBe('2025-12-01');
    const codes = (fallback.documents as { code: string }[]).map(({ code }) => code);
    expect(codes).toContain('insurance-card');
    const dayAfter = await world.check({ card: { certificateSerial: 'ABCDEF0011223344' }, serviceDate: '2025-12-02' });
    const { fallback: later } = expectProblem(dayAfter, 'answer-unavailable');
    expect((later.documents as { code: string }[]).map(({ code }) => code)).not.toContain('insurance-card');
  });

  it('up to that instant, and not a millisecond longer', async () => {
    const { acceptUntil } = degradedOf((await byCard(world)).body);
    await until(world, Date.parse(acceptUntil as string));
    await world.heard();
    expect(degradedOf((await byCard(world)).body)['acceptUntil']).toBe(acceptUntil);
    await until(world, Date.parse(acceptUntil as string) + 1);
    await world.heard();
    expectProblem(await byCard(world), 'answer-unavailable');
  });
});

describe('the database is away', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'degraded_store', now: NOW });
    await world.caughtUp();
    await cutOff(world);
    await deaf(world);
    world.clock.advance(6_000);
  });
  afterAll(async () => {
    await letIn(world);
    await world.close();
  });

  it('by number up to 72 hours after the facts were read, and not a millisecond longer', async () => {
    const readAt = asOf(world);
    for (const reply of [await byCard(world), await byNumber(world)])
      expect(degradedOf(reply.body)).toMatchObject({ reason: 'database-unavailable', since: NOW });
    expect(Date.parse(degradedOf((await byNumber(world)).body)['acceptUntil'] as string)).toBe(readAt + 72 * HOUR_MS);
    await until(world, readAt + 72 * HOUR_MS);
    expect(degradedOf((await byNumber(world)).body)['reason']).toBe('database-unavailable');
    await until(world, readAt + 72 * HOUR_MS + 1);
    expectProblem(await byNumber(world), 'answer-unavailable');
  });

  it('what refuses batches says what to ask for, too', async () => {
    const refused = await world.call('POST', '/v1/eligibility-batches', {
      body: { serviceDate: '2026-11-26', people: [{ itemId: 'one', card: { certificateSerial: 'ABCDEF0011223344' } }] },
    });
    expect(expectProblem(refused, 'batches-unavailable')['fallback'].documents.length).toBeGreaterThan(3);
  });
});

describe('the database is there and has no time', () => {
  let world: World;
  let locking: Client;
  beforeAll(async () => {
    world = await World.start({ name: 'degraded_behind', now: NOW, settings: { DATABASE_TIMEOUT_MS: '200' } });
    await world.caughtUp();
    locking = new Client({ connectionString: world.database.adminUrl });
    await locking.connect();
    await locking.query('begin; lock table person, fact_change in access exclusive mode');
    await deaf(world);
    world.clock.advance(6_000);
  });
  afterAll(async () => {
    await locking.end();
    await world.close();
  });

  it('the replica is behind: up to 24 hours after the facts were read, and not a millisecond longer', async () => {
    const readAt = asOf(world);
    for (const reply of [await byCard(world), await byNumber(world)])
      expect(degradedOf(reply.body)).toMatchObject({ reason: 'replica-behind', since: NOW });
    // Nobody, and no longer: not from a replica that is behind.
    expectProblem(await world.ask('coverage-lost'), 'answer-unavailable');
    await until(world, readAt + 24 * HOUR_MS);
    expect(degradedOf((await byNumber(world)).body)['reason']).toBe('replica-behind');
    await until(world, readAt + 24 * HOUR_MS + 1);
    expectProblem(await byNumber(world), 'answer-unavailable');
  });

  it('as soon as it has, answers are as always, and what was answered meanwhile is asked again', async () => {
    await locking.query('rollback');
    await world.caughtUp();
    expect((await byNumber(world)).body['freshness']).not.toHaveProperty('degraded');
    await world.shipped();
    await eventually(async () => {
      world.clock.advance(500);
      await world.caughtUp();
      const { rows } = await withClient(world.database.adminUrl, (db) =>
        db.query<{ outcome: string; n: number }>(
          `select outcome, count(*)::int as n from recheck where reason = 'replica-behind' group by 1`,
        ),
      );
      return rows.length === 1 && rows[0]?.outcome === 'unchanged' && rows[0].n === 3;
    });
  });
});
