import { CredentialStore } from '../apps/eligibility-api/src/coverage-store/credential-store.js';
import { CertificateStatus } from '../apps/eligibility-api/src/certificate-status/certificate-status.js';
import { GuardedRegistry } from '../apps/eligibility-api/src/registry/guarded-registry.js';
import { eventually, World, type Reply } from './support/world.js';

const UNKNOWN = { card: { certificateSerial: 'ABCDEF0011223344' } };
const HOUR_MS = 3_600_000;

/** An answer that could not be given says so, with what the clerk asks for, and is none of the verdicts. */
const expectUnavailable = (reply: Reply): void => {
  expect(reply.status).toBe(503);
  expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(reply.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(reply.body).toMatchObject({ code: 'answer-unavailable', retryable: true });
  expect(reply.body).not.toHaveProperty('verdict');
  expect(reply.body['fallback'].documents.map((document: { code: string }) => document.code)).toEqual(
    expect.arrayContaining(['qualification-certificate', 'card-with-qualification-notice', 'declaration-form']),
  );
};

describe('the registry is away', () => {
  let world: World;
  let certificates: CertificateStatus;
  let breaker: GuardedRegistry;

  beforeAll(async () => {
    world = await World.start({
      name: 'registry_outage',
      settings: { REGISTRY_TIMEOUT_MS: '150', REGISTRY_BREAKER_RESET_MS: '200' },
    });
    certificates = world.counter.app.get(CertificateStatus);
    breaker = world.counter.app.get(GuardedRegistry);
  });
  afterAll(() => world.close());

  afterEach(async () => {
    await world.faults({});
    await eventually(async () => {
      await world.check(UNKNOWN);
      return breaker.isClosed && !certificates.isAway;
    });
  });

  it.each(['error', 'hang', 'reset', 'garbage'] as const)(
    '%s: a known card is answered, a card nobody knows is not',
    async (mode) => {
      await world.faults({ all: { mode } });

      const verifiedNow = await world.ask('employee-30-u', { maxAgeSeconds: 0 });
      expect(verifiedNow.status).toBe(200);
      expect(verifiedNow.body).toMatchObject({
        verdict: 'valid',
        freshness: { degraded: { reason: 'registry-unavailable' } },
      });
      expect(Date.parse(verifiedNow.body['freshness'].degraded.acceptUntil)).toBe(
        Date.parse(verifiedNow.body['credential'].verifiedAt) + 24 * HOUR_MS,
      );

      expectUnavailable(await world.check(UNKNOWN));
      // Callers are still to be sent here.
      for (const path of ['/health/live', '/health/ready'])
        expect((await world.call('GET', path, { client: null })).status, path).toBe(200);
      // Found and not covered is known without the registry, and stays what it is.
      expect((await world.ask('coverage-lost')).body).toMatchObject({ verdict: 'invalid' });
    },
  );

  it('slow but within the deadline: asked now, answered by the registry', async () => {
    await world.faults({ 'certificate-status': { mode: 'none', latencyMs: 50 } });
    const reply = await world.ask('employee-30-u', { maxAgeSeconds: 0 });
    expect(reply.body).toMatchObject({ verdict: 'valid', freshness: { source: 'registry' } });
    expect(reply.body['freshness']).not.toHaveProperty('degraded');
  });

  it('the breaker opens under load, calls stop, and it closes when the registry is well again', async () => {
    await world.faults({ all: { mode: 'hang' } });
    await eventually(async () => {
      const replies = await Promise.all(Array.from({ length: 20 }, () => world.check(UNKNOWN)));
      replies.forEach(expectUnavailable);
      return !breaker.isClosed;
    });

    const fired = breaker.state.counts.fires;
    const refused = await Promise.all(Array.from({ length: 50 }, () => world.check(UNKNOWN)));
    refused.forEach(expectUnavailable);
    // At most a probe got through; the rest was refused at once.
    expect(breaker.state.counts.rejects).toBeGreaterThanOrEqual(49);
    expect(breaker.state.counts.fires - fired).toBeLessThanOrEqual(50);

    const known = await world.ask('employee-30-u');
    expect(known.body).toMatchObject({ verdict: 'valid', freshness: { degraded: { reason: 'registry-unavailable' } } });
    const operator = await world.call('GET', '/v1/operations/state', { client: 'demo-operator' });
    expect(operator.body['registry']).toMatchObject({ degraded: true });
    expect(operator.body['registry'].breaker).not.toBe('closed');
    const metrics = await world.call('GET', '/metrics', { client: null });
    expect(metrics.text).toMatch(/shikaku_registry_breaker_state\{state="closed"\} 0/);

    await world.faults({});
    await eventually(async () => (await world.check(UNKNOWN)).status === 200);
    expect(breaker.state.breaker).toBe('closed');
    await eventually(async () => !('degraded' in (await world.ask('employee-30-u')).body['freshness']));
  });

  it('a clinic that sends known cards only hears that the registry is back, too', async () => {
    await world.faults({ all: { mode: 'reset' } });
    await eventually(async () => {
      await Promise.all(Array.from({ length: 20 }, () => world.check(UNKNOWN)));
      return !breaker.isClosed;
    });
    await world.faults({});
    await eventually(async () => !('degraded' in (await world.ask('employee-30-u')).body['freshness']));
    expect(breaker.isClosed).toBe(true);
  });

  it('a revocation in the feed reaches the next check', async () => {
    const { certificateSerial } = world.person('dependent');
    const before = await world.ask('dependent');
    expect(before.body['credential'].state).toBe('valid');
    await fetch(`${world.mockUrl}/admin/certificates/revoke`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ serial: certificateSerial }),
    });
    await eventually(async () => (await world.ask('dependent')).body['credential'].state === 'revoked');
    const after = await world.ask('dependent');
    expect(after.body).toMatchObject({ verdict: 'valid', notices: [{ code: 'credential-unusable' }] });
    expect(after.body).not.toHaveProperty('results');
  });

  it('a page of the feed that is read again does not bring it back; only a registry that tells of everybody anew could', async () => {
    const serial = world.person('dependent').certificateSerial as string;
    const store = world.keeper.app.get(CredentialStore);
    const good = { serial, status: 'good' } as const;
    const state = async (): Promise<string> => {
      await world.caughtUp();
      return (await world.ask('dependent')).body['credential'].state as string;
    };
    await store.name([good], world.clock.now(), 'changes');
    await store.name([{ ...good, status: 'superseded' }], world.clock.now(), 'changes');
    expect(await state()).toBe('revoked');
    await store.name([good], world.clock.now(), 'population');
    expect(await state()).toBe('valid');
    await store.name([{ ...good, status: 'superseded' }], world.clock.now(), 'changes');
    await store.name([good], world.clock.now(), 'changes');
    expect(await state()).not.toBe('valid');
    await store.name([{ ...good, status: 'revoked' }], world.clock.now(), 'changes');
    expect(await state()).toBe('revoked');
  });

  it('a renewed certificate leads to the same person, by the old serial and by the new one', async () => {
    const { certificateSerial } = world.person('dialysis');
    const renewed = await fetch(`${world.mockUrl}/admin/certificates/renew`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ serial: certificateSerial }),
    });
    const changes = (await renewed.json()) as { changes?: { serial: string; supersedes?: string }[] };
    await eventually(async () => (await world.ask('dialysis')).body['credential'].state === 'superseded');
    const successor = changes.changes?.find((change) => change.supersedes === certificateSerial)?.serial;
    expect(successor).toMatch(/^[0-9A-F]+$/);
    const byNew = await world.check({ card: { certificateSerial: successor }, serviceDate: '2026-11-02' });
    expect(byNew.body).toMatchObject({ verdict: 'valid', credential: { state: 'valid' } });
  });

  it('the fault switches can be reached by an operator, and by nobody else', async () => {
    const set = await world.call('PUT', '/v1/operations/registry-faults', {
      client: 'demo-operator',
      body: { 'person-searches': { mode: 'error' } },
    });
    expect(set.status).toBe(200);
    const read = await world.call('GET', '/v1/operations/registry-faults', { client: 'demo-operator' });
    expect(read.body).toMatchObject({ 'person-searches': { mode: 'error' } });
    expect((await world.call('PUT', '/v1/operations/registry-faults', { body: {} })).status).toBe(403);
    const wrong = await world.call('PUT', '/v1/operations/registry-faults', {
      client: 'demo-operator',
      body: { all: { mode: 'sulk' } },
    });
    expect(wrong.status).toBe(400);
    expect(wrong.body['errors']).toMatchObject([{ pointer: '/all/mode', code: 'enum' }]);
  });
});

