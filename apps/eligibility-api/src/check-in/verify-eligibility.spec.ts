import { randomBytes } from 'node:crypto';

import type { PersonFacts } from '@app/domain';

import { AnswerKeys } from './answer-keys.js';
import { VerifyEligibility, type VerifyEligibilityParts } from './verify-eligibility.js';

const NOW = Date.parse('2026-11-22T09:00:10.000+09:00');
const SECOND_MS = 1_000;

const person = {
  personId: '1',
  identity: { name: '資格　太郎', nameKana: 'ｼｶｸ ﾀﾛｳ', sex1: '1', birthdate: '1980-05-05' },
  qualifications: [],
  referenceNumbers: [],
} as unknown as PersonFacts;

/** `verifiedAt` of an answer from facts heard and a feed confirmed this many seconds ago. */
const verifiedAt = async (heard: number, confirmed: number | undefined, named: number): Promise<number> => {
  const ago = (seconds: number): number => NOW - seconds * SECOND_MS;
  const parts: VerifyEligibilityParts = {
    facts: {
      bySerial: async () => ({
        value: { certificate: { serial: '1A2B3C4D5E6F7081', status: 'good', verifiedAt: ago(named) }, person },
        asOf: ago(heard),
        source: 'database',
      }),
      byNumber: async () => ({ value: [], asOf: NOW, source: 'database' }),
    },
    registry: { certificateStatus: async () => Promise.reject(new Error('not asked')) },
    certificates: {
      confirmedAt: confirmed === undefined ? undefined : ago(confirmed),
      isAway: false,
      awaySince: undefined,
      position: 0,
    },
    ready: { answer: () => undefined, answerAll: () => [] },
    log: { record: async () => {}, append: () => {}, appendAll: () => {} },
    keys: new AnswerKeys(randomBytes(32)),
    clock: { now: () => NOW },
    policy: {
      credentialMaxAgeMs: 86_400_000,
      coverageMaxAgeMs: 86_400_000,
      behindMaxAgeMs: 86_400_000,
      freshForMs: 5_000,
    },
    plannedTables: false,
  };
  const caller = { clientId: 'clinic', scopes: new Set<string>(), institutionCode: '1312345670' };
  const { body } = await new VerifyEligibility(parts).for(
    { caller, purpose: 'treatment' },
    { card: { certificateSerial: '1A2B3C4D5E6F7081' } },
  );
  return (
    (NOW - Date.parse((JSON.parse(body) as { credential: { verifiedAt: string } }).credential.verifiedAt)) / SECOND_MS
  );
};

describe('a certificate is verified as of', () => {
  it.each([
    ['the feed, when the facts were heard after it', 1, 3, 60, 3],
    ['the facts, when the feed was read after them and may have stored a change they do not know', 3, 1, 60, 3],
    ['the certificate itself, when it was named after both', 5, 4, 2, 2],
    ['the certificate itself, when no feed was ever read', 1, undefined, 60, 60],
  ] as const)('%s', async (_what, heard, confirmed, named, expected) => {
    expect(await verifiedAt(heard, confirmed, named)).toBe(expected);
  });
});
