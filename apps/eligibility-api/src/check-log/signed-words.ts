import { hash } from 'node:crypto';

import type { AnchorKey } from './anchor-keys.js';

/** What is said of a chain: it had come to `n`, with this hash, at this instant. Hashes are base64url. */
export interface AnchorWord {
  /** Chain of anchors: one life of one keeper. */
  readonly anchoredBy: string;
  /** Its number there, from 1. */
  readonly seq: number;
  /** SHA-256 of what was signed before; of the first, of the chain's name. */
  readonly previous: string;
  readonly writer: string;
  readonly n: number;
  readonly hash: string;
  /** Epoch milliseconds of when it was seen, not of when it was signed: PostgreSQL may have been away between. */
  readonly at: number;
  /** Nothing more comes of this writer. */
  readonly final: boolean;
}

/** A run of a chain that was kept long enough and is gone. */
export interface RetentionWord {
  readonly kind: 'checks' | 'anchors';
  readonly writer: string;
  readonly firstN: number;
  readonly lastN: number;
  /** Hash before the first. */
  readonly previous: string;
  readonly lastHash: string;
  /** First day of the month that it went with. */
  readonly month: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

interface Signed {
  readonly keyId: string;
  readonly signature: Buffer;
}

export type Anchor = AnchorWord & Signed;
export type RetentionMark = RetentionWord & Signed;

/** What is signed. The first line keeps one kind of word from being taken for another. */
export const anchorText = ({ anchoredBy, seq, previous, writer, n, hash: of, at, final }: AnchorWord): string =>
  `shikaku check-log anchor 1\n${anchoredBy} ${seq}\n${previous}\n${writer} ${n}\n${of}\n${at}\n${final ? 'final' : 'open'}`;

export const retentionText = ({ kind, writer, firstN, lastN, previous, lastHash, month, at }: RetentionWord): string =>
  `shikaku check-log retention 1\n${kind} ${writer}\n${firstN} ${previous}\n${lastN} ${lastHash}\n${month}\n${at}`;

/** What the next anchor of a chain names as the one before. */
export const anchorLink = (word: AnchorWord): string => hash('sha256', anchorText(word), 'base64url');

/** What the first one names. */
export const firstLink = (anchoredBy: string): string => hash('sha256', anchoredBy, 'base64url');

export const signedAnchor = (word: AnchorWord, key: AnchorKey): Anchor => ({
  ...word,
  keyId: key.keyId,
  signature: key.sign(anchorText(word)),
});

export const signedMark = (word: RetentionWord, key: AnchorKey): RetentionMark => ({
  ...word,
  keyId: key.keyId,
  signature: key.sign(retentionText(word)),
});