describe('the registry stays away', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'registry_gone', settings: { REGISTRY_TIMEOUT_MS: '150' } });
    await world.faults({ all: { mode: 'reset' } });
  });
  afterAll(() => world.close());

  it('a card is answered from what was confirmed, until that is older than policy', async () => {
    const confirmedAt = world.counter.app.get(CertificateStatus).confirmedAt ?? 0;

    world.clock.advance(confirmedAt + 24 * HOUR_MS - world.clock.now());
    await world.moveTo(new Date(world.clock.now()).toISOString());
    const last = await world.ask('employee-30-u');
    expect(last.status).toBe(200);
    expect(last.body['freshness'].degraded.reason).toBe('registry-unavailable');

    await world.moveTo(new Date(world.clock.now() + 1).toISOString());
    expectUnavailable(await world.ask('employee-30-u'));
    // By number no certificate is involved, and the registry is not missed.
    const byNumber = await world.check({ insured: world.person('employee-30-u').insured, serviceDate: '2026-11-02' });
    expect(byNumber.body).toMatchObject({ verdict: 'valid', credential: { state: 'not-applicable' } });
    expect(byNumber.body['freshness']).not.toHaveProperty('degraded');
  });
});

describe('the registry is well', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'registry_well', settings: { REGISTRY_TIMEOUT_MS: '5000' } });
  });
  afterAll(() => world.close());

  it('an unknown card is an answer: three hundred of them do not open the breaker', async () => {
    for (let i = 0; i < 60; i += 1)
      await Promise.all(
        Array.from({ length: 5 }, async (_, j) => {
          const serial = (0xab_cd_00_00 + i * 5 + j).toString(16).toUpperCase().padStart(16, 'E');
          expect((await world.check({ card: { certificateSerial: serial } })).body).toMatchObject({
            verdict: 'not-found',
            credential: { state: 'not-registered' },
          });
        }),
      );
    expect(world.counter.app.get(GuardedRegistry).state).toMatchObject({
      breaker: 'closed',
      counts: { failures: 0, successes: 300 },
    });
  });
});
