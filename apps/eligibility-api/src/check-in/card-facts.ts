import type { CardFacts } from '@app/domain';

import type { CardRecord } from '../replica/facts-reader.js';

/** A card whose holder is known here, as the rules read it. */
export const linked = ({ certificate, successor, person }: CardRecord): Extract<CardFacts, { kind: 'linked' }> => ({
  kind: 'linked',
  certificate,
  ...(successor === undefined ? {} : { successor }),
  person,
});
