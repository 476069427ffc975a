import type { Settings } from '../settings/index.js';

/**
 * Under which addresses callers reach this service (RFC 6454): those that the operator names, or else the issuer's and this machine's
 * own. Never what a request says of itself: whoever sends a proof on from another server chooses that as well.
 */
export const originsOf = ({ PUBLIC_ORIGINS, OAUTH_ISSUER, PORT, OFFICE_PORT }: Settings): ReadonlySet<string> =>
  new Set(
    PUBLIC_ORIGINS === undefined
      ? [
          new URL(OAUTH_ISSUER).origin,
          ...[PORT, OFFICE_PORT].flatMap((port) => [`http://localhost:${port}`, `http://127.0.0.1:${port}`]),
        ]
      : PUBLIC_ORIGINS.split(',').map((address) => new URL(address.trim()).origin),
  );
