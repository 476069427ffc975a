import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createFileOnce } from '../settings/secret-file.js';

const FILE = 'oauth-signing-key.json';
const ALGORITHM = 'ES256';

/** The key that signs access tokens, and the public half that verifies them. */
export interface SigningKey {
  readonly keyId: string;
  readonly algorithm: 'ES256';
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** Makes the key in the secrets folder, unless there is one. */
export const makeSigningKey = async (secretsDir: string): Promise<void> => {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  await createFileOnce(join(secretsDir, FILE), JSON.stringify(await exportJWK(privateKey)));
};

/** Reads the private JWK (EC P-256) of the secrets folder. */
export const readSigningKey = async (secretsDir: string): Promise<SigningKey> => {
  const privateJwk = JSON.parse(await readFile(join(secretsDir, FILE), 'utf8')) as JWK;
  const { d: _secret, ...publicJwk } = privateJwk;
  const keyId = await calculateJwkThumbprint(publicJwk);
  return {
    keyId,
    algorithm: ALGORITHM,
    privateKey: (await importJWK(privateJwk, ALGORITHM)) as CryptoKey,
    publicKey: (await importJWK(publicJwk, ALGORITHM)) as CryptoKey,
    publicJwk: { ...publicJwk, kid: keyId, alg: ALGORITHM, use: 'sig' },
  };
};
