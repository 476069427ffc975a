import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createFileOnce } from '../settings/secret-file.js';

const FILE = 'oauth-signing-key.json';
const PUBLIC_FILE = 'oauth-public-key.json';
const ALGORITHM = 'ES256';

/** The half that signs access tokens. The counter's alone. */
export interface SigningKey {
  readonly keyId: string;
  readonly algorithm: 'ES256';
  readonly privateKey: CryptoKey;
}

/** The half that verifies them. */
export interface VerifyingKey {
  readonly keyId: string;
  readonly algorithm: 'ES256';
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
}

const readJwk = async (secretsDir: string, file: string): Promise<JWK> =>
  JSON.parse(await readFile(join(secretsDir, file), 'utf8')) as JWK;

const publicHalf = ({ kty, crv, x, y }: JWK): JWK => ({ kty, crv, x, y }) as JWK;

/** Makes the key in the secrets folder, unless there is one: the private JWK, and its public half in a file of its own. */
export const makeSigningKey = async (secretsDir: string): Promise<void> => {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  await createFileOnce(join(secretsDir, FILE), JSON.stringify(await exportJWK(privateKey)));
  const publicJwk = publicHalf(await readJwk(secretsDir, FILE));
  await createFileOnce(join(secretsDir, PUBLIC_FILE), JSON.stringify(publicJwk));
};

/** Reads the private JWK (EC P-256). */
export const readSigningKey = async (secretsDir: string): Promise<SigningKey> => {
  const jwk = await readJwk(secretsDir, FILE);
  return {
    keyId: await calculateJwkThumbprint(publicHalf(jwk)),
    algorithm: ALGORITHM,
    privateKey: (await importJWK(jwk, ALGORITHM)) as CryptoKey,
  };
};

/** Reads the public JWK. */
export const readVerifyingKey = async (secretsDir: string): Promise<VerifyingKey> => {
  const jwk = publicHalf(await readJwk(secretsDir, PUBLIC_FILE));
  const keyId = await calculateJwkThumbprint(jwk);
  return {
    keyId,
    algorithm: ALGORITHM,
    publicKey: (await importJWK(jwk, ALGORITHM)) as CryptoKey,
    publicJwk: { ...jwk, kid: keyId, alg: ALGORITHM, use: 'sig' },
  };
};
