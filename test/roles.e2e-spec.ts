import { eventually, World } from './support/world.js';

const CARD = 'employee-30-u';

describe('one process answers and another keeps', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ name: 'roles', apart: true });
    await world.allReady();
  });
  afterAll(() => world.close());

  const cardOf = (id: string): object => ({ card: { certificateSerial: world.person(id).certificateSerial } });

  it('the answer is made by the one and given by the other', async () => {
    await world.check(cardOf(CARD));
    const { text } = await world.call('GET', '/metrics', { client: null });
    const reply = await world.check(cardOf(CARD));
    const { text: after } = await world.call('GET', '/metrics', { client: null });
    expect(reply.body['freshness']).toMatchObject({ source: 'replica' });
    expect(reply.body['freshness']).not.toHaveProperty('degraded');
    const answered = (figures: string): number =>
      Number(/^shikaku_corridor_requests_total\{outcome="answered"\} (\d+)/m.exec(figures)?.[1] ?? 0);
    expect(answered(after) - answered(text)).toBe(1);
  });

  it('a certificate revoked at the registry is revoked where it is asked for', async () => {
    const serial = world.person('dependent').certificateSerial;
    await fetch(`${world.mockUrl}/admin/certificates/revoke`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ serial }),
    });
    await eventually(async () => (await world.check(cardOf('dependent'))).body['credential'].state === 'revoked');
  });

  it('with the keeper gone, answers come from PostgreSQL, and say that nobody reads the feed', async () => {
    await world.keeper.app.close();
    world.clock.advance(6_000);
    const { body } = await world.check(cardOf(CARD));
    expect(body).toMatchObject({
      verdict: 'valid',
      freshness: { source: 'database', degraded: { reason: 'registry-unavailable' } },
    });
  });
});
