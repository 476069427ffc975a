import { createHash, createSecretKey, randomUUID } from 'node:crypto';

import { calculateJwkThumbprint, decodeJwt } from 'jose';

import { ClientDirectory } from '../apps/eligibility-api/src/access/clients.js';
import { UsedOnce } from '../apps/eligibility-api/src/access/used-once.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { expectProblem } from './support/problem.js';
import { callersKey, proofOf, signed, type CallersKey, type ProofOf } from './support/proofs.js';
import { World, type Reply } from './support/world.js';

const ORIGIN = 'https://api.example.test';
const LIST = '/v1/eligibility-checks';
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const CLIENT = 'clinic-with-a-key';

type Changes = Partial<ProofOf>;

describe('clients that prove themselves by keys', () => {
  let world: World;
  let beside: Awaited<ReturnType<World['anotherCounter']>>;
  const keys: Record<string, CallersKey> = {
    first: callersKey('ES256'),
    rsa: callersKey('PS256'),
    edwards: callersKey('EdDSA'),
  };
  const proving = callersKey();

  const seconds = (): number => Math.floor(world.clock.now() / 1000);
  const assert = (header: object = {}, claims: object = {}, key = keys['first'] as CallersKey): Promise<string> =>
    signed(
      key,
      { ...header },
      {
        iss: CLIENT,
        sub: CLIENT,
        aud: world.settings.OAUTH_ISSUER,
        jti: randomUUID(),
        iat: seconds(),
        exp: seconds() + 60,
        ...claims,
      },
    );
  const askWith = (form: Record<string, string>, headers: Record<string, string> = {}, at = world.url) =>
    world.call('POST', '/oauth/token', {
      client: null,
      at,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...form }).toString(),
    });
  const askBy = (assertion: string, more: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    askWith({ client_assertion_type: ASSERTION_TYPE, client_assertion: assertion, ...more }, headers);
  const setClient = async (sql: string): Promise<void> => {
    await withClient(world.database.ownerUrl, (db) => db.query(sql));
    for (const { app } of [world.counter, beside]) await app.get(ClientDirectory).refresh();
  };

  beforeAll(async () => {
    world = await World.start({ name: 'bound', settings: { PUBLIC_ORIGINS: `${ORIGIN}, http://localhost:3000` } });
    beside = await world.anotherCounter();
    const jwks = { keys: Object.values(keys).map(({ publicJwk }) => publicJwk) };
    await setClient(`insert into client (client_id, kind, jwks, scopes, institution_code)
      values ('${CLIENT}', 'clinic', '${JSON.stringify(jwks)}', '{eligibility:check,checks:read}', '1312345679')`);
  });
  afterAll(async () => {
    await beside.app.close();
    await world.close();
  });

  describe('private_key_jwt', () => {
    it.each(Object.keys(keys))('P01 an assertion by the key %s gets a token of ten minutes at most', async (name) => {
      const reply = await askBy(await assert({}, {}, keys[name]));
      expect(reply.status).toBe(200);
      expect(reply.body).toMatchObject({ token_type: 'Bearer', expires_in: 600 });
      const { status } = await world.call('GET', LIST, {
        client: null,
        headers: { authorization: `Bearer ${reply.body['access_token']}` },
      });
      expect(status).toBe(200);
    });
    it('the client may be named beside it', async () => {
      expect((await askBy(await assert(), { client_id: CLIENT })).status).toBe(200);
    });
    it.each<[string, () => object | Promise<object>]>([
      ['five minutes and the tolerance ahead', () => ({ exp: seconds() + 310, iat: undefined })],
      ['no iat', () => ({ iat: undefined })],
      ['an iat 10 s ahead', () => ({ iat: seconds() + 10 })],
      ['ended 9 s ago', () => ({ exp: seconds() - 9, iat: seconds() - 60 })],
    ])('P01 %s is taken', async (_what, claims) => {
      expect((await askBy(await assert({}, await claims()))).status).toBe(200);
    });

    it.each<[string, () => Promise<string>]>([
      ['another sub', () => assert({}, { sub: 'demo-clinic' })],
      ['no sub', () => assert({}, { sub: undefined })],
      ['another iss', () => assert({}, { iss: 'demo-clinic', sub: 'demo-clinic' })],
      ['an iss nobody has', () => assert({}, { iss: 'nobody', sub: 'nobody' })],
      [
        'the address of the token endpoint for aud',
        () => assert({}, { aud: `${world.settings.OAUTH_ISSUER}/oauth/token` }),
      ],
      ['a list for aud', () => assert({}, { aud: [world.settings.OAUTH_ISSUER] })],
      ['two audiences', () => assert({}, { aud: [world.settings.OAUTH_ISSUER, 'https://other.example'] })],
      ['no aud', () => assert({}, { aud: undefined })],
      ['an exp 311 s ahead', () => assert({}, { exp: seconds() + 311, iat: undefined })],
      ['a life of 301 s', () => assert({}, { iat: seconds() - 10, exp: seconds() + 291 })],
      ['an iat 11 s ahead', () => assert({}, { iat: seconds() + 11 })],
      ['no exp', () => assert({}, { exp: undefined })],
      ['an exp 10 s ago', () => assert({}, { exp: seconds() - 10, iat: seconds() - 60 })],
      ['no jti', () => assert({}, { jti: undefined })],
      ['an empty jti', () => assert({}, { jti: '' })],
      ['a jti that is no text', () => assert({}, { jti: 7 })],
      ['RS256', () => signed({ ...(keys['rsa'] as CallersKey), algorithm: 'RS256' }, {}, goodClaims())],
      [
        'HS256 by the public key',
        () => {
          const secret = createSecretKey(Buffer.from(JSON.stringify(keys['first']?.publicJwk)));
          return signed({ algorithm: 'HS256', privateKey: secret }, {}, goodClaims());
        },
      ],
      ['a key nobody knows', () => assert({}, {}, callersKey())],
      [
        'a key it brings along',
        () => {
          const stranger = callersKey();
          return assert({ jwk: stranger.publicJwk }, {}, stranger);
        },
      ],
      ['nothing', async () => ''],
      ['no JWT', async () => 'a.b.c'],
    ])('P01 %s: invalid_client', async (_what, assertion) => {
      const reply = await askBy(await assertion());
      expect([reply.status, reply.body['error']]).toEqual([401, 'invalid_client']);
    });
    const goodClaims = () => ({
      iss: CLIENT,
      sub: CLIENT,
      aud: world.settings.OAUTH_ISSUER,
      jti: randomUUID(),
      exp: seconds() + 60,
    });

    it('P01 an assertion is good once, wherever it is sent the second time', async () => {
      const form = { client_assertion_type: ASSERTION_TYPE, client_assertion: await assert() };
      expect((await askWith(form)).status).toBe(200);
      for (const at of [world.url, beside.url])
        expect((await askWith(form, {}, at)).body['error']).toBe('invalid_client');
    });
    it('a jti is one client’s own', async () => {
      await setClient(`insert into client (client_id, kind, jwks, scopes) select 'operator-with-a-key', 'operator', jwks, '{operations}'
        from client where client_id = '${CLIENT}'`);
      const jti = randomUUID();
      expect((await askBy(await assert({}, { jti }))).status).toBe(200);
      const other = { jti, iss: 'operator-with-a-key', sub: 'operator-with-a-key' };
      expect((await askBy(await assert({}, other))).status).toBe(200);
    });
    it.each<[string, Record<string, string>, Record<string, string>, number, string]>([
      ['another type of assertion', { client_assertion_type: 'urn:x' }, {}, 401, 'invalid_client'],
      ['another client_id', { client_id: 'demo-clinic' }, {}, 401, 'invalid_client'],
      ['a secret as well', {}, { authorization: 'Basic eDp5' }, 400, 'invalid_request'],
    ])('%s: refused', async (_what, more, headers, status, error) => {
      const reply = await askBy(await assert(), more, headers);
      expect([reply.status, reply.body['error']]).toEqual([status, error]);
    });
    it('a client that has a key has no secret, and one with a secret no key', async () => {
      const basic = `Basic ${Buffer.from(`${CLIENT}:`).toString('base64')}`;
      expect((await askWith({}, { authorization: basic })).body['error']).toBe('invalid_client');
      const claims = { iss: 'demo-clinic', sub: 'demo-clinic' };
      expect((await askBy(await assert({}, claims))).body['error']).toBe('invalid_client');
    });
    it('is announced', async () => {
      const { body } = await world.call('GET', '/.well-known/oauth-authorization-server', { client: null });
      expect(body).toMatchObject({
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
        token_endpoint_auth_signing_alg_values_supported: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
        dpop_signing_alg_values_supported: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
      });
    });
  });

  describe('DPoP', () => {
    const tokenProof = (changes: Changes = {}, key = proving): Promise<string> =>
      proofOf(key, { method: 'POST', url: `${ORIGIN}/oauth/token`, now: world.clock.now(), ...changes });
    const bound = async (key = proving): Promise<string> => {
      const reply = await askBy(await assert(), {}, { dpop: await tokenProof({}, key) });
      expect(reply.body['token_type']).toBe('DPoP');
      return reply.body['access_token'] as string;
    };
    const listWith = (token: string, proof: string | undefined, { scheme = 'DPoP', at = world.url } = {}) =>
      world.call('GET', LIST, {
        client: null,
        at,
        headers: { authorization: `${scheme} ${token}`, ...(proof === undefined ? {} : { dpop: proof }) },
      });
    const listProof = (accessToken: string, { claims = {}, ...changes }: Changes = {}, key = proving) =>
      proofOf(key, {
        method: 'GET',
        url: `${ORIGIN}${LIST}`,
        now: world.clock.now(),
        accessToken,
        claims,
        ...changes,
      });
    const refused = (reply: Reply, error: string): void => {
      expectProblem(
        reply,
        error === 'use_dpop_nonce'
          ? 'proof-nonce-needed'
          : error === 'invalid_token'
            ? 'token-invalid'
            : 'proof-invalid',
      );
      expect(reply.headers.get('www-authenticate')).toBe(
        `DPoP realm="shikaku", algs="ES256 PS256 EdDSA Ed25519", error="${error}"`,
      );
    };

    it('a token that was asked for with a proof is bound to the key of the proof', async () => {
      const token = await bound();
      expect(decodeJwt(token)['cnf']).toEqual({ jkt: await calculateJwkThumbprint(proving.publicJwk) });
      const reply = await listWith(token, await listProof(token));
      expect(reply.status).toBe(200);
    });
    it('a check is answered as with any token, its query and body its own', async () => {
      const token = await bound();
      const checked = await world.check(
        { card: { certificateSerial: world.person('employee-30-u').certificateSerial } },
        {
          client: null,
          headers: { authorization: `DPoP ${token}`, dpop: await listProof(token, { method: 'POST' }) },
        },
      );
      expect([checked.status, checked.body['verdict']]).toEqual([200, 'valid']);
      const reply = await world.call('GET', `${LIST}?from=2026-11-22`, {
        client: null,
        headers: { authorization: `DPoP ${token}`, dpop: await listProof(token) },
      });
      expect(reply.status).toBe(200);
    });

    it.each<[string, (token: string) => Promise<string | undefined>]>([
      ['no proof', async () => undefined],
      ['an empty one', async () => ''],
      ['the proof of another method', (token) => listProof(token, { method: 'POST' })],
      ['a method in another case', (token) => listProof(token, { method: 'get' })],
      ['the proof of another address', (token) => listProof(token, { url: `${ORIGIN}/v1/rechecks` })],
      ['the proof for another server', (token) => listProof(token, { url: `https://other.example${LIST}` })],
      ['an address without a server', (token) => listProof(token, { url: LIST })],
      ['a proof of 61 s ago', (token) => listProof(token, { now: world.clock.now() - 61_000 })],
      ['a proof of five minutes ago', (token) => listProof(token, { now: world.clock.now() - 300_000 })],
      ['a proof of 11 s ahead', (token) => listProof(token, { now: world.clock.now() + 11_000 })],
      ['no ath', (token) => listProof(token, { claims: { ath: undefined } })],
      ['the ath of another token', () => listProof('another')],
      [
        'an ath in hexadecimal',
        (token) => listProof(token, { claims: { ath: createHash('sha256').update(token).digest('hex') } }),
      ],
      ['no jti', (token) => listProof(token, { claims: { jti: undefined } })],
      ['a jti of 256 characters', (token) => listProof(token, { claims: { jti: 'x'.repeat(256) } })],
      ['no iat', (token) => listProof(token, { claims: { iat: undefined } })],
      ['no htm', (token) => listProof(token, { claims: { htm: undefined } })],
      ['no htu', (token) => listProof(token, { claims: { htu: undefined } })],
      ['another typ', (token) => listProof(token, { header: { typ: 'JWT' } })],
      ['no key', (token) => listProof(token, { header: { jwk: undefined } })],
      ['a private key', (token) => listProof(token, { header: { jwk: proving.privateKey.export({ format: 'jwk' }) } })],
      [
        'HS256',
        (token) => {
          const secret = createSecretKey(Buffer.alloc(32, 1));
          const jwk = secret.export({ format: 'jwk' });
          return proofOf(
            { algorithm: 'HS256', privateKey: secret, publicJwk: jwk },
            {
              method: 'GET',
              url: `${ORIGIN}${LIST}`,
              now: world.clock.now(),
              accessToken: token,
            },
          );
        },
      ],
      ['a signature of another key', (token) => listProof(token, { header: { jwk: callersKey().publicJwk } })],
      ['5 kB', (token) => listProof(token, { claims: { padding: 'x'.repeat(5_000) } })],
      ['an access token in its place', async (token) => token],
    ])('P03 %s: 401', async (_what, proof) => {
      const token = await bound();
      const reply = await listWith(token, await proof(token));
      refused(reply, 'invalid_dpop_proof');
      // The token itself is as good as before.
      expect((await listWith(token, await listProof(token))).status).toBe(200);
    });
    it.each([
      ['60 s ago', -60_000],
      ['10 s ahead', 10_000],
    ])('P03 a proof of %s is good', async (_what, ms) => {
      const token = await bound();
      expect((await listWith(token, await listProof(token, { now: world.clock.now() + ms }))).status).toBe(200);
    });
    it('P03 a good proof by another key: the token is not theirs', async () => {
      const token = await bound();
      refused(await listWith(token, await listProof(token, {}, callersKey())), 'invalid_token');
    });
    it('P03 two proofs: 401', async () => {
      const token = await bound();
      const proofs = `${await listProof(token)}, ${await listProof(token)}`;
      refused(await listWith(token, proofs), 'invalid_dpop_proof');
    });

    it('P04 one proof sent a hundred times to two processes at once gets one answer', async () => {
      const token = await bound();
      const proof = await listProof(token);
      const replies = await Promise.all(
        Array.from({ length: 100 }, (_, i) => listWith(token, proof, { at: i % 2 === 0 ? world.url : beside.url })),
      );
      const statuses = Map.groupBy(replies, ({ status }) => status);
      expect([statuses.get(200)?.length, statuses.get(401)?.length]).toEqual([1, 99]);
    });
    it('P04 with the store away a proof is good once here, and old ones need a nonce', async () => {
      const token = await bound();
      const used = world.counter.app.get(UsedOnce);
      const note = vi.spyOn(used['shared'], 'note').mockRejectedValue(new Error('away'));
      try {
        const proof = await listProof(token, { now: world.clock.now() - 9_000 });
        expect((await listWith(token, proof)).status).toBe(200);
        refused(await listWith(token, proof), 'invalid_dpop_proof');
        // The store did not answer once, and is not waited for again.
        expect(note).toHaveBeenCalledTimes(1);
        const old = await listWith(token, await listProof(token, { now: world.clock.now() - 11_000 }));
        refused(old, 'use_dpop_nonce');
        const nonce = old.headers.get('dpop-nonce');
        const fresh = await listProof(token, { now: world.clock.now() - 11_000, claims: { nonce } });
        expect((await listWith(token, fresh)).status).toBe(200);
      } finally {
        note.mockRestore();
        used['awayUntil'] = Number.NEGATIVE_INFINITY;
      }
    });

    it('P05 a bound token is not accepted as a bearer token, with a proof or without, by any way in', async () => {
      const token = await bound();
      for (const proof of [undefined, await listProof(token)]) {
        const reply = await listWith(token, proof, { scheme: 'Bearer' });
        expectProblem(reply, 'token-invalid');
        expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="shikaku", error="invalid_token"');
      }
      const body = { card: { certificateSerial: world.person('employee-30-u').certificateSerial } };
      expect((await listWith(token, await listProof(token))).status).toBe(200);
      for (const scheme of ['Bearer', 'DPoP']) {
        const reply = await world.check(body, { client: null, headers: { authorization: `${scheme} ${token}` } });
        expect(reply.status, scheme).toBe(401);
      }
    });
    it('P05 nor a bearer token as a bound one', async () => {
      const token = await world.token();
      refused(await listWith(token, await listProof(token)), 'invalid_token');
    });

    it('P06 with a nonce it does not matter what the clock of the caller shows; the nonce ends within half a minute', async () => {
      const token = await bound();
      const wrong = await listWith(token, await listProof(token, { claims: { nonce: 'guessed' } }));
      refused(wrong, 'use_dpop_nonce');
      const nonce = wrong.headers.get('dpop-nonce');
      const yesterday = world.clock.now() - 80_000_000;
      const withNonce = () => listProof(token, { now: yesterday, claims: { nonce } });
      expect((await listWith(token, await withNonce(), { at: beside.url })).status).toBe(200);
      const once = await withNonce();
      expect((await listWith(token, once)).status).toBe(200);
      refused(await listWith(token, once, { at: beside.url }), 'invalid_dpop_proof');
      world.clock.advance(30_000);
      refused(await listWith(token, await withNonce()), 'use_dpop_nonce');
    });

    it('the token endpoint refuses a proof that is not good, and says with what nonce', async () => {
      const wrongMethod = await askBy(await assert(), {}, { dpop: await tokenProof({ method: 'GET' }) });
      expect([wrongMethod.status, wrongMethod.body['error']]).toEqual([400, 'invalid_dpop_proof']);
      const wrongNonce = await askBy(await assert(), {}, { dpop: await tokenProof({ claims: { nonce: 'x' } }) });
      expect([wrongNonce.status, wrongNonce.body['error']]).toEqual([400, 'use_dpop_nonce']);
      const nonce = wrongNonce.headers.get('dpop-nonce');
      const good = await askBy(await assert(), {}, { dpop: await tokenProof({ claims: { nonce } }) });
      expect(good.body['token_type']).toBe('DPoP');
    });
    it('a client whose tokens are to be bound gets no other, and none of before is accepted any more', async () => {
      const { body } = await askBy(await assert());
      const list = () =>
        world.call('GET', LIST, { client: null, headers: { authorization: `Bearer ${body['access_token']}` } });
      expect((await list()).status).toBe(200);
      await setClient(`update client set bound_tokens = true where client_id = '${CLIENT}'`);
      expectProblem(await list(), 'token-invalid');
      expect((await askBy(await assert())).body['error']).toBe('invalid_dpop_proof');
      const token = await bound();
      expect((await listWith(token, await listProof(token))).status).toBe(200);
    });
    it('what nobody could use any more is forgotten', async () => {
      const noted = async (): Promise<number> =>
        withClient(world.database.ownerUrl, async (db) =>
          Number((await db.query('select count(*) from used_id')).rows[0].count),
        );
      expect(await noted()).toBeGreaterThan(0);
      world.clock.advance(400_000);
      await world.counter.app.get(UsedOnce).forget();
      expect(await noted()).toBe(0);
    });
  });
});
