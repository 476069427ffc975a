import { Keeper } from '../apps/eligibility-api/src/replica/keeper.js';
import { ReplicatedFacts } from '../apps/eligibility-api/src/replica/replicated-facts.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { plugIn, unplug } from './support/outage.js';
import { eventually, World, type Reply } from './support/world.js';

describe('PostgreSQL is away', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'store_outage' });
    await world.ask('employee-30-u');
    await unplug(world);
  });
  afterAll(async () => {
    await plugIn(world);
    await world.close();
  });

  const given: Reply[] = [];

  it('known cards are answered, marked degraded, and on record on this machine', async () => {
    world.clock.advance(10_000);
    for (let i = 0; i < 5; i += 1) {
      const reply = await world.ask('employee-30-u');
      expect(reply.status).toBe(200);
      expect(reply.body['freshness']).toHaveProperty('degraded');
      expect((await world.call('GET', `/v1/eligibility-checks/${reply.body['checkId']}`)).text).toBe(reply.text);
      given.push(reply);
    }
  });

  it('what cannot be found out is no verdict', async () => {
    for (const id of ['coverage-lost', 'unknown-card', 'not-registered']) {
      const reply = await world.ask(id);
      expect(reply.status, id).toBe(503);
      expect(reply.body, id).toMatchObject({ code: 'answer-unavailable', retryable: true });
      expect(reply.body, id).not.toHaveProperty('verdict');
      expect(reply.body['fallback'].documents.length, id).toBeGreaterThan(3);
      expect(reply.headers.get('retry-after'), id).toMatch(/^\d+$/);
    }
  });

  it('past checks of elsewhere cannot be listed or read, and say so', async () => {
    for (const path of ['/v1/eligibility-checks', '/v1/eligibility-checks/0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d']) {
      const reply = await world.call('GET', path);
      expect(reply.status).toBe(503);
      expect(reply.body).toMatchObject({ code: 'list-unavailable' });
      expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
    }
  });

  it('the process stays alive and ready, and tokens are still issued', async () => {
    expect((await world.call('GET', '/health/live', { client: null })).status).toBe(200);
    expect((await world.call('GET', '/health/ready', { client: null })).status).toBe(200);
    await world.moveTo('2026-11-22T09:20:00.000+09:00');
    expect(await world.token()).toMatch(/^eyJ/);
  });

  it('with the registry away as well it is ready all the same: it answers from its replica', async () => {
    await world.faults({ all: { mode: 'reset' } });
    expect((await world.call('GET', '/health/ready', { client: null })).status).toBe(200);
    const reply = await world.ask('employee-30-u');
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ verdict: 'valid', freshness: { degraded: {} } });
    await world.faults({});
  });

  it('the replica is no longer taken for current', async () => {
    await expect(world.counter.app.get(Keeper).hear()).rejects.toThrow();
    world.clock.advance(60_000);
    expect(world.counter.app.get(ReplicatedFacts).isCurrent).toBe(false);
  });

  it('answers again by itself when the database is back', async () => {
    await plugIn(world);
    await eventually(async () => (await world.ask('employee-30-u')).status === 200);
    expect((await world.ask('coverage-lost')).body).toMatchObject({ verdict: 'invalid' });
  });

  it('everything that was answered meanwhile is on record once it is back, in order, as it was given', async () => {
    await world.shipped();
    const { rows } = await withClient(world.database.adminUrl, (db) =>
      db.query('select check_id::text as id, degraded from eligibility_check where check_id = any($1) order by n', [
        given.map(({ body }) => body['checkId']),
      ]),
    );
    expect(rows).toEqual(
      given.map(({ body }) => ({ id: body['checkId'], degraded: body['freshness'].degraded.reason })),
    );
    const { rows: again } = await withClient(world.database.adminUrl, (db) =>
      db.query('select check_id::text as id, reason from recheck where check_id = any($1) order by check_id', [
        given.map(({ body }) => body['checkId']),
      ]),
    );
    expect(again).toEqual(
      given.map(({ body }) => ({ id: body['checkId'], reason: body['freshness'].degraded.reason })),
    );
    const elsewhere = await world.anotherCounter();
    try {
      for (const { body, text } of given) {
        const reply = await fetch(`${elsewhere.url}/v1/eligibility-checks/${body['checkId']}`, {
          headers: { authorization: `Bearer ${await world.token()}` },
        });
        expect(await reply.text()).toBe(text);
      }
    } finally {
      await elsewhere.app.close();
    }
  });
});
