import { randomBytes } from 'node:crypto';

import type { PersonFacts } from '@app/domain';

import type { CertificateStatus } from '../registry/registry.js';
import { HeardSince } from '../replica/heard-since.js';
import { AnswerKeys } from './answer-keys.js';
import { AnswerUnavailable } from './answer-unavailable.js';
import { Guesses } from '../limits/guesses.js';
import { VerifyEligibility, type VerifyEligibilityParts } from './verify-eligibility.js';

const NOW = Date.parse('2026-11-22T09:00:10.000+09:00');
const SECOND_MS = 1_000;

const person = {
  personId: '1',
  identity: { name: '資格　太郎', nameKana: 'ｼｶｸ ﾀﾛｳ', sex1: '1', birthdate: '1980-05-05' },
  qualifications: [],
  referenceNumbers: [],
} as unknown as PersonFacts;

/** Nobody is known, and nothing is asked. */
const nobodyKnown: VerifyEligibilityParts = {
  facts: {
    bySerial: async () => ({ value: undefined, asOf: NOW, source: 'database' }),
    byNumber: async () => ({ value: [], asOf: NOW, source: 'database' }),
  },
  registry: { certificateStatus: async () => Promise.reject(new Error('not asked')) },
  certificates: {
    confirmedAt: NOW,
    isAway: false,
    awaySince: undefined,
    position: 0,
    unconfirmedSince: () => undefined,
  },
  words: new HeardSince(),
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
  guesses: new Guesses({ keysMax: Number.POSITIVE_INFINITY, holdMs: 0, noted: () => {}, now: () => 0 }),
  deadlineMs: 2_500,
  plannedTables: false,
};

