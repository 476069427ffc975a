import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import type { Clock } from '../clock/clock.js';
import { createFileOnce, marked, replaceFile, type KeyMaker } from '../settings/secret-file.js';
import { CLOCK_TOLERANCE_SECONDS, LIFETIME_SECONDS_MAX } from './token-times.js';

const FILE = 'oauth-signing-key.json';
/** Where there has only ever been one. */
const PUBLIC_FILE = 'oauth-public-key.json';
/** A JWK set, once the key was changed. */
const PUBLIC_KEYS_FILE = 'oauth-public-keys.json';
const ALGORITHM = 'ES256';

/** How long the last token of a key that was replaced may be used, and a minute for processes that heard of it late. */
const RETIRED_FOR_MS = (LIFETIME_SECONDS_MAX + CLOCK_TOLERANCE_SECONDS + 60) * 1000;
/** A key that nobody has heard of has the files read again, so often at most. */
const READ_AGAIN_AFTER_MS = 1_000;

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
  /** Since when another signs, epoch milliseconds. */
  readonly retiredAt?: number;
}

interface KeptPublicJwk extends JWK {
  readonly retiredAt?: number;
}

const readJwk = async (secretsDir: string, file: string): Promise<JWK> =>
  JSON.parse(await readFile(join(secretsDir, file), 'utf8')) as JWK;

const publicHalf = ({ kty, crv, x, y }: JWK): JWK => ({ kty, crv, x, y }) as JWK;

const newKey = async (maker: KeyMaker): Promise<JWK> => {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return marked({ ...(await exportJWK(privateKey)) }, maker);
};

/** Makes the key in the secrets folder, unless there is one: the private JWK, and its public half in a file of its own. */
export const makeSigningKey = async (secretsDir: string, maker: KeyMaker = 'prepare'): Promise<void> => {
  await createFileOnce(join(secretsDir, FILE), JSON.stringify(await newKey(maker)));
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

/** The public JWKs as they lie there: of the set, and of a folder that has only the one. */
const readPublicJwks = async (secretsDir: string): Promise<readonly KeptPublicJwk[]> => {
  try {
    const { keys } = JSON.parse(await readFile(join(secretsDir, PUBLIC_KEYS_FILE), 'utf8')) as {
      keys: readonly KeptPublicJwk[];
    };
    return keys;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    return [await readJwk(secretsDir, PUBLIC_FILE)];
  }
};

const verifyingKey = async ({ retiredAt, ...rest }: KeptPublicJwk): Promise<VerifyingKey> => {
  const jwk = publicHalf(rest);
  const keyId = await calculateJwkThumbprint(jwk);
  return {
    keyId,
    algorithm: ALGORITHM,
    publicKey: (await importJWK(jwk, ALGORITHM)) as CryptoKey,
    publicJwk: { ...jwk, kid: keyId, alg: ALGORITHM, use: 'sig' },
    ...(retiredAt === undefined ? {} : { retiredAt }),
  };
};

/** The key that signs, as it lies in the folder when it was last read. */
export class SigningKeys {
  private constructor(
    private readonly secretsDir: string,
    private key: SigningKey,
  ) {}

  static async read(secretsDir: string): Promise<SigningKeys> {
    return new SigningKeys(secretsDir, await readSigningKey(secretsDir));
  }

  get current(): SigningKey {
    return this.key;
  }

  async refresh(): Promise<void> {
    this.key = await readSigningKey(this.secretsDir);
  }
}

/** The keys that verify, as they lie in the folder; read again for a token that names one nobody has heard of. */
export class VerifyingKeys {
  private readAt: number;

  private constructor(
    private readonly secretsDir: string,
    private readonly clock: Clock,
    private keys: ReadonlyMap<string, VerifyingKey>,
  ) {
    this.readAt = performance.now();
  }

  static async read(secretsDir: string, clock: Clock): Promise<VerifyingKeys> {
    const keys = new VerifyingKeys(secretsDir, clock, new Map());
    await keys.refresh();
    return keys;
  }

  async refresh(): Promise<void> {
    this.readAt = performance.now();
    const keys = await Promise.all((await readPublicJwks(this.secretsDir)).map(verifyingKey));
    this.keys = new Map(keys.map((key) => [key.keyId, key]));
  }

  /** Undefined where there is none such, or another has signed for too long. */
  async of(keyId: string): Promise<VerifyingKey | undefined> {
    if (!this.keys.has(keyId) && performance.now() - this.readAt > READ_AGAIN_AFTER_MS) await this.refresh();
    const key = this.keys.get(keyId);
    return key !== undefined && this.isGood(key) ? key : undefined;
  }

  /** JWK set (RFC 7517) of those that verify our tokens now. */
  get jwks(): { keys: object[] } {
    return { keys: [...this.keys.values()].filter((key) => this.isGood(key)).map(({ publicJwk }) => publicJwk) };
  }

  private isGood({ retiredAt }: VerifyingKey): boolean {
    return retiredAt === undefined || this.clock.now() - retiredAt <= RETIRED_FOR_MS;
  }
}

/**
 * Changes the key that signs, while everything goes on: the new one is announced to whoever verifies, signs once they have had the time
 * to hear of it, and the old one verifies until its last token has ended.
 */
export const rotateSigningKey = async (
  secretsDir: string,
  { announceMs, clock, maker }: { announceMs: number; clock: Clock; maker: KeyMaker },
): Promise<{ readonly keyId: string; readonly replaced: string }> => {
  const next = await newKey(maker);
  const { keyId: replaced } = await readSigningKey(secretsDir);
  const now = clock.now();
  const kept = (await readPublicJwks(secretsDir)).filter(
    ({ retiredAt }) => retiredAt === undefined || now - retiredAt <= RETIRED_FOR_MS,
  );
  const write = (keys: readonly KeptPublicJwk[]): Promise<void> =>
    replaceFile(join(secretsDir, PUBLIC_KEYS_FILE), JSON.stringify({ keys }));
  await write([publicHalf(next), ...kept]);
  await setTimeout(announceMs);
  await replaceFile(join(secretsDir, FILE), JSON.stringify(next));
  await replaceFile(join(secretsDir, PUBLIC_FILE), JSON.stringify(publicHalf(next)));
  const retiredAt = clock.now() + announceMs;
  await write([publicHalf(next), ...kept.map((jwk) => ({ retiredAt, ...jwk }))]);
  return { keyId: await calculateJwkThumbprint(publicHalf(next)), replaced };
};
