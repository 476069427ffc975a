import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

import { CompactEncrypt, decodeJwt, jwtVerify, createLocalJWKSet, type JWK } from 'jose';

import { ClientDirectory } from '../apps/eligibility-api/src/access/clients.js';
import { withClient } from '../scripts/launcher/database.mjs';
import { expectProblem } from './support/problem.js';
import { parseReply, sendBytes } from './support/raw-http.js';
import { World, type Reply } from './support/world.js';

/** jsonwebtoken, as passport-jwt comes with it. */
const stockVerify = createRequire(import.meta.url)('passport-jwt/lib/verify_jwt.js') as (
  token: string,
  key: string,
  options: object,
  done: (error: Error | null, payload?: object) => void,
) => void;

type Json = Record<string, unknown>;
interface Forgery {
  readonly header?: Json;
  readonly claims?: Json;
  readonly sign?: (input: string) => Buffer;
}

const DAY = 86_400;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const es256 =
  (key: KeyObject) =>
  (input: string): Buffer =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
const defined = (value: Json): Json => Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined));

describe('access', () => {
  let world: World;
  let key: KeyObject;
  let publicPem: string;
  let keyId: string;
  let now: number;

  /** A token as the counter would issue it, but for what is said otherwise; `undefined` leaves a claim out. */
  const forge = ({ header = {}, claims = {}, sign: signer = es256(key) }: Forgery = {}): string => {
    const input = `${encoded(defined({ alg: 'ES256', typ: 'at+jwt', kid: keyId, ...header }))}.${encoded(
      defined({
        iss: world.settings.OAUTH_ISSUER,
        aud: world.settings.OAUTH_AUDIENCE,
        sub: 'demo-clinic',
        client_id: 'demo-clinic',
        jti: 'forged',
        iat: now,
        exp: now + 600,
        scope: 'eligibility:check checks:read',
        institution_code: '1312345679',
        ...claims,
      }),
    )}`;
    return `${input}.${signer(input).toString('base64url')}`;
  };
  const listWith = (authorization?: string, path = '/v1/eligibility-checks'): Promise<Reply> =>
    world.call('GET', path, { client: null, headers: authorization === undefined ? {} : { authorization } });
  const refused = (reply: Reply): void => {
    expectProblem(reply, 'token-invalid');
    expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="shikaku", error="invalid_token"');
  };
  const expectRefused = async (token: string): Promise<void> => refused(await listWith(`Bearer ${token}`));
  const expectAccepted = async (token: string): Promise<void> => {
    expect((await listWith(`Bearer ${token}`)).status).toBe(200);
  };

  beforeAll(async () => {
    world = await World.start({ name: 'access' });
    const jwk = JSON.parse(await readFile(join(world.settings.SECRETS_DIR, 'oauth-signing-key.json'), 'utf8')) as JWK &
      Json;
    key = createPrivateKey({ key: jwk, format: 'jwk' });
    publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' });
    const { body } = await world.call('GET', '/.well-known/jwks.json', { client: null });
    keyId = body['keys'][0].kid as string;
    now = Math.floor(world.clock.now() / 1000);
  });
  afterAll(() => world.close());

  describe('the token endpoint', () => {
    const basic = (client: string, secret = world.secret(client)): string =>
      `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}`;
    const ask = (authorization: string | undefined, body: string, type = 'application/x-www-form-urlencoded') =>
      world.call('POST', '/oauth/token', {
        client: null,
        headers: { 'content-type': type, ...(authorization === undefined ? {} : { authorization }) },
        body,
      });
    const GRANT = 'grant_type=client_credentials';

    it('gives a token of at most ten minutes that its published keys verify', async () => {
      const reply = await ask(basic('demo-clinic'), GRANT);
      expect(reply.status).toBe(200);
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(Object.keys(reply.body).toSorted()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
      expect(reply.body).toMatchObject({ token_type: 'Bearer', expires_in: 600 });

      const { body: jwks } = await world.call('GET', '/.well-known/jwks.json', { client: null });
      expect(JSON.stringify(jwks)).not.toContain('"d":');
      const { payload, protectedHeader } = await jwtVerify(
        reply.body['access_token'] as string,
        createLocalJWKSet(jwks as { keys: JWK[] }),
        { currentDate: new Date(world.clock.now()) },
      );
      expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
      expect(payload).toMatchObject({
        iss: world.settings.OAUTH_ISSUER,
        aud: 'urn:shikaku:api',
        sub: 'demo-clinic',
        client_id: 'demo-clinic',
        iat: now,
        exp: now + 600,
        institution_code: '1312345679',
      });
      expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('gives every token a jti of its own', async () => {
      const ids = await Promise.all(
        [1, 2, 3].map(async () => decodeJwt((await ask(basic('demo-clinic'), GRANT)).body['access_token']).jti),
      );
      expect(new Set(ids).size).toBe(3);
    });

    it('tells where it is', async () => {
      const { body } = await world.call('GET', '/.well-known/oauth-authorization-server', { client: null });
      expect(body).toMatchObject({
        issuer: world.settings.OAUTH_ISSUER,
        grant_types_supported: ['client_credentials'],
      });
      expect(new URL(body['token_endpoint'] as string).pathname).toBe('/oauth/token');
      expect(new URL(body['jwks_uri'] as string).pathname).toBe('/.well-known/jwks.json');
    });

    const CARE = ['eligibility:check', 'eligibility:batch', 'checks:read', 'rules:calculate', 'rechecks:read'];
    it.each([
      ['demo-clinic', CARE, { institution_code: '1312345679' }],
      ['demo-clinic-2', CARE, { institution_code: '1312345687' }],
      ['demo-pharmacy', CARE, { institution_code: '1342345699' }],
      [
        'demo-insurer',
        [
          'rules:calculate',
          'enrollment:write',
          'enrollment:read',
          'documents:read',
          'accesses:read',
          'registrations:write',
        ],
        { insurer_number: '06130488' },
      ],
      ['demo-operator', ['operations'], {}],
    ])('gives %s the scopes of its kind and says whose it is', async (client, scopes, owner) => {
      const { body } = await ask(basic(client), GRANT);
      const { scope, institution_code, insurer_number, client_id } = decodeJwt<Json>(body['access_token'] as string);
      expect(String(scope).split(' ').toSorted()).toEqual(scopes.toSorted());
      expect(body['scope']).toBe(scope);
      expect(defined({ institution_code, insurer_number })).toEqual(owner);
      expect(client_id).toBe(client);
    });

    it('narrows the token to the scopes that were asked for', async () => {
      const { body } = await ask(basic('demo-clinic'), `${GRANT}&scope=checks%3Aread`);
      expect(body['scope']).toBe('checks:read');
      const authorization = `Bearer ${body['access_token']}`;
      expect((await listWith(authorization)).status).toBe(200);
      const check = await world.check({}, { client: null, headers: { authorization } });
      expectProblem(check, 'scope-missing');
      expect(check.headers.get('www-authenticate')).toBe(
        'Bearer realm="shikaku", error="insufficient_scope", scope="eligibility:check"',
      );
    });

    it('takes client credentials that are form-encoded, as RFC 6749 wants them', async () => {
      const name = [...'demo-clinic'].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('');
      expect((await ask(basic(name, world.secret('demo-clinic')), GRANT)).status).toBe(200);
    });

    it('passes over parameters it does not know', async () => {
      expect((await ask(basic('demo-clinic'), `${GRANT}&audience=x`)).status).toBe(200);
    });

    it.each<[string, () => string | undefined]>([
      ['a wrong secret', () => basic('demo-clinic', 'guessed')],
      ["another client's secret", () => basic('demo-clinic', world.secret('demo-clinic-2'))],
      ['an empty secret', () => basic('demo-clinic', '')],
      ['a secret of a thousand characters', () => basic('demo-clinic', 'x'.repeat(1_000))],
      ['an unknown client', () => basic('nobody', world.secret('demo-clinic'))],
      ['a client called like a property of every object', () => basic('__proto__', 'x')],
      ['no credentials', () => undefined],
      ['Basic without anything', () => 'Basic'],
      ['Basic that is not base64', () => 'Basic ????'],
      ['Basic without a colon', () => `Basic ${Buffer.from('demo-clinic').toString('base64')}`],
      ['Basic with a broken escape', () => basic('demo-clinic', '%E0%A4%A')],
      ['an access token in place of the secret', () => `Bearer ${forge()}`],
    ])('refuses %s with invalid_client', async (_what, authorization) => {
      const reply = await ask(authorization(), GRANT);
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe('Basic realm="shikaku"');
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(reply.body).toEqual({
        error: 'invalid_client',
        error_description: 'the client could not be authenticated',
      });
    });

    it.each([
      ['another grant', 'grant_type=password&username=a&password=b', 'unsupported_grant_type'],
      ['no grant', 'scope=checks%3Aread', 'invalid_request'],
      ['an empty body', '', 'invalid_request'],
      ['the grant given twice', `${GRANT}&${GRANT}`, 'invalid_request'],
      ['the scope given twice', `${GRANT}&scope=checks%3Aread&scope=operations`, 'invalid_request'],
      ["another kind of client's scope", `${GRANT}&scope=operations`, 'invalid_scope'],
      ['a scope of its own beside one that is not', `${GRANT}&scope=checks%3Aread+operations`, 'invalid_scope'],
      ['a scope nobody has', `${GRANT}&scope=everything`, 'invalid_scope'],
      ['an empty scope', `${GRANT}&scope=`, 'invalid_scope'],
    ])('refuses %s', async (_what, body, error) => {
      const reply = await ask(basic('demo-clinic'), body);
      expect(reply.status).toBe(400);
      expect(reply.headers.get('cache-control')).toBe('no-store');
      expect(reply.body['error']).toBe(error);
      expect(reply.text).not.toMatch(/password|everything|operations/);
    });

    it.each([
      ['JSON', 'application/json', '{"grant_type":"client_credentials"}'],
      ['XML', 'application/xml', '<grant/>'],
      ['plain text', 'text/plain', GRANT],
    ])('reads a form and nothing else: not %s', async (_what, type, body) => {
      expectProblem(await ask(basic('demo-clinic'), body, type), 'unsupported-media-type');
    });
  });

  describe('what each client may', () => {
    it.each([
      ['demo-clinic', 200, 200, 202, 404, 403],
      ['demo-clinic-2', 200, 200, 202, 404, 403],
      ['demo-pharmacy', 200, 200, 202, 404, 403],
      ['demo-insurer', 403, 403, 403, 403, 403],
      ['demo-operator', 403, 403, 403, 403, 200],
    ])(
      '%s: check %i, past checks %i, batch %i, a batch that is not there %i, operations %i',
      async (client, check, past, batch, noBatch, operations) => {
        const none = '/v1/eligibility-batches/0193513c-2f00-7a1b-8c2d-3e4f5a6b7c8d';
        const body = { people: [{ itemId: 'a', card: { certificateSerial: 'FFFFFFFF00100001' } }] };
        const statuses = [
          (await world.ask('employee-30-u', {}, { client })).status,
          (await world.call('GET', '/v1/eligibility-checks', { client })).status,
          (await world.call('POST', '/v1/eligibility-batches', { client, body })).status,
          (await world.call('GET', none, { client })).status,
          (await world.call('GET', `${none}/results`, { client })).status,
          (await world.call('POST', `${none}/cancel`, { client })).status,
          (await world.call('GET', '/v1/operations/state', { client })).status,
        ];
        expect(statuses).toEqual([check, past, batch, noBatch, noBatch, noBatch, operations]);
      },
    );

    it('a token with the scope and no institution is told that it names none', async () => {
      const reply = await listWith(`Bearer ${forge({ claims: { institution_code: undefined } })}`);
      expectProblem(reply, 'institution-missing');
      const authorization = `Bearer ${forge({ claims: { institution_code: undefined, scope: 'eligibility:batch' } })}`;
      for (const [method, path, body] of [
        ['POST', '/v1/eligibility-batches', { people: [] }],
        ['GET', '/v1/eligibility-batches/x', undefined],
        ['GET', '/v1/eligibility-batches/x/results', undefined],
        ['POST', '/v1/eligibility-batches/x/cancel', undefined],
      ] as const)
        expectProblem(
          await world.call(method, path, { client: null, headers: { authorization }, body }),
          'institution-missing',
        );
    });

    it.each(['/health/live', '/health/ready', '/metrics', '/docs/errors', '/.well-known/jwks.json'])(
      'anybody may read %s',
      async (path) => {
        expect((await listWith(undefined, path)).status).toBe(200);
      },
    );

    it('who may not ask does not learn what a request looks like', async () => {
      const bad = { anything: 1 };
      expectProblem(await world.check(bad, { client: null }), 'token-missing');
      expect(expectProblem(await world.check(bad, { client: 'demo-insurer' }), 'scope-missing')).not.toHaveProperty(
        'errors',
      );
    });
  });

  describe('access tokens', () => {
    it('the forgery of these tests is good when nothing is wrong with it', () => expectAccepted(forge()));

    it.each([
      ['no Authorization', undefined],
      ['another scheme', 'Basic ZGVtbzpkZW1v'],
      ['a scheme that only begins alike', 'BearerToken abc'],
    ])('J01 %s: 401 that says what is needed, without error=', async (_what, authorization) => {
      const reply = await listWith(authorization);
      expectProblem(reply, 'token-missing');
      expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="shikaku"');
    });

    it.each<[string, () => string]>([
      ['alg none without a signature', () => forge({ header: { alg: 'none' }, sign: () => Buffer.alloc(0) })],
      ['alg None in another case', () => forge({ header: { alg: 'None' }, sign: () => Buffer.alloc(0) })],
      ['alg none over a good signature', () => forge({ header: { alg: 'none' } })],
      [
        'HS256 with the public key as the secret',
        () =>
          forge({ header: { alg: 'HS256' }, sign: (text) => createHmac('sha256', publicPem).update(text).digest() }),
      ],
      [
        'RS256',
        () => {
          const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
          return forge({ header: { alg: 'RS256' }, sign: (text) => sign('sha256', Buffer.from(text), privateKey) });
        },
      ],
      ['ES256 by another key under our kid', () => forge({ sign: es256(foreignKey()) })],
      ['ES384 named over our signature', () => forge({ header: { alg: 'ES384' } })],
      ['no alg', () => forge({ header: { alg: undefined } })],
    ])('J02 %s: 401', (_what, token) => expectRefused(token()));

    it.each([['at+jwt'], ['application/at+jwt'], ['AT+JWT']])('J03 typ %s: accepted', (typ) =>
      expectAccepted(forge({ header: { typ } })),
    );
    it.each([[undefined], ['JWT'], ['id+jwt'], ['logout+jwt'], ['at+jwt2'], ['']])('J03 typ %s: 401', (typ) =>
      expectRefused(forge({ header: { typ } })),
    );

    it('J04 one audience of several is us: accepted', () =>
      expectAccepted(forge({ claims: { aud: ['urn:other', 'urn:shikaku:api'] } })));
    it.each<[string, () => Json]>([
      ['no aud', () => ({ aud: undefined })],
      ['another aud', () => ({ aud: 'urn:other:api' })],
      ['several audiences without us', () => ({ aud: ['urn:a', 'urn:b'] })],
      ['an aud that only begins with ours', () => ({ aud: 'urn:shikaku:api2' })],
      ['no iss', () => ({ iss: undefined })],
      ['iss with one more slash', () => ({ iss: `${world.settings.OAUTH_ISSUER}/` })],
      ['another iss', () => ({ iss: 'https://example.org' })],
    ])('J04 %s: 401', (_what, claims) => expectRefused(forge({ claims: claims() })));

    it.each<[string, Json, boolean]>([
      ['no exp', { exp: undefined }, false],
      ['exp that is text', { exp: 'tomorrow' }, false],
      ['expired 61 s ago', { iat: -300, exp: -61 }, false],
      ['expired 10 s ago', { iat: -300, exp: -10 }, false],
      ['expired 9 s ago, within the tolerance', { iat: -300, exp: -9 }, true],
      ['nbf 5 s ahead', { nbf: 5 }, true],
      ['nbf 61 s ahead', { nbf: 61 }, false],
      ['iat 5 s ahead', { iat: 5 }, true],
      ['iat 10 s ahead', { iat: 10 }, true],
      ['iat 11 s ahead', { iat: 11 }, false],
      ['iat 61 s ahead', { iat: 61 }, false],
      ['no iat', { iat: undefined }, false],
      ['no sub', { sub: undefined }, false],
      ['no jti', { jti: undefined }, false],
      ['no client_id', { client_id: undefined }, false],
      ['a client_id that is no text', { client_id: { $ne: null } }, false],
    ])('J05 %s', async (_what, times, good) => {
      const claims = Object.fromEntries(
        Object.entries(times).map(([name, value]) => [name, typeof value === 'number' ? now + value : value]),
      );
      const token = forge({ claims });
      await (good ? expectAccepted(token) : expectRefused(token));
    });

    it.each([
      ['600 s', 600, true],
      ['601 s', 601, false],
      ['a day', DAY, false],
    ])('J06 a lifetime of %s', async (_what, seconds, good) => {
      const token = forge({ claims: { exp: now + seconds } });
      await (good ? expectAccepted(token) : expectRefused(token));
    });

    it.each<[string, () => string | Promise<string>]>([
      ['an unknown crit', () => forge({ header: { crit: ['urn:x'], 'urn:x': 1 } })],
      ['an empty crit', () => forge({ header: { crit: [] } })],
      ['b64 false', () => forge({ header: { crit: ['b64'], b64: false } })],
      [
        'a JWE',
        () =>
          new CompactEncrypt(Buffer.from(JSON.stringify(decodeJwt(forge()))))
            .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keyId, typ: 'at+jwt' })
            .encrypt(new Uint8Array(32)),
      ],
      ['a token of 9 kB', () => forge({ claims: { padding: 'x'.repeat(6_700) } })],
      ['two parts', () => forge().split('.').slice(0, 2).join('.')],
      ['four parts', () => `${forge()}.x`],
      ['a payload that is no JSON', () => forge().replace(/\.[^.]+\./, '.bm90IGpzb24.')],
      ['no token at all', () => ''],
    ])('J07 %s: 401', async (_what, token) => expectRefused(await token()));
    it('J07 a header line larger than 16 KiB: 431, and the connection is closed', async () => {
      const request = `GET /v1/eligibility-checks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'a'.repeat(17_000)}\r\n\r\n`;
      const reply = parseReply(await sendBytes(world.url, request));
      expectProblem(reply, 'headers-too-large');
      expect(reply.headers.get('connection')).toBe('close');
    });

    describe('J08', () => {
      let listener: Server;
      let visits = 0;
      let address: string;
      let attacker: KeyObject;
      beforeAll(async () => {
        attacker = foreignKey();
        const jwk = { ...createPublicKey(attacker).export({ format: 'jwk' }), kid: keyId, alg: 'ES256' };
        listener = createServer((_request, response) => {
          visits += 1;
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify({ keys: [jwk] }));
        });
        await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
        address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/keys`;
      });
      afterAll(() => new Promise((resolve) => listener.close(resolve)));

      it.each<[string, () => Json]>([
        ['its own key in jwk', () => ({ jwk: createPublicKey(attacker).export({ format: 'jwk' }) })],
        ['jku', () => ({ jku: address })],
        ['x5u', () => ({ x5u: address })],
        ['jku under a kid of its own', () => ({ jku: address, kid: 'mine' })],
      ])('a token that brings %s: 401, and nobody is asked', async (_what, header) => {
        await expectRefused(forge({ header: header(), sign: es256(attacker) }));
        expect(visits).toBe(0);
      });
      it.each(['../../etc/passwd', "' OR 1=1 --", '', '__proto__', 'constructor'])('kid %j: 401', (kid) =>
        expectRefused(forge({ header: { kid } })),
      );
      it('no kid: 401', () => expectRefused(forge({ header: { kid: undefined } })));
    });

    it.each<[string, (token: string) => string]>([
      [
        'one bit of the signature flipped',
        (token) => bent(token, (bytes) => bytes.map((b, i) => (i === 7 ? b ^ 1 : b))),
      ],
      ['(r, s) = (0, 0)', (token) => bent(token, (bytes) => bytes.map(() => 0))],
      ['an empty signature', (token) => bent(token, () => new Uint8Array())],
      ['one byte too many', (token) => bent(token, (bytes) => Uint8Array.of(...bytes, 0))],
      [
        'another spelling of the same bytes in the last character',
        (token) => `${token.slice(0, -1)}${ALPHABET[ALPHABET.indexOf(token.at(-1) ?? '') ^ 1]}`,
      ],
      ['padding', (token) => `${token}==`],
      [
        'the other alphabet of base64',
        (token) => {
          const [header, payload, signature = ''] = token.split('.');
          return `${header}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}`;
        },
      ],
      [
        'a claim changed after signing',
        (token) => {
          const [header, , signature] = token.split('.');
          return `${header}.${encoded({ ...decodeJwt(token), institution_code: '1312345687' })}.${signature}`;
        },
      ],
    ])('J11 %s: 401', async (_what, change) => {
      let token: string;
      do token = forge();
      while (!/\.[\w-]*-[\w-]*_[\w-]*$/.test(token));
      const changed = change(token);
      expect(changed).not.toBe(token);
      await expectRefused(changed);
      await expectAccepted(token);
    });
    it('J11 a signature in DER: 401', () =>
      expectRefused(forge({ sign: (text) => sign('sha256', Buffer.from(text), key) })));

    it('J12 a token in the address: 401', async () => {
      expectProblem(await listWith(undefined, `/v1/eligibility-checks?access_token=${forge()}`), 'token-missing');
    });
    it('J12 a token in the address beside a good one: refused as an unknown parameter', async () => {
      const reply = await listWith(`Bearer ${forge()}`, `/v1/eligibility-checks?access_token=${forge()}`);
      expect(expectProblem(reply, 'invalid-request')['errors']).toEqual([
        { pointer: '#query/access_token', code: 'unknown-field', detail: 'is not a field of this request' },
      ]);
    });
    it.each([
      ['twice the same', () => [forge(), forge()]],
      ['a good and a bad one', () => [forge(), 'bad']],
    ])('J12 two Authorization headers, %s: 401', async (_what, tokens) => {
      const lines = tokens().map((token) => `Authorization: Bearer ${token}\r\n`);
      const request = `GET /v1/eligibility-checks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join('')}\r\n`;
      refused({ ...parseReply(await sendBytes(world.url, request)), body: {} });
    });
    it.each([
      ['a second word', (token: string) => `Bearer ${token} more`],
      ['two tokens', (token: string) => `Bearer ${token}, Bearer ${token}`],
      ['nothing after the scheme', () => 'Bearer'],
    ])('J12 an Authorization with %s: 401', async (_what, value) => {
      refused(await listWith(value(forge())));
    });
    it('the scheme is written in any case', async () => {
      expect((await listWith(`bearer ${forge()}`)).status).toBe(200);
    });

    it.each([
      ['another scope', 'eligibility:check'],
      ['none', ''],
      ['a scope that only begins alike', 'checks:reader'],
    ])('J13 a good token with %s: 403 that names the scope', async (_what, scope) => {
      const reply = await listWith(`Bearer ${forge({ claims: { scope } })}`);
      expectProblem(reply, 'scope-missing');
      expect(reply.headers.get('www-authenticate')).toBe(
        'Bearer realm="shikaku", error="insufficient_scope", scope="checks:read"',
      );
    });
    it('J13 the scope and another institution: 404 for its check, and none of its checks in the list', async () => {
      const { body } = await world.ask('employee-30-u');
      const path = `/v1/eligibility-checks/${body['checkId']}`;
      expect((await world.call('GET', path)).status).toBe(200);
      expectProblem(await world.call('GET', path, { client: 'demo-clinic-2' }), 'check-not-found');
      const { body: list } = await world.call('GET', '/v1/eligibility-checks', { client: 'demo-clinic-2' });
      expect(list['checks'].map((check: Json) => check['checkId'])).not.toContain(body['checkId']);
    });

    describe('J14', () => {
      const setRevoked = async (client: string, at: string): Promise<void> => {
        await withClient(world.database.ownerUrl, (db) =>
          db.query(`update client set revoked_at = ${at} where client_id = $1`, [client]),
        );
        await world.counter.app.get(ClientDirectory).refresh();
      };
      afterEach(() => setRevoked('demo-clinic-2', 'null'));

      it('a revoked client: its tokens end, it gets no new ones, and nobody else is touched', async () => {
        const token = await world.token('demo-clinic-2');
        await expectAccepted(token);
        await setRevoked('demo-clinic-2', 'now()');
        await expectRefused(token);
        const reply = await world.call('POST', '/oauth/token', {
          client: null,
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            authorization: `Basic ${Buffer.from(`demo-clinic-2:${world.secret('demo-clinic-2')}`).toString('base64')}`,
          },
          body: 'grant_type=client_credentials',
        });
        expect([reply.status, reply.body['error']]).toEqual([401, 'invalid_client']);
        await expectAccepted(await world.token('demo-clinic'));

        await setRevoked('demo-clinic-2', 'null');
        await expectAccepted(token);
      });
      it('a good token of a client that does not exist: 401', () =>
        expectRefused(forge({ claims: { client_id: 'gone', sub: 'gone' } })));
    });

    describe('the control: what jsonwebtoken, which passport-jwt uses by itself, lets through and the counter does not', () => {
      const stock = (token: string): Promise<object | undefined> =>
        new Promise((resolve, reject) => {
          const options = {
            algorithms: ['ES256'],
            issuer: world.settings.OAUTH_ISSUER,
            audience: world.settings.OAUTH_AUDIENCE,
            clockTimestamp: now,
          };
          stockVerify(token, publicPem, options, (error, payload) =>
            error === null ? resolve(payload) : reject(error),
          );
        });

      it.each<[string, () => Forgery]>([
        ['typ JWT (an ID token)', () => ({ header: { typ: 'JWT' } })],
        ['typ logout+jwt', () => ({ header: { typ: 'logout+jwt' } })],
        ['no exp', () => ({ claims: { exp: undefined } })],
        ['no sub', () => ({ claims: { sub: undefined } })],
        ['iat a day ahead', () => ({ claims: { iat: now + DAY, exp: now + DAY + 600 } })],
        ['an unknown crit', () => ({ header: { crit: ['urn:x'], 'urn:x': 1 } })],
        ['a lifetime of ten years', () => ({ claims: { exp: now + 3_650 * DAY } })],
      ])('%s', async (_what, forgery) => {
        const token = forge(forgery());
        await expect(stock(token)).resolves.toMatchObject({ client_id: 'demo-clinic' });
        await expectRefused(token);
      });
      it('both accept a good one, and refuse one of another key', async () => {
        await expect(stock(forge())).resolves.toMatchObject({ sub: 'demo-clinic' });
        await expectAccepted(forge());
        const foreign = forge({ sign: es256(foreignKey()) });
        await expect(stock(foreign)).rejects.toThrow('invalid signature');
        await expectRefused(foreign);
      });
    });
  });
});

const foreignKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const bent = (token: string, change: (signature: Uint8Array) => Uint8Array): string => {
  const [header, payload, signature = ''] = token.split('.');
  return `${header}.${payload}.${Buffer.from(change(Buffer.from(signature, 'base64url'))).toString('base64url')}`;
};
