/** What a clerk probably meant: two neighbours swapped, or one digit off. Positions count from 1. */
export interface NearMiss {
  readonly kind: 'swapped-neighbours' | 'one-digit';
  readonly positions: readonly number[];
  readonly candidate: string;
}

/**
 * Numbers that would be right and are one slip away: neighbours swapped (the commonest slip of copying) first, then one digit
 * changed, from the left. `isRight` is the whole check, so that a candidate is never itself refused. Arithmetic alone: nothing
 * is looked up, so a candidate says nothing about who or what exists.
 */
export const nearMisses = (digits: string, isRight: (candidate: string) => boolean): readonly NearMiss[] => {
  const found: NearMiss[] = [];
  for (let at = 0; at < digits.length - 1; at += 1) {
    if (digits[at] === digits[at + 1]) continue;
    const candidate = `${digits.slice(0, at)}${digits.charAt(at + 1)}${digits.charAt(at)}${digits.slice(at + 2)}`;
    if (isRight(candidate)) found.push({ kind: 'swapped-neighbours', positions: [at + 1, at + 2], candidate });
  }
  for (let at = 0; at < digits.length; at += 1) {
    for (let digit = 0; digit <= 9; digit += 1) {
      const candidate = `${digits.slice(0, at)}${digit}${digits.slice(at + 1)}`;
      if (candidate !== digits && isRight(candidate)) found.push({ kind: 'one-digit', positions: [at + 1], candidate });
    }
  }
  return found;
};
