import type { CardFacts } from '@app/domain';

import type { CardRecord } from '../replica/facts-reader.js';

/**
 * When a certificate was last verified: when it was named itself, or when the feed confirmed all of them as far as the facts in
 * hand have heard. A revocation just stored must not be confirmed away by facts kept from before it; and what was dated by a clock
 * that is ahead of ours, or before ours was set back, is no age. Epoch milliseconds.
 */
export const verifiedAt = (
  namedAt: number,
  { asOf, feedConfirmedAt }: { readonly asOf: number; readonly feedConfirmedAt: number | undefined },
  now: number,
): number => {
  const heardAt = Math.min(feedConfirmedAt ?? 0, asOf);
  return namedAt > now && heardAt > 0 ? heardAt : Math.max(namedAt, heardAt);
};

/** Revoked and renewed are for ever. */
export const isOver = (status: string): boolean => status === 'revoked' || status === 'superseded';

/** A card whose holder is known here, as the rules read it. */
export const linked = ({ certificate, successor, person }: CardRecord): Extract<CardFacts, { kind: 'linked' }> => ({
  kind: 'linked',
  certificate,
  ...(successor === undefined ? {} : { successor }),
  person,
});