/** `verifiedAt` of an answer from facts heard and a feed confirmed this many seconds ago. */
const verifiedAt = async (heard: number, confirmed: number | undefined, named: number): Promise<number> => {
  const ago = (seconds: number): number => NOW - seconds * SECOND_MS;
  const parts: VerifyEligibilityParts = {
    facts: {
      bySerial: async () => ({
        value: { certificate: { serial: '1A2B3C4D5E6F7081', status: 'good', verifiedAt: ago(named) }, person },
        asOf: ago(heard),
        source: 'database',
        ...(confirmed === undefined ? {} : { certificatesConfirmedAt: ago(confirmed) }),
      }),
      byNumber: async () => ({ value: [], asOf: NOW, source: 'database' }),
    },
    registry: { certificateStatus: async () => Promise.reject(new Error('not asked')) },
    certificates: {
      confirmedAt: confirmed === undefined ? undefined : ago(confirmed),
      isAway: false,
      awaySince: undefined,
      position: 0,
      unconfirmedSince: () => undefined,
    },
    words: new HeardSince(),
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
    guesses: new Guesses({ keysMax: Number.POSITIVE_INFINITY, holdMs: 0, noted: () => {}, now: () => 0 }),
    deadlineMs: 2_500,
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

it('what a check may take is passed on: whoever is asked next has what is left of it', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const had: (number | undefined)[] = [];
  const parts: VerifyEligibilityParts = {
    ...nobodyKnown,
    facts: {
      bySerial: async (_serial, withinMs) => {
        had.push(withinMs);
        now += 400;
        return { value: undefined, asOf: NOW, source: 'database' };
      },
      byNumber: async () => ({ value: [], asOf: NOW, source: 'database' }),
    },
    registry: {
      certificateStatus: async (serial, withinMs) => {
        had.push(withinMs);
        now += 700;
        return { serial, status: 'good', asOf: '2026-11-22T09:00:00+09:00', supersedes: 'FFFFFFFFFFFFFFFF' };
      },
    },
    guesses: new Guesses({ keysMax: Number.POSITIVE_INFINITY, holdMs: 0, noted: () => {}, now: () => 0 }),
    deadlineMs: 5_000,
  };
  const caller = { clientId: 'clinic', scopes: new Set<string>(), institutionCode: '1312345670' };
  await expect(
    new VerifyEligibility(parts).for(
      { caller, purpose: 'treatment' },
      { card: { certificateSerial: '1A2B3C4D5E6F7081' } },
    ),
  ).rejects.toBeInstanceOf(AnswerUnavailable);
  vi.restoreAllMocks();
  expect(had).toEqual([5_000, 4_600, 3_900, 3_500, 2_800, 2_400, 1_700]);
});

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

describe('what the registry says of a card that is known here', () => {
  const SERIAL = '1A2B3C4D5E6F7081';
  const words = new HeardSince<CertificateStatus>(({ status }) => status === 'revoked');
  let known: 'good' | 'revoked';
  let says: CertificateStatus['status'];

  const credentialOf = async (maxAgeSeconds?: number): Promise<unknown> => {
    const parts: VerifyEligibilityParts = {
      facts: {
        bySerial: async () => ({
          value: { certificate: { serial: SERIAL, status: known, verifiedAt: NOW - 60_000 }, person },
          asOf: NOW - SECOND_MS,
          source: 'replica',
          certificatesConfirmedAt: NOW - SECOND_MS,
        }),
        byNumber: async () => ({ value: [], asOf: NOW, source: 'replica' }),
      },
      registry: { certificateStatus: async (serial) => ({ serial, status: says, asOf: '' }) },
      certificates: {
        confirmedAt: NOW - SECOND_MS,
        isAway: false,
        awaySince: undefined,
        position: 0,
        unconfirmedSince: () => undefined,
      },
      words,
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
      guesses: new Guesses({ keysMax: Number.POSITIVE_INFINITY, holdMs: 0, noted: () => {}, now: () => 0 }),
      deadlineMs: 2_500,
      plannedTables: false,
    };
    const { body } = await new VerifyEligibility(parts).for(
      { caller: { clientId: 'clinic', scopes: new Set(), institutionCode: '1312345670' }, purpose: 'treatment' },
      { card: { certificateSerial: SERIAL }, ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }) },
    );
    const { credential, freshness } = JSON.parse(body) as {
      credential: { state: string };
      freshness: { degraded?: { reason: string } };
    };
    return [credential.state, freshness.degraded?.reason];
  };

  beforeEach(() => {
    words.forget(SERIAL);
    known = 'good';
  });

  it('"revoked" holds for whoever asks next as well, though the feed has not brought it here', async () => {
    says = 'revoked';
    expect(await credentialOf(0)).toEqual(['revoked', undefined]);
    expect(await credentialOf()).toEqual(['revoked', undefined]);
  });

  it.each(['good', 'unknown'] as const)('"%s" of one that is revoked is the word of an old copy', async (status) => {
    known = 'revoked';
    says = status;
    expect(await credentialOf(0)).toEqual(['revoked', 'registry-unavailable']);
  });

  it('"unknown" of one that it has named before is not believed', async () => {
    says = 'unknown';
    expect(await credentialOf(0)).toEqual(['valid', 'registry-unavailable']);
  });
});

