import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { decodeProtectedHeader } from 'jose';

import { AccessKeys } from '../apps/eligibility-api/src/access/access-keys.js';
import { ClientDirectory } from '../apps/eligibility-api/src/access/clients.js';
import { rotateSigningKey } from '../apps/eligibility-api/src/access/signing-key.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { expectProblem } from './support/problem.js';
import { callersKey, signed, type CallersKey } from './support/proofs.js';
import { World, type Reply } from './support/world.js';

const LIST = '/v1/eligibility-checks';
const ISSUER = 'https://idp.example.test/realms/clinics';
const CLIENT = 'demo-clinic';
const HOUR_MS = 3_600_000;

describe('keys that change', () => {
  let world: World;
  /** The issuer's address of keys: what it says, and how often it was asked. */
  let listener: Server;
  let published: Record<string, CallersKey> = {};
  let isAway = false;
  let asked = 0;

  const seconds = (): number => Math.floor(world.clock.now() / 1000);
  const tokenOf = (kid: string | undefined, claims: object = {}, key = published[kid ?? ''] as CallersKey) =>
    signed(
      key,
      { typ: 'at+jwt', kid },
      {
        iss: ISSUER,
        aud: world.settings.OAUTH_AUDIENCE,
        sub: 'staff-17',
        client_id: CLIENT,
        jti: randomUUID(),
        iat: seconds(),
        exp: seconds() + 300,
        scope: 'eligibility:check checks:read operations',
        institution_code: '1312345679',
        ...claims,
      },
    );
  const list = (token: string, at = world.url): Promise<Reply> =>
    world.call('GET', LIST, { client: null, at, headers: { authorization: `Bearer ${token}` } });
  const statusOf = async (token: string): Promise<number> => (await list(token)).status;

  beforeAll(async () => {
    published = { first: callersKey('ES256'), rsa: callersKey('PS256') };
    listener = createServer((_request, response) => {
      asked += 1;
      response.statusCode = isAway ? 503 : 200;
      response.end(
        JSON.stringify({ keys: Object.entries(published).map(([kid, { publicJwk }]) => ({ ...publicJwk, kid })) }),
      );
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    world = await World.start({
      name: 'issuer-keys',
      settings: { OUTSIDE_ISSUER: ISSUER, OUTSIDE_ISSUER_JWKS_URL: `http://127.0.0.1:${port}/jwks` },
    });
  });
  afterAll(async () => {
    await world.close();
    await new Promise((resolve) => listener.close(resolve));
  });

  describe('of an outside issuer', () => {
    it.each(['first', 'rsa'])('its tokens are accepted by the key %s', async (kid) => {
      expect(await statusOf(await tokenOf(kid))).toBe(200);
    });
    it('our own are accepted beside them, and each by its own keys alone', async () => {
      expect(await statusOf(await world.token())).toBe(200);
      expect(await statusOf(await tokenOf('first', { iss: world.settings.OAUTH_ISSUER }))).toBe(401);
    });
    it.each<[string, () => Promise<string>]>([
      ['another aud', () => tokenOf('first', { aud: 'urn:other' })],
      ['a life of 601 s', () => tokenOf('first', { exp: seconds() + 601 })],
      ['no client_id', () => tokenOf('first', { client_id: undefined })],
      ['a client that is not registered here', () => tokenOf('first', { client_id: 'stranger' })],
      ['the institution of somebody else', () => tokenOf('first', { institution_code: '1312345687' })],
      ['an insurer where there is none', () => tokenOf('first', { insurer_number: '06130488' })],
      ['no kid', () => tokenOf(undefined, {}, published['first'])],
      ['the kid of another key', () => tokenOf('rsa', {}, { ...(published['first'] as CallersKey) })],
      ['an iss with one more slash', () => tokenOf('first', { iss: `${ISSUER}/` })],
      [
        'the typ of an ID token',
        async () => {
          const key = published['first'] as CallersKey;
          return signed(
            key,
            { typ: 'JWT', kid: 'first' },
            {
              iss: ISSUER,
              aud: world.settings.OAUTH_AUDIENCE,
              sub: 'x',
              client_id: CLIENT,
              jti: 'x',
              iat: seconds(),
              exp: seconds() + 60,
            },
          );
        },
      ],
      ['RS256', () => tokenOf('rsa', {}, { ...(published['rsa'] as CallersKey), algorithm: 'RS256' })],
    ])('%s: 401', async (_what, token) => {
      expectProblem(await list(await token()), 'token-invalid');
    });
    it('what a client may is as it is registered here, whatever its token says', async () => {
      const authorization = `Bearer ${await tokenOf('first')}`;
      const state = await world.call('GET', '/v1/operations/state', { client: null, headers: { authorization } });
      expectProblem(state, 'scope-missing');
    });
    it('J14 a client that is revoked here is refused, whoever vouches for it', async () => {
      const token = await tokenOf('first');
      const revoke = async (at: string): Promise<void> => {
        await withClient(world.database.ownerUrl, (db) =>
          db.query(`update client set revoked_at = ${at} where client_id = '${CLIENT}'`),
        );
        await world.counter.app.get(ClientDirectory).refresh();
      };
      await revoke('now()');
      expect(await statusOf(token)).toBe(401);
      await revoke('null');
      expect(await statusOf(token)).toBe(200);
    });

    it('J09 a thousand tokens with keys nobody knows: the issuer is asked once, and good ones are as good', async () => {
      world.clock.advance(30_000);
      const good = await tokenOf('first');
      const before = asked;
      const stranger = callersKey();
      const tokens = await Promise.all(Array.from({ length: 1_000 }, (_, i) => tokenOf(`unknown-${i}`, {}, stranger)));
      const statuses = new Set<number>();
      for (let i = 0; i < tokens.length; i += 20) {
        const replies = await Promise.all(tokens.slice(i, i + 20).map(statusOf));
        replies.forEach((status) => statuses.add(status));
        if (i % 200 === 0) expect(await statusOf(good)).toBe(200);
      }
      expect([...statuses]).toEqual([401]);
      expect(asked - before).toBe(1);
    });

    it('J10 a new key is accepted a cool-down later, and one that was withdrawn is not', async () => {
      const { first, ...others } = published as { first: CallersKey };
      published = { ...others, second: callersKey('EdDSA') };
      const old = () => tokenOf('first', {}, first);
      expect(await statusOf(await tokenOf('second'))).toBe(401);
      expect(await statusOf(await old())).toBe(200);
      world.clock.advance(30_000);
      expect(await statusOf(await tokenOf('second'))).toBe(200);
      expect(await statusOf(await old())).toBe(401);
    });

    it('J10 with the issuer away its keys are good for 24 hours, and not for a second more', async () => {
      isAway = true;
      const heardAt = world.clock.now();
      for (const hours of [1, 12, 24]) {
        await world.moveTo(new Date(heardAt + hours * HOUR_MS).toISOString());
        await world.counter.app.get(AccessKeys).refreshOutside();
        expect(await statusOf(await tokenOf('second')), `${hours} h`).toBe(200);
      }
      world.clock.advance(1_000);
      expect(await statusOf(await tokenOf('second'))).toBe(401);
      // Ours do not need it.
      expect(await statusOf(await world.token())).toBe(200);
      isAway = false;
      world.clock.advance(30_000);
      expect(await statusOf(await tokenOf('second'))).toBe(200);
    });
  });

  describe('of our own', () => {
    const kidOf = (token: string): string | undefined => decodeProtectedHeader(token).kid;
    const freshToken = async (at = world.url): Promise<string> => {
      const reply = await world.call('POST', '/oauth/token', {
        client: null,
        at,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(`${CLIENT}:${world.secret(CLIENT)}`).toString('base64')}`,
        },
        body: 'grant_type=client_credentials',
      });
      expect(reply.status).toBe(200);
      return reply.body['access_token'] as string;
    };
    const keyIds = async (): Promise<string[]> => {
      const { body } = await world.call('GET', '/.well-known/jwks.json', { client: null });
      return body['keys'].map(({ kid }: { kid: string }) => kid);
    };

    it('S-12 another key signs while two processes are asked all the time: nobody is refused, and the old one ends with its tokens', async () => {
      const beside = await world.anotherCounter();
      try {
        const old = await freshToken();
        const asking = { isOver: false };
        const seen = new Set<string | undefined>();
        const statuses = new Set<number>();
        const ask = async (issuedAt: string, usedAt: string): Promise<void> => {
          while (!asking.isOver) {
            const token = await freshToken(issuedAt);
            seen.add(kidOf(token));
            for (const used of [token, old]) statuses.add((await list(used, usedAt)).status);
          }
        };
        const load = [ask(world.url, beside.url), ask(beside.url, world.url)];
        const { keyId, replaced } = await rotateSigningKey(world.settings.SECRETS_DIR, {
          announceMs: 1_200,
          clock: world.clock,
          maker: 'operator',
        });
        // Who signs hears of it now; who verifies finds out by itself.
        await world.counter.app.get(AccessKeys).refresh();
        expect(kidOf(await freshToken())).toBe(keyId);
        await list(await freshToken(), beside.url);
        asking.isOver = true;
        await Promise.all(load);
        expect([...statuses]).toEqual([200]);
        expect(kidOf(old)).toBe(replaced);
        expect(await keyIds()).toEqual([keyId, replaced]);

        world.clock.advance(671_200);
        expect(await keyIds()).toEqual([keyId, replaced]);
        world.clock.advance(1);
        expect(await keyIds()).toEqual([keyId]);
      } finally {
        await beside.app.close();
      }
    });
  });
});
