import { createHash, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';

import { SignJWT, type JWK } from 'jose';

/** A key of a caller, to prove themselves with. */
export interface CallersKey {
  readonly algorithm: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: JWK;
}

const PAIRS = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EdDSA: () => generateKeyPairSync('ed25519'),
} as const;

export const callersKey = (algorithm: keyof typeof PAIRS = 'ES256'): CallersKey => {
  const { privateKey, publicKey } = PAIRS[algorithm]();
  return { algorithm, privateKey, publicJwk: publicKey.export({ format: 'jwk' }) };
};

/** A JWT as it is told; `undefined` leaves a claim or a field of the header out. */
export const signed = (
  { algorithm, privateKey }: Pick<CallersKey, 'algorithm'> & { readonly privateKey: KeyObject },
  header: Record<string, unknown>,
  claims: Record<string, unknown>,
): Promise<string> => {
  const defined = (value: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined));
  return new SignJWT(defined(claims)).setProtectedHeader({ alg: algorithm, ...defined(header) }).sign(privateKey);
};

export interface ProofOf {
  readonly method: string;
  readonly url: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly accessToken?: string;
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
}

/** A DPoP proof (RFC 9449 section 4.2), but for what is said otherwise. */
export const proofOf = (
  key: CallersKey,
  { method, url, now, accessToken, header = {}, claims = {} }: ProofOf,
): Promise<string> =>
  signed(
    key,
    { typ: 'dpop+jwt', jwk: key.publicJwk, ...header },
    {
      jti: randomUUID(),
      htm: method,
      htu: url,
      iat: Math.floor(now / 1000),
      ath: accessToken === undefined ? undefined : createHash('sha256').update(accessToken).digest('base64url'),
      ...claims,
    },
  );
