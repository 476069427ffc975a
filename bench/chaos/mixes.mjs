import { CHECKS } from './stage.mjs';

/**
 * @typedef {import('../load/mix.mjs').Ask} Ask
 */

const consent = { limitApplicationCertificate: true, specificDiseases: true };

/** @param {number} share @returns {Ask} */
const check = (share) => ({ name: 'check', share, method: 'POST', path: CHECKS, card: 'known', body: { consent } });

/** Who asks so wants to be told what the registry says at this moment. @param {number} share @returns {Ask} */
const verifyNow = (share) => ({
  name: 'verify now',
  share,
  method: 'POST',
  path: CHECKS,
  card: 'known',
  body: { consent, maxAgeSeconds: 0 },
});

/** @param {number} share @returns {Ask} */
const unknownCard = (share) => ({
  name: 'unknown card',
  share,
  method: 'POST',
  path: CHECKS,
  card: 'unknown',
  body: { consent },
});

/** Of those that ask about a card we know. */
export const KNOWN = ['check', 'verify now'];

/** As at a counter: one in ten asks to verify now, one in fifty about a card nobody of ours has. */
export const atTheCounter = [check(0.88), verifyNow(0.1), unknownCard(0.02)];

export const checksAlone = [check(1)];

/** @param {number} unknown share */
export const withUnknown = (unknown) => [check(1 - unknown), unknownCard(unknown)];

/** Below check-in: what may wait. */
export const LOWER = ['calculator', 'list', 'batch'];

/**
 * Check-in with so large a share, and the rest of lower classes.
 *
 * @param {number} share
 * @param {readonly import('../load/mix.mjs').Card[]} cards
 * @returns {Ask[]}
 */
export const amongLower = (share, cards) => [
  check(share),
  {
    name: 'calculator',
    share: (1 - share) * 0.98,
    method: 'POST',
    path: '/v1/window-charges',
    card: 'none',
    body: { rule: 'window-rounding', input: { points: 467, copayPercent: 30 } },
  },
  { name: 'list', share: (1 - share) * 0.01, method: 'GET', path: CHECKS, card: 'none' },
  {
    name: 'batch',
    share: (1 - share) * 0.01,
    method: 'POST',
    path: '/v1/eligibility-batches',
    card: 'none',
    body: {
      people: cards.slice(0, 50).map(({ serial }, at) => ({ itemId: String(at), card: { certificateSerial: serial } })),
    },
  },
];
