import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWK } from 'jose';
import { hash } from 'node:crypto';

import type { Clock } from '../clock/clock.js';
import type { DpopNonces } from './dpop-nonces.js';
import { CLOCK_TOLERANCE_SECONDS } from './token-times.js';
import type { UsedOnce } from './used-once.js';

/** Algorithms of proofs and of assertions: the asymmetric ones that FAPI 2.0 section 5.4.1 allows. */
export const CALLERS_ALGORITHMS: readonly string[] = ['ES256', 'PS256', 'EdDSA', 'Ed25519'];

/** A proof without a nonce is good for so long by the clock of whoever made it. */
const AGE_SECONDS_MAX = 60;
/** And for so long while nobody can say whether another process has seen it. */
const AGE_SECONDS_MAX_ALONE = 10;
/** With a nonce, whose time is ours, their clock may show nearly anything. */
const AGE_SECONDS_MAX_WITH_NONCE = 86_400;
const PROOF_CHARACTERS_MAX = 4_096;
const JTI_CHARACTERS_MAX = 255;

/** What was asked for, as the caller must have meant it. */
export interface Asked {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  /** The token beside the proof; none at the token endpoint. */
  readonly accessToken?: string;
}

export type ProofFault = 'invalid_dpop_proof' | 'use_dpop_nonce';

/** `thumbprint`: of the key that made the proof (RFC 7638). */
export type Proven = { readonly thumbprint: string } | { readonly fault: ProofFault };

export interface ProofParts {
  /** Under which addresses callers reach us; a proof made for another server is none. */
  readonly origins: ReadonlySet<string>;
  readonly nonces: DpopNonces;
  /** Whether a proof has to have one. */
  readonly nonceRequired: boolean;
  readonly used: UsedOnce;
  readonly clock: Clock;
}

const NOT_PROVEN: Proven = { fault: 'invalid_dpop_proof' };
const NONCE_WANTED: Proven = { fault: 'use_dpop_nonce' };

interface ProofClaims {
  readonly htm?: unknown;
  readonly htu?: unknown;
  readonly ath?: unknown;
  readonly jti?: unknown;
  readonly nonce?: unknown;
  readonly iat?: number;
}

/** Judges proofs of possession (RFC 9449 section 4.3). */
export class DpopProofs {
  constructor(private readonly parts: ProofParts) {}

  get nonce(): string {
    return this.parts.nonces.current();
  }

  async judge(proof: string, asked: Asked): Promise<Proven> {
    const { nonces, nonceRequired, used, clock } = this.parts;
    if (proof.length > PROOF_CHARACTERS_MAX) return NOT_PROVEN;
    let claims: ProofClaims;
    let thumbprint: string;
    try {
      // A private or a symmetric key in the header is refused by EmbeddedJWK, and so is one of another algorithm.
      const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
        typ: 'dpop+jwt',
        algorithms: [...CALLERS_ALGORITHMS],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['jti', 'htm', 'htu', 'iat'],
        currentDate: new Date(clock.now()),
      });
      claims = payload;
      thumbprint = await calculateJwkThumbprint(protectedHeader.jwk as JWK);
    } catch {
      return NOT_PROVEN;
    }
    const { jti, nonce, iat } = claims;
    if (typeof jti !== 'string' || jti === '' || jti.length > JTI_CHARACTERS_MAX || typeof iat !== 'number')
      return NOT_PROVEN;
    if (!this.isMeant(claims, asked)) return NOT_PROVEN;

    if (nonce === undefined ? nonceRequired : typeof nonce !== 'string' || !nonces.isGood(nonce)) return NONCE_WANTED;
    const ageSeconds = clock.now() / 1000 - iat;
    const oldest = nonce === undefined ? AGE_SECONDS_MAX : AGE_SECONDS_MAX_WITH_NONCE;
    if (ageSeconds > oldest || (nonce === undefined && ageSeconds < -CLOCK_TOLERANCE_SECONDS)) return NOT_PROVEN;

    const until = nonce === undefined ? (iat + AGE_SECONDS_MAX) * 1000 : nonces.endsAt;
    const use = await used.use({ kind: 'proof', of: thumbprint, id: jti }, until);
    if (use === 'again') return NOT_PROVEN;
    // Another process may have seen it: then it has to be quite new, by our clock where theirs is off.
    if (use === 'first-here' && nonce === undefined && ageSeconds > AGE_SECONDS_MAX_ALONE) return NONCE_WANTED;
    return { thumbprint };
  }

  private isMeant({ htm, htu, ath }: ProofClaims, { method, path, accessToken }: Asked): boolean {
    if (htm !== method || typeof htu !== 'string' || !URL.canParse(htu)) return false;
    const { origin, pathname } = new URL(htu);
    if (!this.parts.origins.has(origin) || pathname !== path) return false;
    return accessToken === undefined || ath === hash('sha256', accessToken, 'base64url');
  }
}