describe('a card that nobody of ours is known to hold', () => {
  const chain: Record<string, string | undefined> = {
    AAAAAAAA: 'BBBBBBBB',
    BBBBBBBB: 'CCCCCCCC',
    CCCCCCCC: 'DDDDDDDD',
    DDDDDDDD: 'EEEEEEEE',
  };

  const words = new HeardSince<CertificateStatus>(({ status }) => status === 'revoked');
  const stateOf = async (linked: string): Promise<unknown> => {
    const parts: VerifyEligibilityParts = {
      facts: {
        bySerial: async (serial) => ({
          value: serial === linked ? { certificate: { serial, status: 'good', verifiedAt: NOW }, person } : undefined,
          asOf: NOW,
          source: 'replica',
        }),
        byNumber: async () => ({ value: [], asOf: NOW, source: 'replica' }),
      },
      registry: {
        certificateStatus: async (serial) => {
          const supersedes = chain[serial];
          return { serial, status: 'good', asOf: '', ...(supersedes === undefined ? {} : { supersedes }) };
        },
      },
      certificates: {
        confirmedAt: NOW,
        isAway: false,
        awaySince: undefined,
        position: 0,
        unconfirmedSince: () => undefined,
      },
      words,
      ready: { answer: () => undefined, answerAll: () => [] },
      log: { record: async () => {}, append: () => {}, appendAll: () => {} },
      keys: new AnswerKeys(randomBytes(32)),
      clock: { now: () => NOW },
      policy: { credentialMaxAgeMs: 1, coverageMaxAgeMs: 1, behindMaxAgeMs: 1, freshForMs: 1 },
      guesses: new Guesses({ keysMax: Number.POSITIVE_INFINITY, holdMs: 0, noted: () => {}, now: () => 0 }),
      deadlineMs: 2_500,
      plannedTables: false,
    };
    return new VerifyEligibility(parts)
      .for(
        { caller: { clientId: 'clinic', scopes: new Set(), institutionCode: '1312345670' }, purpose: 'treatment' },
        { card: { certificateSerial: 'AAAAAAAA' } },
      )
      .then(
        ({ body }) => (JSON.parse(body) as { credential: { state: string } }).credential.state,
        (error: unknown) => error,
      );
  };

  it.each([
    ['renewed once', 'BBBBBBBB'],
    ['renewed twice', 'CCCCCCCC'],
    ['renewed three times', 'DDDDDDDD'],
  ])('leads to its holder when it was %s since the feed was read', async (_what, linked) => {
    expect(await stateOf(linked)).toBe('valid');
  });

  it('is not "nobody\'s" where it was renewed more often than is asked about', async () => {
    expect(await stateOf('EEEEEEEE')).toBeInstanceOf(AnswerUnavailable);
  });

  it('that was revoked is not good again by the word of an old copy', async () => {
    words.note('AAAAAAAA', { serial: 'AAAAAAAA', status: 'revoked', asOf: '' }, NOW - SECOND_MS);
    expect(await stateOf('BBBBBBBB')).toBeInstanceOf(AnswerUnavailable);
    words.forget('AAAAAAAA');
  });

  it("is nobody's where the first of them is", async () => {
    delete chain['CCCCCCCC'];
    expect(await stateOf('nobody')).toBe('not-registered');
  });
});

it('a coverage filed by a clock that is ahead of ours is known', async () => {
  const filed = {
    ...person,
    qualifications: [
      {
        qualificationId: '1',
        insurer: { insurerNumber: '06130488', insurerName: '見本', scheme: 'shaho' },
        insuredCardClassification: '01',
        insuredIdentificationNumber: '1',
        personalFamilyClassification: '1',
        acquiredOn: '2024-05-05',
        disabilityCertified: false,
        availableFrom: '2024-05-05',
        recordedAt: NOW + 30_000,
        income: [],
        copayCertificates: [],
        limitCertificates: [],
        specificDiseases: [],
        tickets: [],
      },
    ],
  } as unknown as PersonFacts;
  const parts = {
    facts: {
      bySerial: async () => ({
        value: { certificate: { serial: '1A2B3C4D5E6F7081', status: 'good', verifiedAt: NOW }, person: filed },
        asOf: NOW,
        source: 'replica',
        certificatesConfirmedAt: NOW,
      }),
    },
    certificates: { isAway: false, unconfirmedSince: () => undefined },
    words: new HeardSince(),
    ready: { answer: () => undefined, answerAll: () => [] },
    log: { record: async () => {}, append: () => {}, appendAll: () => {} },
    keys: new AnswerKeys(randomBytes(32)),
    clock: { now: () => NOW },
    policy: { credentialMaxAgeMs: 1, coverageMaxAgeMs: 1, behindMaxAgeMs: 1, freshForMs: 1 },
    guesses: new Guesses({ keysMax: Number.POSITIVE_INFINITY, holdMs: 0, noted: () => {}, now: () => 0 }),
    deadlineMs: 2_500,
    plannedTables: false,
  } as unknown as VerifyEligibilityParts;
  const { verdict } = await new VerifyEligibility(parts).for(
    { caller: { clientId: 'clinic', scopes: new Set(), institutionCode: '1312345670' }, purpose: 'treatment' },
    { card: { certificateSerial: '1A2B3C4D5E6F7081' } },
  );
  expect(verdict).toBe('valid');
});
