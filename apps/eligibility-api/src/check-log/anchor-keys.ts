import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Settings } from '../settings/index.js';
import { createFileOnce, marked, type KeyMaker } from '../settings/secret-file.js';

/*
 * Anchors and retention marks are signed (Ed25519) by a key that whoever can write to the journal's disk should not have, and
 * verified with public keys: a set, so that what was signed before a change of keys stays provable.
 */

/** Public JWK (RFC 8037). */
interface Jwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
}

/** Whose word counts. */
export interface AnchorKeys {
  readonly count: number;
  /** `unknown-key` where no key of the set is called that. */
  check(keyId: string, text: string, signature: Uint8Array): 'good' | 'forged' | 'unknown-key';
}

export interface AnchorKey {
  readonly keyId: string;
  sign(text: string): Buffer;
}

type KeyPlaces = Pick<Settings, 'SECRETS_DIR' | 'ANCHOR_KEY_FILE' | 'ANCHOR_PUBLIC_KEYS_FILE'>;

/** Where the keys are, unless settings say otherwise. */
export const anchorKeyFile = ({ SECRETS_DIR, ANCHOR_KEY_FILE }: KeyPlaces): string =>
  ANCHOR_KEY_FILE ?? join(SECRETS_DIR, 'anchor-key.json');
export const anchorPublicKeysFile = ({ SECRETS_DIR, ANCHOR_PUBLIC_KEYS_FILE }: KeyPlaces): string =>
  ANCHOR_PUBLIC_KEYS_FILE ?? join(SECRETS_DIR, 'anchor-public-keys.json');

const publicHalf = ({ kty, crv, x }: Jwk): Jwk => ({ kty, crv, x });

/** JWK thumbprint (RFC 7638). */
const keyIdOf = ({ kty, crv, x }: Jwk): string => hash('sha256', JSON.stringify({ crv, kty, x }), 'base64url');

const asEd25519 = (key: KeyObject): KeyObject => {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('an anchor key must be an Ed25519 key (JWK)');
  return key;
};

/** Makes the key, unless there is one, and adds its public half to the set of those that count. */
export const makeAnchorKey = async (
  keyFile: string,
  publicKeysFile: string,
  maker: KeyMaker = 'prepare',
): Promise<void> => {
  const { privateKey } = generateKeyPairSync('ed25519');
  await createFileOnce(keyFile, JSON.stringify(marked({ ...privateKey.export({ format: 'jwk' }) }, maker)));
  const own = publicHalf(JSON.parse(await readFile(keyFile, 'utf8')) as Jwk);
  await createFileOnce(publicKeysFile, JSON.stringify({ keys: [own] }));
  const { keys } = JSON.parse(await readFile(publicKeysFile, 'utf8')) as { keys: Jwk[] };
  if (keys.some((key) => keyIdOf(key) === keyIdOf(own))) return;
  const draft = `${publicKeysFile}.${process.pid}`;
  await writeFile(draft, JSON.stringify({ keys: [...keys, own] }), { mode: 0o600 });
  await rename(draft, publicKeysFile);
};

/** Reads the private JWK. Undefined where there is none. */
export const readAnchorKey = async (keyFile: string): Promise<AnchorKey | undefined> => {
  let jwk: Jwk;
  try {
    jwk = JSON.parse(await readFile(keyFile, 'utf8')) as Jwk;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
  const key = asEd25519(createPrivateKey({ key: { ...jwk }, format: 'jwk' }));
  return { keyId: keyIdOf(jwk), sign: (text) => sign(null, Buffer.from(text), key) };
};

/** Reads a set of public keys (JWKS). */
export const readAnchorPublicKeys = async (publicKeysFile: string): Promise<AnchorKeys> => {
  const { keys } = JSON.parse(await readFile(publicKeysFile, 'utf8')) as { keys: Jwk[] };
  const known = new Map(
    keys.map((jwk) => [keyIdOf(jwk), asEd25519(createPublicKey({ key: { ...publicHalf(jwk) }, format: 'jwk' }))]),
  );
  return {
    count: known.size,
    check: (keyId, text, signature) => {
      const key = known.get(keyId);
      if (key === undefined) return 'unknown-key';
      return verify(null, Buffer.from(text), key, signature) ? 'good' : 'forged';
    },
  };
};
