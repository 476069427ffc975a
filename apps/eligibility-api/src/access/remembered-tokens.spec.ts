import type { AccessTokenClaims } from './access-tokens.js';
import type { Caller } from './caller.js';
import type { ClientDirectory } from './clients.js';
import { RememberedTokens } from './remembered-tokens.js';

const HEADER = 'Bearer a.b.c';
const ISSUED = 1_000_000;
const caller: Caller = { clientId: 'clinic', scopes: new Set() };

let now: number;
let isRevoked: boolean;
let tokens: RememberedTokens;

const remember = (claims: Partial<AccessTokenClaims> = {}): void =>
  tokens.remember(HEADER, { sub: 'clinic', client_id: 'clinic', iat: ISSUED, exp: ISSUED + 600, ...claims }, caller);

beforeEach(() => {
  now = ISSUED * 1000;
  isRevoked = false;
  const clients = { find: () => (isRevoked ? undefined : {}) } as unknown as ClientDirectory;
  tokens = new RememberedTokens(clients, { now: () => now });
});

describe('a token that was verified is remembered', () => {
  it.each([
    ['ten seconds before it was issued', {}, -10_000, true],
    ['not a millisecond sooner', {}, -10_001, false],
    ['ten seconds before it may be used', { nbf: ISSUED + 60 }, 50_000, true],
    ['not a millisecond sooner than that', { nbf: ISSUED + 60 }, 49_999, false],
    ['to the last millisecond of the tolerance after its end', {}, 609_999, true],
    ['and not when that is over', {}, 610_000, false],
    ['no longer than its end, when that is sooner', { exp: ISSUED + 30 }, 40_000, false],
  ])('%s', (_when, claims, after, known) => {
    remember(claims);
    now = ISSUED * 1000 + after;
    expect(tokens.recall(HEADER)).toBe(known ? caller : undefined);
  });

  it('by the whole header, and nobody by another', () => {
    remember();
    expect(tokens.recall(`${HEADER}d`)).toBeUndefined();
    expect(tokens.recall(HEADER)).toBe(caller);
  });

  it('until its client is revoked, and not again when the client is back: it is verified anew', () => {
    remember();
    isRevoked = true;
    expect(tokens.recall(HEADER)).toBeUndefined();
    isRevoked = false;
    expect(tokens.recall(HEADER)).toBeUndefined();
  });
});
