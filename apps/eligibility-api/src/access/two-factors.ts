type Factor = 'knows' | 'has' | 'is';

/** Authentication methods of RFC 8176, by the kind of factor each is. What is not here proves nothing: `geo`, `rba`, `user`, `wia`. */
const FACTOR: ReadonlyMap<string, Factor> = new Map([
  ['kba', 'knows'],
  ['pin', 'knows'],
  ['pwd', 'knows'],
  ['hwk', 'has'],
  ['otp', 'has'],
  ['pop', 'has'],
  ['sc', 'has'],
  ['sms', 'has'],
  ['swk', 'has'],
  ['tel', 'has'],
  ['face', 'is'],
  ['fpt', 'is'],
  ['iris', 'is'],
  ['retina', 'is'],
  ['vbm', 'is'],
]);

/** Whether the claim `amr` says that somebody proved themselves by two factors of different kinds: two passwords are one. */
export const hasTwoFactors = (amr: unknown): boolean => {
  if (!Array.isArray(amr)) return false;
  if (amr.includes('mfa')) return true;
  const kinds = amr.map((method) => (typeof method === 'string' ? FACTOR.get(method) : undefined));
  return new Set(kinds.filter((kind) => kind !== undefined)).size > 1;
};
