import type { Asking } from '../check-in/given.js';
import type { Quota } from '../limits/quotas.js';

/** Whoever sends messages: a client of ours, which is one institution's. */
export interface OqsClient {
  readonly clientId: string;
  readonly institutionCode: string;
  /** Staff member, where the way in names one; else the way itself, so that the record says by which face it was asked. */
  readonly operator: string;
  /** None where nobody waits: what asks in a client's name then waits its turn. */
  readonly quota?: Quota;
}

/** The ways in, as the record of checks names them where nobody is named. */
export const FACES = {
  folder: 'oqs:folder',
  xml: 'oqs:xml',
  web: 'oqs:web',
  reader: 'oqs:face',
  bulk: 'oqs:bulk',
} as const;

export const askingOf = ({ clientId, institutionCode, operator, quota }: OqsClient): Asking => ({
  // What the client may was looked at on the way in; nothing of a check depends on it.
  caller: { clientId, institutionCode, scopes: new Set(), ...(quota === undefined ? {} : { quota }) },
  operator,
  purpose: 'treatment',
});
